"""Messages that were put aside are listed, shown whole, judged again, and dropped by nobody but their owner."""

import json
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from builders import NOW, body, notification, unreadable, user_item
from cli.computer import Computer
from trayapp.core.judged import Judged
from trayapp.inbox import kinds
from trayapp.store import Store

FIELDS = {"id", "account", "received", "kind", "forged", "reason", "size"}
READABLE = json.dumps(notification(user_item(resourceName="helpdesk2")))
"""As it comes without SNS's envelope, so that there is no signature to verify."""
HOSTILE = '{"Type": "Notif\x1b[2J\u202e'


def put_aside(path: Path, *messages: Judged) -> None:
    with Store(path) as store:
        store.commit("private", messages, NOW)


def kept(path: Path) -> list[int]:
    with Store(path) as store:
        return [message.id for message in store.quarantine()]


@pytest.fixture
def three(computer: Computer) -> Computer:
    """Give a computer on which a hostile, a readable and a forged message were put aside."""
    forged = Judged(kinds.FORGED, body='{"Message": "give up"}', unreadable="its signature does not fit what it says")
    put_aside(computer.store, unreadable(HOSTILE), unreadable(READABLE, "this version cannot read it"), forged)
    return computer


def test_an_empty_quarantine_says_so(computer: Computer) -> None:
    assert computer.run("quarantine", "list").stdout == "Nothing was put aside.\n"
    assert json.loads(computer.run("quarantine", "list", "--json").stdout) == []
    assert computer.run("quarantine", "drop", "--all", "--yes").stdout == "Nothing was put aside.\n"


def test_the_list_has_the_documented_fields(three: Computer) -> None:
    listed = json.loads(three.run("quarantine", "list", "--json").stdout)
    assert [set(each) for each in listed] == [FIELDS] * 3
    assert [each["forged"] for each in listed] == [False, False, True]
    assert listed[1] == {
        "id": 2,
        "account": "private",
        "received": "2026-11-23T11:14:40.000Z",
        "kind": "unreadable",
        "forged": False,
        "reason": "this version cannot read it",
        "size": len(READABLE.encode()),
    }
    table = three.run("quarantine", "list").stdout.splitlines()
    assert "forged: its signature does not fit" in table[2]
    assert all(line.isprintable() for line in table)


def test_a_message_is_shown_whole(three: Computer) -> None:
    told = three.run("quarantine", "show", "2")
    assert (told.returncode, told.stdout) == (0, READABLE)
    assert "this version cannot read it" in told.stderr
    assert three.run("quarantine", "show", "1").stdout == HOSTILE
    record = json.loads(three.run("quarantine", "show", "1", "--json").stdout)
    assert set(record) == {*FIELDS, "body"}
    assert record["body"] == HOSTILE
    missing = three.run("quarantine", "show", "99")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "no message 99 put aside" in missing.stderr


def test_what_can_be_read_now_becomes_an_alert_and_the_rest_stays(three: Computer) -> None:
    told = three.run("quarantine", "retry", "--all")
    assert told.returncode == 0
    first, second, third = told.stdout.splitlines()
    assert first.startswith("1: it stays: ")
    assert second == "2: it is read now, as config:ConfigurationItemChangeNotification; alerts: 1"
    assert third.startswith("3: it is read now, as ")
    assert kept(three.store) == [1]
    [alert] = json.loads(three.run("alerts", "--json").stdout)
    assert alert["title"] == "New user “helpdesk2”"
    assert json.loads(three.run("status", "--json").stdout)["counts"]["config:ConfigurationItemChangeNotification"] == 1


def test_judging_again_twice_tells_once(three: Computer) -> None:
    three.run("quarantine", "retry", "2")
    again = three.run("quarantine", "retry", "2")
    assert again.returncode == 1
    assert "no message 2 put aside" in again.stderr
    assert len(json.loads(three.run("alerts", "--json").stdout)) == 1


def test_a_forged_message_is_verified_again_and_stays(three: Computer) -> None:
    three.settings(
        '[accounts.private]\nregion = "eu-west-1"\nqueue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"\n'
        'topics = ["arn:aws:sns:eu-west-1:123456789012:config"]\n'
    )
    put_aside(three.store, unreadable(body(notification(user_item(resourceName="evil"))), "forged"))
    told = three.run("quarantine", "retry", "4")
    assert told.stdout.startswith("4: it stays: it names a topic that may not send to this queue")
    assert kept(three.store) == [1, 2, 3, 4]
    assert json.loads(three.run("alerts", "--json").stdout) == []
    [*_, last] = json.loads(three.run("quarantine", "list", "--json").stdout)
    assert last["forged"]


def test_nothing_is_dropped_unasked(three: Computer) -> None:
    refused = three.run("quarantine", "drop", "1")
    assert refused.returncode == 1
    assert "--yes" in refused.stderr
    assert kept(three.store) == [1, 2, 3]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "left"), [("n", [1, 2, 3]), ("y", [2, 3])])
def test_somebody_at_a_terminal_is_asked(three: Computer, answer: str, left: list[int]) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trayapp", "quarantine", "drop", "1"],
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=three.env, text=True,
    )  # fmt: skip
    os.close(theirs)
    threading.Timer(0, lambda: os.write(ours, f"{answer}\n".encode())).start()
    said, _ = process.communicate(timeout=30)
    os.close(ours)
    assert "Drop 1 message for good?" in said
    assert "private" in said
    assert kept(three.store) == left


def test_what_is_dropped_is_named(three: Computer) -> None:
    told = three.run("quarantine", "drop", "1", "3", "--yes")
    assert told.stdout.splitlines()[-1] == "2 messages dropped."
    assert "its signature does not fit" in told.stdout
    assert kept(three.store) == [2]
    assert three.run("quarantine", "drop", "--all", "--yes").stdout.endswith("1 message dropped.\n")
    unknown = three.run("quarantine", "drop", "2", "--yes")
    assert unknown.returncode == 1


@pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("one",)])
@pytest.mark.parametrize("command", ["retry", "drop"])
def test_a_wrong_command_line_is_exit_code_2(computer: Computer, command: str, arguments: tuple[str, ...]) -> None:
    assert computer.run("quarantine", command, *arguments).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_no_body_steers_the_terminal_that_it_is_shown_on(three: Computer) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trayapp", "quarantine", "show", "1"],
        stdout=theirs, stderr=subprocess.PIPE, env=three.env,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 4096):
            said += part
    except OSError:  # the other end was closed
        pass
    os.close(ours)
    process.communicate(timeout=30)
    assert b'{"Type": "Notif' in said
    assert b"\x1b" not in said
    assert "\u202e".encode() not in said
