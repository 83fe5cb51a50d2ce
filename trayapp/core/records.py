"""The machine-readable forms of alerts and status. They are an interface: fields may be added, never changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypedDict

from trayapp.core import console, words
from trayapp.core.alerts import Alert
from trayapp.core.clock import Clock
from trayapp.core.guard import Watch, problem_of
from trayapp.core.situation import Situation, summary


class AlertRecord(TypedDict):
    """One alert as ``trayapp alerts --json`` prints it; times are ISO 8601 in UTC, or null."""

    id: int
    account: str
    account_name: str
    account_label: str
    region: str
    severity: str
    signal: str
    title: str
    text: str
    resource_type: str
    resource_id: str
    resource_name: str
    url: str | None
    happened: str | None
    created: str
    shown: str | None
    reviewed: str | None


class WatchRecord(TypedDict):
    """One account inside ``StatusRecord``."""

    account: str
    label: str
    endpoint: str | None
    watching: bool
    cause: str | None
    sentence: str | None
    way_out: str | None
    since: str
    last_answer: str | None


class StatusRecord(TypedDict):
    """The state of things as ``trayapp status --json`` prints it."""

    state: str
    to_review: int
    cause: str | None
    since: str | None
    text: str
    paused_until: str | None
    quarantined: int
    accounts: list[WatchRecord]
    counts: dict[str, int]
    existing: int


def utc(when: datetime | None) -> str | None:
    """Write a time as ISO 8601 in UTC with a ``Z``."""
    return None if when is None else when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def alert_record(alert: Alert, label: str, clock: Clock) -> AlertRecord:
    """Give one alert's record."""
    finding = alert.finding
    return AlertRecord(
        id=alert.id,
        account=finding.account_id,
        account_name=alert.watch,
        account_label=label,
        region=finding.region,
        severity=finding.severity.word,
        signal=finding.signal.value,
        title=words.title(finding),
        text=words.body(alert, label, clock),
        resource_type=finding.resource_type,
        resource_id=finding.resource_id,
        resource_name=finding.resource_name,
        url=console.link_of(finding),
        happened=utc(finding.happened),
        created=utc(alert.created) or "",
        shown=utc(alert.shown),
        reviewed=utc(alert.reviewed),
    )


def status_record(situation: Situation, counts: Mapping[str, int], existing: int, clock: Clock) -> StatusRecord:
    """Give the status record.

    Args:
        situation: What is known.
        counts: How many messages of each kind were consumed.
        existing: How many resources were there before the watching began.
        clock: The moment, and the reader's zone for the text.
    """
    return StatusRecord(
        state=situation.light.value,
        to_review=len(situation.to_review),
        cause=situation.cause.value if situation.cause else None,
        since=utc(situation.since),
        text=summary(situation, clock),
        paused_until=utc(situation.paused_until),
        quarantined=situation.quarantined,
        accounts=_watch_records(situation.watches),
        counts=dict(counts),
        existing=existing,
    )


def _watch_records(watches: Sequence[Watch]) -> list[WatchRecord]:
    records = []
    for watch in watches:
        problem = problem_of(watch)
        records.append(
            WatchRecord(
                account=watch.account,
                label=watch.label,
                endpoint=watch.endpoint or None,
                watching=watch.watching,
                cause=watch.cause.value if watch.cause else None,
                sentence=problem.what if problem else None,
                way_out=problem.way_out if problem else None,
                since=utc(watch.since) or "",
                last_answer=utc(watch.last_answer),
            )
        )
    return records
