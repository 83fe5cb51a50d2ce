"""What a message says has changed, as lines that a person can read. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from trayapp.core.facts import ApiCall, ResourceChange
from trayapp.core.text import clean, shorten
from trayapp.inbox.read import read

_LONGEST_VALUE = 400
"""Characters. What is longer is cut in its middle; the message itself has all of it."""
_DEEPEST = 12
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_UNTOLD = frozenset({"Configuration", "SupplementaryConfiguration", "Configurations"})
"""Where AWS Config keeps a thing's properties; says nothing to a reader."""


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed.

    Attributes:
        path: What it is, in words: the names of its places, from the outside in.
        before: What it was, or ``None`` if it was not there.
        after: What it is now, or ``None`` if it is there no longer.
    """

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a message tells beyond its findings.

    Attributes:
        changes: What changed, in the message's order.
        asked: What a call asked for, each as a path and a value.
    """

    changes: tuple[Change, ...]
    asked: tuple[tuple[str, str], ...]


def told(body: str) -> Told:
    """Read what a message body says has changed and was asked for; nothing of what cannot be read."""
    changes: list[Change] = []
    asked: list[tuple[str, str]] = []
    for fact in read(body).facts:
        if isinstance(fact, ResourceChange):
            for change in fact.properties:
                changes += differing(change.path, change.before, change.after)
        elif isinstance(fact, ApiCall):
            asked += [(_spoken(path), value) for path, value in _leaves(fact.request, ())]
    return Told(tuple(dict.fromkeys(changes)), tuple(dict.fromkeys(asked)))


def differing(path: str, before: Any, after: Any) -> list[Change]:  # noqa: ANN401 - a value out of JSON
    """Compare two values and give what differs, as deep inside as need be.

    Args:
        path: Where the values stand, as AWS Config writes it: ``Configuration.State.Name``.
        before: A value out of JSON; ``None`` where there was none.
        after: The same for now.
    """
    start = tuple(part for part in path.split(".") if part and not part.isdigit())
    old, new = dict(_leaves(before, start)), dict(_leaves(after, start))
    return [
        Change(_spoken(place), old.get(place), new.get(place))
        for place in dict.fromkeys([*old, *new])
        if old.get(place) != new.get(place)
    ]


def readable(body: str) -> str:
    """Write a message for reading: indented, and what travels as a text inside of it unfolded."""
    value = _unfolded(body, 0)
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return "\n".join(clean(line) for line in text.splitlines())


def _leaves(value: Any, path: tuple[str, ...], depth: int = 0) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401
    """Give every value that has no others inside, with its path; lists of plain values count as one."""
    value = _document(value)
    if value is None or value in ({}, []):
        return
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)), depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST and any(isinstance(each, dict | list) for each in value):
        for number, inner in enumerate(value, 1):
            place = path if len(value) == 1 else (*path, str(number))
            yield from _leaves(inner, place, depth + 1)
    else:
        yield path, _value(value)


def _document(value: Any) -> Any:  # noqa: ANN401 - a value out of JSON
    """Unfold a document that is written as a text, as policies are (percent-encoded by IAM)."""
    if isinstance(value, str) and value[:3].upper() in {"%7B", "%5B"}:
        value = unquote(value)
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _value(value: Any) -> str:  # noqa: ANN401 - a value out of JSON
    if isinstance(value, list):
        text = ", ".join(each if isinstance(each, str) else json.dumps(each) for each in value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return clean(shorten(text, _LONGEST_VALUE))


def _spoken(path: tuple[str, ...]) -> str:
    told_parts = [part for part in path if part not in _UNTOLD] or list(path)
    return clean(" › ".join(_WORDS.sub(" ", part[:1].upper() + part[1:]) for part in told_parts))


def _unfolded(value: Any, depth: int) -> Any:  # noqa: ANN401 - a value out of JSON
    if depth > _DEEPEST:
        return value
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return _unfolded(json.loads(value), depth + 1)
        except (ValueError, RecursionError):
            return value
    if isinstance(value, dict):
        return {key: _unfolded(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unfolded(inner, depth + 1) for inner in value]
    return value
