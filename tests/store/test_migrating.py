"""A file of an earlier version is brought up to date, and kept as it was beside it."""

import shutil
import sqlite3
import stat
from collections import namedtuple
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, judged, numbered, unreadable
from trayapp.core.causes import Cause
from trayapp.core.history import Wanted, matches
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.store import Store, StoreError, schema
from trayapp.store.schema import MIGRATIONS

FIRST = Path(__file__).with_name("version_1.sql")
LATER = (*MIGRATIONS, "CREATE TABLE extra (x)")
FAILING = (*MIGRATIONS, "CREATE TABLE extra (x); CREATE NONSENSE")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "alerts.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def rows(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_everything_in_a_file_of_the_first_version_is_there_afterwards(path: Path) -> None:
    with Store(path) as store:
        assert [each.id for each in store.incidents()] == [6, 5, 4, 3, 2, 1]
        assert [each.id for each in store.to_review()] == [6, 5, 4, 3, 2]
        first = store.incident(1)
        assert first is not None
        assert (first.told, first.shown, first.reviewed) == (Severity.HIGH, NOW, NOW + timedelta(minutes=1))
        assert len(store.incidents()[0].steps) == 3
        [kept] = store.quarantine()
        assert (kept.body, kept.reason, kept.kind) == ("{cut", "it is not whole JSON", "unreadable")
        assert store.paused_until() == NOW + timedelta(hours=1)
        assert (store.existing(), store.unverified()) == (1, 0)
        assert sum(store.counts().values()) == 4
        assert store.seen(NOW + timedelta(days=1)) == {("123456789012", "region:eu-west-1")}
        assert store.commit("work", [judged(numbered(1)), unreadable("{cut"), unreadable("{new")], NOW) == [7]
        assert store.quarantined() == 2


def test_a_whole_copy_of_the_file_as_it_was_stays_beside_it_for_its_owner_alone(path: Path) -> None:
    before = rows(path)
    Store(path).close()
    assert names(path) == ["alerts.sqlite3", "alerts.sqlite3.v1.bak"]
    copy = path.with_name("alerts.sqlite3.v1.bak")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert rows(copy) == before != rows(path)


def test_what_is_still_in_the_log_is_in_the_copy(path: Path) -> None:
    with closing(sqlite3.connect(path)) as open_elsewhere:
        open_elsewhere.execute("INSERT INTO state VALUES ('late', 'x')")
        open_elsewhere.commit()
        Store(path).close()
    assert any("'late'" in line for line in rows(path.with_name("alerts.sqlite3.v1.bak")))


def test_a_copy_that_is_there_already_is_left_alone(path: Path) -> None:
    older = path.with_name("alerts.sqlite3.v1.bak")
    older.write_text("a copy of long ago")
    Store(path).close()
    assert older.read_text() == "a copy of long ago"
    assert "alerts.sqlite3.v1.bak.2" in names(path)


def test_what_an_interrupted_copy_has_left_is_no_obstacle(path: Path) -> None:
    path.with_name("alerts.sqlite3.v1.bak.part").write_text("half a copy")
    Store(path).close()
    assert names(path) == ["alerts.sqlite3", "alerts.sqlite3.v1.bak"]


def test_without_room_for_the_copy_nothing_is_done_and_it_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(path)
    Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100_000_000, 99_000_000, 1_000_000))
    with pytest.raises(StoreError, match=r"no room for a copy of it before it is changed\. Free 1 MB") as raised:
        Store(path)
    assert raised.value.cause is Cause.DISK_FULL
    assert rows(path) == before
    assert names(path) == ["alerts.sqlite3"]
    monkeypatch.undo()
    Store(path).close()


def test_a_copy_that_cannot_be_made_stops_it_and_leaves_nothing(path: Path) -> None:
    before = rows(path)
    path.with_name("alerts.sqlite3.v1.bak.part").mkdir()
    with pytest.raises(StoreError):
        Store(path)
    path.with_name("alerts.sqlite3.v1.bak.part").rmdir()
    assert rows(path) == before
    assert names(path) == ["alerts.sqlite3"]


