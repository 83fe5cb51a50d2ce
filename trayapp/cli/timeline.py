"""A picture of how many incidents there were on each day, drawn with characters."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TextIO

import click

from trayapp.cli.terminal import at_least, cell, colored, severity_word
from trayapp.core.clock import weekday
from trayapp.core.history import Day
from trayapp.core.language import say, say_count
from trayapp.core.severity import Severity

_DAY = len("Mon 2026-11-23")
_COUNT = 5
_GAP = "  "
_WIDEST_BAR = 20
_NARROWEST_BAR = 4
_QUIET = 3
"""So many days in a row without any become one line."""

# From one eighth of a cell to the whole of it: https://www.unicode.org/charts/PDF/U2580.pdf
_EIGHTHS = "▏▎▍▌▋▊▉█"
_SEVERITIES = tuple(reversed(Severity))


def timeline(days: Sequence[Day], width: int, stream: TextIO) -> Iterator[str]:
    """Draw a line a day: for each severity how many there were, and a bar.

    Each severity is drawn to its own largest day, since there are so many more light ones than heavy ones.

    Args:
        days: In order.
        width: The columns that a line may take.
        stream: Where it will be written; what it cannot encode is drawn with other characters.
    """
    first = at_least(_DAY, (_called(day.date) for day in days))
    room = (width - first) // len(_SEVERITIES) - len(_GAP) - _COUNT - 1
    bar = max(_NARROWEST_BAR, min(_WIDEST_BAR, room))
    headings = [cell(severity_word(severity), _COUNT + 1 + bar, stream) for severity in _SEVERITIES]
    yield click.style(_GAP.join([" " * first, *headings]).rstrip(), bold=True)
    largest = {severity: max((day.counts.get(severity, 0) for day in days), default=0) for severity in _SEVERITIES}
    for run in _runs(days):
        if len(run) > 1:
            yield say("{first} to {last}: none", first=_called(run[0].date), last=_called(run[-1].date))
            continue
        [day] = run
        drawn = [_drawn(day.counts.get(each, 0), largest[each], bar, each, stream) for each in _SEVERITIES]
        yield _GAP.join([cell(_called(day.date), first, stream), *drawn]).rstrip()
    total = sum(day.total for day in days)
    yield say(
        "{total} in {days}. Each column is drawn to its own largest.",
        total=total,
        days=say_count("{count} day", "{count} days", len(days)),
    )


def _runs(days: Sequence[Day]) -> Iterator[list[Day]]:
    """Give each day by itself, but together those of a long row without any."""
    quiet: list[Day] = []
    for day in days:
        if not day.total:
            quiet.append(day)
            continue
        yield from _quiet_runs(quiet)
        quiet = []
        yield [day]
    yield from _quiet_runs(quiet)


def _quiet_runs(quiet: list[Day]) -> Iterator[list[Day]]:
    if len(quiet) >= _QUIET:
        yield quiet
    else:
        yield from ([day] for day in quiet)


def _drawn(count: int, largest: int, bar: int, severity: Severity, stream: TextIO) -> str:
    """Give a count and its bar; whatever is not nothing is seen."""
    if not count:
        return f"{'.':>{_COUNT}} {' ' * bar}"
    eighths = max(1, round(count / largest * bar * 8))
    full, rest = divmod(eighths, 8)
    if _encodes(stream):
        blocks = _EIGHTHS[-1] * full + (_EIGHTHS[rest - 1] if rest else "")
    else:
        blocks = "#" * max(1, round(eighths / 8))
    return f"{count:>{_COUNT}} {colored(f'{blocks:{bar}}', severity)}"


def _encodes(stream: TextIO) -> bool:
    try:
        _EIGHTHS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _called(day: date) -> str:
    return say("{weekday} {date}", weekday=weekday(day), date=day.isoformat())
