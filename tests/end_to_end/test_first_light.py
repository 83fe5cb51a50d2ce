"""The main job, end to end: a message published to SNS lights the icon, and real clicks open the console."""

import json
import signal
import time
from collections.abc import Iterator

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.messages import ec2_instance_baseline, ec2_instance_created, iam_user_baseline, iam_user_created
from desktop_bench.parts import NotificationDaemon
from desktop_bench.processes import Process
from desktop_bench.session import Desktop, DesktopConfig
from desktop_bench.waiting import wait_until
from end_to_end.running_app import COMMAND, Owner

USER_PAGE = (
    "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2?section=permissions"
)
DAEMONS = [NotificationDaemon.XFCE, NotificationDaemon.DUNST, NotificationDaemon.MATE]


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


def icon(owner: Owner) -> bytes:
    """Give what the tray host was told to show."""
    return owner.desktop.tray.wait_item().pixmap(22).tobytes()


@pytest.mark.parametrize("desktop", DAEMONS, indirect=True)
def test_a_published_message_pops_up_and_a_click_opens_the_console_and_calms_the_icon(
    owner: Owner, app: Process
) -> None:
    desktop = owner.desktop
    item = desktop.tray.wait_item()
    calm = desktop.tray.wait_shown(item)
    calm_icon = icon(owner)
    desktop.screenshot("1-calm")

    owner.inbox.publish(iam_user_created("helpdesk2"))
    notify = desktop.spy.wait_notify(timeout=10)
    assert notify.summary == "New user “helpdesk2”"
    assert notify.body.startswith("private · ")
    desktop.popups.wait_shown()
    wait_until(lambda: icon(owner) != calm_icon, 5, "the icon to change")
    assert desktop.tray.wait_shown(item) is not None
    desktop.screenshot("2-alert")

    pressed = desktop.popups.click_action(notify, "default")
    assert desktop.browser.wait_url() == USER_PAGE
    assert time.monotonic() - pressed < 5
    wait_until(lambda: icon(owner) == calm_icon, 5, "the icon to calm down")
    desktop.popups.wait_gone()
    desktop.screenshot("3-after-the-click")
    assert owner.alerts()[0]["reviewed"] is not None
    assert calm.width > 0


def test_an_entry_of_the_tray_menu_opens_the_console_by_a_real_click(owner: Owner, app: Process) -> None:
    desktop = owner.desktop
    calm_icon = icon(owner)
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.inbox.publish(ec2_instance_created("i-0a1b2c3d4e5f60718"))
    desktop.spy.wait_notify(2, timeout=10)
    owner.await_state("to-review")
    item = desktop.tray.wait_item()
    labels = [line.label for line in item.menu() if line.label]
    assert labels[0].startswith("New instance t3.micro")
    assert labels[1].startswith("New user “helpdesk2”")
    assert "Mark all reviewed" in labels
    assert "Quit" in labels
    desktop.tray.open_menu(item)
    desktop.screenshot("menu")
    desktop.key("Escape")
    desktop.tray.choose(item, labels[1])
    assert desktop.browser.wait_url() == USER_PAGE
    assert owner.await_state("to-review")["to_review"] == 1
    desktop.tray.choose(item, "Mark all reviewed")
    wait_until(lambda: icon(owner) == calm_icon, 5, "the icon to calm down")


def test_a_left_click_on_the_icon_opens_the_one_alert_in_the_console(owner: Owner, app: Process) -> None:
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.desktop.spy.wait_notify(timeout=10)
    owner.desktop.tray.click(owner.desktop.tray.wait_item())
    assert owner.desktop.browser.wait_url() == USER_PAGE


def test_a_left_click_on_the_icon_shows_several_alerts_in_the_window(owner: Owner, app: Process) -> None:
    desktop = owner.desktop
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.inbox.publish(ec2_instance_created("i-0a1b2c3d4e5f60718"))
    desktop.spy.wait_notify(2, timeout=10)
    desktop.tray.click(desktop.tray.wait_item())
    desktop.wait_for(
        lambda: any(each.wm_class == "trayapp.trayapp" for each in desktop.screen.windows()), 10, "the window"
    )
    assert owner.status()["to_review"] == 2


