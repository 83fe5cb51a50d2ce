"""What our own looking has found to be worse than before, as findings like any other.

They are high by themselves. Where CloudTrail tells of the call that did it, both are one happening, as heavy as the
call and with its actor.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.language import mark
from trayapp.core.severity import Severity
from trayapp.core.signals import types

NARROWED = "narrowed"
BLINDED = "blinded"
REHEARSAL = "test"
"""The signal of a test alert."""

_KEY = ("watch-key", types.ACCOUNT)
_ABOUT = {
    Check.IDENTITY: _KEY,
    Check.RECORDER: ("watch-recorder", types.RECORDER),
    Check.RECORDED_TYPES: ("watch-recorder", types.RECORDER),
    Check.DELIVERY_CHANNEL: ("watch-recorder", types.CHANNEL),
    Check.SUBSCRIPTION: ("watch-path", types.TOPIC),
    Check.QUEUE_POLICY: ("watch-path", types.QUEUE),
    Check.CONSUMERS: ("watch-path", types.QUEUE),
    Check.TRAIL: ("trail-off", types.TRAIL),
    Check.HEARTBEAT: ("watch-silent", types.QUEUE),
}
"""The signal that each check's getting worse is, and the type of thing that it is about."""

_NARROWS = frozenset({Check.RECORDED_TYPES})
"""Of these a notice is news, where all was well before; of others it is how they were set up."""

_UNHEARD_OF = {Check.CONSUMERS: Checked(Check.CONSUMERS, Outcome.PASSED)}
"""What is news also where it was never looked at before."""

SPOKEN = {
    Check.RECORDER: mark("the recorder"),
    Check.RECORDED_TYPES: mark("what is recorded"),
    Check.DELIVERY_CHANNEL: mark("the delivery channel"),
    Check.SUBSCRIPTION: mark("the subscription"),
    Check.QUEUE_POLICY: mark("the queue's policy"),
    Check.CONSUMERS: mark("who reads the queue"),
    Check.TRAIL: mark("CloudTrail"),
}
"""What each check looks at, in words."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Whose watching it is.

    Attributes:
        name: The account's name in the settings.
        account_id: Its number; may be empty.
        region: The Region of its queue.
    """

    name: str
    account_id: str
    region: str


def lapses(
    before: Iterable[Checked], after: Iterable[Checked], watched: Watched, when: datetime
) -> Iterator[tuple[Finding, Cause | None]]:
    """Compare two rounds of checks.

    Args:
        before: The last outcomes that are known, as ``remembered`` keeps them; nothing of the first round is news.
        after: This round's.
        watched: Whose.
        when: When the second round was, aware.

    Yields:
        A finding for each that is worse than before, with the cause of not watching that it is.
    """
    known = {_which(checked): checked for checked in before}
    for checked in after:
        was = known.get(_which(checked), _UNHEARD_OF.get(checked.check))
        if was is None or checked.check not in _ABOUT:
            continue
        if checked.outcome is Outcome.FAILED and (was.outcome, was.cause) != (checked.outcome, checked.cause):
            yield _finding(checked, checked.cause.value if checked.cause else "", watched, when), checked.cause
        elif was.outcome is Outcome.PASSED and checked.outcome is Outcome.NOT_GRANTED:
            blind = _finding(replace(checked, check=Check.IDENTITY), BLINDED, watched, when)
            yield replace(blind, details={**blind.details, "what": SPOKEN.get(checked.check, "")}), None
        elif checked.check in _NARROWS and was.outcome is Outcome.PASSED and checked.outcome is Outcome.NOTICE:
            yield _finding(checked, NARROWED, watched, when), None


def locked_out(cause: Cause, watched: Watched, when: datetime) -> Finding:
    """Give the finding that a key which worked is refused now, for one of ``causes.LOCKED_OUT``."""
    lost = Checked(Check.IDENTITY, Outcome.FAILED, cause=cause)
    return replace(_finding(lost, cause.value, watched, when), severity=Severity.CRITICAL)


def rehearsal(when: datetime) -> Finding:
    """Give the finding of a test alert, by which an owner sees that alerts reach the screen."""
    moment = when.astimezone(UTC).isoformat().replace(":", "%3A")
    return Finding(
        signal=REHEARSAL,
        theme=Theme.GUARD,
        severity=Severity.MEDIUM,
        certainty=Certainty.NEW,
        lane=Lane.CLIENT,
        account_id="",
        region="",
        subject=Subject("", ""),
        fingerprint=f"test:{moment}",
        links=frozenset(),
        happened=when,
    )


def remembered(before: Iterable[Checked], after: Iterable[Checked]) -> tuple[Checked, ...]:
    """Give what is to be compared with next time: what could not be asked this time stays as it was known."""
    known = {_which(checked): checked for checked in before}
    latest: dict[tuple[Check, str], Checked] = {}
    for checked in after:
        which = _which(checked)
        if checked.outcome is not Outcome.UNANSWERED:
            latest[which] = checked
        elif which in known:
            latest[which] = known[which]
    return tuple(latest.values())


def to_plain(checks: Iterable[Checked]) -> list[dict[str, str]]:
    """Write outcomes as plain values, for keeping."""
    return [
        {
            "check": checked.check.value,
            "outcome": checked.outcome.value,
            "region": checked.region,
            "cause": checked.cause.value if checked.cause else "",
        }
        for checked in checks
    ]


def from_plain(values: Sequence[dict[str, str]]) -> tuple[Checked, ...]:
    """Read what ``to_plain`` wrote; what another version wrote and this one does not know is left out."""
    found = []
    for value in values:
        try:
            cause = Cause(value["cause"]) if value["cause"] else None
            found.append(Checked(Check(value["check"]), Outcome(value["outcome"]), value["region"], cause))
        except (KeyError, ValueError):
            continue
    return tuple(found)


def _which(checked: Checked) -> tuple[Check, str]:
    return checked.check, checked.region


def _finding(checked: Checked, case: str, watched: Watched, when: datetime) -> Finding:
    signal, resource_type = _ABOUT[checked.check]
    region = checked.region or watched.region
    moment = when.astimezone(UTC).isoformat(timespec="seconds").replace(":", "%3A")
    return Finding(
        signal=signal,
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        certainty=Certainty.NEW,
        lane=Lane.CLIENT,
        account_id=watched.account_id,
        region=region,
        subject=Subject(resource_type, watched.account_id if resource_type == types.ACCOUNT else "", ""),
        # The same may happen again, and is then told again; the watch's name parts two that are of one account.
        fingerprint=f"{signal}:{watched.account_id}:looked:{watched.name}:{checked.check.value}:{region}:{case}:{moment}",
        links=frozenset(),
        happened=when,
        details={
            "case": case,
            **({"cause": checked.cause.value} if checked.cause else {}),
            **({"hours": checked.detail} if checked.check is Check.HEARTBEAT else {}),
        },
    )
