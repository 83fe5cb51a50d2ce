"""Notes as lines on a terminal, for where there is no desktop."""

import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TextIO

from trayapp.core.language import say
from trayapp.core.notes import Note, Urgency
from trayapp.core.text import clean
from trayapp.desktop.events import DesktopEvent, Emit, NoteFailed, NoteShown

_CLOSING_SECONDS = 0.3
"""How long closing waits for what is still to be written; a terminal held with Ctrl-S takes nothing."""

# ECMA-48 8.3.117, Select Graphic Rendition: bold, and bold red.
_STYLES = {Urgency.NORMAL: "\x1b[1m", Urgency.CRITICAL: "\x1b[1;31m"}
_PLAIN = "\x1b[0m"


def _local_now() -> datetime:
    return datetime.now(UTC).astimezone()


class TerminalNotifier:
    """Writes each note as one line: when, what, more about it, and the address behind it.

    Args:
        emit: Where events go.
        stream: Where to write.
        clock: Tells the local time that stands before a line.
    """

    name = "terminal"

    def __init__(self, emit: Emit, stream: TextIO, clock: Callable[[], datetime] = _local_now) -> None:
        self._emit, self._stream, self._clock = emit, stream, clock
        self._styled = _takes_styles(stream)
        # Writing may block (a full pipe, a terminal that is held), and showing must not.
        self._lines: SimpleQueue[tuple[str, str | None] | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._writing = threading.Thread(target=self._write, name="terminal", daemon=True)
        self._writing.start()

    def show(self, note: Note) -> None:
        """Write ``note``. One that replaces another is a line of its own: what is written stays."""
        if note.quiet:
            return
        title = clean(note.title)
        if self._styled and (style := _STYLES.get(note.urgency)):
            title = f"{style}{title}{_PLAIN}"
        said = (title, *(clean(line.strip()) for line in note.body.splitlines()), clean(note.link))
        self._lines.put((self._stamped(" · ".join(part for part in said if part)), note.key))

    def line(self, text: str) -> None:
        """Write a line that is no note, such as the state."""
        self._lines.put((self._stamped(clean(text)), None))

    def withdraw(self, key: str) -> None:
        """Do nothing: what is written stays."""

    def close(self) -> None:
        """Write what is still to be written, if that goes quickly, and stop."""
        self._lines.put(None)
        self._writing.join(_CLOSING_SECONDS)
        with self._closing:
            self._closed = True

    def _stamped(self, text: str) -> str:
        return f"{self._clock():%H:%M}  {text}\n"

    def _write(self) -> None:
        while (entry := self._lines.get()) is not None:
            line, key = entry
            failure = self._try(line)
            if key is not None:
                self._tell(NoteFailed(key, failure) if failure else NoteShown(key))

    def _try(self, line: str) -> str:
        """Write a line; gives why that failed, or an empty text."""
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(line.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: it was closed
            return say("the terminal takes no more lines: {error}", error=error)
        return ""

    def _tell(self, event: DesktopEvent) -> None:
        with self._closing:
            if not self._closed:
                self._emit(event)


def _takes_styles(stream: TextIO) -> bool:
    try:
        if not stream.isatty():
            return False
    except ValueError:  # it is closed already
        return False
    # https://no-color.org: any value but an empty one.
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    # Of the consoles on Windows only Windows Terminal says of itself that it knows these sequences.
    return sys.platform != "win32" or "WT_SESSION" in os.environ
