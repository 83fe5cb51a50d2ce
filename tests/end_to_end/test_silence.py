"""Silence never looks like safety: whatever keeps us from watching stands on the desktop, by its own name."""

from collections.abc import Iterator

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from desktop_bench.messages import iam_user_created
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until
from end_to_end.running_app import Owner

_NORMAL, _CRITICAL = 1, 2
"""Urgencies: https://specifications.freedesktop.org/notification-spec/latest/urgency-levels.html"""

_LOGIND = "org.freedesktop.login1"


@pytest.fixture
def owner(desktop: Desktop, cloud: Cloud, inbox: Inbox) -> Iterator[Owner]:
    owner = Owner(desktop, cloud, inbox)
    signed_in = owner.sign_in()
    assert signed_in.returncode == 0, signed_in.tail()
    yield owner
    print(owner.log())


@pytest.fixture
def app(owner: Owner) -> Process:
    # The bus is the system's as well, so that a test can say that the computer has woken.
    return owner.start(env={"DBUS_SYSTEM_BUS_ADDRESS": owner.desktop.env["DBUS_SESSION_BUS_ADDRESS"]})


def icon(owner: Owner) -> bytes:
    return owner.desktop.tray.wait_item().pixmap(22).tobytes()


def tooltip(owner: Owner) -> str:
    said = owner.desktop.tray.wait_item().tooltip
    return f"{said.title} {said.text}"


def wake(owner: Owner) -> None:
    """Say what systemd-logind says when the computer has woken from sleep."""
    bus = owner.desktop.bus
    bus.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "su", _LOGIND, 0)
    bus.emit("/org/freedesktop/login1", f"{_LOGIND}.Manager", "PrepareForSleep", "b", False)


def picture(owner: Owner, name: str) -> None:
    """Take a picture without and one with the menu open."""
    owner.desktop.label = "silence"
    owner.desktop.screenshot(name)
    owner.desktop.tray.open_menu(owner.desktop.tray.wait_item())
    owner.desktop.screenshot(f"{name}-menu")
    owner.desktop.key("Escape")


def test_a_key_that_is_deleted_while_we_run_is_told_as_what_it_may_be_the_lock_out(owner: Owner, app: Process) -> None:
    watching = icon(owner)
    owner.cloud.inject(Fault.UNKNOWN_KEY, times=-1)
    notify = owner.desktop.spy.wait_notify(timeout=10)
    assert notify.hints["urgency"] == _CRITICAL
    assert "root" in notify.body
    assert owner.await_state("not-watching")["cause"] == "key-revoked"
    wait_until(lambda: icon(owner) != watching, 5, "the icon to go out")
    wait_until(lambda: "Not watching" in tooltip(owner), 5, "the tooltip to say so")
    owner.desktop.popups.wait_shown()
    picture(owner, "key-deleted")
    assert len(owner.desktop.spy.notifies()) == 1


def test_a_recorder_that_is_stopped_is_found_when_the_computer_wakes(owner: Owner, app: Process) -> None:
    watching = icon(owner)
    owner.cloud.reporters.stop_recording()
    wake(owner)
    notify = owner.desktop.spy.wait_notify(timeout=10)
    assert "does not record" in notify.summary
    assert owner.await_state("not-watching")["cause"] == "recorder-off"
    wait_until(lambda: icon(owner) != watching, 5, "the icon to go out")
    owner.desktop.popups.wait_shown()
    picture(owner, "recorder-stopped")
    # What still comes is told, all the same.
    owner.inbox.publish(iam_user_created("helpdesk2"))
    assert owner.desktop.spy.wait_notify(2, timeout=10).summary == "New user “helpdesk2”"
    owner.cloud.reporters.record(owner.inbox.topic_arn)
    wake(owner)
    owner.await_state("to-review")


@pytest.mark.parametrize(
    ("name", "cause", "says"),
    [
        ("offline", "no-network", "no connection to AWS"),
        ("captive-portal", "intercepted", "a login page is in the way"),
    ],
)
def test_an_outage_that_may_pass_is_on_the_icon_at_once_and_makes_no_noise(
    name: str, cause: str, says: str, owner: Owner, app: Process
) -> None:
    watching = icon(owner)
    if name == "offline":
        owner.cloud.refuse()
    else:
        owner.cloud.inject(Fault.PORTAL, times=-1)
    assert owner.await_state("not-watching")["cause"] == cause
    wait_until(lambda: icon(owner) != watching, 5, "the icon to go out")
    wait_until(lambda: says in tooltip(owner), 5, "the tooltip to say so")
    picture(owner, name)
    assert owner.desktop.spy.notifies() == []
    owner.cloud.accept()
    owner.cloud.clear()
    wake(owner)
    wait_until(lambda: icon(owner) == watching, 10, "the icon to come back")
