"""What the rest of the program asks of the disk."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident, distinct, in_order
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store import documents
from trayapp.store.database import connect, transaction, translated
from trayapp.store.joining import STEPS, Joiner

_PAUSED_UNTIL = "paused_until"
_TO_REVIEW = "muted = '' AND severity > ?"
_NUMBERS = range(1, 2**63)
"""What SQLite can number a row with; asking it about any other number is an error and not a "no"."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be read.

    Attributes:
        id: Its number.
        watch: The account whose queue brought it.
        body: The whole body.
        reason: Why it could not be read.
        received: When it came.
    """

    id: int
    watch: str
    body: str
    reason: str
    received: datetime


class Store:
    """One connection to the file; it belongs to the thread that opened it.

    Every method raises ``StoreError`` where the disk does not do its part. What a writing method has returned from
    is on disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path)

    def __enter__(self) -> Self:
        """Use the store in a ``with`` block that closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def commit(self, watch: str, messages: Iterable[Judged], received: datetime) -> list[int]:
        """Commit a batch of messages in one transaction.

        Committing the same messages again, in whatever order, changes nothing but the tally.

        Returns:
            The incidents that are new or have changed.
        """
        with translated(self._path), transaction(self._connection):
            joiner = Joiner(self._connection, watch, received)
            for message in messages:
                self._tally(watch, message.kind)
                for finding in message.findings:
                    joiner.add(finding)
                self._connection.executemany(
                    "INSERT OR IGNORE INTO existing VALUES (?)", [(fingerprint,) for fingerprint in message.existing]
                )
                self._connection.executemany(
                    "INSERT OR IGNORE INTO seen VALUES (?, ?, ?)",
                    [(account_id, what, _text(received)) for account_id, what in message.seen],
                )
                if message.unreadable:
                    self._quarantine(watch, message, received)
            return joiner.finish()

    def seen(self, before: datetime) -> frozenset[tuple[str, str]]:
        """Give what each account was seen to have before a moment, each as ``Judged.seen`` has it."""
        rows = self._read("SELECT account_id, what FROM seen WHERE first < ?", _text(before))
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
        with translated(self._path), transaction(self._connection):
            self._connection.executemany(
                "UPDATE incident SET shown = coalesce(shown, ?), told = max(coalesce(told, 0), ?) WHERE id = ?",
                [(_text(when), severity.value, incident_id) for incident_id, severity in told.items()],
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
        """Give the messages that could not be read, oldest first."""
        return [
            Quarantined(row["id"], row["watch"], row["body"], row["reason"], datetime.fromisoformat(row["received"]))
            for row in self._read("SELECT * FROM quarantine ORDER BY id")
        ]

    def quarantined(self) -> int:
        """Give how many messages could not be read."""
        return int(self._read("SELECT count(*) FROM quarantine")[0][0])

    def paused_until(self) -> datetime | None:
        """Give when the pause ends, ``None`` without one."""
        rows = self._read("SELECT value FROM state WHERE key = ?", _PAUSED_UNTIL)
        return datetime.fromisoformat(rows[0]["value"]) if rows else None

    def pause_until(self, when: datetime | None) -> None:
        """Set or, with ``None``, end the pause."""
        if when is None:
            self._write("DELETE FROM state WHERE key = ?", _PAUSED_UNTIL)
        else:
            self._write("INSERT OR REPLACE INTO state VALUES (?, ?)", _PAUSED_UNTIL, _text(when))

    def _tally(self, watch: str, kind: str) -> None:
        self._connection.execute(
            "INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT (watch, kind) DO UPDATE SET count = count + 1",
            (watch, kind),
        )

    def _quarantine(self, watch: str, message: Judged, received: datetime) -> None:
        body = message.body.encode("utf-8", "replace").decode()
        digest = hashlib.sha256(message.body.encode("utf-8", "surrogatepass")).hexdigest()
        self._connection.execute(
            "INSERT OR IGNORE INTO quarantine (digest, watch, body, reason, received) VALUES (?, ?, ?, ?, ?)",
            (digest, watch, body, message.unreadable, _text(received)),
        )

    def _review(self, condition: str, when: datetime, *values: int) -> list[int]:
        with translated(self._path), transaction(self._connection):
            rows = self._connection.execute(
                f"UPDATE incident SET reviewed = ? WHERE {condition} reviewed IS NULL RETURNING id",  # noqa: S608 - ours
                (_text(when), *values),
            )
            return [row["id"] for row in rows]

    def _incidents(self, condition: str = "", *values: int) -> list[Incident]:
        incidents = f"SELECT * FROM incident {condition} ORDER BY id DESC"  # noqa: S608 - our own words
        found = f"SELECT * FROM finding WHERE incident IN (SELECT id FROM incident {condition})"  # noqa: S608 - same
        with translated(self._path):
            # One reading for both, lest a commit in between shows an incident without its findings.
            self._connection.execute("BEGIN")
            try:
                rows = self._connection.execute(incidents, values).fetchall()
                findings: dict[int, list[Finding]] = {}
                for row in self._connection.execute(found, values):
                    findings.setdefault(row["incident"], []).append(documents.read(row["document"]))
                return [self._incident(row, findings.get(row["id"], [])) for row in rows]
            finally:
                self._connection.execute("COMMIT")

    def _incident(self, row: sqlite3.Row, findings: list[Finding]) -> Incident:
        return Incident(
            id=row["id"],
            watch=row["watch"],
            findings=tuple(in_order(findings)),
            created=datetime.fromisoformat(row["created"]),
            shown=_time(row["shown"]),
            told=None if row["told"] is None else Severity(row["told"]),
            reviewed=_time(row["reviewed"]),
            steps=self._steps(findings),
        )

    def _steps(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        wanted = [step for finding in findings for step in finding.details.get(STEPS, "").split("\n") if step]
        if not wanted:
            return ()
        sql = f"SELECT document FROM finding WHERE fingerprint IN ({','.join('?' * len(wanted))})"  # noqa: S608 - marks
        rows = self._connection.execute(sql, wanted)
        return distinct(documents.read(row[0]) for row in rows)

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with translated(self._path), transaction(self._connection):
            self._connection.execute(sql, values)


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
