"""Which steps are done, as its owner has ticked them off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from trayapp.core.incidents import Incident


class Ticks(Protocol):
    """Keeps what is ticked off; the store does."""

    def ticked(self, incident_id: int) -> frozenset[str]:
        """Give the steps of an incident that are done, by id."""
        ...

    def tick(self, incident_id: int, step: str, when: datetime, *, done: bool) -> None:
        """Note that a step of an incident is done, or is not."""
        ...


def done_steps(ticks: Ticks, incident: Incident, related: Sequence[Incident]) -> frozenset[str]:
    """Give the steps that are done, under this incident or another of the same affair: a key is off once for all."""
    return frozenset().union(*(ticks.ticked(each.id) for each in (incident, *related)))


def mark(
    ticks: Ticks, incident: Incident, related: Sequence[Incident], step: str, when: datetime, *, done: bool
) -> None:
    """Tick a step off, or take that back wherever it was ticked off."""
    if done:
        ticks.tick(incident.id, step, when, done=True)
        return
    for each in (incident, *related):
        if step in ticks.ticked(each.id):
            ticks.tick(each.id, step, when, done=False)
