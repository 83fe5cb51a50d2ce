"""Several processes, and one that is killed: what was committed is there."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from builders import NOW, judged, numbered
from trayapp.store import Store

TESTS = Path(__file__).parents[1]

# Commits findings of the numbers it is given, one after another, and says each number once it is committed.
WRITER = """
import sys
from builders import NOW, judged, numbered, unreadable
from pathlib import Path
from trayapp.store import Store

with Store(Path(sys.argv[1])) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(sys.argv[2]), int(sys.argv[3])):
        store.commit("work", [judged(numbered(number)), unreadable("{" + str(number) * 3000)], NOW)
        print(number, flush=True)
"""


def writer(path: Path, first: int, end: int) -> "subprocess.Popen[str]":
    """Start a writer; it waits for a line before it writes."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first), str(end)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent)))},
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def test_two_processes_that_write_at_once_both_get_everything_in(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite3"
    writers = [writer(path, 0, 60), writer(path, 30, 90)]
    for process in writers:
        go(process)
    for process in writers:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert len(said.split()) == 60
    with Store(path) as store:
        assert sorted(incident.main.fingerprint for incident in store.incidents()) == sorted(
            f"new:{n}" for n in range(90)
        )
        assert store.quarantined() == 90
        assert store.counts()["unreadable"] == 120


def test_a_killed_process_loses_nothing_that_it_has_said_to_be_committed(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite3"
    for round_ in range(20):
        first = round_ * 1_000_000
        process = writer(path, first, first + 1_000_000)
        go(process)
        assert process.stdout
        said = [int(process.stdout.readline()) for _ in range(1 + round_)]
        process.kill()
        # Not communicate(): that reads past what readline() has read ahead.
        said += [int(line) for line in process.stdout.read().splitlines() if line]
        process.communicate(timeout=60)
        assert process.returncode == -9, "it was in the middle of its work"
        with Store(path) as store:
            kept = {incident.main.fingerprint for incident in store.incidents()}
            assert {f"new:{number}" for number in said} <= kept
            started = {number for number in kept if int(number.removeprefix("new:")) >= first}
            assert len(started) - len(said) in (0, 1), "at most the one that it could not say any more"
            assert store.quarantined() == len(kept), "a batch is there whole or not at all"
            (verdict,) = store._connection.execute("PRAGMA integrity_check").fetchone()
            assert verdict == "ok"


def fastest(work: Callable[[], object], tries: int = 30) -> float:
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def test_a_long_history_does_not_slow_the_list_to_review(tmp_path: Path) -> None:
    reviewed = 50_000
    with Store(tmp_path / "small.sqlite3") as small, Store(tmp_path / "large.sqlite3") as large:
        large.commit("work", [judged(*map(numbered, range(reviewed)))], NOW)
        large.review_all(NOW)
        for store in (small, large):
            store.commit("work", [judged(*map(numbered, range(reviewed, reviewed + 10)))], NOW)
            assert len(store.to_review()) == 10
        assert fastest(large.to_review) < 10 * fastest(small.to_review)
