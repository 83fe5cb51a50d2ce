"""The demonstration, as somebody without an AWS account sees it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from desktop_bench.parts import NotificationDaemon
from desktop_bench.session import Desktop, DesktopConfig
from desktop_bench.spy import Notify
from desktop_bench.waiting import wait_until
from end_to_end.running_app import COMMAND, START_S
from scenarios import STACK_TITLE
from trayapp.core.takeovers import TAKEOVER
from trayapp.demo.scenarios import expected_alerts

NO_KEYRING = DesktopConfig(notifications=NotificationDaemon.XFCE, keyring_password=None)
EVENING_S = 90.0
"""Seconds in which the demonstration has told everything; its own pauses take most of them."""


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def raised(desktop: Desktop) -> list[Notify]:
    """Give what asked for attention; the rest took the place of something that was there."""
    return [notify for notify in desktop.spy.notifies() if notify.replaces_id == 0]


@pytest.mark.parametrize("desktop", [NO_KEYRING], indirect=True)
def test_once_it_shows_every_alert_on_the_desktop_prints_them_and_leaves_nothing(
    desktop: Desktop, tmp_path: Path
) -> None:
    before = files_below(desktop.home)
    demo = desktop.start([*COMMAND, "demo", "--once", "--json"], name="demo", env={"TMPDIR": str(tmp_path)})
    assert demo.wait(60) == 0, demo.tail()
    alerts = json.loads(demo.stdout())
    told = [alert for alert in alerts if alert["shown"]]
    assert all(alert["shown"] for alert in alerts if alert["severity"] != "low")
    assert {alert["signal"] for alert in told if alert["severity"] == "critical"} == {
        "iam-user-admin",
        "iam-user-gone",
        "ec2-large",
        TAKEOVER,
        "watch-recorder",
    }
    ids = {part["resource_id"] for alert in told for part in [alert, *alert["parts"]]}
    assert {one for one in expected_alerts() if not one.startswith("AIDA")} <= ids
    # Played without pauses, several may have gathered by the time they are told.
    assert len(raised(desktop)) <= len(told)
    assert list(tmp_path.iterdir()) == []
    assert {path for path in files_below(desktop.home) - before if "trayapp" in str(path)} == set()


@pytest.mark.parametrize("desktop", [NO_KEYRING], indirect=True)
def test_a_visitor_sees_a_stack_grow_then_an_intruder_at_work(desktop: Desktop) -> None:
    settings = Path(desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
    settings.parent.mkdir()
    settings.write_text(f"browser_command = {json.dumps(desktop.browser.command)}\n")
    demo = desktop.start([*COMMAND, "demo"], name="demo")
    item = desktop.tray.wait_item(START_S)
    wait_until(lambda: "Watching demo" in item.tooltip.title, START_S, "it to watch")
    desktop.tray.wait_shown(item)
    desktop.screenshot("1-calm")

    first = desktop.spy.wait_notify(timeout=10)
    assert first.summary == STACK_TITLE.format("1 instance")
    grown = desktop.spy.wait_notify(2, timeout=10)
    assert (grown.summary, grown.replaces_id) == (STACK_TITLE.format("2 instances"), first.id)
    desktop.popups.wait_shown()
    desktop.tray.wait_shown(item)
    desktop.screenshot("2-stack-grown")
    desktop.popups.click_action(grown, "default", desktop.popups.windows()[0])
    assert desktop.browser.wait_url().startswith("https://ap-northeast-1.console.aws.amazon.com/ec2/home?")
    desktop.screenshot("3-after-the-click")

    takeover = desktop.spy.wait_notify(
        where=lambda notify: notify.summary == "This looks like a takeover of demo", timeout=EVENING_S
    )
    assert takeover.replaces_id == 0
    # A new popup slides in.
    wait_until(lambda: len(desktop.popups.windows()) >= len(raised(desktop)) - 1, 5, "every popup that is still there")
    desktop.screenshot("4-takeover")
    off = desktop.spy.wait_notify(
        where=lambda notify: notify.summary == "AWS Config was switched off in N. Virginia", timeout=EVENING_S
    )
    assert "by user “deploy”" in off.body
    assert [notify.summary for notify in raised(desktop)] == [
        STACK_TITLE.format("1 instance"),
        "New user “helpdesk2”",
        "“helpdesk2” is now an administrator",
        "User “alice” was deleted",
        "8 × p5.48xlarge in São Paulo",
        "This looks like a takeover of demo",
        "AWS Config was switched off in N. Virginia",
    ]
    desktop.tray.open_menu(item)
    desktop.screenshot("5-menu")
    desktop.key("Escape")
    demo.signal(signal.SIGTERM)
    assert demo.wait(5) == 0


def test_without_any_desktop_it_works_in_the_terminal(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "LANG": "C.UTF-8"}
    told = subprocess.run([*COMMAND, "demo", "--once"], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert "there is no desktop here" in told.stderr
    alerts = [line for line in told.stdout.splitlines() if " · demo · " in line]
    for title in ("Stack web: ", "New user “helpdesk2”", "This looks like a takeover of demo"):
        assert sum(title in line.partition(" · ")[0] for line in alerts) == 1
    assert "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2" in told.stdout
