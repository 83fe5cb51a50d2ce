"""What can still be read of a damaged file, row by row, into a new one."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.store import bodies, documents, journal, orphans
from trayapp.store.database import Database
from trayapp.store.incidents import read_incident
from trayapp.store.joining import Joiner
from trayapp.store.remains import Remains
from trayapp.store.stand import Stand, united
from trayapp.store.store import PAUSED_UNTIL
from trayapp.store.times import from_text

FIRST_IN_MEMORY = 2**40
"""No file holds incidents of this number or a higher one: it was a lower one before the damage."""

_NO_INCIDENT = 0
"""None has this number."""

_COPIES = ("unverified_finding", "watch, digest, fingerprint, lane")

_RENUMBERED = frozenset({"quarantine"})
"""Where a row whose number another one has gets a new one: it has another key that tells it from others."""

_Key = bodies.Key
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
    source = Remains(damaged)
    new = Database(into)
    try:
        with closing(source), new.writing() as connection:
            return _save(source, connection, now, known)
    finally:
        new.close()


def _save(source: Remains, connection: sqlite3.Connection, now: datetime, known: Sequence[Incident]) -> Salvaged:
    findings, messages = _findings(source)
    incidents: dict[int, Incident] = {}
    for row in source.numbered("incident"):
        try:
            incident = read_incident(row, findings[row["id"]].values())
            incidents[incident.id] = _of_two(incidents.get(incident.id, incident), incident)
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
    queue_of = _queues(source, incidents.values())
    _join_lost(connection, findings, incidents, queue_of, now)
    _copy(source.numbered("body"), connection, "body", bodies.read, source)
    connection.executemany(
        "UPDATE finding SET body = (SELECT id FROM body WHERE id = ?) WHERE fingerprint = ? AND lane = ?",
        [(number, *key) for key, number in messages.items()],
    )
    for table, key, check in _OTHERS:
        rows = source.keyed(table, key) if key else source.numbered(table)
        _copy(rows, connection, table, check, source)
    orphans.settle(connection, source, queue_of)
    (saved,) = connection.execute("SELECT count(*) FROM incident").fetchone()
    return Salvaged(saved, source.complete)


def _findings(source: Remains) -> tuple[dict[int, dict[_Key, Finding]], dict[_Key, int]]:
    """Give the findings by their incident, and the numbers of the messages that they came from."""
    findings: dict[int, dict[_Key, Finding]] = {}
    messages: dict[_Key, int] = {}
    found: set[_Key] = set()
    # Of what is not verified yet there is a copy, which says nothing of its incident.
    for row in chain(source.numbered("finding"), source.keyed(*_COPIES)):
        try:
            finding = documents.read(row["document"])
            documents.write(finding)
        except _SPOILED:
            source.complete = False
            continue
        key = (finding.fingerprint, finding.lane.value)
        if key in found:
            continue  # a second time, perhaps as it was earlier
        found.add(key)
        known = dict(zip(row.keys(), row, strict=True))
        incident = known.get("incident")
        findings.setdefault(incident if isinstance(incident, int) else _NO_INCIDENT, {})[key] = finding
        if known.get("body"):
            messages[key] = known["body"]
    return findings, messages


def _of_two(one: Incident, other: Incident) -> Incident:
    """Put together what two rows say of an incident: one of them may be another's, with its number changed by chance.

    What either holds as not told, or not dealt with, is not.
    """
    if one == other:
        return one
    told = one if one.shown is None else other
    stand = united([(Stand.of(one), True), (Stand.of(other), True)])
    return stand.put_on(replace(one, shown=told.shown, told=told.told))


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


def _queues(source: Remains, incidents: Iterable[Incident]) -> Callable[[str], str]:
    """Give what tells which queue an account's messages come from, by the account's id; hardly anybody has several."""
    known = {finding.account_id: each.watch for each in incidents for finding in each.findings}
    others = [row["watch"] for row in source.hints("SELECT DISTINCT watch FROM tally ORDER BY watch")]
    otherwise = next(iter([*known.values(), *others]), "")
    return lambda account_id: known.get(account_id) or otherwise or account_id


def _join_lost(
    connection: sqlite3.Connection,
    findings: dict[int, dict[_Key, Finding]],
    incidents: dict[int, Incident],
    queue_of: Callable[[str], str],
    now: datetime,
) -> None:
    """Join the findings whose incident cannot be read, as if they had just come: they are told again."""
    for number in sorted(findings.keys() - incidents.keys()):
        for finding in findings[number].values():
            joiner = Joiner(connection, queue_of(finding.account_id), now)
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
    source: Remains,
) -> None:
    columns = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
    for row in rows:
        values = {name: row[name] for name in columns if name in row.keys()}  # noqa: SIM118 - a row is no mapping
        try:
            check(row)
            if not _insert(connection, table, values) and table in _RENUMBERED:
                _insert(connection, table, {name: value for name, value in values.items() if name != "id"})
        except (*_SPOILED, sqlite3.IntegrityError):
            source.complete = False


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, object]) -> bool:
    """Write a row unless one of its key is there already."""
    marks = ",".join("?" * len(values))
    sql = f"INSERT OR IGNORE INTO {table} ({','.join(values)}) VALUES ({marks})"  # noqa: S608 - our own names
    return connection.execute(sql, list(values.values())).rowcount > 0


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
    (*_COPIES, lambda row: documents.read(row["document"])),
)
