"""What is looked for in the history: small rows beside the findings, so that a search reads nothing else.

All functions work on a connection; those that write, inside the caller's transaction. What they write has to say what
``core.history`` says of the same finding or incident.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from trayapp.core.finding import Finding
from trayapp.core.history import folded, searchable
from trayapp.store import documents
from trayapp.store.texts import storable


def install(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the schema's migrations and searches use."""
    for name, function in (
        ("folded", folded),
        ("document_region", _region),
        ("document_words", _words),
        ("document_happened", _happened),
        ("moment_of", _moment),
    ):
        connection.create_function(name, 1, function, deterministic=True)


def write(connection: sqlite3.Connection, row: int, incident: int, finding: Finding) -> None:
    """Write what is looked for in a finding."""
    connection.execute(
        "INSERT OR REPLACE INTO facet (finding, incident, account_id, region, signal, words) VALUES (?, ?, ?, ?, ?, ?)",
        (row, incident, *_columns(finding)),
    )


def rewrite(connection: sqlite3.Connection, row: int, finding: Finding) -> None:
    """Write anew what is looked for in a finding that says something else now."""
    connection.execute(
        "UPDATE facet SET account_id = ?, region = ?, signal = ?, words = ? WHERE finding = ?",
        (*_columns(finding), row),
    )


def span(created: str, findings: Iterable[Finding]) -> tuple[float, float]:
    """Give when an incident began and ended; when it was created counts where no finding says."""
    moments = [each.happened.timestamp() for each in findings if each.happened] or [_moment(created)]
    return min(moments), max(moments)


def respan(connection: sqlite3.Connection, incident: int) -> None:
    """Write when an incident began and ended, as its findings on disk say it."""
    connection.execute(
        "UPDATE incident SET"
        " began = coalesce((SELECT min(document_happened(document)) FROM finding WHERE incident = ?1), began),"
        " ended = coalesce((SELECT max(document_happened(document)) FROM finding WHERE incident = ?1), ended)"
        " WHERE id = ?1",
        (incident,),
    )


def _columns(finding: Finding) -> tuple[str, str, str, str]:
    return finding.account_id, storable(finding.region), finding.signal, storable(searchable(finding))


def _region(document: str) -> str:
    finding = _read(document)
    return storable(finding.region) if finding else ""


def _words(document: str) -> str:
    finding = _read(document)
    return storable(searchable(finding)) if finding else ""


def _happened(document: str) -> float | None:
    finding = _read(document)
    return finding.happened.timestamp() if finding and finding.happened else None


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0  # whoever reads that row finds the damage


def _read(document: str) -> Finding | None:
    """Read a finding; a damaged one is not to be found, and whoever reads it finds the damage."""
    try:
        return documents.read(document)
    except documents.Spoiled:
        return None
