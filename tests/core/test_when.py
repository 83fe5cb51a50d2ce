"""Times as a person writes them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, QUICK, TOKYO_TIME, clock
from trayapp.core import when
from trayapp.core.clock import Clock
from trayapp.core.text import clean


def tokyo(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=TOKYO_TIME)


def at(now: datetime, zone: str) -> Clock:
    return Clock(now, lambda then: then.astimezone(ZoneInfo(zone)))


# It is Monday, 2026-11-23, 20:14:40 in Tokyo.
@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-11-20", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("2026-11-20 18:30", "2026-11-20 18:30", "2026-11-20 18:30"),
        ("2026-11-20T18:30:15", "2026-11-20 18:30:15", "2026-11-20 18:30:15"),
        ("2026-11-20T09:30Z", "2026-11-20 18:30", "2026-11-20 18:30"),
        ("2026-11-20 10:30+01:00", "2026-11-20 18:30", "2026-11-20 18:30"),
        ("today", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("Yesterday", "2026-11-22 00:00", "2026-11-23 00:00"),
        ("yesterday 9:00", "2026-11-22 09:00", "2026-11-22 09:00"),
        ("monday", "2026-11-23 00:00", "2026-11-24 00:00"),
        ("TUE", "2026-11-17 00:00", "2026-11-18 00:00"),
        ("sunday 22:00", "2026-11-22 22:00", "2026-11-22 22:00"),
        ("monday 22:00", "2026-11-16 22:00", "2026-11-16 22:00"),
        ("20:00", "2026-11-23 20:00", "2026-11-23 20:00"),
        ("22:00", "2026-11-22 22:00", "2026-11-22 22:00"),
        ("now", "2026-11-23 20:14:40", "2026-11-23 20:14:40"),
        (" 2d ", "2026-11-21 20:14:40", "2026-11-21 20:14:40"),
        ("1h30m", "2026-11-23 18:44:40", "2026-11-23 18:44:40"),
        ("1w", "2026-11-16 20:14:40", "2026-11-16 20:14:40"),
    ],
)
def test_looking_back_a_day_is_meant_whole_and_a_time_is_the_last_there_was(text: str, since: str, until: str) -> None:
    assert (when.since(text, clock()), when.until(text, clock())) == (tokyo(since), tokyo(until))


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("22:00", "2026-11-23 22:00"),
        ("20:14", "2026-11-24 20:14"),
        ("9:00", "2026-11-24 09:00"),
        ("tomorrow", "2026-11-24 00:00"),
        ("tomorrow 9:00", "2026-11-24 09:00"),
        ("monday", "2026-11-30 00:00"),
        ("monday 22:00", "2026-11-23 22:00"),
        ("monday 9:00", "2026-11-30 09:00"),
        ("fri", "2026-11-27 00:00"),
        ("2026-12-24", "2026-12-24 00:00"),
        ("2026-12-24T18:00Z", "2026-12-25 03:00"),
    ],
)
def test_looking_forward_a_time_is_the_next_there_is(text: str, then: str) -> None:
    assert when.coming(text, clock()) == tokyo(then)


@pytest.mark.parametrize("text", ["2026-11-22", "yesterday", "today 9:00", "2026-11-23T11:14:40Z", "now", "2d", "soon"])
def test_what_is_not_to_come_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(when.NotATimeError, match="Write 18:00, tomorrow"):
        when.coming(text, clock())


@pytest.mark.parametrize(
    "text",
    ["", " ", ":", "25:00", "9:0", "12:60", "2026-02-30", "2026-11-23 14", "2026-11-23 9:00 9:00", "mo", "0d", "2",
     "2026-11-23T25:00Z", "0001-01-01", "9999-12-31", "999999w", "-2d", "2\N{FULLWIDTH LATIN SMALL LETTER D}"],
)  # fmt: skip
@pytest.mark.parametrize("read", [when.since, when.until])
def test_what_is_no_time_is_refused_with_what_may_be_written(text: str, read: Callable[[str, Clock], datetime]) -> None:
    with pytest.raises(when.NotATimeError, match="Write 2026-11-23, "):
        read(text, clock())


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30m", timedelta(minutes=30)),
        ("1H", timedelta(hours=1)),
        ("1d12h", timedelta(days=1.5)),
        ("45s", timedelta(seconds=45)),
    ],
)
def test_lengths_are_read(text: str, length: timedelta) -> None:
    assert when.length(text) == length


@pytest.mark.parametrize("text", ["", "1", "h", "0h", "1 h", "1y", "-1h", "999999w" * 200, "18:00"])
def test_what_is_no_length_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(when.NotATimeError, match="Write 30m, 1h"):
        when.length(text)


@QUICK
@given(st.text(max_size=30))
def test_nothing_that_is_written_brings_it_down(text: str) -> None:
    refusals = []
    for read in (when.since, when.until, when.coming, lambda written, _: when.length(written)):
        try:
            read(text, clock())
        except when.NotATimeError as refused:
            refusals.append(str(refused))
    assert list(map(clean, refusals)) == refusals


@QUICK
@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(["America/Santiago", "Africa/Cairo", "Asia/Tokyo"])
)
def test_a_day_begins_on_that_day_and_not_a_moment_earlier(day: date, zone: str) -> None:
    there = at(NOW, zone)
    start = when.start_of_day(day, there)
    assert there.localise(start).date() == day
    assert there.localise(start - timedelta(microseconds=1)).date() < day


@pytest.mark.parametrize("now", [datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)])
def test_days_of_23_and_25_hours_are_whole_days(now: datetime) -> None:
    berlin = at(now, "Europe/Berlin")
    hours = (when.until("today", berlin) - when.since("today", berlin)) / timedelta(hours=1)
    assert hours == (25 if now.month == 10 else 23)


def test_a_time_that_the_clock_skips_is_what_it_shows_instead() -> None:
    berlin = at(datetime(2026, 3, 29, 12, tzinfo=UTC), "Europe/Berlin")
    assert when.since("2026-03-29 02:30", berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
