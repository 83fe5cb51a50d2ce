"""Every word of the commands is said in the reader's language; what programs read is the same in all of them."""

import ast
import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from wcwidth import wcswidth

from builders import (  # fmt: skip
    NOW,
    actor,
    body,
    envelope,
    event,
    judged,
    notification,
    numbered,
    takeover_steps,
    unreadable,
    user_item,
    watch,
)
from builders import clock as at_now
from builders import situation as situation_of
from cli.computer import Computer
from speaking import escaped, japanese, marked
from trayapp import languages
from trayapp.cli import main
from trayapp.cli.speaking import CLICK, HelpContext, in_our_language
from trayapp.cli.status import status_lines
from trayapp.cli.wrapping import wrapped
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.finding import Lane
from trayapp.core.judged import Judged
from trayapp.core.records import status_record
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE
from trayapp.inbox import kinds
from trayapp.store import Store

SETTINGS = """
[accounts.private]
region = "eu-west-1"
queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
[accounts.work]
region = "eu-west-1"
queue_url = "https://sqs.eu-west-1.amazonaws.com/210987654321/q"
"""
USER = body(notification(user_item(resourceName="helpdesk2")))
LOGGED_CALL = {
    "eventSource": "iam.amazonaws.com",
    "eventName": "DeleteUser",
    "eventTime": "2026-11-23T11:14:00Z",
    "awsRegion": "us-east-1",
    "eventID": "00000000-0000-4000-8000-000000000001",
    "recipientAccountId": "123456789012",
    "userIdentity": {
        "type": "IAMUser",
        "userName": "deploy",
        "accountId": "123456789012",
        "accessKeyId": "AKIAEXAMPLE7XYZABC",
    },
    "sourceIPAddress": "198.51.100.23",
    "requestParameters": {"userName": "alice"},
    "errorCode": "AccessDenied",
}
CALL = body(event(LOGGED_CALL, **{"detail-type": "AWS API Call via CloudTrail", "source": "aws.iam"}))
SHELLS = "bash zsh fish"
WHY_NOT_JSON = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
WORDS = {
    "alerts": {"title", "text", "parts.title"},
    "history": {"title", "text", "parts.title"},
    "status": {"text", "accounts.sentence", "accounts.way_out", "accounts.checks.sentence"},
    "respond": {"title", "steps.title", "steps.why", "steps.done_when"},
    "explain": {"facts", "title", "text"},
    "quarantine": set[str](),
}
"""The fields of what is printed for programs that are in the reader's language."""


@pytest.fixture
def alerted(computer: Computer) -> Computer:
    """Give a computer on which all sorts of things were found, and all sorts of messages put aside."""
    computer.settings(SETTINGS)
    forged = Judged(kinds.FORGED, body="{}", unreadable="its signature does not fit what it says")
    with Store(computer.store) as store:
        for each in takeover_steps():
            store.commit("private", [judged(replace(each, lane=Lane.CLOUDTRAIL, actor=actor()))], NOW)
        light, quiet = replace(numbered(6), severity=Severity.LOW), replace(numbered(7), muted="stack web-*")
        store.commit("work", [judged(numbered(5)), judged(light), judged(quiet), judged(numbered(8))], NOW)
        store.commit("work", [unreadable("{"), forged], NOW)
    return computer


@pytest.fixture
def here(alerted: Computer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Computer]:
    """Give the computer to commands in this process, whose language nobody chooses but the test."""
    for name, value in alerted.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(languages, "speak_as_chosen", lambda _: None)
    time.tzset()
    yield alerted
    monkeypatch.undo()
    time.tzset()


def told(*arguments: str, stdin: str | None = None) -> str:
    """Give all that a command writes."""
    return CliRunner().invoke(main, arguments, input=stdin, prog_name="trayapp").output


def left(text: str, *data: object) -> list[str]:
    """Give the words that are in no language: not codes, options, commands, names of settings or addresses."""
    prose = re.sub(r"https?://\S+|/[^\s⟦⟧]*|--?[a-z-]+|\[[^\]⟧⟦]*\]|\b[A-Z]+\b", " ", text)
    return escaped(prose, "trayapp", main.list_commands(click.Context(main)), CLICK, *data)


def commands() -> Iterator[tuple[str, ...]]:
    for name in main.list_commands(click.Context(main)):
        yield (name,)
        command = main.get_command(click.Context(main), name)
        if isinstance(command, click.Group):
            yield from ((name, below) for below in command.commands)


