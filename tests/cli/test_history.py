"""Looking back, as a person and as a program."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from wcwidth import wcswidth

from builders import NOW, actor, before, judged, machine, numbered, user_subject
from cli import screen
from cli.computer import Computer
from trayapp.core.finding import Finding
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.store import Store

ALERT_FIELDS = {
    "id", "account", "account_name", "account_label", "region", "severity", "signal", "title", "text",
    "resource_type", "resource_id", "resource_name", "url", "count", "happened", "last", "created", "shown",
    "reviewed", "muted", "parts", "trust", "decision", "note", "snoozed_until",
}  # fmt: skip
CSV_COLUMNS = [
    "id", "severity", "title", "account", "account_name", "account_label", "region", "signal", "trust",
    "resource_type", "resource_id", "resource_name", "count", "happened", "last", "created", "shown", "reviewed",
    "decision", "note", "snoozed_until", "muted", "actor", "address", "agent", "url",
]  # fmt: skip
ACCOUNTS = """
[accounts.private]
label = "Home"
region = "eu-west-1"
queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
"""
MUTED = "muted by your rule: signal *, forever"
ESC = "\x1b"


def commit(computer: Computer, *findings: Finding, watch: str = "work") -> None:
    with Store(computer.store) as store:
        store.commit(watch, [judged(*findings)], NOW)


@pytest.fixture
def lived_in(computer: Computer) -> Computer:
    """Give a computer with five alerts, the newest with the highest number, told in two accounts."""
    commit(computer, replace(numbered(1), severity=Severity.LOW, happened=before(days=40)), watch="private")
    commit(computer, replace(numbered(2), severity=Severity.CRITICAL, actor=actor(), address="198.51.100.7"))
    commit(computer, numbered(3, muted=MUTED, happened=before(days=2)))
    commit(computer, replace(numbered(4), happened=before(days=1)))
    commit(computer, machine(5))
    with Store(computer.store) as store:
        store.decide([4], Decision.MINE, NOW, "asked Étienne")
    computer.settings(ACCOUNTS)
    return computer


def numbers(computer: Computer, *arguments: str) -> list[int]:
    told = computer.run("history", "--json", *arguments)
    assert (told.returncode, told.stderr) == (0, "")
    return [alert["id"] for alert in json.loads(told.stdout)]


def test_everything_is_there_newest_first_muted_and_low_ones_too(lived_in: Computer) -> None:
    assert numbers(lived_in) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--severity", "critical"), [2]),
        (("--severity", "critical", "--severity", "low"), [2, 1]),
        (("--account", "private"), [1]),
        (("--account", "Home"), [1]),
        (("--account", "123456789012"), [5, 4, 3, 2, 1]),
        (("--region", "ap-northeast-1"), [5]),
        (("--signal", "ec2-new"), [5]),
        (("--reviewed",), [4]),
        (("--unreviewed",), [5, 3, 2, 1]),
        (("--muted",), [3]),
        (("--not-muted", "--severity", "high"), [4]),
        (("--since", "2026-11-22"), [5, 4, 2]),
        (("--until", "2026-11-21"), [3, 1]),
        (("--since", "2026-11-21", "--until", "2026-11-21"), [3]),
        (("--text", "USER2 deploy"), [2]),
        (("--text", "étienne"), [4]),
        (("--text", "198.51.100.7", "--severity", "low"), []),
        (("--limit", "2"), [5, 4]),
    ],
)
def test_filters_say_what_is_shown(lived_in: Computer, arguments: tuple[str, ...], found: list[int]) -> None:
    assert numbers(lived_in, *arguments) == found


def test_json_is_one_array_with_the_documented_fields(lived_in: Computer) -> None:
    alerts = json.loads(lived_in.run("history", "--json").stdout)
    assert all(set(alert) == ALERT_FIELDS for alert in alerts)
    mine = next(alert for alert in alerts if alert["id"] == 4)
    assert (mine["decision"], mine["note"], mine["snoozed_until"]) == ("mine", "asked Étienne", None)
    assert mine["reviewed"] == "2026-11-23T11:14:40.000Z"
    assert next(alert for alert in alerts if alert["id"] == 1)["account_label"] == "Home"


def test_json_of_nothing_is_an_empty_array(computer: Computer) -> None:
    assert json.loads(computer.run("history", "--json").stdout) == []


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv_has_the_documented_columns_and_the_line_ends_of_its_standard(lived_in: Computer) -> None:
    written = lived_in.run_bytes("history", "--csv")
    assert written.count(b"\r\n") == written.count(b"\n") == 6
    found = rows(written.decode())
    assert list(found[0]) == CSV_COLUMNS
    assert [each["id"] for each in found] == ["5", "4", "3", "2", "1"]
    assert found[1]["note"] == "asked Étienne"
    assert (found[3]["actor"], found[3]["address"]) == (actor().arn, "198.51.100.7")


def test_csv_of_nothing_is_its_heading(computer: Computer) -> None:
    assert computer.run_bytes("history", "--csv") == (",".join(CSV_COLUMNS) + "\r\n").encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\t=", "\r=", "\N{FULLWIDTH EQUALS SIGN}"])
def test_no_cell_becomes_a_formula_in_a_spreadsheet(computer: Computer, start: str) -> None:
    evil = f'{start}HYPERLINK("https://evil.example/","{ESC}]0;owned")'
    commit(computer, replace(numbered(1), subject=user_subject(name=evil), agent=evil))
    [found] = rows(computer.run_bytes("history", "--csv").decode())
    for cell in found.values():
        assert cell.lstrip(" ")[:1] not in tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}")
        assert ESC not in cell
    assert found["resource_name"].endswith(']0;owned")')


def test_a_table_fits_whatever_terminal_it_is_shown_on(computer: Computer) -> None:
    wide = "管理者ユーザー二号" * 4
    commit(computer, *(replace(numbered(n), subject=user_subject(name=f"{wide}{n}")) for n in range(5)))
    for columns in (50, 80, 100, 140):
        shown = screen.run(computer, "history", columns=columns, env={"NO_COLOR": "1"})
        lines = shown.text.splitlines()
        assert len(lines) == 6
        assert all(wcswidth(line) <= columns for line in lines)
        assert len({wcswidth(line.partition("New user")[0]) for line in lines[1:]}) == 1
    assert "管" in lines[1]


def test_into_a_pipe_nothing_is_cut_and_nothing_coloured(computer: Computer) -> None:
    wide = "管理者ユーザー" * 5
    commit(computer, replace(numbered(1), subject=user_subject(name=wide)))
    told = computer.run("history")
    assert wide in told.stdout
    assert ESC not in told.stdout


def test_the_table_says_what_has_become_of_each(lived_in: Computer) -> None:
    with Store(lived_in.store) as store:
        store.decide([2], Decision.NOT_MINE, NOW)
        store.snooze([5], NOW + timedelta(days=3000), NOW)
    lines = lived_in.run("history").stdout.splitlines()
    states = [line[36:45].strip() for line in lines]
    assert states == ["STATE", "snoozed", "mine", "muted", "not mine", "noted"]


def test_a_terminal_is_coloured_unless_no_color_or_a_dumb_terminal_says_otherwise(lived_in: Computer) -> None:
    assert f"{ESC}[31m" in screen.run(lived_in, "history").text
    assert f"{ESC}[31m" in screen.run(lived_in, "history", env={"NO_COLOR": ""}).text
    assert ESC not in screen.run(lived_in, "history", env={"NO_COLOR": "1"}).text
    assert ESC not in screen.run(lived_in, "history", env={"TERM": "dumb"}).text


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """Give a pager that says that it is one."""
    script = tmp_path / "pager"
    script.write_text("#!/bin/sh\necho PAGED\ncat\n")
    script.chmod(0o700)
    return script


def test_only_what_is_longer_than_the_terminal_is_paged(computer: Computer, pager: Path) -> None:
    commit(computer, *(numbered(n) for n in range(22)))
    env = {"PAGER": str(pager)}
    assert "PAGED" not in screen.run(computer, "history", lines=24, env=env).text
    assert screen.run(computer, "history", lines=20, env=env).text.startswith("PAGED\n")
    assert len(screen.run(computer, "history", lines=20, env=env).text.splitlines()) == 24
    assert "PAGED" not in computer.run("history", env=env).stdout


def test_the_picture_has_a_line_for_each_day_and_says_in_numbers_what_it_draws(lived_in: Computer) -> None:
    told = lived_in.run("history", "--days", "--since", "2026-11-19", "--until", "2026-11-23").stdout.splitlines()
    assert told[0].split() == ["critical", "high", "medium", "low"]
    assert [line[:14] for line in told[1:-1]] == [
        *("Thu 2026-11-19", "Fri 2026-11-20", "Sat 2026-11-21", "Sun 2026-11-22", "Mon 2026-11-23"),
    ]
    assert told[5].split()[2:] == ["1", "█" * 13, ".", "1", "█" * 13, "."]
    assert told[-1] == "4 in 5 days. Each column is drawn to its own largest."


def test_days_without_any_are_drawn_as_one(lived_in: Computer) -> None:
    told = lived_in.run("history", "--days", "--since", "2026-10-01", "--until", "2026-11-23").stdout
    assert "Thu 2026-10-01 to Tue 2026-10-13: none\nWed 2026-10-14" in told


def test_a_picture_takes_filters_too(lived_in: Computer) -> None:
    told = lived_in.run("history", "--days", "--since", "2026-11-20", "--until", "2026-11-23", "--severity", "critical")
    assert told.stdout.endswith("1 in 4 days. Each column is drawn to its own largest.\n")


def test_days_in_json_and_csv_count_every_day(lived_in: Computer) -> None:
    span = ("--days", "--since", "2026-11-22", "--until", "2026-11-23")
    days = json.loads(lived_in.run("history", *span, "--json").stdout)
    assert days == [
        {"date": "2026-11-22", "critical": 0, "high": 1, "medium": 0, "low": 0},
        {"date": "2026-11-23", "critical": 1, "high": 0, "medium": 1, "low": 0},
    ]
    assert lived_in.run_bytes("history", *span, "--csv").splitlines()[2] == b"2026-11-23,1,0,1,0"


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_the_picture_fits_its_terminal(lived_in: Computer, columns: int) -> None:
    env = {"NO_COLOR": "1", "PAGER": "cat"}
    shown = screen.run(lived_in, "history", "--days", "--since", "2026-11-20", columns=columns, env=env)
    assert all(wcswidth(line) <= columns for line in shown.text.splitlines())


def test_where_there_is_nothing_it_is_said(computer: Computer) -> None:
    assert computer.run("history").stdout == "There has been no alert yet.\n"
    assert computer.run("history", "--severity", "low").stdout == "Nothing of that kind.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--signal", "iam-user-nw"), "did you mean iam-user-new?"),
        (("--region", "tokyo"), "is no Region's code"),
        (("--since", "soon"), "is no time. Write 2026-11-23"),
        (("--since", "1d", "--until", "2d"), "--until is not later than --since"),
        (("--json", "--csv"), "Choose one of --json and --csv"),
        (("--days", "--limit", "3"), "--limit would hide some"),
        (("--days", "--since", "2001-01-01"), "draws 3660 days at most"),
        (("--limit", "0"), "x>=1"),
        (("--severity", "grave"), "'critical', 'high', 'medium', 'low'"),
    ],
)
def test_what_cannot_be_meant_is_refused(computer: Computer, arguments: tuple[str, ...], said: str) -> None:
    told = computer.run("history", *arguments)
    assert (told.returncode, told.stdout) == (2, "")
    assert said in " ".join(told.stderr.split())
