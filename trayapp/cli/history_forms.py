"""The forms in which programs read the history: JSON, and comma-separated values (RFC 4180).

They are an interface: fields and columns may be added, never changed.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypedDict

from trayapp.core.clock import Clock
from trayapp.core.history import Day
from trayapp.core.incidents import Incident
from trayapp.core.records import AlertRecord, alert_record, utc
from trayapp.core.severity import Severity
from trayapp.core.text import clean


class HistoryRecord(AlertRecord):
    """One incident as ``trayapp history --json`` prints it: what ``trayapp alerts --json`` does, and its decision."""

    decision: str | None
    note: str
    snoozed_until: str | None


class DayRecord(TypedDict):
    """One day as ``trayapp history --days --json`` prints it; ``date`` is the reader's day."""

    date: str
    critical: int
    high: int
    medium: int
    low: int


ALERT_COLUMNS = (
    *("id", "severity", "title", "account", "account_name", "account_label", "region", "signal", "trust"),
    *("resource_type", "resource_id", "resource_name", "count", "happened", "last", "created", "shown"),
    *("reviewed", "decision", "note", "snoozed_until", "muted", "actor", "address", "agent", "url"),
)
"""The columns of ``trayapp history --csv``; ``actor``, ``address`` and ``agent`` are of the first part that has one."""

DAY_COLUMNS = tuple(DayRecord.__annotations__)
"""The columns of ``trayapp history --days --csv``."""

# What a spreadsheet takes for the beginning of a formula, also in its wide form:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def history_record(incident: Incident, label: str, clock: Clock) -> HistoryRecord:
    """Give one incident's record."""
    return HistoryRecord(
        **alert_record(incident, label, clock),
        decision=incident.decision.value if incident.decision else None,
        note=incident.note,
        snoozed_until=utc(incident.snoozed),
    )


def day_record(day: Day) -> DayRecord:
    """Give one day's record."""
    return DayRecord(
        date=day.date.isoformat(),
        critical=day.counts.get(Severity.CRITICAL, 0),
        high=day.counts.get(Severity.HIGH, 0),
        medium=day.counts.get(Severity.MEDIUM, 0),
        low=day.counts.get(Severity.LOW, 0),
    )


def json_lines(records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Write a JSON array line by line, an object a line, without holding more than one of them."""
    yield "["
    before = ""
    for record in records:
        if before:
            yield f"{before},"
        before = json.dumps(record)
    if before:
        yield before
    yield "]"


def csv_lines(records: Iterable[Mapping[str, object]], columns: Sequence[str]) -> Iterator[str]:
    """Write comma-separated values as RFC 4180 has them, the names of the columns first.

    Others choose some of what stands there: no cell begins a formula in whatever opens the file, and none steers a
    terminal.
    """
    yield _csv_line(columns)
    for record in records:
        values = {**record, **_caller(record)}
        yield _csv_line([harmless(values.get(column)) for column in columns])


def harmless(value: object) -> str:
    """Write a value for a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = "\n".join(clean(line) for line in str(value).splitlines())
    return f"'{text}" if text.lstrip(" ")[:1] in _FORMULA else text


def _caller(record: Mapping[str, object]) -> dict[str, str]:
    """Give who did it, from where and with what: of the first part that says so."""
    parts = record.get("parts")
    if not isinstance(parts, list):
        return {}
    names = [(part["actor"]["arn"] or part["actor"]["name"]) for part in parts if part["actor"]]
    return {
        "actor": next(filter(None, names), ""),
        "address": next((part["address"] for part in parts if part["address"]), ""),
        "agent": next((part["agent"] for part in parts if part["agent"]), ""),
    }


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
