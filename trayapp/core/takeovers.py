"""The pattern of a takeover: an administrator made, users removed, big machines started, within hours."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from trayapp.core.finding import Certainty, Finding
from trayapp.core.tellings import distinct, moment

TAKEOVER = "takeover"
"""The signal of the pattern that ``takeover`` finds; it is made of others' findings and matches no fact itself."""

TAKEOVER_WITHIN = timedelta(hours=6)
"""How far the steps of a takeover may lie from the making of its administrator."""

_MADE_ADMINISTRATOR = frozenset({"iam-user-admin", "iam-role-admin", "iam-group-admin"})
_REMOVED_OWNER = frozenset({"iam-user-gone", "root-recovery", "mfa-off"})
_BIG_MACHINES = frozenset({"ec2-large", "ec2-region", "ec2-burst", "host-new"})
TAKEOVER_SIGNALS = _MADE_ADMINISTRATOR | _REMOVED_OWNER | _BIG_MACHINES
"""The signals that can be steps of a takeover."""


def takeover(findings: Iterable[tuple[Finding, datetime]]) -> tuple[Finding, ...]:
    """Find the pattern of a takeover: an administrator made, users removed, big machines started, within hours.

    Args:
        findings: One account's findings, each with the time at which it was received.

    Returns:
        Its steps, the earliest first; nothing while any of the three is missing.
    """
    by_step: dict[int, list[tuple[datetime, Finding]]] = {0: [], 1: [], 2: []}
    for finding, received in findings:
        for step, signals in enumerate((_MADE_ADMINISTRATOR, _REMOVED_OWNER, _BIG_MACHINES)):
            if finding.signal in signals and finding.certainty is not Certainty.REFUSED:
                by_step[step].append((moment(finding, received), finding))
    moments = [sorted(when for when, _ in found) for found in by_step.values()]
    made = [when for when in moments[0] if all(_near(when, others) for others in moments[1:])]
    return distinct(found for step in by_step.values() for when, found in step if _near(when, made))


def _near(when: datetime, moments: Sequence[datetime]) -> bool:
    """Tell whether any of some moments, which are in order, is within a takeover's reach."""
    index = bisect_left(moments, when - TAKEOVER_WITHIN)
    return index < len(moments) and moments[index] <= when + TAKEOVER_WITHIN
