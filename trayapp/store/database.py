"""Opening the SQLite file: its place, its mode, its durability, its schema.

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

BUSY_SECONDS = 5.0
"""How long a writer waits for another; transactions here last milliseconds."""

_making = threading.Lock()
"""Nobody in this process comes to open a file before whoever makes it has closed his own descriptor of it."""

# Primary result codes, https://www.sqlite.org/rescode.html; any other is about the disk or the permissions.
_WAYS_OUT = {
    sqlite3.SQLITE_BUSY: "Another program holds it: close that program.",
    sqlite3.SQLITE_CORRUPT: "It is damaged: move it away; a new one is made at the next start.",
    sqlite3.SQLITE_NOTADB: "It is damaged: move it away; a new one is made at the next start.",
}

# One script for each version of the schema, never edited once released: an older file is brought up step by step.
MIGRATIONS = (
    """
    CREATE TABLE incident (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        watch    TEXT NOT NULL,
        severity INTEGER NOT NULL,
        muted    TEXT NOT NULL DEFAULT '',
        created  TEXT NOT NULL,
        shown    TEXT,
        told     INTEGER,
        reviewed TEXT
    ) STRICT;
    CREATE INDEX incident_to_review ON incident (id) WHERE reviewed IS NULL;
    CREATE TABLE finding (
        id          INTEGER PRIMARY KEY,
        incident    INTEGER NOT NULL REFERENCES incident (id),
        fingerprint TEXT NOT NULL,
        lane        TEXT NOT NULL,
        signal      TEXT NOT NULL,
        account_id  TEXT NOT NULL,
        moment      REAL NOT NULL,
        document    TEXT NOT NULL,
        UNIQUE (fingerprint, lane)
    ) STRICT;
    CREATE INDEX finding_incident ON finding (incident);
    CREATE INDEX finding_signal ON finding (account_id, signal, moment);
    CREATE TABLE tie (
        key      TEXT NOT NULL,
        moment   REAL NOT NULL,
        incident INTEGER NOT NULL REFERENCES incident (id)
    ) STRICT;
    CREATE INDEX tie_key ON tie (key, moment);
    CREATE INDEX tie_incident ON tie (incident);
    CREATE TABLE seen (
        account_id TEXT NOT NULL,
        what       TEXT NOT NULL,
        first      TEXT NOT NULL,
        PRIMARY KEY (account_id, what)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE existing (fingerprint TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE quarantine (
        id       INTEGER PRIMARY KEY AUTOINCREMENT,
        digest   TEXT NOT NULL UNIQUE,
        watch    TEXT NOT NULL,
        body     TEXT NOT NULL,
        reason   TEXT NOT NULL,
        received TEXT NOT NULL
    ) STRICT;
    CREATE TABLE tally (
        watch TEXT NOT NULL,
        kind  TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (watch, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
)


class StoreError(Exception):
    """The store cannot be read or written; the text says why and what to do."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, making it and bringing it up to date as needed.

    The connection belongs to the thread that opens it; every thread opens its own.

    Raises:
        StoreError: It cannot be opened, is damaged, or was made by a newer version.
    """
    with translated(path):
        _make(path)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            _switch_to_wal(connection)
            connection.execute("PRAGMA synchronous=FULL")
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction: all of it is on disk when it ends, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk rolls back by itself; a second ROLLBACK would hide the first error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's and the file system's errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        way_out = _WAYS_OUT.get(_code(error), "Free some disk space or check the file's permissions.")
        raise StoreError(f"{path}: {error}. {way_out}") from error


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
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _code(error: Exception) -> int:
    """Give SQLite's primary result code, the low byte of its extended one; 0 for an error that is not SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _make(path: Path) -> None:
    """Make the file, owner-only from its first byte; SQLite gives its -wal and -shm files the same mode.

    A file that is there is not so much as opened: closing any descriptor of it would drop the locks of every other
    connection in this process (https://www.sqlite.org/howtocorrupt.html, section 2.2), and another process could then
    take the write-ahead log away under us.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink():
        raise StoreError(f"{path} is a link. Put the file itself in its place.")
    with _making, contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with transaction(connection):
        version = _version(connection)  # another process may have been faster
        if version > len(MIGRATIONS):
            raise StoreError(f"{path} was made by a newer version of trayapp. Install that version, or move the file.")
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
