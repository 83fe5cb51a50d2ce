"""Which rules would keep an alert quiet from now on, when its owner says "that was me, and always".

What is offered is as narrow as can be: it goes by one thing that all parts of the incident share, written in full, in
the one account. What ``trayapp.core.policy`` forbids a rule to hide, no offer hides, and where none is left it is told
why. Nor is a rule made out of what nobody has proved to come from AWS: whoever may write into the topic would choose
what it goes by.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import reduce
from typing import TypeVar

from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding, Theme, Trust
from trayapp.core.history import Wanted
from trayapp.core.incidents import Incident
from trayapp.core.language import mark
from trayapp.core.policy import Mute, is_guards_own, known_name, stack_names, tags
from trayapp.core.severity import Severity
from trayapp.core.text import clean, shorten
from trayapp.core.weighing import mute, weigh

T = TypeVar("T", str, tuple[str, str])

LOOKED_BACK = timedelta(days=30)
"""How far it is looked back for what a rule would have kept quiet."""

LONGEST_PATTERN = 200
"""How many characters a pattern may have in the settings."""

_WILD = re.compile(r"([*?\[])")
_ACCOUNT = re.compile(r"[0-9]{12}")
_RESERVED = "aws:"
"""What the keys of those tags begin with that AWS itself sets; of those the stack's is offered as the stack."""


class By(Enum):
    """What an offered rule goes by. Stable names, since they stand on the command line."""

    STACK = "stack"
    ACTOR = "actor"
    TAG = "tag"


