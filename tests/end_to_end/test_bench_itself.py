"""The bench does what tests rely on: otherwise a green end-to-end test would prove nothing."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import botocore.exceptions
import pytest
from botocore.config import Config

from desktop_bench import sample_item
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.config import PASSWORD, DesktopConfig
from desktop_bench.dbus_client import DBusCallError
from desktop_bench.errors import BenchError, WaitTimeoutError
from desktop_bench.faults import Fault
from desktop_bench.messages import (
    ConfigMessage,
    ec2_instance_baseline,
    ec2_instance_created,
    iam_user_baseline,
    iam_user_created,
)
from desktop_bench.parts import LIGHT, NOTIFICATIONS, NotificationDaemon
from desktop_bench.processes import MARK, Process, marked_processes
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until

if TYPE_CHECKING:
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

DAEMONS = [NotificationDaemon.XFCE, NotificationDaemon.DUNST, NotificationDaemon.MATE]
ACTIONS = ["default", "Open in console", "review", "Mark as reviewed"]


def notify(desktop: Desktop, summary: str = "New IAM user", replaces_id: int = 0) -> int:
    """Send a notification from the test itself; gives its id."""
    answer = desktop.bus.call(
        *(NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS, "Notify", "susssasa{sv}i"),
        *("bench", replaces_id, "", summary, "in account 1234", ACTIONS, {}, 0),
    )
    return int(answer[0])


def start_item(desktop: Desktop, colour: str = "red") -> Process:
    """Start the sample tray icon."""
    return desktop.start([sys.executable, "-P", sample_item.__file__, colour], name=f"item-{colour}")


def python(desktop: Desktop, code: str) -> Process:
    """Run a line of Python on the desktop."""
    return desktop.start([sys.executable, "-c", code], name="child")


# ---- notifications


@pytest.mark.parametrize("desktop", DAEMONS, indirect=True)
def test_a_notification_is_spied_seen_and_its_default_action_chosen_with_the_pointer(desktop: Desktop) -> None:
    sent = time.monotonic()
    number = notify(desktop)

    spied = desktop.spy.wait_notify()
    assert (spied.app_name, spied.summary, spied.id) == ("bench", "New IAM user", number)
    assert spied.actions == (("default", "Open in console"), ("review", "Mark as reviewed"))
    assert spied.answered is not None
    assert sent < spied.at <= spied.answered

    desktop.popups.wait_shown()
    desktop.screenshot("popup")
    pressed = desktop.popups.click_action(spied, "default")

    invoked = desktop.spy.wait_invoked()
    assert (invoked.id, invoked.key) == (number, "default")
    assert invoked.at > pressed
    assert desktop.spy.wait_closed().id == number
    desktop.popups.wait_gone()


@pytest.mark.parametrize("desktop", [NotificationDaemon.XFCE, NotificationDaemon.MATE], indirect=True)
def test_a_further_action_is_chosen_by_its_button(desktop: Desktop) -> None:
    notify(desktop)

    desktop.popups.click_action(desktop.spy.wait_notify(), "review")

    assert desktop.spy.wait_invoked().key == "review"


def test_a_click_on_the_body_of_xfces_notification_dismisses_it_without_an_action(desktop: Desktop) -> None:
    number = notify(desktop)

    desktop.popups.click_body()

    closed = desktop.spy.wait_closed()
    assert (closed.id, closed.reason) == (number, 2)
    assert desktop.spy.invoked() == []


@pytest.mark.parametrize("desktop", [NotificationDaemon.DUNST], indirect=True)
def test_an_action_that_the_daemon_does_not_offer_cannot_be_chosen(desktop: Desktop) -> None:
    notify(desktop)

    with pytest.raises(BenchError, match="dunst offers no button for 'review'"):
        desktop.popups.click_action(desktop.spy.wait_notify(), "review")


def test_several_popups_are_told_apart_from_top_to_bottom(desktop: Desktop) -> None:
    notify(desktop, "first")
    second = notify(desktop, "second")

    lower = desktop.popups.wait_shown(2)
    desktop.popups.click_action(desktop.spy.wait_notify(2), "default", lower)

    assert desktop.spy.wait_invoked().id == second


@pytest.mark.parametrize("desktop", [NotificationDaemon.NONE], indirect=True)
def test_without_a_daemon_a_notification_fails_at_once_and_another_daemon_may_come(desktop: Desktop) -> None:
    with pytest.raises(DBusCallError, match="ServiceUnknown"):
        notify(desktop)
    assert desktop.spy.wait_notify().error == "org.freedesktop.DBus.Error.ServiceUnknown"

    desktop.start_notifications(NotificationDaemon.DUNST)
    notify(desktop)
    desktop.popups.wait_shown()

    desktop.stop_notifications()
    desktop.popups.wait_gone()
    assert not desktop.bus.has_owner(NOTIFICATIONS)


@pytest.mark.parametrize(
    "desktop", [DesktopConfig(notifications=NotificationDaemon.NONE, activation=True)], indirect=True
)
def test_with_activation_the_bus_starts_a_daemon_of_its_own_choice(desktop: Desktop) -> None:
    assert not desktop.bus.has_owner(NOTIFICATIONS)

    notify(desktop)

    daemons = [name for daemon in DAEMONS if (name := daemon.window_class)]
    desktop.wait_for(
        lambda: any(name in window.wm_class for window in desktop.screen.windows() for name in daemons),
        5,
        "a popup of whichever daemon",
    )


def test_a_withdrawn_notification_is_spied(desktop: Desktop) -> None:
    number = notify(desktop)
    desktop.popups.wait_shown()

    path = "/org/freedesktop/Notifications"
    desktop.bus.call(NOTIFICATIONS, path, NOTIFICATIONS, "CloseNotification", "u", number)

    assert [closing.id for closing in desktop.spy.closings()] == [number]
    assert desktop.spy.wait_closed().reason == 3
    desktop.popups.wait_gone()


# ---- the tray


def test_an_icon_is_read_located_and_clicked(desktop: Desktop) -> None:
    program = start_item(desktop)
    item = desktop.tray.wait_item()
    assert (item.title, item.status, item.tooltip.title) == ("Sample", "Active", "Sample tip")
    assert item.pixmap(22).getpixel((4, 11)) == (255, 0, 0, 255)

    place = desktop.tray.wait_shown(item)
    assert place.contains(*(desktop.find_colour((255, 0, 0), area=desktop.tray.panel) or (0, 0)))
    desktop.screenshot("icon")

    desktop.tray.click(item)
    desktop.wait_for(lambda: program.stdout() == "activate\n", 5, "the item to be activated")


def test_a_menu_entry_is_read_and_chosen_with_the_pointer(desktop: Desktop) -> None:
    program = start_item(desktop)
    item = desktop.tray.wait_item()
    lines = item.menu()
    assert [line.label for line in lines] == list(sample_item.LABELS.values())
    assert [line.enabled for line in lines if not line.separator] == [True, True, False, True]

    desktop.tray.open_menu(item)
    desktop.screenshot("menu")
    desktop.key("Escape")
    for label in ("Quit_it", "Open the newest", "Pause for an hour"):
        desktop.tray.choose(item, label)

    expected = "clicked Quit_it\nclicked Open the newest\nclicked Pause for an hour\n"
    desktop.wait_for(lambda: program.stdout() == expected, 5, "the three clicks to arrive")


def test_an_entry_that_cannot_be_chosen_is_not(desktop: Desktop) -> None:
    start_item(desktop)

    with pytest.raises(BenchError, match="no line to choose is called 'Only tells'"):
        desktop.tray.choose(desktop.tray.wait_item(), "Only tells")


@pytest.mark.parametrize("desktop", [DesktopConfig(palette=LIGHT)], indirect=True)
def test_two_icons_on_a_light_panel_are_told_apart_by_their_looks(desktop: Desktop) -> None:
    start_item(desktop, "red")
    desktop.tray.wait_item()
    start_item(desktop, "blue")
    items = desktop.wait_for(lambda: found if len(found := desktop.tray.items()) == 2 else [], 5, "two items")

    places = {item.pixmap().getpixel((4, 11)): desktop.tray.wait_shown(item) for item in items}

    desktop.screenshot("two")
    assert places[255, 0, 0, 255].contains(*(desktop.find_colour((255, 0, 0)) or (0, 0)))
    assert places[0, 0, 255, 255].contains(*(desktop.find_colour((0, 0, 255)) or (0, 0)))


def test_an_icon_whose_program_is_killed_leaves_the_panel(desktop: Desktop) -> None:
    program = start_item(desktop)
    desktop.tray.wait_shown(desktop.tray.wait_item())

    program.kill()

    desktop.tray.wait_empty()


def test_the_tray_host_goes_and_comes_back_without_icons_that_do_not_ask_again(desktop: Desktop) -> None:
    start_item(desktop)
    desktop.tray.wait_shown(desktop.tray.wait_item())

    desktop.stop_panel()
    assert desktop.tray.items() == []
    assert not desktop.tray.panel_is_drawn()

    desktop.start_panel()
    desktop.tray.wait_empty()


# ---- the keyring

SET_AND_GET = (
    "import keyring; keyring.set_password('bench', 'me', 's3cret'); print(keyring.get_password('bench', 'me'))"
)
GET = "import keyring; print(keyring.get_password('bench', 'me'))"


def test_a_program_keeps_a_secret_in_the_keyring_until_it_is_locked(desktop: Desktop) -> None:
    child = python(desktop, SET_AND_GET)
    assert child.wait(20) == 0, child.tail()
    assert child.stdout() == "s3cret\n"

    desktop.keyring.lock()
    assert desktop.keyring.locked()
    child = python(desktop, GET)
    assert child.wait(20) != 0
    assert "keyring.errors.KeyringLocked" in child.stderr()

    with pytest.raises(BenchError, match="still locked"):
        desktop.keyring.unlock("wrong")
    desktop.keyring.unlock(PASSWORD)
    child = python(desktop, GET)
    assert child.wait(20) == 0, child.tail()
    assert child.stdout() == "s3cret\n"


def test_a_keyring_that_is_started_with_a_wrong_password_is_reported(desktop: Desktop) -> None:
    desktop.keyring.kill()

    with pytest.raises(BenchError, match="still locked"):
        desktop.keyring.start("wrong")


@pytest.mark.parametrize("desktop", [DesktopConfig(keyring_password=None)], indirect=True)
def test_a_desktop_may_have_no_keyring(desktop: Desktop) -> None:
    with pytest.raises(BenchError, match="no Secret Service"):
        desktop.keyring.locked()

    child = python(desktop, GET)
    assert child.wait(20) != 0
    assert "keyring.errors.NoKeyringError" in child.stderr()


# ---- programs


def test_programs_get_a_clean_environment_of_their_own(desktop: Desktop) -> None:
    child = python(desktop, "import json, os; print(json.dumps(dict(os.environ)))")
    assert child.wait(10) == 0, child.tail()

    seen = json.loads(child.stdout())
    assert seen.pop(MARK) == desktop.mark
    assert seen == {**desktop.env, **({"LC_CTYPE": seen["LC_CTYPE"]} if "LC_CTYPE" in seen else {})}
    assert seen["TZ"] == "Asia/Tokyo"
    assert Path(seen["XDG_RUNTIME_DIR"]).stat().st_mode & 0o777 == 0o700


def test_the_browser_notes_what_it_is_asked_to_open(desktop: Desktop) -> None:
    url = "https://eu-west-1.console.aws.amazon.com/iam/home?region=eu-west-1#/users/details/a%20b?section=permissions"
    argv = [part.format(url=url) for part in desktop.browser.command]

    assert desktop.start(argv).wait(5) == 0

    assert desktop.browser.wait_url() == url
    assert desktop.browser.urls() == [url]


def test_waiting_in_vain_leaves_a_picture(desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAYAPP_ARTEFACTS", str(tmp_path))

    with pytest.raises(WaitTimeoutError, match=r"0.1 s in vain for a miracle \(screen: .*timeout\.png\)"):
        desktop.wait_for(lambda: False, 0.1, "a miracle")

    assert [path.suffix for path in tmp_path.iterdir()] == [".png"]


# ---- leaving


DAEMONISE = "import os, time; os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); time.sleep(600)"


def test_nothing_is_left_of_a_desktop_even_after_a_failure(tmp_path: Path) -> None:
    def fail_on(desktop: Desktop) -> None:
        stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
        python(desktop, stubborn)
        python(desktop, DAEMONISE).wait(5)
        start_item(desktop)
        desktop.tray.wait_item()
        names = {process.name() for process in marked_processes(desktop.mark)}
        assert {"Xvfb", "dbus-daemon", "openbox", "xfce4-panel", "xfce4-notifyd", "xfconfd"} <= names
        assert any(name.startswith("gnome-keyring") for name in names)
        raise LookupError

    desktop = Desktop(tmp_path / "d")
    with pytest.raises(LookupError), desktop:
        fail_on(desktop)

    display = desktop.env["DISPLAY"].removeprefix(":")
    assert marked_processes(desktop.mark) == []
    assert not Path(f"/tmp/.X11-unix/X{display}").exists()
    assert not Path(f"/tmp/.X{display}-lock").exists()
    assert [thread.name for thread in threading.enumerate() if "desktop-bench" in thread.name] == []


def test_nothing_is_left_of_a_desktop_whose_test_process_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from desktop_bench.session import Desktop\n"
        f"with Desktop(Path({str(tmp_path)!r}) / 'd') as desktop:\n"
        "    print(desktop.mark, flush=True)\n"
        "    time.sleep(600)\n"
    )
    tests = str(Path(__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": tests}
    ) as runner:
        assert runner.stdout is not None
        mark = runner.stdout.readline().strip()
        assert len(marked_processes(mark)) >= 6
        runner.send_signal(signal.SIGKILL)

    wait_until(lambda: not marked_processes(mark), 10, "the desktop to follow its test")


def test_several_desktops_run_side_by_side(tmp_path: Path) -> None:
    with Desktop(tmp_path / "1") as one, Desktop(tmp_path / "2") as two:
        assert one.env["DISPLAY"] != two.env["DISPLAY"]
        notify(one, "to the first")
        one.popups.wait_shown()
        assert two.popups.windows() == []
        assert two.spy.notifies() == []


# ---- the cloud


def reader(cloud: Cloud, inbox: Inbox, wait: int = 20) -> subprocess.Popen[str]:
    """Start a program that polls once and prints the bodies and when they came."""
    code = f"""
