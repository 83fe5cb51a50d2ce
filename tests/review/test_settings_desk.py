"""The settings behind the page: read again when somebody else has changed them, written, told, and taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from builders import ACCOUNT_ID
from trayapp.core.policy import Mute
from trayapp.desktop import instance
from trayapp.review.settings_desk import SettingsDesk
from trayapp.settings import InvalidValue, Paths, SettingsError

WHOLE = f"""\
history_days = 200   # a good half year

[accounts.work]
region = "eu-central-1"
queue_url = "https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/q"

[severity]
lb-new = "medium"   # we have many

[[mute]]
stack = "nightly-*"
forever = true
"""
DAYS = ("history_days",)
NIGHTLY = Mute(stack="nightly-*")


@pytest.fixture
def file(paths: Paths) -> Path:
    paths.settings.write_text(WHOLE)
    return paths.settings


@pytest.fixture
def desk(paths: Paths, file: Path) -> SettingsDesk:
    return SettingsDesk(paths)


def test_values_are_written_and_known_at_once(desk: SettingsDesk, file: Path) -> None:
    desk.write({DAYS: 90, ("accounts", "work", "label"): "Work"})
    assert desk.settings.policy.keep == timedelta(days=90)
    assert desk.settings.accounts[0].called == "Work"
    assert file.read_text() == WHOLE.replace("= 200", "= 90").replace('/q"\n', '/q"\nlabel = "Work"\n')


def test_a_wrong_value_leaves_file_and_desk_as_they_were(desk: SettingsDesk, file: Path) -> None:
    with pytest.raises(InvalidValue):
        desk.write({DAYS: 3})
    assert file.read_text() == WHOLE
    assert desk.settings.policy.keep == timedelta(days=200)
    assert desk.undo() is None


def test_what_an_editor_writes_is_seen_once(desk: SettingsDesk, file: Path) -> None:
    assert not desk.reread()
    file.write_text(WHOLE.replace("200", "300"))
    assert desk.reread()
    assert not desk.reread()
    assert desk.settings.policy.keep == timedelta(days=300)


def test_a_file_that_is_broken_is_named_and_the_settings_stay_until_it_is_mended(
    desk: SettingsDesk, file: Path
) -> None:
    file.write_text(WHOLE + "[accounts.bad]\n")
    assert desk.reread()
    assert "line 13: region is missing" in desk.problem
    assert desk.settings.policy.keep == timedelta(days=200)
    with pytest.raises(SettingsError, match="region is missing"):
        desk.write({DAYS: 90})
    file.write_text(WHOLE)
    assert desk.reread()
    assert desk.problem == ""


def test_without_a_file_the_first_setting_makes_one_and_undo_leaves_no_setting(paths: Paths) -> None:
    desk = SettingsDesk(paths)
    desk.write({DAYS: 90})
    assert paths.settings.read_text() == "history_days = 90\n"
    assert desk.undo() is True
    assert paths.settings.read_text().strip() == ""


@pytest.mark.parametrize(
    "values",
    [
        {DAYS: 90},
        {("accounts", "work", "label"): "Work"},
        {("severity", "lb-new"): None},
        {("severity", "lb-new"): "low"},
        {("severity", "ec2-new"): "low"},
        {("quiet_hours", "from"): "22:00", ("quiet_hours", "to"): "07:00"},
        {("severity",): None},
    ],
)
def test_what_was_written_is_taken_back(desk: SettingsDesk, values: dict[tuple[str, ...], str | None]) -> None:
    before = desk.settings
    desk.write(values)
    assert desk.settings != before
    assert desk.undo() is True
    assert desk.settings == before
    assert desk.undo() is None


def test_undo_goes_back_step_by_step(desk: SettingsDesk) -> None:
    desk.write({DAYS: 90})
    desk.write({DAYS: 60})
    assert desk.undo() is True
    assert desk.settings.policy.keep == timedelta(days=90)
    assert desk.undo() is True
    assert desk.settings.policy.keep == timedelta(days=200)


def test_what_somebody_has_changed_since_is_not_taken_back(desk: SettingsDesk, file: Path) -> None:
    desk.write({DAYS: 90})
    file.write_text(WHOLE.replace("200", "300"))
    assert desk.undo() is False
    assert desk.settings.policy.keep == timedelta(days=300)


def test_a_mute_is_ended_and_put_back(desk: SettingsDesk) -> None:
    desk.end_mute(NIGHTLY)
    assert not desk.settings.policy.mutes
    assert desk.undo() is True
    assert desk.settings.policy.mutes == (NIGHTLY,)


@pytest.fixture
def heard(paths: Paths) -> Iterator["SimpleQueue[dict[str, Any]]"]:
    """What the running program is asked."""
    asked: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        asked.put(request)
        return {"done": True}

    with instance.claim(paths.runtime) as running:
        running.serve(answer)
        yield asked


def test_the_running_program_is_asked_to_read_what_was_written_here_and_elsewhere(
    heard: "SimpleQueue[dict[str, Any]]", desk: SettingsDesk, file: Path
) -> None:
    desk.write({DAYS: 90})
    assert heard.get(timeout=10) == {"ask": "reload"}
    file.write_text(WHOLE)
    desk.reread()
    assert heard.get(timeout=10) == {"ask": "reload"}
    assert heard.empty()