def test_reviewing_in_the_terminal_calms_the_icon_within_a_second(owner: Owner, app: Process) -> None:
    calm_icon = icon(owner)
    owner.inbox.publish(iam_user_created())
    owner.desktop.spy.wait_notify(timeout=10)
    wait_until(lambda: icon(owner) != calm_icon, 5, "the icon to change")
    [alert] = owner.alerts()
    reviewed = owner.command("review", str(alert["id"]))
    assert reviewed.returncode == 0
    wait_until(lambda: icon(owner) == calm_icon, 1, "the icon to calm down")
    owner.desktop.popups.wait_gone()


def test_what_was_there_before_is_counted_and_not_told(owner: Owner, app: Process) -> None:
    for message in (iam_user_baseline(), ec2_instance_baseline(), iam_user_created("helpdesk2")):
        owner.inbox.publish(message)
    owner.desktop.spy.wait_notify(timeout=10)
    wait_until(lambda: owner.inbox.depth().visible + owner.inbox.depth().in_flight == 0, 10, "the queue to be empty")
    assert [notify.summary for notify in owner.desktop.spy.notifies()] == ["New user “helpdesk2”"]
    assert owner.status()["existing"] == 2


def test_the_same_message_five_times_in_either_form_is_one_alert(owner: Owner, app: Process) -> None:
    message = iam_user_created("helpdesk2")
    for _ in range(5):
        owner.inbox.publish(message)
    owner.inbox.send_raw(json.dumps(message.body))
    owner.desktop.spy.wait_notify(timeout=10)
    wait_until(lambda: owner.status()["counts"].get("config:ConfigurationItemChangeNotification") == 6, 10, "all six")
    assert len(owner.alerts()) == 1
    assert len(owner.desktop.spy.notifies()) == 1


def test_what_cannot_be_read_is_kept_and_said_and_does_not_stop_the_rest(owner: Owner, app: Process) -> None:
    owner.inbox.send_raw('{"Type": "Notification", "Message": "{\\"configurationItem')
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.desktop.spy.wait_notify(timeout=10)
    wait_until(lambda: owner.status()["quarantined"] == 1, 10, "the message in quarantine")
    item = owner.desktop.tray.wait_item()
    wait_until(
        lambda: "1 message could not be read" in item.tooltip.text + item.tooltip.title, 5, "the tooltip to say so"
    )


def test_hostile_text_stays_text(owner: Owner, app: Process) -> None:
    hostile = "<b>x</b>&amp;\n\u202egpj.exe”"
    owner.inbox.publish(iam_user_created(hostile))
    notify = owner.desktop.spy.wait_notify(timeout=10)
    assert "\u202e" not in notify.summary + notify.body
    assert "\n" not in notify.summary
    owner.desktop.popups.click_action(notify, "default", owner.desktop.popups.wait_shown())
    url = owner.desktop.browser.wait_url()
    assert url.startswith("https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/%3Cb%3E")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_within_a_second_in_the_middle_of_a_poll(owner: Owner, app: Process, number: signal.Signals) -> None:
    wait_until(lambda: owner.cloud.polls_waiting() == 1, 10, "a poll under way")
    began = time.monotonic()
    app.signal(number)
    assert app.wait(5) == 0
    assert time.monotonic() - began < 1
    owner.desktop.tray.wait_empty()


def test_quit_in_the_menu_stops_it(owner: Owner, app: Process) -> None:
    began = owner.desktop.tray.choose(owner.desktop.tray.wait_item(), "Quit")
    assert app.wait(5) == 0
    assert time.monotonic() - began < 1


def test_a_second_start_finds_the_first(owner: Owner, app: Process) -> None:
    second = owner.command("run")
    assert second.returncode == 0
    assert "already running" in second.stdout()
    assert len(owner.desktop.tray.items()) == 1


