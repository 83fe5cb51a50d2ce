"""Incidents: findings that belong to one happening, told once.

Findings join by ties. A tie is a text that two findings share, and how far apart in time they may be for that to mean
anything; an incident is whatever hangs together. As every tie is made of one finding alone, the same findings give the
same incidents in whatever order they come, and more findings only ever join incidents, never part them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

from trayapp.core.finding import Certainty, Finding, Lane, Theme, Trust
from trayapp.core.severity import Severity

TAKEOVER = "takeover"
"""The signal of the pattern that ``takeover`` finds; it is made of others' findings and matches no fact itself."""

# How far apart two findings may be that share this kind of link. Whoever deploys a stack again next month, or works
# with the same key all year, is at something new.
_REACHES = {
    "event": timedelta(days=1),
    "stack": timedelta(hours=1),
    "group": timedelta(hours=1),
    "thing": timedelta(hours=1),
    "key": timedelta(minutes=30),
    "session": timedelta(minutes=30),
    "takeover": timedelta(days=1),
}
_ALIKE = timedelta(minutes=10)
"""How far apart findings of machines and networks may be that name neither stack nor event nor actor."""

_UNNAMED = timedelta(minutes=15)
"""How far AWS Config's telling of a deletion, where it knows the id alone, may lie from the call that knows the name
alone. CloudTrail tells of every call, so that whatever else was deleted then has a call of its own."""

_LAPSE = timedelta(hours=2)
"""How far our own finding that something watches no longer may lie from the call that did it: we look every hour."""

_LAPSES = frozenset({"watch-recorder", "watch-path", "trail-off"})
_CALLERS = ("key", "session")
_TELLING = ("stack", "group", "event", "key", "session", "takeover")

# Network and machines come together in every deployment; people and keys, the guard and the money never hide there.
_SCOPES = {Theme.COMPUTE: "infrastructure", Theme.NETWORK: "infrastructure"}

BURST_MACHINES = 10
BURST_VCPUS = 64
"""So many machines, or so much of them, in one incident are critical whatever each weighs by itself."""

TAKEOVER_WITHIN = timedelta(hours=6)
"""How far the steps of a takeover may lie from the making of its administrator."""

_USER_GONE = "iam-user-gone"
_MADE_ADMINISTRATOR = frozenset({"iam-user-admin", "iam-role-admin", "iam-group-admin"})
_REMOVED_OWNER = frozenset({_USER_GONE, "root-recovery", "mfa-off"})
_BIG_MACHINES = frozenset({"ec2-large", "ec2-region", "ec2-burst", "host-new"})
TAKEOVER_SIGNALS = _MADE_ADMINISTRATOR | _REMOVED_OWNER | _BIG_MACHINES
"""The signals that can be steps of a takeover."""

_INSTANCE_SIGNALS = frozenset({"ec2-new", "ec2-large", "ec2-region"})


@dataclass(frozen=True, slots=True)
class Tie:
    """What joins a finding to others.

    Attributes:
        key: The shared text.
        reach: How far apart in time two findings with this key may be.
    """

    key: str
    reach: timedelta


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
        return min(self.parts, key=lambda each: (-each.severity, *_order(each)))

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


def ties(finding: Finding) -> tuple[Tie, ...]:
    """Give everything that may join a finding to others."""
    scope = _SCOPES.get(finding.theme, finding.theme.value)
    critical = finding.severity is Severity.CRITICAL
    # A critical finding joins critical ones only: it must not grow quietly inside something harmless.
    place = f"{finding.account_id}|{scope}|{'critical' if critical else 'plain'}"
    # And those of the same caller only where they are alike: that the owners are deleted must be heard, however much
    # was heard of whoever deletes them.
    by_caller = f"{place}|{finding.signal}" if critical else place
    found = [Tie(f"same|{finding.fingerprint}", timedelta(days=3650))]
    kinds = set()
    for link in sorted(finding.links):
        kind = link.partition(":")[0]
        if kind in _REACHES:
            kinds.add(kind)
            found.append(Tie(f"{by_caller if kind in _CALLERS else place}|{link}", _REACHES[kind]))
    if finding.signal in _LAPSES:
        # Whatever either weighs: the call says who did it, our own looking says that it is so.
        found.append(Tie(f"{finding.account_id}|{scope}|{finding.signal}|{finding.region}", _LAPSE))
    if _deleting_call(finding) or _unnamed(finding):
        found.append(Tie(f"{place}|{finding.signal}", _UNNAMED))
    # Machines come in numbers. Of people each is heard: that one user was made says nothing of the next.
    if finding.theme in _SCOPES and not kinds.intersection(_TELLING):
        found.append(Tie(f"{place}|{finding.signal}|{finding.region}", _ALIKE))
    return tuple(found)


