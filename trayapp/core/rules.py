"""From facts to findings: what is news, and what was there all along."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trayapp.core.alerts import Certainty, Finding, Signal
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Change, ResourceChange
from trayapp.core.severity import Severity

NEW_WITHIN = timedelta(hours=1)
"""Continuous recording tells of a new resource within minutes (142 s to 13 min in real messages); an hour is ample."""

NEW_WITHIN_DAILY = timedelta(hours=25)
"""With daily recording an item may be a whole day old, and late by an hour."""

_SIGNALS = {
    IAM_USER: (Signal.IAM_USER_NEW, Severity.HIGH),
    EC2_INSTANCE: (Signal.EC2_NEW, Severity.MEDIUM),
}


@dataclass(frozen=True, slots=True)
class Existing:
    """A watched resource that was there before AWS Config first looked.

    AWS Config reports every one of them as "discovered" and "created" when its recorder is switched on
    (https://docs.aws.amazon.com/config/latest/developerguide/how-does-config-work.html), so this is counted, not told.
    """

    fingerprint: str


def judge(fact: ResourceChange, received: datetime) -> Finding | Existing | None:
    """Judge one fact.

    Args:
        fact: The fact.
        received: When its message reached us, aware; stands in where AWS Config does not say when it looked.

    Returns:
        A finding for what is new, or may be; ``Existing`` for what was there before; ``None`` for all else.
    """
    if fact.change is not Change.CREATED or fact.resource_type not in _SIGNALS:
        return None
    # Neither Region nor message id is part of it: IAM items come once from every recording Region, and an id of a
    # user or an instance is never given twice within an account.
    fingerprint = f"new:{fact.account_id}:{fact.resource_type}:{fact.resource_id}"
    certainty = _certainty(fact, received)
    if certainty is None:
        return Existing(fingerprint)
    signal, severity = _SIGNALS[fact.resource_type]
    return Finding(
        fingerprint=fingerprint,
        signal=signal,
        severity=severity,
        certainty=certainty,
        account_id=fact.account_id,
        region=fact.region,
        resource_type=fact.resource_type,
        resource_id=fact.resource_id,
        resource_name=fact.resource_name,
        arn=fact.arn,
        size=fact.size,
        happened=fact.born,
    )


def _certainty(fact: ResourceChange, received: datetime) -> Certainty | None:
    if fact.born is None:
        return Certainty.FIRST_SEEN
    age = (fact.captured or received) - fact.born
    return Certainty.NEW if age <= (NEW_WITHIN_DAILY if fact.daily else NEW_WITHIN) else None
