"""The chosen incident in words: what, where, who, when, how sure, and its parts in order of time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from trayapp.core import console, rule_words, signals, words
from trayapp.core.clock import Clock, weekday
from trayapp.core.finding import Finding, Trust
from trayapp.core.incidents import Decision, Incident
from trayapp.core.language import listed
from trayapp.core.nouns import noun
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.severity import Severity
from trayapp.core.text import grouped_account, name, quoted
from trayapp.review.rows import is_settled, is_snoozed
from trayapp.review.texts import BESIDE, Texts

_MOST_MOMENTS = 60
"""So many parts are told one by one."""
_ACCOUNT = "AWS::Account"
_LONGEST_NOTE = 2000
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
        doubt=Texts.TRUSTS[incident.trust],
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
        Fact(Texts.WHAT, _what(main)),
        Fact(Texts.WHERE, _where(main, label)),
        Fact(Texts.WHO, _who(parts)),
        Fact(Texts.ADDRESS, _several(part.address for part in parts)),
        Fact(Texts.WITH, _several(part.agent for part in parts)),
        Fact(Texts.WHEN, _when(parts, incident.created, clock)),
        Fact(Texts.HOW_SURE, _how_sure(parts, incident.trust)),
        Fact(Texts.IDENTIFIER, name(main.subject.id, _LONG)),
        Fact(Texts.ARN, name(main.subject.arn, _LONG)),
        Fact(Texts.KEY, name(acting.actor.key_id, _LONG) if acting and acting.actor else ""),
        Fact(Texts.MUTED_BY, name(rule_words.muted(incident.muted), _LONG)),
        Fact(Texts.DECIDED, _decided(incident, clock)),
        Fact(Texts.NOTE, quoted(incident.note, _LONGEST_NOTE) if incident.note else ""),
    ]
    return tuple(fact for fact in found if fact.value)


def _what(main: Finding) -> str:
    subject = main.subject
    if subject.resource_type == _ACCOUNT:
        return ""  # that stands beside where it is
    called = name(subject.name or subject.id, _LONG)
    said = noun(subject.resource_type)
    return Texts.NAMED.format(noun=said, name=called) if said and called else said or called


def _where(main: Finding, label: str) -> str:
    place = "" if main.region in ("", GLOBAL) else spoken(name(main.region, 24))
    account = Texts.ACCOUNT_NUMBER.format(label=name(label), number=grouped_account(main.account_id))
    return BESIDE.join(filter(None, [account if main.account_id else name(label), place]))


def _who(parts: Sequence[Finding]) -> str:
    said = dict.fromkeys(words.who(part.actor) for part in parts if part.actor is not None)
    return Texts.OTHERWISE.join(filter(None, said)) or Texts.WHO_UNKNOWN


def _several(values: Iterable[str]) -> str:
    return listed(name(value, _LONG) for value in dict.fromkeys(values) if value)


def _when(parts: Sequence[Finding], created: datetime, clock: Clock) -> str:
    moments = [part.happened for part in parts if part.happened]
    if not moments:
        return Texts.WHEN_UNKNOWN.format(when=_exact(created, clock))
    first, last = min(moments), max(moments)
    if first == last:
        return _exact(first, clock)
    return Texts.SPAN.format(first=_exact(first, clock), last=_exact(last, clock))


def _exact(then: datetime, clock: Clock) -> str:
    local, utc = clock.localise(then), then.astimezone(UTC)
    day, time = weekday(local), f"{local:%Y-%m-%d %H:%M:%S}"
    said = Texts.WITH_UTC.format(weekday=day, time=time, utc=f"{utc:%Y-%m-%d %H:%M:%S}")
    return BESIDE.join(filter(None, [said, clock.ago(then)]))


def _how_sure(parts: Sequence[Finding], trust: Trust) -> str:
    certainties = Texts.CERTAINTIES
    said = dict.fromkeys(certainties[part.certainty] for part in parts)
    return Texts.OTHERWISE.join(filter(None, [*said, Texts.TRUSTS[trust]]))


def _decided(incident: Incident, clock: Clock) -> str:
    said = [Texts.DECISIONS[incident.decision]] if incident.decision else []
    if incident.reviewed is not None:
        said = [said[0] if said else Texts.REVIEWED, clock.moment(incident.reviewed)]
    if is_snoozed(incident, clock.now) and incident.snoozed is not None:
        said.append(Texts.SNOOZED_UNTIL.format(when=clock.moment(incident.snoozed)))
    return listed(said)


def _moment(part: Finding, clock: Clock) -> Moment:
    when = clock.localise(part.happened).strftime("%H:%M:%S") if part.happened else "–"
    by = words.by_whom(part.actor) if part.actor else ""
    if part.address:
        said, address = Texts.BY_FROM if by else Texts.FROM, name(part.address, 40)
        by = said.format(who=by, address=address)
    return Moment(when, part.severity, signals.title(part), by)