COMMANDS = [(), *commands()]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_nothing_of_a_commands_help_is_left_in_english(here: Computer, command: tuple[str, ...]) -> None:
    with marked():
        shown = told(*command, "--help")

    below = re.findall(r"^  ([a-z]+)(?:  |$)", shown, re.MULTILINE)
    assert "⟦" in shown
    assert left(shown, below, command, SHELLS) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_in_japanese_fits_on_80_columns(here: Computer, command: tuple[str, ...]) -> None:
    with japanese():
        shown = told(*command, "--help")

    assert all(wcswidth(line) <= 80 for line in shown.splitlines())


def test_a_text_without_spaces_is_broken_by_how_wide_it_is_and_nothing_of_it_is_lost() -> None:
    text = "知らせるべきことを一秒以内に知らせます" * 9

    @click.command(help=text)
    @click.option("--count", help=text)
    def nothing(count: str) -> None:
        del count

    shown = in_our_language(nothing).get_help(HelpContext(nothing, info_name="nothing"))
    assert all(wcswidth(line) <= 80 for line in shown.splitlines())
    assert re.sub(r"\s|--count|TEXT", "", shown).count(text) == 2


def test_no_line_begins_with_a_full_stop_and_no_word_is_broken_for_a_wide_character() -> None:
    text = "これは「JSON オブジェクト」です。trayapp history --json と書きます(README を参照)。" * 4
    for width in range(20, 60):
        lines = wrapped(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(wcswidth(line) <= width + 2 for line in lines)  # and a full stop that must not begin the next
        assert not [line for line in lines if line[0] in "。」、)" or line[-1] in "「("]
        assert not [line for line in lines if re.match(r"istory|eadme|son", line, re.IGNORECASE)]


def test_a_command_among_others_is_told_in_its_first_sentence_in_every_language() -> None:
    @click.group()
    def group() -> None:
        """Do nothing."""

    group.add_command(click.Command("one", help="一つの文です。もう一つの文です。"))
    shown = in_our_language(group).get_help(HelpContext(group, info_name="group"))
    assert shown.splitlines()[-1] == "  one  一つの文です。"


def test_what_click_is_known_to_say_is_what_it_says() -> None:
    """Its texts are looked up by their English; one that it has changed would be said in English again."""
    said: set[object] = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                texts = tuple(each.value for each in node.args if isinstance(each, ast.Constant))
                said.add(texts if node.func.id == "ngettext" else "".join(map(str, texts)))
    assert set(CLICK) <= said


OUTCOMES: tuple[tuple[str, ...], ...] = (
    ("alerts",),
    ("alerts", "--to-review"),
    ("history",),
    ("history", "--text", "nothing like that"),
    ("history", "--days", "--since", "2026-11-01", "--until", "2026-11-30"),
    ("history", "--days", "--limit", "3"),
    ("history", "--json", "--csv"),
    ("history", "--since", "monday", "--until", "2020-01-01"),
    ("history", "--days", "--since", "1990-01-01"),
    ("history", "--signal", "iam-user-admim"),
    ("history", "--region", "Ireland"),
    ("respond", "1"),
    ("respond", "1", "--tick", "1"),
    ("respond", "1", "--tick", "77"),
    ("respond", "99"),
    ("quarantine", "list"),
    ("quarantine", "show", "1"),
    ("quarantine", "show", "99"),
    ("quarantine", "retry", "--all"),
    ("quarantine", "retry"),
    ("quarantine", "drop", "1"),
    ("quarantine", "drop", "1", "--yes"),
    ("review", "4"),
    ("review", "4", "--mine"),
    ("review", "4", "--not-mine"),
    ("review", "--all"),
    ("review",),
    ("review", "4", "--mine", "--not-mine"),
    ("review", "99"),
    ("snooze", "4", "--for", "1h"),
    ("snooze", "4", "--for", "90d"),
    ("snooze", "4"),
    ("undo", "4"),
    ("status",),
    ("settings",),
    ("logout", "private", "--forget"),
    ("quit",),
)


@pytest.mark.parametrize("arguments", OUTCOMES, ids=" ".join)
def test_nothing_that_a_command_tells_is_left_in_english(here: Computer, arguments: tuple[str, ...]) -> None:
    with marked(apart=True):
        shown = told(*arguments)

    assert "⟦" in shown
    assert left(shown, takeover_steps(), numbered(1), actor(), SETTINGS, WHY_NOT_JSON, kinds.OTHER, arguments) == []


def test_what_is_left_by_marking_all_as_reviewed_is_said(alerted: Computer) -> None:
    waiting = len(json.loads(alerted.run("alerts", "--to-review", "--json").stdout))
    alerted.run("review", "1", "--not-mine")
    alerted.run("snooze", "5", "--for", "2h")
    assert alerted.run("review", "--all").stdout.splitlines() == [
        f"{waiting - 2} alerts are reviewed now.",
        "2 are left: what is not yours, and what is put off. See: trayapp alerts --to-review",
    ]
    alerted.run("undo", "5")
    assert alerted.run("review", "--all").stdout.splitlines()[-1].startswith("1 is left: ")


@pytest.mark.parametrize(
    "message",
    [USER, CALL, body(envelope(USER)), "{", "hello", json.dumps({"detail-type": "Scheduled Event"})],
    ids=["user", "call", "envelope", "broken", "text", "heartbeat"],
)
def test_nothing_that_frames_an_explanation_is_left_in_english(here: Computer, message: str) -> None:
    with marked(apart=True):
        shown = told("explain", stdin=message)

    reasons = [line.partition(": ")[2] for line in shown.splitlines() if line.startswith("  ⟦not⟧")]
    [detail] = re.findall(r"\((.*)\)", shown.splitlines()[1]) if "cannot be read" in shown else [""]
    kind = shown.splitlines()[0]
    codes = [*(signal.id for signal in CATALOGUE), "arn thing", LOGGED_CALL]
    assert left(shown, message, reasons, detail, kind, codes) == []


def test_nothing_of_a_status_is_left_in_english() -> None:
    checks = [Checked(check, outcome, "eu-west-1") for check in Check for outcome in Outcome]
    watches = (
        watch("private", Cause.KEY_REFUSED),
        replace(watch("work", checks=tuple(checks)), endpoint="sqs.example"),
    )
    with marked(apart=True):
        standing = situation_of(watches=watches, quarantined=2, unverified=1, paused_until=NOW + timedelta(hours=1))
        record = status_record(standing, {}, 312, at_now())
        shown = "\n".join(status_lines(record, at_now(), StringIO()))

    assert left(shown, "private work sqs.example eu-west ok") == []


def test_the_language_is_the_settings_else_that_of_the_environment(alerted: Computer) -> None:
    def title(**env: str) -> str:
        return str(json.loads(alerted.run("alerts", "--json", env=env).stdout)[0]["title"])

    english, there = title(), title(LANG="ja_JP.UTF-8")
    assert english != there
    path = alerted.home / ".config" / "trayapp" / "settings.toml"
    path.write_text(f'language = "ja"\n{SETTINGS}')
    assert title() == there
    path.write_text(f'language = "en"\n{SETTINGS}')
    assert title(LANG="ja_JP.UTF-8") == english


def test_a_table_is_aligned_where_characters_are_wide(alerted: Computer) -> None:
    env = {"LANG": "ja_JP.UTF-8", "PYTHONIOENCODING": "utf-8"}
    titles = [each["title"] for each in json.loads(alerted.run("history", "--json", env=env).stdout)]
    heading, *rows = alerted.run("history", env=env).stdout.splitlines()
    last = heading.split("  ")[-1]
    begins = wcswidth(heading.removesuffix(last))
    assert [wcswidth(row.removesuffix(title)) for row, title in zip(rows, titles, strict=True)] == [begins] * len(rows)

    listed = alerted.run("alerts", env=env).stdout.splitlines()
    found = {wcswidth(line[: line.index(title)]) for title in titles for line in listed if line.endswith(f"  {title}")}
    assert len(found) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("alerts", "--json"),
        ("history", "--json"),
        ("history", "--days", "--since", "2026-11-01", "--until", "2026-11-30", "--json"),
        ("status", "--json"),
        ("respond", "1", "--json"),
        ("explain", "--json"),
        ("quarantine", "list", "--json"),
    ],
    ids=" ".join,
)
def test_what_programs_read_is_the_same_in_every_language_but_for_the_words(
    alerted: Computer, arguments: tuple[str, ...]
) -> None:
    english, there = (
        json.loads(alerted.run(*arguments, stdin=USER, env={"LANG": lang}).stdout)
        for lang in ("C.UTF-8", "ja_JP.UTF-8")
    )

    found = set(differing(english, there)) - {"accounts.since"}  # the moment at which it was asked
    assert found <= WORDS[arguments[0]]
    assert found or arguments[0] not in ("alerts", "respond", "explain")


def differing(one: object, other: object, at: str = "") -> Iterator[str]:
    """Give where two documents differ, as names with a dot between."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert one.keys() == other.keys()
        for key in one:
            yield from differing(one[key], other[key], f"{at}.{key}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other)
        for each, its in zip(one, other, strict=True):
            yield from differing(each, its, at)
    elif one != other:
        yield at


def test_the_spreadsheet_has_the_same_columns_in_every_language(alerted: Computer) -> None:
    english, there = (alerted.run("history", "--csv", env={"LANG": lang}).stdout for lang in ("C.UTF-8", "ja_JP.UTF-8"))
    assert english.splitlines()[0] == there.splitlines()[0]
