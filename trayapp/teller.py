"""What is told aloud, what only brought up to date, and what has to wait.

An incident is told at once, then grows in place without a sound, and speaks again only when it becomes heavier. What
gathered while nobody was there is told together, except for what is critical.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from trayapp.core import alert_notes, guard_notes
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.clock import Clock
from trayapp.core.guard import Watch
from trayapp.core.incidents import Incident
from trayapp.core.policy import is_guards_own
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.desktop.notify.base import Notifier

PASSING_TROUBLE = timedelta(minutes=5)
"""How long a passing trouble may last before it is worth a notification."""

_NOBODY = ""
"""Stands where an account's name would, while there is no account."""


class Teller:
    """Decides what the notifier shows. It belongs to the decider's thread.

    Args:
        notifier: Shows notes.
    """

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._asked: dict[int, Severity] = {}
        self._together: dict[int, Severity] = {}
        self._away: set[int] = set()
        self._drawn: dict[int, int] = {}
        self._refused: set[str] = set()
        self._draining: set[str] = set()
        self._troubles: dict[str, set[Cause]] = {}

    def drain(self, account: str, *, more: bool) -> None:
        """Note whether a queue is being emptied of what had gathered in it: what is not critical waits for its end."""
        if more:
            self._draining.add(account)
        else:
            self._draining.discard(account)

    def shown(self, key: str) -> dict[int, Severity]:
        """Note that the desktop has accepted a note; give the incidents that are told by it, with their severity."""
        if key == alert_notes.AWAY_KEY:
            told, self._together = self._together, {}
            return told
        incident_id = alert_notes.incident_of(key)
        return {incident_id: self._asked.pop(incident_id)} if incident_id in self._asked else {}

    def refused(self, key: str) -> None:
        """Note that the desktop did not accept a note; it is tried again after ``retry``."""
        self._refused.add(key)

    def retry(self) -> None:
        """Let what was refused be tried again; called at any sign of life, so that no timer is needed."""
        for key in self._refused:
            if key == alert_notes.AWAY_KEY:
                self._together.clear()
            self._asked.pop(alert_notes.incident_of(key), None)
        for account in [each for each in self._troubles if guard_notes.guard_key(each) in self._refused]:
            del self._troubles[account]
        self._refused.clear()

    def withdraw(self, incident_ids: Iterable[int]) -> None:
        """Take notes away, of incidents that were reviewed or have become part of others."""
        for incident_id in incident_ids:
            self._drawn.pop(incident_id, None)
            self._notifier.withdraw(alert_notes.alert_key(incident_id))
            if incident_id in self._away:
                self._away.remove(incident_id)
                if not self._away:
                    self._notifier.withdraw(alert_notes.AWAY_KEY)

    def redraw(self, incident_ids: Iterable[int]) -> None:
        """Bring notes up to date that say something else now, without having grown."""
        self._drawn.update((incident_id, 0) for incident_id in incident_ids if incident_id in self._drawn)

    def moved(self, numbers: Mapping[int, int]) -> None:
        """Go on under new numbers: incidents have come from memory to the disk."""
        for old, new in numbers.items():
            if old in self._asked:
                self._asked[new] = max(self._asked[old], self._asked.get(new, self._asked[old]))
            if old in self._together:
                self._together[new] = self._together[old]
            if old in self._away:
                self._away.add(new)
            if self._drawn.pop(old, None) is not None:
                self._drawn[new] = 0  # drawn again under its new number, without a sound

    def tell(self, situation: Situation, clock: Clock) -> None:
        """Show what there is to show."""
        for watch in situation.watches:
            self.trouble(watch, clock)
        waiting = [incident for incident in reversed(situation.to_review) if self._waits(incident, situation)]
        if len(waiting) >= alert_notes.AWAY:
            self._together = {incident.id: incident.severity for incident in waiting}
            self._away = set(self._together)
            self._notifier.show(alert_notes.away_note(waiting, situation, clock))
        for incident in reversed(situation.to_review):
            if self._together.get(incident.id, 0) < incident.severity:
                self._tell(incident, situation, clock)

    def trouble(self, watch: Watch, clock: Clock) -> None:
        """Tell why an account is not being watched: each cause once while it lasts, a passing one only if it does."""
        causes, cause = watch.causes, watch.cause
        passes = any(PROBLEMS[each].passing for each in causes)
        # One outage looks different from try to try, and is one all the same.
        before = self._troubles.get(watch.account, set())
        told = {each for each in before if each in causes or (passes and PROBLEMS[each].passing)}
        self._troubles[watch.account] = told
        if cause is None:
            if before:
                self._notifier.withdraw(guard_notes.guard_key(watch.account))
            return
        passing = PROBLEMS[cause].passing
        if cause in told or (passing and any(PROBLEMS[each].passing for each in told)):
            return
        if passing and clock.now - watch.since < PASSING_TROUBLE:
            return
        told.add(cause)
        note = guard_notes.guard_note(watch, clock)
        if note is not None:
            self._notifier.show(note)

    def expect(self, accounts: bool) -> None:  # noqa: FBT001 - it is the whole question
        """Tell that there is no account to watch, until there is one."""
        if accounts:
            self.forget(_NOBODY)
        else:
            self._troubles[_NOBODY] = {Cause.NO_ACCOUNT}
            self._notifier.show(guard_notes.no_account_note())

    def alerted(self, account: str, causes: Iterable[Cause]) -> None:
        """Note that an alert tells why an account is not being watched, so that nothing else need do so."""
        if told := set(causes):
            self._troubles.setdefault(account, set()).update(told)

    def forget(self, account: str) -> None:
        """Take away the note about an account that is not to be watched any more."""
        if self._troubles.pop(account, None):
            self._notifier.withdraw(guard_notes.guard_key(account))

    def _held(self, incident: Incident, situation: Situation) -> bool:
        """Tell whether an incident has to wait: for the end of a pause or of a queue, or until others are told."""
        if incident.severity is Severity.CRITICAL:
            return False
        # Quiet hours are a rule of the owner's, and those never hide what the guard itself has to say.
        quiet = situation.quiet and not any(is_guards_own(finding) for finding in incident.findings)
        return quiet or bool(situation.paused_until or self._draining or self._together)

    def _waits(self, incident: Incident, situation: Situation) -> bool:
        """Tell whether an incident is to be told now, and may be told together with others."""
        return (
            incident.unspoken
            and incident.severity is not Severity.CRITICAL
            and not self._held(incident, situation)
            and incident.id not in self._asked
        )

    def _tell(self, incident: Incident, situation: Situation, clock: Clock) -> None:
        aloud, size = incident.unspoken, len(incident.findings) + len(incident.steps)
        if aloud:
            asked = self._asked.get(incident.id)
            if self._held(incident, situation) or (asked is not None and asked >= incident.severity):
                return
            self._asked[incident.id] = incident.severity
        # What this run of the program has not drawn is on no screen, so that there is nothing to bring up to date.
        elif self._drawn.get(incident.id, size) >= size:
            return
        self._drawn[incident.id] = size
        self._notifier.show(alert_notes.alert_note(incident, situation, clock, quiet=not aloud))
