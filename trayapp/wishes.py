"""What the owner asks for, from the tray, a notification or the terminal, done. It belongs to the decider's thread."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from trayapp.core import console
from trayapp.core.clock import Clock
from trayapp.core.commands import (
    PAUSE,
    SNOOZE,
    Command,
    OpenAlert,
    OpenAlerts,
    Page,
    Pause,
    Quit,
    Resume,
    ReviewAlert,
    ReviewAll,
    ShowWindow,
    SnoozeAlert,
    TellStatus,
    ThatWasMe,
)
from trayapp.core.guard_notes import status_note
from trayapp.core.incidents import Decision, Incident
from trayapp.core.language import say
from trayapp.core.notes import Note, Urgency
from trayapp.core.policy import Policy
from trayapp.core.situation import Situation
from trayapp.desktop.browser import BrowserFailed
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.windows import WindowFailed
from trayapp.store.ledger import Ledger
from trayapp.teller import Teller

log = logging.getLogger(__name__)


class Opener(Protocol):
    """Opens a link; ``trayapp.desktop.browser.Browser`` is the real one."""

    def open(self, url: str, activation_token: str = "") -> None:
        """Open ``url``. Raises ``BrowserFailed``."""


class Shower(Protocol):
    """Shows the window; ``trayapp.desktop.windows.Windows`` is the real one."""

    def show(self, page: Page, alert_id: int = 0) -> None:
        """Show a page of it. Raises ``WindowFailed``."""


class Wishes:
    """Does what is asked for.

    Args:
        store: Keeps what is said of alerts.
        teller: Takes notes away that nobody needs any more.
        notifier: Shows what answers a question.
        opener: Opens links.
        shower: Shows the window.
        now: Gives the present moment, aware.
        policy: Gives the owner's rules as they are now.
        quit_program: Ends the program.
    """

    def __init__(
        self,
        store: Ledger,
        teller: Teller,
        notifier: Notifier,
        opener: Opener,
        shower: Shower,
        now: Callable[[], datetime],
        policy: Callable[[], Policy],
        quit_program: Callable[[], None],
    ) -> None:
        self._store, self._teller, self._notifier, self._opener, self._shower = store, teller, notifier, opener, shower
        self._now, self._policy, self._quit_program = now, policy, quit_program

    def do(self, command: Command, situation: Situation, clock: Clock) -> None:  # noqa: C901 - a line for each
        """Do it; whoever asks reads the store again."""
        now = self._now()
        match command:
            case OpenAlert(alert_id, token):
                self._open(alert_id, token)
            case OpenAlerts():
                self.do(_opening(situation.to_review), situation, clock)
            case ReviewAlert(alert_id):
                self._done_with(self._store.review([alert_id], now))
            case ThatWasMe(alert_id):
                self._done_with(self._store.decide([alert_id], Decision.MINE, now))
            case SnoozeAlert(alert_id):
                self._done_with(self._store.snooze([alert_id], now + SNOOZE, now))
            case ReviewAll():
                self._done_with(self._store.review_all(now))
            case ShowWindow(page, alert_id):
                self._show_window(page, alert_id)
            case Pause():
                self._store.pause_until(now + PAUSE)
            case Resume():
                self._store.pause_until(None)
            case TellStatus():
                self._notifier.show(status_note(situation, clock))
            case Quit():
                self._quit_program()

    def unopened(self, why: str) -> None:
        """Tell that a link was not opened."""
        log.warning("%s", why)
        self._notifier.show(Note("browser", say("The console could not be opened"), why, Urgency.NORMAL, stays=True))

    def unshown(self, why: str) -> None:
        """Tell that the window was not shown."""
        log.warning("%s", why)
        self._notifier.show(Note("window", say("The window could not be shown"), why, Urgency.NORMAL, stays=True))

    def _open(self, alert_id: int, token: str) -> None:
        incident = self._store.incident(alert_id)
        if incident is None:
            return
        url = console.link_of(incident.main)
        if url is None:
            self.unopened(say("The console of {region} has no address that is public.", region=incident.main.region))
            return
        try:
            self._opener.open(url, token)
        except BrowserFailed as error:
            self.unopened(str(error))
            return
        # Whoever said that it was not him opens the page to act, not to be done with it.
        if incident.decision is not Decision.NOT_MINE and self._policy().review_on_open.covers(incident.severity):
            self._done_with(self._store.review([alert_id], self._now()))

    def _show_window(self, page: Page, alert_id: int) -> None:
        try:
            self._shower.show(page, alert_id)
        except WindowFailed as error:
            self.unshown(str(error))

    def _done_with(self, incident_ids: Iterable[int]) -> None:
        self._teller.withdraw(incident_ids)


def _opening(to_review: Sequence[Incident]) -> Command:
    """Give what opens the alerts there are: with several it is their owner who chooses, among all of them."""
    match to_review:
        case []:
            return TellStatus()
        case [only]:
            return OpenAlert(only.id)
        case _:
            return ShowWindow()
