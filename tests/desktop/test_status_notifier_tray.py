import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from dbus_fast import Variant
from PIL import Image

from desktop.bus_fakes import Events, Peer, TrayHost, wait_until
from desktop.conftest import BusDaemon
from trayapp.core.commands import OpenAlert, OpenAlerts, Quit, ReviewAll, TellStatus
from trayapp.core.view import Icon, Light, MenuEntry, Separator, TrayView
from trayapp.desktop.events import Asked, TrayHostBack, TrayHostMissing
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.tray import status_notifier_host
from trayapp.desktop.tray.status_notifier import SIZES, StatusNotifierTray

Host = Callable[..., TrayHost]

VIEW = TrayView(
    Icon(Light.WATCHING),
    "Watching. Nothing to review.",
    (
        MenuEntry("Nothing to review"),
        Separator(),
        MenuEntry("New user “a_b”", OpenAlert(1)),
        MenuEntry("New user “c”", OpenAlert(2)),
        Separator(),
        MenuEntry("Quit", Quit()),
    ),
    OpenAlerts(),
)
COLOURS = {
    Light.WATCHING: (0, 255, 0, 255),
    Light.TO_REVIEW: (255, 128, 0, 200),
    Light.PAUSED: (0, 0, 255, 255),
}


def draw(icon: Icon, size: int) -> Image.Image:
    return Image.new("RGBA", (size, size), COLOURS[icon.light])


class Runner:
    """A tray that runs, on a thread that stands in for the main thread."""

    def __init__(self, bus: Bus, events: Events) -> None:
        self.tray = StatusNotifierTray(bus, events, draw)
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.tray.run, args=[self.ready.set], daemon=True)

    def start(self, view: TrayView | None = VIEW) -> StatusNotifierTray:
        self.thread.start()
        assert self.ready.wait(5)
        if view:
            self.tray.update(view)
        return self.tray

    def stop(self) -> None:
        self.tray.stop()
        self.thread.join(5)
        assert not self.thread.is_alive()


@pytest.fixture
def runner(bus: Bus, events: Events) -> Iterator[Runner]:
    runner = Runner(bus, events)
    yield runner
    if runner.thread.ident:
        runner.stop()


@pytest.fixture
def host(daemon: BusDaemon) -> Iterator[Host]:
    hosts: list[TrayHost] = []

    def start(**behaviour: bool) -> TrayHost:
        hosts.append(TrayHost(daemon.address, **behaviour))
        return hosts[-1]

    yield start
    for one in hosts:
        one.close()


def shown(host: TrayHost) -> dict[str, Any]:
    """Wait until the host has read the item, and give its properties."""
    wait_until(lambda: host.seen, "the item registers")
    return host.seen[0][0]


def test_the_host_reads_a_whole_item_as_soon_as_it_registers(host: Host, runner: Runner) -> None:
    panel = host()
    runner.start()
    properties = shown(panel)
    assert panel.items == [f"org.kde.StatusNotifierItem-{os.getpid()}-1"]
    assert (properties["Id"], properties["Title"], properties["Status"]) == ("trayapp", "trayapp", "Active")
    assert properties["ToolTip"] == ("", [], "Watching. Nothing to review.", "")
    assert properties["ItemIsMenu"] is False
    assert [(width, height) for width, height, _ in properties["IconPixmap"]] == [(size, size) for size in SIZES]
    assert properties["AttentionIconPixmap"] == properties["IconPixmap"]
    labels = [label for _, label, _ in panel.menu()]
    assert labels == ["Nothing to review", "", "New user “a__b”", "New user “c”", "", "Quit"]


def test_a_click_on_the_icon_asks_for_what_the_view_says(host: Host, runner: Runner, events: Events) -> None:
    panel = host()
    tray = runner.start()
    shown(panel)
    panel.item("ProvideXdgActivationToken", "s", "")
    panel.item("Activate", "ii", 1, 2)
    events.wait(Asked(OpenAlerts()))
    tray.update(replace(VIEW, activate=TellStatus()))
    wait_until(lambda: panel.item("Activate", "ii", 1, 2) and events.all.count(Asked(TellStatus())))


