"""What the window asks of the rest: the store, the settings, the browser and the running tray. No Tk."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trayapp.core.clock import Clock
from trayapp.core.history import Day, Facets, Wanted
from trayapp.core.incidents import Decision, Incident
from trayapp.core.offering import Offer, Trial, covering, offers, tried_on
from trayapp.core.policy import Mute
from trayapp.core.response import Step, around, done_steps, mark, relatives, steps, support_text
from trayapp.desktop import instance
from trayapp.desktop.browser import Browser
from trayapp.review.rows import in_review_order, is_settled
from trayapp.settings import Paths, Settings, SettingsError, load
from trayapp.store import Store

PAGE = 200
"""So many incidents of the history are read at once: some screens full."""
_TRIED_AT_ONCE = 100
"""So many incidents are looked through in a time that nobody notices: some hundredths of a second."""
_MOST_RELATED = 500
"""So many incidents around one are looked through for what belongs to the same affair."""
_TRAY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Done:
    """What was decided at once, and is taken back at once.

    Attributes:
        incidents: The numbers of the incidents that were decided about.
        rule: The rule that was made with it.
    """

    incidents: list[int]
    rule: Mute | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of marking all.

    Attributes:
        marked: The numbers of those that are reviewed now.
        left: So many wait all the same.
    """

    marked: list[int]
    left: int


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
            self.follow(load(paths.settings))
        except SettingsError:
            # The tray says what is wrong with them; here they only give names and the browser.
            self.follow(Settings())
        self._done: list[Done] = []

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    @property
    def file(self) -> Path:
        """The file of the store."""
        return self._paths.store

    @property
    def paths(self) -> Paths:
        """Where things live."""
        return self._paths

    def follow(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        self._settings = settings
        self._labels = {account.name: account.called for account in settings.accounts}

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
        return self._store.waiting(self.clock().now)

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

    def facets(self) -> Facets:
        """Give the Regions and signals that there are in the history."""
        return self._store.facets()

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
        self._keep(changed)
        return changed

    def review_all(self) -> Reviewed:
        """Mark what waits as reviewed, but for what is said not to be its owner's, and what is put off."""
        marked = self._store.review_all(self.clock().now)
        self._keep(marked)
        return Reviewed(marked, len(self._store.to_review()))

    def snooze(self, incident_id: int, until: datetime) -> bool:
        """Let an incident be until a moment; tell whether that changes anything, as it does unless it is settled."""
        changed = self._store.snooze([incident_id], until, self.clock().now)
        self._keep(changed)
        return bool(changed)

    def _keep(self, changed: list[int]) -> None:
        """Keep what can be taken back, and tell of it."""
        if changed:
            self._done.append(Done(changed))
        self._tell()

    def undo_last(self, incident_id: int | None) -> Done:
        """Take back what was decided last at this desk, else the last decision about an incident.

        Args:
            incident_id: The incident that is meant where nothing was decided here yet.

        Returns:
            Of what something was taken back.

        Raises:
            SettingsError: A rule that was made cannot be taken out of the settings; nothing is taken back then.
        """
        meant = self._done[-1] if self._done else Done([] if incident_id is None else [incident_id])
        if meant.rule is not None:
            self._change_rules(meant.rule, made=False)
        undone = Done([each for each in meant.incidents if self._store.undo(each)], meant.rule)
        del self._done[-1:]
        self._tell()
        return undone

    # ---- always

    def offers(self, incident: Incident) -> tuple[Offer, ...]:
        """Give the rules that would keep quiet what is like an incident."""
        return offers(incident)

    def covering(self, incident: Incident) -> Mute | None:
        """Give the rule that keeps quiet already what is like an incident from now on."""
        clock = self.clock()
        return covering(self._settings.policy.mutes, incident, clock.localise(clock.now))

    def trials(self, rules: Sequence[Mute]) -> Iterator[tuple[Trial, ...]]:
        """Try rules on what was told lately, a little at a time; each time give what is known so far of each."""
        wanted = tried_on(self.clock().now)
        tried, after = tuple(Trial() for _ in rules), None
        while page := self._store.search(wanted, _TRIED_AT_ONCE, after):
            tried = tuple(trial.further(rule, page) for trial, rule in zip(tried, rules, strict=True))
            after = page[-1].id
            yield tried
        yield tried

    def make_rule(self, incident_id: int, rule: Mute, note: str) -> None:
        """Add a rule to the settings, and keep that an incident was its owner's doing.

        Raises:
            SettingsError: It cannot be added; nothing is kept then.
        """
        self._change_rules(rule, made=True)
        self._done.append(Done([], rule))
        changed = self._store.decide([incident_id], Decision.MINE, self.clock().now, note)
        self._done[-1] = Done(changed, rule)
        self._tell()

    def _change_rules(self, rule: Mute, *, made: bool) -> None:
        # Not at the top: few need it, and starting is quicker without.
        from trayapp.settings.edit import add_mute, remove_mute  # noqa: PLC0415 - see above

        (add_mute if made else remove_mute)(self._paths.settings, rule)
        self.follow(load(self._paths.settings))
        self._tell("reload")

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

    def _tell(self, news: str = "changed") -> None:
        """Tell the tray, without waiting for it, that the store has changed, or (``reload``) that the settings have."""
        threading.Thread(target=self._ask_tray, args=(news,), name="tell the tray", daemon=True).start()

    def _ask_tray(self, news: str) -> None:
        with contextlib.suppress(instance.NotRunning, instance.NoAnswer):
            instance.ask(self._paths.runtime, {"ask": news}, _TRAY_SECONDS)