import boto3, time
from botocore.config import Config
sqs = boto3.client("sqs", endpoint_url={cloud.endpoint_url!r}, region_name={cloud.region!r}, aws_access_key_id="a",
                   aws_secret_access_key="b", config=Config(retries={{"total_max_attempts": 1}}, proxies={{}}))
answer = sqs.receive_message(QueueUrl={inbox.queue_url!r}, WaitTimeSeconds={wait})
print(time.monotonic(), len(answer.get("Messages", [])))
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_a_published_message_arrives_in_its_envelope(inbox: Inbox) -> None:
    message = iam_user_created("eve")
    assert inbox.depth() == Depth(0, 0)

    number = inbox.publish(message)

    assert inbox.depth() == Depth(1, 0)
    (body,) = inbox.receive()
    envelope = json.loads(body)
    assert (envelope["Type"], envelope["MessageId"], envelope["TopicArn"]) == ("Notification", number, inbox.topic_arn)
    assert envelope["Subject"] == message.subject
    assert json.loads(envelope["Message"]) == message.body
    assert inbox.depth() == Depth(0, 0)


def test_raw_delivery_brings_the_bare_message(cloud: Cloud) -> None:
    inbox = cloud.inbox(raw=True)
    message = ec2_instance_created()

    inbox.publish(message)

    assert [json.loads(body) for body in inbox.receive()] == [message.body]


