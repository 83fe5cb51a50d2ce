"""The notifications that tell of incidents: of one, or of several that waited."""

from collections.abc import Sequence
from datetime import timedelta

from trayapp.core import console, words
from trayapp.core.clock import Clock
from trayapp.core.commands import OpenAlert, OpenAlerts, Page, ReviewAlert, ShowWindow, SnoozeAlert, ThatWasMe
from trayapp.core.finding import Lane, Theme
from trayapp.core.incidents import Incident
from trayapp.core.language import say
from trayapp.core.notes import TITLE_COLUMNS, Button, Note, Urgency
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.core.text import parted
from trayapp.core.view import Icon, Light

AWAY = 4
"""From so many incidents on that wait to be told at once, one notification tells of them together."""

AWAY_KEY = "away"
_LONG_AGO = timedelta(minutes=10)
_AWAY_TITLES = 3


def alert_note(incident: Incident, situation: Situation, clock: Clock, *, quiet: bool = False) -> Note:
    """Write the notification of one incident.

    Args:
        incident: The incident.
        situation: What else is known.
        clock: The moment.
        quiet: Only bring up to date what is still on screen.
    """
    severity, label = incident.severity, situation.label(incident.watch)
    title, rest = parted(words.title(incident, label), TITLE_COLUMNS)
    body = words.body(incident, label, clock)
    return Note(
        key=alert_key(incident.id),
        title=title,
        body=f"{rest} · {body}" if rest else body,
        urgency=Urgency.CRITICAL if severity is Severity.CRITICAL else Urgency.NORMAL,
        stays=severity >= Severity.HIGH,
        default=Button(say("Open in console"), OpenAlert(incident.id)),
        buttons=_buttons(incident),
        icon=Icon(Light.TO_REVIEW, worst=severity),
        quiet=quiet,
        link=console.link_of(incident.main) or "",
    )


def _buttons(incident: Incident) -> tuple[Button, ...]:
    # What our own looking has found nobody did in the sense of the question.
    looked = incident.main.lane is Lane.CLIENT and incident.main.theme is Theme.GUARD
    mine = (
        Button(say("Mark reviewed"), ReviewAlert(incident.id))
        if looked
        else Button(say("That was me"), ThatWasMe(incident.id))
    )
    if incident.severity is Severity.CRITICAL:
        return Button(say("What now"), ShowWindow(Page.RESPOND, incident.id)), mine
    return mine, Button(say("In an hour"), SnoozeAlert(incident.id))


def away_note(waiting: Sequence[Incident], situation: Situation, clock: Clock) -> Note:
    """Write the one notification that tells of several incidents which waited, the oldest first."""
    count = len(waiting)
    oldest = min(incident.first or incident.created for incident in waiting)
    away = clock.now - oldest > _LONG_AGO
    told = [words.title(incident, situation.label(incident.watch)) for incident in waiting[:_AWAY_TITLES]]
    if count > _AWAY_TITLES:
        told.append(say("and {count} more", count=count - _AWAY_TITLES))
    told.append(say("since {moment}", moment=clock.moment(oldest)))
    severity = max(incident.severity for incident in waiting)
    return Note(
        key=AWAY_KEY,
        title=say("While you were away: {count} happenings", count=count)
        if away
        else say("{count} happenings at once", count=count),
        body=" · ".join(told),
        urgency=Urgency.NORMAL,
        stays=True,
        default=Button(say("Review them"), OpenAlerts()),
        icon=Icon(Light.TO_REVIEW, worst=severity),
    )


def alert_key(incident_id: int) -> str:
    """Name the notification of an incident."""
    return f"alert:{incident_id}"


def incident_of(key: str) -> int:
    """Give the incident that a note is about, 0 for another note."""
    kind, _, number = key.partition(":")
    return int(number) if kind == "alert" else 0
