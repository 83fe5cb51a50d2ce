"""What the deciding thread reads and writes: the disk, and memory for as long as the disk does not do its part.

Nothing here raises ``StoreError``: ``trouble`` says what is the matter. What could not be written waits, counts from
now on all the same, and is written when the disk does its part again. A damaged file is set aside and a new one
begun.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from trayapp.core.finding import Finding
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store.disk import Disk
from trayapp.store.errors import StoreError
from trayapp.store.healing import Healed
from trayapp.store.overflow import Overflow
from trayapp.store.salvage import FIRST_IN_MEMORY
from trayapp.store.stand import Act, Decide, Snooze, Stand, goes_with_all, is_open
from trayapp.store.store import PAUSED_UNTIL, Store
from trayapp.store.times import from_text, to_text
from trayapp.store.unwritten import Unwritten

log = logging.getLogger(__name__)

_NOTHING: Mapping[str, str] = MappingProxyType({})

_PAUSE = 1.0
"""Seconds at least between two attempts at a disk that has just failed."""


class Ledger:
    """The incidents and the small state, wherever they are. It belongs to the thread that first uses it.

    Args:
        path: The file.
        overflow: The alerts that the disk has not taken; shared with whoever commits.
        now: Gives the present moment, aware.
        pause: Seconds at least between two attempts at a disk that has just failed.
    """

    def __init__(self, path: Path, overflow: Overflow, now: Callable[[], datetime], pause: float = _PAUSE) -> None:
        self._overflow = overflow
        self._disk = Disk(path, now, pause, lambda: [self._unwritten.as_it_is(each) for each in self._last])
        self._unwritten = Unwritten()
        self._state: dict[str, str | None] = {}
        self._numbers: dict[int, int] = {}
        self._moved: dict[int, int] = {}
        self._last: list[Incident] = []
        self._last_counts: dict[str, int] = {}
        self._last_existing = self._last_quarantined = self._last_unverified = 0

    @property
    def trouble(self) -> StoreError | None:
        """What the disk last said, ``None`` while it does its part."""
        return self._disk.trouble

    def close(self) -> None:
        """Let go of the disk, after a last attempt to write what waits."""
        self._catch_up(at_once=True)
        self._disk.let_go()

    def to_review(self) -> list[Incident]:
        """Give the incidents to review, newest first."""
        self._catch_up()
        self._last = self._disk.read(Store.to_review, self._last)
        in_memory = self._overflow.to_review()
        # While these are in memory, their copies on disk are theirs: it is these that were told.
        held = {finding.fingerprint for each in self._overflow.incidents() for finding in each.findings}
        on_disk = [
            each for each in self._open_on_disk() if not (held and {part.fingerprint for part in each.findings} <= held)
        ]
        return [*in_memory, *on_disk]

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        number = self._number(incident_id)
        if number >= FIRST_IN_MEMORY:
            return self._overflow.incident(number)
        kept = next((each for each in self._last if each.id == number), None)
        found = self._disk.read(lambda store: store.incident(number), kept)
        return None if found is None else self._unwritten.as_it_is(found)

    def mark_all_shown(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown, each at a severity."""
        mine, others = self._parted(told)
        if mine:
            self._overflow.mark_all_shown({number: told[given] for number, given in mine.items()}, when)
        self._unwritten.tell({number: told[given] for number, given in others.items()}, when)
        # What is known of a file that turns out damaged must not be older than what was told from it.
        self._last = [self._unwritten.as_told(each) for each in self._last]
        self._catch_up(at_once=True)

    def review(self, incident_ids: Iterable[int], when: datetime) -> list[int]:
        """Mark incidents as reviewed; give those that were not, by the numbers that were given."""
        mine, others = self._parted(incident_ids)
        done = [mine[number] for number in self._overflow.review(list(mine), when)] if mine else []
        seen = Decide(Decision.SEEN, when)
        return [*done, *self._said_on_disk(lambda store: store.review(list(others), when), seen, others, fresh=True)]

    def review_all(self, when: datetime) -> list[int]:
        """Mark every incident to review as reviewed that goes with all, as ``Store.review_all``; give their numbers."""
        done = self._overflow.review_all(when) if len(self._overflow) else []
        every = {each.id: each.id for each in self._open_on_disk() if goes_with_all(Stand.of(each), when)}
        seen = Decide(Decision.SEEN, when)
        return [*done, *self._said_on_disk(lambda store: store.review_all(when), seen, every, fresh=True)]

    def decide(self, incident_ids: Iterable[int], decision: Decision, when: datetime, note: str = "") -> list[int]:
        """Write down what its owner says of incidents, as ``Store.decide``; give those that this changes."""
        return self._say(Decide(decision, when, note), incident_ids)

    def snooze(self, incident_ids: Iterable[int], until: datetime, when: datetime) -> list[int]:
        """Let incidents be silent for a while, as ``Store.snooze``; give those that this changes."""
        return self._say(Snooze(until, when), incident_ids)

    def undo(self, incident_id: int) -> bool:
        """Take back the last decision or snooze of an incident, as ``Store.undo``; tell whether there was any."""
        number = self._number(incident_id)
        if number >= FIRST_IN_MEMORY:
            return self._overflow.undo(number)
        if self.trouble is None and number not in self._unwritten.said():
            try:
                done = self._disk.opened().undo(number)
            except StoreError as error:
                self._disk.fail(error)
            else:
                self._last = self._disk.read(Store.to_review, self._last)
                return done
        incident, nothing = self.incident(number), list[Stand]()
        before = self._disk.read(lambda store: store.undoable(number), nothing)
        return incident is not None and self._unwritten.undo(incident, before)

    def note(
        self, watch: str, findings: Sequence[Finding], received: datetime, state: Mapping[str, str] = _NOTHING
    ) -> None:
        """Commit what no message said, but our own looking has found.

        Args:
            watch: The account that it is about.
            findings: What was found.
            received: When, aware.
            state: What is to be remembered from now on since it was found, by its keys: in the same commit, lest the
                same is found and told again.
        """
        try:
            if self.trouble is None:
                self._disk.opened().note(watch, findings, received, state)
                for key in state:
                    self._state.pop(key, None)  # it may wait since the file was damaged, and is older than this
                return
        except StoreError as error:
            self._disk.fail(error)
        try:
            self._overflow.note(watch, findings, received)
        except StoreError:
            # Nor is it remembered as found, so that the next look finds it again.
            log.exception("what was found by looking cannot be kept")
        else:
            self._state.update(state)

    def remember(self, key: str, value: str) -> None:
        """Keep a small piece of state under a key; what was kept there is gone."""
        self._state[key] = value
        self._catch_up(at_once=True)

    def recall(self, key: str) -> str | None:
        """Give what is kept under a key, ``None`` if nothing is, or if it cannot be read."""
        if key in self._state:
            return self._state[key]
        return self._disk.read(lambda store: store.recall(key), None)

    def forget(self, key: str) -> None:
        """Keep nothing under a key any more."""
        self._state[key] = None
        self._catch_up(at_once=True)

    def paused_until(self) -> datetime | None:
        """Give when the pause ends, ``None`` without one."""
        return from_text(self.recall(PAUSED_UNTIL))

    def pause_until(self, when: datetime | None) -> None:
        """Set or, with ``None``, end the pause."""
        if when is None:
            self.forget(PAUSED_UNTIL)
        else:
            self.remember(PAUSED_UNTIL, to_text(when))

    def counts(self) -> dict[str, int]:
        """Give how many messages of each kind were consumed."""
        self._last_counts = self._disk.read(Store.counts, self._last_counts)
        return self._last_counts

    def existing(self) -> int:
        """Give how many resources were there before we watched."""
        self._last_existing = self._disk.read(Store.existing, self._last_existing)
        return self._last_existing

    def quarantined(self) -> int:
        """Give how many messages were put aside."""
        self._last_quarantined = self._disk.read(Store.quarantined, self._last_quarantined)
        return self._last_quarantined

    def unverified(self) -> int:
        """Give how many messages wait for the certificate that proves or disproves them."""
        self._last_unverified = self._disk.read(Store.unverified, self._last_unverified)
        return self._last_unverified

    def damaged(self) -> None:
        """Somebody who commits has found the file damaged: look at it, and set it aside if that is so."""
        self._disk.heal()

    def moved(self) -> dict[int, int]:
        """Give what has come from memory to the disk since this was last asked: the new numbers by the old ones.

        The old numbers go on being understood.
        """
        moved, self._moved = self._moved, {}
        return moved

    def healed(self) -> Healed | None:
        """Give what was done about a damaged file since this was last asked."""
        healed, self._disk.healed = self._disk.healed, None
        return healed

    def _say(self, act: Act, incident_ids: Iterable[int]) -> list[int]:
        mine, others = self._parted(incident_ids)
        done = [mine[number] for number in self._overflow.act(act, list(mine))] if mine else []
        return [*done, *self._said_on_disk(lambda store: store.act(act, list(others)), act, others)]

    def _said_on_disk(
        self, say: Callable[[Store], list[int]], act: Act, wanted: Mapping[int, int], *, fresh: bool = False
    ) -> list[int]:
        """Write down what was said of incidents on disk, or let it wait; give those that this changes.

        Args:
            say: Writes it down.
            act: What was said.
            wanted: The incidents: the numbers they have now, and those given.
            fresh: It is said only of what is not reviewed.
        """
        if self.trouble is None:
            try:
                done = say(self._disk.opened())
            except StoreError as error:
                self._disk.fail(error)
            else:
                after = [act.after(Stand.of(each)).put_on(each) if each.id in done else each for each in self._last]
                self._last = [each for each in after if each.reviewed is None]
                return [wanted.get(number, number) for number in done]
        changed = []
        for number, given in wanted.items():
            incident = self.incident(number)
            before = Stand.of(incident) if incident else Stand()
            if incident and act.after(before) != before and not (fresh and before.reviewed):
                self._unwritten.say(incident, act)
                changed.append(given)
        return changed

    def _open_on_disk(self) -> list[Incident]:
        """Give the incidents on disk that are to be reviewed, as they are now, newest first."""
        known = {each.id: self._unwritten.as_it_is(each) for each in self._last}
        # What was taken back makes one open that the disk still takes for reviewed.
        for number in self._unwritten.said() - known.keys():
            incident = self.incident(number)
            if incident is not None:
                known[number] = incident
        weighed = ((each, each.severity > Severity.LOW and not each.muted) for _, each in sorted(known.items()))
        return [each for each, weighs in weighed if is_open(Stand.of(each), weighs=weighs)][::-1]

    def _catch_up(self, *, at_once: bool = False) -> None:
        """Write what waits, unless an attempt has just failed."""
        waits = self._unwritten or self._state or len(self._overflow)
        if not waits and self.trouble is None:
            return
        if self._disk.rests and not (at_once and self.trouble is None):
            return
        try:
            self._write(self._disk.opened())
        except StoreError as error:
            self._disk.fail(error)
            return
        self._disk.works()

    def _write(self, store: Store) -> None:
        if self.trouble is not None:
            store.prove_writable()
        numbers = self._overflow.pour(store, self._state)
        if self._state and not numbers:
            store.keep_state(self._state)
        self._state.clear()
        self._numbers.update(numbers)
        self._moved.update(numbers)
        self._unwritten.write(store)

    def _number(self, incident_id: int) -> int:
        return self._numbers.get(incident_id, incident_id)

    def _parted(self, incident_ids: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Part incidents into those in memory and those on disk: the numbers they have now, and those given."""
        numbers = {self._number(given): given for given in incident_ids}
        in_memory = {number: given for number, given in numbers.items() if number >= FIRST_IN_MEMORY}
        return in_memory, {number: given for number, given in numbers.items() if number not in in_memory}
