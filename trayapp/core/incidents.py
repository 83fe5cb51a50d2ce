"""Incidents: findings that belong to one happening, told once."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from trayapp.core.finding import Finding, Trust
from trayapp.core.severity import Severity
from trayapp.core.tellings import distinct, order
from trayapp.core.weighing import mute, weigh


class Decision(Enum):
    """What its owner has said of an incident. Stable names."""

    SEEN = "seen"
    """He has looked at it."""
    MINE = "mine"
    """That was me."""
    NOT_MINE = "not-mine"
    """That was not me: it stays to be reviewed until he says that it is dealt with."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings that belong together, with their life: new, then shown, then reviewed.

    Attributes:
        id: The number by which its owner names it.
        watch: The name, in the settings, of the account whose queue brought it.
        findings: Its findings, the earliest first; the same happening may be there once for each lane.
        created: When its first finding was committed.
        shown: When the desktop (or the terminal) first accepted it; ``None`` while it did not.
        told: The severity at which it was last shown; ``None`` before.
        reviewed: When its owner looked at it or marked it; ``None`` before.
        decision: What its owner has said of it; ``None`` before.
        note: What its owner has written beside it.
        snoozed: Until when its owner does not want to hear of it, ``None`` if he does.
        steps: Of a takeover, the findings of other incidents that it is made of, the earliest first.
    """

    id: int
    watch: str
    findings: tuple[Finding, ...]
    created: datetime
    shown: datetime | None
    told: Severity | None
    reviewed: datetime | None
    steps: tuple[Finding, ...] = ()
    decision: Decision | None = None
    note: str = ""
    snoozed: datetime | None = None

    @property
    def severity(self) -> Severity:
        """How heavy it is; it never falls when a finding joins."""
        return weigh(self.findings)

    @property
    def parts(self) -> tuple[Finding, ...]:
        """Its findings without the second telling of any, the earliest first."""
        return distinct(self.findings)

    @property
    def main(self) -> Finding:
        """The finding to name it by: the heaviest, and of several the earliest."""
        return min(self.parts, key=lambda each: (-each.severity, *order(each)))

    @property
    def first(self) -> datetime | None:
        """When its first happening was, ``None`` where AWS does not say."""
        return min((each.happened for each in self.findings if each.happened), default=None)

    @property
    def last(self) -> datetime | None:
        """When its last happening was, ``None`` where AWS does not say."""
        return max((each.happened for each in self.findings if each.happened), default=None)

    @property
    def muted(self) -> str:
        """The rule that mutes it; empty unless every part of it is muted."""
        return mute(self.findings)

    @property
    def trust(self) -> Trust:
        """Whether it is AWS that says so: forged if nothing of it is AWS's, unverified if something is not proved."""
        trusts = {each.trust for each in self.findings}
        if trusts == {Trust.FORGED}:
            return Trust.FORGED
        waits = Trust.UNVERIFIED in trusts or any(each.trust is Trust.UNVERIFIED for each in self.steps)
        return Trust.UNVERIFIED if waits else Trust.TRUSTED

    @property
    def unspoken(self) -> bool:
        """Whether there is something to say aloud: it was never shown, is heavier since, or was put off until now."""
        # What is still put off nobody is asked to tell.
        return self.snoozed is not None or self.shown is None or self.told is None or self.severity > self.told
