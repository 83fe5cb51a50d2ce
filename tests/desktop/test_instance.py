"""One instance, between real processes."""

import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trayapp.desktop.instance import (
    AlreadyRunning,
    Instance,
    NoAnswer,
    NotRunning,
    UnsafeFolder,
    ask,
    claim,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="speaks to the Unix socket directly")

# Claims whenever it is told to; says what came of it; answers; lets go when told to.
PROGRAM = """
import os, subprocess, sys
from pathlib import Path
from trayapp.desktop.instance import AlreadyRunning, claim

folder = Path(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    try:
        instance = claim(folder)
    except AlreadyRunning as other:
        print("lost to", other.pid, flush=True)
        sys.stdin.readline()
        continue
    instance.serve(lambda request: {"pid": os.getpid(), "echo": request})
    print("won", flush=True)
    if sys.stdin.readline() == "child\\n":
        print(subprocess.Popen(["sleep", "60"], start_new_session=True).pid, flush=True)
        sys.stdin.readline()
    instance.close()
"""


class Program:
    """Another process."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.hear() == "ready"

    @property
    def pid(self) -> int:
        return self.process.pid

    def tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


@pytest.fixture
def program(folder: Path) -> Iterator[Callable[[], Program]]:
    programs: list[Program] = []

    def start() -> Program:
        programs.append(Program(folder))
        return programs[-1]

    yield start
    for each in programs:
        each.kill()


@pytest.fixture
def running(folder: Path) -> Iterator[Instance]:
    with claim(folder) as instance:
        instance.serve(lambda request: {"echo": request})
        yield instance


def connect(instance: Instance) -> socket.socket:
    """Give a client of the plainest kind."""
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(10)
    link.connect(instance.address)
    return link


# ---- one instance


def test_an_instance_answers_another_process(folder: Path, program: Callable[[], Program]) -> None:
    other = program()
    other.tell("go")
    assert other.hear() == "won"
    assert ask(folder, {"ask": "status", "name": "漢字"}, 5) == {
        "pid": other.pid,
        "echo": {"ask": "status", "name": "漢字"},
    }


def test_who_comes_second_learns_who_was_first(folder: Path, program: Callable[[], Program]) -> None:
    other = program()
    other.tell("go")
    assert other.hear() == "won"
    with pytest.raises(AlreadyRunning) as found:
        claim(folder)
    assert found.value.pid == other.pid
    assert str(other.pid) in str(found.value)


def test_a_second_claim_in_the_same_process_is_refused_too(folder: Path, running: Instance) -> None:
    with pytest.raises(AlreadyRunning):
        claim(folder)
    assert ask(folder, {}, 5) == {"echo": {}}


def test_of_two_that_start_at_the_same_instant_exactly_one_wins(folder: Path, program: Callable[[], Program]) -> None:
    both = [program(), program()]
    for _ in range(20):
        for each in both:
            each.tell("go")
        said = {each.pid: each.hear() for each in both}
        winners = [pid for pid, word in said.items() if word == "won"]
        assert len(winners) == 1, said
        assert f"lost to {winners[0]}" in said.values()
        assert ask(folder, {}, 5)["pid"] == winners[0]
        for each in both:
            each.tell("let go")


def test_after_a_kill_the_next_start_succeeds(folder: Path, program: Callable[[], Program]) -> None:
    first = program()
    first.tell("go")
    assert first.hear() == "won"
    os.kill(first.pid, signal.SIGKILL)
    first.process.wait(5)
    with pytest.raises(NotRunning):
        ask(folder, {}, 5)
    with claim(folder) as instance:
        instance.serve(lambda _: {"second": True})
        assert ask(folder, {}, 5) == {"second": True}


def test_a_program_that_the_killed_one_had_started_holds_nothing(folder: Path, program: Callable[[], Program]) -> None:
    first = program()
    first.tell("go")
    assert first.hear() == "won"
    first.tell("child")
    child = int(first.hear())
    try:
        first.kill()
        os.kill(child, 0)  # the child is still there
        claim(folder).close()
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_stopped_instance_makes_way_for_the_next(folder: Path) -> None:
    for turn in range(3):
        with claim(folder) as instance:
            instance.serve(lambda _, turn=turn: {"turn": turn})  # type: ignore[misc]
            assert ask(folder, {}, 5) == {"turn": turn}
    with pytest.raises(NotRunning):
        ask(folder, {}, 5)
    assert {path.name for path in folder.iterdir()} <= {"lock"}


def test_an_instance_that_does_not_run_any_more_but_is_frozen_still_counts(
    folder: Path, program: Callable[[], Program]
) -> None:
    frozen = program()
    frozen.tell("go")
    assert frozen.hear() == "won"
    os.kill(frozen.pid, signal.SIGSTOP)
    with pytest.raises(AlreadyRunning):
        claim(folder)
    started = time.monotonic()
    with pytest.raises(NoAnswer):
        ask(folder, {}, 0.3)
    assert time.monotonic() - started < 1.5


def test_requests_wait_for_who_has_claimed_but_does_not_serve_yet(folder: Path) -> None:
    answers: list[dict[str, Any]] = []
    with claim(folder) as instance:
        asking = threading.Thread(target=lambda: answers.append(ask(folder, {}, 5)))
        asking.start()
        instance.serve(lambda _: {"late": True})
        asking.join(5)
    assert answers == [{"late": True}]


# ---- what lies about


def test_nobody_listens_where_nothing_is(folder: Path) -> None:
    with pytest.raises(NotRunning):
        ask(folder, {}, 5)


def test_a_stale_socket_of_somebody_elses_is_replaced(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(folder / "control"))
    stale.close()
    with claim(folder) as instance:
        instance.serve(lambda _: {"mine": True})
        assert ask(folder, {}, 5) == {"mine": True}


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[]", b"\xff", b'{"pid": 1}', b'{"pid": "x", "address": 7}', b"[" * 9000],
    ids=["empty", "cut", "list", "no utf-8", "half", "wrong types", "deep"],
)
def test_a_spoilt_note_of_the_holder_harms_nobody(folder: Path, said: bytes) -> None:
    folder.mkdir(mode=0o700)
    (folder / "holder").write_bytes(said)
    with pytest.raises(NotRunning):
        ask(folder, {}, 1)
    with claim(folder) as instance:
        instance.serve(lambda _: {"mine": True})
        assert ask(folder, {}, 5) == {"mine": True}


def test_folder_lock_and_socket_are_the_owners_alone(folder: Path, running: Instance) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "lock").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_enter_is_refused_and_left_as_it_is(folder: Path, mode: int) -> None:
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(UnsafeFolder, match="chmod 700"):
        claim(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == mode


def test_a_link_in_the_place_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafeFolder):
        claim(folder)


@pytest.mark.parametrize("length", [90, 103, 104, 180])
def test_a_long_path_is_no_obstacle(tmp_path: Path, length: int) -> None:
    folder = tmp_path / ("x" * (length - len(str(tmp_path)) - 1 - len("/control")))
    with claim(folder) as instance:
        instance.serve(lambda _: {"fine": True})
        assert len(instance.address) <= 103
        assert stat.S_IMODE(Path(instance.address).parent.stat().st_mode) == 0o700
        assert ask(folder, {}, 5) == {"fine": True}
        # Who asks may have another idea of where temporary files go.
        asked = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys, pathlib, trayapp.desktop.instance as i; print(i.ask(pathlib.Path(sys.argv[1]), {}, 5))",
                folder,
            ],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert asked.stdout == "{'fine': True}\n"
    assert not Path(instance.address).exists()
    assert Path(instance.address).parent in {folder, Path("/tmp")} or not Path(instance.address).parent.exists()


def test_what_a_killed_instance_left_elsewhere_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 150)
    first = Program(folder)
    first.tell("go")
    assert first.hear() == "won"
    elsewhere = Path(json.loads((folder / "holder").read_text())["address"]).parent
    first.kill()
    assert elsewhere.exists()
    claim(folder).close()
    assert not elsewhere.exists()


# ---- stopping


def test_stopping_takes_under_a_fifth_of_a_second_also_with_silent_clients(folder: Path) -> None:
    instance = claim(folder)
    instance.serve(lambda _: {})
    with connect(instance), connect(instance):
        started = time.monotonic()
        instance.close()
        assert time.monotonic() - started < 0.2
    instance.close()
    claim(folder).close()


def test_stopping_takes_under_a_fifth_of_a_second_also_where_the_socket_was_removed(folder: Path) -> None:
    instance = claim(folder)
    instance.serve(lambda _: {})
    Path(instance.address).unlink()
    started = time.monotonic()
    instance.close()
    assert time.monotonic() - started < 0.2
    claim(folder).close()
