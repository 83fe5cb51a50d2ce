"""What every part of the store has in common: the file, and reading incidents from it."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Self

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.tellings import distinct
from trayapp.store import documents
from trayapp.store.database import Database
from trayapp.store.errors import understood
from trayapp.store.incidents import read_incident
from trayapp.store.joining import STEPS

NUMBERS = range(1, 2**63)
"""What SQLite can number a row with; asking it about any other number is an error and not a "no"."""

OPEN = "reviewed IS NULL AND (decision IS 'not-mine' OR (muted = '' AND severity > 1))"
"""The condition that an incident to review meets, in the very words of the index that finds them."""


class Connected:
    """One connection to the file; it belongs to the thread that opened it.

    Args:
        place: The file, or an open database.
    """

    def __init__(self, place: Path | Database) -> None:
        self._database = place if isinstance(place, Database) else Database(place)

    def __enter__(self) -> Self:
        """Use it in a ``with`` block that closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._database.connection

    def _incidents(self, condition: str = "", *values: object) -> list[Incident]:
        """Give the incidents that meet a condition, newest first."""
        # One reading for both, lest a commit in between shows an incident without its findings.
        with self._database.reading() as connection, understood(self._database.path):
            connection.execute("BEGIN")
            try:
                sql = f"SELECT * FROM incident {condition} ORDER BY id DESC"  # noqa: S608 - our own words
                return self._with_findings(connection.execute(sql, values).fetchall())
            finally:
                connection.execute("COMMIT")

    def _with_findings(self, rows: list[sqlite3.Row]) -> list[Incident]:
        """Read incidents from their rows, inside a transaction."""
        findings: dict[int, list[Finding]] = {row["id"]: [] for row in rows}
        sql = "SELECT incident, document FROM finding WHERE incident IN (SELECT value FROM json_each(?))"
        for row in self._connection.execute(sql, (json.dumps(list(findings)),)):
            findings[row["incident"]].append(documents.read(row["document"]))
        return [self._incident(row, findings[row["id"]]) for row in rows]

    def _incident(self, row: sqlite3.Row, findings: list[Finding]) -> Incident:
        incident = read_incident(row, findings)
        return replace(incident, steps=self._steps(findings))

    def _steps(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        wanted = [step for finding in findings for step in finding.details.get(STEPS, "").split("\n") if step]
        if not wanted:
            return ()
        sql = f"SELECT document FROM finding WHERE fingerprint IN ({','.join('?' * len(wanted))})"  # noqa: S608 - marks
        rows = self._connection.execute(sql, wanted)
        return distinct(documents.read(row[0]) for row in rows)

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(sql, values)
