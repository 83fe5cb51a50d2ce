"""What can be done with messages that were put aside."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, judged, numbered, unreadable
from trayapp.core.judged import Judged
from trayapp.store import Store

LATER = NOW + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        opened.commit("work", [unreadable("{one"), Judged("forged", body="{two", unreadable="its signature")], NOW)
        opened.commit("home", [unreadable("{three"), unreadable("{one")], NOW)
        yield opened


def tally(store: Store) -> dict[tuple[str, str], int]:
    rows = store._connection.execute("SELECT * FROM tally WHERE count > 0")
    return {(row["watch"], row["kind"]): row["count"] for row in rows}


def test_one_is_given_by_its_number_with_its_kind(store: Store) -> None:
    kept = store.quarantined_message(2)
    assert kept is not None
    assert (kept.watch, kept.kind, kept.body, kept.reason, kept.received) == (
        "work",
        "forged",
        "{two",
        "its signature",
        NOW,
    )
    assert [store.quarantined_message(number) for number in (-1, 0, 99, 2**63)] == [None] * 4


def test_what_can_be_read_now_is_committed_as_if_it_had_just_come(store: Store) -> None:
    found = judged(numbered(7), existing=("old:1",), seen=(("123456789012", "region:eu-west-1"),))
    assert store.retry_quarantined(1, found, LATER) == [1]
    [made] = store.to_review()
    assert (made.watch, made.created, made.shown) == ("work", LATER, None)
    assert store.existing() == 1
    assert [each.id for each in store.quarantine()] == [2, 3]


def test_it_is_counted_as_what_it_has_turned_out_to_be_in_its_own_account(store: Store) -> None:
    assert tally(store) == {("work", "unreadable"): 1, ("work", "forged"): 1, ("home", "unreadable"): 2}
    store.retry_quarantined(3, judged(numbered(7)), LATER)
    assert tally(store) == {
        ("work", "unreadable"): 1,
        ("work", "forged"): 1,
        ("home", "unreadable"): 1,
        ("home", "config:ConfigurationItemChangeNotification"): 1,
    }


def test_what_still_cannot_be_read_stays_with_the_new_reason(store: Store) -> None:
    assert store.retry_quarantined(2, unreadable("{two", "it ends too soon"), LATER) == []
    kept = store.quarantined_message(2)
    assert kept is not None
    assert (kept.body, kept.kind, kept.reason, kept.received) == ("{two", "unreadable", "it ends too soon", NOW)
    assert sum(tally(store).values()) == 4
    assert ("work", "forged") not in tally(store)


def test_what_was_read_in_part_counts_and_stays(store: Store) -> None:
    half = Judged("records", (numbered(7),), body="{one", unreadable="one of its records")
    assert store.retry_quarantined(1, half, LATER) == [1]
    kept = store.quarantined_message(1)
    assert kept is not None
    assert kept.reason == "one of its records"


def test_a_failure_in_the_middle_leaves_it_where_it_is(store: Store) -> None:
    earlier = (store.quarantine(), tally(store))
    store._connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON finding BEGIN SELECT raise(ABORT, 'refused'); END"
    )
    with pytest.raises(Exception, match="refused"):
        store.retry_quarantined(1, judged(numbered(7)), LATER)
    assert (store.quarantine(), tally(store)) == earlier


def test_one_that_is_gone_meanwhile_is_not_committed(store: Store) -> None:
    store.drop_quarantined([1])
    assert store.retry_quarantined(1, judged(numbered(7)), LATER) is None
    assert store.incidents() == []


def test_what_is_dropped_is_gone_and_stays_counted(store: Store) -> None:
    counted = tally(store)
    assert store.drop_quarantined([3, 1, 1, 99, 2**63]) == [3, 1]
    assert [each.id for each in store.quarantine()] == [2]
    assert store.drop_all_quarantined() == [2]
    assert store.drop_all_quarantined() == []
    assert tally(store) == counted


def test_what_comes_again_after_it_was_dropped_is_put_aside_again_under_a_new_number(store: Store) -> None:
    store.drop_all_quarantined()
    store.commit("work", [unreadable("{one")], NOW)
    assert [each.id for each in store.quarantine()] == [5]


def test_what_our_own_looking_finds_is_committed_and_no_message_counted(store: Store) -> None:
    counted = tally(store)
    assert store.note("work", [numbered(1), numbered(2)], NOW) == [1, 2]
    assert store.note("work", [numbered(2)], LATER) == []
    assert tally(store) == counted


def test_small_state_is_kept_changed_and_forgotten(tmp_path: Path, store: Store) -> None:
    assert store.recall("checks:work") is None
    store.remember("checks:work", "[1]")
    store.remember("checks:work", "[2]")
    store.remember("checks:home", "[3]")
    with Store(tmp_path / "alerts.sqlite3") as another:
        assert (another.recall("checks:work"), another.recall("checks:home")) == ("[2]", "[3]")
        another.forget("checks:work")
        another.forget("checks:work")
    assert store.recall("checks:work") is None
    assert store.paused_until() is None
