"""What a message says, freed of how it was said and of the way it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

IAM_USER = "AWS::IAM::User"
EC2_INSTANCE = "AWS::EC2::Instance"

Json = Mapping[str, Any]
"""An object out of a message, read only. What stands in it is for those to know who look."""


class Change(Enum):
    """What happened to a resource."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One property that AWS Config saw change.

    Attributes:
        path: Where it stands, as AWS Config writes it: ``Configuration.State.Name``, ``Tags.1``. The numbers are no
            positions in a list.
        before: Its value before; ``None`` where there was none.
        after: Its value now; ``None`` where there is none any more.
    """

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """One configuration item: AWS Config saw this resource change.

    Attributes:
        account_id: The account that owns the resource, twelve digits; empty where the message does not say.
        region: The Region's code, or ``global``.
        resource_type: AWS Config's type name, such as ``AWS::IAM::User``.
        resource_id: AWS Config's id: ``AIDA…`` for a user, ``i-…`` for an instance.
        resource_name: The name a person gave, where there is one.
        arn: Empty where the message does not say.
        change: What happened.
        captured: When AWS Config looked, aware; ``None`` where the message does not say.
        born: The earliest moment at which the message shows the resource to exist; ``None`` where it shows none.
        daily: The recorder looks once a day for this type, so that "new" may be a day old.
        size: The instance type, for instances.
        tags: The resource's tags; for a deleted resource those it had.
        configuration: What AWS Config recorded of the resource; for a deleted resource what it was before, where the
            message says; empty for oversized items and for types that are not recorded.
        properties: What changed, of an update.
        events: The ids of the CloudTrail events behind it, where the message names any.
        state: AWS Config's number of this state of the resource, growing; 0 where there is none.
    """

    account_id: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str
    arn: str
    change: Change
    captured: datetime | None
    born: datetime | None
    daily: bool = False
    size: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    configuration: Json = field(default_factory=dict)
    properties: tuple[PropertyChange, ...] = ()
    events: tuple[str, ...] = ()
    state: int = 0


class ActorKind(Enum):
    """Who may have called (CloudTrail's ``userIdentity.type``, the rest under ``OTHER``)."""

    ROOT = "root"
    USER = "user"
    ROLE = "role"
    SERVICE = "service"
    ACCOUNT = "account"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made a call.

    Attributes:
        kind: What kind of identity.
        name: The user's or the role's name, the service's host; may be empty.
        session: A role's session name; else empty.
        key_id: The access key id that signed; empty for the console without one, and for services.
        arn: Its ARN, or empty.
        account_id: Whose identity it is; may be another account than the one acted on.
        mfa: Whether the session was begun with MFA; ``None`` where the record does not say.
    """

    kind: ActorKind
    name: str
    session: str
    key_id: str
    arn: str
    account_id: str
    mfa: bool | None


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One CloudTrail record: somebody called, or tried to. A console sign-in is one of these, too.

    Attributes:
        account_id: The account acted on.
        region: The Region's code, as the record says; IAM says ``us-east-1``.
        service: The event source without its domain: ``iam``, ``ec2``, ``signin``.
        action: The event's name: ``CreateUser``, ``ConsoleLogin``.
        happened: When, aware; ``None`` where the record does not say.
        event_id: CloudTrail's id of the event; also what joins it to a configuration item that names it.
        actor: Who.
        address: The source address, or the name of the AWS service that called; may be empty.
        agent: The user agent; whoever calls writes it.
        error: The error's code if the call failed, also ``Failure`` of a sign-in; empty if it was done.
        request: The request's parameters.
        response: The response's elements; empty for a failed call and for many that answer nothing.
        extra: ``additionalEventData``, such as ``MFAUsed`` of a sign-in.
        read_only: It can have changed nothing.
    """

    account_id: str
    region: str
    service: str
    action: str
    happened: datetime | None
    event_id: str
    actor: Actor
    address: str
    agent: str
    error: str
    request: Json = field(default_factory=dict)
    response: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    read_only: bool = False


class Judge(Enum):
    """The services of AWS that judge by themselves, or count money."""

    HEALTH = "health"
    ABUSE = "abuse"
    GUARDDUTY = "guardduty"
    COST_ANOMALY = "cost-anomaly"
    BUDGET = "budget"
    BILLING_ALARM = "billing-alarm"


@dataclass(frozen=True, slots=True)
class Verdict:
    """AWS itself says that something is wrong.

    Attributes:
        judge: Which service says it.
        account_id: The account it is about; may be empty.
        region: The Region's code, or ``global``.
        verdict_id: The service's own id: repeats of one finding carry the same.
        kind: The service's code: ``AWS_RISK_CREDENTIALS_EXPOSED``, ``UnauthorizedAccess:IAMUser/…``.
        weight: GuardDuty's severity, 1 to 10; 0 for the others.
        text: What it says, for a person, as AWS wrote it.
        happened: When, aware; ``None`` where it does not say.
        key_id: The access key it names, or empty.
        resource_type: AWS Config's name of the type of the resource it names, or empty.
        resource_id: The id of that resource, or empty.
        user_name: The user it names, or empty.
        amount: The money it names, as AWS wrote it with its currency; may be empty.
    """

    judge: Judge
    account_id: str
    region: str
    verdict_id: str
    kind: str
    weight: float
    text: str
    happened: datetime | None
    key_id: str = ""
    resource_type: str = ""
    resource_id: str = ""
    user_name: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class InstanceState:
    """EC2 says that an instance changed its state. It comes within seconds, and says nothing more.

    Attributes:
        account_id: The account.
        region: The Region's code.
        instance_id: ``i-…``.
        state: ``pending``, ``running``, ``shutting-down``, ``stopped``, ``stopping``, ``terminated``.
        happened: When, aware; ``None`` where it does not say.
    """

    account_id: str
    region: str
    instance_id: str
    state: str
    happened: datetime | None


Fact = ResourceChange | ApiCall | Verdict | InstanceState
