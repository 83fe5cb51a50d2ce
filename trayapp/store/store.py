"""What the rest of the program asks of the disk."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident, distinct
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store import database, documents, quarantine, unverified
from trayapp.store.database import Database
from trayapp.store.errors import understood
from trayapp.store.incidents import read_incident
from trayapp.store.joining import STEPS, Joiner
from trayapp.store.quarantine import Quarantined
from trayapp.store.taking import take
from trayapp.store.times import from_text, to_text

PAUSED_UNTIL = "paused_until"
"""The key of the small state that holds when the pause ends."""

_TO_REVIEW = "muted = '' AND severity > ?"
_NUMBERS = range(1, 2**63)
"""What SQLite can number a row with; asking it about any other number is an error and not a "no"."""


class Store:
    """One connection to the file; it belongs to the thread that opened it.

    Every method raises ``StoreError`` where the disk does not do its part. What a writing method has returned from
    is on disk.

    Args:
        place: The file, or an open database.
    """

    def __init__(self, place: Path | Database) -> None:
        self._database = place if isinstance(place, Database) else Database(place)

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block that closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def check(self) -> None:
        """Look through the whole file for damage."""
        with self._database.reading() as connection:
            database.check(connection, self._database.path)

    def commit(self, watch: str, messages: Iterable[Judged], received: datetime) -> list[int]:
        """Commit a batch of messages in one transaction.

        Committing the same messages again, in whatever order, changes nothing but the tally.

        Returns:
            The incidents that are new or have changed.
        """
        with self._database.writing() as connection:
            joiner = Joiner(connection, watch, received)
            for message in messages:
                take(connection, joiner, watch, message, received)
                if message.unreadable:
                    quarantine.put(connection, watch, message.kind, message.body, message.unreadable, received)
            return joiner.finish()

    def note(self, watch: str, findings: Iterable[Finding], received: datetime) -> list[int]:
        """Commit what no message said, but our own looking has found.

        Returns:
            The incidents that are new or have changed.
        """
        with self._database.writing() as connection:
            joiner = Joiner(connection, watch, received)
            for finding in findings:
                joiner.add(finding)
            return joiner.finish()

    def adopt(self, incidents: Iterable[Incident]) -> dict[int, int]:
        """Take in incidents that lived elsewhere, with what their owner has heard and seen of them.

        Returns:
            The numbers that they have here, by those that they had.
        """
        with self._database.writing() as connection:
            numbers: dict[int, int] = {}
            joiner: Joiner | None = None
            for incident in incidents:
                joiner = joiner or Joiner(connection, incident.watch, incident.created)
                numbers[incident.id] = joiner.adopt(incident)
            if joiner is None:
                return {}
            joiner.finish()
            return {number: joiner.becomes(home) for number, home in numbers.items()}

    def discard(self, incident_ids: Sequence[int]) -> None:
        """Delete incidents with all that belongs to them."""
        with self._database.writing() as connection:
            numbers = [(number,) for number in incident_ids]
            connection.executemany("DELETE FROM tie WHERE incident = ?", numbers)
            connection.executemany("DELETE FROM finding WHERE incident = ?", numbers)
            connection.executemany("DELETE FROM incident WHERE id = ?", numbers)

    def count(self) -> int:
        """Give how many incidents there are."""
        return int(self._read("SELECT count(*) FROM incident")[0][0])

    def holds(self, fingerprints: Iterable[str]) -> frozenset[str]:
        """Give those of some fingerprints that are here already."""
        rows = self._read(
            "SELECT DISTINCT fingerprint FROM finding WHERE fingerprint IN (SELECT value FROM json_each(?))",
            json.dumps(list(fingerprints)),
        )
        return frozenset(row["fingerprint"] for row in rows)

    def seen(self, before: datetime) -> frozenset[tuple[str, str]]:
        """Give what each account was seen to have before a moment, each as ``Judged.seen`` has it."""
        rows = self._read("SELECT account_id, what FROM seen WHERE first < ?", to_text(before))
        return frozenset((row["account_id"], row["what"]) for row in rows)

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        return next(iter(self._incidents("WHERE id = ?", incident_id)), None) if incident_id in _NUMBERS else None

    def incidents(self) -> list[Incident]:
        """Give every incident, newest first."""
        return self._incidents()

    def to_review(self) -> list[Incident]:
        """Give the incidents to review, newest first; what is of low severity or muted is history from the start."""
        return self._incidents(f"WHERE {_TO_REVIEW} AND reviewed IS NULL", Severity.LOW.value)

    def mark_shown(self, incident_id: int, severity: Severity, when: datetime) -> None:
        """Note that an incident was shown at a severity; its first showing counts for the time."""
        self.mark_all_shown({incident_id: severity}, when)

    def mark_all_shown(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown together, each at a severity."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE incident SET shown = coalesce(shown, ?), told = max(coalesce(told, 0), ?) WHERE id = ?",
                [(to_text(when), severity.value, incident_id) for incident_id, severity in told.items()],
            )

    def review(self, incident_ids: Sequence[int], when: datetime) -> list[int]:
        """Mark incidents as reviewed.

        Returns:
            Those that were not reviewed before.
        """
        possible = [incident_id for incident_id in incident_ids if incident_id in _NUMBERS]
        marks = ",".join("?" * len(possible))
        return self._review(f"id IN ({marks}) AND", when, *possible)

    def review_all(self, when: datetime) -> list[int]:
        """Mark every incident to review as reviewed; give their numbers."""
        return self._review(f"{_TO_REVIEW} AND", when, Severity.LOW.value)

    def counts(self) -> dict[str, int]:
        """Give how many messages of each kind were consumed."""
        rows = self._read("SELECT kind, sum(count) AS total FROM tally GROUP BY kind ORDER BY kind")
        return {row["kind"]: row["total"] for row in rows}

    def existing(self) -> int:
        """Give how many resources were there before we watched."""
        return int(self._read("SELECT count(*) FROM existing")[0][0])

    def quarantine(self) -> list[Quarantined]:
        """Give the messages that were put aside, oldest first."""
        with self._database.reading() as connection, understood(self._database.path):
            return quarantine.every(connection)

    def quarantined(self) -> int:
        """Give how many messages were put aside."""
        with self._database.reading() as connection:
            return quarantine.count(connection)

    def quarantined_message(self, number: int) -> Quarantined | None:
        """Give one of the messages that were put aside, ``None`` if there is none of that number."""
        with self._database.reading() as connection, understood(self._database.path):
            return quarantine.one(connection, number) if number in _NUMBERS else None

    def retry_quarantined(self, number: int, message: Judged, now: datetime) -> list[int] | None:
        """Take what became of a message that was put aside, when it was read and judged again.

        What can be read now is committed as if it had just come, and counted as what it has turned out to be; it is
        put aside no longer. What cannot stays, with the new reason.

        Args:
            number: Its number.
            message: What became of its body.
            now: The moment, aware.

        Returns:
            The incidents that are new or have changed; ``None`` if there is no such message any more.
        """
        with self._database.writing() as connection:
            before = quarantine.one(connection, number) if number in _NUMBERS else None
            if before is None:
                return None
            joiner = Joiner(connection, before.watch, now)
            connection.execute(
                "UPDATE tally SET count = count - 1 WHERE watch = ? AND kind = ? AND count > 0",
                (before.watch, before.kind),
            )
            take(connection, joiner, before.watch, message, now)
            if message.unreadable:
                quarantine.explain(connection, number, message.kind, message.unreadable)
            else:
                quarantine.drop(connection, [number])
            return joiner.finish()

    def drop_quarantined(self, numbers: Collection[int]) -> list[int]:
        """Drop messages that were put aside; give the numbers of those that were there."""
        with self._database.writing() as connection:
            return quarantine.drop(connection, [number for number in numbers if number in _NUMBERS])

    def drop_all_quarantined(self) -> list[int]:
        """Drop every message that was put aside; give their numbers."""
        with self._database.writing() as connection:
            return quarantine.drop_every(connection)

    def unverified(self) -> int:
        """Give how many messages wait for the certificate that proves or disproves them."""
        with self._database.reading() as connection:
            return unverified.count(connection)

    def remember(self, key: str, value: str) -> None:
        """Keep a small piece of state under a key; what was kept there is gone."""
        self._write("INSERT OR REPLACE INTO state VALUES (?, ?)", key, value)

    def recall(self, key: str) -> str | None:
        """Give what is kept under a key, ``None`` if nothing is."""
        rows = self._read("SELECT value FROM state WHERE key = ?", key)
        return str(rows[0]["value"]) if rows else None

    def forget(self, key: str) -> None:
        """Keep nothing under a key any more."""
        self._write("DELETE FROM state WHERE key = ?", key)

    def prove_writable(self) -> None:
        """Write something that means nothing, to see whether the disk does its part."""
        self.remember("written", "")

    def paused_until(self) -> datetime | None:
        """Give when the pause ends, ``None`` without one."""
        with understood(self._database.path):
            return from_text(self.recall(PAUSED_UNTIL))

    def pause_until(self, when: datetime | None) -> None:
        """Set or, with ``None``, end the pause."""
        if when is None:
            self.forget(PAUSED_UNTIL)
        else:
            self.remember(PAUSED_UNTIL, to_text(when))

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._database.connection

    def _review(self, condition: str, when: datetime, *values: int) -> list[int]:
        with self._database.writing() as connection:
            rows = connection.execute(
                f"UPDATE incident SET reviewed = ? WHERE {condition} reviewed IS NULL RETURNING id",  # noqa: S608 - ours
                (to_text(when), *values),
            )
            return [row["id"] for row in rows]

    def _incidents(self, condition: str = "", *values: int) -> list[Incident]:
        incidents = f"SELECT * FROM incident {condition} ORDER BY id DESC"  # noqa: S608 - our own words
        found = f"SELECT * FROM finding WHERE incident IN (SELECT id FROM incident {condition})"  # noqa: S608 - same
        with self._database.reading() as connection, understood(self._database.path):
            # One reading for both, lest a commit in between shows an incident without its findings.
            connection.execute("BEGIN")
            try:
                rows = connection.execute(incidents, values).fetchall()
                findings: dict[int, list[Finding]] = {}
                for row in connection.execute(found, values):
                    findings.setdefault(row["incident"], []).append(documents.read(row["document"]))
                return [self._incident(row, findings.get(row["id"], [])) for row in rows]
            finally:
                connection.execute("COMMIT")

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
