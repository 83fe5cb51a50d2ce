"""The raw messages that findings came from: compressed, each once, kept for as long as any finding points to it.

All functions work on a connection; those that write, inside the caller's transaction.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from trayapp.core.language import say
from trayapp.store.documents import Spoiled
from trayapp.store.times import moment, to_text

LARGEST = 64 * 1024
"""Bytes, compressed. Of a longer message the beginning is kept; SQS takes up to a mebibyte.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

Key = tuple[str, str]
"""What a finding is known by: its fingerprint and its lane's name."""

_LEVEL = 1
"""Of zlib's levels the quickest: the better ones take three times as long for a tenth less."""


@dataclass(frozen=True, slots=True)
class Body:
    """A raw message.

    Attributes:
        received: When it came.
        body: Its body as it stood in the queue.
        whole: All of it is here; otherwise it was too long and this is its beginning.
    """

    received: datetime
    body: str
    whole: bool = True


def keep(connection: sqlite3.Connection, findings: Iterable[Key], body: str, received: datetime) -> None:
    """Keep a message for those of its findings that have none yet."""
    if not body:
        return
    sql = "SELECT id, body FROM finding WHERE fingerprint = ? AND lane = ?"
    rows = [row for key in findings for row in connection.execute(sql, key)]
    lacking = [row["id"] for row in rows if row["body"] is None]
    if not lacking:
        return
    packed, whole = pack(body)
    number = next((row["body"] for row in rows if row["body"] and _is(connection, row["body"], packed)), None)
    if number is None:
        number = connection.execute(
            "INSERT INTO body (received, whole, packed) VALUES (?, ?, ?)", (to_text(received), whole, packed)
        ).lastrowid
    connection.executemany("UPDATE finding SET body = ? WHERE id = ?", [(number, row) for row in lacking])


def of(connection: sqlite3.Connection, incident: int) -> list[Body]:
    """Give the messages that an incident came from, in the order in which they came."""
    rows = connection.execute(
        "SELECT * FROM body WHERE id IN (SELECT body FROM finding WHERE incident = ?) ORDER BY received, id",
        (incident,),
    )
    return [read(row) for row in rows]


def part(connection: sqlite3.Connection, finding: Key) -> None:
    """Part a finding from its message: what it says now is another message's."""
    sql = "SELECT body FROM finding WHERE fingerprint = ? AND lane = ? AND body IS NOT NULL"
    before = [row["body"] for row in connection.execute(sql, finding)]
    connection.execute("UPDATE finding SET body = NULL WHERE fingerprint = ? AND lane = ?", finding)
    drop_unused(connection, before)


def replace(connection: sqlite3.Connection, finding: Key, body: str, received: datetime) -> None:
    """Keep a message for a finding in the place of whichever it had."""
    part(connection, finding)
    keep(connection, [finding], body, received)


def drop_unused(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Drop those of some messages to which no finding points any more."""
    connection.executemany(
        "DELETE FROM body WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM finding WHERE body = ?1)",
        [(number,) for number in numbers],
    )


def read(row: sqlite3.Row) -> Body:
    """Read a message from its row.

    Raises:
        Spoiled: The row holds none.
    """
    try:
        # A beginning may end within a character.
        text = zlib.decompress(row["packed"]).decode("utf-8", "strict" if row["whole"] else "ignore")
        return Body(moment(row["received"]), text, bool(row["whole"]))
    except (zlib.error, ValueError, TypeError) as error:
        raise Spoiled(say("a message cannot be unpacked")) from error


def pack(body: str) -> tuple[bytes, bool]:
    """Compress a body into at most ``LARGEST`` bytes; tell whether that is all of it."""
    raw = body.encode("utf-8", "replace")
    packed = zlib.compress(raw, _LEVEL)
    if len(packed) <= LARGEST:
        return packed, True
    return next(each for each in _shorter(raw, len(packed)) if len(each) <= LARGEST), False


def _shorter(raw: bytes, packed: int) -> Iterator[bytes]:
    """Give ever shorter beginnings, compressed; the first one is about as long as may be."""
    size = len(raw) * LARGEST // packed
    while True:
        yield zlib.compress(raw[:size], _LEVEL)
        size = size * 9 // 10


def _is(connection: sqlite3.Connection, number: int, packed: bytes) -> bool:
    return connection.execute("SELECT 1 FROM body WHERE id = ? AND packed = ?", (number, packed)).fetchone() is not None
