"""Looking back: the history, searched and counted; the messages it came from; and forgetting what is old."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import islice

from trayapp.core.history import Day, Facets, Wanted
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.store import bodies, pruning
from trayapp.store.bodies import Body
from trayapp.store.connected import NUMBERS, OPEN, Connected
from trayapp.store.days import days
from trayapp.store.errors import understood
from trayapp.store.searching import condition_of

_AT_ONCE = 500
"""Incidents forgotten in one transaction, so that what comes meanwhile does not wait for thousands."""


class Past(Connected):
    """The history of incidents."""

    def search(self, wanted: Wanted, limit: int, after: int | None = None) -> list[Incident]:
        """Give the incidents that are wanted, newest first.

        Args:
            wanted: Which; it means what ``core.history.matches`` says.
            limit: So many at most.
            after: Only those behind this number, the last one of the page before; ``None`` for the first page.
        """
        condition, values = condition_of(wanted)
        behind = NUMBERS[-1] if after is None else max(0, min(after, NUMBERS[-1]))
        return self._incidents(
            f"WHERE id IN (SELECT id FROM incident WHERE id < ? AND {condition} ORDER BY id DESC LIMIT ?)",  # noqa: S608 - our own words
            behind,
            *values,
            limit,
        )

    def count(self, wanted: Wanted | None = None) -> int:
        """Give how many incidents are wanted; without a wish, how many there are."""
        condition, values = condition_of(wanted or Wanted())
        return int(self._read(f"SELECT count(*) FROM incident WHERE {condition}", *values)[0][0])  # noqa: S608 - ours

    def per_day(self, since: datetime, until: datetime, localise: Callable[[datetime], datetime]) -> tuple[Day, ...]:
        """Count the incidents that began on each day, by how heavy they are; as ``core.history.per_day`` does.

        Args:
            since: The beginning of the span, aware.
            until: The end of the span, aware; itself no longer part of it.
            localise: Turns an aware instant into the reader's local time.
        """
        sql = "SELECT severity, count(*) AS count FROM incident WHERE began >= ? AND began < ? GROUP BY severity"
        counts: dict[date, dict[Severity, int]] = {}
        with self._database.reading() as connection, understood(self._database.path):
            connection.execute("BEGIN")  # one reading for all, lest something moves from day to day meanwhile
            try:
                for day, begin, end in days(since, until, localise):
                    rows = connection.execute(sql, (begin.timestamp(), end.timestamp()))
                    counts[day] = {Severity(row["severity"]): row["count"] for row in rows}
            finally:
                connection.execute("COMMIT")
        every = range((max(counts) - min(counts)).days + 1) if counts else ()
        dates = (min(counts) + timedelta(days=number) for number in every)
        return tuple(Day(each, counts.get(each, {})) for each in dates)

    def facets(self) -> Facets:
        """Count in how many incidents each Region and each signal is; as ``core.history.facets`` does."""
        sql = "SELECT {0}, count(DISTINCT incident) FROM facet GROUP BY {0}"
        with self._database.reading() as connection:
            return Facets(*(dict(connection.execute(sql.format(each)).fetchall()) for each in ("region", "signal")))

    def bodies(self, incident_id: int) -> list[Body]:
        """Give the raw messages that an incident came from, in the order in which they came; each once.

        What was found by our own looking came from none, and what is shown from memory has none yet.
        """
        with self._database.reading() as connection:
            return bodies.of(connection, incident_id) if incident_id in NUMBERS else []

    def prune(self, before: datetime) -> int:
        """Forget the incidents to which nothing has happened since a moment, with all that belongs to them.

        What is still to review is never forgotten, whatever its age, nor a step of a takeover that stays.

        Args:
            before: The moment, aware; nothing that the queue may still bring again should be older.

        Returns:
            How many were forgotten.
        """
        with self._database.reading() as connection:
            old = iter(pruning.forgettable(connection, before, OPEN))
        forgotten = 0
        while numbers := list(islice(old, _AT_ONCE)):
            with self._database.writing() as connection:
                # Somebody may have decided otherwise meanwhile, or something may have joined.
                still = set(pruning.forgettable(connection, before, OPEN)).intersection(numbers)
                pruning.forget(connection, sorted(still))
            forgotten += len(still)
        return forgotten
