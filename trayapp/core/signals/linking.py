"""What makes findings the same happening, and what they share with others."""

from collections.abc import Iterator
from datetime import UTC, datetime

from trayapp.core.facts import Actor, ApiCall, Change, ResourceChange, Verdict
from trayapp.core.signals import types
from trayapp.core.signals.model import Evidence, SameBy, Signal, Thing
from trayapp.core.signals.reading import last_part

STACK_ID_TAG = "aws:cloudformation:stack-id"
STACK_NAME_TAG = "aws:cloudformation:stack-name"
GROUP_TAG = "aws:autoscaling:groupName"
_TAG = "tag:"

_Fact = ResourceChange | ApiCall | Verdict


def fingerprint(fact: _Fact, signal: Signal, thing: Thing, evidence: Evidence, *, refused: bool) -> str:
    """Give what is equal for the same happening, and for no other.

    A refused attempt is the same as long as the same caller tries the same on the same day: tools try again and again.
    """
    if refused and isinstance(fact, ApiCall):
        subject = thing.subject
        parts: tuple[str, ...] = ("refused", fact.action, subject.name or subject.id, _caller(fact), _day(fact))
    else:
        parts = (*_same(fact, signal, thing), *evidence.key, *((_day(fact),) if signal.again else ()))
    return ":".join(_part(part) for part in (signal.id, fact.account_id, *parts))


def happened(fact: _Fact) -> datetime | None:
    """Give when it happened; ``None`` where AWS does not say."""
    if not isinstance(fact, ResourceChange):
        return fact.happened
    # A thing that was seen for the first time without a time of its own came to be nobody knows when.
    return fact.born if fact.change is Change.CREATED else fact.captured


def links_of(fact: _Fact, thing: Thing, evidence: Evidence) -> frozenset[str]:
    """Give what the finding shares with others of the same happening."""
    return frozenset((*_links(fact, thing), *evidence.links))


def standing_details(fact: _Fact, thing: Thing) -> dict[str, str]:
    """Give the details that every finding has: its tags, stack and group, and the call."""
    details = {f"{_TAG}{key}": value for key, value in thing.tags.items()}
    stack = thing.tags.get(STACK_NAME_TAG, "")
    group = thing.tags.get(GROUP_TAG, "")
    if stack:
        details["stack"] = stack
    if group:
        details["scaling_group"] = group
    if isinstance(fact, ApiCall):
        details["action"] = fact.action
        if fact.error:
            details["error"] = fact.error
    return details


def _links(fact: _Fact, thing: Thing) -> Iterator[str]:
    subject = thing.subject
    named = {(subject.resource_type, name) for name in (subject.id, subject.name)}
    for resource_type, name in named | set(thing.related):
        # That two findings are about the same account says nothing.
        if name and resource_type != types.ACCOUNT:
            yield f"thing:{resource_type}:{name}"
    stack = thing.tags.get(STACK_ID_TAG) or thing.tags.get(STACK_NAME_TAG)
    if stack:
        yield f"stack:{stack}"
    group = thing.tags.get(GROUP_TAG)
    if group:
        yield f"group:{group}"
    if subject.resource_type == types.SCALING_GROUP and subject.name:
        yield f"group:{subject.name}"
    if isinstance(fact, ResourceChange):
        yield from (f"event:{event}" for event in fact.events)
    elif isinstance(fact, ApiCall):
        if fact.event_id:
            yield f"event:{fact.event_id}"
        yield from _of_actor(fact.actor)


def _of_actor(actor: Actor) -> Iterator[str]:
    if actor.key_id:
        yield f"key:{actor.key_id}"
    if actor.session:
        # The ARN of an assumed role ends with its session.
        whole = actor.arn.endswith(f"/{actor.session}")
        yield f"session:{actor.arn if whole else f'{actor.arn}/{actor.session}'}"


def _same(fact: _Fact, signal: Signal, thing: Thing) -> tuple[str, ...]:
    subject = thing.subject
    region = () if subject.resource_type.startswith("AWS::IAM::") else (fact.region,)
    same: tuple[str, ...]
    match signal.same_by:
        case SameBy.ID:
            same = (subject.resource_type, subject.id)
        case SameBy.NAME:
            same = (subject.resource_type, *region, subject.name or subject.id)
        case SameBy.ARN:
            same = (subject.resource_type, *region, last_part(subject.arn) or subject.name or subject.id)
        case SameBy.EVENT:
            same = (_event(fact),)
        case SameBy.CALLER:
            same = (fact.action, _caller(fact)) if isinstance(fact, ApiCall) else (subject.id,)
        case SameBy.REGION:
            same = (fact.region,)
        case SameBy.VERDICT:
            same = _verdict(fact, thing)
    return same


def _event(fact: _Fact) -> str:
    if isinstance(fact, ApiCall) and fact.event_id:
        return fact.event_id
    moment = happened(fact)
    action = fact.action if isinstance(fact, ApiCall) else ""
    return f"{action}@{moment.astimezone(UTC).isoformat() if moment else ''}"


def _verdict(fact: _Fact, thing: Thing) -> tuple[str, ...]:
    if not isinstance(fact, Verdict):
        return (thing.subject.id,)
    if fact.verdict_id:
        return (fact.judge.value, fact.verdict_id)
    return (fact.judge.value, fact.kind, fact.text, fact.amount, _day(fact))


def _caller(fact: ApiCall) -> str:
    actor = fact.actor
    return actor.key_id or actor.arn or actor.name or fact.address


def _day(fact: _Fact) -> str:
    moment = happened(fact) or (fact.captured if isinstance(fact, ResourceChange) else None)
    return moment.astimezone(UTC).date().isoformat() if moment else ""


def _part(text: str) -> str:
    # Names may hold the mark that parts them, and must not make one fingerprint out of two.
    return text.replace("%", "%25").replace(":", "%3A")
