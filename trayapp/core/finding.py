"""A finding: one fact that matched one signal of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from trayapp.core.facts import Actor
from trayapp.core.severity import Severity


class Theme(Enum):
    """What a signal is about. Findings of different themes never hide one another. Stable names."""

    IDENTITY = "identity"
    COMPUTE = "compute"
    NETWORK = "network"
    GUARD = "guard"
    MONEY = "money"


class Lane(Enum):
    """Which way a fact came. The same happening may come by several. Stable names."""

    CONFIG = "config"
    CLOUDTRAIL = "cloudtrail"
    AWS = "aws"
    CLIENT = "client"
    """Nobody sent it: it was found in what others sent, or by our own looking."""


class Certainty(Enum):
    """How sure we are. Stable names."""

    NEW = "new"
    FIRST_SEEN = "first-seen"
    """AWS gave no time of creation, so it may have been there before."""
    REFUSED = "refused"
    """Somebody tried, and AWS refused."""
    AWS_SAYS = "aws-says"
    """It is AWS's own judgement."""


class Trust(Enum):
    """Whether it is AWS that says so. Stable names."""

    TRUSTED = "trusted"
    """Proved by a signature, found by ourselves, or there is none to prove it by."""
    UNVERIFIED = "unverified"
    """The certificate of its signature is not at hand yet."""
    FORGED = "forged"
    """It was told before its certificate was at hand, and that has disproved it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing that a finding is about.

    Attributes:
        resource_type: AWS Config's type name; for what AWS Config does not know, one of the same form:
            ``AWS::IAM::AccessKey``, ``AWS::IAM::MFADevice``, ``AWS::IAM::LoginProfile``, ``AWS::Account``.
        id: Its id as AWS Config or the service gives it; for what has none, its name.
        name: The name a person gave; may be empty.
        arn: May be empty.
    """

    resource_type: str
    id: str
    name: str = ""
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that matched a signal.

    Attributes:
        signal: The signal's id in the catalogue.
        theme: What it is about.
        severity: How heavy this one is; the catalogue's row may weigh its facts differently.
        certainty: How sure.
        lane: Which way it came.
        account_id: The account acted on; may be empty.
        region: The Region's code, or ``global``.
        subject: The thing it is about.
        fingerprint: Equal for the same happening however often, in whatever order and by whichever lane it comes:
            made of account, signal and what identifies the thing (for what can happen again to the same thing, such as
            a policy attached, also of what happened to it).
        links: What it shares with other findings of the same happening, as stable texts: ``stack:<arn>``,
            ``group:<auto-scaling group>``, ``event:<CloudTrail id>``, ``thing:<type>:<id or name>``,
            ``key:<access key id>``, ``session:<role arn>/<session>``. The account is part of none of them.
        happened: When it happened, aware; ``None`` where AWS does not say.
        actor: Who did it, where the lane says.
        address: From where, where the lane says.
        agent: With what, where the lane says; whoever calls writes it.
        muted: The owner's rule that mutes it, in words; empty for what is told.
        trust: Whether it is AWS that says so.
        details: What else its sentence needs, by name: ``size``, ``vcpus``, ``policy``, ``ports``, ``stack`` …
    """

    signal: str
    theme: Theme
    severity: Severity
    certainty: Certainty
    lane: Lane
    account_id: str
    region: str
    subject: Subject
    fingerprint: str
    links: frozenset[str]
    happened: datetime | None
    actor: Actor | None = None
    address: str = ""
    agent: str = ""
    muted: str = ""
    trust: Trust = Trust.TRUSTED
    details: Mapping[str, str] = field(default_factory=dict)
