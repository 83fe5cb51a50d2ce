"""The copies beside the file: as many as help, and never so many that they fill the disk."""

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from builders import NOW
from store import damaging
from trayapp.store import Store, schema
from trayapp.store.copies import KEPT, YOUNG
from trayapp.store.healing import heal
from trayapp.store.schema import MIGRATIONS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


def beside(path: Path) -> list[str]:
    return sorted(each.name.removeprefix("alerts.sqlite3.") for each in path.parent.iterdir() if each != path)


def change(path: Path, monkeypatch: pytest.MonkeyPatch, versions: int) -> None:
    """Bring the file up to date so many times."""
    for number in range(1, versions + 1):
        monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, *(f"CREATE TABLE t{i} (x)" for i in range(number))))
        Store(path).close()


def damage(path: Path, days: int) -> str:
    """Let the file be damaged and set aside some days from now; give the name of the folder."""
    path.unlink(missing_ok=True)
    damaging.filled(path)
    damaging.overwrite_header(path, Random(days))
    healed = heal(path, NOW + timedelta(days=days))
    assert healed is not None
    for name in ("-wal", "-shm", ".lock"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    return healed.aside.name.removeprefix("alerts.sqlite3.")


def test_the_newest_copies_from_before_changes_stay(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    change(path, monkeypatch, 12)
    newest = len(MIGRATIONS) + 11
    assert beside(path) == sorted(f"v{version}.bak" for version in range(newest - KEPT + 1, newest + 1))


def test_of_several_copies_of_one_version_the_one_made_last_is_the_newest(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = []
    for content in range(12):
        path.unlink(missing_ok=True)
        monkeypatch.undo()
        with Store(path) as store:
            store.remember("number", str(content))
        change(path, monkeypatch, 1)
        names.append(beside(path))
    stem = f"v{len(MIGRATIONS)}.bak"
    assert names[0] == [stem]
    assert names[-1] == [f"{stem}.{number}" for number in (10, 11, 12)]
    monkeypatch.undo()
    with Store(path.with_name(f"{path.name}.{stem}.12")) as copy:
        assert copy.recall("number") == "11"


def test_a_change_that_fails_costs_no_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(path).close()
    change(path, monkeypatch, KEPT)
    before = beside(path)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, "no SQL"))
    with pytest.raises(Exception, match="syntax"):
        Store(path)
    assert beside(path) == before


def test_of_damaged_files_the_newest_and_all_young_ones_stay(path: Path) -> None:
    young = YOUNG.days
    first = [damage(path, days) for days in range(KEPT + 2)]
    assert beside(path) == first, "where a disk fails again and again, the first of them holds the most"
    later = damage(path, young + 2)
    assert beside(path) == [*first[2:], later], "those are older than thirty days"
    far = damage(path, 10 * young)
    assert beside(path) == [first[-1], later, far]


def test_a_clock_that_was_ahead_does_not_cost_the_latest(path: Path) -> None:
    ahead = [damage(path, days) for days in range(4000, 4000 + KEPT)]
    latest = damage(path, 0)
    assert beside(path) == [latest, *ahead]


def test_what_its_owner_has_renamed_or_put_beside_it_is_left_alone(path: Path) -> None:
    damage(path, 0)
    kept = [path.with_name(name) for name in (f"{path.name}.damaged-by-me", "mine.damaged-20200101T000000Z")]
    (path.with_name(f"{path.name}.{beside(path)[0]}")).rename(kept[0])
    kept[1].mkdir()
    for days in range(1, 400, 60):
        damage(path, days)
    assert len(beside(path)) == KEPT + len(kept)
    assert all(each.is_dir() for each in kept)


def test_a_copy_that_cannot_be_deleted_is_no_obstacle(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Store(path).close()
    for number in range(1, KEPT + 1):
        path.with_name(f"{path.name}.v0.bak.{number}").mkdir()
        (path.with_name(f"{path.name}.v0.bak.{number}") / "file").touch()

    def refused(folder: Path) -> None:
        raise PermissionError(13, "refused", str(folder))

    with monkeypatch.context() as patch:
        patch.setattr("trayapp.store.copies.shutil.rmtree", refused)
        change(path, patch, 1)
    assert len(beside(path)) == KEPT + 1
    assert "an old copy cannot be deleted" in caplog.text
