"""Time as an argument: the core never asks what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

_JUST_NOW = 5
"""Seconds that nobody wants counted."""


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
            return f"{local:%a %H:%M}"
        return f"{local:%Y-%m-%d %H:%M}"

    def ago(self, then: datetime) -> str:
        """Say how long ago something was when that is under an hour, else an empty string."""
        seconds = int((self.now - then).total_seconds())
        if seconds < 0 or seconds >= 3600:  # noqa: PLR2004 - an hour in seconds
            return ""
        if seconds < _JUST_NOW:
            return "just now"
        return f"{seconds} s ago" if seconds < 60 else f"{seconds // 60} min ago"  # noqa: PLR2004 - a minute
