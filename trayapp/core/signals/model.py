"""What the catalogue is made of: a row, the looks it takes at facts, the conditions of a look, and what comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Generic, Protocol, TypeVar

from trayapp.core.facts import ApiCall, Json, ResourceChange, Verdict
from trayapp.core.finding import Certainty, Finding, Subject, Theme
from trayapp.core.severity import Severity


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is large.

    Attributes:
        vcpus: An instance with this many vCPU or more is large. A private account runs its things on 8 or fewer; 16 of
            the cheapest kind cost about 500 USD a month.
        group: A group that may grow to this many instances or more is a burst. Mining campaigns set 20 to 999.
        task_cpu: A container task with this many CPU units (1024 are a vCPU) or more is large. Miners ask for the most
            that Fargate gives, 8192 or 16384.
    """

    vcpus: int = 16
    group: int = 20
    task_cpu: int = 8192


class Names(Protocol):
    """What users were called; any mapping is that, and so is whoever looks a name up when he is asked for it."""

    def get(self, key: tuple[str, str], default: str, /) -> str:
        """Give what a user was called, by account id and the user's id."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the accounts from before. Whoever knows nothing gives nothing, and misses only what needs it.

    Attributes:
        regions: Where an account has computed for long enough (a day is ample) to count as its own: account id and
            Region's code. Of an account without any, no Region is told as new.
        types: What an account already had: account id and AWS Config's type name.
        settled: The accounts whose first inventory is long over. Only here does a thing weigh as much as a new one
            whose message does not say since when it is there.
        path: The queues, topics and rules through which we are told, each by ARN, URL or, for rules, name.
        names: What users were called, by account id and the user's id.
        limits: From where on something is large.
    """

    regions: frozenset[tuple[str, str]] = frozenset()
    types: frozenset[tuple[str, str]] = frozenset()
    settled: frozenset[str] = frozenset()
    path: frozenset[str] = frozenset()
    names: Names = field(default_factory=dict[tuple[str, str], str])
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Context:
    """What a condition may look at beside the fact.

    Attributes:
        received: When the message reached us, aware.
        known: What is known from before.
    """

    received: datetime
    known: Known


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that a fact is about; a call may be about several.

    Attributes:
        subject: The thing.
        body: What the fact says of it: its configuration, or its part of the answer.
        tags: Its tags.
        related: Other things it hangs together with, each as type and id or name.
    """

    subject: Subject
    body: Json = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    related: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A condition holds, and this is what it adds to the finding.

    Attributes:
        details: What the sentence needs.
        severity: How heavy it makes the finding; ``None`` leaves it to the row. Of several the heaviest counts.
        certainty: How sure; ``None`` leaves it to the fact.
        key: What belongs to the fingerprint beside the thing.
        links: Other links.
    """

    details: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None
    certainty: Certainty | None = None
    key: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


HOLDS = Evidence()
"""A condition holds, and adds nothing."""

F = TypeVar("F", ResourceChange, ApiCall, Verdict)


@dataclass(frozen=True, slots=True)
class Condition(Generic[F]):
    """One thing that must be true.

    Attributes:
        says: What must be true, in words.
        check: Gives the evidence, or the reason why it is not true.
    """

    says: str
    check: Callable[[F, Thing, Context], Evidence | str]


def of_fact(says: str, check: Callable[[F], Evidence | str]) -> Condition[F]:
    """Give a condition that looks at the fact alone."""
    return Condition(says, lambda fact, _thing, _context: check(fact))


def of_thing(says: str, check: Callable[[F, Thing], Evidence | str]) -> Condition[F]:
    """Give a condition that looks at the fact and at one thing in it."""
    return Condition(says, lambda fact, thing, _context: check(fact, thing))


