"""Alerts that the disk does not take just now, in memory: shown like all others, and moved to the disk when it does.

Their messages stay in the queue and come again, so that this need not last. What was told from here and what its owner
has said of it counts on disk as well, so that nothing rings twice; after a restart it does.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store.database import InMemory
from trayapp.store.errors import StoreError
from trayapp.store.salvage import FIRST_IN_MEMORY
from trayapp.store.stand import Act
from trayapp.store.store import Store

LARGEST = 64 * 1024 * 1024
"""Bytes; some twenty thousand findings. What comes beyond that waits in the queue, and is not shown before."""


class Overflow:
    """Incidents in memory; any thread may use it. Their numbers begin where no number on disk ever comes to.

    The lock is held for work in memory alone, never while a disk is waited for.
    """

    def __init__(self, largest: int = LARGEST) -> None:
        self._lock = threading.Lock()
        self._store = Store(InMemory(FIRST_IN_MEMORY, largest))
        self._count = 0

    def __len__(self) -> int:
        """Give how many incidents there are."""
        return self._count

    def close(self) -> None:
        """Forget everything."""
        with self._lock:
            self._store.close()

    def commit(self, watch: str, messages: Iterable[Judged], received: datetime, disk: Store | None = None) -> None:
        """Take a batch that the disk did not take; the same ones again change nothing.

        Args:
            watch: The account whose queue brought it.
            messages: The batch.
            received: When it came.
            disk: The caller's store, if it can be read: what is there already is told already.

        Raises:
            StoreError: Memory is full as well.
        """
        every = list(messages)
        told: frozenset[str] = frozenset()
        if disk is not None:
            with contextlib.suppress(StoreError):
                told = disk.holds(finding.fingerprint for message in every for finding in message.findings)
        news = [finding for message in every for finding in message.findings if finding.fingerprint not in told]
        self.note(watch, news, received)

    def note(self, watch: str, findings: Sequence[Finding], received: datetime) -> None:
        """Take findings of our own looking; the same ones again change nothing. Raises as ``commit`` does."""
        if not findings:
            return
        with self._lock:
            try:
                self._store.note(watch, findings, received)
            finally:
                self._count = self._store.count()

    def to_review(self) -> list[Incident]:
        """Give the incidents to review, newest first."""
        return self._read(self._store.to_review)

    def incidents(self) -> list[Incident]:
        """Give every incident, newest first."""
        return self._read(self._store.incidents)

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        with self._lock:
            return self._store.incident(incident_id)

    def mark_all_shown(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown, each at a severity."""
        with self._lock:
            self._store.mark_all_shown(told, when)

    def review(self, incident_ids: Sequence[int], when: datetime) -> list[int]:
        """Mark incidents as reviewed; give those that were not."""
        with self._lock:
            return self._store.review(incident_ids, when)

    def review_all(self, when: datetime) -> list[int]:
        """Mark every incident to review as reviewed that goes with all, as ``Store.review_all``; give their numbers."""
        with self._lock:
            return self._store.review_all(when)

    def act(self, act: Act, incident_ids: Sequence[int]) -> list[int]:
        """Write down a decision or a snooze; give the incidents for which that changes anything."""
        with self._lock:
            return self._store.act(act, incident_ids)

    def undo(self, incident_id: int) -> bool:
        """Take back the last decision or snooze of an incident; tell whether there was any."""
        with self._lock:
            return self._store.undo(incident_id)

    def pour(self, disk: Store, state: Mapping[str, str | None] = MappingProxyType({})) -> dict[int, int]:
        """Move everything to the disk, with what was told of it and what its owner has said.

        What changes here while the disk is written to stays here as well, and is moved the next time.

        Args:
            disk: The caller's store.
            state: What is to be known there since these were found; written in the same commit.

        Returns:
            The numbers on disk, by those here; none where there was nothing to move, and then no state is written.

        Raises:
            StoreError: The disk does not take it; everything is still here.
        """
        if not self._count:
            return {}
        with self._lock:
            moving = self._store.incidents()
            said = self._store.said(each.id for each in moving)
        numbers = disk.adopt(reversed(moving), said, state)
        with self._lock:
            now = {each.id: each for each in self._store.incidents()}
            self._store.discard([each.id for each in moving if each == now.get(each.id)])
            self._count = self._store.count()
        return numbers

    def _read(self, read: Callable[[], list[Incident]]) -> list[Incident]:
        if not self._count:
            return []
        with self._lock:
            return read()
