"""Which other incidents belong to the same affair."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding, Trust
from trayapp.core.history import Wanted, began, ended
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity

WITHIN = timedelta(days=1)
"""How far an incident may lie from one that it is related to."""

_LINKS = ("key:", "session:", "thing:")
_AWS_SERVICE = ".amazonaws.com"


def around(incident: Incident) -> Wanted:
    """Say where to look for what may be related, for a search through the history."""
    accounts = {incident.watch, *(each.account_id for each in incident.findings if each.account_id)}
    return Wanted(
        accounts=frozenset(accounts), since=began(incident) - WITHIN, until=ended(incident) + WITHIN, muted=False
    )


def relatives(incident: Incident, others: Iterable[Incident]) -> tuple[Incident, ...]:
    """Choose those that belong to the same affair, the earliest first.

    Of the same account and within a day belong together: what shares a key, a session, a user, a source address or a
    thing, also by way of a third; what is in a Region that was never used before; what is critical, where this is
    critical too; and what its owner has said was not him. What he has said was himself, what a rule of his mutes, and
    what is forged never does.
    """
    waiting = [each for each in others if _may(incident, each)]
    chosen: list[Incident] = []
    traces, places = _traces(incident), _new_regions(incident)
    heavy = incident.severity is Severity.CRITICAL
    while True:
        more = [
            each
            for each in waiting
            if _alike(each, heavy=heavy)
            or not traces.isdisjoint(_traces(each))
            or not places.isdisjoint(_regions(each))
        ]
        if not more:
            return tuple(sorted(chosen, key=lambda each: (began(each), each.id)))
        chosen += more
        waiting = [each for each in waiting if each not in more]
        traces = traces.union(*map(_traces, more))
        places = places.union(*map(_new_regions, more))


def _may(incident: Incident, other: Incident) -> bool:
    mine, theirs = _accounts(incident), _accounts(other)
    same = not mine.isdisjoint(theirs) if mine and theirs else incident.watch == other.watch
    near = began(other) <= ended(incident) + WITHIN and ended(other) >= began(incident) - WITHIN
    told = other.decision is not Decision.MINE and not other.muted and other.trust is not Trust.FORGED
    return same and near and told and other.id != incident.id


def _alike(other: Incident, *, heavy: bool) -> bool:
    return other.decision is Decision.NOT_MINE or (heavy and other.severity is Severity.CRITICAL)


def _accounts(incident: Incident) -> frozenset[str]:
    return frozenset(each.account_id for each in incident.findings if each.account_id)


def _regions(incident: Incident) -> frozenset[str]:
    return frozenset(each.region for each in incident.findings)


def _new_regions(incident: Incident) -> frozenset[str]:
    """Give the Regions in which it computes for the first time: nothing of the owner's is there."""
    return frozenset(each.region for each in (*incident.findings, *incident.steps) if each.signal == "ec2-region")


def _traces(incident: Incident) -> frozenset[str]:
    return frozenset(trace for finding in (*incident.findings, *incident.steps) for trace in _of(finding))


def _of(finding: Finding) -> Iterator[str]:
    yield from (link for link in finding.links if link.startswith(_LINKS))
    actor = finding.actor
    if actor is None or actor.kind is ActorKind.SERVICE:
        return
    if actor.kind is ActorKind.USER and actor.name:
        # Whoever was made a moment ago and acts now is one.
        yield f"thing:AWS::IAM::User:{actor.name}"
    if actor.kind is ActorKind.ROOT:
        yield "root"
    if finding.address and not finding.address.endswith(_AWS_SERVICE):
        yield f"address:{finding.address}"
