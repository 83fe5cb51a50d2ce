"""What can still be read of a damaged file, row by row, into a new one.

The file itself is left as it is: it is opened for reading alone, so that not even its write-ahead log is tidied up.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.store import bodies, documents, journal
from trayapp.store.database import Database
from trayapp.store.files import size
from trayapp.store.incidents import read_incident
from trayapp.store.joining import Joiner
from trayapp.store.store import PAUSED_UNTIL
from trayapp.store.times import from_text

FIRST_IN_MEMORY = 2**40
"""No file holds incidents of this number or a higher one: it was a lower one before the damage."""

_MOST_GAPS = 10_000
_SPOILED = (documents.Spoiled, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What reading a value that was changed by chance may raise."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved.

    Attributes:
        incidents: How many incidents.
        complete: Everything could be read.
    """

    incidents: int
    complete: bool


def salvage(damaged: Path | None, into: Path, now: datetime, known: Sequence[Incident] = ()) -> Salvaged:
    """Save what can be read.

    Args:
        damaged: The damaged file; ``None`` to save only what is known.
        into: A new file.
        now: The moment, aware; it counts for what does not say when it happened.
        known: Incidents as they were last read; what has become unreadable of them is taken from here.

    Raises:
        StoreError: The new file cannot be written.
    """
    source = _Source(damaged)
    new = Database(into)
    try:
        with closing(source), new.writing() as connection:
            return _save(source, connection, now, known)
    finally:
        new.close()


