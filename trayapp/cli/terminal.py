"""What a terminal can do, and what goes to one alone: colours, pages, progress.

The environment has its say: ``COLUMNS`` and ``LINES``, which Python follows, ``PAGER`` and ``LESS``, which click does.
"""

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TextIO

import click
from wcwidth import clip, wcswidth

from trayapp.cli.marks import fit
from trayapp.core.language import mark, say
from trayapp.core.severity import Severity
from trayapp.core.text import ELLIPSIS

_WORTH_TELLING = 2000
"""So many things to go through take longer than a moment."""

_SEVERITIES = {
    Severity.LOW: mark("low"),
    Severity.MEDIUM: mark("medium"),
    Severity.HIGH: mark("high"),
    Severity.CRITICAL: mark("critical"),
}
_COLORS = {Severity.CRITICAL: "red", Severity.HIGH: "red", Severity.MEDIUM: "yellow"}


def severity_word(severity: Severity) -> str:
    """Say in a word how heavy something is; for programs it is ``Severity.word``."""
    return say(_SEVERITIES[severity])


def colored(text: str, severity: Severity) -> str:
    """Colour a text by how heavy something is; the text itself has to say it, too."""
    color = _COLORS.get(severity)
    return click.style(text, fg=color, bold=True if severity is Severity.CRITICAL else None) if color else text


def columns(stream: TextIO) -> int | None:
    """Give how many columns a terminal has; ``None`` for what is none and takes lines of any length."""
    return shutil.get_terminal_size().columns if stream.isatty() else None


def cell(text: str, width: int | None, stream: TextIO, *, right: bool = False) -> str:
    """Fit a text into a cell of a table.

    Args:
        text: Anything, also what others chose.
        width: The columns that the cell has; a wide character takes two. ``None`` for as many as it needs.
        stream: Where it will be written.
        right: Whether to set it to the right.
    """
    written = fit(text, stream)
    if width is None:
        return written
    if wcswidth(written) > width:
        written = clip(written, 0, width - 1).rstrip() + fit(ELLIPSIS, stream)
    space = " " * (width - wcswidth(written))
    return space + written if right else written + space


def at_least(least: int, texts: Iterable[str]) -> int:
    """Give how many columns a cell needs for the widest of what may stand in it, and at least so many."""
    return max([least, *map(wcswidth, texts)])


def show(lines: Iterable[str]) -> None:
    """Print lines; on a terminal that they do not fit on, through the pager."""
    rest = iter(lines)
    if not (sys.stdout.isatty() and sys.stdin.isatty()):
        for line in rest:
            click.echo(line)
        return
    # One line stays for the prompt that follows.
    head = list(islice(rest, shutil.get_terminal_size().lines))
    if len(head) < shutil.get_terminal_size().lines:
        click.echo("\n".join(head) if head else "", nl=bool(head))
        return
    context = click.get_current_context(silent=True)
    pages = chain(head[:1], (f"\n{line}" for line in chain(head[1:], rest)))  # click itself ends the last one
    click.echo_via_pager(pages, color=context.color if context else None)


@contextmanager
def progress(length: int, doing: str) -> Iterator[Callable[[int], None]]:
    """Show on standard error how far something is, if that is a terminal and it takes longer than a moment.

    Args:
        length: How many steps it has.
        doing: What is done.

    Yields:
        What to call with the number of steps that were made.
    """
    hidden = length < _WORTH_TELLING or not sys.stderr.isatty()
    with click.progressbar(length=length, label=doing, file=sys.stderr, hidden=hidden, update_min_steps=100) as bar:
        yield bar.update
