"""What is left of a damaged file, row by row, without a change to it.

It is opened for reading alone, so that not even its write-ahead log is tidied up. What SQLite can reach comes first.
Where the way to a table's rows is lost, they are looked for page by page, so that a spoiled page costs what was on it
and nothing else; ``leaves`` says of which tables.
"""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from trayapp.store import leaves
from trayapp.store.files import size
from trayapp.store.shapes import shapes

log = logging.getLogger(__name__)

_MOST_GAPS = 10_000
_MOST_COMPLAINTS = 1_000_000


class Remains:
    """The rows of a damaged file.

    Args:
        path: The file; ``None`` where there is nothing left of it.

    Attributes:
        complete: Everything that was asked for could be read. Whoever finds that a row makes no sense denies it.
    """

    def __init__(self, path: Path | None) -> None:
        self.complete = False
        self._ended = False
        self._pages_lost = False
        self._path = path if path is not None and size(path) else None  # SQLite would delete the log of an empty one
        self._connection: sqlite3.Connection | None = None
        self._leaves: sqlite3.Connection | None = None
        for way in ("mode=ro", "immutable=1"):  # the second one does without the write-ahead log
            self._connection = self._opened(way)
            if self._connection is not None:
                self.complete = way == "mode=ro"
                self._pages_lost = _has_lost_pages(self._connection)
                return

    def _opened(self, way: str) -> sqlite3.Connection | None:
        if self._path is None:
            return None
        try:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?{way}", uri=True, isolation_level=None)
        except (sqlite3.Error, UnicodeDecodeError):
            return None
        connection.row_factory = sqlite3.Row
        try:
            # Without this, SQLite reads nothing of a file that is shorter than it should be.
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except (sqlite3.Error, UnicodeDecodeError):
            connection.close()
            return None
        return connection

    def close(self) -> None:
        """Close it."""
        for connection in (self._connection, self._leaves):
            if connection is not None:
                connection.close()

    def numbered(self, table: str) -> Iterator[sqlite3.Row]:
        """Give the rows of a table that numbers them, around whatever cannot be read; some may come twice."""
        yield from self._and_on_leaves(table, self._in_order(table))

    def keyed(self, table: str, key: str) -> Iterator[sqlite3.Row]:
        """Give the rows of a table that has no numbers, from both ends; some may come twice."""
        yield from self._and_on_leaves(table, self._from_both_ends(table, key))

    def _and_on_leaves(self, table: str, reached: Iterator[sqlite3.Row]) -> Iterator[sqlite3.Row]:
        """Give what SQLite reaches and, where that is not all or whoever takes it says so, what lies anywhere.

        What SQLite reads without complaint is not all where nothing leads to some of the pages any more.
        """
        before, self.complete = self.complete, True
        shape = shapes()[table]
        for row in reached:
            if shape.fits(row):
                yield row
            else:
                self.complete = False
        if self._pages_lost or not self.complete:
            yield from self._on_leaves(table)
        self.complete = self.complete and before

    def hints(self, sql: str) -> list[sqlite3.Row]:
        """Give what SQLite can reach of what is asked for; nothing is missing where it cannot."""
        complete = self.complete
        found = list(self._rows(sql))
        self.complete = complete
        return found

    def _from_both_ends(self, table: str, key: str) -> Iterator[sqlite3.Row]:
        yield from self._rows(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608 - ours
        if not self._ended:
            order = ", ".join(f"{column} DESC" for column in key.split(", "))
            yield from self._rows(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - ours

    def _in_order(self, table: str) -> Iterator[sqlite3.Row]:
        """Give the rows that SQLite finds."""
        low = 0
        for _ in range(_MOST_GAPS):
            sql = f"SELECT rowid AS number, * FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608 - ours
            for row in self._rows(sql, low):
                low = max(low, row["number"])
                yield row
            if self._ended:
                return
            high = self._beyond(table, low)
            sql = f"SELECT rowid AS number, * FROM {table} WHERE rowid > ? AND rowid < ? ORDER BY rowid DESC"  # noqa: S608 - ours
            yield from self._rows(sql, low, high or 2**63 - 1)
            if high is None:
                return
            low = high - 1

    def _on_leaves(self, table: str) -> Iterator[sqlite3.Row]:
        """Give the rows that lie somewhere in the file, whatever leads to them."""
        if self._path is None or table not in leaves.TABLES:
            return
        if self._leaves is None:
            # This opens the file beside SQLite, and closing it drops the locks that this process has of it
            # (https://www.sqlite.org/howtocorrupt.html, section 2.2). It lies aside, where nobody opens it any more.
            try:
                self._leaves = leaves.read(self._path)
            except OSError as error:
                log.warning("%s cannot be read page by page: %s", self._path, error)
                return
        yield from self._leaves.execute(f"SELECT * FROM {table}")  # noqa: S608 - ours

    def _rows(self, sql: str, *values: int) -> Iterator[sqlite3.Row]:
        """Give what SQLite can reach of what is asked for, until one of the rows cannot be read."""
        self._ended = False
        try:
            if self._connection is not None:
                yield from self._connection.execute(sql, values)
                self._ended = True
                return
        except (sqlite3.Error, UnicodeDecodeError):
            pass
        self.complete = False

    def _beyond(self, table: str, low: int) -> int | None:
        """Give the number of a row behind those that cannot be read, ``None`` if none can be found."""
        sql = f"SELECT rowid AS number FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT 1"  # noqa: S608 - ours
        for exponent in range(62):
            found = [row["number"] for row in self._rows(sql, low + 2**exponent)]
            if self._ended:
                return int(found[0]) if found and found[0] > low + 2**exponent else None
        return None


def _has_lost_pages(connection: sqlite3.Connection) -> bool:
    """Tell whether there are pages that belong to no tree, and are not given up either."""
    try:
        complaints = connection.execute(f"PRAGMA integrity_check({_MOST_COMPLAINTS})").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return True
    return any("never used" in complaint[0] for complaint in complaints)
