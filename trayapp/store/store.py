"""What the rest of the program asks of the disk."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.judged import Judged
from trayapp.store import database, journal, pruning, quarantine, seen, unverified
from trayapp.store.connected import NUMBERS
from trayapp.store.errors import understood
from trayapp.store.joining import Joiner
from trayapp.store.past import Past
from trayapp.store.quarantine import Quarantined
from trayapp.store.reviewing import Reviewing
from trayapp.store.taking import take
from trayapp.store.times import from_text, to_text

PAUSED_UNTIL = "paused_until"
"""The key of the small state that holds when the pause ends."""

_NOTHING: Mapping[str, str | None] = MappingProxyType({})


class Store(Reviewing, Past):
    """One connection to the file; it belongs to the thread that opened it.

    Every method raises ``StoreError`` where the disk does not do its part. What a writing method has returned from
    is on disk.

    Args:
        place: The file, or an open database.
    """

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

    def note(
        self, watch: str, findings: Iterable[Finding], received: datetime, state: Mapping[str, str | None] = _NOTHING
    ) -> list[int]:
        """Commit what no message said, but our own looking has found.

        Args:
            watch: The account that it is about.
            findings: What was found.
            received: When, aware.
            state: What is to be known from now on since it was found, as ``keep_state`` takes it: both are on disk, or
                neither.

        Returns:
            The incidents that are new or have changed.
        """
        with self._database.writing() as connection:
            joiner = Joiner(connection, watch, received)
            for finding in findings:
                joiner.add(finding)
            _put_state(connection, state)
            return joiner.finish()

    def adopt(
        self,
        incidents: Iterable[Incident],
        said: Mapping[int, Sequence[journal.Entry]] = MappingProxyType({}),
        state: Mapping[str, str | None] = _NOTHING,
    ) -> dict[int, int]:
        """Take in incidents that lived elsewhere, with what their owner has heard and said of them.

        Args:
            incidents: The incidents.
            said: All that was said of each, in order, by the numbers that they had.
            state: As ``note`` has it.

        Returns:
            The numbers that they have here, by those that they had.
        """
        with self._database.writing() as connection:
            numbers: dict[int, int] = {}
            joiner: Joiner | None = None
            for incident in incidents:
                joiner = joiner or Joiner(connection, incident.watch, incident.created)
                numbers[incident.id] = joiner.adopt(incident, said=said.get(incident.id, ()))
            _put_state(connection, state)
            if joiner is None:
                return {}
            joiner.finish()
            return {number: joiner.becomes(home) for number, home in numbers.items()}

    def discard(self, incident_ids: Sequence[int]) -> None:
        """Delete incidents with all that belongs to them."""
        with self._database.writing() as connection:
            pruning.forget(connection, incident_ids)

    def holds(self, fingerprints: Iterable[str]) -> frozenset[str]:
        """Give those of some fingerprints that are here already."""
        rows = self._read(
            "SELECT DISTINCT fingerprint FROM finding WHERE fingerprint IN (SELECT value FROM json_each(?))",
            json.dumps(list(fingerprints)),
        )
        return frozenset(row["fingerprint"] for row in rows)

    def seen(self, before: datetime) -> frozenset[tuple[str, str]]:
        """Give what each account was seen to have before a moment as ``Judged.seen`` has it, but for the names."""
        with self._database.reading() as connection:
            return seen.before(connection, before)

    def name(self, account_id: str, user_id: str, before: datetime) -> str:
        """Give what a user was called last before a moment; empty if that is not known."""
        with self._database.reading() as connection:
            return seen.name(connection, account_id, user_id, before)

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
            return quarantine.one(connection, number) if number in NUMBERS else None

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
            before = quarantine.one(connection, number) if number in NUMBERS else None
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
            return quarantine.drop(connection, [number for number in numbers if number in NUMBERS])

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
        self.keep_state({key: value})

    def recall(self, key: str) -> str | None:
        """Give what is kept under a key, ``None`` if nothing is."""
        rows = self._read("SELECT value FROM state WHERE key = ?", key)
        return str(rows[0]["value"]) if rows else None

    def forget(self, key: str) -> None:
        """Keep nothing under a key any more."""
        self.keep_state({key: None})

    def keep_state(self, state: Mapping[str, str | None]) -> None:
        """Keep several small pieces of state at once, each under its key; nothing, under those with ``None``."""
        with self._database.writing() as connection:
            _put_state(connection, state)

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


def _put_state(connection: sqlite3.Connection, state: Mapping[str, str | None]) -> None:
    for key, value in state.items():
        if value is None:
            connection.execute("DELETE FROM state WHERE key = ?", (key,))
        else:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))
