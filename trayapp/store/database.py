"""Opening the SQLite file: its place, its mode, its durability.

WAL with ``synchronous=FULL`` makes a commit durable against power loss before it returns
(https://www.sqlite.org/pragma.html#pragma_synchronous), which is what lets a message leave the queue afterwards.
"""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trayapp.core.language import say
from trayapp.store import facets, schema, wal
from trayapp.store.errors import StoreError, code_of, damaged, translated
from trayapp.store.files import size
from trayapp.store.schema import transaction

__all__ = ["Database", "InMemory", "connect", "transaction", "translated"]

BUSY_SECONDS = 5.0
"""How long a writer waits for another; transactions here last milliseconds."""

CACHE_KIB = 512
"""What a connection keeps of the file in memory at the most; with SQLite's own two mebibytes for each, none is faster.

https://www.sqlite.org/pragma.html#pragma_cache_size
"""

HEALING = ".healing"
"""What the name of the note ends in that says that a damaged file is being set aside."""

_making = threading.Lock()
"""Nobody in this process comes to open a file before whoever makes it has closed his own descriptor of it."""


class Database:
    """One connection to the file, belonging to the thread that opened it; every thread opens its own.

    Where the file was set aside under it, or removed, it opens the one that has taken its place.

    Raises:
        StoreError: It cannot be opened, is damaged, or was made by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = connect(path)
        self._file = _identity(path)
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read; the connection is outside a transaction."""
        with translated(self.path):
            self._follow()
            yield self.connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Write in one transaction: all of it is on disk when the block ends, or none of it.

        Raises:
            StoreError: Among other reasons because the file was moved away meanwhile. What was written is in it then,
                and has to be written again.
        """
        with translated(self.path):
            self._follow()
            with transaction(self.connection):
                yield self.connection
            if _identity(self.path) != self._file:
                raise StoreError(
                    say("{path} was moved away while it was written to. It is written again.", path=self.path)
                )

    def close(self) -> None:
        """Close the connection; whoever asks it for something afterwards is told so, wherever the file is then."""
        self._closed = True
        self.connection.close()

    def _follow(self) -> None:
        if not self._closed and _identity(self.path) != self._file:
            # SQLite leaves the log alone that lies there now: it asks whether the file has moved before it tidies up.
            self.connection.close()
            self.connection = connect(self.path)
            self._file = _identity(self.path)


class InMemory(Database):
    """A database that is nowhere on disk; it may be used by any thread, one at a time.

    Args:
        first: The number of its first incident.
        largest: Bytes that it may grow to.
    """

    def __init__(self, first: int, largest: int) -> None:
        self.path = Path(":memory:")
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        facets.install(self.connection)
        schema.migrate(self.connection)
        self.connection.execute("INSERT INTO sqlite_sequence VALUES ('incident', ?)", (first - 1,))
        (page,) = self.connection.execute("PRAGMA page_size").fetchone()
        self.connection.execute(f"PRAGMA max_page_count = {largest // page}")
        self._file, self._closed = None, False

    def _follow(self) -> None:
        """Stay: there is nothing to follow."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, making it and bringing it up to date as needed.

    Raises:
        StoreError: It cannot be opened, is damaged, or was made by a newer version.
    """
    with translated(path):
        make(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
            facets.install(connection)
            schema.migrate(connection, path)
            _expect_tables(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


def _expect_tables(connection: sqlite3.Connection, path: Path) -> None:
    if not schema.there(connection) >= schema.tables(len(schema.MIGRATIONS)):
        raise damaged(path, say("it has lost tables"))


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Look through the whole file; a tenth of a second for a hundred thousand findings.

    Raises:
        StoreError: It is damaged.
    """
    with translated(path):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise damaged(path, str(verdict))


def make(path: Path) -> None:
    """Make the file, owner-only from its first byte; SQLite gives its -wal and -shm files the same mode.

    A file that is there is not so much as opened: closing any descriptor of it would drop the locks of every other
    connection in this process (https://www.sqlite.org/howtocorrupt.html, section 2.2), and another process could then
    take the write-ahead log away under us.

    Raises:
        StoreError: What is in its place cannot be it, or has lost what belongs to it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise StoreError(say("{path} is a link. Put the file itself in its place.", path=path))
    if path.is_dir():
        raise damaged(path, say("it is a folder"))
    log = path.with_name(f"{path.name}-wal")
    if path.with_name(path.name + HEALING).exists() and not path.exists():
        raise damaged(path, say("it is being set aside"))
    # SQLite would delete the log of a file that is empty.
    if size(log) and not size(path):
        raise damaged(path, say("only its write-ahead log is left"))
    if wal.is_damaged(log):
        raise damaged(path, say("its write-ahead log is broken"))
    with _making, contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Make the file a WAL one; the file keeps that, so that only the first process to open it has work to do.

    SQLite gives up at once when others open a new file at the same moment, whatever the busy timeout is: the switch
    needs an exclusive lock on top of a shared one, and two that both waited for it would wait for ever.
    """
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _identity(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from another of the same name, ``None`` while there is none."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return None
    return known.st_dev, known.st_ino
