"""The file itself: who may read it, what makes it durable, and what is said when it is no good."""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import NOW, finding, judged, numbered
from trayapp.store import Store, StoreError, database, schema
from trayapp.store.schema import MIGRATIONS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "trayapp" / "alerts.sqlite3"


@pytest.fixture
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_owner_may_read_it(path: Path, careless_umask: None) -> None:
    with Store(path) as store:
        store.commit("work", [judged(finding())], NOW)
        files = sorted(path.parent.iterdir())
        assert [file.name for file in files] == ["alerts.sqlite3", "alerts.sqlite3-shm", "alerts.sqlite3-wal"]
        assert {mode(file) for file in files} == {0o600}
        assert mode(path.parent) == 0o700


def test_a_link_in_its_place_is_refused(path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    path.parent.mkdir(parents=True)
    path.symlink_to(elsewhere)
    with pytest.raises(StoreError, match=r"alerts\.sqlite3 is a link\. Put the file itself in its place\."):
        Store(path)
    assert not elsewhere.exists()


def test_a_commit_is_on_the_disk_before_it_returns(path: Path) -> None:
    with Store(path) as store:
        (journal,) = store._connection.execute("PRAGMA journal_mode").fetchone()
        (synchronous,) = store._connection.execute("PRAGMA synchronous").fetchone()
    assert (journal, synchronous) == ("wal", 2), "2 is FULL"


def test_a_connection_keeps_little_of_a_large_file_in_memory(path: Path) -> None:
    with Store(path) as store:
        store.commit("work", [judged(*map(numbered, range(3000)))], NOW)
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        (page,) = store._connection.execute("PRAGMA page_size").fetchone()
        (kept,) = store._connection.execute("PRAGMA cache_size").fetchone()
    assert pages * page > 4 * 512 * 1024
    assert kept == -512, "KiB"


def test_a_new_file_has_the_newest_schema_and_opening_it_again_changes_nothing(path: Path) -> None:
    Store(path).close()
    first = path.read_bytes()
    Store(path).close()
    assert path.read_bytes() == first
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()


def test_an_older_file_is_brought_up_step_by_step_and_keeps_its_incidents(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store(path) as store:
        store.commit("work", [judged(finding())], NOW)
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE extra (x); INSERT INTO extra VALUES (1)"))
    for _ in range(2):
        with Store(path) as store:
            assert len(store.incidents()) == 1
            assert store._connection.execute("SELECT count(*) FROM extra").fetchone()[0] == 1


def test_a_step_that_fails_leaves_the_older_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, "CREATE TABLE extra (x); CREATE NONSENSE"))
    with pytest.raises(StoreError, match="syntax error"):
        Store(path)
    monkeypatch.undo()
    with Store(path) as store:
        assert not store._connection.execute("SELECT * FROM sqlite_schema WHERE name = 'extra'").fetchall()


def test_a_file_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    Store(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(
        StoreError, match=r"made by a newer version of trayapp\. Install that version, or move the file"
    ):
        Store(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    connection.close()


def test_a_file_that_is_no_database_is_named_with_a_way_out(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("this is no database, it is a letter\n" * 100)
    with pytest.raises(StoreError, match=r"alerts\.sqlite3: file is not a database\. It is damaged: "):
        Store(path)


def test_damage_in_the_middle_is_named_with_a_way_out(path: Path) -> None:
    with Store(path) as store:
        store.commit("work", [judged(*map(numbered, range(500)))], NOW)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(StoreError, match=r"malformed\. It is damaged: "), Store(path) as store:
        store.to_review()


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"file.alerts\.sqlite3: .*check the file's permissions\."):
        Store(tmp_path / "file" / "alerts.sqlite3")


def test_a_file_that_another_program_holds_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with Store(path) as store:
        store._connection.execute("BEGIN IMMEDIATE")
        with Store(path) as another, pytest.raises(StoreError, match=r"locked\. Another program holds it: close that"):
            another.commit("work", [judged(finding())], NOW)
        store._connection.execute("ROLLBACK")


def test_a_new_file_that_another_program_holds_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    path.parent.mkdir(parents=True)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match=r"locked\. Another program holds it: close that"):
        Store(path)
    holder.close()


def test_a_new_file_that_another_program_is_writing_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir(parents=True)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        writer.execute("ROLLBACK")

    monkeypatch.setattr(time, "sleep", wait)
    with Store(path) as store:
        assert store.commit("work", [judged(finding())], NOW)
    assert len(waits) == 1
    writer.close()


def test_a_new_file_may_be_opened_by_many_at_the_same_moment(tmp_path: Path) -> None:
    many = 6
    problems: list[StoreError] = []

    def open_and_commit(path: Path, number: int, start: threading.Barrier) -> None:
        start.wait(30)
        try:
            with Store(path) as store:
                store.commit("work", [judged(numbered(number))], NOW)
        except StoreError as error:
            problems.append(error)

    for round_ in range(10):
        path = tmp_path / f"{round_}.sqlite3"
        start = threading.Barrier(many)
        threads = [threading.Thread(target=open_and_commit, args=(path, number, start)) for number in range(many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with Store(path) as store:
            assert len(store.incidents()) == many
    assert not problems
