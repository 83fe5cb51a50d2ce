"""What the filters above the history ask for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from builders import NOW, clock
from trayapp.core.clock import Clock
from trayapp.core.history import Wanted
from trayapp.core.severity import Severity
from trayapp.review.filters import (
    PERIOD_CHOICES,
    SEVERITY_CHOICES,
    STATE_CHOICES,
    Filters,
    State,
    next_morning,
    start_of,
)
from trayapp.review.texts import Texts


def berlin(now: datetime) -> Clock:
    return Clock(now, lambda when: when.astimezone(ZoneInfo("Europe/Berlin")))


def test_untouched_filters_want_everything() -> None:
    assert Filters().wanted(clock()) == Wanted()
    assert Filters(text="  ").plain
    assert not Filters(state=1).plain


def test_a_severity_wants_what_is_heavier_too() -> None:
    choice = SEVERITY_CHOICES.index(Severity.HIGH)
    assert Filters(severity=choice).wanted(clock()).severities == {Severity.HIGH, Severity.CRITICAL}


def test_to_review_means_neither_reviewed_nor_muted_nor_light() -> None:
    choice = STATE_CHOICES.index(State.OPEN)
    wanted = Filters(state=choice).wanted(clock())
    assert (wanted.reviewed, wanted.muted) == (False, False)
    assert Severity.LOW not in wanted.severities
    assert Severity.MEDIUM in wanted.severities


def test_a_region_and_a_signal_are_wanted_by_their_names() -> None:
    wanted = Filters(region="global", signal="iam-user-new").wanted(clock())
    assert wanted == Wanted(regions=frozenset({"global"}), signals=frozenset({"iam-user-new"}))


def test_a_period_ends_now() -> None:
    choice = PERIOD_CHOICES.index(7)
    wanted = Filters(period=choice).wanted(clock())
    assert (wanted.since, wanted.until) == (NOW - timedelta(days=7), None)


def test_a_day_is_the_readers_and_outweighs_the_period() -> None:
    wanted = Filters(day=date(2026, 11, 23), period=1).wanted(clock())
    assert wanted.since == datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert wanted.until == datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_a_day_on_which_clocks_are_changed_begins_and_ends_at_midnight() -> None:
    moment = berlin(datetime(2026, 11, 1, tzinfo=UTC))
    changed = date(2026, 10, 25)
    assert start_of(changed, moment) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert start_of(changed + timedelta(days=1), moment) == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_tomorrow_begins_at_nine_in_the_readers_morning() -> None:
    assert next_morning(clock()) == datetime(2026, 11, 24, 0, tzinfo=UTC)


def test_every_choice_has_its_words() -> None:
    assert set(Texts.LEAST) == set(SEVERITY_CHOICES)
    assert set(Texts.STATES) == set(STATE_CHOICES)
    assert set(Texts.PERIODS) == set(PERIOD_CHOICES)
