"""Saying what an alert was, putting it off, and taking that back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import NOW, judged, numbered
from cli.computer import Computer
from trayapp.store import Store


@pytest.fixture
def alerted(computer: Computer) -> Computer:
    """Give a computer with three alerts to review."""
    with Store(computer.store) as store:
        store.commit("work", [judged(*(numbered(number) for number in (1, 2, 3)))], NOW)
    return computer


def alert(computer: Computer, number: int) -> dict[str, Any]:
    alerts: list[dict[str, Any]] = json.loads(computer.run("history", "--json").stdout)
    return next(each for each in alerts if each["id"] == number)


def test_what_was_mine_is_reviewed_with_its_note(alerted: Computer) -> None:
    told = alerted.run("review", "2", "3", "--mine", "--note", "deploy of today")
    assert (told.returncode, told.stdout) == (0, "2 alerts are yours and reviewed now.\n")
    found = alert(alerted, 2)
    assert (found["decision"], found["note"]) == ("mine", "deploy of today")
    assert found["reviewed"]
    assert alert(alerted, 1)["decision"] is None


def test_what_was_not_mine_stays_to_review_until_it_is_dealt_with(alerted: Computer) -> None:
    assert alerted.run("review", "1", "--not-mine").stdout == (
        "1 alert is not yours and stays to review.\nWhat to do now, step by step: trayapp respond 1\n"
    )
    assert (alert(alerted, 1)["decision"], alert(alerted, 1)["reviewed"]) == ("not-mine", None)
    assert alerted.run("review", "1").stdout == "1 alert is reviewed now.\n"
    assert alert(alerted, 1)["reviewed"]


def test_saying_it_again_changes_nothing_and_says_so(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine")
    assert alerted.run("review", "1", "--mine").stdout == "Nothing changes by that: it was said before.\n"


def test_a_note_alone_leaves_what_was_said(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine")
    alerted.run("review", "1", "2", "--note", "see the ticket")
    assert (alert(alerted, 1)["decision"], alert(alerted, 1)["note"]) == ("mine", "see the ticket")
    assert (alert(alerted, 2)["decision"], alert(alerted, 2)["note"]) == ("seen", "see the ticket")


def test_reviewing_does_not_take_back_that_it_was_mine(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine")
    alerted.run("review", "1")
    alerted.run("review", "--all")
    assert alert(alerted, 1)["decision"] == "mine"


def test_undo_goes_back_one_thing_at_a_time_and_then_says_that_there_is_nothing(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine")
    alerted.run("review", "1", "--not-mine")
    assert alerted.run("undo", "1").stdout == "What was last said of alert 1 is taken back.\n"
    assert alert(alerted, 1)["decision"] == "mine"
    alerted.run("undo", "1")
    assert (alert(alerted, 1)["decision"], alert(alerted, 1)["reviewed"]) == (None, None)
    told = alerted.run("undo", "1")
    assert (told.returncode, told.stdout) == (1, "")
    assert "Nothing was said of alert 1 that could be taken back." in told.stderr


def test_an_alert_is_put_off_for_a_while_and_undo_brings_it_back(alerted: Computer) -> None:
    told = alerted.run("snooze", "1", "2", "--for", "1h30m")
    assert told.stdout.startswith("2 alerts are put off until ")
    until = datetime.fromisoformat(alert(alerted, 1)["snoozed_until"])
    assert timedelta(minutes=89) < until - datetime.now(UTC) <= timedelta(minutes=90)
    alerted.run("undo", "1")
    assert alert(alerted, 1)["snoozed_until"] is None


def test_an_alert_is_put_off_until_the_readers_time(alerted: Computer) -> None:
    alerted.run("snooze", "1", "--until", "9:00")
    until = datetime.fromisoformat(alert(alerted, 1)["snoozed_until"])
    assert (until.hour, until.minute) == (0, 0)  # 9:00 in Tokyo
    assert timedelta() < until - datetime.now(UTC) <= timedelta(days=1)


def test_what_is_reviewed_cannot_be_put_off(alerted: Computer) -> None:
    alerted.run("review", "1")
    told = alerted.run("snooze", "1", "--for", "1h")
    assert (told.returncode, told.stdout) == (1, "")
    assert "There is nothing to put off: it is reviewed." in told.stderr


@pytest.mark.parametrize(
    "arguments", [("review", "7", "--mine"), ("snooze", "7", "--for", "1h"), ("undo", "7"), ("undo", str(2**70))]
)
def test_an_alert_that_is_not_there_is_refused(alerted: Computer, arguments: tuple[str, ...]) -> None:
    told = alerted.run(*arguments)
    assert (told.returncode, told.stdout) == (1, "")
    assert f"There is no alert {arguments[1]}. See: trayapp alerts" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("review", "1", "--mine", "--not-mine"), "Choose one of --mine and --not-mine"),
        (("review", "--all", "--mine"), "by their numbers"),
        (("review", "--all", "--note", "x"), "by their numbers"),
        (("review", "1", "--note", "x" * 1001), "1000 characters at most"),
        (("snooze", "1"), "Give one of --for and --until"),
        (("snooze", "1", "--for", "1h", "--until", "18:00"), "Give one of --for and --until"),
        (("snooze", "1", "--for", "31d"), "put off for 30 days at most"),
        (("snooze", "1", "--for", "999999w"), "put off for 30 days at most"),
        (("snooze", "1", "--until", "9999-12-31"), "put off for 30 days at most"),
        (("snooze", "1", "--for", "soon"), "is no length of time. Write 30m, 1h"),
        (("snooze", "1", "--until", "2020-01-01"), "is past. Write 18:00"),
        (("snooze", "--for", "1h"), "Missing argument 'ID...'"),
        (("undo",), "Missing argument 'ID'"),
    ],
)
def test_what_cannot_be_meant_is_refused(alerted: Computer, arguments: tuple[str, ...], said: str) -> None:
    told = alerted.run(*arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert said in " ".join(told.stderr.split())