def test_a_waiting_poll_is_answered_as_soon_as_a_message_is_there(cloud: Cloud, inbox: Inbox) -> None:
    with reader(cloud, inbox) as program:
        wait_until(lambda: cloud.polls_waiting() == 1, 10, "the program to poll")
        inbox.publish({"any": "message"})
        published = time.monotonic()
        output, _ = program.communicate(timeout=10)

    arrived, count = output.split()
    assert count == "1"
    assert float(arrived) - published < 0.2


def test_a_poll_that_is_hung_up_takes_no_message_along(cloud: Cloud, inbox: Inbox) -> None:
    with reader(cloud, inbox) as program:
        wait_until(lambda: cloud.polls_waiting() == 1, 10, "the program to poll")
        program.kill()
    wait_until(lambda: cloud.polls_waiting() == 0, 5, "the poll to end with its program")

    inbox.publish({"any": "message"})

    assert inbox.depth() == Depth(visible=1, in_flight=0)


def test_a_message_taken_for_a_client_that_is_gone_is_put_back(cloud: Cloud, inbox: Inbox) -> None:
    inbox.publish({"any": "message"})
    address = urlsplit(cloud.endpoint_url)
    client = http.client.HTTPConnection(address.hostname or "", address.port)
    scope = f"Credential=a/20261123/{cloud.region}/sqs/aws4_request, SignedHeaders=host, Signature=b"
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AmazonSQS.ReceiveMessage",
        "Authorization": f"AWS4-HMAC-SHA256 {scope}",
    }
    client.request("POST", "/", json.dumps({"QueueUrl": inbox.queue_url, "WaitTimeSeconds": 5}), headers)
    client.close()

    wait_until(lambda: cloud.requests()[-1].action == "ReceiveMessage", 5, "the poll to arrive")
    wait_until(lambda: cloud.polls_waiting() == 0, 5, "the poll to end")
    wait_until(lambda: inbox.depth() == Depth(visible=1, in_flight=0), 5, "the message to be back")
    (message,) = cloud.sqs.receive_message(
        QueueUrl=inbox.queue_url, MessageSystemAttributeNames=["ApproximateReceiveCount"]
    )["Messages"]
    assert message["Attributes"]["ApproximateReceiveCount"] == "2"


