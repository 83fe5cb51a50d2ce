"""What a fault is: how it is made for real, how it ends, and what has to be shown of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from proof.subject import Route, Subject
from trayapp.core.causes import Cause

Act = Callable[[Subject], object]

SOON = 3.0
"""Seconds in which what is plain has to be shown: two attempts, the pause between them, and a busy machine."""


class Reach(Enum):
    """How a message reaches the queue during a fault."""

    TOPIC = "topic"
    """By way of the topic, as ever."""
    QUEUE = "queue"
    """Straight into the queue alone."""
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault.

    Attributes:
        name: Its name.
        what: What is made to happen, for the table.
        causes: Any of these may be shown: what looks the same from here needs no telling apart.
        begin: Makes it happen.
        end: Ends it.
        shown_within: Seconds until it has to be shown at the latest.
        healed_within: Seconds from its end until it has to be gone by itself; ``None`` for what stays said for long.
        after: Seconds that the program has to have been running.
        settings: Further settings of the subject's account.
        route: How the subject reaches AWS.
        small_disk: Whether its store is on a disk that can be filled.
        reachable: How a message reaches the queue during the fault.
        tells: Whether alerts have to be told while it lasts.
        aloud: How many notifications it may be worth at the most.
        keeps: Whether what was there before is still in the store afterwards.
    """

    name: str
    what: str
    causes: frozenset[Cause]
    begin: Act = field(repr=False)
    end: Act = field(repr=False)
    shown_within: float = SOON
    healed_within: float | None = 15.0
    after: float = 0.0
    settings: Mapping[str, str] = field(default_factory=dict)
    route: Route = Route.PLAIN
    small_disk: bool = False
    reachable: Reach = Reach.TOPIC
    tells: bool = False
    keeps: bool = True
    aloud: int = 1
