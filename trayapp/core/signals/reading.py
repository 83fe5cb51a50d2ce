"""Reading the free-form objects inside facts, of which nothing is certain: neither spelling, nor shape, nor presence.

AWS Config writes a resource's properties with a small first letter for older types and with a capital one for newer;
CloudTrail writes EC2's lists as ``{"items": [...]}``, and some of its values as ``{"value": ...}``.
"""

import json
import math
from collections.abc import Mapping

from trayapp.core.facts import Json

EMPTY: Json = {}


def pick(value: object, path: str) -> object:
    """Give what stands at a dotted path, whatever the case of its keys; ``None`` where there is nothing."""
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        if step in value:
            value = value[step]
            continue
        wanted = step.casefold()
        value = next((item for key, item in value.items() if str(key).casefold() == wanted), None)
    return value


def text(value: object, path: str) -> str:
    """Give the text at a path, unwrapped from ``{"value": …}``; empty where there is none."""
    found = pick(value, path)
    if isinstance(found, Mapping):
        found = pick(found, "value")
    return found if isinstance(found, str) else ""


def number(value: object, path: str) -> float:
    """Give the number at a path, written as one or as text; 0 where there is none, or no finite one."""
    found = pick(value, path)
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return 0.0
    try:
        read = float(found)
    except (ValueError, OverflowError):
        return 0.0
    return read if math.isfinite(read) else 0.0


def says_no(value: object, path: str) -> bool:
    """Tell whether ``false`` stands at a path, as such or as text."""
    found = pick(value, path)
    return found is False or (isinstance(found, str) and found.casefold() == "false")


def says_yes(value: object, path: str) -> bool:
    """Tell whether ``true`` stands at a path, as such or as text."""
    found = pick(value, path)
    return found is True or (isinstance(found, str) and found.casefold() == "true")


def items(value: object) -> tuple[object, ...]:
    """Give the members of a list in any of its spellings; one object alone is a list of one."""
    if isinstance(value, Mapping):
        value = value.get("items", value.get("item", value))
    if isinstance(value, list | tuple):
        return tuple(value)
    return (value,) if isinstance(value, Mapping | str) and value else ()


def mapping(value: object) -> Json:
    """Give an object as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else EMPTY


def canonical(value: object) -> str:
    """Write a value so that equal ones are written equally; whatever is too deep to be AWS's counts as equal."""
    try:
        return json.dumps(value, sort_keys=True, default=str)
    except RecursionError:
        return ""


def tags(value: object) -> dict[str, str]:
    """Read a list of ``{key, value}``; what is not of this form is left out."""
    return {text(tag, "key"): text(tag, "value") for tag in items(value) if text(tag, "key")}


def last_part(arn: str) -> str:
    """Give the name at the end of an ARN: what follows its last slash, or else its last colon."""
    return arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]
