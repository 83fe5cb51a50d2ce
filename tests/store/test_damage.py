"""A damaged file is noticed, set aside whole, and what can be read of it is saved; nothing is overwritten."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random, randrange

import pytest

from builders import NOW, judged, numbered
from store import damaging
from store.damaging import MANY, PAGE_WAYS, WAYS, filled, log_of, pages, talked_about
from trayapp.core.causes import Cause
from trayapp.core.history import Wanted
from trayapp.core.incidents import Decision
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store import Store, StoreError
from trayapp.store.healing import heal, is_damaged

SEEDS = 12
"""Random damages of each kind; a run with another seed is another proof, so each is printed."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def random() -> Random:
    seed = randrange(2**32)
    print(f"seed {seed}")
    return Random(seed)


def contents(path: Path) -> dict[str, bytes]:
    """Give what lies in a file or folder, by name."""
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}


def usable(path: Path) -> None:
    with Store(path) as store:
        store.check()
        before = len(store.incidents())
        store.commit("work", [judged(numbered(10_000))], NOW)
        assert len(store.incidents()) == before + 1
        store.quarantine()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_whatever_the_damage_the_file_is_either_read_as_it_was_or_set_aside_whole(
    way: Callable[[Path, Random], None], path: Path, random: Random
) -> None:
    for number in range(SEEDS):
        place = path.with_name(f"{number}.sqlite3")
        before = filled(place)
        way(place, random)
        damaged = contents(place)
        known = before[:40]
        healed = heal(place, NOW, known)
        if healed is None:
            with Store(place) as store:
                assert all(len(each.findings) for each in store.incidents())
        else:
            kept = contents(healed.aside / place.name)
            assert kept == damaged
            with Store(place) as store:
                told = {part.fingerprint for each in known for part in each.findings}
                assert store.holds(told) == told
        usable(place)
        assert heal(place, NOW) is None


@pytest.mark.parametrize("way", PAGE_WAYS, ids=lambda way: way.__name__)
def test_every_alert_on_a_page_that_is_as_it_was_is_saved(
    way: Callable[[Path, Random], None], path: Path, random: Random
) -> None:
    for number in range(SEEDS):
        what_is_whole_is_saved(way, path.with_name(f"{number}.sqlite3"), random)


@pytest.mark.parametrize(
    ("way", "seed"),
    [
        (damaging.flip_bytes, 413),  # a spoiled row took the number of a whole one
        (damaging.flip_bytes, 1070),  # a text had become a number
        (damaging.misplace_pages, 5149),  # a page that leads to others had become one of rows
    ],
)
def test_what_once_took_whole_alerts_with_it_does_so_no_more(
    way: Callable[[Path, Random], None], seed: int, path: Path
) -> None:
    what_is_whole_is_saved(way, path, Random(seed))


def what_is_whole_is_saved(way: Callable[[Path, Random], None], place: Path, random: Random) -> None:
    told = {part.fingerprint for each in filled(place) for part in each.findings}
    whole = pages(place)
    way(place, random)
    left = b"".join(page for page, now in zip(whole, pages(place), strict=False) if page == now)
    heal(place, NOW)
    with Store(place) as store:
        assert store.holds(told) >= {each for each in told if f'"fingerprint":"{each}"'.encode() in left}


def test_of_two_messages_with_one_number_neither_is_lost(path: Path) -> None:
    filled(path)
    with Store(path) as store:
        bodies = {each.body for each in store.quarantine()}
    damaging.renumber(path, "{30", 3)
    assert heal(path, NOW) is not None
    with Store(path) as store:
        assert {each.body for each in store.quarantine()} == bodies


def test_of_two_incidents_with_one_number_the_one_that_is_open_counts(path: Path) -> None:
    with Store(path) as store:
        for number in range(1, 20):
            store.commit("work", [judged(numbered(number))], NOW)
        store.mark_all_shown({3: Severity.HIGH, 4: Severity.HIGH}, NOW)
        store.decide([3], Decision.SEEN, NOW, "this one is done")
    damaging.renumber(path, "this one is done", 4)
    assert heal(path, NOW) is not None
    with Store(path) as store:
        assert 4 in {each.id for each in store.to_review()}


