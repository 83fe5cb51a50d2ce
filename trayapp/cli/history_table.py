"""The history as a table, fitted to the terminal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

import click

from trayapp.cli.terminal import cell, colored
from trayapp.core import words
from trayapp.core.clock import Clock
from trayapp.core.history import ended
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity

_GAP = "  "
_TITLE = 32
"""The columns that what happened has before anything else is told beside it."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its heading, how many columns of the terminal it takes, and whether it is set to the right."""

    heading: str
    width: int
    right: bool = False


_ALWAYS = (_Column("ID", 6, right=True), _Column("WHEN", 16), _Column("SEVERITY", 8))
_IF_ROOM = (_Column("STATE", 9), _Column("ACCOUNT", 16), _Column("REGION", 14))
"""The weightiest first."""


class Table:
    """Writes incidents as lines of a table; what does not fit on the terminal is left out or cut.

    Args:
        labels: What each account is called.
        clock: The moment and the reader's zone.
        width: The columns of the terminal; ``None`` for no limit.
        stream: Where the lines will be written.
    """

    def __init__(self, labels: Mapping[str, str], clock: Clock, width: int | None, stream: TextIO) -> None:
        self._labels, self._clock, self._stream = labels, clock, stream
        shown = list(_ALWAYS)
        for column in _IF_ROOM:
            if width is not None and _taken([*shown, column]) + _TITLE > width:
                break
            shown.append(column)
        self._columns = tuple(shown)
        self._title = None if width is None else max(8, width - _taken(shown))

    def lines(self, incidents: Iterable[Incident]) -> Iterator[str]:
        """Give the lines, a heading before the first; nothing if there are no incidents."""
        heading = True
        for incident in incidents:
            if heading:
                cells = [cell(each.heading, each.width, self._stream, right=each.right) for each in self._columns]
                yield click.style(_GAP.join([*cells, "WHAT"]), bold=True)
                heading = False
            yield self._line(incident)

    def _line(self, incident: Incident) -> str:
        label = self._labels.get(incident.watch, incident.watch)
        texts = {
            "ID": str(incident.id),
            "WHEN": self._clock.moment(ended(incident)),
            "SEVERITY": incident.severity.word,
            "STATE": state(incident, self._clock),
            "ACCOUNT": label,
            "REGION": _regions(incident),
        }
        cells = [cell(texts[each.heading], each.width, self._stream, right=each.right) for each in self._columns]
        place = [each.heading for each in self._columns].index("SEVERITY")
        cells[place] = colored(cells[place], incident.severity)
        title = cell(words.title(incident, label), self._title, self._stream).rstrip()
        return _GAP.join([*cells, title])


def state(incident: Incident, clock: Clock) -> str:
    """Say in a word or two what has become of an incident."""
    if incident.decision is Decision.NOT_MINE:
        return "not mine"
    if incident.reviewed:
        return "mine" if incident.decision is Decision.MINE else "reviewed"
    if incident.muted:
        return "muted"
    if incident.severity is Severity.LOW:
        return "noted"
    if incident.snoozed and incident.snoozed > clock.now:
        return "snoozed"
    return "to review"


def _taken(columns: Iterable[_Column]) -> int:
    return sum(column.width + len(_GAP) for column in columns)


def _regions(incident: Incident) -> str:
    regions = {part.region for part in incident.parts}
    return next(iter(regions)) if len(regions) == 1 else f"{len(regions)} Regions"
