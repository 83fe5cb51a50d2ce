"""What the disk does not take is in memory, and moves to the disk with what was told and reviewed of it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from random import Random, randrange
from threading import Thread

import pytest

from builders import NOW, finding, judged, machine, numbered, takeover_steps, unreadable
from trayapp.core.finding import Lane
from trayapp.core.severity import Severity
from trayapp.store import Store, StoreError
from trayapp.store.overflow import Overflow
from trayapp.store.salvage import FIRST_IN_MEMORY

LATER = NOW + timedelta(minutes=5)
M = FIRST_IN_MEMORY


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        yield opened


@pytest.fixture
def memory() -> Iterator[Overflow]:
    overflow = Overflow()
    yield overflow
    overflow.close()


def test_its_numbers_are_none_that_the_disk_ever_gives(memory: Overflow) -> None:
    memory.commit("work", [judged(numbered(1), numbered(2)), unreadable("{cut")], NOW)
    assert [each.id for each in memory.to_review()] == [M + 1, M]
    assert len(memory) == 2


def test_what_comes_again_changes_nothing(memory: Overflow) -> None:
    for _ in range(3):
        memory.commit("work", [judged(numbered(1))], NOW)
    assert [each.id for each in memory.incidents()] == [M]


def test_what_is_on_disk_already_was_told_already(memory: Overflow, disk: Store) -> None:
    disk.commit("work", [judged(numbered(1))], NOW)
    memory.commit("work", [judged(numbered(1, lane=Lane.CLOUDTRAIL), numbered(2))], NOW, disk)
    assert [each.main.fingerprint for each in memory.incidents()] == ["new:2"]


def test_a_disk_that_cannot_even_be_read_is_no_obstacle(memory: Overflow, disk: Store) -> None:
    disk.close()
    memory.commit("work", [judged(numbered(1))], NOW, disk)
    assert len(memory) == 1


def test_it_moves_to_the_disk_in_its_order_with_all_that_its_owner_has_done(memory: Overflow, disk: Store) -> None:
    memory.commit("work", [judged(*map(numbered, range(4)))], NOW)
    memory.mark_all_shown({M: Severity.HIGH, M + 1: Severity.HIGH}, LATER)
    memory.review([M], LATER)
    assert memory.pour(disk) == {M: 1, M + 1: 2, M + 2: 3, M + 3: 4}
    assert [each.main.fingerprint for each in disk.incidents()] == ["new:3", "new:2", "new:1", "new:0"]
    assert [(each.id, each.unspoken) for each in disk.to_review()] == [(4, True), (3, True), (2, False)]
    first = disk.incident(1)
    assert first is not None
    assert (first.created, first.shown, first.told, first.reviewed) == (NOW, LATER, Severity.HIGH, LATER)
    assert (len(memory), memory.incidents()) == (0, [])
    assert disk.counts() == {}, "its message is counted when it comes again"


def test_what_comes_again_from_the_queue_afterwards_is_no_news(memory: Overflow, disk: Store) -> None:
    batch = [judged(numbered(1), *takeover_steps()), judged(machine(1), machine(2))]
    memory.commit("work", batch, NOW)
    memory.mark_all_shown({each.id: each.severity for each in memory.to_review()}, NOW)
    memory.review([M], NOW)
    memory.pour(disk)
    before = disk.incidents()
    disk.commit("work", batch, LATER)
    assert disk.incidents() == before
    assert not any(each.unspoken for each in disk.to_review())


def test_what_came_to_the_disk_first_counts_as_told_and_reviewed_from_memory(memory: Overflow, disk: Store) -> None:
    memory.commit("work", [judged(numbered(1), numbered(2))], NOW)
    memory.mark_all_shown({M: Severity.HIGH, M + 1: Severity.HIGH}, NOW)
    memory.review([M], LATER)
    disk.commit("work", [judged(numbered(1), numbered(2))], LATER)
    assert memory.pour(disk) == {M: 1, M + 1: 2}
    assert [(each.id, each.unspoken) for each in disk.to_review()] == [(2, False)]


def test_more_than_was_told_from_memory_is_still_to_be_told(memory: Overflow, disk: Store) -> None:
    memory.commit("work", [judged(machine(1))], NOW)
    memory.mark_all_shown({M: Severity.MEDIUM}, NOW)
    disk.commit("work", [judged(machine(1), machine(2))], LATER)
    memory.pour(disk)
    [incident] = disk.to_review()
    assert (incident.unspoken, len(incident.parts)) == (True, 2)


def test_growth_of_what_is_told_on_disk_is_growth_and_no_news(memory: Overflow, disk: Store) -> None:
    disk.commit("work", [judged(machine(1))], NOW)
    disk.mark_shown(1, Severity.MEDIUM, NOW)
    memory.commit("work", [judged(machine(2))], LATER, disk)
    memory.mark_all_shown({M: Severity.MEDIUM}, LATER)
    assert memory.pour(disk) == {M: 1}
    [incident] = disk.to_review()
    assert (incident.id, incident.unspoken, incident.shown, len(incident.parts)) == (1, False, NOW, 2)


def test_what_joins_a_reviewed_incident_opens_it_again_without_ringing_again(memory: Overflow, disk: Store) -> None:
    disk.commit("work", [judged(machine(1))], NOW)
    disk.review([1], NOW)
    memory.commit("work", [judged(machine(2))], LATER, disk)
    memory.mark_all_shown({M: Severity.MEDIUM}, LATER)
    memory.pour(disk)
    [incident] = disk.to_review()
    assert (incident.unspoken, incident.reviewed, len(incident.parts)) == (False, None, 2)


def test_together_they_may_be_heavier_than_what_was_told(memory: Overflow, disk: Store) -> None:
    disk.commit("work", [judged(*map(machine, range(5)))], NOW)
    disk.mark_shown(1, Severity.MEDIUM, NOW)
    memory.commit("work", [judged(*map(machine, range(5, 10)))], LATER, disk)
    memory.mark_all_shown({M: Severity.MEDIUM}, LATER)
    memory.pour(disk)
    [incident] = disk.to_review()
    assert (incident.severity, incident.unspoken) == (Severity.CRITICAL, True)


def test_a_takeover_of_which_one_half_is_on_disk_is_found_when_both_are(memory: Overflow, disk: Store) -> None:
    made, removed, started = takeover_steps()
    disk.commit("work", [judged(made)], NOW)
    memory.commit("work", [judged(removed, started)], LATER, disk)
    memory.pour(disk)
    assert "takeover" in [each.main.signal for each in disk.to_review()]


def test_two_incidents_in_memory_that_one_on_disk_ties_together_become_one(memory: Overflow, disk: Store) -> None:
    first = finding(fingerprint="a", links=frozenset({"event:1"}))
    bridge = finding(fingerprint="b", links=frozenset({"event:1", "event:2"}))
    last = finding(fingerprint="c", links=frozenset({"event:2"}))
    disk.commit("work", [judged(bridge)], NOW)
    disk.mark_shown(1, Severity.HIGH, NOW)
    memory.commit("work", [judged(first), judged(last)], LATER)
    assert len(memory) == 2
    assert memory.pour(disk) == {M: 1, M + 1: 1}
    assert [len(each.parts) for each in disk.incidents()] == [3]


def test_a_disk_that_is_still_full_leaves_everything_in_memory(memory: Overflow, disk: Store) -> None:
    pages = disk._connection.execute("PRAGMA page_count").fetchone()[0]
    disk._connection.execute(f"PRAGMA max_page_count = {pages}")
    memory.commit("work", [judged(*map(numbered, range(200)))], NOW)
    with pytest.raises(StoreError, match="full"):
        memory.pour(disk)
    assert (len(memory), disk.incidents()) == (200, [])
    disk._connection.execute("PRAGMA max_page_count = 100000")
    memory.pour(disk)
    assert (len(memory), disk.count()) == (0, 200)


def test_a_number_is_not_given_twice(memory: Overflow, disk: Store) -> None:
    memory.commit("work", [judged(numbered(1))], NOW)
    memory.pour(disk)
    memory.commit("work", [judged(numbered(2))], NOW)
    assert [each.id for each in memory.to_review()] == [M + 1]


def test_memory_has_an_end_too_and_keeps_what_it_has(disk: Store) -> None:
    memory = Overflow(largest=400_000)
    batches = ([judged(numbered(number))] for number in range(1000))
    with pytest.raises(StoreError, match="full"):
        list(map(memory.commit, repeat("work"), batches, repeat(NOW)))
    kept = len(memory)
    assert kept > 20
    memory.pour(disk)
    assert disk.count() == kept
    memory.commit("work", [judged(numbered(5000))], NOW)
    memory.close()


def test_many_threads_may_use_it_at_once(tmp_path: Path) -> None:
    memory = Overflow()
    seed = randrange(2**32)
    print(f"seed {seed}")

    def commit(account: int) -> None:
        random = Random(seed + account)
        for _ in range(40):
            memory.commit(f"account{account}", [judged(numbered(random.randrange(60)))], NOW)

    threads = [Thread(target=commit, args=(account,)) for account in range(4)]
    with Store(tmp_path / "alerts.sqlite3") as disk:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            memory.mark_all_shown({each.id: each.severity for each in memory.to_review()}, NOW)
            memory.pour(disk)
        memory.pour(disk)
        assert len(memory) == 0
        found = [each.main.fingerprint for each in disk.incidents()]
        assert len(found) == len(set(found)) > 20
    memory.close()
