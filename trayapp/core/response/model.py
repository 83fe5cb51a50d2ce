"""What the answer to "that was not me" is made of: a table of rows, and the steps that come of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from trayapp.core.regions import GLOBAL
from trayapp.core.response.scene import Scene


class Stage(Enum):
    """How far the answer has come: what each step is for, in the order in which they follow. Stable names."""

    STOP = "stop"
    """Get in, and stop it."""
    SECURE = "secure"
    """Keep the account, and have it watched."""
    LOOK = "look"
    """Look what else there is, and have help."""
    AFTERWARDS = "afterwards"
    """Put right what was broken, and find out how it began."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing for its owner to do. trayapp itself never changes anything in the account.

    Attributes:
        id: A stable text, by which it is kept as done: the row's id and what tells this one from the row's others.
            Where a step is about several machines, their number is part of it, so that one more is not taken for done.
        title: What to do, in a few words.
        why: Why, and how.
        done_when: How to see that it is done.
        url: The page to do it on; ``None`` where there is none, or none that is known.
        region: The Region's code, or ``global``.
        source: The page that recommends it, for whoever wants to read on; may be empty.
        stage: What it is for.
    """

    id: str
    title: str
    why: str
    done_when: str
    url: str | None
    region: str
    source: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Target:
    """What a row's step is about; the row gives a step for each.

    Attributes:
        key: What tells it from the row's other targets.
        words: What stands in the braces of the row's sentences, made harmless already.
        parts: What stands in the braces of the row's page, as it came.
        region: Where.
        url: The page, where it is not the row's.
    """

    key: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    region: str = GLOBAL
    url: str | None = None


ONCE = (Target(),)
"""The targets of a row that is one step."""


def once(*, when: bool) -> tuple[Target, ...]:
    """Give the targets of a row that is one step, or none."""
    return ONCE if when else ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        id: Its stable name, in small letters.
        targets: Finds what it is about in what happened; nothing where it does not fit.
        title: As in ``Step``, with the targets' words in braces. A person's name stands in it already quoted.
        why: Likewise.
        done_when: Likewise.
        page: The console's page, as ``console.page_link`` takes it; empty where there is none.
        outside: By partition, a page that is not the console's.
        rest: The page for all that are too many to have a step each.
        source: Who recommends it, or where its facts stand.
    """

    id: str
    targets: Callable[[Scene], Iterable[Target]]
    title: str
    why: str
    done_when: str
    page: str = ""
    outside: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    source: str = ""
