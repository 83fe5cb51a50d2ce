"""What the deciding thread reads and writes: the disk, and memory for as long as the disk does not do its part.

Nothing here raises ``StoreError``: ``trouble`` says what is the matter. What could not be written waits, counts from
now on all the same, and is written when the disk does its part again. A damaged file is set aside and a new one
begun.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trayapp.core.causes import Cause
from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.store.errors import StoreError
from trayapp.store.healing import Healed, heal
from trayapp.store.overflow import Overflow
from trayapp.store.salvage import FIRST_IN_MEMORY
from trayapp.store.store import PAUSED_UNTIL, Store
from trayapp.store.times import from_text, to_text

log = logging.getLogger(__name__)

T = TypeVar("T")

_PAUSE = 1.0
"""Seconds at least between two attempts at a disk that has just failed."""


class Ledger:
    """The incidents and the small state, wherever they are. It belongs to the thread that first uses it.

    Args:
        path: The file.
        overflow: The alerts that the disk has not taken; shared with whoever commits.
        now: Gives the present moment, aware.
        pause: Seconds at least between two attempts at a disk that has just failed.

    Attributes:
        trouble: What the disk last said, ``None`` while it does its part.
    """

    def __init__(self, path: Path, overflow: Overflow, now: Callable[[], datetime], pause: float = _PAUSE) -> None:
        self._path, self._overflow, self._now, self._pause = path, overflow, now, pause
        self._store: Store | None = None
        self.trouble: StoreError | None = None
        self._again = 0.0
        self._told: dict[int, tuple[Severity, datetime]] = {}
        self._reviewed: dict[int, datetime] = {}
        self._state: dict[str, str | None] = {}
        self._numbers: dict[int, int] = {}
        self._moved: dict[int, int] = {}
        self._healed: Healed | None = None
        self._last: list[Incident] = []
        self._last_counts: dict[str, int] = {}
        self._last_existing = self._last_quarantined = self._last_unverified = 0

    def close(self) -> None:
        """Let go of the disk, after a last attempt to write what waits."""
        self._catch_up(at_once=True)
        self._let_go()

    def to_review(self) -> list[Incident]:
        """Give the incidents to review, newest first."""
        self._catch_up()
        self._last = self._read(Store.to_review, self._last)
        in_memory = self._overflow.to_review()
        # While these are in memory, their copies on disk are theirs: it is these that were told.
        held = {finding.fingerprint for each in self._overflow.incidents() for finding in each.findings}
        on_disk = [
            self._as_it_is(each)
            for each in self._last
            if each.id not in self._reviewed and not (held and {part.fingerprint for part in each.findings} <= held)
        ]
        return [*in_memory, *on_disk]

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        number = self._number(incident_id)
        if number >= FIRST_IN_MEMORY:
            return self._overflow.incident(number)
        kept = next((each for each in self._last if each.id == number), None)
        found = self._read(lambda store: store.incident(number), kept)
        return None if found is None else self._as_it_is(found)

    def mark_all_shown(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown, each at a severity."""
        mine, others = self._parted(told)
        if mine:
            self._overflow.mark_all_shown({number: told[given] for number, given in mine.items()}, when)
        for number, given in others.items():
            before, first = self._told.get(number, (Severity.LOW, when))
            self._told[number] = max(before, told[given]), first
        # What is known of a file that turns out damaged must not be older than what was told from it.
        self._last = [self._as_it_is(each) for each in self._last]
        self._catch_up(at_once=True)

    def review(self, incident_ids: Iterable[int], when: datetime) -> list[int]:
        """Mark incidents as reviewed; give those that were not, by the numbers that were given."""
        mine, others = self._parted(incident_ids)
        done = [mine[number] for number in self._overflow.review(list(mine), when)] if mine else []
        reviewed = self._reviewed_on_disk(lambda store: store.review(list(others), when), others, when)
        return [*done, *(others[number] for number in reviewed)]

    def review_all(self, when: datetime) -> list[int]:
        """Mark every incident to review as reviewed; give their numbers."""
        done = self._overflow.review_all(when) if len(self._overflow) else []
        every = [incident.id for incident in self._last]
        return [*done, *self._reviewed_on_disk(lambda store: store.review_all(when), every, when)]

    def note(self, watch: str, findings: Sequence[Finding], received: datetime) -> None:
        """Commit what no message said, but our own looking has found."""
        try:
            if self.trouble is None:
                self._opened().note(watch, findings, received)
                return
        except StoreError as error:
            self._fail(error)
        try:
            self._overflow.note(watch, findings, received)
        except StoreError:
            log.exception("what was found by looking cannot be kept")

    def remember(self, key: str, value: str) -> None:
        """Keep a small piece of state under a key; what was kept there is gone."""
        self._state[key] = value
        self._catch_up(at_once=True)

    def recall(self, key: str) -> str | None:
        """Give what is kept under a key, ``None`` if nothing is, or if it cannot be read."""
        if key in self._state:
            return self._state[key]
        return self._read(lambda store: store.recall(key), None)

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
        self._last_counts = self._read(Store.counts, self._last_counts)
        return self._last_counts

    def existing(self) -> int:
        """Give how many resources were there before we watched."""
        self._last_existing = self._read(Store.existing, self._last_existing)
        return self._last_existing

    def quarantined(self) -> int:
        """Give how many messages were put aside."""
        self._last_quarantined = self._read(Store.quarantined, self._last_quarantined)
        return self._last_quarantined

    def unverified(self) -> int:
        """Give how many messages wait for the certificate that proves or disproves them."""
        self._last_unverified = self._read(Store.unverified, self._last_unverified)
        return self._last_unverified

    def damaged(self) -> None:
        """Somebody who commits has found the file damaged: look at it, and set it aside if that is so."""
        self._heal()

    def moved(self) -> dict[int, int]:
        """Give what has come from memory to the disk since this was last asked: the new numbers by the old ones.

        The old numbers go on being understood.
        """
        moved, self._moved = self._moved, {}
        return moved

    def healed(self) -> Healed | None:
        """Give what was done about a damaged file since this was last asked."""
        healed, self._healed = self._healed, None
        return healed

    def _read(self, read: Callable[[Store], T], otherwise: T) -> T:
        try:
            return read(self._opened())
        except StoreError as error:
            self._fail(error)
            return otherwise

    def _reviewed_on_disk(
        self, review: Callable[[Store], list[int]], wanted: Iterable[int], when: datetime
    ) -> list[int]:
        if self.trouble is None:
            try:
                done = review(self._opened())
            except StoreError as error:
                self._fail(error)
            else:
                self._last = [each for each in self._last if each.id not in done]
                return done
        open_ones = {incident.id for incident in self._last} - self._reviewed.keys()
        done = [number for number in wanted if number in open_ones]
        self._reviewed.update(dict.fromkeys(done, when))
        return done

    def _catch_up(self, *, at_once: bool = False) -> None:
        """Write what waits, unless an attempt has just failed."""
        waits = self._told or self._reviewed or self._state or len(self._overflow)
        if not waits and self.trouble is None:
            return
        if time.monotonic() < self._again and not (at_once and self.trouble is None):
            return
        try:
            self._write(self._opened())
        except StoreError as error:
            self._fail(error)
            return
        if self.trouble is not None:
            log.info("the disk does its part again")
        self.trouble = None

    def _write(self, store: Store) -> None:
        if self.trouble is not None:
            store.prove_writable()
        numbers = self._overflow.pour(store)
        self._numbers.update(numbers)
        self._moved.update(numbers)
        for when in {when for _, when in self._told.values()}:
            told = {number: severity for number, (severity, at) in self._told.items() if at == when}
            store.mark_all_shown(told, when)
            self._told = {number: each for number, each in self._told.items() if number not in told}
        for when in set(self._reviewed.values()):
            reviewed = [number for number, at in self._reviewed.items() if at == when]
            store.review(reviewed, when)
            self._reviewed = {number: at for number, at in self._reviewed.items() if at != when}
        for key, value in list(self._state.items()):
            if value is None:
                store.forget(key)
            else:
                store.remember(key, value)
            del self._state[key]

    def _opened(self) -> Store:
        if self._store is None:
            if self.trouble is not None and time.monotonic() < self._again:
                raise self.trouble
            store = Store(self._path)
            try:
                store.check()
            except StoreError:
                store.close()
                raise
            self._store = store
        return self._store

    def _fail(self, error: StoreError) -> None:
        if error is self.trouble:
            return  # it was not even tried again
        if self.trouble is None or self.trouble.cause is not error.cause:
            log.error("%s", error)
        self.trouble = error
        self._again = time.monotonic() + self._pause
        if error.cause is Cause.STORE_DAMAGED:
            self._heal()
        elif error.cause is not Cause.DISK_FULL:
            self._let_go()

    def _heal(self) -> None:
        if sys.platform == "win32":
            self._let_go()  # no file can be moved there while it is open
        try:
            healed = heal(self._path, self._now(), [self._as_it_is(each) for each in self._last])
        except StoreError as error:
            log.exception("the damaged file cannot be set aside yet")
            self.trouble = error
            return
        finally:
            # Only now: whoever closes a file last tidies up its log, unless it has moved.
            self._let_go()
        if healed is not None:
            log.error(
                "%s was damaged and lies in %s now; %d incidents were carried over",
                self._path,
                healed.aside,
                healed.incidents,
            )
            self._healed, self.trouble = healed, None

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _number(self, incident_id: int) -> int:
        return self._numbers.get(incident_id, incident_id)

    def _parted(self, incident_ids: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Part incidents into those in memory and those on disk: the numbers they have now, and those given."""
        numbers = {self._number(given): given for given in incident_ids}
        in_memory = {number: given for number, given in numbers.items() if number >= FIRST_IN_MEMORY}
        return in_memory, {number: given for number, given in numbers.items() if number not in in_memory}

    def _as_it_is(self, incident: Incident) -> Incident:
        """Give an incident with what could not be written of it yet."""
        told = self._told.get(incident.id)
        if told is not None:
            heard = max(told[0], incident.told or told[0])
            incident = replace(incident, shown=incident.shown or told[1], told=heard)
        return replace(incident, reviewed=incident.reviewed or self._reviewed.get(incident.id))
