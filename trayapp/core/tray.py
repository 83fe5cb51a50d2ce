"""What the tray makes of how things stand: its icon, its tooltip and its menu."""

from trayapp.core import words
from trayapp.core.clock import Clock
from trayapp.core.commands import OpenAlert, OpenAlerts, Pause, Quit, Resume, ReviewAll, ShowWindow, TellStatus
from trayapp.core.guard import problem_of
from trayapp.core.language import say
from trayapp.core.situation import Situation
from trayapp.core.status import state_line, summary
from trayapp.core.text import first_sentence
from trayapp.core.view import Icon, MenuEntry, Separator, TrayView

MENU_ALERTS = 12
"""More lines than this make a menu that nobody reads."""


def tray_view(situation: Situation, clock: Clock) -> TrayView:
    """Give everything the tray shows."""
    icon = Icon(situation.light, len(situation.to_review), situation.worst)
    menu = (*_alerts(situation, clock), *_state(situation, clock), Separator(), MenuEntry(say("Quit"), Quit()))
    return TrayView(icon, summary(situation, clock), menu, OpenAlerts())


def _alerts(situation: Situation, clock: Clock) -> list[MenuEntry | Separator]:
    if not situation.to_review:
        return []
    menu: list[MenuEntry | Separator] = [
        MenuEntry(words.line(incident, situation.label(incident.watch), clock), OpenAlert(incident.id))
        for incident in situation.to_review[:MENU_ALERTS]
    ]
    rest = len(situation.to_review) - MENU_ALERTS
    if rest > 0:
        menu.append(MenuEntry(say("and {count} more: trayapp alerts", count=rest)))
    return [*menu, MenuEntry(say("Mark all reviewed"), ReviewAll()), Separator()]


def _state(situation: Situation, clock: Clock) -> list[MenuEntry]:
    menu = [MenuEntry(state_line(situation, clock), TellStatus())]
    trouble = situation.trouble()
    problem = problem_of(trouble) if trouble else None
    if problem is not None:
        # The first sentence is the next step; all of it would make a menu as wide as the screen.
        menu.append(MenuEntry(first_sentence(problem.way_out)))
    menu.append(MenuEntry(say("Show the window"), ShowWindow()))
    if situation.paused_until is not None:
        menu.append(MenuEntry(say("Resume notifications"), Resume()))
    else:
        menu.append(MenuEntry(say("Pause notifications for an hour"), Pause()))
    return menu
