"""What was acknowledged is on disk, whatever ends the process or the power.

``python -m durability`` does the same at length.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random, randrange

import pytest

from durability import crash, power
from durability.disk import Disk

ROUNDS = int(os.environ.get("TRAYAPP_CRASH_ROUNDS", "60"))
CUTS = int(os.environ.get("TRAYAPP_POWER_CUTS", "100"))

traced = pytest.mark.skipif(not power.AVAILABLE, reason="there is no strace here, which records the writes")


@pytest.fixture
def seed() -> int:
    seed = randrange(2**32)
    print(f"seed {seed}")
    return seed


@pytest.mark.timeout(60 + 2 * ROUNDS)
def test_a_process_killed_at_any_instant_loses_and_doubles_nothing_and_shows_what_was_not_shown(
    tmp_path: Path, seed: int
) -> None:
    figures = crash.run(tmp_path, ROUNDS, seed)
    print(figures)
    assert figures == replace(
        crash.Figures(),
        rounds=ROUNDS,
        delivered=figures.delivered,
        acknowledged=figures.acknowledged,
        rung_again=figures.rung_again,
    )
    assert figures.acknowledged > 5 * ROUNDS
    assert figures.delivered > figures.acknowledged, "some came again"


@traced
@pytest.mark.timeout(120 + CUTS)
def test_a_power_cut_at_any_instant_loses_nothing_that_was_committed_and_leaves_no_batch_in_part(seed: int) -> None:
    figures = power.commits(CUTS, seed)
    print(figures)
    assert (figures.cuts, figures.lost, figures.torn, figures.damaged) == (CUTS, 0, 0, 0)
    assert figures.acknowledged > CUTS


@traced
def test_a_store_that_did_not_wait_for_the_disk_would_be_found_out(seed: int) -> None:
    figures = power.commits(20, seed, careless=True)
    print(figures)
    assert figures.lost > 0


@traced
def test_a_power_cut_while_the_schema_is_changed_leaves_the_file_as_it_was_or_a_whole_copy(seed: int) -> None:
    figures = power.migrations(CUTS, seed)
    print(figures)
    assert (figures.cuts, figures.lost, figures.damaged) == (CUTS, 0, 0)


@traced
def test_a_power_cut_while_a_damaged_file_is_set_aside_leaves_it_whole(seed: int) -> None:
    figures = power.healings(CUTS, seed)
    print(figures)
    assert (figures.cuts, figures.lost, figures.torn, figures.damaged) == (CUTS, 0, 0, 0)


@traced
@pytest.mark.parametrize("proof", [power.migrations, power.healings])
def test_whichever_changes_of_names_a_power_cut_takes_back_nothing_is_lost(
    proof: Callable[[None, int], power.Figures], seed: int
) -> None:
    figures = proof(None, seed)
    print(figures)
    assert (figures.lost, figures.torn, figures.damaged) == (0, 0, 0)
    assert figures.cuts > 20


def test_the_simulated_disk_keeps_what_was_flushed_and_may_lose_or_mix_what_was_not(tmp_path: Path, seed: int) -> None:
    outcomes = set()
    random = Random(seed)
    for number in range(400):  # one of them comes once in twelve times
        disk = Disk()
        file = disk.create("file")
        disk.write(file, 0, b"a" * 1024)
        disk.flush(file)
        disk.flush_names()
        disk.write(file, 0, b"b" * 1024)
        disk.rename("file", "renamed")
        folder = tmp_path / str(number)
        folder.mkdir()
        disk.after_power_cut(random, folder)
        [left] = folder.iterdir()
        outcomes.add((left.name, left.read_bytes()[::512]))
    assert {content for _, content in outcomes} == {b"aa", b"ab", b"ba", b"bb"}
    assert {name for name, _ in outcomes} == {"file", "renamed"}
