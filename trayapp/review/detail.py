"""The chosen incident in words: what, where, who, when, how sure, and its parts in order of time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trayapp.core import console, signals, words
from trayapp.core.clock import Clock
from trayapp.core.finding import Finding, Trust
from trayapp.core.incidents import Decision, Incident
from trayapp.core.nouns import noun
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.severity import Severity
from trayapp.core.text import grouped_account, name
from trayapp.review import texts
from trayapp.review.rows import is_settled, is_snoozed

_MOST_MOMENTS = 60
"""So many parts are told one by one."""
_ACCOUNT = "AWS::Account"
_LONG = 200
"""Characters of what others chose, such as a user agent."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One named line."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One part of an incident in its time line.

    Attributes:
        when: Its local time, or a dash.
        severity: How heavy it is by itself.
        text: What happened.
        by: Who did it and from where, or empty.
    """

    when: str
    severity: Severity
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything that is said of one incident without its messages.

    Attributes:
        id: Its number.
        title: What happened, in one line.
        severity: How heavy.
        doubt: What speaks against it, or empty.
        facts: The named lines.
        moments: The parts, the earliest first.
        left_out: So many parts more there are.
        url: The page in the console, or ``None``.
        settled: It waits for nobody.
        not_mine: Its owner has said that it was not him.
    """

    id: int
    title: str
    severity: Severity
    doubt: str
    facts: tuple[Fact, ...]
    moments: tuple[Moment, ...]
    left_out: int
    url: str | None
    settled: bool
    not_mine: bool


def detail(incident: Incident, label: str, clock: Clock) -> Detail:
    """Write everything about one incident."""
    parts = incident.steps or incident.parts
    told = parts[:_MOST_MOMENTS]
    return Detail(
        id=incident.id,
        title=words.title(incident, label),
        severity=incident.severity,
        doubt=texts.TRUSTS[incident.trust],
        facts=_facts(incident, label, clock),
        moments=tuple(_moment(part, clock) for part in told),
        left_out=len(parts) - len(told),
        url=console.link_of(incident.main),
        settled=is_settled(incident),
        not_mine=incident.decision is Decision.NOT_MINE,
    )


def _facts(incident: Incident, label: str, clock: Clock) -> tuple[Fact, ...]:
    main, parts = incident.main, incident.steps or incident.parts
    acting = next((part for part in parts if part.actor is not None), None)
    found = [
        Fact(texts.WHAT, _what(main)),
        Fact(texts.WHERE, _where(main, label)),
        Fact(texts.WHO, _who(parts)),
        Fact(texts.FROM, _several(part.address for part in parts)),
        Fact(texts.WITH, _several(part.agent for part in parts)),
        Fact(texts.WHEN, _when(parts, incident.created, clock)),
        Fact(texts.HOW_SURE, _how_sure(parts, incident.trust)),
        Fact(texts.IDENTIFIER, name(main.subject.id, _LONG)),
        Fact(texts.ARN, name(main.subject.arn, _LONG)),
        Fact(texts.KEY, name(acting.actor.key_id, _LONG) if acting and acting.actor else ""),
        Fact(texts.MUTED_BY, name(incident.muted, _LONG)),
        Fact(texts.DECIDED, _decided(incident, clock)),
        Fact(texts.NOTE, texts.NOTE_SAID.format(note=name(incident.note, 2000)) if incident.note else ""),
    ]
    return tuple(fact for fact in found if fact.value)


def _what(main: Finding) -> str:
    subject = main.subject
    if subject.resource_type == _ACCOUNT:
        return ""  # that stands beside where it is
    called = name(subject.name or subject.id, _LONG)
    return f"{noun(subject.resource_type)} {called}".strip()


def _where(main: Finding, label: str) -> str:
    place = "" if main.region in ("", GLOBAL) else spoken(name(main.region, 24))
    account = texts.ACCOUNT_NUMBER.format(label=name(label), number=grouped_account(main.account_id))
    return texts.ROW_DETAIL.join(filter(None, [account if main.account_id else name(label), place]))


def _who(parts: Sequence[Finding]) -> str:
    said = dict.fromkeys(words.by_whom(part.actor).removeprefix("by ") for part in parts if part.actor is not None)
    return "; ".join(filter(None, said)) or texts.WHO_UNKNOWN


def _several(values: Iterable[str]) -> str:
    return ", ".join(name(value, _LONG) for value in dict.fromkeys(values) if value)


def _when(parts: Sequence[Finding], created: datetime, clock: Clock) -> str:
    moments = [part.happened for part in parts if part.happened]
    if not moments:
        return texts.WHEN_UNKNOWN.format(when=_exact(created, clock))
    first, last = min(moments), max(moments)
    if first == last:
        return _exact(first, clock)
    return texts.SPAN.format(first=_exact(first, clock), last=_exact(last, clock))


def _exact(then: datetime, clock: Clock) -> str:
    local, utc = clock.localise(then), then.astimezone(UTC)
    said = texts.WITH_UTC.format(local=f"{local:%a %Y-%m-%d %H:%M:%S}", utc=f"{utc:%Y-%m-%d %H:%M:%S} UTC")
    return texts.ROW_DETAIL.join(filter(None, [said, clock.ago(then)]))


def _how_sure(parts: Sequence[Finding], trust: Trust) -> str:
    said = dict.fromkeys(texts.CERTAINTIES[part.certainty] for part in parts)
    return "; ".join(filter(None, [*said, texts.TRUSTS[trust]]))


def _decided(incident: Incident, clock: Clock) -> str:
    said = [texts.DECISIONS[incident.decision]] if incident.decision else []
    if incident.reviewed is not None:
        said = [said[0] if said else texts.REVIEWED, clock.moment(incident.reviewed)]
    if is_snoozed(incident, clock.now) and incident.snoozed is not None:
        said.append(texts.SNOOZED_UNTIL.format(when=clock.moment(incident.snoozed)))
    return ", ".join(said)


def _moment(part: Finding, clock: Clock) -> Moment:
    when = clock.localise(part.happened).strftime("%H:%M:%S") if part.happened else "–"
    by = words.by_whom(part.actor) if part.actor else ""
    place = texts.BY_FROM.format(address=name(part.address, 40)) if part.address else ""
    return Moment(when, part.severity, signals.title(part), ", ".join(filter(None, [by, place])))
