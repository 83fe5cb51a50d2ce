"""Opening the SQLite file: its place, its mode, its durability, its schema.

WAL with ``synchronous=FULL`` makes a commit durable against power loss before it returns
(https://www.sqlite.org/pragma.html#pragma_synchronous), which is what lets a message leave the queue afterwards.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BUSY_SECONDS = 5.0
"""How long a writer waits for another; transactions here last milliseconds."""

# One script for each version of the schema, never edited once released: an older file is brought up step by step.
MIGRATIONS = (
    """
    CREATE TABLE alert (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint   TEXT NOT NULL UNIQUE,
        watch         TEXT NOT NULL,
        signal        TEXT NOT NULL,
        severity      INTEGER NOT NULL,
        certainty     TEXT NOT NULL,
        account_id    TEXT NOT NULL,
        region        TEXT NOT NULL,
        resource_type TEXT NOT NULL,
        resource_id   TEXT NOT NULL,
        resource_name TEXT NOT NULL,
        arn           TEXT NOT NULL,
        size          TEXT NOT NULL,
        happened      TEXT,
        created       TEXT NOT NULL,
        shown         TEXT,
        reviewed      TEXT
    ) STRICT;
    CREATE INDEX alert_to_review ON alert (id) WHERE reviewed IS NULL;
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
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Owner-only from the first byte; SQLite gives its -wal and -shm files the mode of the file itself.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode=WAL")
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
    except BaseException:
        # A full disk rolls back by itself; a second ROLLBACK would hide the first error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's and the file system's errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}. Free some disk space or check the file's permissions.") from error


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
