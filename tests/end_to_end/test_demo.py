"""The demonstration, as somebody without an AWS account sees it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from desktop_bench.parts import NotificationDaemon
from desktop_bench.session import Desktop, DesktopConfig
from desktop_bench.waiting import wait_until
from end_to_end.running_app import COMMAND, START_S
from trayapp.demo.scenarios import expected_alerts

NO_KEYRING = DesktopConfig(notifications=NotificationDaemon.XFCE, keyring_password=None)


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("desktop", [NO_KEYRING], indirect=True)
def test_once_it_shows_every_alert_on_the_desktop_prints_them_and_leaves_nothing(
    desktop: Desktop, tmp_path: Path
) -> None:
    before = files_below(desktop.home)
    demo = desktop.start([*COMMAND, "demo", "--once", "--json"], name="demo", env={"TMPDIR": str(tmp_path)})
    assert demo.wait(60) == 0, demo.tail()
    alerts = json.loads(demo.stdout())
    assert {alert["resource_id"] for alert in alerts} == expected_alerts()
    assert all(alert["shown"] for alert in alerts)
    assert len(desktop.spy.notifies()) == len(alerts)
    assert list(tmp_path.iterdir()) == []
    assert {path for path in files_below(desktop.home) - before if "trayapp" in str(path)} == set()


@pytest.mark.parametrize("desktop", [NO_KEYRING], indirect=True)
def test_a_visitor_sees_calm_alert_menu_and_calm_again(desktop: Desktop) -> None:
    settings = Path(desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
    settings.parent.mkdir()
    settings.write_text(f"browser_command = {json.dumps(desktop.browser.command)}\n")
    demo = desktop.start([*COMMAND, "demo"], name="demo")
    item = desktop.tray.wait_item(START_S)
    wait_until(lambda: "Watching demo" in item.tooltip.title, START_S, "it to watch")
    desktop.tray.wait_shown(item)
    desktop.screenshot("1-calm")
    first = desktop.spy.wait_notify(timeout=30)
    assert first.summary == "New instance t3.micro in Tokyo"
    desktop.popups.wait_shown()
    desktop.tray.wait_shown(item)
    desktop.screenshot("2-alert")
    desktop.tray.open_menu(item)
    desktop.screenshot("3-menu")
    desktop.key("Escape")
    desktop.popups.click_action(first, "default", desktop.popups.windows()[0])
    assert desktop.browser.wait_url().startswith("https://ap-northeast-1.console.aws.amazon.com/ec2/home?")
    desktop.screenshot("4-after-the-click")
    demo.signal(signal.SIGTERM)
    assert demo.wait(5) == 0


def test_without_any_desktop_it_works_in_the_terminal(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TMPDIR": str(tmp_path), "LANG": "C.UTF-8"}
    told = subprocess.run([*COMMAND, "demo", "--once"], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert "there is no desktop here" in told.stderr
    assert told.stdout.count("  New instance ") == 10
    assert told.stdout.count("  New user “helpdesk2” · ") == 1
    assert "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2" in told.stdout
