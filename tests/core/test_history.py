"""Which incidents a filter takes, and how many there were on each day."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT_ID, NOW, QUICK, TOKYO_TIME, actor, before, finding, incident, instance_finding
from trayapp.core.history import Day, Facets, Wanted, facets, folded, matches, per_day, searchable, searched_words
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity

MUTED = "muted by your rule: signal *, forever"
MADE = incident(
    1,
    finding(actor=actor(), address="198.51.100.7", agent="aws-cli/2.31", happened=before(hours=2)),
    instance_finding(happened=before(hours=1)),
    note="Asked Étienne",
)
REVIEWED = incident(2, reviewed=NOW)
QUIET = incident(3, finding(muted=MUTED))
UNDATED = incident(4, finding(happened=None), created=before(days=1))


def test_each_region_and_each_signal_counts_once_for_an_incident() -> None:
    assert facets([MADE, REVIEWED, QUIET]) == Facets(
        {"global": 3, "ap-northeast-1": 1}, {"iam-user-new": 3, "ec2-new": 1}
    )


def test_without_any_filter_everything_is_wanted() -> None:
    assert all(matches(Wanted(), each) for each in (MADE, REVIEWED, QUIET, UNDATED))


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Wanted(severities=frozenset({Severity.HIGH})), True),
        (Wanted(severities=frozenset({Severity.HIGH, Severity.LOW})), True),
        (Wanted(severities=frozenset({Severity.MEDIUM})), False),  # a part of it, but not how heavy it is
        (Wanted(accounts=frozenset({"work"})), True),
        (Wanted(accounts=frozenset({ACCOUNT_ID})), True),
        (Wanted(accounts=frozenset({"private"})), False),
        (Wanted(regions=frozenset({"ap-northeast-1"})), True),
        (Wanted(regions=frozenset({"global"})), True),
        (Wanted(regions=frozenset({"us-east-1"})), False),
        (Wanted(signals=frozenset({"ec2-new"})), True),
        (Wanted(signals=frozenset({"lb-new"})), False),
        (Wanted(reviewed=False), True),
        (Wanted(reviewed=True), False),
        (Wanted(muted=False), True),
        (Wanted(muted=True), False),
        (Wanted(since=before(hours=1)), True),
        (Wanted(since=before(minutes=59)), False),
        (Wanted(until=before(hours=2)), False),
        (Wanted(until=before(minutes=119)), True),
        (Wanted(since=before(minutes=90), until=before(minutes=80)), True),  # it went on all the while
        (Wanted(accounts=frozenset({"work"}), reviewed=True), False),
    ],
)
def test_a_filter_takes_what_fits_it(wanted: Wanted, fits: bool) -> None:  # noqa: FBT001 - parametrized
    assert matches(wanted, MADE) is fits


def test_what_is_reviewed_and_what_is_muted_can_be_asked_for() -> None:
    assert matches(Wanted(reviewed=True), REVIEWED)
    assert matches(Wanted(muted=True), QUIET)
    assert not matches(Wanted(muted=False), QUIET)


def test_what_aws_gives_no_time_of_counts_by_when_it_was_heard_of() -> None:
    assert matches(Wanted(since=before(days=1), until=before(hours=23)), UNDATED)
    assert not matches(Wanted(until=before(days=1)), UNDATED)


@pytest.mark.parametrize(
    "text",
    [
        *("helpdesk2", "HELPDESK", "aidaexample7user0001", "i-0abc1234def567890", "198.51.100.7", "deploy"),
        *("akiaexample7xyzabc", "aws-cli", "iam-user-new", "t3.micro", "", "asked étienne", "ÉTIENNE"),
        *("e\u0301tienne", "ｈｅｌｐｄｅｓｋ２", "deploy 198.51.100.7 i-0abc"),
    ],
)
def test_a_search_finds_names_ids_addresses_actors_and_notes_in_any_letter_case(text: str) -> None:
    assert matches(Wanted(text=text), MADE)


@pytest.mark.parametrize("text", ["nobody", "deploy nobody", "198.51.100.8", "%", "helpdesk_", "etienne"])
def test_a_search_takes_nothing_that_lacks_one_of_its_words(text: str) -> None:
    assert not matches(Wanted(text=text), MADE)


@QUICK
@given(st.text())
def test_every_word_of_a_finding_is_found_whatever_it_is_made_of(agent: str) -> None:
    found = searchable(finding(agent=agent))
    assert all(word in found for word in searched_words(agent))


@QUICK
@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_days_are_the_readers_and_none_is_left_out() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=TOKYO_TIME)
    told = [
        (midnight - timedelta(seconds=1), Severity.LOW),
        (midnight, Severity.HIGH),
        (midnight + timedelta(hours=23), Severity.HIGH),
        (midnight + timedelta(hours=1), Severity.CRITICAL),
        (midnight + timedelta(days=2), Severity.LOW),  # after the end
        (midnight - timedelta(days=3), Severity.LOW),  # before the beginning
    ]
    days = per_day(
        told, midnight - timedelta(days=2), midnight + timedelta(days=2), lambda at: at.astimezone(TOKYO_TIME)
    )
    assert days == (
        Day(date(2026, 11, 21)),
        Day(date(2026, 11, 22), {Severity.LOW: 1}),
        Day(date(2026, 11, 23), {Severity.HIGH: 2, Severity.CRITICAL: 1}),
        Day(date(2026, 11, 24)),
    )
    assert [day.total for day in days] == [0, 1, 3, 0]


def test_a_span_that_is_none_has_no_days() -> None:
    assert per_day([(NOW, Severity.LOW)], NOW, NOW, lambda at: at) == ()


def test_a_day_of_25_hours_is_one_day() -> None:
    def berlin(at: datetime) -> datetime:
        return at.astimezone(ZoneInfo("Europe/Berlin"))

    since, until = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert per_day([(since, Severity.LOW), (until - timedelta(seconds=1), Severity.LOW)], since, until, berlin) == (
        Day(date(2026, 10, 25), {Severity.LOW: 2}),
    )


@QUICK
@given(st.lists(st.tuples(st.datetimes(timezones=st.just(UTC)), st.sampled_from(Severity))), st.integers(-12, 14))
def test_every_incident_of_the_span_is_counted_once(told: list[tuple[datetime, Severity]], hours: int) -> None:
    since, until = datetime(2000, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)
    days = per_day(told, since, until, lambda at: at.astimezone(timezone(timedelta(hours=hours))))
    assert sum(day.total for day in days) == sum(since <= at < until for at, _ in told)
    assert [day.date for day in days] == sorted({day.date for day in days})


def test_the_findings_of_one_incident_need_not_have_all_words_each() -> None:
    both: Incident = incident(5, finding(agent="one"), instance_finding(agent="two"))
    assert matches(Wanted(text="one two"), both)
