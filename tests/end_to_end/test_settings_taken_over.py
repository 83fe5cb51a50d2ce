"""The running program takes over what the settings say now, without being started anew."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.messages import ec2_instance_created, iam_user_created
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until
from end_to_end.running_app import Owner
from trayapp.desktop import instance
from trayapp.settings.edit import write_values

WRITES_DOWN = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"


@pytest.fixture
def owner(desktop: Desktop, cloud: Cloud, inbox: Inbox) -> Iterator[Owner]:
    owner = Owner(desktop, cloud, inbox)
    signed_in = owner.sign_in()
    assert signed_in.returncode == 0, signed_in.tail()
    yield owner
    print(owner.log())


@pytest.fixture
def app(owner: Owner) -> Process:
    return owner.start()


def reload(owner: Owner) -> None:
    runtime = Path(owner.desktop.env["XDG_RUNTIME_DIR"], "trayapp")
    assert instance.ask(runtime, {"ask": "reload"}, 5) == {"done": True}


def test_a_rule_holds_from_the_next_message_on_and_nothing_is_asked_anew(owner: Owner, app: Process) -> None:
    def checked() -> object:
        [account] = owner.status()["accounts"]
        return account["checked"]

    before = wait_until(checked, 10, "the first round of checks")
    write_values(owner.settings, {("severity", "iam-user-new"): "low"})
    reload(owner)
    assert owner.status()["state"] == "watching"
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.inbox.publish(ec2_instance_created("i-0a1b2c3d4e5f60718"))
    notify = owner.desktop.spy.wait_notify(timeout=10)
    assert notify.summary.startswith("New instance")
    [alert] = [each for each in owner.alerts() if each["signal"] == "iam-user-new"]
    assert (alert["severity"], alert["shown"]) == ("low", None)
    assert checked() == before
    assert app.alive


def test_a_link_is_opened_by_the_command_that_the_settings_name_now(owner: Owner, app: Process, tmp_path: Path) -> None:
    written = tmp_path / "address"
    write_values(owner.settings, {("browser_command",): [sys.executable, "-c", WRITES_DOWN, str(written), "{url}"]})
    reload(owner)
    owner.inbox.publish(iam_user_created("helpdesk2"))
    notify = owner.desktop.spy.wait_notify(timeout=10)
    owner.desktop.popups.wait_shown()
    owner.desktop.popups.click_action(notify, "default")
    wait_until(written.exists, 10, "the command")
    wait_until(lambda: written.read_text().startswith("https://us-east-1.console.aws.amazon.com/"), 5, "the address")
    assert app.alive


def test_a_new_language_is_spoken_at_once_also_of_what_was_found_before(owner: Owner, app: Process) -> None:
    def notice() -> str:
        [account] = owner.status()["accounts"]
        [signatures] = [check for check in account["checks"] if check["check"] == "signatures"]
        return str(signatures["sentence"])

    wait_until(lambda: owner.status()["accounts"][0]["checked"], 10, "the first round of checks")
    before = notice()
    write_values(owner.settings, {("language",): "ja"})
    reload(owner)
    owner.inbox.publish(iam_user_created("helpdesk2"))
    notify = owner.desktop.spy.wait_notify(timeout=10)
    assert notify.summary == "ユーザー「helpdesk2」が作成されました"
    wait_until(lambda: notice() != before, 10, "the notice in Japanese")
    write_values(owner.settings, {("language",): "en"})
    reload(owner)
    wait_until(lambda: notice() == before, 10, "the notice in English")
    assert app.alive


def test_settings_that_are_wrong_change_nothing(owner: Owner, app: Process) -> None:
    owner.settings.write_text(owner.settings.read_text() + "[accounts.bad]\n")
    reload(owner)
    assert owner.log().count("the settings are left as they were") == 1
    assert app.alive
