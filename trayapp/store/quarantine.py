"""Messages that could not be read, or were forged: kept whole, looked at, tried again, dropped.

All functions work on a connection; those that write, inside the caller's transaction.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from trayapp.store.texts import storable
from trayapp.store.times import moment, to_text


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that was put aside.

    Attributes:
        id: Its number.
        watch: The account whose queue brought it.
        body: The whole body.
        reason: Why it was put aside.
        received: When it came.
        kind: The kind of message, by which it is counted.
    """

    id: int
    watch: str
    body: str
    reason: str
    received: datetime
    kind: str


def put(connection: sqlite3.Connection, watch: str, kind: str, body: str, reason: str, received: datetime) -> None:
    """Put a message aside; one that is there already changes nothing."""
    connection.execute(
        "INSERT OR IGNORE INTO quarantine (digest, watch, kind, body, reason, received) VALUES (?, ?, ?, ?, ?, ?)",
        (_digest(body), watch, kind, storable(body), reason, to_text(received)),
    )


def every(connection: sqlite3.Connection) -> list[Quarantined]:
    """Give all of them, oldest first."""
    return [_read(row) for row in connection.execute("SELECT * FROM quarantine ORDER BY id")]


def one(connection: sqlite3.Connection, number: int) -> Quarantined | None:
    """Give one, ``None`` if there is none of that number."""
    row = connection.execute("SELECT * FROM quarantine WHERE id = ?", (number,)).fetchone()
    return _read(row) if row else None


def count(connection: sqlite3.Connection) -> int:
    """Give how many there are."""
    return int(connection.execute("SELECT count(*) FROM quarantine").fetchone()[0])


def explain(connection: sqlite3.Connection, number: int, kind: str, reason: str) -> None:
    """Say anew why a message stays."""
    connection.execute("UPDATE quarantine SET kind = ?, reason = ? WHERE id = ?", (kind, reason, number))


def drop(connection: sqlite3.Connection, numbers: Iterable[int]) -> list[int]:
    """Drop messages; give the numbers of those that were there."""
    return [
        number
        for number in dict.fromkeys(numbers)
        if connection.execute("DELETE FROM quarantine WHERE id = ?", (number,)).rowcount
    ]


def drop_every(connection: sqlite3.Connection) -> list[int]:
    """Drop all of them; give their numbers."""
    return sorted(row["id"] for row in connection.execute("DELETE FROM quarantine RETURNING id").fetchall())


def _read(row: sqlite3.Row) -> Quarantined:
    return Quarantined(
        id=row["id"],
        watch=row["watch"],
        body=row["body"],
        reason=row["reason"],
        received=moment(row["received"]),
        kind=row["kind"],
    )


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
