"""What the rest of the program asks of the disk."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from trayapp.core.alerts import Alert, Certainty, Finding, Signal
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store.database import connect, transaction, translated

_PAUSED_UNTIL = "paused_until"
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

    def commit(self, watch: str, messages: Iterable[Judged], received: datetime) -> list[Alert]:
        """Commit a batch of messages in one transaction.

        Committing the same messages again, in whatever order, changes nothing but the tally.

        Returns:
            The alerts that the batch made.
        """
        made: list[int] = []
        with translated(self._path), transaction(self._connection):
            for message in messages:
                self._tally(watch, message.kind)
                made += [row for finding in message.findings if (row := self._insert(watch, finding, received))]
                self._connection.executemany(
                    "INSERT OR IGNORE INTO existing VALUES (?)", [(each.fingerprint,) for each in message.existing]
                )
                if message.unreadable:
                    self._quarantine(watch, message, received)
        return [alert for alert in map(self.alert, made) if alert is not None]

    def alert(self, alert_id: int) -> Alert | None:
        """Give one alert, ``None`` if there is none of that number."""
        return next(iter(self._alerts("WHERE id = ?", alert_id)), None) if alert_id in _NUMBERS else None

    def alerts(self) -> list[Alert]:
        """Give every alert, newest first."""
        return self._alerts()

    def to_review(self) -> list[Alert]:
        """Give the alerts not reviewed yet, newest first."""
        return self._alerts("WHERE reviewed IS NULL")

    def mark_shown(self, alert_id: int, when: datetime) -> None:
        """Note that an alert was shown; its first showing counts."""
        self._write("UPDATE alert SET shown = ? WHERE id = ? AND shown IS NULL", _text(when), alert_id)

    def review(self, alert_ids: Sequence[int], when: datetime) -> list[int]:
        """Mark alerts as reviewed.

        Returns:
            Those that were not reviewed before.
        """
        possible = [alert_id for alert_id in alert_ids if alert_id in _NUMBERS]
        marks = ",".join("?" * len(possible))
        return self._review(f"id IN ({marks}) AND", when, *possible)

    def review_all(self, when: datetime) -> list[int]:
        """Mark every alert as reviewed; give those that were not before."""
        return self._review("", when)

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

    def _insert(self, watch: str, finding: Finding, received: datetime) -> int | None:
        cursor = self._connection.execute(
            "INSERT INTO alert (fingerprint, watch, signal, severity, certainty, account_id, region, resource_type,"
            " resource_id, resource_name, arn, size, happened, created)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING",
            (
                finding.fingerprint,
                watch,
                finding.signal.value,
                finding.severity.value,
                finding.certainty.value,
                finding.account_id,
                finding.region,
                finding.resource_type,
                finding.resource_id,
                finding.resource_name,
                finding.arn,
                finding.size,
                _text(finding.happened) if finding.happened else None,
                _text(received),
            ),
        )
        return cursor.lastrowid if cursor.rowcount == 1 else None

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
                f"UPDATE alert SET reviewed = ? WHERE {condition} reviewed IS NULL RETURNING id",  # noqa: S608 - ours
                (_text(when), *values),
            )
            return [row["id"] for row in rows]

    def _alerts(self, condition: str = "", *values: int) -> list[Alert]:
        rows = self._read(f"SELECT * FROM alert {condition} ORDER BY id DESC", *values)  # noqa: S608 - our own words
        return [_alert(row) for row in rows]

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with translated(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with translated(self._path), transaction(self._connection):
            self._connection.execute(sql, values)


def _alert(row: sqlite3.Row) -> Alert:
    finding = Finding(
        fingerprint=row["fingerprint"],
        signal=Signal(row["signal"]),
        severity=Severity(row["severity"]),
        certainty=Certainty(row["certainty"]),
        account_id=row["account_id"],
        region=row["region"],
        resource_type=row["resource_type"],
        resource_id=row["resource_id"],
        resource_name=row["resource_name"],
        arn=row["arn"],
        size=row["size"],
        happened=_time(row["happened"]),
    )
    return Alert(
        id=row["id"],
        watch=row["watch"],
        finding=finding,
        created=datetime.fromisoformat(row["created"]),
        shown=_time(row["shown"]),
        reviewed=_time(row["reviewed"]),
    )


def _text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