def test_other_gestures_ask_for_nothing(host: Host, runner: Runner, events: Events) -> None:
    panel = host()
    runner.start()
    shown(panel)
    panel.item("SecondaryActivate", "ii", 1, 2)
    panel.item("ContextMenu", "ii", 1, 2)
    panel.item("Scroll", "is", 120, "vertical")
    panel.item("Activate", "ii", 1, 2)
    events.wait(Asked(OpenAlerts()))
    assert events.all == [Asked(OpenAlerts())]


def test_a_menu_line_asks_for_its_command_and_one_that_tells_for_nothing(
    host: Host, runner: Runner, events: Events
) -> None:
    panel = host()
    runner.start()
    shown(panel)
    lines = panel.menu()
    assert [clickable for _, _, clickable in lines] == [False, False, True, True, False, True]
    for item_id, _, _ in lines:
        panel.dbusmenu("Event", "isvu", item_id, "clicked", Variant("s", ""), 0)
    assert events.all == [Asked(OpenAlert(1)), Asked(OpenAlert(2)), Asked(Quit())]


def test_a_click_on_an_old_menu_never_opens_another_alert(host: Host, runner: Runner, events: Events) -> None:
    panel = host()
    tray = runner.start()
    shown(panel)
    old = panel.menu()
    tray.update(replace(VIEW, menu=(MenuEntry("New user “d”", OpenAlert(3)), MenuEntry("Two", OpenAlert(2)))))
    wait_until(lambda: ("LayoutUpdated", [3, 0]) in panel.signals)
    for item_id, _, _ in old:
        panel.dbusmenu("Event", "isvu", item_id, "clicked", Variant("s", ""), 0)
    assert events.all == [Asked(OpenAlert(2))]


def test_the_same_command_may_stand_in_the_menu_twice(host: Host, runner: Runner, events: Events) -> None:
    panel = host()
    runner.start(replace(VIEW, menu=(MenuEntry("One", ReviewAll()), MenuEntry("Other", ReviewAll()))))
    shown(panel)
    (first, _, _), (second, _, _) = panel.menu()
    assert first != second
    panel.dbusmenu("Event", "isvu", second, "clicked", Variant("s", ""), 0)
    assert events.all == [Asked(ReviewAll())]


def test_only_what_changes_is_told(host: Host, runner: Runner) -> None:
    panel = host()
    tray = runner.start()
    shown(panel)
    panel.look()
    panel.signals.clear()
    tray.update(VIEW)
    tray.update(replace(VIEW))
    tray.update(replace(VIEW, activate=TellStatus()))
    tray.update(replace(VIEW, tooltip="One to review."))
    wait_until(lambda: panel.signals)
    assert panel.signals == [("NewToolTip", [])]
    tray.update(replace(VIEW, tooltip="One to review.", icon=Icon(Light.TO_REVIEW, 1)))
    tray.update(replace(VIEW, tooltip="One to review.", icon=Icon(Light.TO_REVIEW, 2)))  # drawn the same
    tray.update(replace(VIEW, tooltip="One to review.", icon=Icon(Light.TO_REVIEW, 2), menu=VIEW.menu[2:]))
    wait_until(lambda: len(panel.signals) == 3)
    assert [member for member, _ in panel.signals] == ["NewToolTip", "NewIcon", "LayoutUpdated"]


def test_the_pixels_are_the_pictures_own(host: Host, runner: Runner) -> None:
    panel = host()
    runner.start(replace(VIEW, icon=Icon(Light.TO_REVIEW, 1)))
    width, height, data = shown(panel)["IconPixmap"][0]
    assert (width, height) == (16, 16)
    assert bytes(data) == bytes((200, 255, 128, 0)) * 256


def test_without_a_host_that_is_told_once_and_the_icon_appears_with_the_host(
    host: Host, runner: Runner, events: Events
) -> None:
    runner.start()
    events.wait(TrayHostMissing())
    panel = host()
    events.wait(TrayHostBack())
    assert shown(panel)["Status"] == "Active"
    assert events.all == [TrayHostMissing(), TrayHostBack()]


def test_a_host_that_is_there_is_no_news(host: Host, runner: Runner, events: Events) -> None:
    panel = host()
    runner.start()
    shown(panel)
    panel.item("Activate", "ii", 0, 0)
    assert events.all == [Asked(OpenAlerts())]


