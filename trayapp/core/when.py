"""Times as a person writes them: ``2026-11-23``, ``18:00``, ``2026-11-23 18:00``, ``monday``, ``2d``.

A time without a zone is the reader's. A day stands for all of it: ``since`` gives where it begins, ``until`` where it
ends.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from trayapp.core.clock import Clock
from trayapp.core.text import quoted

_PAST = "Write 2026-11-23, 2026-11-23 18:00, 18:00, monday, yesterday 9:00, or how long ago: 2d, 12h, 30m."
_COMING = "Write 18:00, tomorrow, monday 9:00, 2026-11-23 or 2026-11-23 18:00."
_LENGTHS = "Write 30m, 1h, 1h30m, 2d or 1w."

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_LENGTH = re.compile(r"([0-9]{1,6}[wdhms])+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([0-9]|[01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?")
_WITH_ZONE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9:.]+) ?(Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)


class NotATimeError(ValueError):
    """A text that is no time; the message says what may be written."""


def since(text: str, clock: Clock) -> datetime:
    """Read from when on somebody wants to look back.

    Args:
        text: What he has written; a time of day or a day of the week is the last one there was.
        clock: The moment and the reader's zone.

    Returns:
        The moment, aware: of a day, its beginning.

    Raises:
        NotATimeError: It is no time.
    """
    return _past(text, clock)[0]


def until(text: str, clock: Clock) -> datetime:
    """Read until when somebody wants to look back; as ``since``, but of a day its end.

    Raises:
        NotATimeError: It is no time.
    """
    return _past(text, clock)[1]


def coming(text: str, clock: Clock) -> datetime:
    """Read a moment to come; a time of day or a day of the week is the next one, and a day its beginning.

    Returns:
        The moment, aware and later than now.

    Raises:
        NotATimeError: It is no time, or past.
    """
    try:
        found = _zoned(text) or _named(text, clock, step=1)
    except (OverflowError, ValueError):
        found = None
    if found is None:
        raise NotATimeError(f"{quoted(text)} is no time to come. {_COMING}")
    if found <= clock.now:
        raise NotATimeError(f"{quoted(text)} is past. {_COMING}")
    return found


def length(text: str) -> timedelta:
    """Read how long something is to last: ``1h``, ``1h30m``, ``2d``, ``1w``.

    Raises:
        NotATimeError: It is no length of time, or none at all.
    """
    found = _length(text)
    if not found:
        raise NotATimeError(f"{quoted(text)} is no length of time. {_LENGTHS}")
    return found


def start_of_day(day: date, clock: Clock) -> datetime:
    """Give the moment at which a day of the reader's begins, aware."""
    return _instant(datetime.combine(day, time()), clock)


def _past(text: str, clock: Clock) -> tuple[datetime, datetime]:
    """Give the first and the last moment of what was written."""
    try:
        if zoned := _zoned(text):
            return zoned, zoned
        if text.strip().casefold() == "now":
            return clock.now, clock.now
        if ago := _length(text):
            return clock.now - ago, clock.now - ago
        if found := _named(text, clock, step=-1):
            whole_day = ":" not in text
            return found, _next_day(found, clock) if whole_day else found
    except (OverflowError, ValueError):
        pass
    raise NotATimeError(f"{quoted(text)} is no time. {_PAST}")


def _length(text: str) -> timedelta:
    written = text.strip().casefold()
    if not _LENGTH.fullmatch(written):
        return timedelta()
    try:
        parts = [int(number) * _UNITS[unit] for number, unit in re.findall(r"([0-9]+)([a-z])", written)]
        return sum(parts, timedelta())
    except OverflowError:
        raise NotATimeError(f"{quoted(text)} is too long. {_LENGTHS}") from None


def _zoned(text: str) -> datetime | None:
    found = _WITH_ZONE.fullmatch(text.strip())
    return datetime.fromisoformat("{}T{}{}".format(*found.groups()).upper()).astimezone(UTC) if found else None


def _named(text: str, clock: Clock, *, step: int) -> datetime | None:
    """Give the moment that a day, a time of day or both stand for, ``None`` if it is none of these.

    Args:
        text: What was written.
        clock: The moment and the reader's zone.
        step: 1 for a moment to come, -1 for one that was, where the words leave that open.
    """
    words = re.sub(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})t", r"\1 ", text.strip().casefold()).split()
    at = _time(words.pop()) if words and ":" in words[-1] else None
    today = clock.localise(clock.now).date()
    match words:
        case []:
            again, day = 1, today if at else None
        case [word]:
            again, day = _day(word, today)
        case _:
            return None
    if day is None:
        return None
    moment = datetime.combine(day, at or time())
    found = _instant(moment, clock)
    if again and (found > clock.now if step < 0 else found <= clock.now):
        return _instant(moment + timedelta(days=step * again), clock)
    return found


def _day(word: str, today: date) -> tuple[int, date | None]:
    """Give the day that a word stands for, and after how many days it is said again; 0 for never."""
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if word in near:
        return 0, today + timedelta(days=near[word])
    if _DATE.fullmatch(word):
        return 0, date.fromisoformat(word)
    found = [number for number, day in enumerate(_DAYS) if word in (day, day[:3])]
    return (7, today + timedelta(days=found[0] - today.weekday())) if found else (0, None)


def _time(word: str) -> time:
    if not _TIME.fullmatch(word):
        raise ValueError(word)
    return time.fromisoformat(word if word[1] != ":" else f"0{word}")


def _next_day(when: datetime, clock: Clock) -> datetime:
    return start_of_day(clock.localise(when).date() + timedelta(days=1), clock)


def _instant(local: datetime, clock: Clock) -> datetime:
    """Give the instant at which the reader's clock shows ``local``.

    Where it shows that twice, one of the two; where it skips that, what it shows instead.
    """
    guesses = [local.replace(tzinfo=UTC)]
    for _ in range(2):
        offset = clock.localise(guesses[-1]).utcoffset() or timedelta()
        guesses.append(local.replace(tzinfo=UTC) - offset)
    _, one, other = guesses
    return other if clock.localise(other).replace(tzinfo=None) == local else max(one, other)
