"""Findings, and the alerts they become once they are on disk."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trayapp.core.severity import Severity


class Signal(Enum):
    """What we look for. The values are stable names: they stand in the store and in machine-readable output."""

    IAM_USER_NEW = "iam-user-new"
    EC2_NEW = "ec2-new"


class Certainty(Enum):
    """How sure we are that the happening is new."""

    NEW = "new"
    FIRST_SEEN = "first-seen"
    """AWS gave no time of creation, so it may have been there before."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that its owner must hear of.

    Attributes:
        fingerprint: What makes two findings the same happening: equal however often and in whatever order the
            messages come.
        signal: Which signal it is.
        severity: How heavy.
        certainty: How sure.
        account_id: The account's number, or empty.
        region: Region code or ``global``.
        resource_type: AWS Config's type name.
        resource_id: AWS Config's id.
        resource_name: The given name, or empty.
        arn: The ARN, or empty.
        size: The instance type, for instances.
        happened: When the resource came to be, or ``None`` if AWS did not say.
    """

    fingerprint: str
    signal: Signal
    severity: Severity
    certainty: Certainty
    account_id: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str
    arn: str
    size: str
    happened: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding that is committed to disk, with its life: new, then shown, then reviewed.

    Attributes:
        id: The number by which its owner names it.
        watch: The name, in the settings, of the account whose queue brought it.
        finding: What was found.
        created: When it was committed.
        shown: When the desktop (or the terminal) accepted it; ``None`` while it did not.
        reviewed: When its owner looked at it or marked it; ``None`` before.
    """

    id: int
    watch: str
    finding: Finding
    created: datetime
    shown: datetime | None
    reviewed: datetime | None
