"""What the window asks of the rest: the store, the settings, the browser and the running tray. No Tk."""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trayapp.core.clock import Clock
from trayapp.core.history import Day, Wanted
from trayapp.core.incidents import Decision, Incident
from trayapp.core.response import Step, around, done_steps, mark, relatives, steps, support_text
from trayapp.desktop import instance
from trayapp.desktop.browser import Browser
from trayapp.review.rows import in_review_order, is_settled, is_snoozed
from trayapp.settings import Paths, Settings, SettingsError, load
from trayapp.store import Store

PAGE = 200
"""So many incidents of the history are read at once: some screens full."""
_MOST_RELATED = 500
"""So many incidents around one are looked through for what belongs to the same affair."""
_TRAY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Message:
    """A raw message behind an incident.

    Attributes:
        received: When it came, aware.
        body: As it stood in the queue.
        whole: All of it is here; otherwise this is the beginning of a long one.
    """

    received: datetime
    body: str
    whole: bool = True


class Desk:
    """Everything behind the window. Methods that touch the disk raise ``StoreError``.

    Args:
        paths: Where things live.
    """

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._store = Store(paths.store)
        try:
            self._settings = load(paths.settings)
        except SettingsError:
            # The tray says what is wrong with them; here they only give names and the browser.
            self._settings = Settings()
        self._done: list[list[int]] = []
        self._labels = {account.name: account.called for account in self._settings.accounts}

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    @property
    def file(self) -> Path:
        """The file of the store."""
        return self._paths.store

    def clock(self) -> Clock:
        """Give the present moment and this computer's time zone."""
        return Clock(datetime.now(UTC), datetime.astimezone)

    def label(self, incident: Incident) -> str:
        """Give what its owner calls an incident's account."""
        return self._labels.get(incident.watch, incident.watch)

    def accounts(self) -> list[tuple[str, str]]:
        """Give every account of the settings: its label and its name."""
        return [(account.called, account.name) for account in self._settings.accounts]

    # ---- looking

    def to_review(self) -> list[Incident]:
        """Give what waits, the heaviest first, of several the newest; what is snoozed last."""
        return in_review_order(self._store.to_review(), self.clock().now)

    def waiting(self) -> int:
        """Give how many incidents wait and are not snoozed."""
        now = self.clock().now
        return sum(not is_snoozed(each, now) for each in self._store.to_review())

    def page(self, wanted: Wanted, after: int | None) -> list[Incident]:
        """Give the next ``PAGE`` incidents of the history, newest first.

        Args:
            wanted: Which.
            after: The number of the last one that is known already; ``None`` for the first page.
        """
        return self._store.search(wanted, PAGE, after)

    def count(self, wanted: Wanted) -> int:
        """Give how many incidents of the history are wanted."""
        return self._store.count(wanted)

    def days(self, since: datetime, until: datetime) -> Sequence[Day]:
        """Give how many incidents there were on each day of a span."""
        return self._store.per_day(since, until, self.clock().localise)

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        return self._store.incident(incident_id)

    def messages(self, incident_id: int) -> list[Message]:
        """Give the raw messages behind an incident, as far as they are kept, in the order in which they came."""
        return [Message(body.received, body.body, body.whole) for body in self._store.bodies(incident_id)]

    # ---- deciding

    def open(self, incident: Incident, url: str) -> None:
        """Open a page about an incident; by its owner's rule it counts as looked at then.

        Raises:
            BrowserFailed: It cannot be opened.
        """
        self.browse(url)
        waits = not is_settled(incident) and incident.decision is None
        if waits and self._settings.policy.review_on_open.covers(incident.severity):
            self.decide([incident.id], Decision.SEEN)

    def browse(self, url: str) -> None:
        """Open a page.

        Raises:
            BrowserFailed: It cannot be opened.
        """
        Browser(self._settings.browser_command).open(url)

    def decide(self, incident_ids: Sequence[int], decision: Decision, note: str = "") -> list[int]:
        """Keep what its owner says of incidents; give those that this has changed."""
        changed = self._store.decide(incident_ids, decision, self.clock().now, note)
        if changed:
            self._done.append(changed)
        self._tell()
        return changed

    def decide_all(self) -> list[int]:
        """Mark what waits as reviewed, but for what its owner has said that it was not him; give the numbers."""
        waiting = [each.id for each in self._store.to_review() if each.decision is not Decision.NOT_MINE]
        return self.decide(waiting, Decision.SEEN) if waiting else []

    def snooze(self, incident_id: int, until: datetime) -> bool:
        """Let an incident be until a moment; tell whether that changes anything, as it does unless it is settled."""
        changed = self._store.snooze([incident_id], until, self.clock().now)
        if changed:
            self._done.append(changed)
        self._tell()
        return bool(changed)

    def undo_last(self, incident_id: int | None) -> list[int]:
        """Take back what was decided last at this desk, else the last decision about an incident.

        Args:
            incident_id: The incident that is meant where nothing was decided here yet.

        Returns:
            The incidents of which something was taken back.
        """
        meant = self._done.pop() if self._done else [] if incident_id is None else [incident_id]
        undone = [each for each in meant if self._store.undo(each)]
        self._tell()
        return undone

    # ---- not me

    def steps(self, incident: Incident) -> tuple[Step, ...]:
        """Give what to do if an incident was not its owner's doing, in order."""
        return steps(incident, self._related(incident))

    def ticked(self, incident: Incident) -> frozenset[str]:
        """Give the steps that are done."""
        return done_steps(self._store, incident, self._related(incident))

    def tick(self, incident: Incident, step: str, *, done: bool) -> None:
        """Keep that a step is done, or not done after all."""
        mark(self._store, incident, self._related(incident), step, self.clock().now, done=done)

    def support_text(self, incident: Incident) -> str:
        """Write everything about an incident for AWS Support."""
        related = self._related(incident)
        done = done_steps(self._store, incident, related)
        return support_text(incident, related, done, self.clock(), self.label(incident))

    def _related(self, incident: Incident) -> tuple[Incident, ...]:
        return relatives(incident, self._store.search(around(incident), _MOST_RELATED))

    def _tell(self) -> None:
        """Tell the tray, without waiting for it, that the store has changed."""
        threading.Thread(target=self._ask_tray, name="tell the tray", daemon=True).start()

    def _ask_tray(self) -> None:
        with contextlib.suppress(instance.NotRunning, instance.NoAnswer):
            instance.ask(self._paths.runtime, {"ask": "changed"}, _TRAY_SECONDS)
