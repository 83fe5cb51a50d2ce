"""Making something else of what is valid: by its structure, so that it gets past the front door, or by its bytes.

Mutating bytes alone hardly ever gives JSON again, and so never gets behind the parser.
"""

import json
import math
from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 10**400, 0.5, -0.0, 1e308, math.inf, "", " ", "0", "true", "null"),
    *([], {}, [[]], [{}], {"": ""}, [None], "\ud800", "\u0000", "\u202e", "<b>", "é", "e\u0301", "../..", "x" * 5000),
    *("2026-02-30T25:61:61Z", "0000-00-00", "9999-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59-23:59"),
    *("arn:aws:iam::1:user/", "arn:", ":::::", "%2e%2e", "AWS::", "{", '{"a":', "[" * 2000),
)
_STEPS = 6
_CHANCE_OF_BYTES = 0.2


def mutated(data: bytes, seeds: Sequence[bytes], words: Sequence[bytes], random: Random) -> bytes:
    """Make something else of ``data``; the same for the same ``random``.

    Args:
        data: What to begin with.
        seeds: What parts may be borrowed from.
        words: What is good to know.
        random: Decides.
    """
    document = _parsed(data)
    if document is None or random.random() < _CHANCE_OF_BYTES:
        return _by_bytes(data, seeds, words, random)
    donor = _parsed(random.choice(seeds)) or {}
    for _ in range(random.randint(1, _STEPS)):
        document = _by_structure(document, donor, words, random)
    return json.dumps(document, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")


def _parsed(data: bytes) -> dict[str, Any] | list[Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) and value else None


def _by_structure(
    document: dict[str, Any] | list[Any],
    donor: Any,  # noqa: ANN401 - JSON
    words: Sequence[bytes],
    random: Random,
) -> dict[str, Any] | list[Any]:
    place, key = _somewhere(document, random)
    if place is None:
        return document
    match random.randrange(7):
        case 0:
            del place[key]
        case 1:
            place[key] = deepcopy(random.choice(_ODD))
        case 2:
            place[key] = random.choice(words).decode("utf-8", "replace")
        case 3:
            borrowed, at = _somewhere(donor, random)
            place[key] = None if borrowed is None else deepcopy(borrowed[at])
        case 4:
            # What SNS and others do to what they carry: JSON inside a text.
            place[key] = _inside_out(place[key])
        case 5 if isinstance(place, list):
            place.extend(deepcopy(place))
        case 5:
            place[random.choice(words).decode("utf-8", "replace")] = deepcopy(place[key])
        case _:
            place[key] = {random.choice(("Message", "detail", "Records", "Sns", "body")): place[key]}
    return document


def _inside_out(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return [value]
    return json.dumps(value)


def _somewhere(document: Any, random: Random) -> tuple[Any, Any]:  # noqa: ANN401 - JSON
    """Pick a place inside, at any depth: the container and the key; ``None`` twice where there is nothing inside."""
    place, key = None, None
    while isinstance(document, dict | list) and document:
        place = document
        key = random.choice(list(document)) if isinstance(document, dict) else random.randrange(len(document))
        document = document[key]
        if random.random() < 0.3:
            break
    return place, key


def _by_bytes(data: bytes, seeds: Sequence[bytes], words: Sequence[bytes], random: Random) -> bytes:
    made = bytearray(data or random.choice(seeds))
    for _ in range(random.randint(1, _STEPS)):
        at = random.randrange(len(made) + 1)
        upto = min(len(made), at + random.randint(0, 24))
        match random.randrange(6):
            case 0:
                del made[at:upto]
            case 1:
                made[at:at] = random.choice(words)
            case 2:
                made[at:upto] = random.randbytes(random.randint(0, 4))
            case 3:
                made[at:at] = made[at:upto] * random.randint(1, 4)
            case 4:
                lines = bytes(made).splitlines(keepends=True)
                random.shuffle(lines)
                made = bytearray(b"".join(lines))
            case _:
                other = random.choice(seeds)
                cut = random.randrange(len(other) + 1)
                made[at:upto] = other[cut : cut + random.randint(1, 80)]
    return bytes(made)
