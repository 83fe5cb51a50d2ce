"""That was me, and always: a rule is shown, agreed to, and kept in the settings."""

import os
import pty
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from builders import ACCOUNT_ID, STACK, actor, finding, instance_finding, judged
from cli.computer import Computer
from trayapp.core.finding import Lane
from trayapp.core.incidents import Decision
from trayapp.core.policy import TAG, Mute
from trayapp.core.severity import Severity
from trayapp.settings import load
from trayapp.store import Store

NOW = datetime.now(UTC)
MACHINE = instance_finding(
    links=frozenset({STACK}), details={f"{TAG}env": "dev", f"{TAG}team": "web"}, actor=actor(), lane=Lane.CLOUDTRAIL
)
HERE = Mute(account=ACCOUNT_ID)
SETTINGS = "# mine\nhistory_days = 400  # long\n"


@pytest.fixture
def alerted(computer: Computer) -> Computer:
    """Give a computer with a machine of a stack, two more of it, and a user whom nobody knows."""
    computer.settings(SETTINGS)
    with Store(computer.store) as store:
        for days in range(3):
            happened = NOW - timedelta(days=days, minutes=1)
            store.commit("work", [judged(replace(MACHINE, fingerprint=str(days), happened=happened))], NOW)
        store.commit("work", [judged(finding(happened=NOW))], NOW)
    return computer


def mutes(computer: Computer) -> tuple[Mute, ...]:
    return load(computer.home / ".config" / "trayapp" / "settings.toml").policy.mutes


def decision(computer: Computer, number: int = 1) -> Decision | None:
    with Store(computer.store) as store:
        incident = store.incident(number)
    assert incident
    return incident.decision


def today() -> date:
    """Give the day on the computer, which is in Tokyo."""
    return (datetime.now(UTC) + timedelta(hours=9)).date()


def test_the_rule_is_shown_with_what_it_would_have_done_and_made(alerted: Computer) -> None:
    end = today() + timedelta(days=30)
    told = alerted.run("review", "1", "--mine", "--always", "stack", "--note", "our\nown deploy", "--yes")
    file = alerted.home / ".config" / "trayapp" / "settings.toml"
    lines = f'[[mute]]\nstack = "web"\naccount = "{ACCOUNT_ID}"\nuntil = {end}\nreason = "our own deploy"\n'
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == (
        "Keeps quiet whatever belongs to the stack “web” in account 1234-5678-9012.\n"
        "What is critical is told all the same, and so is whatever happens to users, roles and keys.\n"
        f"It holds until the end of {end}.\n"
        "Of the alerts of the last 30 days it would have kept quiet: 3 of 4.\n"
        "\n"
        f"These lines are to be added to {file}:\n"
        "\n"
        + "".join(f"    {line}\n" for line in lines.splitlines())
        + "\nThe rule is made.\n1 alert is yours and reviewed now.\n"
    )
    assert file.read_text() == f"{SETTINGS}\n{lines}"
    assert mutes(alerted) == (replace(HERE, stack="web", until=end, reason="our own deploy"),)
    assert decision(alerted) is Decision.MINE


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("actor", "--until", "forever"), replace(HERE, actor="deploy", signal="ec2-new")),
        (("tag:env", "--until", "2099-12-31"), replace(HERE, tag="env=dev", until=date(2099, 12, 31))),
        (
            ("tag:team=web", "--until", "2099-12-31 18:00"),
            replace(HERE, tag="team=web", until=datetime.fromisoformat("2099-12-31T18:00")),
        ),
    ],
)
def test_it_goes_by_what_is_asked_for_and_ends_when_it_is_asked_to(
    alerted: Computer, arguments: tuple[str, ...], rule: Mute
) -> None:
    told = alerted.run("review", "1", "--mine", "--yes", "--always", *arguments)
    assert told.returncode == 0, told.stderr
    assert mutes(alerted) == (rule,)


