"""The machine-readable forms of alerts and status. They are an interface: fields may be added, never changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypedDict

from trayapp.core import console, signals, words
from trayapp.core.checks import Checked
from trayapp.core.clock import Clock
from trayapp.core.facts import Actor
from trayapp.core.finding import Finding
from trayapp.core.guard import Watch, problem_of
from trayapp.core.incidents import Incident
from trayapp.core.situation import Situation
from trayapp.core.status import summary


class ActorRecord(TypedDict):
    """Who made a call."""

    kind: str
    name: str
    session: str
    key_id: str
    arn: str


class PartRecord(TypedDict):
    """One finding of an incident."""

    signal: str
    severity: str
    certainty: str
    lane: str
    trust: str
    title: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str
    url: str | None
    happened: str | None
    actor: ActorRecord | None
    address: str
    agent: str


class AlertRecord(TypedDict):
    """One incident as ``trayapp alerts --json`` prints it; times are ISO 8601 in UTC, or null."""

    id: int
    account: str
    account_name: str
    account_label: str
    region: str
    severity: str
    signal: str
    trust: str
    title: str
    text: str
    resource_type: str
    resource_id: str
    resource_name: str
    url: str | None
    count: int
    happened: str | None
    last: str | None
    created: str
    shown: str | None
    reviewed: str | None
    muted: str | None
    parts: list[PartRecord]


class CheckRecord(TypedDict):
    """One check inside ``WatchRecord``."""

    check: str
    outcome: str
    region: str
    cause: str | None
    sentence: str
    detail: str


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
    detail: str
    last_answer: str | None
    checks: list[CheckRecord]
    checked: str | None


class StatusRecord(TypedDict):
    """The state of things as ``trayapp status --json`` prints it."""

    state: str
    to_review: int
    cause: str | None
    since: str | None
    text: str
    paused_until: str | None
    quarantined: int
    unverified: int
    accounts: list[WatchRecord]
    counts: dict[str, int]
    existing: int


def utc(when: datetime | None) -> str | None:
    """Write a time as ISO 8601 in UTC with a ``Z``."""
    return None if when is None else when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def alert_record(incident: Incident, label: str, clock: Clock) -> AlertRecord:
    """Give one incident's record."""
    main = incident.main
    return AlertRecord(
        id=incident.id,
        account=main.account_id,
        account_name=incident.watch,
        account_label=label,
        region=main.region,
        severity=incident.severity.word,
        signal=main.signal,
        trust=incident.trust.value,
        title=words.title(incident, label),
        text=words.body(incident, label, clock),
        resource_type=main.subject.resource_type,
        resource_id=main.subject.id,
        resource_name=main.subject.name,
        url=console.link_of(main),
        count=len(incident.parts),
        happened=utc(incident.first),
        last=utc(incident.last),
        created=utc(incident.created) or "",
        shown=utc(incident.shown),
        reviewed=utc(incident.reviewed),
        muted=incident.muted or None,
        parts=[_part_record(part) for part in incident.steps or incident.parts],
    )


def _part_record(finding: Finding) -> PartRecord:
    return PartRecord(
        signal=finding.signal,
        severity=finding.severity.word,
        certainty=finding.certainty.value,
        lane=finding.lane.value,
        trust=finding.trust.value,
        title=signals.title(finding),
        region=finding.region,
        resource_type=finding.subject.resource_type,
        resource_id=finding.subject.id,
        resource_name=finding.subject.name,
        url=console.link_of(finding),
        happened=utc(finding.happened),
        actor=_actor_record(finding.actor),
        address=finding.address,
        agent=finding.agent,
    )


def _actor_record(actor: Actor | None) -> ActorRecord | None:
    if actor is None:
        return None
    return ActorRecord(
        kind=actor.kind.value, name=actor.name, session=actor.session, key_id=actor.key_id, arn=actor.arn
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
        unverified=situation.unverified,
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
                detail=watch.detail,
                last_answer=utc(watch.last_answer),
                checks=[_check_record(check) for check in watch.checks],
                checked=utc(watch.checked),
            )
        )
    return records


def _check_record(checked: Checked) -> CheckRecord:
    return CheckRecord(
        check=checked.check.value,
        outcome=checked.outcome.value,
        region=checked.region,
        cause=checked.cause.value if checked.cause else None,
        sentence=checked.sentence,
        detail=checked.detail,
    )
