"""While the disk does not do its part, alerts are shown from memory; afterwards nothing is missing or rings twice."""

import errno
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from builders import NOW, judged, machine, numbered
from store import damaging
from trayapp.core.causes import Cause
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.store import Store, StoreError, database
from trayapp.store.ledger import Ledger
from trayapp.store.overflow import Overflow
from trayapp.store.salvage import FIRST_IN_MEMORY

LATER = NOW + timedelta(minutes=5)
M = FIRST_IN_MEMORY


class Bench:
    """A ledger with the store beside it into which others commit."""

    def __init__(self, path: Path) -> None:
        self.path, self.overflow = path, Overflow()
        self.ledger = Ledger(path, self.overflow, lambda: NOW, pause=0)

    def commit(self, *numbers: int) -> None:
        with Store(self.path) as store:
            store.commit("work", [judged(*map(numbered, numbers))], NOW)

    def keep(self, *numbers: int) -> None:
        """Do what is done with a batch that the disk does not take."""
        self.overflow.commit("work", [judged(*map(numbered, numbers))], NOW)

    def ids(self) -> list[int]:
        return [each.id for each in self.ledger.to_review()]

    def unspoken(self) -> list[int]:
        return [each.id for each in self.ledger.to_review() if each.unspoken]

    def cause(self) -> Cause | None:
        return self.ledger.trouble.cause if self.ledger.trouble else None

    def fill(self) -> None:
        """Let the disk be full for the ledger, from now on."""
        self.ledger.counts()
        self._pages("page_count")

    def clear(self) -> None:
        self._pages("1000000")

    def _pages(self, most: str) -> None:
        store = self.ledger._disk._store
        assert store is not None
        if most == "page_count":
            most = str(store._connection.execute("PRAGMA page_count").fetchone()[0])
        store._connection.execute(f"PRAGMA max_page_count = {most}")

    def in_file(self) -> dict[int, tuple[bool, bool]]:
        """Give what lies on disk of each incident: whether it was shown, and reviewed."""
        with Store(self.path) as store:
            return {each.id: (each.shown is not None, each.reviewed is not None) for each in store.incidents()}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "alerts.sqlite3")
    yield bench
    bench.ledger.close()
    bench.overflow.close()


def test_while_all_is_well_it_is_the_disk(bench: Bench) -> None:
    bench.commit(1, 2)
    assert bench.ids() == [2, 1]
    bench.ledger.mark_all_shown({1: Severity.HIGH}, NOW)
    assert bench.ledger.review([2], NOW) == [2]
    bench.ledger.note("work", [numbered(3)], NOW)
    assert (bench.ids(), bench.unspoken()) == ([3, 1], [3])
    assert bench.ledger.review_all(NOW) == [1, 3]
    assert bench.in_file() == {1: (True, True), 2: (False, True), 3: (False, True)}
    assert bench.cause() is None
    assert (bench.ledger.counts(), bench.ledger.existing(), bench.ledger.quarantined()) == (
        {"config:ConfigurationItemChangeNotification": 1},
        0,
        0,
    )


def test_what_the_disk_did_not_take_is_shown_beside_what_is_there(bench: Bench) -> None:
    bench.commit(1)
    bench.fill()
    bench.keep(*range(2, 40))
    assert bench.ids() == [*range(M + 37, M - 1, -1), 1]
    assert bench.cause() is Cause.DISK_FULL
    found = bench.ledger.incident(M)
    assert found is not None
    assert found.main.fingerprint == "new:2"


def test_all_that_its_owner_does_meanwhile_counts_at_once_and_is_written_when_there_is_room(bench: Bench) -> None:
    bench.commit(1, 2, 3)
    assert bench.ids() == [3, 2, 1]
    bench.fill()
    bench.keep(*range(10, 60))
    bench.ids()
    bench.ledger.mark_all_shown({1: Severity.HIGH, M: Severity.HIGH, M + 1: Severity.HIGH}, NOW)
    assert bench.ledger.review([2, M, 99], LATER) == [M, 2]
    assert bench.ledger.review([2, M], LATER) == []
    bench.ledger.pause_until(LATER)
    bench.ledger.remember("checks:work", "x" * 10_000)
    assert bench.cause() is Cause.DISK_FULL
    assert bench.ids()[-2:] == [3, 1]
    assert {1, M + 1}.isdisjoint(bench.unspoken())
    assert M not in bench.ids()
    assert (bench.ledger.paused_until(), bench.ledger.recall("checks:work")) == (LATER, "x" * 10_000)
    assert bench.in_file()[2] == (False, False)

    bench.clear()
    assert bench.ids() == [*range(53, 4, -1), 3, 1]
    assert bench.cause() is None
    assert bench.ledger.moved() == {M + number: 4 + number for number in range(50)}
    assert bench.ledger.moved() == {}
    assert bench.in_file()[1] == (True, False)
    assert bench.in_file()[2] == (False, True)
    assert (bench.in_file()[4], bench.in_file()[5]) == ((True, True), (True, False))
    with Store(bench.path) as store:
        assert (store.paused_until(), store.recall("checks:work")) == (LATER, "x" * 10_000)


