"""A log file that its owner alone can read, that rotates, and that is never written through a link."""

import contextlib
import io
import logging.handlers
import os
import stat
import sys
from logging import LogRecord
from pathlib import Path

from trayapp.core.language import say

LARGEST = 1_000_000
"""Bytes, after which a new file is begun."""

KEPT = 3
"""How many old files are kept."""

_MODE = 0o600
# Windows knows neither; there a user's own folders are closed to others, and making links takes an administrator.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class OwnFile(logging.handlers.RotatingFileHandler):
    """Writes into a file of our own. One that fails, as on a full disk, is said once, and tried again at each record.

    Args:
        path: The file; its folder is made if need be.

    Raises:
        OSError: It cannot be opened, or something else lies in its place.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, KEPT + 1):
            _shut(Path(f"{path}.{number}"))
        self._failing = False
        super().__init__(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="backslashreplace")

    def emit(self, record: LogRecord) -> None:
        """Write a record."""
        self._said = False
        super().emit(record)
        self._failing = self._said

    def handleError(self, record: LogRecord) -> None:  # noqa: ARG002, N802 - logging's name and signature
        """Say that the log is not written, and why; not again while it stays so."""
        self._said = True
        with contextlib.suppress(OSError, ValueError):  # there may be no standard error to say it on
            if not self._failing:
                said = say("the log cannot be written: {error}", error=sys.exc_info()[1])
                print(f"trayapp: {said}", file=sys.stderr)

    def _open(self) -> io.TextIOWrapper:
        """Open the file, which logging does at the start, after each rotation and after a failure."""
        # Owner-only from the first byte, and never through a link that somebody laid there. A named pipe would make
        # opening wait for a reader.
        descriptor = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY | _NO_LINK | _NO_WAIT, _MODE)
        try:
            _make_own(descriptor, self.baseFilename)
            return open(descriptor, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 - a descriptor that the handler closes
        except BaseException:
            os.close(descriptor)
            raise


def _make_own(descriptor: int, path: str) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(say("{path} is not a file", path=path))
    if sys.platform != "win32":
        os.fchmod(descriptor, _MODE)


def _shut(path: Path) -> None:
    """Close an older file to others; a link in its place is left alone, for rotating moves it and never follows it."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, _MODE)
        finally:
            os.close(descriptor)
