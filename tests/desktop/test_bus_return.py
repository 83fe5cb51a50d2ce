"""The session's bus dies: it returns, or the session has ended."""

import io
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from desktop.bus_fakes import Events, NotificationServer, Peer, TrayHost, wait_until
from desktop.conftest import BusDaemon, XServer
from desktop.test_status_notifier_tray import VIEW, Runner, draw
from trayapp.core.notes import Note, Urgency
from trayapp.desktop.choose import choose
from trayapp.desktop.events import DesktopGone, NoteFailed, NoteShown, NotifierBack, TrayHostBack
from trayapp.desktop.linux import bus as bus_module
from trayapp.desktop.linux.bus import Bus, BusState
from trayapp.desktop.linux.connection import BusError
from trayapp.desktop.linux.messages import DAEMON, Remote, Signal
from trayapp.desktop.linux.session import session_stands
from trayapp.desktop.notify.freedesktop import NOTIFICATIONS, FreedesktopNotifier

NAME = "org.example.Somebody"
NOTE = Note("alert:1", "New user “helpdesk2”", "private", Urgency.CRITICAL, stays=True)


@pytest.fixture(autouse=True)
def session_without_display(daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that stands for as long as its runtime folder is there."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.socket.parent))


@pytest.fixture
def states(bus: Bus) -> list[BusState]:
    states: list[BusState] = []
    bus.follow(states.append)
    return states


def returned(states: list[BusState]) -> bool:
    return states[-2:] == [BusState.LOST, BusState.HERE]


# ---- a bus that returns


def test_a_bus_that_starts_anew_is_reached_again_within_moments(
    bus: Bus, states: list[BusState], daemon: BusDaemon
) -> None:
    for times in (1, 2, 3):
        daemon.kill()
        wait_until(lambda: states[-1:] == [BusState.LOST])
        daemon.start()
        start = time.monotonic()
        wait_until(lambda: returned(states))
        assert time.monotonic() - start < 1
        assert bus.has_owner(DAEMON.name, 5)
        assert states == [BusState.LOST, BusState.HERE] * times


def test_a_bus_that_is_away_for_longer_is_waited_for(
    bus: Bus, states: list[BusState], daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Semaphore(0)
    monkeypatch.setattr(bus_module, "RETURN_SECONDS", 60.0)
    monkeypatch.setattr(bus_module, "_LONGEST_PAUSE", 0.1)

    def stands() -> bool:
        tried.release()
        return True

    bus._place = replace(bus._place, stands=stands)
    daemon.kill()
    for _ in range(8):
        assert tried.acquire(timeout=5)
    daemon.start()
    wait_until(lambda: returned(states))


def test_who_owns_a_name_is_told_anew(bus: Bus, states: list[BusState], daemon: BusDaemon) -> None:
    owners: list[str] = []
    peer = Peer(daemon.address)
    peer.own(NAME)
    bus.thread.spawn(bus.watch_owner, NAME, owners.append)
    wait_until(lambda: len(owners) == 1)
    daemon.kill()
    wait_until(lambda: len(owners) == 2)
    daemon.start()
    other = Peer(daemon.address)
    other.own(NAME)
    wait_until(lambda: owners[-1])
    other.vanish()
    wait_until(lambda: not owners[-1])
    assert [bool(owner) for owner in owners if owner != ""] == [True, True]
    peer.close()
    other.close()


def test_signals_are_heard_again_and_once_each(bus: Bus, states: list[BusState], daemon: BusDaemon) -> None:
    heard: list[Signal] = []
    bus.thread.spawn(bus.subscribe, Remote(NAME, "/x", "org.example.I"), heard.append)
    bus.has_owner(DAEMON.name, 5)  # behind the subscription
    daemon.kill()
    daemon.start()
    wait_until(lambda: returned(states))
    peer = Peer(daemon.address)
    peer.own(NAME)
    for number in range(3):
        peer.do(peer.send_signal("/x", "org.example.I", "Said", "i", number))
    wait_until(lambda: len(heard) >= 3)
    peer.call(bus.unique_name, "/", "org.freedesktop.DBus.Peer", "Ping")
    assert [signal.body for signal in heard] == [[0], [1], [2]]
    peer.close()


def test_a_call_under_way_fails_when_the_bus_dies(bus: Bus, states: list[BusState], daemon: BusDaemon) -> None:
    server = NotificationServer(daemon.address)
    server.hold()
    failed = threading.Event()

    async def ask() -> None:
        try:
            await bus.call(
                NOTIFICATIONS,
                "GetCapabilities",
                patience=None,
            )
        except BusError:
            failed.set()

    bus.thread.spawn(ask)
    bus.has_owner(DAEMON.name, 5)  # behind the call
    daemon.kill()
    assert failed.wait(5)
    server.release()
    server.close()


def test_the_icon_is_back_with_the_bus_whole_and_with_what_changed_meanwhile(
    bus: Bus, states: list[BusState], events: Events, daemon: BusDaemon
) -> None:
    host = TrayHost(daemon.address)
    runner = Runner(bus, events)
    tray = runner.start()
    wait_until(lambda: host.seen)
    for turn in ("one", "two"):
        daemon.kill()
        wait_until(lambda: states[-1:] == [BusState.LOST])
        tray.update(replace(VIEW, tooltip=turn))
        host.close()
        daemon.start()
        host = TrayHost(daemon.address)
        wait_until(partial(getattr, host, "seen"), "the item registers")
        properties, _ = host.look()
        assert properties["ToolTip"] == ("", [], turn, "")
        assert host.items == [f"org.kde.StatusNotifierItem-{os.getpid()}-1"]
        assert len(host.menu()) == len(VIEW.menu)
    events.wait(TrayHostBack(), 2)
    runner.stop()
    host.close()


def test_a_note_that_could_not_be_shown_can_be_when_the_bus_is_back(
    bus: Bus, states: list[BusState], events: Events, daemon: BusDaemon
) -> None:
    server = NotificationServer(daemon.address)
    notifier = FreedesktopNotifier(bus, events, "trayapp", draw)
    notifier.show(NOTE)
    events.wait(NoteShown(NOTE.key))
    daemon.kill()
    wait_until(lambda: states)
    notifier.show(NOTE)
    events.wait(NoteFailed(NOTE.key, "The session bus is gone."))
    server.close()
    daemon.start()
    other = NotificationServer(daemon.address, "body-markup", first_id=server.next_id - 1)
    events.wait(NotifierBack())
    notifier.show(NOTE)
    events.wait(NoteShown(NOTE.key), 2)
    # Not in the place of a popup that died with the other service, whatever its number.
    assert [popup.replaces for popup in other.popups] == [0]
    assert other.asked_capabilities == 1
    notifier.close()
    other.close()


def test_a_notifier_that_the_new_bus_would_start_when_called_is_news_too(
    bus: Bus, states: list[BusState], events: Events, daemon: BusDaemon
) -> None:
    notifier = FreedesktopNotifier(bus, events, "trayapp", draw)
    notifier.show(NOTE)
    events.wait(NoteFailed(NOTE.key, "No notification service is running."))
    daemon.kill()
    daemon.start()
    wait_until(lambda: returned(states))
    events.wait(NotifierBack())
    notifier.close()


def test_closing_is_quick_while_the_bus_is_away(bus: Bus, states: list[BusState], daemon: BusDaemon) -> None:
    daemon.kill()
    wait_until(lambda: states)
    start = time.monotonic()
    bus.thread.close()
    assert time.monotonic() - start < 0.3
    assert not bus.thread._thread.is_alive()


# ---- a bus that does not


def test_it_is_given_up_at_once_when_the_session_has_ended(
    bus: Bus, states: list[BusState], daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    start = time.monotonic()
    daemon.kill()
    wait_until(lambda: BusState.GONE in states)
    assert time.monotonic() - start < 1
    assert states == [BusState.LOST, BusState.GONE]


def test_it_is_given_up_after_a_while_where_the_session_stands(
    bus: Bus, states: list[BusState], daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "RETURN_SECONDS", 0.5)
    start = time.monotonic()
    daemon.kill()
    wait_until(lambda: BusState.GONE in states)
    assert time.monotonic() - start > 0.5
    assert states == [BusState.LOST, BusState.GONE]


def test_a_bus_that_returns_and_says_nothing_is_given_up_too(
    bus: Bus, states: list[BusState], daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "RETURN_SECONDS", 0.5)
    monkeypatch.setattr(bus_module, "PATIENCE", 0.2)
    daemon.kill()
    daemon.socket.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(daemon.socket))
        mute.listen()
        wait_until(lambda: BusState.GONE in states)
    daemon.start()


def test_the_desktops_parts_tell_that_the_session_has_ended(
    events: Events, daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    desktop = choose(events, stream=io.StringIO(), icon="trayapp")
    daemon.kill()
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    events.wait(DesktopGone())
    desktop.close()


# Ends by itself only when it is told that the desktop is gone.
PROGRAM = """
import sys
from trayapp.desktop.choose import choose
from trayapp.desktop.events import DesktopGone

def told(event):
    print(event, flush=True)
    if event == DesktopGone():
        desktop.tray.stop()

desktop = choose(told, stream=sys.stdout, icon="trayapp")
desktop.tray.run(lambda: print("ready", flush=True))
desktop.close()
"""


def test_the_program_ends_with_its_session_and_not_with_its_bus_alone(daemon: BusDaemon, x_server: XServer) -> None:
    environment = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere/bus", "DISPLAY": x_server.name}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, env=environment, stderr=subprocess.DEVNULL
    )
    assert process.stdout
    assert any(line == "ready\n" for line in process.stdout)
    daemon.kill()
    daemon.start()
    assert any(line == "NotifierBack()\n" for line in process.stdout)
    assert process.poll() is None
    daemon.kill()
    x_server.stop()
    start = time.monotonic()
    assert process.wait(10) == 0
    assert time.monotonic() - start < 2
    process.stdout.close()


# ---- whether the session stands


def test_a_session_stands_while_its_x_server_does(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    for name in (display, f"{display}.0", f"unix{display}"):
        monkeypatch.setenv("DISPLAY", name)
        assert session_stands()
    monkeypatch.setenv("DISPLAY", ":98765")
    assert not session_stands()


def test_a_session_stands_while_its_wayland_compositor_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-1"))
        compositor.listen(0)
        for name in ("wayland-1", str(tmp_path / "wayland-1")):
            monkeypatch.setenv("WAYLAND_DISPLAY", name)
            # Also one that is too busy to answer.
            assert [session_stands() for _ in range(5)] == [True] * 5
    assert not session_stands()


def test_a_session_stands_while_one_of_its_displays_does(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
    assert session_stands()
    monkeypatch.setenv("DISPLAY", ":98765")
    assert not session_stands()


def test_a_display_on_another_machine_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "localhost:10.0")
    assert session_stands()


def test_a_session_without_a_display_stands_while_its_runtime_folder_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert session_stands()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    assert not session_stands()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert session_stands()
