"""The rows of a damaged file that no tree leads to any more, told apart by what only one table can hold."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trayapp.store import facets, schema
from trayapp.store.pages import Record, Value, records

TABLES = (
    *("incident", "finding", "journal", "tick", "body", "seen", "existing", "state", "quarantine"),
    *("unverified", "unverified_finding"),
)
"""Not among them: what is worked out of these anyway, and the tally, whose rows look like those of an index."""

_TYPES: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (float, int), "TEXT": (str,), "BLOB": (bytes,)}
"""What each declared type lies there as; SQLite stores a real number without fraction as an integer."""


@dataclass(frozen=True, slots=True)
class _Table:
    """How the rows of a table look.

    Attributes:
        name: Its name.
        numbered: Its rows have numbers.
        alias: Its first column is the number, which lies there as nothing.
        columns: Their names and what may lie in each.
        lengths: How many columns rows have: those written before a column was added do without it.
    """

    name: str
    numbered: bool
    alias: bool
    columns: tuple[tuple[str, tuple[type, ...]], ...]
    lengths: frozenset[int]

    def takes(self, record: Record) -> bool:
        """Tell whether a row may be one of this table's."""
        return (
            self.numbered == (record.number is not None)
            and len(record.values) in self.lengths
            and all(isinstance(value, types) for value, (_, types) in zip(record.values, self.columns, strict=False))
        )

    def put(self, connection: sqlite3.Connection, record: Record) -> None:
        """Write a row; of two with the same key the first stays."""
        row: dict[str, Value] = {"rowid": record.number} if self.numbered else {}
        row |= {name: value for (name, _), value in zip(self.columns, record.values, strict=False)}
        if self.alias:
            del row[self.columns[0][0]]
        sql = f"INSERT OR IGNORE INTO {self.name} ({','.join(row)}) VALUES ({','.join('?' * len(row))})"  # noqa: S608 - ours
        connection.execute(sql, list(row.values()))


def read(path: Path) -> sqlite3.Connection:
    """Make a temporary database of the rows that are whole somewhere in a file; the caller closes it.

    Raises:
        OSError: The file cannot be read.
    """
    connection = sqlite3.connect("", isolation_level=None)  # on disk where it is large, and gone once it is closed
    try:
        connection.row_factory = sqlite3.Row
        facets.install(connection)
        tables = _tables(connection)
        connection.execute("BEGIN")
        for record in records(path):
            for table in tables:
                if table.takes(record):
                    table.put(connection, record)
                    break
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> list[_Table]:
    """Make the tables, version by version, and tell how the rows of each look."""
    lengths: dict[str, set[int]] = {name: set() for name in TABLES}
    for script in schema.MIGRATIONS:
        for statement in script.split(";"):
            connection.execute(statement)
        for name, found in lengths.items():
            if columns := len(list(_columns(connection, name))):
                found.add(columns)
    connection.execute("PRAGMA foreign_keys = OFF")
    return [_table(connection, name, frozenset(found)) for name, found in lengths.items()]


def _table(connection: sqlite3.Connection, name: str, lengths: frozenset[int]) -> _Table:
    (without_numbers,) = connection.execute("SELECT wr FROM pragma_table_list(?)", (name,)).fetchone()
    columns = list(_columns(connection, name))
    keys = [column for column in columns if column["pk"]]
    alias = not without_numbers and len(keys) == 1 and keys[0]["type"] == "INTEGER"
    empty = type(None)
    return _Table(
        name,
        numbered=not without_numbers,
        alias=alias,
        columns=tuple(
            (column["name"], (empty,))
            if alias and column["pk"]
            else (column["name"], (*_TYPES[column["type"]], *(() if column["notnull"] or column["pk"] else (empty,))))
            for column in columns
        ),
        lengths=lengths,
    )


def _columns(connection: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    yield from connection.execute(f"PRAGMA table_info({table})")
