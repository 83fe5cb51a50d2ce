"""The many ways in which AWS writes a moment.

Read by hand where Python's own would read by the names of months in the desktop's language.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from trayapp.inbox.jsonlike import JsonObject

# What lies outside is no time of AWS's; the ends of the calendar cannot even be told in every time zone.
_PLAUSIBLE_YEARS = range(2000, 9999)

_MILLISECONDS_FROM = 10**11
"""Seconds reach this in the year 5138, milliseconds reached it in 1973."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_EPOCH_TEXT = re.compile(r"[0-9]{10,13}")
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_HEALTH = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]{2}) (?P<year>[0-9]{4}) "
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?: (?:GMT|UTC))?"
)
_CLOUDTRAIL = re.compile(
    r"(?P<month>[A-Z][a-z]{2}) (?P<day>[0-9]{1,2}), (?P<year>[0-9]{4}),? "
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})\s(?P<half>[AP]M)"
)


def instant(parent: JsonObject, key: str) -> datetime | None:
    """Give the time under ``key``, aware, in UTC; ``None`` if there is none, or none that can be.

    These ways are read: ISO 8601 with and without a zone; with ``UTC`` after it; seconds and milliseconds since 1970,
    as a number and as text; ``Aug 1, 2024 1:33:28 PM`` of CloudTrail's answers; ``Sat, 04 Jun 2016 05:01:10 GMT`` of
    AWS Health.
    """
    try:
        read = _read(parent.get(key))
    except (ValueError, OverflowError, OSError):
        return None
    return read if read is not None and read.year in _PLAUSIBLE_YEARS else None


def _read(value: Any) -> datetime | None:  # noqa: ANN401 - it comes straight out of JSON
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _since_1970(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _EPOCH_TEXT.fullmatch(text):
        return _since_1970(int(text))
    if match := _HEALTH.fullmatch(text) or _CLOUDTRAIL.fullmatch(text):
        return _from_words(match.groupdict())
    read = datetime.fromisoformat(text.removesuffix("UTC").strip())
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def _since_1970(count: float) -> datetime:
    in_milliseconds = abs(count) >= _MILLISECONDS_FROM
    return _EPOCH + (timedelta(milliseconds=count) if in_milliseconds else timedelta(seconds=count))


def _from_words(parts: dict[str, str]) -> datetime:
    hour = int(parts["hour"])
    if "half" in parts:
        hour = hour % 12 + (12 if parts["half"] == "PM" else 0)
    month = _MONTHS.get(parts["month"], 0)
    return datetime(
        int(parts["year"]), month, int(parts["day"]), hour, int(parts["minute"]), int(parts["second"]), tzinfo=UTC
    )
