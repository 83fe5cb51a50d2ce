"""Taking in one message: what it says, what it shows to be there, and that it came."""

import sqlite3
from datetime import datetime

from trayapp.core.judged import Judged
from trayapp.store import bodies, unverified
from trayapp.store.joining import Joiner
from trayapp.store.times import to_text


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
    # A clock that was ahead for a while must not make what it saw then unknown until that time really comes.
    connection.executemany(
        "INSERT INTO seen VALUES (?, ?, ?)"
        " ON CONFLICT (account_id, what) DO UPDATE SET first = excluded.first WHERE excluded.first < first",
        [(account_id, what, to_text(received)) for account_id, what in message.seen],
    )
