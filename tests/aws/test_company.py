"""Others who take messages out of the same queue are noticed, and our own accidents are not taken for them."""

from collections.abc import Callable

import pytest

from trayapp.aws.company import WHILE, Company
from trayapp.aws.queue import Message


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def company(clock: Clock) -> Company:
    """Give one that has been looking for long enough."""
    company = Company(clock)
    clock.now += 600
    return company


def message(number: int, *, receives: int = 2, age: float | None = 60.0) -> Message:
    return Message(f"id-{number}", "receipt", "body", receives, age)


def test_two_messages_that_others_had_before_tell_of_them(company: Company) -> None:
    assert not company.shows([message(1)])
    assert company.shows([message(2)])


def test_two_in_one_batch_are_enough(company: Company) -> None:
    assert company.shows([message(1), message(2)])


def test_it_is_told_again_while_it_goes_on(company: Company) -> None:
    company.shows([message(1), message(2)])
    assert company.shows([message(3)])
    assert not company.shows([])


def test_two_that_are_far_apart_may_be_accidents(company: Company, clock: Clock) -> None:
    company.shows([message(1)])
    clock.now += WHILE + 1
    assert not company.shows([message(2)])
    assert company.shows([message(3)])


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param(lambda number: message(number, receives=1), id="received for the first time"),
        pytest.param(lambda number: message(number, age=None), id="of a server that does not count"),
        pytest.param(lambda number: message(number, age=3.0), id="received a moment ago"),
        pytest.param(
            lambda number: message(number, age=590.0), id="received while our predecessor may have been there"
        ),
        pytest.param(lambda number: message(number, age=86400.0), id="received before we were there"),
    ],
)
def test_what_may_be_our_own_doing_tells_of_nobody(harmless: Callable[[int], Message], company: Company) -> None:
    assert not company.shows([harmless(number) for number in range(10)])


def test_what_we_received_ourselves_tells_of_nobody(company: Company, clock: Clock) -> None:
    company.shows([message(number, receives=1, age=0.0) for number in range(10)])
    clock.now += 60
    assert not company.shows([message(number) for number in range(10)])


def test_what_was_received_around_a_request_that_was_lost_tells_of_nobody(company: Company, clock: Clock) -> None:
    begin = clock.now
    clock.now += 20
    company.lost(begin)
    clock.now += 100
    for age in (121.0, 110.0, 100.0, 75.0):
        assert not company.shows([message(1, age=age), message(2, age=age)]), age
    assert company.shows([message(3, age=50.0), message(4, age=50.0)])


def test_requests_lost_in_a_row_are_one_time_without_sight(company: Company, clock: Clock) -> None:
    begin = clock.now
    for _ in range(1000):
        company.lost(clock.now)
        clock.now += 30
    middle = (clock.now - begin) / 2
    assert not company.shows([message(1, age=middle), message(2, age=middle)])
    clock.now += 600
    assert company.shows([message(3), message(4)])


def test_more_losses_than_can_be_remembered_make_it_look_away_and_not_accuse(company: Company, clock: Clock) -> None:
    first = clock.now
    for _ in range(1000):
        company.lost(clock.now)
        clock.now += 100
    assert not company.shows([message(1, age=clock.now - first - 50), message(2, age=clock.now - first - 50)])
    assert company.shows([message(3, age=20.0), message(4, age=20.0)])


def test_more_messages_than_can_be_remembered_make_it_look_away_and_not_accuse(company: Company, clock: Clock) -> None:
    for number in range(10_000):
        company.shows([message(number, receives=1, age=0.0)])
        clock.now += 1
    assert not company.shows([message(number, age=clock.now - 1600.0 - number) for number in range(10)])


def test_it_tells_until_when_something_may_have_been_received_unknown_to_us(clock: Clock) -> None:
    company = Company(clock)
    assert company.unclear_until == 1030
    clock.now += 600
    company.lost(clock.now - 20)
    assert company.unclear_until == clock.now + 30
