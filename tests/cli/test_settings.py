"""Checking the settings file from the command line."""

from queue import SimpleQueue
from typing import Any

from cli.computer import Computer
from trayapp.desktop import instance


def test_a_file_with_nothing_wrong_is_named(computer: Computer) -> None:
    path = computer.settings("history_days = 90\n")
    done = computer.run("settings")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{path}: nothing is wrong with it.\n", "")


def test_what_is_wrong_is_named_with_its_line(computer: Computer) -> None:
    path = computer.settings("# mine\nhistory_days = 3\n")
    done = computer.run("settings")
    assert done.returncode == 1
    assert f"{path}, line 2: history_days must be a number of days" in done.stderr
    assert done.stdout == ""


def test_where_there_is_no_file_that_is_said(computer: Computer) -> None:
    done = computer.run("settings")
    assert done.returncode == 0
    assert done.stdout.endswith("settings.toml: there is no such file yet.\n")


def test_the_place_of_the_file_can_be_given_to_an_editor(computer: Computer) -> None:
    path = computer.settings("history_days = 3\n")
    done = computer.run("settings", "--path")
    assert (done.returncode, done.stdout) == (0, f"{path}\n")


def test_the_running_trayapp_is_asked_to_go_by_it_unless_something_is_wrong(computer: Computer) -> None:
    path = computer.settings("history_days = 90\n")
    asked: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        asked.put(request)
        return {"done": True}

    with instance.claim(computer.home / "run" / "trayapp") as running:
        running.serve(answer)
        done = computer.run("settings")
        assert "The running trayapp goes by it now" in done.stdout
        assert asked.get_nowait() == {"ask": "reload"}
        path.write_text("history_days = 3\n")
        assert computer.run("settings").returncode == 1
        assert asked.empty()