def test_a_long_poll_finds_a_message_whose_visibility_timeout_ends(cloud: Cloud, inbox: Inbox) -> None:
    inbox.publish({"any": "message"})
    cloud.sqs.receive_message(QueueUrl=inbox.queue_url, VisibilityTimeout=1)

    answer = cloud.sqs.receive_message(QueueUrl=inbox.queue_url, WaitTimeSeconds=10)

    assert len(answer["Messages"]) == 1


ERRORS = {
    Fault.THROTTLE: "ThrottlingException",
    Fault.ACCESS_DENIED: "AccessDeniedException",
    Fault.UNKNOWN_KEY: "UnrecognizedClientException",
    Fault.BAD_SECRET: "InvalidSignatureException",
    Fault.EXPIRED_TOKEN: "ExpiredTokenException",
    Fault.NO_QUEUE: "AWS.SimpleQueueService.NonExistentQueue",
    Fault.ERROR_500: "500",
    Fault.ERROR_503: "503",
}


@pytest.mark.parametrize(("fault", "code"), ERRORS.items(), ids=[fault.value for fault in ERRORS])
def test_an_error_of_aws_reaches_the_client_with_its_code_once(
    cloud: Cloud, inbox: Inbox, fault: Fault, code: str
) -> None:
    cloud.inject(fault, "ReceiveMessage")

    with pytest.raises(botocore.exceptions.ClientError) as caught:
        cloud.sqs.receive_message(QueueUrl=inbox.queue_url)

    assert caught.value.response["Error"]["Code"] == code
    assert "ResponseMetadata" in cloud.sqs.receive_message(QueueUrl=inbox.queue_url)
    assert [one.fault for one in cloud.requests() if one.action == "ReceiveMessage"][-2:] == [fault, None]


