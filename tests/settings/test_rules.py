"""The owner's rules in his settings: what they may say, and that what would do nothing is refused with its line."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from builders import ACCOUNT_ID
from settings.mistakes import FOREVER, IN_RULES, muting
from trayapp.core.policy import EVERY_DAY, Mute, Policy, QuietHours, ReviewOnOpen
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE, Signal
from trayapp.settings import Account, SettingsError, load
from trayapp.settings.edit import remove_account, write_account
from trayapp.settings.load import line_of

QUEUE = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/trayapp"
WORK = f"""\
[accounts.work]
region = "eu-central-1"
queue_url = "{QUEUE}"
"""
RULES = f"""\
watched_types = ["AWS::IAM::User", "AWS::EC2::Instance"]

[severity]
lb-new = "medium"     # I never make any
ec2-new = "low"
watch-silent = "critical"

[[mute]]              # the nightly ones
stack = "web-*"
until = 2026-12-31
reason = "our nightly deploys"

[[mute]]
signal = "ec2-*"
actor = "deploy"
tag = "env=dev"
account = "{ACCOUNT_ID}"
until = 2026-12-31T18:00:00

[[mute]]
signal = "lambda-change"
forever = true

[quiet_hours]
from = "22:00"
to = "07:00"
days = ["mon", "fri"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def policy(path: Path, text: str) -> Policy:
    path.write_text(text, "utf-8")
    return load(path).policy


def problem(path: Path, text: str) -> str:
    """Load a text that is wrong, and give what is said of it after the name of the file."""
    with pytest.raises(SettingsError) as caught:
        policy(path, text)
    return str(caught.value).removeprefix(str(path))


def test_rules_say_all_that_they_can(path: Path) -> None:
    assert policy(path, RULES) == Policy(
        severities={"lb-new": Severity.MEDIUM, "ec2-new": Severity.LOW, "watch-silent": Severity.CRITICAL},
        watched_types=frozenset({"AWS::IAM::User", "AWS::EC2::Instance"}),
        mutes=(
            Mute(stack="web-*", until=date(2026, 12, 31), reason="our nightly deploys"),
            Mute(
                signal="ec2-*",
                actor="deploy",
                tag="env=dev",
                account=ACCOUNT_ID,
                until=datetime(2026, 12, 31, 18, 0),  # noqa: DTZ001 - as TOML writes local time
            ),
            Mute(signal="lambda-change"),
        ),
        quiet_hours=QuietHours(time(22), time(7), frozenset({0, 4})),
    )


def test_without_rules_there_are_none(path: Path) -> None:
    assert policy(path, WORK) == Policy()


@pytest.mark.parametrize("choice", ReviewOnOpen)
def test_what_opening_an_alert_reviews_may_be_chosen(path: Path, choice: ReviewOnOpen) -> None:
    path.write_text(f'review_on_open = "{choice.value}"\n')
    assert load(path).policy.review_on_open is choice


@pytest.mark.parametrize("value", ['"often"', "true", "[]"])
def test_what_opening_an_alert_reviews_is_one_of_three(path: Path, value: str) -> None:
    path.write_text(f"review_on_open = {value}\n")
    with pytest.raises(SettingsError, match=r"line 1: .* write one of"):
        load(path)


def test_the_history_is_kept_for_a_year_or_as_long_as_is_said(path: Path) -> None:
    path.write_text("")
    assert load(path).policy.keep == timedelta(days=365)
    path.write_text("history_days = 30\n")
    assert load(path).policy.keep == timedelta(days=30)


@pytest.mark.parametrize("value", ["29", "36501", "true", '"30"', "30.5"])
def test_a_history_must_outlive_the_queue(path: Path, value: str) -> None:
    path.write_text(f"history_days = {value}\n")
    with pytest.raises(SettingsError, match="line 1: history_days must be a number of days from 30 to 36500"):
        load(path)


def test_a_moment_may_name_its_zone(path: Path) -> None:
    (mute,) = policy(path, '[[mute]]\nstack = "web"\nuntil = 2026-12-31T18:00:00+09:00\n').mutes
    assert mute.until == datetime.fromisoformat("2026-12-31T18:00:00+09:00")


def test_quiet_hours_need_no_days_and_may_be_written_as_times(path: Path) -> None:
    assert policy(path, '[quiet_hours]\nfrom = 22:30:00\nto = "00:00"\n').quiet_hours == QuietHours(
        time(22, 30), time(0), EVERY_DAY
    )


def test_a_mute_that_is_over_may_stay_in_the_file(path: Path) -> None:
    assert policy(path, '[[mute]]\nstack = "web"\nuntil = 2020-01-01\n').mutes == (
        Mute(stack="web", until=date(2020, 1, 1)),
    )


def test_mutes_may_be_written_in_one_line(path: Path) -> None:
    assert policy(path, 'mute = [{stack = "a", forever = true}, {tag = "b", forever = true}]\n').mutes == (
        Mute(stack="a"),
        Mute(tag="b"),
    )


@pytest.mark.parametrize("lines", [['signal = "*"'], ['signal = "*"', 'stack = "b"'], ['signal = "*n*"', 'tag = "b"']])
def test_a_pattern_may_reach_signals_that_it_cannot_mute_beside_others_that_it_can(
    path: Path, lines: list[str]
) -> None:
    assert len(policy(path, muting(*lines, FOREVER)).mutes) == 2


def test_a_reason_may_be_as_long_as_a_line_of_the_history(path: Path) -> None:
    assert policy(path, muting('tag = "b"', FOREVER, f'reason = "{"x" * 200}"')).mutes[1].reason == "x" * 200


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda signal: signal.id)
def test_every_signal_may_be_made_critical(path: Path, signal: Signal) -> None:
    assert policy(path, f'[severity]\n{signal.id} = "critical"\n').severities == {signal.id: Severity.CRITICAL}


