"""Joining findings into incidents on disk, one at a time: the same as ``core.ties.group`` does from scratch."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme, Trust
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER, TAKEOVER_SIGNALS, TAKEOVER_WITHIN, takeover
from trayapp.core.tellings import moment
from trayapp.core.ties import ties
from trayapp.core.weighing import mute, weigh
from trayapp.store import bodies, documents, facets, journal
from trayapp.store.journal import Entry
from trayapp.store.merging import merge, weighs
from trayapp.store.stand import Stand
from trayapp.store.times import to_text

STEPS = "steps"
"""The detail of a takeover that holds its steps' fingerprints, a line each."""


class Joiner:
    """Joins the findings of one transaction.

    Args:
        connection: Inside a transaction.
        watch: The account whose queue brought them.
        received: When they came.
    """

    def __init__(self, connection: sqlite3.Connection, watch: str, received: datetime) -> None:
        self._connection, self._watch, self._received = connection, watch, received
        self._fresh: dict[int, Severity] = {}
        self._touched: set[int] = set()
        self._suspicious: set[tuple[str, float]] = set()
        self._became: dict[int, int] = {}
        self._silent: set[int] = set()

    def add(self, finding: Finding) -> None:
        """Add a finding; one that is there already, by the same lane, changes nothing."""
        there = self._one(
            "SELECT id, incident FROM finding WHERE fingerprint = ? AND lane = ?",
            finding.fingerprint,
            finding.lane.value,
        )
        if there is not None:
            if finding.signal == TAKEOVER:
                self._grow(there["id"], there["incident"], finding)
            elif finding.trust is Trust.TRUSTED:
                self._believe(there["id"], there["incident"], finding)
            return
        known = self._one("SELECT 1 FROM finding WHERE fingerprint = ?", finding.fingerprint) is not None
        when = moment(finding, self._received).timestamp()
        incident = self._incident(finding, when)
        self._insert(finding, when, incident)
        if not known and not finding.muted:
            self._fresh[incident] = max(self._fresh.get(incident, Severity.LOW), finding.severity)

    def adopt(self, incident: Incident, number: int | None = None, said: Iterable[Entry] = ()) -> int:
        """Take in an incident that lived elsewhere, with what its owner has heard and seen of it.

        Where it hangs together with what is here, both become one; where everything of it is here already, only what
        its owner has heard and seen counts from now on.

        Args:
            incident: The incident.
            number: Its number here, one that is free; the next one if it is not given.
            said: What its owner has said of it, in order.

        Returns:
            Its number for now: ``becomes`` says what it is after all others were taken in.
        """
        cursor = self._connection.execute(
            "INSERT INTO incident (id, watch, severity, muted, created, shown, told) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                incident.watch,
                incident.severity.value,
                incident.muted,
                to_text(incident.created),
                incident.shown and to_text(incident.shown),
                incident.told and incident.told.value,
            ),
        )
        home = int(cursor.lastrowid or 0)
        journal.put(self._connection, home, Stand.of(incident))
        journal.write(self._connection, ((home, entry) for entry in said))
        self._touched.add(home)
        own, untold = {finding.fingerprint for finding in incident.findings}, False
        for finding in incident.findings:
            when = moment(finding, incident.created).timestamp()
            tied = self._tied(finding, when) - {home}
            for other in tied:
                untold |= self._meets(other, incident, own)
            home = self._united({home, *tied})
            there = self._one(
                "SELECT id FROM finding WHERE fingerprint = ? AND lane = ?", finding.fingerprint, finding.lane.value
            )
            if there is None:
                self._insert(finding, when, home)
            elif finding.signal == TAKEOVER:
                self._grow(there["id"], home, finding)
            elif finding.trust is Trust.TRUSTED:
                self._believe(there["id"], home, finding)
        if untold:
            self._connection.execute("UPDATE incident SET shown = NULL, told = NULL WHERE id = ?", (home,))
        return home

    def becomes(self, number: int) -> int:
        """Give the number of the incident that one has become part of; its own if it has not."""
        while number in self._became:
            number = self._became[number]
        return number

    def _meets(self, other: int, incident: Incident, heard: set[str]) -> bool:
        """Bring one that is here in line with what was heard and seen elsewhere.

        Returns:
            Whether it has something to tell that was not heard anywhere.
        """
        rows = self._connection.execute("SELECT fingerprint FROM finding WHERE incident = ?", (other,))
        if {each["fingerprint"] for each in rows} <= heard:
            self._connection.execute(
                "UPDATE incident SET shown = coalesce(shown, ?), told = nullif(max(coalesce(told, 0), ?), 0)"
                " WHERE id = ?",
                (incident.shown and to_text(incident.shown), incident.told.value if incident.told else 0, other),
            )
            row = self._one("SELECT * FROM incident WHERE id = ?", other)
            if row is not None and journal.stand_of(row) == Stand():
                self._silent.add(other)
            return False
        row = self._one("SELECT * FROM incident WHERE id = ?", other)
        return row is not None and not (row["shown"] or row["reviewed"]) and weighs(row)

    def _insert(self, finding: Finding, when: float, incident: int) -> None:
        row = self._connection.execute(
            "INSERT INTO finding (incident, fingerprint, lane, signal, account_id, moment, document)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                incident,
                finding.fingerprint,
                finding.lane.value,
                finding.signal,
                finding.account_id,
                when,
                documents.write(finding),
            ),
        ).lastrowid
        facets.write(self._connection, row or 0, incident, finding)
        self._connection.executemany(
            "INSERT INTO tie VALUES (?, ?, ?)", [(tie.key, when, incident) for tie in ties(finding)]
        )
        self._touched.add(incident)
        if finding.signal in TAKEOVER_SIGNALS:
            self._suspicious.add((finding.account_id, when))

    def _believe(self, row: int, incident: int, proved: Finding) -> None:
        """Put what is proved in the place of what was not: a forger may have been first, with his words."""
        before = self._one("SELECT document FROM finding WHERE id = ?", row)
        trust = documents.read(before["document"]).trust if before else Trust.TRUSTED
        if trust is Trust.TRUSTED:
            return
        # Its message takes the other's place as well: whoever takes it in keeps it for what has none.
        self._rewrite(row, proved)
        bodies.part(self._connection, (proved.fingerprint, proved.lane.value))
        self._touched.add(incident)
        if trust is Trust.FORGED and not proved.muted:
            self._fresh[incident] = max(self._fresh.get(incident, Severity.LOW), proved.severity)

    def _grow(self, row: int, incident: int, pattern: Finding) -> None:
        """Add the steps of a pattern that is there already; it never loses one, however short the new look was."""
        before = self._one("SELECT document FROM finding WHERE id = ?", row)
        known = documents.read(before["document"]).details[STEPS].split("\n") if before else []
        steps = dict.fromkeys([*known, *pattern.details[STEPS].split("\n")])
        grown = replace(pattern, details={**pattern.details, STEPS: "\n".join(steps)})
        self._rewrite(row, grown)
        self._touched.add(incident)

    def _rewrite(self, row: int, finding: Finding) -> None:
        self._connection.execute("UPDATE finding SET document = ? WHERE id = ?", (documents.write(finding), row))
        facets.rewrite(self._connection, row, finding)

    def finish(self) -> list[int]:
        """Look for patterns, weigh what was touched, and open again what its owner had looked at before it grew.

        Returns:
            The incidents that are new or have changed.
        """
        for account_id, when in sorted(self._suspicious):
            self._look_for_takeover(account_id, when)
        for incident in self._touched:
            self._weigh(incident)
        return sorted(self._touched)

    def _incident(self, finding: Finding, when: float) -> int:
        """Find the incident that a finding belongs to; one that ties several together makes them one."""
        found = self._tied(finding, when)
        if found:
            return self._united(found)
        cursor = self._connection.execute(
            "INSERT INTO incident (watch, severity, muted, created) VALUES (?, ?, ?, ?)",
            (self._watch, finding.severity.value, finding.muted, to_text(self._received)),
        )
        return int(cursor.lastrowid or 0)

    def _tied(self, finding: Finding, when: float) -> set[int]:
        found: set[int] = set()
        for tie in ties(finding):
            reach = tie.reach.total_seconds()
            rows = self._connection.execute(
                "SELECT DISTINCT incident FROM tie WHERE key = ? AND moment BETWEEN ? AND ?",
                (tie.key, when - reach, when + reach),
            )
            found.update(row[0] for row in rows)
        return found

    def _united(self, incidents: set[int]) -> int:
        survivor = self._survivor(incidents)
        for other in incidents - {survivor}:
            self._merge(other, survivor)
        return survivor

    def _survivor(self, found: set[int]) -> int:
        """Choose the incident that others become part of: the one whose note may be on screen, else the oldest."""
        row = self._one(
            f"SELECT id FROM incident WHERE id IN ({','.join('?' * len(found))})"  # noqa: S608 - marks only
            " ORDER BY (shown IS NOT NULL AND reviewed IS NULL) DESC, id LIMIT 1",
            *found,
        )
        return int(row["id"]) if row else min(found)

    def _merge(self, other: int, survivor: int) -> None:
        merge(self._connection, other, survivor, self._received, self._silent)
        self._became[other] = survivor
        self._touched.discard(other)
        self._touched.add(survivor)
        if other in self._fresh:
            self._fresh[survivor] = max(self._fresh.pop(other), self._fresh.get(survivor, Severity.LOW))

    def _weigh(self, incident: int) -> None:
        rows = self._connection.execute("SELECT document FROM finding WHERE incident = ?", (incident,))
        findings = [documents.read(row[0]) for row in rows]
        weight = weigh(findings)
        before = self._one("SELECT * FROM incident WHERE id = ?", incident)
        if before is None:
            return
        self._connection.execute(
            "UPDATE incident SET severity = ?, muted = ?, began = ?, ended = ? WHERE id = ?",
            (weight.value, mute(findings), *facets.span(before["created"], findings), incident),
        )
        fresh, heavier = self._fresh.get(incident, Severity.LOW), weight > before["severity"]
        if not heavier and fresh is Severity.LOW:
            return
        stand = journal.stand_of(before)
        journal.grow(self._connection, incident)
        roused = (
            stand.snoozed is not None and stand.snoozed > self._received and (heavier or fresh is Severity.CRITICAL)
        )
        if stand.reviewed or roused:
            # Something new has joined what its owner had finished with, or made it heavier: it is told like a new one.
            journal.put(self._connection, incident, stand.grown())
            self._connection.execute("UPDATE incident SET shown = NULL, told = NULL WHERE id = ?", (incident,))

    def _look_for_takeover(self, account_id: str, when: float) -> None:
        reach = 2 * TAKEOVER_WITHIN.total_seconds()
        marks = ",".join("?" * len(TAKEOVER_SIGNALS))
        rows = self._connection.execute(
            f"SELECT document, moment FROM finding WHERE account_id = ? AND signal IN ({marks})"  # noqa: S608 - marks only
            " AND moment BETWEEN ? AND ?",
            (account_id, *sorted(TAKEOVER_SIGNALS), when - reach, when + reach),
        ).fetchall()
        found = ((documents.read(row[0]), datetime.fromtimestamp(row[1], UTC)) for row in rows)
        steps = takeover((finding, when) for finding, when in found if finding.trust is not Trust.FORGED)
        if steps:
            self.add(_takeover_finding(account_id, steps))

    def _one(self, sql: str, *values: object) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, values).fetchone()
        return row


def _takeover_finding(account_id: str, steps: Iterable[Finding]) -> Finding:
    ordered = list(steps)
    began = ordered[0]
    day = began.happened.date().isoformat() if began.happened else "unknown"
    actor = next((step.actor for step in ordered if step.actor), None)
    return Finding(
        signal=TAKEOVER,
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        certainty=Certainty.NEW,
        lane=Lane.CLIENT,
        account_id=account_id,
        region="global",
        subject=Subject("AWS::Account", account_id),
        fingerprint=f"takeover:{account_id}:{day}",
        links=frozenset({f"takeover:{account_id}"}),
        happened=began.happened,
        actor=actor,
        details={STEPS: "\n".join(step.fingerprint for step in ordered)},
    )
