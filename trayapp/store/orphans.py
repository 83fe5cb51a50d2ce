"""Messages that a damaged file still has, while it has lost what they told.

Their indexes lie on other pages than the findings, and know what each was called and which message it came from.
"""

import re
import sqlite3
from collections.abc import Callable

from trayapp.core.language import mark
from trayapp.store import bodies, quarantine
from trayapp.store.remains import Remains

KIND = "unreadable"
REASON = mark("what it told has been lost on a damaged page of the file of alerts")

_ACCOUNT_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")


def settle(connection: sqlite3.Connection, remains: Remains, queue_of: Callable[[str], str]) -> None:
    """Give messages back to their findings; put those aside that told what is lost, to be judged again.

    Args:
        connection: Inside a transaction of the new file, which has all findings and messages that could be read.
        remains: The damaged file.
        queue_of: Gives the queue that brings an account's messages, by the account's id.
    """
    waiting = {row["body"] for row in connection.execute("SELECT body FROM unverified")}
    told = _told(remains)
    for row in connection.execute("SELECT * FROM body").fetchall():
        lost = False
        for key in told.get(row["id"], ()):
            found = connection.execute(
                "UPDATE finding SET body = coalesce(body, ?) WHERE fingerprint = ? AND lane = ?", (row["id"], *key)
            )
            lost = lost or not found.rowcount
        orphaned = not connection.execute("SELECT 1 FROM finding WHERE body = ?", (row["id"],)).fetchone()
        if lost or orphaned:
            message = bodies.read(row)
            if message.body not in waiting:
                _put_aside(connection, message, queue_of)
            bodies.drop_unused(connection, [row["id"]])


def _told(remains: Remains) -> dict[int, list[bodies.Key]]:
    """Give what each message told, by the message's number, as far as the indexes say."""
    # Both are answered by an index alone: a column more, and SQLite would have to look at the findings themselves.
    keys = {
        row["id"]: (row["fingerprint"], row["lane"])
        for row in remains.hints("SELECT id, fingerprint, lane FROM finding ORDER BY fingerprint, lane")
    }
    told: dict[int, list[bodies.Key]] = {}
    for row in remains.hints("SELECT id, body FROM finding WHERE body IS NOT NULL ORDER BY body"):
        if row["id"] in keys:
            told.setdefault(row["body"], []).append(keys[row["id"]])
    return told


def _put_aside(connection: sqlite3.Connection, message: bodies.Body, queue_of: Callable[[str], str]) -> None:
    account = _ACCOUNT_ID.search(message.body)
    quarantine.put(connection, queue_of(account[0] if account else ""), KIND, message.body, REASON, message.received)
