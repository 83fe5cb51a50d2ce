"""The rows of a damaged file that no tree leads to any more, told apart by what only one table can hold."""

import sqlite3
from pathlib import Path

from trayapp.store.pages import records
from trayapp.store.shapes import shapes

TABLES = (
    *("incident", "finding", "journal", "tick", "body", "seen", "existing", "state", "quarantine"),
    *("unverified", "unverified_finding"),
)
"""Not among them: what is worked out of these anyway, and the tally, whose rows look like those of an index."""


def read(path: Path) -> sqlite3.Connection:
    """Make a temporary database of the rows that are whole somewhere in a file; the caller closes it.

    Its tables have no keys: a row that was changed by chance may have the number of another one, which is whole.

    Raises:
        OSError: The file cannot be read.
    """
    connection = sqlite3.connect("", isolation_level=None)  # on disk where it is large, and gone once it is closed
    try:
        connection.row_factory = sqlite3.Row
        tables = [shapes()[name] for name in TABLES]
        for table in tables:
            columns = ",".join(f"{column.name} DEFAULT {column.default}" for column in table.columns)
            connection.execute(f"CREATE TABLE {table.name} ({columns})")
        connection.execute("BEGIN")
        for record in records(path):
            for table in tables:
                row = table.values(record)
                if row is not None:
                    _put(connection, table.name, row)
                    break
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _put(connection: sqlite3.Connection, table: str, row: dict[str, object]) -> None:
    sql = f"INSERT INTO {table} ({','.join(row)}) VALUES ({','.join('?' * len(row))})"  # noqa: S608 - ours
    connection.execute(sql, list(row.values()))
