"""What a message says, freed of how it was said."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

IAM_USER = "AWS::IAM::User"
EC2_INSTANCE = "AWS::EC2::Instance"


class Change(Enum):
    """What happened to a resource."""

    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


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
