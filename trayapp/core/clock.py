"""Time as an argument: the core never asks what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from trayapp.core.language import mark, say

_JUST_NOW = 5
"""Seconds that nobody wants counted."""

_WEEKDAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


@dataclass(frozen=True, slots=True)
class Clock:
    """One instant and the reader's time zone.

    Attributes:
        now: The instant, aware.
        localise: Turns any aware instant into the reader's local time (a function and not an offset, because
            daylight saving may have changed in between).
    """

    now: datetime
    localise: Callable[[datetime], datetime]

    def moment(self, then: datetime) -> str:
        """Say when something happened, as short as the distance allows: ``20:14``, ``Mon 20:14``, a date."""
        local, today = self.localise(then), self.localise(self.now)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        if abs(today - local) < timedelta(days=6):
            return say("{weekday} {time}", weekday=weekday(local), time=f"{local:%H:%M}")
        return f"{local:%Y-%m-%d %H:%M}"

    def ago(self, then: datetime) -> str:
        """Say how long ago something was when that is under an hour, else an empty string."""
        seconds = int((self.now - then).total_seconds())
        if seconds < 0 or seconds >= 3600:  # noqa: PLR2004 - an hour in seconds
            return ""
        if seconds < _JUST_NOW:
            return say("just now")
        if seconds < 60:  # noqa: PLR2004 - a minute in seconds
            return say("{seconds} s ago", seconds=seconds)
        return say("{minutes} min ago", minutes=seconds // 60)


def weekday(day: date) -> str:
    """Name the day of the week, short; not as the process's locale has it, which may not be what we speak."""
    return say(_WEEKDAYS[day.weekday()])
