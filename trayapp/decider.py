"""The one place that decides: events in, alerts shown, the light set, the owner's wishes done.

Everything that happens arrives in one queue of immutable events and is handled in one thread, so that nothing here
needs a lock and no two parts can disagree about how things stand.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty
from typing import Protocol

from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered, Failed, Shared
from trayapp.core import console, lapses, records
from trayapp.core import situation as views
from trayapp.core.causes import OF_THE_DISK, Cause
from trayapp.core.clock import Clock
from trayapp.core.commands import (
    Command,
    OpenAlert,
    OpenHeaviest,
    Pause,
    Quit,
    Resume,
    ReviewAlert,
    ReviewAll,
    TellStatus,
)
from trayapp.core.incidents import Incident
from trayapp.core.notes import Note, Urgency
from trayapp.core.policy import Policy
from trayapp.core.situation import Situation
from trayapp.core.view import TrayView
from trayapp.desktop.browser import BrowserFailed
from trayapp.desktop.events import (
    Asked,
    DesktopGone,
    LinkFailed,
    NoteFailed,
    NoteShown,
    NotifierBack,
    TrayHostBack,
    TrayHostMissing,
    Woken,
)
from trayapp.desktop.notify.base import Notifier
from trayapp.events import (
    AccountEvent,
    Committed,
    Event,
    Events,
    StatusWanted,
    StoreChanged,
    TestWanted,
    TimeCame,
    Watched,
)
from trayapp.settings import Account
from trayapp.store.ledger import Ledger
from trayapp.store.overflow import Overflow
from trayapp.teller import Teller
from trayapp.verifying import Settled
from trayapp.watching import Rounds, Watching

log = logging.getLogger(__name__)


class Opener(Protocol):
    """Opens a link; ``trayapp.desktop.browser.Browser`` is the real one."""

    def open(self, url: str, activation_token: str = "") -> None:
        """Open ``url``. Raises ``BrowserFailed``."""


class Decider:
    """Owns what is known, and acts on what happens.

    Args:
        events: The one queue; whatever stands in it by the time ``run`` begins is handled as well. ``None`` ends it.
        store_path: The store; opened in the decider's own thread.
        notifier: Shows notes.
        show: Takes what the tray shows.
        opener: Opens links.
        now: Gives the present moment, aware.
        quit_program: Ends the program; called once.
        rounds: Can be sent to look after those who report.
        policy: Gives the owner's rules as they are now.
        overflow: Holds what the disk does not take; shared with whoever commits.
    """

    def __init__(
        self,
        events: Events,
        store_path: Path,
        notifier: Notifier,
        show: Callable[[TrayView], None],
        opener: Opener,
        now: Callable[[], datetime],
        quit_program: Callable[[], None],
        rounds: Rounds,
        policy: Callable[[], Policy] = Policy,
        overflow: Overflow | None = None,
    ) -> None:
        self._store_path, self._notifier, self._show, self._opener = store_path, notifier, show, opener
        self._now, self._quit_program, self._rounds, self._policy = now, quit_program, rounds, policy
        self._events = events
        self._teller = Teller(notifier)
        self._overflow = Overflow() if overflow is None else overflow
        self._disk: Cause | None = None
        self._disk_since: datetime | None = None
        self._to_review: tuple[Incident, ...] = ()
        self._began = now()

    def run(self) -> None:
        """Handle events until ``None`` comes."""
        self._store = Ledger(self._store_path, self._overflow, self._now)
        self._watching = Watching(self._store, self._teller, self._rounds)
        try:
            self._reread()
            while True:
                try:
                    event = self._events.get(timeout=self._seconds_to_wait())
                except Empty:
                    event = TimeCame()
                if event is None:
                    return
                self._handle_safely(event)
        finally:
            self._store.close()

    def _handle_safely(self, event: Event) -> None:
        try:
            self._handle(event)
            self._settle()
        except Exception:  # the light must not go out because of one event
            log.exception("an event could not be handled: %s", type(event).__name__)

    def _handle(self, event: Event) -> None:  # noqa: C901, PLR0912 - one line for each kind of event
        match event:
            case Answered() | Failed() | Shared() | Patrolled() | Committed() | Settled():
                self._handle_account(event)
            case Woken(why):
                log.info("asking anew: %s", why)
                self._rounds.renew()
            case StoreChanged():
                self._teller.retry()
                self._reread()
            case NoteShown(key):
                self._note_shown(key)
            case NoteFailed(key, reason):
                log.warning("the notification %s was not shown: %s", key, reason)
                self._teller.refused(key)
            case NotifierBack():
                log.info("notifications can be shown again")
                self._teller.retry()
            case TrayHostMissing():
                log.warning("there is no tray to put the icon in; it appears as soon as there is one")
            case TrayHostBack():
                log.info("the icon is in the tray")
            case LinkFailed(reason):
                self._tell_unopened(reason)
            case DesktopGone():
                log.info("the desktop session has ended")
                self._quit_program()
            case Watched(accounts):
                self._watched(accounts)
            case StatusWanted(reply):
                reply.put(
                    records.status_record(
                        self._situation(), self._store.counts(), self._store.existing(), self._clock()
                    )
                )
            case TestWanted(reply):
                self._store.note("", [lapses.rehearsal(self._now())], self._now())
                self._reread()
                reply.put(max(alert.id for alert in self._to_review if alert.main.signal == lapses.REHEARSAL))
            case Asked(command):
                self._do(command)
            case TimeCame():
                pass  # what follows from it is settled like after any event

    def _handle_account(self, event: AccountEvent) -> None:
        match event:
            case Answered(account, more):
                self._teller.drain(account, more=more)
                self._teller.retry()
                # A disk that failed is tried again whenever the queue shows that time goes on.
                self._reread_if(self._watching.answered(account, self._now(), more=more) or bool(self._store.trouble))
            case Failed(account, cause, detail):
                self._teller.drain(account, more=False)
                if cause is Cause.STORE_DAMAGED:
                    self._store.damaged()
                self._reread_if(self._watching.failed(account, cause, detail, self._now()) or cause in OF_THE_DISK)
            case Shared(account):
                self._reread_if(self._watching.shared(account, self._now()))
            case Patrolled(account, checks):
                self._reread_if(self._watching.patrolled(account, checks, self._now()))
            case Committed():
                self._committed(event)
            case Settled(account, incidents, forged):
                self._reread()
                self._teller.redraw(incidents)
                self._tell_forged(account, forged)

    def _committed(self, batch: Committed) -> None:
        self._teller.drain(batch.account, more=batch.more)
        self._teller.retry()
        self._reread()
        self._tell_forged(batch.account, batch.forged)
        if batch.guard:
            self._rounds.look(batch.account)
        if batch.heartbeat:
            self._watching.heard(batch.account, batch.heartbeat)

    def _tell_forged(self, account: str, reasons: tuple[str, ...]) -> None:
        if reasons:
            self._notifier.show(views.forged_note(account, self._situation().label(account), reasons))

    def _do(self, command: Command) -> None:
        match command:
            case OpenAlert(alert_id, token):
                self._open(alert_id, token)
            case OpenHeaviest():
                heaviest = self._situation().heaviest()
                self._do(OpenAlert(heaviest.id) if heaviest else TellStatus())
            case ReviewAlert(alert_id):
                self._reviewed(self._store.review([alert_id], self._now()))
            case ReviewAll():
                self._reviewed(self._store.review_all(self._now()))
            case Pause():
                self._store.pause_until(self._now() + views.PAUSE)
                self._reread()
            case Resume():
                self._store.pause_until(None)
                self._reread()
            case TellStatus():
                self._notifier.show(views.status_note(self._situation(), self._clock()))
            case Quit():
                self._quit_program()

    def _open(self, alert_id: int, token: str) -> None:
        incident = self._store.incident(alert_id)
        if incident is None:
            return
        url = console.link_of(incident.main)
        if url is None:
            self._tell_unopened(f"The console of {incident.main.region} has no address that is public.")
            return
        try:
            self._opener.open(url, token)
        except BrowserFailed as error:
            self._tell_unopened(str(error))
            return
        if self._policy().review_on_open.covers(incident.severity):
            self._reviewed(self._store.review([alert_id], self._now()))

    def _tell_unopened(self, why: str) -> None:
        log.warning("%s", why)
        self._notifier.show(Note("browser", "The console could not be opened", why, Urgency.NORMAL, stays=True))

    def _reviewed(self, incident_ids: Iterable[int]) -> None:
        self._teller.withdraw(incident_ids)
        self._reread()

    def _note_shown(self, key: str) -> None:
        told = self._teller.shown(key)
        now = self._now()
        self._store.mark_all_shown(told, now)
        # Not read again from disk: with a thousand notes on their way that would be done a thousand times.
        self._to_review = tuple(
            replace(incident, shown=incident.shown or now, told=max(incident.told or heard, heard))
            if (heard := told.get(incident.id))
            else incident
            for incident in self._to_review
        )

    def _watched(self, accounts: tuple[Account, ...]) -> None:
        self._watching.expect(accounts, self._now())
        if not accounts:
            self._notifier.show(views.no_account_note())

    def _reread_if(self, something_new: bool) -> None:  # noqa: FBT001 - it is the whole question
        if something_new:
            self._reread()

    def _reread(self) -> None:
        before = self._to_review
        self._to_review = tuple(self._store.to_review())
        self._quarantined = self._store.quarantined()
        self._unverified = self._store.unverified()
        self._paused_until = self._store.paused_until()
        self._teller.moved(self._store.moved())
        self._teller.withdraw({incident.id for incident in before} - {incident.id for incident in self._to_review})

    def _settle(self) -> None:
        """Bring the desktop in line with what is known: show what was never shown, set the light."""
        if self._paused_until is not None and not self._now() < self._paused_until <= self._now() + views.PAUSE:
            # It is over, or the clock was put back meanwhile.
            self._store.pause_until(None)
            self._reread()
        self._tell_of_disk()
        situation, clock = self._situation(), self._clock()
        self._teller.tell(situation, clock)
        self._show(views.tray_view(situation, clock))

    def _tell_of_disk(self) -> None:
        watches = self._watching.watches
        failing = [self._store.trouble.cause] if self._store.trouble else []
        failing += [watch.trouble for watch in watches if watch.trouble in OF_THE_DISK]
        disk = failing[0] if failing else None
        for watch in watches:
            # One note for all accounts says it.
            self._teller.alerted(watch.account, OF_THE_DISK & watch.causes)
        healed = self._store.healed()
        if healed is not None:
            self._notifier.show(views.healed_note(str(healed.aside), healed.incidents))
        elif disk is not None and disk is not self._disk:
            self._notifier.show(views.disk_note(disk))
        elif disk is None and self._disk is not None:
            self._notifier.withdraw(views.DISK_KEY)
        if disk is None or self._disk is None:
            self._disk_since = self._now() if disk else None
        self._disk = disk

    def _situation(self) -> Situation:
        return Situation(
            self._watching.watches,
            self._to_review,
            self._quarantined,
            self._paused_until,
            self._began,
            quiet=self._policy().quiet(self._now().astimezone()),
            unverified=self._unverified,
            disk=self._disk,
            disk_since=self._disk_since,
        )

    def _clock(self) -> Clock:
        return Clock(self._now(), datetime.astimezone)

    def _seconds_to_wait(self) -> float | None:
        """Give the seconds until a pause or the quiet hours end, ``None`` where nothing waits for that."""
        ends = [self._paused_until, self._policy().quiet_until(self._now().astimezone()) if self._to_review else None]
        until = min((end for end in ends if end is not None), default=None)
        return None if until is None else max(0.0, (until - self._now()).total_seconds())
