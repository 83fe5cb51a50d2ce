"""Taking in one message: what it says, what it shows to be there, and that it came."""

import sqlite3
from datetime import datetime

from trayapp.core.judged import Judged
from trayapp.store import bodies, seen, unverified
from trayapp.store.joining import Joiner


def take(connection: sqlite3.Connection, joiner: Joiner, watch: str, message: Judged, received: datetime) -> None:
    """Take in what a message says, and count it."""
    connection.execute(
        "INSERT INTO tally VALUES (?, ?, 1) ON CONFLICT (watch, kind) DO UPDATE SET count = count + 1",
        (watch, message.kind),
    )
    for finding in message.findings:
        joiner.add(finding)
    told = [(finding.fingerprint, finding.lane.value) for finding in message.findings]
    bodies.keep(connection, told, message.source, received)
    if message.certificate:
        held = unverified.Unverified(watch, message.certificate, message.body, received)
        unverified.keep(connection, held, message.findings, message.seen, message.existing)
        return
    connection.executemany(
        "INSERT OR IGNORE INTO existing VALUES (?)", [(fingerprint,) for fingerprint in message.existing]
    )
    seen.keep(connection, message.seen, received)
