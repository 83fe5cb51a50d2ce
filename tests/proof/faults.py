"""Driving a program through a fault, and measuring what it makes of it."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from desktop_bench.errors import WaitTimeoutError
from proof.bed import Bed, save
from proof.case import Case, Reach
from proof.subject import Subject

_ASK_AGAIN_SECONDS = 0.1
_MEANWHILE_SECONDS = 15.0
_TELL_SECONDS = 75.0
"""Within this a message has to be told: a receipt whose answer was lost comes again after a minute at the latest."""


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one fault.

    Attributes:
        fault: Its name.
        what: What was made to happen.
        expected: The causes that may be shown.
        seen: The causes that were shown during the fault, in turn.
        shown_seconds: From its beginning until it was shown; ``None`` if it never was.
        shown_bound: What that may be at the most.
        healed_seconds: From its end until it was watched again; ``None`` if it never was.
        healed_bound: What that may be at the most; ``None`` for what stays said for long.
        notifications: How often it was told aloud that nothing was being watched.
        notifications_bound: What that may be at the most.
        published: How many happenings there were before, during and after it.
        lost: How many of them were not told, or are not in the store.
        doubled: How many were told, or stored, more than once.
        told_meanwhile: Whether what happened during it was told before its end; ``None`` where that cannot be.
    """

    fault: str
    what: str
    expected: tuple[str, ...]
    seen: tuple[str, ...]
    shown_seconds: float | None
    shown_bound: float
    healed_seconds: float | None
    healed_bound: float | None
    notifications: int
    notifications_bound: int
    published: int
    lost: int
    doubled: int
    told_meanwhile: bool | None

    def complaints(self) -> list[str]:
        """Tell what is not as it has to be."""
        found = []
        if self.shown_seconds is None:
            found.append(f"none of {', '.join(self.expected)} was shown in {self.shown_bound:g} s, but {self.seen}")
        if self.healed_seconds is None and self.healed_bound is not None:
            found.append(f"it did not heal by itself within {self.healed_bound:g} s")
        if self.lost or self.doubled:
            found.append(f"of {self.published} alerts {self.lost} were lost and {self.doubled} doubled")
        if self.told_meanwhile is False:
            found.append("what happened during it was told only after its end")
        if self.notifications > self.notifications_bound:
            found.append(f"it told {self.notifications} times of not watching")
        return found


def drive(bed: Bed, case: Case, hold_seconds: float = 1.0) -> Row:
    """Drive a program of its own through a fault.

    Args:
        bed: Where it lives.
        case: The fault.
        hold_seconds: How long the fault goes on after it was shown.
    """
    subject = Subject(
        bed,
        case.name,
        case.route,
        small_disk=case.small_disk,
        settings=case.settings,
    )
    with subject:
        time.sleep(case.after)
        subject.publish(f"{case.name}-before")
        subject.await_told(f"{case.name}-before", _TELL_SECONDS)
        expected = {cause.value for cause in case.causes}
        seen: list[str] = []
        began = time.monotonic()
        case.begin(subject)
        shown = _until(subject, expected.__contains__, began + case.shown_within, seen)
        if case.reachable is not Reach.NOT:
            subject.publish(f"{case.name}-during", past_the_topic=case.reachable is Reach.QUEUE)
        told_meanwhile = _told(subject, f"{case.name}-during") if case.tells else None
        _until(subject, lambda _: False, time.monotonic() + hold_seconds, seen)
        ended = time.monotonic()
        case.end(subject)
        healed = None
        if case.healed_within is not None:
            healed = _until(subject, lambda cause: not cause, ended + case.healed_within)
        subject.publish(f"{case.name}-after")
        _all_told(subject)
        stored, told = subject.stored(), subject.told()
        row = Row(
            fault=case.name,
            what=case.what,
            expected=tuple(sorted(expected)),
            seen=tuple(seen),
            shown_seconds=None if shown is None else shown - began,
            shown_bound=case.shown_within,
            healed_seconds=None if healed is None else healed - ended,
            healed_bound=case.healed_within,
            notifications=subject.told_of_trouble(),
            notifications_bound=case.aloud,
            published=len(subject.published),
            lost=sum(not told[user] or (case.keeps and not stored[user]) for user in subject.published),
            told_meanwhile=told_meanwhile,
            doubled=sum(told[user] > 1 or stored[user] > 1 for user in subject.published),
        )
        if complaints := row.complaints():
            said = [*complaints, json.dumps(subject.status(), indent=1), subject.process.stdout(), subject.log()]
            save(f"fault-{case.name}", "\n\n".join(said), asdict(row))
        return row


def _until(
    subject: Subject, wanted: Callable[[str], bool], deadline: float, seen: list[str] | None = None
) -> float | None:
    """Ask for the cause until it is the wanted one; gives when it was, ``None`` after the deadline."""
    while time.monotonic() < deadline:
        cause = subject.cause()
        if cause is not None:
            if seen is not None and cause and cause not in seen[-1:]:
                seen.append(cause)
            if wanted(cause):
                return time.monotonic()
        time.sleep(_ASK_AGAIN_SECONDS)
    return None


def _told(subject: Subject, user: str) -> bool:
    try:
        subject.await_told(user, _MEANWHILE_SECONDS)
    except WaitTimeoutError:
        return False
    return True


def _all_told(subject: Subject) -> None:
    """Wait until all is told and nothing is left in the queue, as far as that comes true: it is counted after that."""
    try:
        for user in subject.published:
            subject.await_told(user, _TELL_SECONDS)
        subject.await_empty_queue(_TELL_SECONDS)
    except WaitTimeoutError:
        return
