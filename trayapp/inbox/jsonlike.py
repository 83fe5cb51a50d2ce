"""Reading values out of JSON that somebody else wrote: whatever is not of the expected type is as good as absent."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

JsonObject = dict[str, Any]

# What lies outside is no time of AWS's; the ends of the calendar cannot even be told in every time zone.
_PLAUSIBLE_YEARS = range(2000, 9999)


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
    # JSON may spell half a surrogate pair (\\ud800), which no encoder and no database takes.
    return str(value).encode("utf-8", "replace").decode("utf-8")


def instant(parent: JsonObject, key: str) -> datetime | None:
    """Give the time under ``key``, aware; ``None`` if there is none, or none that can be.

    AWS writes ISO 8601 with ``Z``; some tools on the way write ``UTC`` after it, or an epoch in seconds.
    """
    value = parent.get(key)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            read = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            read = datetime.fromisoformat(value.strip().removesuffix("UTC").strip())
            read = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.year in _PLAUSIBLE_YEARS else None
