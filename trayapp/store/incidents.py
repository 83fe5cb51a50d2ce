"""Incidents as they lie on disk."""

import sqlite3
from collections.abc import Iterable

from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.core.tellings import in_order
from trayapp.store import journal
from trayapp.store.times import from_text, moment


def read_incident(row: sqlite3.Row, findings: Iterable[Finding]) -> Incident:
    """Read an incident as it lies on disk, without the steps that lie with others.

    Raises:
        ValueError: The row says what none can say, or it has no findings.
    """
    ordered = tuple(in_order(findings))
    if not ordered:
        raise ValueError("an incident without findings")
    incident = Incident(
        id=row["id"],
        watch=row["watch"],
        findings=ordered,
        created=moment(row["created"]),
        shown=from_text(row["shown"]),
        told=None if row["told"] is None else Severity(row["told"]),
        reviewed=from_text(row["reviewed"]),
    )
    # A damaged file may be of an earlier version, in which nobody could say anything yet.
    return journal.stand_of(row).put_on(incident) if "decision" in row.keys() else incident  # noqa: SIM118 - a row is no mapping
