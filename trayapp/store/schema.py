"""The schema, and bringing an older file up to it."""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from trayapp.core.causes import Cause
from trayapp.core.language import say
from trayapp.store import copies
from trayapp.store.errors import StoreError, translated
from trayapp.store.files import size, sync_folder

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
    """
    ALTER TABLE quarantine ADD COLUMN kind TEXT NOT NULL DEFAULT 'unreadable';
    CREATE TABLE unverified (
        watch       TEXT NOT NULL,
        digest      TEXT NOT NULL,
        certificate TEXT NOT NULL,
        body        TEXT NOT NULL,
        received    TEXT NOT NULL,
        withheld    TEXT NOT NULL,
        PRIMARY KEY (watch, digest)
    ) STRICT;
    CREATE INDEX unverified_certificate ON unverified (certificate, received);
    CREATE TABLE unverified_finding (
        watch       TEXT NOT NULL,
        digest      TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        lane        TEXT NOT NULL,
        document    TEXT NOT NULL,
        PRIMARY KEY (watch, digest, fingerprint, lane)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX unverified_finding_of ON unverified_finding (fingerprint, lane);
    """,
    """
    ALTER TABLE incident ADD COLUMN decision TEXT;
    ALTER TABLE incident ADD COLUMN note TEXT NOT NULL DEFAULT '';
    ALTER TABLE incident ADD COLUMN snoozed TEXT;
    ALTER TABLE incident ADD COLUMN began REAL NOT NULL DEFAULT 0;
    ALTER TABLE incident ADD COLUMN ended REAL NOT NULL DEFAULT 0;
    ALTER TABLE finding ADD COLUMN body INTEGER REFERENCES body (id);
    CREATE TABLE body (
        id       INTEGER PRIMARY KEY,
        received TEXT NOT NULL,
        whole    INTEGER NOT NULL,
        packed   BLOB NOT NULL
    ) STRICT;
    CREATE TABLE journal (
        id       INTEGER PRIMARY KEY,
        incident INTEGER NOT NULL REFERENCES incident (id),
        at       TEXT NOT NULL,
        reviewed TEXT,
        decision TEXT,
        note     TEXT NOT NULL,
        snoozed  TEXT
    ) STRICT;
    CREATE TABLE tick (
        incident INTEGER NOT NULL REFERENCES incident (id),
        step     TEXT NOT NULL,
        at       TEXT NOT NULL,
        PRIMARY KEY (incident, step)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE facet (
        finding    INTEGER PRIMARY KEY REFERENCES finding (id),
        incident   INTEGER NOT NULL REFERENCES incident (id),
        account_id TEXT NOT NULL,
        region     TEXT NOT NULL,
        signal     TEXT NOT NULL,
        words      TEXT NOT NULL
    ) STRICT;
    UPDATE incident SET decision = 'seen' WHERE reviewed IS NOT NULL;
    UPDATE incident SET
        began = coalesce(
            (SELECT min(document_happened(document)) FROM finding WHERE incident = incident.id), moment_of(created)
        ),
        ended = coalesce(
            (SELECT max(document_happened(document)) FROM finding WHERE incident = incident.id), moment_of(created)
        );
    INSERT INTO facet
        SELECT id, incident, account_id, document_region(document), signal, document_words(document) FROM finding;
    DROP INDEX incident_to_review;
    CREATE INDEX incident_open ON incident (id)
        WHERE reviewed IS NULL AND (decision IS 'not-mine' OR (muted = '' AND severity > 1));
    CREATE INDEX incident_began ON incident (began, severity);
    CREATE INDEX finding_body ON finding (body) WHERE body IS NOT NULL;
    CREATE INDEX journal_incident ON journal (incident);
    CREATE INDEX facet_incident ON facet (incident);
    """,
)

_TABLE = re.compile(r"CREATE TABLE (\w+)")
_ROOM_TO_SPARE = 1024 * 1024
"""Bytes that have to stay free beside the copy: for the migration itself, and for the alerts of that hour."""


def tables(version: int) -> frozenset[str]:
    """Give the tables that a file of a version has."""
    return frozenset(_TABLE.findall("".join(MIGRATIONS[:version])))


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of the schema; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def there(connection: sqlite3.Connection) -> frozenset[str]:
    """Give the tables that there are."""
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return frozenset(row[0] for row in rows)


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


def migrate(connection: sqlite3.Connection, path: Path | None = None) -> None:
    """Bring a file up to the newest version.

    An older file is first copied, whole, beside itself: ``alerts.sqlite3.v1.bak``. Without that copy nothing is done.
    ``copies`` says how many of these stay.

    Args:
        connection: Outside a transaction; it has the functions of ``facets.install``.
        path: The file; ``None`` where there is none and so nothing to copy.

    Raises:
        StoreError: It was made by a newer version, or the copy cannot be made.
    """
    version = version_of(connection)
    if version == len(MIGRATIONS):
        return
    with transaction(connection), contextlib.ExitStack() as undo:
        version = version_of(connection)  # another process may have been faster
        if version > len(MIGRATIONS):
            raise StoreError(
                say("{path} was made by a newer version of trayapp. Install that version, or move the file.", path=path)
            )
        if version and version < len(MIGRATIONS) and path is not None:
            copy = _copy(path, version)
            # Whatever ends this leaves the file as it was, which makes the copy one too many.
            undo.callback(copy.unlink, missing_ok=True)
        for script in MIGRATIONS[version:]:
            for statement in script.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        undo.pop_all()
    if version and path is not None:
        copies.drop_before_change(path)


def _copy(path: Path, version: int) -> Path:
    """Copy the file as it is; nobody else can write meanwhile, since the caller's transaction has begun.

    Raises:
        StoreError: There is no room, or the copy fails; nothing is left of it.
    """
    unfinished = path.with_name(f"{path.name}.v{version}.bak.part")
    taken = sum(size(path.with_name(path.name + suffix)) for suffix in ("", "-wal"))
    needed = 2 * taken + _ROOM_TO_SPARE  # for the copy, and for what the migration itself may write
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreError(
            say(
                "{path} is of an older version, and there is no room for a copy of it before it is changed. "
                "Free {megabytes} MB of disk space.",
                path=path,
                megabytes=(needed - free) // 1_000_000 + 1,
            ),
            Cause.DISK_FULL,
        )
    try:
        with translated(unfinished):
            unfinished.unlink(missing_ok=True)
            os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as target:
                source.backup(target)
            finished = copies.before_change(path, version)  # only one process at a time comes here
            unfinished.rename(finished)
            sync_folder(path.parent)
    except BaseException:
        for suffix in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
        raise
    return finished
