"""What was heard and said of incidents on disk while nothing could be written there; it counts all the same."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store.stand import Act, Decide, Stand, Undo
from trayapp.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Said:
    """Something that was said.

    Attributes:
        act: What was said.
        heard: The fingerprints of what it was said of.
    """

    act: Act | Undo
    heard: frozenset[str]

    @property
    def not_mine(self) -> bool:
        """Whether it says that it was somebody else."""
        return isinstance(self.act, Decide) and self.act.decision is Decision.NOT_MINE

    def covers(self, incident: Incident) -> bool:
        """Tell whether it still counts: nothing has joined meanwhile that its owner must hear of."""
        news = (each for each in incident.findings if each.severity > Severity.LOW and not each.muted)
        return self.not_mine or all(each.fingerprint in self.heard for each in news)


@dataclass(frozen=True, slots=True)
class _Told:
    """That an incident was shown: at which severity at the most, when first, and when last."""

    severity: Severity
    first: datetime
    last: datetime


class Unwritten:
    """What waits to be written of incidents on disk, by their numbers."""

    def __init__(self) -> None:
        self._told: dict[int, _Told] = {}
        self._said: dict[int, list[_Said]] = {}

    def __bool__(self) -> bool:
        """Tell whether anything waits."""
        return bool(self._told or self._said)

    def tell(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown, each at a severity."""
        for number, severity in told.items():
            before = self._told.get(number, _Told(severity, when, when))
            self._told[number] = _Told(max(before.severity, severity), before.first, when)

    def say(self, incident: Incident, act: Act) -> None:
        """Note what was said of an incident."""
        self._wait(incident, act)

    def said(self) -> frozenset[int]:
        """Give the incidents of which something was said."""
        return frozenset(self._said)

    def undo(self, incident: Incident, before: list[Stand]) -> bool:
        """Take back what was said last of an incident.

        Args:
            incident: The incident as it is now.
            before: How its owner stood to it before each thing that he can take back on disk, the last one first.

        Returns:
            Whether there was anything to take back.
        """
        waiting = self._said.get(incident.id, [])
        if waiting and not isinstance(waiting[-1].act, Undo):
            waiting.pop()
            if not waiting:
                del self._said[incident.id]
            return True
        # What waits can only be what was taken back already: of what is on disk, that much more is next.
        if len(before) <= len(waiting):
            return False
        self._wait(incident, Undo(before[len(waiting)]))
        return True

    def as_told(self, incident: Incident) -> Incident:
        """Give an incident from disk with what waits of its having been told."""
        told = self._told.get(incident.id)
        if told is None:
            return incident
        heard = max(told.severity, incident.told or told.severity)
        snoozed = incident.snoozed if incident.snoozed and incident.snoozed > told.last else None
        return replace(incident, shown=incident.shown or told.first, told=heard, snoozed=snoozed)

    def as_it_is(self, incident: Incident) -> Incident:
        """Give an incident from disk with all that waits."""
        now = self.as_told(incident)
        for said in self._said.get(incident.id, []):
            if said.covers(incident):
                now = said.act.after(Stand.of(now)).put_on(now)
            if isinstance(said.act, Decide) and said.not_mine:
                heard = max(now.told or Severity.LOW, now.severity)
                now = replace(now, shown=now.shown or said.act.when, told=heard)
        return now

    def write(self, store: Store) -> None:
        """Write everything; what is written waits no longer, even if something else cannot be.

        Raises:
            StoreError: The disk does not do its part.
        """
        for when in sorted({when for each in self._told.values() for when in (each.first, each.last)}):
            told = {number: each.severity for number, each in self._told.items() if when in (each.first, each.last)}
            store.mark_all_shown(told, when)
        self._told.clear()
        while self._said:
            self._write_first(store)

    def _write_first(self, store: Store) -> None:
        """Write the first thing that was said of each incident, whatever is the same together."""
        together: dict[Act | Undo, list[int]] = {}
        for number, waiting in list(self._said.items()):
            incident = store.incident(number)
            if incident is None or not waiting[0].covers(incident):
                log.info("alert %d has grown since, so that what was said of it does not count", number)
                del self._said[number]
            else:
                together.setdefault(waiting[0].act, []).append(number)
        for act, numbers in together.items():
            if isinstance(act, Undo):
                for number in numbers:
                    store.undo(number)
                    self._written(number)
            else:
                store.act(act, numbers)
                for number in numbers:
                    self._written(number)

    def _written(self, number: int) -> None:
        del self._said[number][0]
        if not self._said[number]:
            del self._said[number]

    def _wait(self, incident: Incident, act: Act | Undo) -> None:
        heard = frozenset(each.fingerprint for each in incident.findings)
        self._said.setdefault(incident.id, []).append(_Said(act, heard))