@pytest.mark.parametrize("desktop", [DesktopConfig(notifications=NotificationDaemon.NONE, panel=False)], indirect=True)
def test_without_tray_and_notifications_it_goes_on_says_so_once_and_appears_when_they_come(
    owner: Owner, app: Process
) -> None:
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.await_state("to-review")
    assert owner.alerts()[0]["shown"] is None
    assert app.stderr().count("no tray") == 1
    owner.desktop.start_panel()
    owner.desktop.tray.wait_shown(owner.desktop.tray.wait_item())
    owner.desktop.start_notifications(NotificationDaemon.XFCE)
    wait_until(lambda: owner.alerts()[0]["shown"], 10, "the alert to be shown")
    owner.desktop.popups.wait_shown()


def test_the_icon_comes_back_with_its_host(owner: Owner, app: Process) -> None:
    owner.desktop.restart_panel()
    owner.desktop.tray.wait_shown(owner.desktop.tray.wait_item())


def test_killed_at_once_it_shows_at_the_next_start_what_it_had_not_shown(owner: Owner) -> None:
    owner.desktop.stop_notifications()
    app = owner.start()
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.await_state("to-review")
    app.kill()
    owner.desktop.start_notifications(NotificationDaemon.XFCE)
    owner.desktop.start([*COMMAND, "run"], name="trayapp-again")
    assert owner.desktop.spy.wait_notify(timeout=10).summary == "New user “helpdesk2”"


def test_a_server_that_is_not_aws_is_named_aloud(owner: Owner, app: Process) -> None:
    host = owner.cloud.endpoint_url.removeprefix("http://")
    assert host in owner.status()["text"]
    tooltip = owner.desktop.tray.wait_item().tooltip
    assert host in tooltip.title + tooltip.text


def test_an_outage_turns_the_icon_off_and_its_end_turns_it_on(owner: Owner, app: Process) -> None:
    watching = icon(owner)
    owner.cloud.refuse()
    status = owner.await_state("not-watching")
    assert status["cause"] in ("no-network", "no-answer")
    assert icon(owner) != watching
    owner.desktop.screenshot("offline")
    owner.cloud.accept()
    wait_until(lambda: icon(owner) == watching, 70, "the icon to come back")


def test_a_locked_keyring_hangs_nothing_and_is_said(owner: Owner) -> None:
    owner.desktop.keyring.lock()
    app = owner.desktop.start([*COMMAND, "run"], name="trayapp")
    wait_until(lambda: owner.status()["cause"] == "keyring-locked", 10, "the cause")
    assert "the keyring is locked" in owner.status()["text"]
    refused = owner.sign_in()
    assert refused.returncode == 1
    assert "locked" in refused.stderr()
    assert "Traceback" not in refused.stderr()
    began = time.monotonic()
    app.signal(signal.SIGTERM)
    assert app.wait(5) == 0
    assert time.monotonic() - began < 1


def test_the_menu_shows_the_window_and_what_is_decided_there_calms_the_icon(owner: Owner, app: Process) -> None:
    desktop = owner.desktop
    owner.inbox.publish(iam_user_created("helpdesk2"))
    owner.await_state("to-review")
    clicked = desktop.tray.choose(desktop.tray.wait_item(), "Show the window")

    def drawn() -> bool:
        windows = [each for each in desktop.screen.windows() if each.wm_class == "trayapp.trayapp"]
        return bool(windows) and not desktop.screen.is_plain(windows[0].box)

    desktop.wait_for(drawn, 10, "the window")
    print(f"{1000 * (time.monotonic() - clicked):.0f} ms from the click to the window")
    desktop.screenshot("window")
    desktop.key("Alt_L+o")
    desktop.browser.wait_url()
    owner.await_state("watching")


def test_what_now_on_a_critical_alert_shows_the_steps(owner: Owner, app: Process) -> None:
    desktop = owner.desktop
    owner.inbox.publish(ec2_instance_created(instance_type="p5.48xlarge"))
    notify = desktop.spy.wait_notify(timeout=10)
    action = next(key for key, label in notify.actions if label == "What now")
    desktop.popups.click_action(notify, action)
    desktop.wait_for(
        lambda: any(each.wm_class == "trayapp.trayapp" for each in desktop.screen.windows()), 10, "the window"
    )
    assert owner.status()["to_review"] == 1