class Refusal(Enum):
    """Why there is no rule to offer; each value is a sentence for its reader, to be said through ``language.say``."""

    QUIET = mark("This alert is kept quiet already.")
    UNPROVED = mark(
        "Nobody has proved that this alert comes from AWS, and no rule is made of what others may have written."
    )
    GUARD = mark("What trayapp finds by itself, and what is about the watching, is never kept quiet.")
    CRITICAL = mark(
        "What is critical is always told. Only a rule in the settings that names its signal in full can mute it."
    )
    ROOT = mark("What the root user does is never kept quiet by who did it.")
    FOREIGN = mark("It was done by an identity of another account, whose name anybody could choose.")
    IDENTITY_CHOSEN = mark(
        "What is about identities is never kept quiet by a stack or a tag: an intruder can choose those."
    )
    IDENTITY_MIXED = mark(
        "Several kinds of things happened to identities here; a rule by who did it takes one kind alone."
    )
    IDENTITY_UNKNOWN = mark(
        "What is about identities is kept quiet by who did it alone, and here nobody says who that was."
    )
    NO_STACK = mark("Its parts do not all belong to one stack.")
    NO_ACTOR = mark("Its parts do not all say that one user, role or service has done them.")
    NO_TAG = mark("Its parts have no tag in common.")
    NOTHING = mark("Its parts have no stack, no tag and nobody who did them in common that a rule could go by.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that would keep an incident quiet.

    Attributes:
        by: What it goes by.
        value: The stack's name, the actor's name, or the tag as ``key=value``, as it is and not as a pattern.
        rule: The rule, for always; ``ending`` gives it an end.
    """

    by: By
    value: str
    rule: Mute


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done.

    Attributes:
        quiet: So many alerts it would have kept quiet.
        told: So many alerts were told.
    """

    quiet: int = 0
    told: int = 0

    def further(self, rule: Mute, incidents: Iterable[Incident]) -> "Trial":
        """Try the rule on more incidents; what was not told aloud does not count."""
        told = [each for each in incidents if not _is_quiet(each)]
        return Trial(self.quiet + sum(keeps_quiet(rule, each) for each in told), self.told + len(told))


def offers(incident: Incident) -> tuple[Offer, ...]:
    """Give every rule that would keep an incident quiet, at most one for a stack and one for an actor."""
    if _refused(incident) is not None:
        return ()
    return tuple(offer for offer in _candidates(incident) if _writable(offer) and keeps_quiet(offer.rule, incident))


def refusal(incident: Incident, by: By | None = None) -> Refusal | None:
    """Give why there is no rule to offer.

    Args:
        incident: The incident.
        by: What the rule would go by, ``None`` for anything.

    Returns:
        The reason, or ``None`` where there is one to offer.
    """
    general = _refused(incident)
    if general is not None or any(by in (None, offer.by) for offer in offers(incident)):
        return general
    identity = any(part.theme is Theme.IDENTITY for part in incident.parts)
    if by in (By.STACK, By.TAG) and identity:
        return Refusal.IDENTITY_CHOSEN
    if by in (By.ACTOR, None) and (reason := _about_actors(incident.parts, identity=identity)):
        return reason
    if by is None:
        return Refusal.IDENTITY_UNKNOWN if identity else Refusal.NOTHING
    return {By.STACK: Refusal.NO_STACK, By.ACTOR: Refusal.NO_ACTOR, By.TAG: Refusal.NO_TAG}[by]


def keeps_quiet(rule: Mute, incident: Incident) -> bool:
    """Tell whether an incident is muted as a whole with a rule beside those that mute parts of it already."""
    said = rule.says
    return bool(mute(replace(each, muted=said) if rule.hides(each) else each for each in incident.findings))


def covering(rules: Iterable[Mute], incident: Incident, now: datetime) -> Mute | None:
    """Give the rule that keeps quiet what is like an incident by now; ``now`` is aware, in the reader's local time."""
    return next((rule for rule in rules if not rule.over(now) and keeps_quiet(rule, incident)), None)


def reason_of(note: str) -> str:
    """Make the reason of a rule out of a note: one line that the settings take."""
    return shorten(clean(" ".join(note.split())), LONGEST_PATTERN)


def tried_on(now: datetime) -> Wanted:
    """Give what a rule is tried on: what was told in the time looked back to."""
    return Wanted(severities=frozenset(Severity) - {Severity.LOW}, muted=False, since=now - LOOKED_BACK)


def _refused(incident: Incident) -> Refusal | None:
    """Give why no rule at all is made of an incident."""
    parts = incident.parts
    if _is_quiet(incident):
        return Refusal.QUIET
    if any(is_guards_own(part) for part in parts):
        return Refusal.GUARD
    if incident.trust is not Trust.TRUSTED or any(part.trust is not Trust.TRUSTED for part in incident.findings):
        return Refusal.UNPROVED
    return Refusal.CRITICAL if weigh(incident.findings) is Severity.CRITICAL else None


def _is_quiet(incident: Incident) -> bool:
    return bool(incident.muted) or incident.severity is Severity.LOW


def _about_actors(parts: Iterable[Finding], *, identity: bool) -> Refusal | None:
    found = tuple(parts)
    if any(part.actor and part.actor.kind is ActorKind.ROOT for part in found):
        return Refusal.ROOT
    if not all(part.actor and part.actor.name for part in found):
        return None
    if not all(map(known_name, found)):
        return Refusal.FOREIGN
    several = len({part.signal for part in found}) > 1
    return Refusal.IDENTITY_MIXED if identity and several and _shared({known_name(each)} for each in found) else None


def _candidates(incident: Incident) -> Iterator[Offer]:
    parts = incident.parts
    accounts, signals = {part.account_id for part in parts}, {part.signal for part in parts}
    account = next(iter(accounts)) if len(accounts) == 1 else ""
    where = Mute(account=account if _ACCOUNT.fullmatch(account) else "")
    for stack in _shared(stack_names(part) for part in parts):
        yield Offer(By.STACK, stack, replace(where, stack=_literally(stack)))
        break  # what belongs to several is told of by the first as well as by the next
    for actor in _shared({known_name(part)} for part in parts):
        # Whoever steals his key acts under his name: only what he did this time is kept quiet, if that is one thing.
        signal = next(iter(signals)) if len(signals) == 1 else ""
        yield Offer(By.ACTOR, actor, replace(where, actor=_literally(actor), signal=signal))
    for key, value in _shared(_own_tags(part).items() for part in parts):
        yield Offer(By.TAG, f"{key}={value}", replace(where, tag=f"{_literally(key)}={_literally(value)}"))


def _own_tags(finding: Finding) -> Mapping[str, str]:
    # In a rule the first sign of equality ends the key, so that a key with one in it cannot be written.
    return {key: value for key, value in tags(finding).items() if "=" not in key and not key.startswith(_RESERVED)}


def _shared(each: Iterable[Iterable[T]]) -> list[T]:
    """Give what all have, in order, without the empty text."""
    sets = [set(one) for one in each]
    return sorted(one for one in reduce(set.intersection, sets) if one) if sets else []


def _literally(text: str) -> str:
    """Write a text as a pattern that matches nothing else."""
    return _WILD.sub(r"[\1]", text)


def _writable(offer: Offer) -> bool:
    """Tell whether the settings take it."""
    patterns = (offer.rule.stack, offer.rule.actor, offer.rule.tag)
    return all(len(each) <= LONGEST_PATTERN and clean(each) == each for each in patterns) and bool(offer.value.strip())