@dataclass(frozen=True, slots=True)
class Look(Generic[F]):
    """How one signal looks at one kind of fact.

    Attributes:
        keys: Which facts it looks at: resource types; ``service:Action`` of calls, or ``*`` for all; judges' names.
        things: Finds what the fact is about.
        conditions: What must be true, in order.
        birth: It looks for things that come to be: those that were there before are counted, not told.
    """

    keys: tuple[str, ...]
    things: Callable[[F], tuple[Thing, ...]]
    conditions: tuple[Condition[F], ...] = ()
    birth: bool = False

    @property
    def says(self) -> str:
        """What it looks for, in words."""
        return "; ".join((", ".join(self.keys), *(condition.says for condition in self.conditions)))


class SameBy(Enum):
    """What makes two findings of one signal the same happening, beside the account and the evidence's own key."""

    ID = "id"
    """The thing's id, never given twice."""
    NAME = "name"
    """The thing's name, with the Region unless it is IAM's."""
    ARN = "arn"
    """The end of the thing's ARN, with the Region unless it is IAM's."""
    EVENT = "event"
    """CloudTrail's id of the event: nothing but CloudTrail tells of it."""
    CALLER = "caller"
    """Who called, and what."""
    REGION = "region"
    """The Region alone."""
    VERDICT = "verdict"
    """AWS's own id of its verdict."""


class RaisedBy(Enum):
    """Who raises a signal."""

    FACTS = "facts"
    CLIENT = "client"
    """The client itself, of its own calls; no fact shows it."""


@dataclass(frozen=True, slots=True)
class Says:
    """The sentences of a row. Names in braces stand for the finding's own, made harmless.

    Attributes:
        done: By case (an action, a change, or what the evidence calls ``case``); the case ``""`` is for all others.
        first_seen: When it may have been there before; empty where this cannot be.
        refused: By case, when AWS refused it; empty for signals that tell no refusals.
    """

    done: Mapping[str, str]
    first_seen: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


def says(done: str | Mapping[str, str], *, first_seen: str = "", refused: str | Mapping[str, str] = "") -> Says:
    """Give the sentences of a row, where one text stands for all cases."""
    return Says(
        {"": done} if isinstance(done, str) else done,
        first_seen,
        ({"": refused} if refused else {}) if isinstance(refused, str) else refused,
    )


@dataclass(frozen=True, slots=True)
class Signal:
    """A row of the catalogue.

    Attributes:
        id: Its stable name.
        theme: What it is about.
        severity: How heavy, unless the evidence says otherwise.
        says: Its sentences.
        source: Who recommends it, or where its facts stand.
        config: How it looks at what AWS Config saw.
        calls: How it looks at calls.
        verdicts: How it looks at what AWS says.
        same_by: What makes two findings the same happening.
        again: It can happen again to the same thing; the day tells the times apart. Around midnight (UTC) the two
            lanes may therefore tell it twice, which the links join; without the day a second time would never be told.
        instead_of: Signals that it says already, and more: of the same thing in the same fact they are not told.
        raised_by: Who raises it.
    """

    id: str
    theme: Theme
    severity: Severity
    says: Says
    source: str
    config: tuple[Look[ResourceChange], ...] = ()
    calls: tuple[Look[ApiCall], ...] = ()
    verdicts: tuple[Look[Verdict], ...] = ()
    same_by: SameBy = SameBy.ID
    again: bool = False
    instead_of: frozenset[str] = frozenset()
    raised_by: RaisedBy = RaisedBy.FACTS


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a fact amounts to.

    Attributes:
        findings: What its owner must hear of, at most one per signal and thing.
        existing: Fingerprints of what was there before we watched: counted, not told.
    """

    findings: tuple[Finding, ...] = ()
    existing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Considered:
    """How one signal took a fact.

    Attributes:
        signal: Its id.
        severity: How heavy it is here; of one that did not match, how heavy it is otherwise.
        looks_for: What it looks for in such a fact, in words.
        matched: Whether it became a finding.
        reason: Why it did not; for a match, what came of it.
    """

    signal: str
    severity: Severity
    looks_for: str
    matched: bool
    reason: str
