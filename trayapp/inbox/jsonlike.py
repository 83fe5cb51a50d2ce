"""Reading values out of JSON that somebody else wrote: whatever is not of the expected type is as good as absent."""

import json
import math
from collections.abc import Iterator
from typing import Any

JsonObject = dict[str, Any]

_DEEPEST = 64
"""What AWS writes is nested some ten levels deep; below this nothing is kept."""

_NUMBERS = range(2**63)
"""What a database can hold."""


def mapping(parent: JsonObject, key: str) -> JsonObject:
    """Give the object under ``key``; an empty one if there is none."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def objects(parent: JsonObject, key: str) -> Iterator[JsonObject]:
    """Give the objects in the list under ``key``."""
    value = parent.get(key)
    yield from (item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def string(parent: JsonObject, key: str) -> str:
    """Give the text under ``key``; an empty one if there is none. Numbers (ids, accounts) become text."""
    value = parent.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return encodable(str(value))


def strings(parent: JsonObject, key: str) -> tuple[str, ...]:
    """Give the texts in the list under ``key``."""
    value = parent.get(key)
    return tuple(encodable(item) for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def first_string(*found: str) -> str:
    """Give the first that is not empty."""
    return next((text for text in found if text), "")


def account(parent: JsonObject, key: str) -> str:
    """Give the account's number under ``key``; one written as a number gets its leading zeros back."""
    value = parent.get(key)
    text = string(parent, key)
    return text.zfill(12) if isinstance(value, int) else text


def whole_number(parent: JsonObject, key: str) -> int:
    """Give the number under ``key``, also if it is written as text; 0 if there is none, or none of 63 bits."""
    text = string(parent, key)
    if len(text) > len(str(_NUMBERS[-1])) or not (text.isascii() and text.isdigit()):
        return 0
    return int(text) if int(text) in _NUMBERS else 0


def number(parent: JsonObject, key: str) -> float:
    """Give the number under ``key``; 0 if there is none, or none that is finite."""
    value = parent.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    try:
        return float(value) if math.isfinite(value) else 0.0
    except OverflowError:
        return 0.0


def truth(parent: JsonObject, key: str) -> bool | None:
    """Give what ``key`` says, as ``true`` or as text (``"true"``, ``"Yes"``); ``None`` if it says neither."""
    value = parent.get(key)
    if isinstance(value, str):
        return {"true": True, "yes": True, "false": False, "no": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def embedded(parent: JsonObject, key: str) -> JsonObject:
    """Give the object under ``key``, also if it is written as a text of JSON; an empty one if there is none."""
    value = parent.get(key)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def respelt(parent: JsonObject, *keys: str) -> JsonObject:
    """Give the object with those of ``keys`` that it spells in other capitals spelt as they are here.

    Programs through which messages pass are known to spell keys their own way (``Configurationitemdiff``), since they
    read them in any.
    """
    by_folded = {key.casefold(): key for key in reversed(parent)}
    other = {key: by_folded[key.casefold()] for key in keys if key not in parent and key.casefold() in by_folded}
    return parent | {key: parent[found] for key, found in other.items()} if other else parent


def encodable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON can spell but no encoder and no database takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def pure(value: JsonObject) -> JsonObject:
    """Give the object so that it can be encoded, and written as JSON again, whatever it holds.

    Texts are made encodable, numbers that are none become ``None``, as does what is nested too deeply.
    """
    made = pure_value(value)
    return made if isinstance(made, dict) else {}


def pure_value(value: Any, levels: int = _DEEPEST) -> Any:  # noqa: ANN401 - it comes straight out of JSON
    """Give any value of JSON as ``pure`` gives objects."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict | list) and not levels:
        return None
    if isinstance(value, dict):
        return {encodable(key): pure_value(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [pure_value(item, levels - 1) for item in value]
    return value