def test_an_old_number_goes_on_being_understood(bench: Bench) -> None:
    bench.keep(1, 2)
    assert bench.ids() == [2, 1]
    moved = bench.ledger.incident(M + 1)
    assert moved is not None
    assert moved.id == 2
    bench.ledger.mark_all_shown({M: Severity.HIGH}, NOW)
    assert bench.ledger.review([M + 1], NOW) == [M + 1]
    assert bench.in_file() == {1: (True, False), 2: (False, True)}


def test_what_comes_again_from_the_queue_does_not_ring_again(bench: Bench) -> None:
    bench.commit(1)
    bench.fill()
    bench.keep(*range(2, 50))
    bench.ledger.mark_all_shown(dict.fromkeys(bench.ids(), Severity.HIGH), NOW)
    assert bench.unspoken() == []
    # There is room again, but those who commit notice it before the ledger does.
    bench.commit(*range(2, 50))
    assert bench.unspoken() == []
    assert len(bench.ids()) == 49
    bench.clear()
    assert bench.unspoken() == []
    assert bench.ids() == list(range(49, 0, -1))


def test_a_failing_disk_is_not_asked_all_the_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def refuse(path: Path) -> None:
        asked.append(path)
        raise StoreError("no", Cause.STORE_FAILING)

    monkeypatch.setattr(database, "connect", refuse)
    ledger = Ledger(bench.path, bench.overflow, lambda: NOW, pause=60)
    bench.keep(1)
    for _ in range(10):
        assert [each.id for each in ledger.to_review()] == [M]
        assert (ledger.counts(), ledger.quarantined(), ledger.recall("key")) == ({}, 0, None)
        ledger.mark_all_shown({5: Severity.HIGH}, NOW)
    assert len(asked) == 1
    ledger.close()


def test_a_file_that_nobody_may_touch_is_no_end_of_showing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    bench = Bench(tmp_path / "file" / "alerts.sqlite3")
    bench.keep(1)
    assert bench.ids() == [M]
    assert bench.cause() is Cause.STORE_FAILING
    bench.ledger.note("work", [numbered(2)], NOW)
    bench.ledger.remember("checks:work", "[]")
    assert bench.ids() == [M + 1, M]
    (tmp_path / "file").unlink()
    assert bench.ids() == [2, 1]
    assert bench.cause() is None
    assert bench.in_file().keys() == {1, 2}
    bench.ledger.close()


def test_what_waited_while_the_file_was_damaged_does_not_undo_what_was_found_since(bench: Bench) -> None:
    damaging.filled(bench.path)
    damaging.zero_pages(bench.path, Random(3))
    bench.ledger.remember("checks:work", "old")
    assert bench.ledger.healed() is not None
    bench.ledger.note("work", [numbered(900)], NOW, {"checks:work": "new"})
    bench.ids()
    assert bench.ledger.recall("checks:work") == "new"
    with Store(bench.path) as store:
        assert store.recall("checks:work") == "new"


def test_a_file_that_is_damaged_at_the_start_is_set_aside_and_told_once(bench: Bench) -> None:
    damaging.filled(bench.path)
    damaging.zero_pages(bench.path, Random(3))
    bench.ids()
    healed = bench.ledger.healed()
    assert healed is not None
    assert healed.aside.is_dir()
    assert bench.ledger.healed() is None
    assert bench.cause() is None
    bench.commit(10_000)
    assert "new:10000" in {each.main.fingerprint for each in bench.ledger.to_review()}


def test_damage_while_it_runs_takes_nothing_from_the_list(bench: Bench) -> None:
    damaging.filled(bench.path)
    before = bench.ledger.to_review()
    damaging.overwrite_header(bench.path, Random(1))
    damaging.truncate(bench.path, Random(1))
    bench.keep(10_000)
    bench.ledger.damaged()
    assert bench.ledger.healed() is not None
    after = bench.ledger.to_review()
    assert {each.main.fingerprint for each in before} | {"new:10000"} == {each.main.fingerprint for each in after}
    assert bench.unspoken() == [each.id for each in after if each.main.fingerprint == "new:10000" or each.id > 59]
    assert bench.cause() is None


