"""The list's lines: what each says, and in which order they stand. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trayapp.core import words
from trayapp.core.clock import Clock
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.core.text import name
from trayapp.review.texts import BESIDE, Texts


@dataclass(frozen=True, slots=True)
class Row:
    """One incident as two lines.

    Attributes:
        id: The incident's number.
        severity: How heavy it is.
        title: The first line.
        beside: The second line: how heavy, which account, when, and what was decided.
        settled: It waits for nobody.
    """

    id: int
    severity: Severity
    title: str
    beside: str
    settled: bool


def row(incident: Incident, label: str, clock: Clock) -> Row:
    """Write the line of one incident."""
    then = incident.last or incident.created
    beside = [Texts.SEVERITIES[incident.severity], name(label, 20), _when(then, clock), *_state(incident, clock)]
    return Row(
        incident.id,
        incident.severity,
        words.title(incident, label),
        BESIDE.join(beside),
        settled=is_settled(incident),
    )


def is_settled(incident: Incident) -> bool:
    """Tell whether an incident waits for nobody: it is reviewed, or history from the start, being muted or light."""
    if incident.decision is Decision.NOT_MINE:
        return incident.reviewed is not None
    return incident.reviewed is not None or bool(incident.muted) or incident.severity is Severity.LOW


def is_snoozed(incident: Incident, now: datetime) -> bool:
    """Tell whether its owner does not want to hear of an incident now."""
    return incident.snoozed is not None and incident.snoozed > now


def in_review_order(incidents: Iterable[Incident], now: datetime) -> list[Incident]:
    """Put incidents to review into order: the heaviest first, of several the newest; what is snoozed comes last."""
    return sorted(
        incidents,
        key=lambda each: (not is_snoozed(each, now), each.severity, each.last or each.created, each.id),
        reverse=True,
    )


def _when(then: datetime, clock: Clock) -> str:
    ago = clock.ago(then)
    return Texts.WHEN_AGO.format(moment=clock.moment(then), ago=ago) if ago else clock.moment(then)


def _state(incident: Incident, clock: Clock) -> list[str]:
    if is_snoozed(incident, clock.now) and incident.snoozed is not None:
        return [Texts.SNOOZED_UNTIL.format(when=clock.moment(incident.snoozed))]
    if incident.decision is not None and (incident.reviewed or incident.decision is Decision.NOT_MINE):
        return [Texts.DECISIONS[incident.decision]]
    if incident.reviewed is not None:
        return [Texts.REVIEWED]
    if incident.muted:
        return [Texts.MUTED]
    return [Texts.NOTED] if incident.severity is Severity.LOW else []
