"""The doctor as a person or a program calls it, on a computer without anything."""

import json
import stat
import sys
from pathlib import Path

from cli.computer import Computer

FIELDS = {"step", "account", "region", "outcome", "sentence", "way_out", "detail"}
ACCOUNT = """
[accounts.mylabel]
region = "eu-west-1"
queue_url = "http://127.0.0.1:9/123456789012/myqueue"
endpoint_url = "http://127.0.0.1:9"
"""


def test_it_walks_without_a_tray_and_without_a_desktop_and_says_what_is_not_well(computer: Computer) -> None:
    told = computer.run("doctor")
    assert (told.returncode, told.stderr) == (3, "")
    lines = told.stdout.splitlines()
    assert lines[0].startswith("✘ settings ")
    assert "Set one up with: trayapp login" in lines[1]
    assert any(line.startswith("✔ network ") for line in lines)
    assert any(line.startswith("– alert ") for line in lines)
    assert lines[-1] == "Not well: 3."
    assert not computer.store.exists()


def test_in_json_every_step_has_the_documented_fields(computer: Computer) -> None:
    computer.settings(ACCOUNT)
    told = computer.run("doctor", "--json", "--no-notify")
    steps = json.loads(told.stdout)
    assert told.returncode == 3
    assert all(set(step) == FIELDS for step in steps)
    assert {step["outcome"] for step in steps} == {"well", "ill", "not-asked"}
    by_name = {step["step"]: step for step in steps}
    assert by_name["key"]["account"] == "mylabel"
    assert by_name["connection"]["outcome"] == "ill"
    assert by_name["trayapp"]["way_out"] == "Start it with: trayapp run"


def test_a_poor_terminal_gets_words_for_signs(computer: Computer) -> None:
    told = computer.run("doctor", env={"PYTHONIOENCODING": "ascii"})
    assert told.stdout.startswith("!! settings ")
    assert "\nok network " in told.stdout


def test_a_report_is_written_beside_the_walk_and_takes_the_place_of_nothing(computer: Computer, tmp_path: Path) -> None:
    computer.settings(ACCOUNT)
    path = tmp_path / "report.txt"
    told = computer.run("doctor", "--json", "--no-notify", "--report", str(path))
    json.loads(told.stdout)
    assert f"The report is in {path}" in told.stderr
    text = path.read_text("utf-8")
    for private in ("mylabel", "myqueue", "123456789012", "127.0.0.1", str(computer.home)):
        assert private not in text
    assert "== the walk" in text
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = computer.run("doctor", "--report", str(path))
    assert (again.returncode, again.stdout) == (1, "")
    assert "is there already" in again.stderr
    assert path.read_text("utf-8") == text


def test_a_report_that_cannot_be_written_is_said(computer: Computer, tmp_path: Path) -> None:
    told = computer.run("doctor", "--no-notify", "--report", str(tmp_path / "no" / "where"))
    assert told.returncode == 1
    assert "cannot be written" in told.stderr
