"""The life of an incident after it is committed, what could not be read, and the pause."""

from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from builders import NOW, before, judged, numbered, unreadable
from trayapp.core.severity import Severity
from trayapp.store import Quarantined, Store

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        opened.commit("work", [judged(numbered(1), numbered(2), numbered(3))], before(minutes=1))
        yield opened


def ids(store: Store) -> list[int]:
    return [incident.id for incident in store.to_review()]


def test_the_first_showing_counts(store: Store) -> None:
    store.mark_shown(2, Severity.HIGH, NOW)
    store.mark_shown(2, Severity.HIGH, LATER)
    assert [incident.shown for incident in store.incidents()] == [None, NOW, None]


def test_what_was_told_is_the_heaviest_of_all_showings(store: Store) -> None:
    told = []
    for severity in (Severity.MEDIUM, Severity.CRITICAL, Severity.LOW):
        store.mark_shown(2, severity, NOW)
        told += [incident.told for incident in store.incidents() if incident.id == 2]
    assert told == [Severity.MEDIUM, Severity.CRITICAL, Severity.CRITICAL]


def test_showing_what_is_not_there_does_nothing(store: Store) -> None:
    before_it = store.incidents()
    store.mark_shown(99, Severity.HIGH, NOW)
    assert store.incidents() == before_it


def test_what_is_of_low_severity_or_muted_is_history_from_the_start(store: Store) -> None:
    quiet = [numbered(4, severity=Severity.LOW), numbered(5, muted="a rule"), numbered(6, severity=Severity.MEDIUM)]
    store.commit("work", [judged(*quiet)], NOW)
    assert ids(store) == [6, 3, 2, 1]
    assert [incident.id for incident in store.incidents()] == [6, 5, 4, 3, 2, 1]
    assert [incident.muted for incident in store.incidents()][:3] == ["", "a rule", ""]
    assert sorted(store.review_all(NOW)) == [1, 2, 3, 6], "there was nothing to review about the others"


def test_reviewing_takes_incidents_off_the_list_and_keeps_them(store: Store) -> None:
    assert sorted(store.review([1, 3], NOW)) == [1, 3]
    assert ids(store) == [2]
    assert [incident.reviewed for incident in store.incidents()] == [NOW, None, NOW]


def test_reviewing_twice_keeps_the_first_time_and_says_that_nothing_was_done(store: Store) -> None:
    store.review([1], NOW)
    assert store.review([1], LATER) == []
    assert sorted(store.review([1, 2], LATER)) == [2]
    assert [incident.reviewed for incident in store.incidents()] == [None, LATER, NOW]


@pytest.mark.parametrize("numbers", [[], [0], [99], [-1, 2**63, 10**30]])
def test_reviewing_what_is_not_there_does_nothing(store: Store, numbers: list[int]) -> None:
    assert store.review(numbers, NOW) == []
    assert ids(store) == [3, 2, 1]


def test_reviewing_everything_tells_what_was_not_reviewed_before(store: Store) -> None:
    store.review([2], NOW)
    assert sorted(store.review_all(LATER)) == [1, 3]
    assert ids(store) == []
    assert store.review_all(LATER) == []


def test_a_review_by_another_process_is_seen_at_once(path: Path, store: Store) -> None:
    with Store(path) as another:
        another.review([3], NOW)
        assert ids(store) == ids(another) == [2, 1]


def test_what_cannot_be_read_is_kept_whole(store: Store) -> None:
    body = "{" + "€\0\N{RIGHT-TO-LEFT OVERRIDE}\r\n'; DROP TABLE incident; --" * 5000
    store.commit("work", [unreadable(body, "it is not whole JSON")], NOW)
    assert store.quarantine() == [Quarantined(1, "work", body, "it is not whole JSON", NOW, "unreadable")]
    assert ids(store) == [3, 2, 1]


def test_what_cannot_be_read_is_kept_once_and_oldest_first(store: Store) -> None:
    store.commit("work", [unreadable("{one"), unreadable("{two"), unreadable("{one")], NOW)
    store.commit("home", [unreadable("{two", "another reason")], LATER)
    assert [(each.body, each.watch, each.received) for each in store.quarantine()] == [
        ("{one", "work", NOW),
        ("{two", "work", NOW),
    ]
    assert store.quarantined() == 2
    assert store.counts()["unreadable"] == 4


def test_a_pause_is_kept_changed_and_ended(path: Path, store: Store) -> None:
    assert store.paused_until() is None
    store.pause_until(NOW)
    store.pause_until(LATER.astimezone(timezone(timedelta(hours=9))))
    with Store(path) as another:
        assert another.paused_until() == LATER
    store.pause_until(None)
    store.pause_until(None)
    assert store.paused_until() is None


def test_everything_survives_closing_and_opening(path: Path, store: Store) -> None:
    store.commit("work", [unreadable("{cut")], NOW)
    store.mark_shown(1, Severity.HIGH, NOW)
    store.review([2], NOW)
    store.pause_until(LATER)
    known = (store.incidents(), store.to_review(), store.quarantine(), store.counts(), store.paused_until())
    store.close()
    with Store(path) as again:
        assert (
            again.incidents(),
            again.to_review(),
            again.quarantine(),
            again.counts(),
            again.paused_until(),
        ) == known