def test_clients_of_the_query_protocol_get_their_errors_as_xml(cloud: Cloud, inbox: Inbox) -> None:
    cloud.inject(Fault.ACCESS_DENIED, "Publish")

    with pytest.raises(botocore.exceptions.ClientError) as caught:
        inbox.publish({"any": "message"})

    assert caught.value.response["Error"]["Code"] == "AccessDenied"


def test_a_login_page_looks_like_success_without_a_request_id(cloud: Cloud, inbox: Inbox) -> None:
    cloud.inject(Fault.PORTAL)

    answer = cloud.sqs.receive_message(QueueUrl=inbox.queue_url)

    assert answer.get("Messages") is None
    assert "RequestId" not in dict(answer["ResponseMetadata"])


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.LOSE_REPLY])
def test_a_cut_connection_executes_the_request_only_when_its_reply_is_lost(
    cloud: Cloud, inbox: Inbox, fault: Fault
) -> None:
    cloud.inject(fault, "SendMessage")

    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        inbox.send_raw("hello")

    assert inbox.depth().visible == (1 if fault is Fault.LOSE_REPLY else 0)


def test_a_hanging_request_ends_when_the_fault_is_cleared(cloud: Cloud, inbox: Inbox) -> None:
    cloud.inject(Fault.HANG, "ReceiveMessage", times=-1)
    with reader(cloud, inbox) as program:
        wait_until(lambda: any(one.fault is Fault.HANG for one in cloud.requests()), 10, "the request to hang")
        assert program.poll() is None
        cloud.clear()
        assert program.wait(10) == 1


