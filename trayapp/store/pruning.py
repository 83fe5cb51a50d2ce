"""Forgetting incidents with all that belongs to them."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from trayapp.core.takeovers import TAKEOVER
from trayapp.store import bodies, documents
from trayapp.store.joining import STEPS
from trayapp.store.times import to_text


def forgettable(connection: sqlite3.Connection, before: datetime, is_open: str) -> list[int]:
    """Give the incidents that nothing has happened to since a moment, oldest first.

    An incident to review is never among them, nor one that is a step of a takeover that stays.

    Args:
        connection: The connection.
        before: The moment, aware.
        is_open: The condition that an incident to review meets.
    """
    text = to_text(before)
    rows = connection.execute(
        "SELECT id FROM incident WHERE ended < ? AND created < ? AND coalesce(reviewed, '') < ?"  # noqa: S608 - our own
        f" AND NOT ({is_open}) ORDER BY id",
        (before.timestamp(), text, text),
    )
    found = {row["id"] for row in rows}
    return sorted(found - _steps_of_others(connection, found))


def forget(connection: sqlite3.Connection, incidents: Sequence[int]) -> None:
    """Delete incidents with all that belongs to them, inside the caller's transaction."""
    numbers = [(number,) for number in incidents]
    messages = {
        row["body"]
        for number in numbers
        for row in connection.execute("SELECT body FROM finding WHERE incident = ? AND body IS NOT NULL", number)
    }
    for table in ("tie", "finding", "facet", "journal", "tick"):
        connection.executemany(f"DELETE FROM {table} WHERE incident = ?", numbers)  # noqa: S608 - our own names
    connection.executemany("DELETE FROM incident WHERE id = ?", numbers)
    bodies.drop_unused(connection, messages)


def _steps_of_others(connection: sqlite3.Connection, found: set[int]) -> set[int]:
    """Give those of some incidents that are steps of takeovers that are not among them."""
    rows = connection.execute(
        "SELECT incident, document FROM finding WHERE id IN (SELECT finding FROM facet WHERE signal = ?)", (TAKEOVER,)
    ).fetchall()
    staying = [documents.read(row["document"]) for row in rows if row["incident"] not in found]
    steps = (step for pattern in staying for step in pattern.details.get(STEPS, "").split("\n"))
    return {number for step in steps for number in _told_by(connection, step)}


def _told_by(connection: sqlite3.Connection, fingerprint: str) -> Iterable[int]:
    rows = connection.execute("SELECT incident FROM finding WHERE fingerprint = ?", (fingerprint,))
    return [row["incident"] for row in rows]
