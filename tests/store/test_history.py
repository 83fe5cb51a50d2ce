"""Looking back: a search on disk answers as the plain words of ``core.history`` do, and what is old is forgotten."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    ACCOUNT_ID,
    NOW,
    QUICK,
    TOKYO_TIME,
    actor,
    before,
    finding,
    judged,
    machine,
    numbered,
    takeover_steps,
    user_subject,
)
from signing import CERTIFICATE_URL
from trayapp.core.finding import Finding, Trust
from trayapp.core.history import Day, Wanted, began, matches, per_day
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.store import Store
from trayapp.store.unverified import Unsettled, Unverified

LATER = NOW + timedelta(minutes=5)
EVERYTHING = Wanted()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def ids(store: Store, wanted: Wanted, limit: int = 100) -> list[int]:
    return [each.id for each in store.search(wanted, limit)]


def some(values: list[object]) -> st.SearchStrategy[frozenset[object]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


moments = st.sampled_from([None, *(before(hours=hours) for hours in (1, 2, 30, 31, 60))])

found = st.builds(
    numbered,
    st.integers(1, 12),
    links=st.frozensets(st.sampled_from(["event:1", "event:2", "event:3"]), max_size=2),
    severity=st.sampled_from([Severity.LOW, Severity.HIGH]),
    region=st.sampled_from(["eu-west-1", "sa-east-1"]),
    signal=st.sampled_from(["iam-user-new", "sg-open"]),
    account_id=st.sampled_from([ACCOUNT_ID, "210987654321"]),
    muted=st.sampled_from(["", "a rule"]),
    happened=moments,
    actor=st.sampled_from([None, actor(name="Åsa"), actor(name="STRASSE", session="50% off_")]),
    address=st.sampled_from(["", "198.51.100.7"]),
)

wishes = st.builds(
    Wanted,
    severities=some([*Severity]),
    accounts=some(["work", "home", ACCOUNT_ID, "210987654321"]),
    regions=some(["eu-west-1", "sa-east-1", "global"]),
    signals=some(["iam-user-new", "sg-open", "takeover"]),
    reviewed=st.sampled_from([None, True, False]),
    muted=st.sampled_from([None, True, False]),
    since=moments,
    until=moments,
    text=st.sampled_from(["", "user1", "ÅSA", "straße 198.51", "50% _", "%", "Ｕser1", "my note", "nowhere", "'\"\\"]),
)


@given(st.lists(found, min_size=1, max_size=12), st.lists(wishes, min_size=1, max_size=8), st.integers(1, 4))
@QUICK
def test_a_search_gives_what_the_plain_words_give_page_by_page(
    told: list[Finding], wanted: list[Wanted], limit: int
) -> None:
    with TemporaryDirectory() as folder, Store(Path(folder, "alerts.sqlite3")) as store:
        for number, one in enumerate(told):
            store.commit("work" if number % 3 else "home", [judged(one)], before(hours=number))
        every = store.incidents()
        store.decide([each.id for each in every if each.id % 2], Decision.MINE, NOW, "My  NOTE, Straße")
        every = store.incidents()
        for each in wanted:
            expected = [incident for incident in every if matches(each, incident)]
            assert store.search(each, 100) == expected
            assert store.count(each) == len(expected)
            pages = store.search(each, limit)
            while page := store.search(each, limit, after=pages[-1].id if pages else 0):
                pages += page
            assert pages == expected


def test_without_a_wish_it_is_everything_newest_first(store: Store) -> None:
    store.commit("work", [judged(*map(numbered, range(5)))], NOW)
    assert ids(store, EVERYTHING) == [5, 4, 3, 2, 1]
    assert ids(store, EVERYTHING, 2) == [5, 4]
    assert [each.id for each in store.search(EVERYTHING, 2, after=4)] == [3, 2]
    assert (store.count(EVERYTHING), store.count()) == (5, 5)
    assert store.search(EVERYTHING, 2, after=1) == store.search(EVERYTHING, 0) == []
    assert len(store.search(EVERYTHING, 9, after=10**30)) == 5


@pytest.mark.parametrize(
    "text", ["helpdesk2", "AIDAEXAMPLE7USER0001", "user/helpdesk2", "deploy", "akiaexample", "198.51.100.7", "aws-cli"]
)
def test_it_is_found_by_names_ids_addresses_and_actors(store: Store, text: str) -> None:
    by_whom = finding(actor=actor(), address="198.51.100.7", agent="aws-cli/2")
    store.commit("work", [judged(by_whom, numbered(1, subject=user_subject(id="other", name="x", arn="")))], NOW)
    assert ids(store, Wanted(text=text)) == [1]


def test_half_a_character_is_no_obstacle_wherever_it_stands(store: Store) -> None:
    half = "\ud83d"
    store.commit("work", [judged(finding(agent=half, region=half, details={"stack": half}), source=half)], NOW)
    store.decide([1], Decision.MINE, NOW, f"note {half}")
    store.tick(1, half, NOW, done=True)
    assert ids(store, Wanted(text="helpdesk2 note")) == [1]
    assert ids(store, Wanted(text=f"{half}nowhere")) == []
    assert len(store.ticked(1)) == 1


def test_words_may_lie_in_different_parts_of_an_incident_and_in_its_note(store: Store) -> None:
    store.commit("work", [judged(machine(1), machine(2, region="sa-east-1")), judged(numbered(3))], NOW)
    store.decide([1], Decision.MINE, NOW, "Nightly deploy")
    assert ids(store, Wanted(text="sa-east-1 i-00000000000000001 DEPLOY nightly")) == [1]


def test_what_has_grown_or_become_one_is_found_by_all_of_it(store: Store) -> None:
    store.commit("work", [judged(numbered(1), numbered(2))], NOW)
    store.commit("work", [judged(numbered(3, links=frozenset({"event:1", "event:2"})))], LATER)
    assert [ids(store, Wanted(text=f"user{number}")) for number in (1, 2, 3)] == [[1], [1], [1]]


def test_a_takeover_that_has_grown_is_found_by_its_last_step(store: Store) -> None:
    steps = takeover_steps()
    store.commit("work", [judged(*steps)], NOW)
    late = numbered(9, signal="mfa-off", severity=Severity.CRITICAL, happened=before(minutes=5))
    store.commit("work", [judged(late)], LATER)
    assert [each.main.signal for each in store.search(Wanted(text="new:9"), 9)] == ["takeover"]


def test_what_was_proved_is_found_by_its_own_words_and_not_by_a_forgers(path: Path, store: Store) -> None:
    def hold(body: str, **changes: object) -> Unverified:
        told = finding(trust=Trust.UNVERIFIED, **changes)
        store.commit("work", [judged(told, body=body, certificate=CERTIFICATE_URL)], NOW)
        return Unverified("work", CERTIFICATE_URL, body, NOW)

    hold("{1", subject=user_subject(name="eve"), region="sa-east-1", happened=before(days=9))
    genuine = hold("{2", region="eu-west-1")
    with Unsettled(path) as unsettled:
        unsettled.prove(genuine)
    assert (ids(store, Wanted(text="eve")), ids(store, Wanted(text="helpdesk2"))) == ([], [1])
    assert ids(store, Wanted(regions=frozenset({"eu-west-1"}), since=before(days=1), until=NOW)) == [1]
    assert store.per_day(before(days=1), NOW, UTC_TIME)[-1].total == 1


# Days


def UTC_TIME(when: datetime) -> datetime:  # noqa: N802 - named like the zones beside it
    return when.astimezone(UTC)


ZONES = ("UTC", "Asia/Tokyo", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo", "America/St_Johns")


@given(
    st.lists(st.integers(0, 24 * 370 * 12), max_size=12),
    st.sampled_from(ZONES),
    st.integers(0, 24 * 370 * 12),
    st.integers(-2, 24 * 370 * 12),
)
@QUICK
def test_days_are_counted_as_the_plain_words_count_them(minutes: list[int], zone: str, begin: int, length: int) -> None:
    beginning, local = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    since = beginning + timedelta(minutes=5 * begin)
    until = since + timedelta(minutes=5 * length, microseconds=1)
    told = [
        numbered(number, happened=beginning + timedelta(minutes=5 * each), severity=Severity(1 + number % 4))
        for number, each in enumerate(minutes)
    ]

    def localise(when: datetime) -> datetime:
        return when.astimezone(local)

    with TemporaryDirectory() as folder, Store(Path(folder, "alerts.sqlite3")) as store:
        store.commit("work", [judged(*told)], NOW)
        expected = per_day(((began(each), each.severity) for each in store.incidents()), since, until, localise)
        assert store.per_day(since, until, localise) == expected


def test_a_day_is_the_readers_own(store: Store) -> None:
    late = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    store.commit("work", [judged(numbered(1, happened=late), numbered(2, happened=late - timedelta(hours=2)))], NOW)
    counted = store.per_day(
        late - timedelta(hours=3), late + timedelta(hours=1), lambda when: when.astimezone(TOKYO_TIME)
    )
    assert counted == (Day(date(2026, 11, 23), {Severity.HIGH: 1}), Day(date(2026, 11, 24), {Severity.HIGH: 1}))


def test_an_empty_span_has_no_days(store: Store) -> None:
    assert store.per_day(NOW, NOW, UTC_TIME) == store.per_day(LATER, NOW, UTC_TIME) == ()


def test_a_day_that_the_clocks_of_a_place_leave_out_is_there_with_nothing_in_it(store: Store) -> None:
    behind, ahead = timezone(timedelta(hours=-11)), timezone(timedelta(hours=13))
    turn = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    counted = store.per_day(
        turn - timedelta(hours=2),
        turn + timedelta(hours=2),
        lambda when: when.astimezone(ahead if when >= turn else behind),
    )
    assert [each.date.day for each in counted] == [19, 20, 21]


# Forgetting


def aged(store: Store, *findings: Finding, days: int = 400) -> None:
    received = before(days=days)
    store.commit("work", [judged(each, source=f"{{{each.fingerprint}}}") for each in findings], received)


def old(number: int, **changes: object) -> Finding:
    return numbered(number, **{"happened": before(days=400), **changes})


def rows(store: Store) -> dict[str, int]:
    tables = ("incident", "finding", "tie", "facet", "journal", "tick", "body")
    return {table: store._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_what_is_old_and_done_with_is_forgotten_with_all_that_belongs_to_it(store: Store) -> None:
    aged(store, *(old(number) for number in range(3)))
    store.review([1, 2], before(days=399))
    store.tick(1, "root-password", before(days=399), done=True)
    store.commit("work", [judged(numbered(9))], NOW)
    assert store.prune(before(days=365)) == 2
    assert [each.id for each in store.incidents()] == [4, 3]
    assert ids(store, Wanted(text="user1")) == []
    assert rows(store) == {"incident": 2, "finding": 2, "tie": 4, "facet": 2, "journal": 0, "tick": 0, "body": 1}
    assert store.prune(before(days=365)) == 0


def test_what_is_still_to_review_is_never_forgotten(store: Store) -> None:
    aged(store, *(old(number) for number in range(4)), old(4, severity=Severity.LOW), old(5, muted="a rule"))
    aged(store, old(6, severity=Severity.LOW))
    store.snooze([1], NOW, before(days=400))
    store.decide([2, 7], Decision.NOT_MINE, before(days=400))
    store.decide([3], Decision.MINE, before(days=400))
    assert store.prune(NOW + timedelta(days=1)) == 3
    assert [each.id for each in store.incidents()] == [7, 4, 2, 1]


@pytest.mark.parametrize(
    "touch",
    [
        lambda store: store.review([1], before(days=2)),
        lambda store: (store.review([1], before(days=400)), store.commit("work", [judged(machine(2))], before(days=2))),
    ],
)
def test_what_its_owner_or_aws_came_back_to_lately_is_not_old(store: Store, touch: Callable[[Store], object]) -> None:
    aged(store, machine(1, happened=before(minutes=30)), days=400)
    touch(store)
    assert store.prune(before(days=365)) == 0


def test_the_steps_of_a_takeover_that_stays_stay_with_it(store: Store) -> None:
    store.commit("work", [judged(*takeover_steps())], before(minutes=1))
    store.review([1, 2, 3], NOW)
    assert store.prune(NOW + timedelta(days=400)) == 0
    assert len(store.to_review()[0].steps) == 3
    store.review_all(NOW)
    assert store.prune(NOW + timedelta(days=400)) == 4


def test_thousands_are_forgotten_in_portions(store: Store) -> None:
    aged(store, *(old(number) for number in range(1201)))
    store.review_all(before(days=399))
    assert store.prune(before(days=365)) == 1201
    assert set(rows(store).values()) == {0}


# Size


def test_in_a_long_history_no_question_takes_long(store: Store) -> None:
    many = 20_000
    told = [
        numbered(number, happened=before(minutes=20 * number), region=("eu-west-1", "sa-east-1")[number % 2])
        for number in range(many)
    ]
    store.commit("work", [judged(*told)], NOW)
    store.review([each.id for each in store.to_review()[20:]], NOW)
    questions: dict[str, Callable[[], object]] = {
        "page": lambda: store.search(EVERYTHING, 50),
        "text": lambda: store.search(Wanted(text="user19999"), 50),
        "count": lambda: store.count(Wanted(regions=frozenset({"sa-east-1"}))),
        "days": lambda: store.per_day(before(days=365), NOW, UTC_TIME),
        "to review": store.to_review,
    }
    for name, ask in questions.items():
        times = []
        for _ in range(5):
            start = perf_counter()
            ask()
            times.append(perf_counter() - start)
        print(f"{name}: {min(times) * 1000:.1f} ms")
        assert min(times) < 0.2, name


def test_what_is_to_review_is_found_by_its_index(store: Store) -> None:
    plans: list[str] = []
    store._connection.set_trace_callback(plans.append)
    store.to_review()
    store._connection.set_trace_callback(None)
    [asked] = [sql for sql in plans if sql.startswith("SELECT * FROM incident")]
    plan = [row["detail"] for row in store._connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert plan == ["SCAN incident USING INDEX incident_open"]
