"""Noticing what other processes change."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, judged, numbered
from trayapp.core.incidents import Decision
from trayapp.review.live import Changes
from trayapp.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        opened.commit("work", [judged(numbered(1))], NOW)
        yield opened


@pytest.fixture
def changes(path: Path, store: Store) -> Iterator[Changes]:
    changes = Changes(path)
    yield changes
    changes.close()


def test_nothing_happens_by_itself(changes: Changes) -> None:
    assert [changes.happened() for _ in range(3)] == [False, False, False]


def test_every_change_is_noticed_once(changes: Changes, store: Store) -> None:
    store.commit("work", [judged(numbered(2))], NOW)
    assert [changes.happened(), changes.happened()] == [True, False]
    store.decide([1], Decision.MINE, NOW)
    assert changes.happened()
    store.snooze([2], NOW + timedelta(hours=1), NOW)
    assert changes.happened()


def test_looking_is_no_change(changes: Changes, store: Store) -> None:
    store.to_review()
    assert not changes.happened()


def test_a_file_that_takes_the_place_of_another_is_a_change(changes: Changes, path: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "fresh.sqlite3") as fresh:
        fresh.commit("work", [judged(numbered(5))], NOW)
    (tmp_path / "fresh.sqlite3").replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    assert changes.happened()


def test_a_file_that_is_gone_is_no_failure(changes: Changes, path: Path) -> None:
    path.unlink()
    assert changes.happened()
    assert not changes.happened()