def test_what_is_lost_of_the_incidents_to_review_is_taken_from_memory(path: Path, random: Random) -> None:
    filled(path)
    with Store(path) as store:
        known = store.to_review()
    damaging.another_file(path, random)
    healed = heal(path, NOW, known)
    assert healed is not None
    assert (healed.incidents, healed.complete) == (len(known), False)
    with Store(path) as store:
        assert store.to_review() == known


def test_rows_that_cannot_be_read_do_not_take_others_with_them(path: Path) -> None:
    before = filled(path)
    with Store(path) as store:
        connection = store._connection
        connection.execute("UPDATE finding SET document = '{\"signal\":' WHERE incident = 40")
        connection.execute("UPDATE incident SET created = 'once' WHERE id = 50")
        connection.execute("UPDATE quarantine SET received = 'then' WHERE id = 3")
        connection.execute("UPDATE finding SET document = cast(x'ff00fe' AS TEXT) WHERE incident = 60")
        with pytest.raises(StoreError) as raised:
            store.to_review()
        assert raised.value.cause is Cause.STORE_DAMAGED
    healed = heal(path, NOW)
    assert healed is not None
    with Store(path) as store:
        after = {each.id: each for each in store.incidents()}
        lost = {each.id for each in before if each.id not in after}
        assert lost == {40, 50, 60}
        assert [each.id for each in before if after.get(each.id) not in (None, each)] == []
        again = [each for each in after.values() if each.id > max(each.id for each in before)]
        assert [each.main.fingerprint for each in again] == ["new:49"], "without its incident it is told anew"
        assert again[0].shown is None
        assert store.quarantined() == MANY // 10 - 1
        assert (store.existing(), store.counts()["unreadable"]) == (MANY // 10, MANY // 10)


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE seen SET what = cast(x'ff00' AS TEXT)",
        "UPDATE seen SET first = 'once'",
        "INSERT INTO state VALUES ('paused_until', 'later')",
        "INSERT INTO unverified VALUES ('work', 'd', 'c', 'b', 'then', '{}')",
    ],
)
def test_any_row_that_cannot_be_read_is_damage_and_is_left_behind(spoil: str, path: Path) -> None:
    before = filled(path)
    with Store(path) as store:
        store._connection.execute(spoil)
    assert is_damaged(path)
    healed = heal(path, NOW)
    assert healed is not None
    assert not healed.complete
    with Store(path) as store:
        assert (store.incidents(), store.seen(NOW), store.paused_until()) == (before, frozenset(), None)
    assert not is_damaged(path)


def test_a_number_is_not_given_again_after_the_file_was_set_aside(path: Path, random: Random) -> None:
    before = filled(path)
    damaging.zero_pages(path, random)
    heal(path, NOW, before)
    with Store(path) as store:
        assert store.commit("work", [judged(numbered(10_000))], NOW)[-1] > max(each.id for each in before)


@pytest.mark.parametrize("offset", [0, 4, 24, 32 + 8, 32 + 24 + 100, 5 * (24 + 4096)])
def test_a_broken_log_is_noticed_before_anything_is_written_over_it(path: Path, offset: int) -> None:
    filled(path, log=True)
    with log_of(path).open("r+b") as file:
        file.seek(offset)
        before = file.read(4)
        file.seek(offset)
        file.write(bytes(255 - byte for byte in before))
    broken = {part.name: part.read_bytes() for part in (path, log_of(path))}
    with pytest.raises(StoreError, match="log is broken") as raised:
        Store(path)
    assert raised.value.cause is Cause.STORE_DAMAGED
    assert {part.name: part.read_bytes() for part in (path, log_of(path))} == broken
    healed = heal(path, NOW)
    assert healed is not None
    kept = contents(healed.aside)
    assert {name: kept[name] for name in broken} == broken
    usable(path)


def test_a_log_whose_end_was_never_written_is_what_a_power_cut_leaves_and_no_damage(path: Path) -> None:
    before = filled(path, log=True)
    with log_of(path).open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x55")
    with Store(path) as store:
        after = {each.id: each for each in store.incidents()}
    assert heal(path, NOW) is None
    assert len(before) == len(after)