def test_a_waiting_poll_is_struck_by_a_fault_that_comes_later(cloud: Cloud, inbox: Inbox) -> None:
    with reader(cloud, inbox) as program:
        wait_until(lambda: cloud.polls_waiting() == 1, 10, "the program to poll")
        cloud.inject(Fault.DROP, "ReceiveMessage")
        assert program.wait(10) == 1


def test_refused_connections_are_taken_again_at_the_same_address(cloud: Cloud, inbox: Inbox) -> None:
    session = boto3.session.Session("a", "b", region_name=cloud.region)
    config = Config(retries={"total_max_attempts": 1}, proxies={})
    client = session.client("sqs", endpoint_url=cloud.endpoint_url, config=config)
    client.receive_message(QueueUrl=inbox.queue_url)

    cloud.refuse()
    with pytest.raises(botocore.exceptions.ConnectionError):
        client.receive_message(QueueUrl=inbox.queue_url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(cloud.endpoint_url.rpartition(":")[2])), timeout=5).close()

    cloud.accept()
    assert "Messages" not in client.receive_message(QueueUrl=inbox.queue_url)
    client.close()


def test_long_queues_are_usable(cloud: Cloud, inbox: Inbox) -> None:
    entries: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(number), "MessageBody": "x" * 1000} for number in range(10)
    ]
    for _ in range(60):
        cloud.sqs.send_message_batch(QueueUrl=inbox.queue_url, Entries=entries)

    started = time.monotonic()
    cloud.sqs.receive_message(QueueUrl=inbox.queue_url, MaxNumberOfMessages=10)

    assert time.monotonic() - started < 0.1


# ---- the messages


@pytest.mark.parametrize(
    ("message", "age_minutes"),
    [
        (iam_user_created(), 4),
        (iam_user_baseline(), 200 * 24 * 60),
        (ec2_instance_created(), 4),
        (ec2_instance_baseline(), 200 * 24 * 60),
    ],
)
def test_messages_tell_how_old_the_resource_was_when_it_was_seen(message: ConfigMessage, age_minutes: int) -> None:
    item = message.item
    seen, born = (
        datetime.fromisoformat(item[name]) for name in ("configurationItemCaptureTime", "resourceCreationTime")
    )

    assert (seen - born).total_seconds() == age_minutes * 60
    assert item["configurationStateId"] == int(seen.timestamp() * 1000)
    assert item["awsAccountId"] in item["ARN"]
    assert len(message.subject) <= 100
