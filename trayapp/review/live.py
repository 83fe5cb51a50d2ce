"""Noticing that another process has changed the store."""

import contextlib
import sqlite3
from pathlib import Path


class Changes:
    """Answers, for a few microseconds of work, whether the file has changed since it was last asked.

    Args:
        file: The store's file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: tuple[object, ...] = ()
        self._inode: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self.happened()

    def happened(self) -> bool:
        """Tell whether something has changed since the last call."""
        now = self._state()
        changed, self._known = now != self._known, now
        return changed

    def close(self) -> None:
        """Close what it looks through."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _state(self) -> tuple[object, ...]:
        with contextlib.suppress(OSError, sqlite3.Error):
            known = self._file.stat()
            inode = (known.st_dev, known.st_ino)
            if self._connection is None or inode != self._inode:
                # The file was set aside, and another has taken its place.
                self.close()
                self._connection = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
                self._inode = inode
            # Differs as soon as another connection has committed: https://www.sqlite.org/pragma.html#pragma_data_version
            return (*inode, self._connection.execute("PRAGMA data_version").fetchone()[0])
        return ()