def test_a_length_ends_on_a_day_or_at_a_moment(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine", "--yes", "--always", "stack", "--until", "1w")
    alerted.run("review", "2", "--mine", "--yes", "--always", "actor", "--until", "12h")
    (week,) = mutes(alerted)[:1]
    assert week.until == today() + timedelta(days=7)


def test_where_nobody_can_be_asked_nothing_changes(alerted: Computer) -> None:
    told = alerted.run("review", "1", "--mine", "--always", "stack")
    assert told.returncode == 1
    assert "No rule is made: say --yes where nobody can be asked." in told.stderr
    assert "stack “web”" in told.stdout
    assert (mutes(alerted), decision(alerted)) == ((), None)


@pytest.mark.parametrize(("answer", "agreed"), [("y", True), ("n", False), ("", False)])
def test_on_a_terminal_it_asks_and_does_nothing_unless_agreed(alerted: Computer, answer: str, agreed: bool) -> None:  # noqa: FBT001 - a table
    told = asked(alerted, answer, "review", "1", "--mine", "--always", "stack")
    assert told == (0 if agreed else 1)
    assert (bool(mutes(alerted)), decision(alerted)) == (agreed, Decision.MINE if agreed else None)


@pytest.mark.parametrize(
    ("number", "by", "said"),
    [
        ("1", "tag", "Say which tag the rule goes by: tag:env=dev, tag:team=web"),
        ("1", "tag:env=prod", "Say which tag the rule goes by: tag:env=dev, tag:team=web"),
        ("4", "stack", "never kept quiet by a stack or a tag"),
        ("4", "actor", "do not all say that one user, role or service has done them"),
        ("9", "stack", "There is no alert 9"),
    ],
)
def test_what_no_rule_can_be_made_of_is_refused_with_the_reason(
    alerted: Computer, number: str, by: str, said: str
) -> None:
    told = alerted.run("review", number, "--mine", "--always", by, "--yes")
    assert (told.returncode, told.stdout) == (1, "")
    assert said in told.stderr
    assert mutes(alerted) == ()


def test_what_is_critical_is_refused(computer: Computer) -> None:
    with Store(computer.store) as store:
        store.commit("work", [judged(replace(MACHINE, severity=Severity.CRITICAL))], NOW)
    told = computer.run("review", "1", "--mine", "--always", "stack", "--yes")
    assert (told.returncode, decision(computer)) == (1, None)
    assert "What is critical is always told." in told.stderr


def test_a_rule_that_is_there_is_not_made_again(alerted: Computer) -> None:
    alerted.run("review", "1", "--mine", "--always", "stack", "--yes")
    told = alerted.run("review", "2", "--mine", "--always", "actor", "--yes")
    assert told.returncode == 1
    assert "There is such a rule already" in told.stderr
    assert len(mutes(alerted)) == 1


def test_settings_that_say_something_wrong_are_left_alone(alerted: Computer) -> None:
    file = alerted.home / ".config" / "trayapp" / "settings.toml"
    file.write_text("history_days = 1\n")
    told = alerted.run("review", "1", "--mine", "--always", "stack", "--yes")
    assert told.returncode == 1
    assert (file.read_text(), decision(alerted)) == ("history_days = 1\n", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("1", "--always", "stack"), "--always takes --mine and the number of one alert"),
        (("1", "2", "--mine", "--always", "stack"), "--always takes --mine and the number of one alert"),
        (("1", "--mine", "--until", "2099-12-31"), "belong to --always"),
        (("1", "--mine", "--yes"), "belong to --always"),
        (("1", "--mine", "--always", "signal"), "write stack, actor, tag or tag:KEY=VALUE"),
        (("1", "--mine", "--always", "stack:web"), "write stack, actor, tag or tag:KEY=VALUE"),
        (("1", "--mine", "--always", "tag:"), "write stack, actor, tag or tag:KEY=VALUE"),
        (("1", "--mine", "--always", "stack", "--until", "2020-01-01"), "is past"),
        (("1", "--mine", "--always", "stack", "--until", "999999w"), "longer than there are years"),
    ],
)
def test_what_cannot_be_meant_is_refused(alerted: Computer, arguments: tuple[str, ...], said: str) -> None:
    told = alerted.run("review", *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert said in " ".join(told.stderr.split())


def asked(computer: Computer, answer: str, *arguments: str) -> int:
    """Run a command on a terminal, give it an answer, and give its exit code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trayapp", *arguments],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=computer.env,
        start_new_session=True,
    )
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    try:
        return process.wait(60)
    finally:
        os.close(ours)