class _Source:
    """The damaged file."""

    def __init__(self, path: Path | None) -> None:
        self.complete = False
        self._ended = True
        self._connection: sqlite3.Connection | None = None
        if path is None or not size(path):
            return  # SQLite would delete the log of an empty one
        for way in ("mode=ro", "immutable=1"):  # the second one does without the write-ahead log
            try:
                connection = sqlite3.connect(f"{path.absolute().as_uri()}?{way}", uri=True, isolation_level=None)
            except (sqlite3.Error, UnicodeDecodeError):
                continue
            connection.row_factory = sqlite3.Row
            try:
                # Without this, SQLite reads nothing of a file that is shorter than it should be.
                connection.execute("PRAGMA writable_schema = ON")
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except (sqlite3.Error, UnicodeDecodeError):
                connection.close()
                continue
            self._connection = connection
            self.complete = way == "mode=ro"
            return

    def close(self) -> None:
        """Close it."""
        if self._connection is not None:
            self._connection.close()

    def numbered(self, table: str) -> Iterator[sqlite3.Row]:
        """Give the rows of a table that numbers them, around whatever cannot be read; some may come twice."""
        low = 0
        for _ in range(_MOST_GAPS):
            sql = f"SELECT rowid AS number, * FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608 - ours
            for row in self._rows(sql, low):
                low = max(low, row["number"])
                yield row
            if self._ended:
                return
            high = self._beyond(table, low)
            sql = f"SELECT * FROM {table} WHERE rowid > ? AND rowid < ? ORDER BY rowid DESC"  # noqa: S608 - ours
            yield from self._rows(sql, low, high or 2**63 - 1)
            if high is None:
                return
            low = high - 1

    def keyed(self, table: str, key: str) -> Iterator[sqlite3.Row]:
        """Give the rows of a table that has no numbers, from both ends; some may come twice."""
        yield from self._rows(f"SELECT * FROM {table} ORDER BY {key}")  # noqa: S608 - ours
        if not self._ended:
            order = ", ".join(f"{column} DESC" for column in key.split(", "))
            yield from self._rows(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - ours

    def _rows(self, sql: str, *values: int) -> Iterator[sqlite3.Row]:
        """Give rows until the end, or until one cannot be read."""
        self._ended = False
        if self._connection is None:
            self._ended = True
            return
        try:
            yield from self._connection.execute(sql, values)
            self._ended = True
        except (sqlite3.Error, UnicodeDecodeError):
            self.complete = False

    def _beyond(self, table: str, low: int) -> int | None:
        """Give the number of a row behind those that cannot be read, ``None`` if none can be found."""
        sql = f"SELECT rowid AS number FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT 1"  # noqa: S608 - ours
        for exponent in range(62):
            found = [row["number"] for row in self._rows(sql, low + 2**exponent)]
            if self._ended:
                return int(found[0]) if found and found[0] > low + 2**exponent else None
        return None


def _save(source: _Source, connection: sqlite3.Connection, now: datetime, known: Sequence[Incident]) -> Salvaged:
    findings: dict[int, dict[tuple[str, str], Finding]] = {}
    messages: dict[tuple[str, str], int] = {}
    for row in source.numbered("finding"):
        try:
            finding = documents.read(row["document"])
            documents.write(finding)
            told = (finding.fingerprint, finding.lane.value)
            findings.setdefault(row["incident"], {})[told] = finding
            if "body" in row.keys() and row["body"]:  # noqa: SIM118 - a row is no mapping
                messages[told] = row["body"]
        except _SPOILED:
            source.complete = False
    incidents: dict[int, Incident] = {}
    for row in source.numbered("incident"):
        try:
            incidents[row["id"]] = read_incident(row, findings[row["id"]].values())
        except _SPOILED:
            source.complete = False
    joiner: Joiner | None = None
    for incident in _with_known(incidents, known):
        joiner = joiner or Joiner(connection, incident.watch, incident.created)
        joiner.adopt(incident, incident.id if 0 < incident.id < FIRST_IN_MEMORY else None)
    if joiner is not None:
        joiner.finish()
    for table, key, check in _SAID:
        rows = source.keyed(table, key) if key else source.numbered(table)
        _copy(rows, connection, table, check, source)
        # Of an incident that is another's part now, whoever is still to be heard decides anew.
        connection.execute(f"DELETE FROM {table} WHERE incident NOT IN (SELECT id FROM incident)")  # noqa: S608 - ours
    _join_lost(connection, findings, incidents, now)
    _copy(source.numbered("body"), connection, "body", bodies.read, source)
    connection.executemany(
        "UPDATE finding SET body = (SELECT id FROM body WHERE id = ?) WHERE fingerprint = ? AND lane = ?",
        [(number, *key) for key, number in messages.items()],
    )
    for table, key, check in _OTHERS:
        rows = source.keyed(table, key) if key else source.numbered(table)
        _copy(rows, connection, table, check, source)
    (saved,) = connection.execute("SELECT count(*) FROM incident").fetchone()
    return Salvaged(saved, source.complete)


def _with_known(incidents: dict[int, Incident], known: Iterable[Incident]) -> list[Incident]:
    """Put what was read before the damage in the place of what is read now, unless there is more in that."""
    found = dict(incidents)
    besides = []
    for each in known:
        now = found.get(each.id)
        if now is None:
            found[each.id] = each
        elif {finding.fingerprint for finding in now.findings} <= {finding.fingerprint for finding in each.findings}:
            found[each.id] = replace(now, findings=each.findings)
        else:
            besides.append(replace(each, id=0))
    return [*found.values(), *besides]


def _join_lost(
    connection: sqlite3.Connection,
    findings: dict[int, dict[tuple[str, str], Finding]],
    incidents: dict[int, Incident],
    now: datetime,
) -> None:
    """Join the findings whose incident cannot be read, as if they had just come: they are told again."""
    whose = {finding.account_id: each.watch for each in incidents.values() for finding in each.findings}
    for number in sorted(findings.keys() - incidents.keys()):
        for finding in findings[number].values():
            joiner = Joiner(connection, whose.get(finding.account_id, finding.account_id), now)
            joiner.add(finding)
            joiner.finish()


def has_spoiled_rows(connection: sqlite3.Connection) -> bool:
    """Tell whether a row beside those of incidents says what none can say."""
    try:
        for table, _, check in (*_SAID, *_OTHERS, ("body", "", bodies.read)):
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
                check(row)
    except (*_SPOILED, sqlite3.OperationalError):
        return True
    return False


def _copy(
    rows: Iterable[sqlite3.Row],
    connection: sqlite3.Connection,
    table: str,
    check: Callable[[sqlite3.Row], object],
    source: _Source,
) -> None:
    columns = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
    for row in rows:
        names = [name for name in columns if name in row.keys()]  # noqa: SIM118 - a row is no mapping
        marks = ",".join("?" * len(names))
        sql = f"INSERT OR IGNORE INTO {table} ({','.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names
        try:
            check(row)
            connection.execute(sql, [row[name] for name in names])
        except (*_SPOILED, sqlite3.IntegrityError):
            source.complete = False


def _state(row: sqlite3.Row) -> None:
    if row["key"] == PAUSED_UNTIL:
        from_text(row["value"])


def _unverified(row: sqlite3.Row) -> None:
    from_text(row["received"])
    json.loads(row["withheld"])


_Table = tuple[str, str, Callable[[sqlite3.Row], object]]

_SAID: tuple[_Table, ...] = (
    ("journal", "", journal.entry_of),
    ("tick", "incident, step", lambda row: from_text(row["at"])),
)

# The order of keys is that of their primary key; without one, rows are numbered.
_OTHERS: tuple[_Table, ...] = (
    ("seen", "account_id, what", lambda row: from_text(row["first"])),
    ("existing", "fingerprint", str),
    ("tally", "watch, kind", lambda row: int(row["count"])),
    ("state", "key", _state),
    ("quarantine", "", lambda row: from_text(row["received"])),
    ("unverified", "", _unverified),
    ("unverified_finding", "watch, digest, fingerprint, lane", lambda row: documents.read(row["document"])),
)
