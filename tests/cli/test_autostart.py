"""``trayapp autostart``, as its owner and as programs use it."""

import json
import os
from pathlib import Path

import pytest

from cli.computer import Computer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="looks at the files of a Linux desktop")


def entry(computer: Computer) -> Path:
    return computer.home / ".config" / "autostart" / "trayapp.desktop"


def test_at_first_it_is_off_and_says_how_to_change_that(computer: Computer) -> None:
    status = computer.run("autostart", "status")
    assert (status.returncode, status.stderr) == (1, "")
    assert status.stdout == "trayapp does not start at login. To change that: trayapp autostart on\n"


def test_switched_on_and_off(computer: Computer) -> None:
    on = computer.run("autostart", "on")
    assert (on.returncode, on.stderr) == (0, "")
    assert str(entry(computer)) in on.stdout
    status = computer.run("autostart", "status")
    assert (status.returncode, status.stderr) == (0, "")
    assert status.stdout.startswith("trayapp starts at login: ")
    assert status.stdout.endswith("run\n")

    assert computer.run("autostart", "off").returncode == 0
    assert computer.run("autostart", "status").returncode == 1
    assert not entry(computer).exists()


def test_for_programs_it_is_one_object(computer: Computer) -> None:
    off = computer.run("autostart", "status", "--json")
    assert (off.returncode, json.loads(off.stdout)) == (
        1,
        {"state": "off", "place": str(entry(computer)), "command": []},
    )
    computer.run("autostart", "on")
    on = computer.run("autostart", "status", "--json")
    record = json.loads(on.stdout)
    assert (on.returncode, record["state"], record["place"]) == (0, "on", str(entry(computer)))
    assert record["command"][-1] == "run"
    assert os.access(record["command"][0], os.X_OK)


def test_what_points_to_a_program_that_is_gone_is_told_and_mended(computer: Computer) -> None:
    entry(computer).parent.mkdir(parents=True)
    entry(computer).write_text("[Desktop Entry]\nType=Application\nName=trayapp\nExec=/gone/trayapp run\n")

    status = computer.run("autostart", "status")
    assert (status.returncode, status.stderr) == (3, "")
    assert "not there any more: /gone/trayapp run. To start this installation instead: trayapp autostart on" in (
        status.stdout
    )
    assert json.loads(computer.run("autostart", "status", "--json").stdout)["state"] == "broken"

    assert computer.run("autostart", "on").returncode == 0
    assert computer.run("autostart", "status").returncode == 0


def test_where_it_cannot_be_written_it_says_so(computer: Computer) -> None:
    (computer.home / ".config").write_text("a file is in the way")
    refused = computer.run("autostart", "on")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == f"Error: {entry(computer)} cannot be written: Not a directory.\n"


@pytest.mark.parametrize("code", ["0 it does\n", "1 it does not", "3 it is switched on"])
def test_help_tells_the_exit_codes(computer: Computer, code: str) -> None:
    assert code in computer.run("autostart", "status", "--help").stdout
