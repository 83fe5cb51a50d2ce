"""What joins findings into incidents.

Findings join by ties. A tie is a text that two findings share, and how far apart in time they may be for that to mean
anything; an incident is whatever hangs together. As every tie is made of one finding alone, the same findings give the
same incidents in whatever order they come, and more findings only ever join incidents, never part them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from trayapp.core.finding import Finding, Theme
from trayapp.core.severity import Severity
from trayapp.core.tellings import in_order, is_deleting_call, is_unnamed, moment, order

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


@dataclass(frozen=True, slots=True)
class Tie:
    """What joins a finding to others.

    Attributes:
        key: The shared text.
        reach: How far apart in time two findings with this key may be.
    """

    key: str
    reach: timedelta


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
    if is_deleting_call(finding) or is_unnamed(finding):
        found.append(Tie(f"{place}|{finding.signal}", _UNNAMED))
    # Machines come in numbers. Of people each is heard: that one user was made says nothing of the next.
    if finding.theme in _SCOPES and not kinds.intersection(_TELLING):
        found.append(Tie(f"{place}|{finding.signal}|{finding.region}", _ALIKE))
    return tuple(found)


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
    return sorted(ordered, key=lambda members: order(members[0]))
