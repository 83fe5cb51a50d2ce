"""The life of an incident after it was committed: shown, then looked at, decided, snoozed, dealt with."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store import journal
from trayapp.store.connected import NUMBERS, OPEN, Connected
from trayapp.store.stand import Act, Decide, Snooze, Stand, goes_with_all
from trayapp.store.texts import storable
from trayapp.store.times import to_text


class Reviewing(Connected):
    """The incidents, and what their owner has heard and said of each."""

    def incident(self, incident_id: int) -> Incident | None:
        """Give one incident, ``None`` if there is none of that number."""
        return next(iter(self._incidents("WHERE id = ?", incident_id)), None) if incident_id in NUMBERS else None

    def incidents(self) -> list[Incident]:
        """Give every incident, newest first."""
        return self._incidents()

    def to_review(self) -> list[Incident]:
        """Give the incidents to review, newest first, snoozed ones too.

        What is of low severity or muted is history from the start, unless its owner says that it was not him.
        """
        return self._incidents(f"WHERE {OPEN}")

    def waiting(self, now: datetime) -> int:
        """Give how many incidents are to review and not put off beyond ``now``, without reading them."""
        sql = f"SELECT count(*) FROM incident WHERE {OPEN} AND (snoozed IS NULL OR snoozed <= ?)"  # noqa: S608 - ours
        with self._database.reading() as connection:
            return int(connection.execute(sql, (to_text(now),)).fetchone()[0])

    def mark_shown(self, incident_id: int, severity: Severity, when: datetime) -> None:
        """Note that an incident was shown at a severity; its first showing counts for the time."""
        self.mark_all_shown({incident_id: severity}, when)

    def mark_all_shown(self, told: Mapping[int, Severity], when: datetime) -> None:
        """Note that incidents were shown together, each at a severity; a snooze that is over is done with."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE incident SET shown = coalesce(shown, ?), told = max(coalesce(told, 0), ?),"
                # What was put off until now has been told again, and is not told once more.
                " snoozed = CASE WHEN snoozed > ? THEN snoozed END WHERE id = ?",
                [(to_text(when), severity.value, to_text(when), incident_id) for incident_id, severity in told.items()],
            )

    def review(self, incident_ids: Collection[int], when: datetime) -> list[int]:
        """Mark incidents as reviewed: their owner has seen them. What is reviewed already stays as it is.

        Returns:
            Those that were not reviewed before.
        """
        return self._act(Decide(Decision.SEEN, when), "reviewed IS NULL", incident_ids)

    def review_all(self, when: datetime) -> list[int]:
        """Mark every incident to review as reviewed that goes with all, as ``stand.goes_with_all`` says.

        Returns:
            Their numbers.
        """
        with self._database.writing() as connection:
            rows = connection.execute(f"SELECT * FROM incident WHERE {OPEN} ORDER BY id").fetchall()  # noqa: S608 - ours
            meant = [row for row in rows if goes_with_all(journal.stand_of(row), when)]
            return journal.apply(connection, meant, Decide(Decision.SEEN, when))

    def decide(self, incident_ids: Collection[int], decision: Decision, when: datetime, note: str = "") -> list[int]:
        """Write down what its owner says of incidents.

        ``SEEN`` and ``MINE`` mark as reviewed; ``NOT_MINE`` leaves an incident to review, or makes it one. A second
        decision takes the place of the first, and any ends a snooze.

        Args:
            incident_ids: The incidents.
            decision: What he says.
            when: The moment, aware.
            note: What he writes beside it; empty leaves what is written there.

        Returns:
            Those for which that changes anything.
        """
        return self.act(Decide(decision, when, note), incident_ids)

    def snooze(self, incident_ids: Collection[int], until: datetime, when: datetime) -> list[int]:
        """Write down that its owner does not want to hear of incidents for a while.

        What makes one heavier ends that early, and so does anything critical that joins it.

        Args:
            incident_ids: The incidents; those that are reviewed stay as they are.
            until: Until when, aware.
            when: The moment, aware.

        Returns:
            Those for which that changes anything.
        """
        return self.act(Snooze(until, when), incident_ids)

    def act(self, act: Act, incident_ids: Collection[int]) -> list[int]:
        """Write down a decision or a snooze; give the incidents for which that changes anything."""
        return self._act(act, "TRUE", incident_ids)

    def undo(self, incident_id: int) -> bool:
        """Take back the last decision or snooze of an incident; again and again goes further back.

        What was looked at is to review again, and is not told again. What has grown since was opened by that already.

        Returns:
            Whether there was anything to take back.
        """
        if incident_id not in NUMBERS:
            return False
        with self._database.writing() as connection:
            return journal.undo(connection, incident_id)

    def undoable(self, incident_id: int) -> list[Stand]:
        """Give how its owner stood to an incident before each thing that he can take back, the last one first."""
        with self._database.reading() as connection:
            return journal.undoable(connection, incident_id) if incident_id in NUMBERS else []

    def said(self, incident_ids: Iterable[int]) -> dict[int, list[journal.Entry]]:
        """Give all that was said of incidents, each in order."""
        with self._database.reading() as connection:
            return {number: journal.entries(connection, number) for number in incident_ids}

    def ticked(self, incident_id: int) -> frozenset[str]:
        """Give the steps against an incident that its owner has done."""
        if incident_id not in NUMBERS:
            return frozenset()
        return frozenset(row["step"] for row in self._read("SELECT step FROM tick WHERE incident = ?", incident_id))

    def tick(self, incident_id: int, step: str, when: datetime, *, done: bool) -> None:
        """Write down that a step against an incident is done, or is not.

        It stays done when the incident grows: the name of a step holds what it is done to, and what is new has its own.

        Args:
            incident_id: The incident; nothing is written down of one that is not there.
            step: The step's stable name.
            when: The moment, aware; the first one counts.
            done: It is done.
        """
        if incident_id not in NUMBERS:
            return
        if done:
            self._write(
                "INSERT OR IGNORE INTO tick (incident, step, at) SELECT id, ?, ? FROM incident WHERE id = ?",
                storable(step),
                to_text(when),
                incident_id,
            )
        else:
            self._write("DELETE FROM tick WHERE incident = ? AND step = ?", incident_id, storable(step))

    def _act(self, act: Act, condition: str, incident_ids: Collection[int]) -> list[int]:
        sql = (
            f"SELECT * FROM incident WHERE {condition}"  # noqa: S608 - our own words
            " AND id IN (SELECT value FROM json_each(?)) ORDER BY id"
        )
        numbers = json.dumps([number for number in incident_ids if number in NUMBERS])
        with self._database.writing() as connection:
            return journal.apply(connection, connection.execute(sql, (numbers,)).fetchall(), act)
