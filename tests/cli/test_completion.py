"""What a shell is told when somebody presses Tab."""

import subprocess
from dataclasses import replace

import pytest

from builders import NOW, judged, numbered
from cli.computer import Computer
from trayapp.core.severity import Severity
from trayapp.store import Store

ACCOUNTS = """
[accounts.private]
label = "Home, sweet home"
region = "eu-west-1"
queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
[accounts.work]
region = "eu-west-1"
queue_url = "https://sqs.eu-west-1.amazonaws.com/210987654321/q"
"""


def offered(computer: Computer, line: str) -> list[str]:
    """Give what zsh is told for a command line: the values offered, in order."""
    words = line.split(" ")
    answer = computer.run(
        env={"_TRAYAPP_COMPLETE": "zsh_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    return [value for kind, value in zip(lines[0::3], lines[1::3], strict=False) if kind == "plain"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script_and_nothing_else(computer: Computer, shell: str) -> None:
    told = computer.run("completion", shell)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"_TRAYAPP_COMPLETE={shell}_complete" in told.stdout
    assert not computer.store.exists()


def test_bash_takes_its_script(computer: Computer) -> None:
    script = computer.run("completion", "bash").stdout
    taken = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\ncomplete -p trayapp"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert taken.stderr == ""
    assert "-F _trayapp_completion trayapp" in taken.stdout


def test_another_shell_is_refused_with_those_there_are(computer: Computer) -> None:
    told = computer.run("completion", "tcsh")
    assert told.returncode == 2
    assert "'bash', 'zsh', 'fish'" in told.stderr


def test_commands_and_options_are_offered(computer: Computer) -> None:
    assert {"history", "export", "completion", "man"} <= set(offered(computer, "trayapp "))
    assert offered(computer, "trayapp his") == ["history"]
    assert "--severity" in offered(computer, "trayapp history --")
    assert offered(computer, "trayapp history --severity c") == ["critical"]


def test_accounts_signals_and_regions_are_offered(computer: Computer) -> None:
    computer.settings(ACCOUNTS)
    assert offered(computer, "trayapp history --account ") == ["private", "work"]
    assert offered(computer, "trayapp history --account w") == ["work"]
    assert offered(computer, "trayapp history --signal iam-user-a") == ["iam-user-admin"]
    assert offered(computer, "trayapp history --region ap-northeast-") == [f"ap-northeast-{n}" for n in (1, 2, 3)]


def test_numbers_of_alerts_to_review_come_first_and_none_is_offered_twice(computer: Computer) -> None:
    with Store(computer.store) as store:
        light = replace(numbered(3), severity=Severity.LOW)
        store.commit("work", [judged(numbered(1), numbered(2), light)], NOW)
        store.review([2], NOW)
    assert offered(computer, "trayapp undo ") == ["1", "3", "2"]
    assert offered(computer, "trayapp review 1 ") == ["3", "2"]


def test_wrong_settings_and_a_damaged_file_offer_nothing_and_say_nothing(computer: Computer) -> None:
    computer.settings("nonsense = 1")
    assert offered(computer, "trayapp history --account ") == []
    assert offered(computer, "trayapp undo ") == []
    computer.store.parent.mkdir(parents=True)
    computer.store.write_bytes(b"this is no database" * 100)
    assert offered(computer, "trayapp undo ") == []


def test_nothing_is_made_by_asking(computer: Computer) -> None:
    assert offered(computer, "trayapp undo ") == []
    assert not computer.store.exists()