def test_the_icon_comes_back_with_a_restarted_host(host: Host, runner: Runner, events: Events) -> None:
    first = host()
    runner.start()
    shown(first)
    for times in (1, 2, 3):
        first.vanish()
        first = host()
        events.wait(TrayHostBack(), times)
        assert len(first.items) == 1
        shown(first)
    assert events.all == [TrayHostBack()] * 3


def test_a_watcher_that_has_no_host_yet_gets_the_item_too(host: Host, runner: Runner) -> None:
    panel = host(is_registered=False)
    runner.start()
    shown(panel)


def test_nothing_registers_before_there_is_something_to_show(host: Host, runner: Runner) -> None:
    panel = host()
    tray = runner.start(None)
    panel.run(lambda: None)
    assert panel.items == []
    tray.update(VIEW)
    shown(panel)


def test_a_stuck_host_counts_as_missing_until_it_answers(
    host: Host, runner: Runner, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_notifier_host, "PATIENCE", 0.1)
    panel = host(answers=False)
    runner.start()
    events.wait(TrayHostMissing())
    panel.release()
    events.wait(TrayHostBack())
    assert len(panel.items) == 1


def test_a_host_that_dies_while_asked_is_survived(host: Host, runner: Runner, events: Events) -> None:
    first = host(answers=False)
    runner.start()
    wait_until(lambda: first.asked)
    first.vanish()
    second = host()
    events.wait(TrayHostBack())
    shown(second)


def test_a_host_that_refuses_counts_as_missing(host: Host, runner: Runner, events: Events) -> None:
    panel = host(refuses=True)
    runner.start()
    events.wait(TrayHostMissing())
    panel.vanish()
    host()
    events.wait(TrayHostBack())
    assert events.all == [TrayHostMissing(), TrayHostBack()]


def test_when_the_name_is_taken_the_connections_own_name_registers(
    host: Host, runner: Runner, bus: Bus, daemon: BusDaemon
) -> None:
    other = Peer(daemon.address)
    other.own(f"org.kde.StatusNotifierItem-{os.getpid()}-1")
    panel = host()
    runner.start()
    shown(panel)
    assert panel.items == [bus.unique_name]
    other.close()


def test_the_icon_goes_when_the_tray_stops(host: Host, runner: Runner, bus: Bus) -> None:
    panel = host()
    runner.start()
    shown(panel)
    start = time.monotonic()
    runner.stop()
    assert time.monotonic() - start < 0.5
    wait_until(lambda: not bus.has_owner(panel.items[0], 5))
    wait_until(lambda: ("NewStatus", ["Passive"]) in panel.signals)


def test_stopping_before_running_is_not_forgotten(runner: Runner) -> None:
    runner.tray.stop()
    runner.thread.start()
    runner.thread.join(5)
    assert not runner.thread.is_alive()


def test_updates_on_a_bus_that_died_do_no_harm(runner: Runner, daemon: BusDaemon, bus: Bus) -> None:
    tray = runner.start()
    lost = threading.Event()
    bus.follow(lambda _: lost.set())
    daemon.kill()
    assert lost.wait(5)
    tray.update(replace(VIEW, tooltip="x", icon=Icon(Light.TO_REVIEW, 1), menu=()))
    bus.thread.close()
    tray.update(VIEW)


def test_pystray_is_left_without_a_back_end_and_the_environment_as_it_was() -> None:
    code = (
        "import os, sys; before = dict(os.environ)\n"
        "import trayapp.desktop.tray.status_notifier\n"
        "assert dict(os.environ) == before\n"
        "assert not {'Xlib', 'gi', 'pystray._xorg'} & set(sys.modules)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=30)


MAIN = """
import signal, sys
from desktop.test_status_notifier_tray import VIEW, draw
from desktop.bus_fakes import session
from trayapp.desktop.tray.status_notifier import StatusNotifierTray

bus = session()
tray = StatusNotifierTray(bus, lambda event: None, draw)
signal.signal(signal.SIGTERM, lambda number, frame: tray.stop())

def ready():
    tray.update(VIEW)
    print("ready", flush=True)

tray.run(ready)
bus.thread.close()
print("end", flush=True)
"""


def test_a_signal_handler_in_the_main_thread_can_stop_it(daemon: BusDaemon) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", MAIN], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    assert any(line == "ready\n" for line in process.stdout)
    start = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert time.monotonic() - start < 1
    assert process.stdout.read() == "end\n"
    process.stdout.close()