def test_a_log_in_use_is_no_damage(path: Path) -> None:
    with Store(path) as writer:
        for number in range(30):
            writer.commit("work", [judged(numbered(number))], NOW)
            if number % 10 == 5:
                writer._connection.execute("PRAGMA wal_checkpoint(RESTART)")
            with Store(path) as reader:
                assert len(reader.incidents()) == number + 1
            assert not is_damaged(path)


@pytest.mark.parametrize("gone", [True, False], ids=["gone", "empty"])
def test_a_log_whose_file_is_gone_or_empty_is_not_deleted(path: Path, *, gone: bool) -> None:
    filled(path, log=True)
    log = log_of(path).read_bytes()
    if gone:
        path.unlink()
    else:
        os.truncate(path, 0)
    with pytest.raises(StoreError, match="only its write-ahead log is left"):
        Store(path)
    healed = heal(path, NOW)
    assert healed is not None
    assert (healed.aside / log_of(path).name).read_bytes() == log
    usable(path)


def test_a_file_that_is_removed_while_it_is_open_is_not_written_to_any_more(path: Path) -> None:
    with Store(path) as store:
        store.commit("work", [judged(numbered(1))], NOW)
        path.unlink()
        with pytest.raises(StoreError) as raised:
            store.commit("work", [judged(numbered(2))], NOW)
        assert raised.value.cause is Cause.STORE_DAMAGED
        heal(path, NOW)
        assert store.commit("work", [judged(numbered(2))], NOW) == [1]
    with Store(path) as another:
        assert [each.main.fingerprint for each in another.incidents()] == ["new:2"]


def test_who_has_it_open_goes_on_with_the_new_file_and_leaves_its_log_alone(path: Path, random: Random) -> None:
    filled(path)
    with Store(path) as old:
        known = old.to_review()
        damaging.zero_pages(path, random)
        assert heal(path, NOW, known) is not None
        with Store(path) as new:
            new.commit("work", [judged(numbered(1001))], NOW)
            log = log_of(path).read_bytes()
            assert old.commit("work", [judged(numbered(1002))], NOW)
            assert log_of(path).read_bytes()[: len(log)] == log
            found = {each.main.fingerprint for each in new.incidents()}
            assert {"new:1001", "new:1002"} <= found


def test_what_is_committed_while_the_file_is_moved_away_is_not_said_to_be_committed(path: Path) -> None:
    with Store(path) as store:
        messages = iter([judged(numbered(1))])

        def moving() -> Iterator[Judged]:
            path.rename(path.with_name("elsewhere"))
            yield next(messages)

        with pytest.raises(StoreError, match="moved away while it was written"):
            store.commit("work", moving(), NOW)


def test_it_is_set_aside_under_a_name_that_is_free_whatever_the_clock_says(path: Path, random: Random) -> None:
    folders = []
    for _ in range(3):
        filled(path)
        damaging.overwrite_header(path, random)
        healed = heal(path, NOW)
        assert healed is not None
        folders.append(healed.aside.name)
        path.unlink()
    stem = "alerts.sqlite3.damaged-20261123T111440Z"
    assert folders == [stem, f"{stem}-2", f"{stem}-3"]


STEPS = ("marker", "file", "log", "salvaged")


