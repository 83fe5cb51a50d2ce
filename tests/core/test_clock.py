"""How moments are told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, QUICK, before, clock
from trayapp.core.clock import Clock

SPRING_FORWARD = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def in_berlin(when: datetime) -> datetime:
    return when.astimezone(timezone(timedelta(hours=1 if when < SPRING_FORWARD else 2)))


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (before(minutes=4), "20:10"),
        (before(hours=20), "00:14"),
        (before(hours=21), "Sun 23:14"),
        (before(days=5), "Wed 20:14"),
        (before(days=6), "2026-11-17 20:14"),
        (before(days=400), "2025-10-19 20:14"),
        (NOW + timedelta(hours=3), "23:14"),
        (NOW + timedelta(hours=4), "Tue 00:14"),
        (NOW + timedelta(days=7), "2026-11-30 20:14"),
    ],
)
def test_a_moment_is_told_in_local_time_as_short_as_its_distance_allows(then: datetime, told: str) -> None:
    assert clock().moment(then) == told


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    there = before(minutes=4).astimezone(timezone(timedelta(hours=-8)))
    assert clock().moment(there) == "20:10"


def test_each_moment_has_the_offset_of_its_own_day() -> None:
    after = Clock(SPRING_FORWARD + timedelta(hours=9), in_berlin)
    assert after.moment(SPRING_FORWARD - timedelta(minutes=1)) == "01:59"
    assert after.moment(SPRING_FORWARD) == "03:00"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-1, ""),
        (0, "just now"),
        (4.9, "just now"),
        (5, "5 s ago"),
        (59.9, "59 s ago"),
        (60, "1 min ago"),
        (119, "1 min ago"),
        (3599, "59 min ago"),
        (3600, ""),
        (86400, ""),
    ],
)
def test_under_an_hour_it_is_told_how_long_ago(seconds: float, told: str) -> None:
    assert clock().ago(before(seconds=seconds)) == told


@given(st.datetimes(datetime(2000, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
@QUICK
def test_any_moment_that_a_message_can_tell_can_be_told(then: datetime) -> None:
    assert clock().moment(then)
    assert Clock(NOW, lambda when: when.astimezone(timezone(timedelta(hours=-12)))).moment(then)
    clock().ago(then)
