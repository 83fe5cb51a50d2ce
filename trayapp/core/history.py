"""Looking back: which incidents are wanted, and how many there were on each day.

``matches`` says in the plainest words what a filter means, and ``facets`` and ``per_day`` what is counted; whatever
answers faster has to answer the same.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents somebody wants to see; whatever is left out wants all of them.

    Attributes:
        severities: Of any of these.
        accounts: Of any of these, each the account's name in the settings or its number at AWS.
        regions: With a part in any of these Regions' codes (``global`` for what has none).
        signals: With a part that matched any of these signals' ids.
        reviewed: Marked as reviewed, or not.
        muted: Muted by a rule, or not.
        since: That went on at this moment or later, aware.
        until: That began before this moment, aware.
        text: With every one of these words somewhere in it: in names, ids, addresses, actors, or in its owner's note;
            in any letter case.
    """

    severities: frozenset[Severity] = frozenset()
    accounts: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    signals: frozenset[str] = frozenset()
    reviewed: bool | None = None
    muted: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """How many incidents began on one day, by how heavy they are.

    Attributes:
        date: The day, in the reader's zone.
        counts: How many of each severity; one that had none may be missing.
    """

    date: date
    counts: Mapping[Severity, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is in the history to choose from, each with in how many incidents it is.

    Attributes:
        regions: By the Regions' codes.
        signals: By the signals' ids.
    """

    regions: Mapping[str, int] = field(default_factory=dict)
    signals: Mapping[str, int] = field(default_factory=dict)


def facets(incidents: Iterable[Incident]) -> Facets:
    """Count in how many incidents each Region and each signal is."""
    regions: Counter[str] = Counter()
    signals: Counter[str] = Counter()
    for incident in incidents:
        regions.update({each.region for each in incident.findings})
        signals.update({each.signal for each in incident.findings})
    return Facets(regions, signals)


def began(incident: Incident) -> datetime:
    """Give when an incident began: at its first happening, or when we heard of it where AWS does not say."""
    return incident.first or incident.created


def ended(incident: Incident) -> datetime:
    """Give when an incident went on last: at its last happening, or when we heard of it where AWS does not say."""
    return incident.last or incident.created


def matches(wanted: Wanted, incident: Incident) -> bool:
    """Tell whether an incident is among the wanted."""
    findings = incident.findings
    accounts = {incident.watch, *(each.account_id for each in findings)}
    asked = (
        (wanted.severities, {incident.severity}),
        (wanted.accounts, accounts),
        (wanted.regions, {each.region for each in findings}),
        (wanted.signals, {each.signal for each in findings}),
    )
    return (
        all(not allowed or not allowed.isdisjoint(has) for allowed, has in asked)
        and wanted.reviewed in (None, incident.reviewed is not None)
        and wanted.muted in (None, bool(incident.muted))
        and (wanted.since is None or ended(incident) >= wanted.since)
        and (wanted.until is None or began(incident) < wanted.until)
        and _says(incident, searched_words(wanted.text))
    )


def searchable(finding: Finding) -> str:
    """Give the text of a finding that a search looks through, one thing a line, folded as ``searched_words`` are."""
    subject, actor = finding.subject, finding.actor
    things = [
        *(finding.signal, finding.account_id, finding.region, finding.address, finding.agent),
        *(subject.resource_type, subject.id, subject.name, subject.arn),
        *((actor.name, actor.session, actor.key_id, actor.arn, actor.account_id) if actor else ()),
        *(value for _, value in sorted(finding.details.items())),
    ]
    return folded("\n".join(dict.fromkeys(thing for thing in things if thing)))


def searched_words(text: str) -> tuple[str, ...]:
    """Give the words of a search, each once, folded as ``searchable`` text is."""
    return tuple(dict.fromkeys(folded(text).split()))


def folded(text: str) -> str:
    """Give a text without differences of letter case, of width and of composition.

    Compatibility caseless matching: The Unicode Standard, section 3.13, definition D146.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def per_day(
    began_at: Iterable[tuple[datetime, Severity]],
    since: datetime,
    until: datetime,
    localise: Callable[[datetime], datetime],
) -> tuple[Day, ...]:
    """Count incidents by the day on which they began.

    Args:
        began_at: When each began, aware, and how heavy it is; what lies outside the span is left out.
        since: The beginning of the span, aware.
        until: The end of the span, aware; itself no longer part of it.
        localise: Turns an aware instant into the reader's local time.

    Returns:
        Every day of the span in order, also those without any.
    """
    if until <= since:
        return ()
    counts: dict[date, Counter[Severity]] = {}
    for when, severity in began_at:
        if since <= when < until:
            counts.setdefault(localise(when).date(), Counter())[severity] += 1
    first, last = localise(since).date(), localise(until - timedelta(microseconds=1)).date()
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(Day(each, dict(counts.get(each, {}))) for each in every)


def _says(incident: Incident, words: Iterable[str]) -> bool:
    wanted = tuple(words)
    if not wanted:
        return True
    said = "\n".join([*map(searchable, incident.findings), folded(incident.note)])
    return all(word in said for word in wanted)
