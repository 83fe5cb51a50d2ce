"""The days of a span of time in the reader's zone: where each begins and ends, found in a few looks."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

_QUARTER = timedelta(minutes=15)
"""Every zone in use is off UTC by a multiple of this, and changes at one: https://data.iana.org/time-zones/tz-link.html"""

_LONGEST = 28 * 4
"""Quarters. No day is as long, whatever the clocks do."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def days(
    since: datetime, until: datetime, localise: Callable[[datetime], datetime]
) -> Iterator[tuple[date, datetime, datetime]]:
    """Give the days of a span in order, each with its beginning and its end within the span.

    Args:
        since: The beginning of the span, aware.
        until: The end of the span, aware; itself no longer part of it.
        localise: Turns an aware instant into the reader's local time.
    """

    def day_of(quarter: int) -> date:
        return localise(_BEGINNING + quarter * _QUARTER).date()

    while since < until:
        day, first = localise(since).date(), (since - _BEGINNING) // _QUARTER + 1
        quarters = range(first, first + _LONGEST)
        end = _BEGINNING + quarters[bisect_right(quarters, day, key=day_of)] * _QUARTER
        yield day, since, min(end, until)
        since = end
