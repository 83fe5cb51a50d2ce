"""The history as a table, fitted to the terminal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TextIO

import click

from trayapp.cli.terminal import at_least, cell, colored, severity_word
from trayapp.core import words
from trayapp.core.clock import Clock
from trayapp.core.history import ended
from trayapp.core.incidents import Decision, Incident
from trayapp.core.language import mark, say, say_count
from trayapp.core.severity import Severity

_GAP = "  "
_TITLE = 32
"""The columns that what happened has before anything else is told beside it."""


class _Heading(Enum):
    """What stands above each column."""

    ID = mark("ID")
    WHEN = mark("WHEN")
    SEVERITY = mark("SEVERITY")
    STATE = mark("STATE")
    ACCOUNT = mark("ACCOUNT")
    REGION = mark("REGION")
    WHAT = mark("WHAT")


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its heading, how many columns of the terminal it takes, and whether it is set to the right."""

    heading: _Heading
    width: int
    right: bool = False


class _State(Enum):
    """What has become of an incident, in a word or two."""

    NOT_MINE = mark("not mine")
    MINE = mark("mine")
    REVIEWED = mark("reviewed")
    MUTED = mark("muted")
    NOTED = mark("noted")
    SNOOZED = mark("snoozed")
    TO_REVIEW = mark("to review")


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
        always, if_room = _columns()
        shown = list(always)
        for column in if_room:
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
                cells = [
                    cell(say(each.heading.value), each.width, self._stream, right=each.right) for each in self._columns
                ]
                yield click.style(_GAP.join([*cells, say(_Heading.WHAT.value)]), bold=True)
                heading = False
            yield self._line(incident)

    def _line(self, incident: Incident) -> str:
        label = self._labels.get(incident.watch, incident.watch)
        texts = {
            _Heading.ID: str(incident.id),
            _Heading.WHEN: self._clock.moment(ended(incident)),
            _Heading.SEVERITY: severity_word(incident.severity),
            _Heading.STATE: state(incident, self._clock),
            _Heading.ACCOUNT: label,
            _Heading.REGION: _regions(incident),
        }
        cells = [cell(texts[each.heading], each.width, self._stream, right=each.right) for each in self._columns]
        place = [each.heading for each in self._columns].index(_Heading.SEVERITY)
        cells[place] = colored(cells[place], incident.severity)
        title = cell(words.title(incident, label), self._title, self._stream).rstrip()
        return _GAP.join([*cells, title])


def _columns() -> tuple[list[_Column], list[_Column]]:
    """Give the columns that are always there, and those that are if there is room, the weightiest of these first."""

    def column(heading: _Heading, least: int, words: Iterable[str] = (), *, right: bool = False) -> _Column:
        return _Column(heading, at_least(least, [say(heading.value), *words]), right)

    always = [
        column(_Heading.ID, 6, right=True),
        column(_Heading.WHEN, 16),
        column(_Heading.SEVERITY, 8, map(severity_word, Severity)),
    ]
    states = [say(word.value) for word in _State]
    if_room = [column(_Heading.STATE, 9, states), column(_Heading.ACCOUNT, 16), column(_Heading.REGION, 14)]
    return always, if_room


def state(incident: Incident, clock: Clock) -> str:
    """Say in a word or two what has become of an incident."""
    return say(_state(incident, clock).value)


def _state(incident: Incident, clock: Clock) -> _State:
    if incident.decision is Decision.NOT_MINE:
        return _State.NOT_MINE
    if incident.reviewed:
        return _State.MINE if incident.decision is Decision.MINE else _State.REVIEWED
    if incident.muted:
        return _State.MUTED
    if incident.severity is Severity.LOW:
        return _State.NOTED
    if incident.snoozed and incident.snoozed > clock.now:
        return _State.SNOOZED
    return _State.TO_REVIEW


def _taken(columns: Iterable[_Column]) -> int:
    return sum(column.width + len(_GAP) for column in columns)


def _regions(incident: Incident) -> str:
    regions = {part.region for part in incident.parts}
    return next(iter(regions)) if len(regions) == 1 else say_count("{count} Region", "{count} Regions", len(regions))