@pytest.mark.parametrize("step", STEPS)
def test_setting_aside_goes_on_where_it_was_interrupted(step: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(path, log=True)
    damaging.break_log(log_of(path))
    whole = {part.name: part.read_bytes() for part in (path, log_of(path))}
    after = {"marker": path.name, "file": log_of(path).name, "log": "salvaged-alerts.sqlite3", "salvaged": ""}[step]
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if self.name == after or (step == "salvaged" and self.name.startswith("salvaged")):
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        heal(path, NOW)
    monkeypatch.undo()
    if step != "marker":
        with pytest.raises(StoreError, match="it is being set aside"):
            Store(path)
    healed = heal(path, NOW + timedelta(days=1))
    assert healed is not None
    kept = contents(healed.aside)
    assert {name: kept[name] for name in whole} == whole
    usable(path)


HEALER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from trayapp.store.healing import heal
sys.stdin.readline()
print(heal(Path(sys.argv[1]), datetime.now(UTC)) is not None)
"""


def test_of_two_processes_that_find_it_damaged_one_sets_it_aside(path: Path, random: Random) -> None:
    for number in range(3):
        place = path.with_name(f"{number}.sqlite3")
        filled(place)
        damaging.zero_pages(place, random)
        healers = [
            subprocess.Popen(
                [sys.executable, "-c", HEALER, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        for healer in healers:
            assert healer.stdin
            healer.stdin.write("\n")
            healer.stdin.flush()
        said = sorted(healer.communicate(timeout=60)[0].strip() for healer in healers)
        assert said == ["False", "True"]
        assert len(list(place.parent.glob(f"{place.name}.damaged-*"))) == 1
        usable(place)


def test_a_sound_file_is_left_where_it_is(path: Path) -> None:
    before = filled(path, log=True)
    assert heal(path, NOW) is None
    with Store(path) as store:
        assert store.incidents() == before


def test_no_file_is_no_damage(path: Path) -> None:
    assert heal(path, NOW) is None


def test_a_file_of_a_newer_version_is_no_damage(path: Path) -> None:
    filled(path)
    with Store(path) as store:
        store._connection.execute("PRAGMA user_version = 99")
    assert heal(path, NOW) is None


def test_a_file_that_has_lost_its_version_is_damaged(path: Path) -> None:
    before = filled(path)
    with Store(path) as store:
        store._connection.execute("PRAGMA user_version = 0")
    healed = heal(path, NOW)
    assert healed is not None
    with Store(path) as store:
        assert store.incidents() == before


def test_what_was_said_of_incidents_is_saved_with_them_and_can_still_be_taken_back(path: Path) -> None:
    before = talked_about(path)
    with Store(path) as store:
        store._connection.execute("UPDATE incident SET created = 'once' WHERE id = 3")
        messages = {each.id: store.bodies(each.id) for each in before}
        ticked = {each.id: store.ticked(each.id) for each in before}
    assert heal(path, NOW) is not None
    with Store(path) as store:
        after = {each.id: each for each in store.incidents()}
        assert [each.id for each in before if after.get(each.id) != each] == [3]
        assert {number: store.bodies(number) for number in messages} == messages
        assert {number: store.ticked(number) for number in ticked} == ticked
        mine = next(each for each in before if each.decision is Decision.MINE)
        assert store.undo(mine.id)
        again = store.incident(mine.id)
        assert again is not None
        assert (again.decision, again.note) == (Decision.NOT_MINE, "who is this?")
        assert len(store.search(Wanted(text="user505"), 9)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE incident SET decision = 'perhaps' WHERE id = 130",
        "UPDATE incident SET snoozed = 'later' WHERE id = 130",
        "UPDATE incident SET note = cast(x'ff00' AS TEXT) WHERE id = 130",
        "UPDATE journal SET decision = 'perhaps' WHERE incident = 130",
        "UPDATE journal SET at = 'once' WHERE incident = 130",
        "UPDATE tick SET at = 'once' WHERE incident = 130",
        "UPDATE body SET packed = x'00ff' WHERE id = 6",
        "UPDATE body SET received = 'then' WHERE id = 6",
    ],
)
def test_whatever_is_damaged_of_what_was_said_is_damage_and_takes_nothing_else_with_it(spoil: str, path: Path) -> None:
    before = {each.main.fingerprint for each in talked_about(path)}
    with Store(path) as store:
        assert store.incident(130) is not None
        store._connection.execute(spoil)
    assert is_damaged(path)
    healed = heal(path, NOW)
    assert healed is not None
    assert not healed.complete
    with Store(path) as store:
        assert {each.main.fingerprint for each in store.incidents()} == before
        assert sum(each.decision is Decision.MINE for each in store.incidents()) >= 9
    assert not is_damaged(path)


def test_a_damaged_file_of_an_earlier_version_is_saved_as_well(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(Path(__file__).with_name("version_2.sql").read_text("utf-8"))
        connection.execute("DROP TABLE existing")
    assert is_damaged(path)
    assert heal(path, NOW) is not None
    with Store(path) as store:
        assert [each.id for each in store.incidents()] == [7, 6, 5, 4, 3, 2, 1]
        first = store.incident(1)
        assert first is not None
        assert first.reviewed is not None
