"""Where the icon goes and who shows notifications, asked on a real session bus."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trayapp.doctor import desktop
from trayapp.doctor.steps import Ill, NotAsked

if sys.platform != "linux":
    pytest.skip("the session bus is Linux's", allow_module_level=True)

from desktop.bus_fakes import NotificationServer, TrayHost
from desktop.conftest import BUS_CONFIG


@pytest.fixture
def bus_daemon(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A session bus on which nothing is started by being called."""
    config = tmp_path / "bus.conf"
    config.write_text(BUS_CONFIG.format(socket=tmp_path / "bus"))
    process = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait(5)
    assert process.stdout
    process.stdout.close()


@pytest.fixture
def bus_address(bus_daemon: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of this session's bus."""
    assert bus_daemon.stdout
    address = bus_daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    return address


def test_without_a_desktop_nothing_is_asked() -> None:
    for look in (desktop.look_for_tray_host, desktop.look_for_notifications, desktop.show_test_note):
        with pytest.raises(NotAsked, match="no desktop here"):
            look()


def test_a_desktop_without_a_tray_is_told_what_to_do(bus_address: str) -> None:
    with pytest.raises(Ill, match="no tray") as caught:
        desktop.look_for_tray_host()
    assert "AppIndicator" in caught.value.way_out
    watcher = TrayHost(bus_address, is_registered=False)
    try:
        with pytest.raises(Ill, match="nobody shows the icons"):
            desktop.look_for_tray_host()
    finally:
        watcher.close()


def test_a_tray_is_found(bus_address: str) -> None:
    host = TrayHost(bus_address)
    try:
        assert desktop.look_for_tray_host() == "a tray takes status icons"
    finally:
        host.close()


def test_a_notification_service_is_named_with_what_it_can(bus_address: str) -> None:
    with pytest.raises(Ill, match="nobody shows notifications") as caught:
        desktop.look_for_notifications()
    assert "dunst" in caught.value.way_out
    server = NotificationServer(bus_address, "actions", "persistence")
    try:
        assert desktop.look_for_notifications() == "fake 1, with buttons, keeps what was missed"
    finally:
        server.close()


def test_a_bus_that_was_stopped_makes_nobody_wait(
    bus_address: str, bus_daemon: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desktop, "_BUS_SECONDS", 0.3)
    bus_daemon.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(Ill, match="no tray"):
            desktop.look_for_tray_host()
    finally:
        bus_daemon.send_signal(signal.SIGCONT)


def test_a_test_notification_is_shown_and_says_what_it_is(bus_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = NotificationServer(bus_address, "actions")
    try:
        assert "has accepted a test notification" in desktop.show_test_note()
        [popup] = server.popups
        assert popup.summary == "This is a test of trayapp"
        assert "Nothing has happened" in popup.body
    finally:
        server.close()


def test_a_test_notification_that_nobody_takes_is_told(bus_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":77")
    with pytest.raises(Ill, match="was not shown") as caught:
        desktop.show_test_note()
    assert caught.value.detail == "No notification service is running."
