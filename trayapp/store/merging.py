"""Two incidents on disk that turn out to be one."""

import sqlite3
from collections.abc import Container
from datetime import datetime

from trayapp.core.severity import Severity
from trayapp.store import journal
from trayapp.store.stand import is_open


def weighs(row: sqlite3.Row) -> bool:
    """Tell whether an incident, from its row, is neither of low severity nor muted."""
    return row["severity"] > Severity.LOW and not row["muted"]


def merge(
    connection: sqlite3.Connection, other: int, survivor: int, now: datetime, silent: Container[int] = ()
) -> None:
    """Make one incident part of another, with all that belongs to it and all that was heard and said of it.

    Args:
        connection: Inside a transaction.
        other: The one that is no more afterwards.
        survivor: The one that stays.
        now: The moment, aware.
        silent: Incidents of which their owner has said nothing by themselves, since he knows them as another.
    """
    for table in ("finding", "facet", "tie"):
        connection.execute(f"UPDATE {table} SET incident = ? WHERE incident = ?", (survivor, other))  # noqa: S608 - ours
    connection.execute("UPDATE OR IGNORE tick SET incident = ? WHERE incident = ?", (survivor, other))
    connection.execute("DELETE FROM tick WHERE incident = ?", (other,))
    both = connection.execute("SELECT * FROM incident WHERE id IN (?, ?) ORDER BY id", (other, survivor)).fetchall()
    speaking = [row for row in both if row["id"] not in silent] or both
    parts = [(row["id"], journal.stand_of(row), weighs(row)) for row in speaking]
    # What either's owner has still to look at is still to be looked at; only what he had of it counts as told.
    open_ones = [
        (row, stand) for row, (_, stand, heavy) in zip(speaking, parts, strict=True) if is_open(stand, weighs=heavy)
    ]
    awake = [row for row, stand in open_ones if not stand.snoozed or stand.snoozed <= now]
    shown = [row["shown"] for row in awake or [row for row, _ in open_ones] or both if row["shown"]]
    told = [row["told"] for row in both if row["told"]] if shown else []
    connection.execute(
        "UPDATE incident SET severity = ?, created = ?, shown = ?, told = ? WHERE id = ?",
        (
            max(row["severity"] for row in both),
            min(row["created"] for row in both),
            min(shown, default=None),
            max(told, default=None),
            survivor,
        ),
    )
    for row in both:
        if row not in speaking:
            connection.execute("DELETE FROM journal WHERE incident = ?", (row["id"],))
    journal.put(connection, survivor, journal.unite(connection, survivor, parts))
    connection.execute("DELETE FROM incident WHERE id = ?", (other,))