def test_a_step_that_fails_leaves_no_copy_behind_however_often_it_is_tried(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(path)
    monkeypatch.setattr(schema, "MIGRATIONS", FAILING)
    for _ in range(3):
        with pytest.raises(StoreError, match="syntax error"):
            Store(path)
    assert rows(path) == before
    assert names(path) == ["alerts.sqlite3"]


def test_a_new_file_needs_no_copy(tmp_path: Path) -> None:
    Store(tmp_path / "new.sqlite3").close()
    assert [each.name for each in tmp_path.iterdir()] == ["new.sqlite3"]


def test_each_later_version_keeps_the_one_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", LATER)
    Store(path).close()
    assert names(path) == ["alerts.sqlite3", "alerts.sqlite3.v1.bak", f"alerts.sqlite3.v{len(MIGRATIONS)}.bak"]


# From the second version


SECOND = Path(__file__).with_name("version_2.sql")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    path = tmp_path / "second" / "alerts.sqlite3"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SECOND.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    return path


def test_the_fixtures_are_what_those_versions_wrote(path: Path, second: Path) -> None:
    for place, version in ((path, 1), (second, 2)):
        with closing(sqlite3.connect(place)) as connection:
            assert schema.version_of(connection) == version
            assert schema.there(connection) == schema.tables(version)


def test_a_file_of_the_second_version_keeps_all_it_has_and_a_copy(second: Path) -> None:
    before = rows(second)
    with Store(second) as store:
        assert [each.id for each in store.incidents()] == [7, 6, 5, 4, 3, 2, 1]
        assert [each.id for each in store.to_review()] == [7, 6, 5, 4, 3, 2]
        assert [(each.body, each.kind) for each in store.quarantine()] == [
            ("{cut", "unreadable"),
            ("{forged", "forged"),
        ]
        assert (store.unverified(), store.existing()) == (1, 1)
    assert rows(second.with_name("alerts.sqlite3.v2.bak")) == before
    assert names(second) == ["alerts.sqlite3", "alerts.sqlite3.v2.bak"]


@pytest.mark.parametrize("version", ["path", "second"])
def test_what_lies_in_an_older_file_can_be_found_decided_and_taken_back(
    version: str, request: pytest.FixtureRequest
) -> None:
    place: Path = request.getfixturevalue(version)
    with Store(place) as store:
        every = store.incidents()
        wishes = (
            Wanted(),
            Wanted(text="helpdesk2"),
            Wanted(text="198.51.100.7 deploy"),
            Wanted(regions=frozenset({"ap-northeast-1"})),
            Wanted(accounts=frozenset({"123456789012"}), severities=frozenset({Severity.CRITICAL})),
            Wanted(signals=frozenset({"ec2-new"}), reviewed=False),
            Wanted(since=NOW - timedelta(minutes=9), until=NOW - timedelta(minutes=2)),
        )
        for wanted in wishes:
            assert store.search(wanted, 100) == [each for each in every if matches(wanted, each)]
        days = store.per_day(NOW - timedelta(days=1), NOW + timedelta(days=1), lambda when: when)
        assert sum(day.total for day in days) == len(every)
        assert [each.decision for each in every if each.reviewed] == [Decision.SEEN]
        assert not store.undo(1), "when it was seen is known, but not what was before"
        store.decide([2], Decision.MINE, NOW)
        assert store.undo(2)
        assert (store.bodies(2), store.ticked(2)) == ([], frozenset())
        assert [replace(each, shown=None, told=None) for each in store.incidents()] == [
            replace(each, shown=None, told=None) for each in every
        ]


def test_a_row_that_cannot_be_read_is_no_obstacle_to_bringing_a_file_up_to_date(second: Path) -> None:
    with closing(sqlite3.connect(second)) as connection:
        connection.execute("UPDATE finding SET document = '{' WHERE incident = 1")
        connection.execute("UPDATE incident SET created = 'once' WHERE id = 1")
        connection.commit()
    with Store(second) as store:
        assert [each.id for each in store.search(Wanted(text="user7"), 9)] == [7]
        with pytest.raises(StoreError) as raised:
            store.incidents()
        assert raised.value.cause is Cause.STORE_DAMAGED
