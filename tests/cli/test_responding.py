"""What to do now, as a person and as a program."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import NOW, actor, judged, numbered, takeover_steps
from cli import screen
from cli.computer import Computer
from trayapp.core.finding import Lane
from trayapp.store import Store

STEP_FIELDS = {"number", "stage", "step", "done", "title", "why", "done_when", "url", "region", "source"}
KEY = "stop-key/AKIAEXAMPLE7XYZABC"


@pytest.fixture
def robbed(computer: Computer) -> Computer:
    """A computer that has heard of a takeover: alerts 1 to 3 are its steps, 4 is the pattern, 5 somebody else's."""
    with Store(computer.store) as store:
        for each in takeover_steps():
            store.commit("private", [judged(replace(each, lane=Lane.CLOUDTRAIL, actor=actor()))], NOW)
        store.commit("private", [judged(numbered(9, happened=NOW))], NOW)
    return computer


def said(computer: Computer, *arguments: str) -> str:
    ran = computer.run("respond", *arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def record(computer: Computer, number: str = "1") -> dict[str, object]:
    found: dict[str, object] = json.loads(said(computer, number, "--json"))
    return found


def done(computer: Computer, number: str = "1") -> list[str]:
    steps = record(computer, number)["steps"]
    assert isinstance(steps, list)
    return [step["step"] for step in steps if step["done"]]


def test_the_steps_are_numbered_in_order_and_each_has_its_page(robbed: Computer) -> None:
    lines = said(robbed, "1").splitlines()
    assert lines[0] == "“helpdesk2” is now an administrator"
    assert "  1. Sign in as the root user" in lines
    place = lines.index("  3. Deactivate access key …XYZABC of user “deploy”")
    assert lines[place + 3] == (
        "     https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1"
        "#/users/details/deploy?section=security_credentials"
    )
    assert any(line.endswith("Stop the instance in São Paulo (sa-east-1)") for line in lines)


def test_the_steps_stand_under_what_they_are_for(robbed: Computer) -> None:
    lines = said(robbed, "1").splitlines()
    heads = [line for line in lines[2:] if line[:1].isupper() and not line.startswith(("Taken", "Tick", "The text"))]
    assert heads == [
        "If that was not you: stop it, in this order",
        "Then keep the account yours, and have it watched",
        "When it has stopped: look what else there is, and have help",
        "Later",
    ]


def test_on_a_terminal_the_sentences_are_wrapped_and_the_addresses_are_not(robbed: Computer) -> None:
    shown = screen.run(robbed, "respond", "1", columns=60, lines=2000)
    assert shown.code == 0
    sentences = shown.text.split("  1. ")[1].splitlines()
    assert all(len(line) <= 60 or line.strip().startswith("https://") or line[3:5] == ". " for line in sentences)
    assert any(line.strip().startswith("https://") and len(line) > 60 for line in sentences)


def test_alerts_of_the_same_affair_are_taken_together_and_others_are_not(robbed: Computer) -> None:
    related = record(robbed)["related"]
    assert isinstance(related, list)
    assert {2, 3} <= set(related)
    with Store(robbed.store) as store:
        [other] = [each.id for each in store.incidents() if each.main.fingerprint == "new:9"]
    assert other not in related


def test_json_has_the_documented_fields(robbed: Computer) -> None:
    found = record(robbed)
    assert set(found) == {"alert", "related", "title", "steps"}
    steps = found["steps"]
    assert isinstance(steps, list)
    assert all(set(step) == STEP_FIELDS for step in steps)
    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))


def test_a_step_is_ticked_by_its_number_or_its_name_and_can_be_taken_back(robbed: Computer) -> None:
    assert said(robbed, "1", "--tick", "1", "--tick", KEY).splitlines()[:2] == [
        "Done: Sign in as the root user",
        "Done: Deactivate access key …XYZABC of user “deploy”",
    ]
    assert done(robbed) == ["sign-in-root", KEY]
    assert "3. ✔ Deactivate access key" in said(robbed, "1")
    assert said(robbed, "1", "--untick", KEY).startswith("Not done: Deactivate access key")
    assert done(robbed) == ["sign-in-root"]


def test_what_is_done_under_one_alert_is_done_under_the_others_of_the_affair(robbed: Computer) -> None:
    said(robbed, "1", "--tick", KEY)
    assert done(robbed, "2") == [KEY]
    said(robbed, "2", "--untick", KEY)
    assert done(robbed) == []


def test_the_text_for_support_is_printed_or_written_for_its_owner_alone(robbed: Computer, tmp_path: Path) -> None:
    said(robbed, "1", "--tick", KEY)
    printed = said(robbed, "1", "--export")
    assert printed.startswith("Activity that was not mine in AWS account 1234-5678-9012\n")
    assert "  [x] Deactivate access key …XYZABC of user “deploy”" in printed
    target = tmp_path / "case.txt"
    ran = robbed.run("respond", "1", "--export", str(target))
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "Read it before you send it" in ran.stderr
    assert target.stat().st_mode & 0o777 == 0o600
    written = [line for line in target.read_text().splitlines() if not line.startswith("Written")]
    assert written == [line for line in printed.splitlines() if not line.startswith("Written")]
    again = robbed.run("respond", "1", "--export", str(target))
    assert (again.returncode, "is there already" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["77"], 1, "There is no alert 77"),
        (["1", "--tick", "99"], 1, "There is no step '99'"),
        (["1", "--tick", "stop-key/none"], 1, "There is no step"),
        (["1", "--json", "--export"], 2, "Choose one of --export and --json"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_there_is_not_is_said_and_nothing_is_ticked(
    robbed: Computer, arguments: list[str], code: int, told: str
) -> None:
    ran = robbed.run("respond", *arguments)
    assert ran.returncode == code
    assert told in ran.stderr
    assert done(robbed) == []


def test_a_name_cannot_steer_the_terminal(robbed: Computer) -> None:
    ran = robbed.run("respond", "1", "--tick", "\x1b[31mred")
    assert (ran.returncode, "There is no step" in ran.stderr) == (1, True)
    assert "\x1b" not in ran.stderr


def test_a_terminal_without_the_signs_gets_words(robbed: Computer) -> None:
    said(robbed, "1", "--tick", "1")
    ran = robbed.run("respond", "1", env={"PYTHONIOENCODING": "ascii"})
    assert "  1. ok Sign in as the root user" in ran.stdout
