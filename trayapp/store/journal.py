"""What its owner has said of each incident, in the order in which he said it, so that it can be taken back.

All functions work on a connection; those that write, inside the caller's transaction.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from trayapp.core.incidents import Decision
from trayapp.core.language import say
from trayapp.store.documents import Spoiled
from trayapp.store.stand import Act, Stand, united
from trayapp.store.texts import storable
from trayapp.store.times import from_text, moment, to_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said.

    Attributes:
        at: When it was said.
        before: How the owner stood to the incident before he said it.
    """

    at: datetime
    before: Stand


def stand_of(row: sqlite3.Row) -> Stand:
    """Read how the owner stands, from a row of incidents or of the journal.

    Raises:
        Spoiled: The row says what none can say.
    """
    decision = row["decision"]
    try:
        return Stand(
            from_text(row["reviewed"]),
            None if decision is None else Decision(decision),
            row["note"],
            from_text(row["snoozed"]),
        )
    except (ValueError, TypeError) as error:
        raise Spoiled(say("{kind} in what was said of an incident", kind=type(error).__name__)) from error


def entry_of(row: sqlite3.Row) -> Entry:
    """Read what was said from its row.

    Raises:
        Spoiled: The row says what none can say.
    """
    try:
        return Entry(moment(row["at"]), stand_of(row))
    except (ValueError, TypeError) as error:
        raise Spoiled(say("a time in the journal is none")) from error


def columns(stand: Stand) -> tuple[str | None, str | None, str, str | None]:
    """Give what stands on disk as ``reviewed``, ``decision``, ``note`` and ``snoozed``."""
    return (
        to_text(stand.reviewed) if stand.reviewed else None,
        stand.decision.value if stand.decision else None,
        storable(stand.note),
        to_text(stand.snoozed) if stand.snoozed else None,
    )


def apply(connection: sqlite3.Connection, rows: Iterable[sqlite3.Row], act: Act) -> list[int]:
    """Write down what an owner says of incidents.

    Args:
        connection: Inside a transaction.
        rows: Their rows.
        act: What he says.

    Returns:
        Those for which that changes anything.
    """
    changed = [(row["id"], before, after) for row in rows if (after := act.after(before := stand_of(row))) != before]
    write(connection, ((number, Entry(act.when, before)) for number, before, _ in changed))
    for number, _, after in changed:
        put(connection, number, after)
        if after.decision is Decision.NOT_MINE:
            hear(connection, number, act.when)
    return [number for number, _, _ in changed]


def undo(connection: sqlite3.Connection, incident: int) -> bool:
    """Take back what was said last; tell whether there was anything to take back."""
    row = _row(connection, incident)
    if row is None:
        return False
    now = stand_of(row)
    said = connection.execute("SELECT * FROM journal WHERE incident = ? ORDER BY id DESC", (incident,)).fetchall()
    for entry in said:
        connection.execute("DELETE FROM journal WHERE id = ?", (entry["id"],))
        before = stand_of(entry)
        if before == now:
            continue  # it has grown since, which took that back already
        put(connection, incident, before)
        if now.reviewed and not before.reviewed:
            hear(connection, incident, entry_of(entry).at)
        return True
    return False


def undoable(connection: sqlite3.Connection, incident: int) -> list[Stand]:
    """Give how the owner stood to an incident before each thing that he can take back, the last one first."""
    row = _row(connection, incident)
    if row is None:
        return []
    now, found = stand_of(row), []
    for entry in reversed(entries(connection, incident)):
        if entry.before != now:
            found.append(entry.before)
            now = entry.before
    return found


def entries(connection: sqlite3.Connection, incident: int) -> list[Entry]:
    """Give what was said of an incident, in order."""
    rows = connection.execute("SELECT * FROM journal WHERE incident = ? ORDER BY id", (incident,))
    return [entry_of(row) for row in rows]


def write(connection: sqlite3.Connection, said: Iterable[tuple[int, Entry]]) -> None:
    """Write down what was said of incidents, in order, each with the incident's number."""
    connection.executemany(
        "INSERT INTO journal (incident, at, reviewed, decision, note, snoozed) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, to_text(entry.at), *columns(entry.before)) for number, entry in said],
    )


def put(connection: sqlite3.Connection, incident: int, stand: Stand) -> None:
    """Let the owner stand to an incident like this."""
    connection.execute(
        "UPDATE incident SET reviewed = ?, decision = ?, note = ?, snoozed = ? WHERE id = ?",
        (*columns(stand), incident),
    )


def hear(connection: sqlite3.Connection, incident: int, when: datetime) -> None:
    """Count an incident as told as it is now: its owner has just decided about it."""
    connection.execute(
        "UPDATE incident SET shown = coalesce(shown, ?), told = max(coalesce(told, 0), severity) WHERE id = ?",
        (to_text(when), incident),
    )


def grow(connection: sqlite3.Connection, incident: int) -> None:
    """Note that something new has joined an incident: nothing that is taken back makes that silent."""
    rows = connection.execute("SELECT * FROM journal WHERE incident = ?", (incident,)).fetchall()
    connection.executemany(
        "UPDATE journal SET reviewed = ?, decision = ?, note = ?, snoozed = ? WHERE id = ?",
        [(*columns(stand_of(row).grown()), row["id"]) for row in rows],
    )


def unite(connection: sqlite3.Connection, survivor: int, parts: Sequence[tuple[int, Stand, bool]]) -> Stand:
    """Make one journal of those of incidents that become one, as if they had been one all the time.

    Args:
        connection: Inside a transaction.
        survivor: The incident that stays.
        parts: Each incident whose word counts: its number, how the owner stands to it, and whether it is neither of
            low severity nor muted.

    Returns:
        How the owner stands to the whole.
    """
    stands = [(stand, weighs) for _, stand, weighs in parts]
    whole = united(stands)
    said = [each for index, (number, _, _) in enumerate(parts) for each in _in_time(connection, number, index)]
    connection.executemany("DELETE FROM journal WHERE incident = ?", [(number,) for number, _, _ in parts])
    together = []
    # Back in time: before each thing that was said, the others stood as they did then.
    said.sort(key=lambda each: each[0])
    for _, entry, index in reversed(said):
        stands[index] = entry.before, stands[index][1]
        together.append(Entry(entry.at, united(stands)))
    write(connection, ((survivor, entry) for entry in reversed(together)))
    return whole


def _in_time(connection: sqlite3.Connection, incident: int, index: int) -> list[tuple[datetime, Entry, int]]:
    """Give what was said of an incident with a time that never goes back, whatever the clock did."""
    found = entries(connection, incident)
    times = accumulate((entry.at for entry in found), max)
    return [(time, entry, index) for time, entry in zip(times, found, strict=True)]


def _row(connection: sqlite3.Connection, incident: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM incident WHERE id = ?", (incident,)).fetchone()
    return row