def test_a_false_alarm_of_damage_changes_nothing(bench: Bench) -> None:
    bench.commit(1)
    bench.ledger.damaged()
    assert (bench.ids(), bench.ledger.healed(), bench.cause()) == ([1], None, None)
    assert sorted(each.name for each in bench.path.parent.glob("*damaged*")) == []


def test_what_was_told_while_a_damaged_file_could_not_be_written_is_told_in_the_new_one(bench: Bench) -> None:
    bench.commit(1, 2)
    bench.ids()
    damaging.another_file(bench.path, Random(1))
    log = damaging.log_of(bench.path)
    if log.exists():
        os.truncate(log, 0)
    bench.ledger.mark_all_shown({1: Severity.HIGH, 2: Severity.HIGH}, NOW)
    bench.ledger.review([2], LATER)
    assert (bench.ids(), bench.unspoken()) == ([1], [])
    assert bench.in_file() == {1: (True, False), 2: (True, True)}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False, timeout=10)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=10)


def fill_up(disk: Path) -> Path:
    """Write until nothing more can be written; give the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    return ballast


def test_a_disk_that_is_really_full_and_then_has_room_again(small_disk: Path) -> None:
    bench = Bench(small_disk / "alerts.sqlite3")
    bench.commit(1)
    assert bench.ids() == [1]
    ballast = fill_up(small_disk)
    with Store(bench.path) as store:
        refused: list[int] = []
        causes: set[Cause] = set()
        for number in range(2, 30):
            try:
                store.commit("work", [judged(numbered(number))], NOW)
            except StoreError as error:
                causes.add(error.cause)
                refused.append(number)
                bench.overflow.commit("work", [judged(numbered(number))], NOW, store)
        assert causes == {Cause.DISK_FULL}
        shown = {each.main.fingerprint for each in bench.ledger.to_review()}
        assert shown == {f"new:{number}" for number in range(1, 30)}
        assert bench.cause() is Cause.DISK_FULL
        bench.ledger.mark_all_shown(dict.fromkeys(bench.ids(), Severity.HIGH), NOW)
        ballast.unlink()
        store.commit("work", [judged(numbered(number)) for number in refused], NOW)
    assert bench.unspoken() == []
    assert bench.cause() is None
    assert [each.main.fingerprint for each in bench.ledger.to_review()] == sorted(
        shown, key=lambda each: -int(each[4:])
    )
    bench.ledger.close()


def test_a_new_file_on_a_disk_without_any_room_waits_for_it(small_disk: Path) -> None:
    ballast = fill_up(small_disk)
    bench = Bench(small_disk / "alerts.sqlite3")
    bench.keep(1)
    assert bench.ids() == [M]
    assert bench.cause() is Cause.DISK_FULL
    ballast.unlink()
    assert bench.ids() == [1]
    assert bench.cause() is None
    bench.ledger.close()


def test_a_damaged_file_on_a_disk_without_room_waits_whole(small_disk: Path) -> None:
    bench = Bench(small_disk / "alerts.sqlite3")
    damaging.filled(bench.path)
    before = bench.ledger.to_review()
    damaging.zero_pages(bench.path, Random(4))
    whole = bench.path.read_bytes()
    ballast = fill_up(small_disk)
    bench.ledger.damaged()
    assert bench.cause() is Cause.DISK_FULL
    assert bench.ledger.to_review() == before
    ballast.unlink()
    bench.ids()
    healed = bench.ledger.healed()
    assert healed is not None
    assert (healed.aside / bench.path.name).read_bytes() == whole
    assert {each.id for each in before} <= set(bench.ids())
    assert bench.cause() is None
    bench.ledger.close()


# What its owner says while the disk fails


SEEN, MINE, NOT_MINE = Decision.SEEN, Decision.MINE, Decision.NOT_MINE
TOMORROW = NOW + timedelta(days=1)


def said(bench: Bench, number: int) -> tuple[object, ...]:
    """Give how its owner stands to an incident."""
    incident = bench.ledger.incident(number)
    assert incident is not None
    return incident.reviewed, incident.decision, incident.note, incident.snoozed


def on_disk(bench: Bench, number: int) -> tuple[object, ...]:
    with Store(bench.path) as store:
        incident = store.incident(number)
    assert incident is not None
    return incident.reviewed, incident.decision, incident.note, incident.snoozed


def failing(bench: Bench) -> int:
    """Fill the disk, and keep so much in memory that nothing of what waits can be written; give the next number."""
    bench.fill()
    bench.keep(*range(5000, 5060))
    bench.ids()
    assert bench.cause() is Cause.DISK_FULL
    return M + 60


def few(bench: Bench) -> list[int]:
    """Give the incidents to review without those that fill the memory."""
    return [each.id for each in bench.ledger.to_review() if not each.main.fingerprint.startswith("new:50")]


def test_while_all_is_well_what_is_said_is_on_disk(bench: Bench) -> None:
    bench.commit(1, 2, 3)
    bench.ids()
    assert bench.ledger.decide([1], MINE, NOW, "me") == [1]
    assert bench.ledger.decide([2], NOT_MINE, NOW) == [2]
    assert bench.ledger.snooze([3], TOMORROW, NOW) == [3]
    assert (bench.ids(), bench.unspoken()) == ([3, 2], [3])
    assert [on_disk(bench, number) for number in (1, 2, 3)] == [
        (NOW, MINE, "me", None),
        (None, NOT_MINE, "", None),
        (None, None, "", TOMORROW),
    ]
    assert bench.ledger.undo(1)
    assert not bench.ledger.undo(1)
    assert not bench.ledger.undo(99)
    assert (bench.ids(), on_disk(bench, 1)) == ([3, 2, 1], (None, None, "", None))


def test_what_is_said_while_the_disk_is_full_counts_at_once_and_is_written_later(bench: Bench) -> None:
    bench.commit(1, 2, 3, 4)
    bench.ids()
    m = failing(bench)
    bench.keep(5, 6)
    assert bench.ledger.decide([1, m, 99], MINE, NOW, "me") == [m, 1]
    assert bench.ledger.decide([1], MINE, LATER, "me") == []
    assert bench.ledger.decide([2], NOT_MINE, NOW) == [2]
    assert bench.ledger.snooze([3, m + 1], TOMORROW, NOW) == [m + 1, 3]
    assert few(bench) == [m + 1, 4, 3, 2]
    assert 2 not in bench.unspoken()
    expected = {
        1: (NOW, MINE, "me", None),
        2: (None, NOT_MINE, "", None),
        3: (None, None, "", TOMORROW),
        4: (None, None, "", None),
        m: (NOW, MINE, "me", None),
        m + 1: (None, None, "", TOMORROW),
    }
    assert {number: said(bench, number) for number in expected} == expected
    assert on_disk(bench, 1) == (None, None, "", None)

    bench.clear()
    assert few(bench) == [66, 4, 3, 2]
    assert {number: said(bench, number) for number in expected} == expected, "under the old numbers, too"
    new = {m: 65, m + 1: 66}
    assert {number: on_disk(bench, new.get(number, number)) for number in expected} == expected
    assert bench.cause() is None


def test_what_was_said_in_memory_can_be_taken_back_in_memory_and_afterwards(bench: Bench) -> None:
    bench.commit(1)
    bench.ids()
    bench.ledger.decide([1], NOT_MINE, NOW, "on disk")
    m = failing(bench)
    bench.keep(2)
    for number in (1, m):
        bench.ledger.decide([number], MINE, LATER, "in memory")
    assert few(bench) == []
    assert bench.ledger.undo(1)
    assert (few(bench), said(bench, 1)) == ([1], (None, NOT_MINE, "on disk", None))
    bench.ledger.decide([1], MINE, LATER, "in memory")
    bench.clear()
    assert few(bench) == []
    for number in (1, m):
        assert bench.ledger.undo(number), "it is on disk now"
    assert [on_disk(bench, number)[1] for number in (1, 62)] == [NOT_MINE, None]
    assert [number for number in few(bench) if number in bench.unspoken()] == []


def test_what_was_said_on_disk_can_be_taken_back_while_nothing_can_be_written(bench: Bench) -> None:
    bench.commit(1, 2)
    bench.ids()
    bench.ledger.snooze([1], TOMORROW, NOW)
    bench.ledger.decide([1], MINE, NOW, "me")
    failing(bench)
    assert few(bench) == [2]
    assert bench.ledger.undo(1)
    assert (few(bench), said(bench, 1)) == ([2, 1], (None, None, "", TOMORROW))
    bench.ledger.decide([1], SEEN, LATER)
    assert bench.ledger.undo(1)
    assert bench.ledger.undo(1)
    assert said(bench, 1) == (None, None, "", None)
    assert not bench.ledger.undo(1)
    assert on_disk(bench, 1) == (NOW, MINE, "me", None)
    bench.clear()
    assert few(bench) == [2, 1]
    assert on_disk(bench, 1) == (None, None, "", None)
    assert not bench.ledger.undo(1)


def test_reviewing_everything_while_the_disk_is_full_can_be_taken_back_one_by_one(bench: Bench) -> None:
    bench.commit(1, 2)
    bench.ids()
    failing(bench)
    bench.ledger.decide([1], MINE, NOW)
    assert {1, 2}.intersection(bench.ledger.review_all(LATER)) == {2}
    assert few(bench) == []
    assert bench.ledger.undo(2)
    assert few(bench) == [2]
    bench.clear()
    assert few(bench) == [2]
    assert on_disk(bench, 1)[:2] == (NOW, MINE)


@pytest.mark.parametrize("full", [False, True])
def test_reviewing_everything_leaves_what_was_somebody_else_and_what_was_put_off(bench: Bench, *, full: bool) -> None:
    bench.commit(1, 2, 3)
    bench.ids()
    if full:
        failing(bench)
        bench.keep(4, 5)
        bench.ledger.decide([M], NOT_MINE, NOW)
    bench.ledger.decide([1], NOT_MINE, NOW)
    bench.ledger.snooze([2], LATER, NOW)
    assert {1, 2, 3, M, M + 1}.intersection(bench.ledger.review_all(NOW)) == ({3, M + 1} if full else {3})
    assert few(bench) == [2, 1]
    if full:
        assert M in bench.ids()


def test_what_was_said_of_less_than_there_is_by_now_does_not_hide_the_rest(bench: Bench) -> None:
    with Store(bench.path) as store:
        store.commit("work", [judged(machine(1)), judged(numbered(7))], NOW)
        bench.ids()
        failing(bench)
        bench.ledger.decide([1, 2], MINE, NOW)
        assert few(bench) == []
        store.commit("work", [judged(machine(2))], LATER)
    assert few(bench) == [1], "others have found room before the ledger does"
    bench.clear()
    assert few(bench) == [1]
    assert (on_disk(bench, 1)[:2], on_disk(bench, 2)[:2]) == ((None, None), (NOW, MINE))


def test_what_comes_again_from_the_queue_is_as_decided_from_memory(bench: Bench) -> None:
    bench.commit(1)
    bench.fill()
    bench.keep(*range(2, 50))
    bench.ids()
    bench.ledger.decide([M], MINE, NOW, "me")
    bench.ledger.decide([M + 1], NOT_MINE, NOW)
    bench.ledger.mark_all_shown(dict.fromkeys(few(bench), Severity.HIGH), NOW)
    bench.commit(*range(2, 50))
    bench.clear()
    assert few(bench) == [*range(49, 2, -1), 1]
    assert bench.unspoken() == []
    assert (on_disk(bench, 2), on_disk(bench, 3)) == ((NOW, MINE, "me", None), (None, NOT_MINE, "", None))
    assert bench.ledger.undo(M)
    assert (on_disk(bench, 2), bench.unspoken()) == ((None, None, "", None), [])


def test_what_was_decided_while_a_damaged_file_could_not_be_written_is_decided_in_the_new_one(bench: Bench) -> None:
    bench.commit(1, 2, 3)
    bench.ids()
    damaging.another_file(bench.path, Random(1))
    log = damaging.log_of(bench.path)
    if log.exists():
        os.truncate(log, 0)
    bench.ledger.decide([1], MINE, NOW, "me")
    bench.ledger.snooze([2], TOMORROW, NOW)
    bench.ids()
    assert (on_disk(bench, 1), on_disk(bench, 2)) == ((NOW, MINE, "me", None), (None, None, "", TOMORROW))
    assert few(bench) == [3, 2]


def test_a_snooze_that_is_over_is_done_with_though_that_cannot_be_written_yet(bench: Bench) -> None:
    bench.commit(1, 2)
    bench.ids()
    bench.ledger.snooze([1, 2], TOMORROW, NOW)
    failing(bench)
    bench.ledger.mark_all_shown({1: Severity.HIGH, 2: Severity.HIGH}, LATER)
    bench.ledger.mark_all_shown({1: Severity.HIGH}, TOMORROW)
    few(bench)
    assert (said(bench, 1)[3], said(bench, 2)[3]) == (None, TOMORROW)
    bench.clear()
    few(bench)
    assert (on_disk(bench, 1)[3], on_disk(bench, 2)[3]) == (None, TOMORROW)
