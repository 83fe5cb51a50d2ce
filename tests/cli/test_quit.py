"""``trayapp quit``, with a program that really runs."""

import json
import subprocess
import sys

import pytest

from cli.computer import Computer
from desktop_bench.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the computer is one of POSIX")


def answers(computer: Computer) -> bool:
    return bool(json.loads(computer.run("status", "--json").stdout)["cause"] != "not-running") and any(
        computer.home.glob("run/*/holder")
    )


def test_it_ends_the_running_program_and_returns_when_it_has_ended(computer: Computer) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "trayapp", "run", "--no-desktop"],
        env=computer.env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as program:
        try:
            wait_until(lambda: answers(computer), 30, "the program")
            ended = computer.run("quit")
            assert (ended.returncode, ended.stdout, ended.stderr) == (0, "trayapp has ended.\n", "")
            assert program.wait(10) == 0
        finally:
            program.kill()
    again = computer.run("quit")
    assert (again.returncode, again.stdout) == (3, "trayapp is not running.\n")


def test_where_none_runs_the_exit_code_says_so(computer: Computer) -> None:
    none = computer.run("quit")
    assert (none.returncode, none.stdout, none.stderr) == (3, "trayapp is not running.\n", "")