def moment(finding: Finding, received: datetime) -> datetime:
    """Give the time that counts for joining: when it happened, else when we heard of it."""
    return finding.happened or received


def group(findings: Sequence[tuple[Finding, datetime]]) -> list[tuple[Finding, ...]]:
    """Group findings into incidents, from scratch.

    This is what an incident is, in the plainest words; the store does the same step by step.

    Args:
        findings: Each with the time at which it was received.

    Returns:
        The groups, each and all of them in the order of time.
    """
    parent = list(range(len(findings)))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    by_key: dict[str, list[tuple[datetime, int, timedelta]]] = {}
    for index, (finding, received) in enumerate(findings):
        for tie in ties(finding):
            by_key.setdefault(tie.key, []).append((moment(finding, received), index, tie.reach))
    for sharing in by_key.values():
        sharing.sort()
        for (before, one, reach), (after, other, _) in pairwise(sharing):
            if after - before <= reach:
                parent[root(other)] = root(one)
    groups: dict[int, list[int]] = {}
    for index in range(len(findings)):
        groups.setdefault(root(index), []).append(index)
    ordered = [tuple(in_order(findings[index][0] for index in members)) for members in groups.values()]
    return sorted(ordered, key=lambda members: _order(members[0]))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings into the order of time, the same for the same findings."""
    return sorted(findings, key=_order)


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out the second telling of the same happening; of two, the one that knows who did it stays.

    Where AWS Config tells of users deleted whose names nobody knows, each stands for one of the calls that deleted
    users and have no second telling of their own.
    """
    found: dict[str, Finding] = {}
    nameless: list[Finding] = []
    calls: dict[str, Finding] = {}
    # CloudTrail's comes first: it knows the actor, which AWS Config never does.
    for finding in sorted(findings, key=lambda each: (each.lane is not Lane.CLOUDTRAIL, *_order(each))):
        if _unnamed(finding):
            nameless.append(finding)
            continue
        by_name = _by_name(finding)
        same = by_name if by_name in found else finding.fingerprint
        if _deleting_call(finding):
            calls[same] = finding
        elif same in found:
            calls.pop(same, None)
        found.setdefault(same, finding)
    found.update((finding.fingerprint, finding) for finding in nameless[len(calls) :])
    return tuple(in_order(found.values()))


def weigh(findings: Iterable[Finding]) -> Severity:
    """Weigh findings together: as much as the heaviest, and critical where the machines add up."""
    heaviest, machines = Severity.LOW, dict[str, int]()
    for finding in findings:
        heaviest = max(heaviest, finding.severity)
        if finding.signal in _INSTANCE_SIGNALS:
            vcpus = finding.details.get("vcpus", "")
            # Each machine once, by the lane that knows more of it.
            known = int(vcpus) if vcpus.isdecimal() else 0
            machines[finding.subject.id] = max(machines.get(finding.subject.id, 0), known)
    burst = len(machines) >= BURST_MACHINES or sum(machines.values()) >= BURST_VCPUS
    return Severity.CRITICAL if burst else heaviest


def mute(findings: Iterable[Finding]) -> str:
    """Give the rule that mutes findings together; empty unless each happening is muted.

    What adds up to something critical out of harmless parts is never muted: no rule was made for that.
    """
    every = tuple(findings)
    critical = max((finding.severity for finding in every), default=Severity.LOW) is Severity.CRITICAL
    if every and not critical and weigh(every) is Severity.CRITICAL:
        return ""
    # The least of them, so that the empty text of one that is not muted comes before any rule.
    return min((part.muted for part in distinct(every)), default="")


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


def _unnamed(finding: Finding) -> bool:
    """Tell whether it is AWS Config's telling of a user deleted, with nothing but the id."""
    return finding.signal == _USER_GONE and finding.lane is Lane.CONFIG and not finding.subject.name


def _deleting_call(finding: Finding) -> bool:
    """Tell whether it is CloudTrail's telling of a user deleted, which knows nothing but the name."""
    done = finding.certainty is not Certainty.REFUSED
    return finding.signal == _USER_GONE and finding.lane is Lane.CLOUDTRAIL and done


def _by_name(finding: Finding) -> str:
    """Give the fingerprint by which a call would tell the same, where AWS Config's message had the id alone."""
    subject = finding.subject
    parts = finding.fingerprint.split(":")
    return ":".join(subject.name if subject.name and part == subject.id else part for part in parts)


def _order(finding: Finding) -> tuple[float, str, str]:
    return (finding.happened.timestamp() if finding.happened else float("inf"), finding.fingerprint, finding.lane.value)
