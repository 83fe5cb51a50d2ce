"""How the rows of each table look: which columns there are, and what may lie in each.

SQLite sees to that when it writes. What it reads of a damaged file may be of any type, a number where a text has to be.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from trayapp.store import facets, schema
from trayapp.store.pages import Record

_TYPES: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (float, int), "TEXT": (str,), "BLOB": (bytes,)}
"""What each declared type is read as; SQLite stores a real number without fraction as an integer."""

_EMPTY = type(None)


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        name: Its name.
        types: What may be in it.
        default: What is in it where the row is older than the column, in SQL.
    """

    name: str
    types: tuple[type, ...]
    default: str


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of a table look.

    Attributes:
        name: Its name.
        numbered: Its rows have numbers.
        alias: Its first column is that number, which lies in the row itself as nothing.
        columns: Its columns, in order.
        lengths: How many columns rows have: those written before a column was added do without it.
    """

    name: str
    numbered: bool
    alias: bool
    columns: tuple[Column, ...]
    lengths: frozenset[int]

    def fits(self, row: sqlite3.Row) -> bool:
        """Tell whether what SQLite reads may be a row of this table, of whichever version."""
        there = row.keys()
        return all(isinstance(row[column.name], column.types) for column in self.columns if column.name in there)

    def values(self, record: Record) -> dict[str, object] | None:
        """Give a row that lies on some page by its columns; ``None`` if it cannot be one of this table."""
        if self.numbered != (record.number is not None) or len(record.values) not in self.lengths:
            return None
        values: tuple[object, ...] = record.values
        if self.alias:
            if values[0] is not None:
                return None
            values = (record.number, *values[1:])
        row = list(zip(self.columns, values, strict=False))
        if not all(isinstance(value, column.types) for column, value in row):
            return None
        return {column.name: value for column, value in row}


@cache
def shapes() -> Mapping[str, Shape]:
    """Give the shape of every table, by its name."""
    lengths: dict[str, set[int]] = {}
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        facets.install(connection)
        for version, script in enumerate(schema.MIGRATIONS, 1):
            connection.executescript(script)
            for name in schema.tables(version):
                lengths.setdefault(name, set()).add(len(_columns(connection, name)))
        return {name: _shape(connection, name, frozenset(found)) for name, found in lengths.items()}


def _shape(connection: sqlite3.Connection, name: str, lengths: frozenset[int]) -> Shape:
    (without_numbers,) = connection.execute("SELECT wr FROM pragma_table_list(?)", (name,)).fetchone()
    columns = _columns(connection, name)
    keys = [column for column in columns if column["pk"]]
    return Shape(
        name,
        numbered=not without_numbers,
        alias=not without_numbers and len(keys) == 1 and keys[0]["type"] == "INTEGER",
        columns=tuple(_column(column) for column in columns),
        lengths=lengths,
    )


def _column(row: sqlite3.Row) -> Column:
    empty = () if row["notnull"] or row["pk"] else (_EMPTY,)
    return Column(row["name"], (*_TYPES[row["type"]], *empty), row["dflt_value"] or "NULL")


def _columns(connection: sqlite3.Connection, table: str) -> list[sqlite3.Row]:
    return connection.execute(f"PRAGMA table_info({table})").fetchall()
