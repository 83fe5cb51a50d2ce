"""What its owner writes into a field, and what that is in the file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT_ID, QUICK
from trayapp.core.policy import Policy
from trayapp.review import settings_fields as fields
from trayapp.settings import Account, InvalidValue, Settings

QUEUE = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/q"
WORK = Account("work", "eu-central-1", QUEUE)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("firefox --new-window {url}", ["firefox", "--new-window", "{url}"]),
        ('"C:\\Program Files\\Firefox\\firefox.exe" {url}', ["C:\\Program Files\\Firefox\\firefox.exe", "{url}"]),
        ("C:\\firefox.exe {url}  # no comment", ["C:\\firefox.exe", "{url}", "#", "no", "comment"]),
        ("  ", None),
    ],
)
def test_a_command_is_parted_as_a_shell_does_but_for_backslashes(text: str, command: list[str] | None) -> None:
    assert fields.BROWSER.value(text) == command


def test_a_quotation_mark_that_is_not_closed_is_named() -> None:
    with pytest.raises(InvalidValue, match="quotation mark is not closed") as caught:
        fields.BROWSER.value('"firefox {url}')
    assert caught.value.key == ("browser_command",)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=5))
@QUICK
def test_every_command_is_read_as_it_is_shown(parts: list[str]) -> None:
    assert fields.split(fields.join(tuple(parts))) == parts


def test_lists_are_written_with_commas_or_spaces() -> None:
    assert fields.WATCHED_TYPES.value("AWS::IAM::User, AWS::EC2::Instance;AWS::S3::Bucket") == [
        "AWS::IAM::User",
        "AWS::EC2::Instance",
        "AWS::S3::Bucket",
    ]
    assert fields.WATCHED_TYPES.value(" ") is None


def test_days_are_a_number_and_what_is_none_is_left_to_the_check() -> None:
    assert fields.HISTORY_DAYS.value(" 90 ") == 90
    assert fields.HISTORY_DAYS.value("a year") == "a year"
    assert fields.HISTORY_DAYS.text(Settings(policy=Policy(keep=timedelta(days=90)))) == "90"


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        (WORK, ""),
        (replace(WORK, regions=()), "none"),
        (replace(WORK, regions=("us-east-1", "eu-west-1")), "us-east-1, eu-west-1"),
    ],
)
def test_no_regions_at_all_is_something_else_than_none_named(account: Account, shown: str) -> None:
    field = fields.regions("work")
    assert field.text(Settings((account,))) == shown
    assert field.value(shown) == (None if account.regions is None else list(account.regions))


@pytest.mark.parametrize("trail", [None, True, False])
def test_what_is_said_of_the_trail_is_read_as_it_is_shown(trail: bool | None) -> None:  # noqa: FBT001 - the value itself
    field = fields.trail("work")
    assert field.value(field.text(Settings((replace(WORK, trail=trail),)))) == trail


def test_an_account_that_is_gone_says_nothing() -> None:
    assert fields.label("work").text(Settings()) == ""
