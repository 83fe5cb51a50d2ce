"""The one place that decides: events in, alerts shown, the light set, the owner's wishes done.

Everything that happens arrives in one queue of immutable events and is handled in one thread, so that nothing here
needs a lock and no two parts can disagree about how things stand.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from queue import Empty

from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered, Failed, Shared
from trayapp.core import guard_notes, lapses, records
from trayapp.core.causes import OF_THE_DISK, Cause
from trayapp.core.clock import Clock
from trayapp.core.commands import PAUSE
from trayapp.core.incidents import Incident
from trayapp.core.policy import Policy
from trayapp.core.situation import Situation
from trayapp.core.tray import tray_view
from trayapp.core.view import TrayView
from trayapp.desktop.events import (
    Asked,
    DesktopGone,
    LinkFailed,
    NoteFailed,
    NoteShown,
    NotifierBack,
    TrayHostBack,
    TrayHostMissing,
    WindowGone,
    Woken,
)
from trayapp.desktop.notify.base import Notifier
from trayapp.disk import DISK_PAUSE, Disk
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
from trayapp.wishes import Opener, Shower, Wishes

log = logging.getLogger(__name__)


class Decider:
    """Owns what is known, and acts on what happens.

    Args:
        events: The one queue; whatever stands in it by the time ``run`` begins is handled as well. ``None`` ends it.
        store_path: The store; opened in the decider's own thread.
        notifier: Shows notes.
        show: Takes what the tray shows.
        opener: Opens links.
        shower: Shows the window.
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
        shower: Shower,
        now: Callable[[], datetime],
        quit_program: Callable[[], None],
        rounds: Rounds,
        policy: Callable[[], Policy] = Policy,
        overflow: Overflow | None = None,
    ) -> None:
        self._store_path, self._notifier, self._show = store_path, notifier, show
        self._opener, self._shower = opener, shower
        self._now, self._quit_program, self._rounds, self._policy = now, quit_program, rounds, policy
        self._events = events
        self._teller = Teller(notifier)
        self._overflow = Overflow() if overflow is None else overflow
        self._to_review: tuple[Incident, ...] = ()
        self._snoozed_until: datetime | None = None
        self._began = now()

    def run(self) -> None:
        """Handle events until ``None`` comes."""
        self._store = Ledger(self._store_path, self._overflow, self._now)
        self._watching = Watching(self._store, self._teller, self._rounds)
        self._disk = Disk(self._store, self._teller, self._notifier)
        self._wishes = Wishes(
            self._store,
            self._teller,
            self._notifier,
            self._opener,
            self._shower,
            self._now,
            self._policy,
            self._quit_program,
        )
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
                self._wishes.unopened(reason)
            case WindowGone(reason):
                self._wishes.unshown(reason)
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
                self._wishes.do(command, self._situation(), self._clock())
                self._reread()
            case TimeCame():
                # All else that follows from it is settled like after any event.
                self._reread_if(self._disk.trouble is not None)

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
            self._notifier.show(guard_notes.forged_note(account, self._situation().label(account), reasons))

    def _note_shown(self, key: str) -> None:
        told = self._teller.shown(key)
        now = self._now()
        self._store.mark_all_shown(told, now)
        # Not read again from disk: with a thousand notes on their way that would be done a thousand times.
        self._to_review = tuple(
            replace(incident, shown=incident.shown or now, told=max(incident.told or heard, heard), snoozed=None)
            if (heard := told.get(incident.id))
            else incident
            for incident in self._to_review
        )

    def _watched(self, accounts: tuple[Account, ...]) -> None:
        self._watching.expect(accounts, self._now())
        self._teller.expect(bool(accounts))

    def _reread_if(self, something_new: bool) -> None:  # noqa: FBT001 - it is the whole question
        if something_new:
            self._reread()

    def _reread(self) -> None:
        before, now = self._to_review, self._now()
        every = self._store.to_review()
        self._to_review = tuple(each for each in every if each.snoozed is None or each.snoozed <= now)
        self._snoozed_until = min((each.snoozed for each in every if each.snoozed and each.snoozed > now), default=None)
        self._quarantined = self._store.quarantined()
        self._unverified = self._store.unverified()
        self._paused_until = self._store.paused_until()
        self._teller.moved(self._store.moved())
        self._teller.withdraw({incident.id for incident in before} - {incident.id for incident in self._to_review})

    def _settle(self) -> None:
        """Bring the desktop in line with what is known: show what was never shown, set the light."""
        if self._paused_until is not None and not self._now() < self._paused_until <= self._now() + PAUSE:
            # It is over, or the clock was put back meanwhile.
            self._store.pause_until(None)
            self._reread()
        if self._snoozed_until is not None and self._snoozed_until <= self._now():
            self._reread()
        self._disk.tell(self._watching.watches, self._now())
        situation, clock = self._situation(), self._clock()
        self._teller.tell(situation, clock)
        self._show(tray_view(situation, clock))

    def _situation(self) -> Situation:
        return Situation(
            self._watching.watches,
            self._to_review,
            self._quarantined,
            self._paused_until,
            self._began,
            quiet=self._policy().quiet(self._now().astimezone()),
            unverified=self._unverified,
            disk=self._disk.trouble,
            disk_since=self._disk.since,
        )

    def _clock(self) -> Clock:
        return Clock(self._now(), datetime.astimezone)

    def _seconds_to_wait(self) -> float | None:
        """Give the seconds until there is something to do without an event, ``None`` where nothing waits for a time."""
        quiet_until = self._policy().quiet_until(self._now().astimezone()) if self._to_review else None
        ends = [self._paused_until, self._snoozed_until, quiet_until]
        if self._disk.trouble is not None:
            ends.append(self._now() + DISK_PAUSE)
        until = min((end for end in ends if end is not None), default=None)
        return None if until is None else max(0.0, (until - self._now()).total_seconds())