@pytest.mark.parametrize(("text", "said"), IN_RULES)
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(path: Path, text: str, said: str) -> None:
    assert problem(path, text) == said


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('[severity]\nqqq = "low"\n', "there is no signal 'qqq'; the nearest are "),
        (muting('signal = "qqq"', FOREVER), "there is no signal 'qqq'; the nearest are "),
        ('watched_types = ["qqq"]\n', "no signal is about the type 'qqq'; the nearest are "),
    ],
)
def test_of_many_possible_names_three_are_offered(path: Path, text: str, asked: str) -> None:
    _, found, nearest = problem(path, text).partition(asked)
    assert found
    assert len(nearest.split(", ")) == 3


LISTED = """\
[[mute]]
stack = "a"
  [[ mute ]]   # the second
  stack = "b"
[quiet_hours]
from = "22:00"
[["mute"]]
[mute.deeper]
stack = "c"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("mute",), 1),
        (("mute", 0), 1),
        (("mute", 0, "stack"), 2),
        (("mute", 0, "until"), 1),
        (("mute", 1, "stack"), 4),
        (("mute", 1, "until"), 3),
        (("mute", 2, "stack"), 7),
        (("mute", 2, "deeper", "stack"), 9),
        (("mute", 3, "stack"), 1),
        (("quiet_hours", "from"), 6),
    ],
)
def test_a_line_is_found_in_the_table_of_a_list_that_is_meant(key: tuple[str | int, ...], line: int) -> None:
    assert line_of(LISTED, key) == line


# Signing in and out changes accounts alone.

NEW = Account("new", "eu-central-1", QUEUE, "New")


@pytest.mark.parametrize("text", [WORK + "\n" + RULES.partition("\n\n")[2], RULES + "\n" + WORK])
def test_changing_accounts_leaves_the_rules_alone(path: Path, text: str) -> None:
    before = policy(path, text)
    write_account(path, NEW)
    assert [account.name for account in load(path).accounts] == ["work", "new"]
    assert load(path).policy == before
    remove_account(path, "work")
    write_account(path, Account("new", "eu-central-1", QUEUE, "Newer"))
    assert [account.called for account in load(path).accounts] == ["Newer"]
    assert load(path).policy == before
    for line in text.splitlines():
        assert line in path.read_text() or line in WORK


def test_an_account_between_two_mutes_is_changed_and_removed_alone(path: Path) -> None:
    first, second = '[[mute]]\nstack = "a"\nforever = true\n\n', '[[mute]]\nstack = "b"\nforever = true\n'
    path.write_text(first + WORK + "\n" + second)
    write_account(path, Account("work", "eu-central-1", QUEUE, "Work"))
    assert path.read_text() == first + WORK + 'label = "Work"\n\n' + second
    remove_account(path, "work")
    assert path.read_text() == first + "\n" + second


def test_a_change_that_would_spoil_a_rule_is_not_made(path: Path) -> None:
    rule = '[[mute]]\nstack = "a"\nforever = true\nreason = """\\\n[accounts.gone] # \\\n[and] # \\\nmore"""\n'
    text = WORK + rule + WORK.replace(".work]", ".gone]")
    assert policy(path, text).mutes[0].reason == "[accounts.gone] # [and] # more"
    with pytest.raises(SettingsError, match="could not be changed: the change would spoil it"):
        remove_account(path, "gone")
    assert path.read_text() == text


def test_what_only_looks_like_an_account_is_left_alone(path: Path) -> None:
    text = WORK + '[[mute]]\nstack = "a"\nforever = true\nreason = """\\\n[accounts.gone] # \\\nmore"""\n'
    path.write_text(text)
    remove_account(path, "gone")
    assert path.read_text() == text
