"""Taking everything along."""

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builders import NOW, body, judged, notification, numbered, user_item
from cli import screen
from cli.computer import Computer
from trayapp.core.incidents import Decision
from trayapp.store import Store

MESSAGE = body(notification(user_item()))


@pytest.fixture
def lived_in(computer: Computer) -> Computer:
    """Give a computer with three alerts, of which one was decided and has a step done."""
    with Store(computer.store) as store:
        for number in (1, 2, 3):
            store.commit("work", [judged(numbered(number), source=f"{number} {MESSAGE}")], NOW)
        store.decide([2], Decision.NOT_MINE, NOW, "nobody here")
        store.tick(2, "disable-key", NOW, done=True)
    return computer


def written(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    first, *rest = map(json.loads, text.splitlines())
    return first, rest


def test_everything_is_written_a_line_each_newest_first(lived_in: Computer, tmp_path: Path) -> None:
    target = tmp_path / "all.jsonl"
    told = lived_in.run("export", str(target))
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "3 alerts are exported.\n")
    header, alerts = written(target.read_text())
    assert set(header) == {"trayapp_export", "version", "exported"}
    assert header["trayapp_export"] == 1
    assert [alert["id"] for alert in alerts] == [3, 2, 1]
    assert [alert["messages"][0]["body"] for alert in alerts] == [f"{number} {MESSAGE}" for number in (3, 2, 1)]
    assert alerts[0]["messages"][0] | {"body": ""} == {
        "received": "2026-11-23T11:14:40.000Z",
        "whole": True,
        "body": "",
    }
    assert (alerts[1]["decision"], alerts[1]["note"]) == ("not-mine", "nobody here")
    assert [alert["steps_done"] for alert in alerts] == [[], ["disable-key"], []]


def test_only_its_owner_can_read_it_whatever_the_umask(lived_in: Computer, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        lived_in.run("export", str(tmp_path / "all.jsonl"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "all.jsonl").stat().st_mode) == 0o600


def test_messages_can_be_left_out(lived_in: Computer, tmp_path: Path) -> None:
    lived_in.run("export", "--no-messages", str(tmp_path / "all.jsonl"))
    _, alerts = written((tmp_path / "all.jsonl").read_text())
    assert [alert["messages"] for alert in alerts] == [[], [], []]


def test_what_is_there_already_stays_as_it_is_and_no_link_is_followed(lived_in: Computer, tmp_path: Path) -> None:
    there, link, elsewhere = tmp_path / "there", tmp_path / "link", tmp_path / "elsewhere"
    there.write_text("mine")
    link.symlink_to(elsewhere)
    for target in (there, link):
        told = lived_in.run("export", str(target))
        assert (told.returncode, told.stdout) == (1, "")
        assert f"{target} is there already. Name a file that is not." in told.stderr
    assert there.read_text() == "mine"
    assert not elsewhere.exists()


def test_where_nothing_can_be_written_it_says_so_and_leaves_nothing(lived_in: Computer, tmp_path: Path) -> None:
    told = lived_in.run("export", str(tmp_path / "nowhere" / "all.jsonl"))
    assert (told.returncode, told.stdout) == (1, "")
    assert "cannot be written: No such file or directory." in told.stderr
    assert not (tmp_path / "nowhere").exists()


def test_of_an_export_that_fails_no_half_file_stays(lived_in: Computer, tmp_path: Path) -> None:
    with closing(sqlite3.connect(lived_in.store)) as connection, connection:
        connection.execute("UPDATE finding SET document = 'nonsense' WHERE incident = 1")
    target = tmp_path / "all.jsonl"
    told = lived_in.run("export", str(target))
    assert (told.returncode, told.stdout) == (1, "")
    assert str(lived_in.store) in told.stderr
    assert not target.exists()


def test_it_goes_to_standard_output_too(lived_in: Computer) -> None:
    told = lived_in.run("export", "-")
    header, alerts = written(told.stdout)
    assert (header["trayapp_export"], len(alerts)) == (1, 3)
    assert told.stderr == "3 alerts are exported.\n"


def test_progress_is_shown_on_a_terminal_where_it_takes_longer(computer: Computer, tmp_path: Path) -> None:
    with Store(computer.store) as store:
        store.commit("work", [judged(*(numbered(number) for number in range(2500)))], NOW)
    shown = screen.run(computer, "export", str(tmp_path / "all.jsonl"))
    assert shown.code == 0
    assert "Exporting" in shown.text
    assert "100%" in shown.text
    assert computer.run("export", str(tmp_path / "again.jsonl")).stderr == "2,500 alerts are exported.\n"


def test_a_few_need_no_progress(lived_in: Computer, tmp_path: Path) -> None:
    assert screen.run(lived_in, "export", str(tmp_path / "all.jsonl")).text == "3 alerts are exported.\n"


_KILLED = """
import os, signal
from trayapp.cli import exporting, main

def pages(store, wanted, real=exporting.pages):
    yield next(real(store, wanted))
    yield from real(store, wanted)
    os.kill(os.getpid(), signal.SIGKILL)

exporting.pages = pages
main(["export", "all.jsonl"])
"""


def test_of_an_export_that_is_killed_nobody_takes_a_part_for_the_whole(lived_in: Computer, tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED], cwd=tmp_path, env=lived_in.env, timeout=60, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL
    assert not (tmp_path / "all.jsonl").exists()
    assert lived_in.run("export", str(tmp_path / "all.jsonl")).returncode == 0


def test_what_has_taken_the_name_meanwhile_stays_as_it_is(lived_in: Computer, tmp_path: Path) -> None:
    slow = _KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "open('all.jsonl', 'x').write('mine')")
    told = subprocess.run(
        [sys.executable, "-c", slow], cwd=tmp_path, env=lived_in.env, timeout=60, check=False, capture_output=True
    )
    assert told.returncode == 1
    assert b"all.jsonl is there already" in told.stderr
    assert (tmp_path / "all.jsonl").read_text() == "mine"
    assert not list(tmp_path.glob(".all*"))
