"""Messages whose signatures could not be checked yet: shown already, and settled when their certificate is there.

What such a message found stands in the store like everything else, marked. What it says of what is normal (which
Regions are in use, what was there before) is withheld until it is proved, since that could make true alerts silent.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from trayapp.core.finding import Finding
from trayapp.store import bodies, documents, facets, quarantine, seen
from trayapp.store.database import Database
from trayapp.store.errors import understood
from trayapp.store.texts import storable
from trayapp.store.times import moment, to_text

TRUSTED, UNVERIFIED, FORGED = "trusted", "unverified", "forged"
_KEY = "trust"


@dataclass(frozen=True, slots=True)
class Unverified:
    """A message that waits for its certificate.

    Attributes:
        watch: The account whose queue brought it.
        certificate: The address of the certificate that it waits for.
        body: The whole body.
        received: When it came, aware.
    """

    watch: str
    certificate: str
    body: str
    received: datetime


def keep(
    connection: sqlite3.Connection,
    message: Unverified,
    findings: Iterable[Finding],
    seen: Iterable[tuple[str, str]] = (),
    existing: Iterable[str] = (),
) -> None:
    """Keep a message until it can be settled; one that is there already changes nothing.

    Args:
        connection: Inside the transaction that commits what it found.
        message: The message.
        findings: What it found.
        seen: What it shows accounts to have, as ``Judged.seen`` has it; withheld until then.
        existing: The fingerprints of what it says was there before; withheld until then.
    """
    digest = _digest(message.body)
    withheld = json.dumps({"seen": list(seen), "existing": list(existing)}, ensure_ascii=True)
    connection.execute(
        "INSERT OR IGNORE INTO unverified (watch, digest, certificate, body, received, withheld)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (message.watch, digest, message.certificate, storable(message.body), to_text(message.received), withheld),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO unverified_finding (watch, digest, fingerprint, lane, document) VALUES (?, ?, ?, ?, ?)",
        [
            (message.watch, digest, finding.fingerprint, finding.lane.value, documents.write(finding))
            for finding in findings
        ],
    )


def count(connection: sqlite3.Connection) -> int:
    """Give how many messages wait."""
    return int(connection.execute("SELECT count(*) FROM unverified").fetchone()[0])


class Unsettled:
    """The messages that wait, to be settled; a connection of its own, for the thread that opened it.

    Every method raises ``StoreError`` where the disk does not do its part. What a settling method has returned from is
    on disk.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)

    def __enter__(self) -> Self:
        """Use it in a ``with`` block that closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._database.close()

    def certificates(self) -> list[str]:
        """Give the addresses of the certificates that are waited for, the one most waited for first."""
        rows = self._read("SELECT certificate FROM unverified GROUP BY certificate ORDER BY count(*) DESC, certificate")
        return [row["certificate"] for row in rows]

    def waiting(self, certificate: str, most: int) -> list[Unverified]:
        """Give the messages that wait for a certificate, oldest first, at most so many."""
        rows = self._read(
            "SELECT watch, certificate, body, received FROM unverified WHERE certificate = ? ORDER BY received LIMIT ?",
            certificate,
            most,
        )
        with understood(self._database.path):
            return [Unverified(row["watch"], row["certificate"], row["body"], moment(row["received"])) for row in rows]

    def prove(self, message: Unverified) -> list[int]:
        """Take the mark off what a message found, and let count what was withheld.

        Returns:
            The incidents that this changes.
        """
        with self._database.writing() as connection, understood(self._database.path):
            return _prove(connection, message)

    def denounce(self, message: Unverified, reason: str) -> list[int]:
        """Put a message that turned out forged into quarantine, and mark what nobody but it has told.

        Returns:
            The incidents that this changes.
        """
        with self._database.writing() as connection, understood(self._database.path):
            return _denounce(connection, message, reason)

    def drop(self, message: Unverified) -> None:
        """Wait no longer for a message; what it found stays, with its mark."""
        with self._database.writing() as connection:
            _release(connection, message)

    def forget(self, before: datetime) -> int:
        """Wait no longer for whatever came before a moment; what it found stays, with its mark.

        Returns:
            How many messages they were.
        """
        when = to_text(before)
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM unverified_finding WHERE (watch, digest) IN"
                " (SELECT watch, digest FROM unverified WHERE received < ?)",
                (when,),
            )
            return connection.execute("DELETE FROM unverified WHERE received < ?", (when,)).rowcount

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(sql, values).fetchall()


def _prove(connection: sqlite3.Connection, message: Unverified) -> list[int]:
    held = _release(connection, message)
    if held is None:
        return []
    withheld, told = held
    for row in told:
        # Its own words: those that stand there may be a forger's, who was first.
        _rewrite(connection, row, row["document"], TRUSTED)
        bodies.replace(connection, (row["fingerprint"], row["lane"]), message.body, message.received)
    seen.keep(connection, withheld["seen"], message.received)
    connection.executemany("INSERT OR IGNORE INTO existing VALUES (?)", [(each,) for each in withheld["existing"]])
    return _incidents(connection, told)


def _denounce(connection: sqlite3.Connection, message: Unverified, reason: str) -> list[int]:
    held = _release(connection, message)
    if held is None:
        return []
    _, told = held
    for row in told:
        if _trust(connection, row) == TRUSTED:
            continue
        key = (row["fingerprint"], row["lane"])
        other = connection.execute(
            "SELECT document, body, received FROM unverified_finding JOIN unverified USING (watch, digest)"
            " WHERE fingerprint = ? AND lane = ? LIMIT 1",
            key,
        ).fetchone()
        if other is not None:
            _rewrite(connection, row, other["document"], UNVERIFIED)
            bodies.replace(connection, key, other["body"], moment(other["received"]))
        else:
            # Its own words and its own message: those that stand there may be another forger's.
            _rewrite(connection, row, row["document"], FORGED)
            bodies.replace(connection, key, message.body, message.received)
    quarantine.put(connection, message.watch, FORGED, message.body, reason, message.received)
    return _incidents(connection, told)


def _release(connection: sqlite3.Connection, message: Unverified) -> tuple[dict[str, Any], list[sqlite3.Row]] | None:
    """Take a message out; give what was withheld and what it told, or ``None`` if it has been settled already."""
    key = (message.watch, _digest(message.body))
    row = connection.execute("SELECT withheld FROM unverified WHERE watch = ? AND digest = ?", key).fetchone()
    if row is None:
        return None
    told = connection.execute(
        "SELECT fingerprint, lane, document FROM unverified_finding WHERE watch = ? AND digest = ?", key
    ).fetchall()
    connection.execute("DELETE FROM unverified_finding WHERE watch = ? AND digest = ?", key)
    connection.execute("DELETE FROM unverified WHERE watch = ? AND digest = ?", key)
    return json.loads(row["withheld"]), told


def _rewrite(connection: sqlite3.Connection, told: sqlite3.Row, document: str, trust: str) -> None:
    marked = json.dumps({**json.loads(document), _KEY: trust}, ensure_ascii=True, separators=(",", ":"))
    rows = connection.execute(
        "UPDATE finding SET document = ? WHERE fingerprint = ? AND lane = ? RETURNING id, incident",
        (marked, told["fingerprint"], told["lane"]),
    ).fetchall()
    for row in rows:
        facets.rewrite(connection, row["id"], documents.read(marked))
        facets.respan(connection, row["incident"])


def _trust(connection: sqlite3.Connection, told: sqlite3.Row) -> str:
    row = connection.execute(
        "SELECT document FROM finding WHERE fingerprint = ? AND lane = ?", (told["fingerprint"], told["lane"])
    ).fetchone()
    return TRUSTED if row is None else str(json.loads(row["document"]).get(_KEY, TRUSTED))


def _incidents(connection: sqlite3.Connection, told: Iterable[sqlite3.Row]) -> list[int]:
    found: set[int] = set()
    for row in told:
        found.update(
            each["incident"]
            for each in connection.execute(
                "SELECT incident FROM finding WHERE fingerprint = ? AND lane = ?", (row["fingerprint"], row["lane"])
            )
        )
    return sorted(found)


def _digest(body: str) -> str:
    """Give what a body is known by: that of what can be kept of it, so that it is the same when read back."""
    return hashlib.sha256(storable(body).encode()).hexdigest()
