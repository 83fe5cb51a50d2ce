"""The tray icon in a real panel, under a real X server, with a real mouse pointer."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import ImageGrab

from desktop.bus_fakes import Events, wait_until
from desktop.conftest import BusDaemon
from desktop.test_status_notifier_tray import COLOURS, VIEW, Runner
from trayapp.core.commands import OpenAlert, OpenAlerts
from trayapp.core.view import Icon, Light
from trayapp.desktop.events import Asked, TrayHostBack, TrayHostMissing
from trayapp.desktop.linux.bus import Bus

XFCONFD = "/usr/lib/x86_64-linux-gnu/xfce4/xfconf/xfconfd"
PANEL_CONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=450;y=484"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
"""

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("xfce4-panel", XFCONFD, "Xvfb", "xdotool"))), reason="needs xfce4-panel under Xvfb"
)

Panel = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def panel(display: str, daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Panel]:
    channels = tmp_path / "xdg_config_home/xfce4/xfconf/xfce-perchannel-xml"
    channels.mkdir(parents=True)
    (channels / "xfce4-panel.xml").write_text(PANEL_CONFIG)
    processes: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        # A second one leaves again; the first has gone if its bus has.
        processes.append(subprocess.Popen([XFCONFD], stderr=subprocess.DEVNULL))
        processes.append(subprocess.Popen(["xfce4-panel", "--disable-wm-check"], stderr=subprocess.DEVNULL))
        return processes[-1]

    yield start
    for process in reversed(processes):
        process.kill()
        process.wait(5)


def place(display: str, light: Light) -> tuple[int, int] | None:
    """Find the middle of the icon on the screen; ``None`` while it is not there."""
    screen = ImageGrab.grab(xdisplay=display).convert("RGB")
    colour = COLOURS[light][:3]
    pixels = [
        (x, y)
        for x in range(screen.width)
        for y in range(screen.height - 40, screen.height)
        if screen.getpixel((x, y)) == colour
    ]
    if len(pixels) < 16 * 16:
        return None
    return sum(x for x, _ in pixels) // len(pixels), sum(y for _, y in pixels) // len(pixels)


def menu_is_drawn(display: str) -> bool:
    """Tell whether the black desktop above the panel is covered by something light."""
    above = ImageGrab.grab(xdisplay=display).convert("L").crop((0, 0, 900, 460))
    return sum(above.histogram()[200:]) > 100 * 50


def mouse(*arguments: object) -> None:
    subprocess.run(["xdotool", *map(str, arguments)], check=True, timeout=10)


def test_the_icon_appears_changes_is_clicked_and_survives_a_restart_of_the_panel(
    display: str, panel: Panel, bus: Bus, events: Events
) -> None:
    runner = Runner(bus, events)
    tray = runner.start()
    events.wait(TrayHostMissing())
    first = panel()
    events.wait(TrayHostBack(), within=20)
    wait_until(lambda: place(display, Light.WATCHING), "the icon is on screen", 20)

    x, y = place(display, Light.WATCHING) or (0, 0)
    mouse("mousemove", x, y, "click", 1)
    events.wait(Asked(OpenAlerts()))

    mouse("mousemove", x, y, "click", 3)
    wait_until(lambda: menu_is_drawn(display), "the menu opens")
    mouse("key", "Down", "Return")
    events.wait(Asked(OpenAlert(1)))

    tray.update(replace(VIEW, icon=Icon(Light.PAUSED)))
    wait_until(lambda: place(display, Light.PAUSED), "the icon changes")
    first.kill()
    first.wait(5)
    wait_until(lambda: not place(display, Light.PAUSED), "the panel is gone")
    panel()
    events.wait(TrayHostBack(), times=2, within=20)
    wait_until(lambda: place(display, Light.PAUSED), "the icon is back", 20)
    runner.stop()
    wait_until(lambda: not place(display, Light.PAUSED), "the icon goes")


def test_the_icon_is_back_when_the_bus_has_died_and_with_it_the_panel(
    display: str, panel: Panel, daemon: BusDaemon, bus: Bus, events: Events
) -> None:
    runner = Runner(bus, events)
    runner.start()
    first = panel()
    wait_until(lambda: place(display, Light.WATCHING), "the icon is on screen", 20)
    daemon.kill()
    first.kill()
    first.wait(5)
    wait_until(lambda: not place(display, Light.WATCHING), "the panel is gone")
    daemon.start()
    panel()
    events.wait(TrayHostBack(), times=2, within=20)
    wait_until(lambda: place(display, Light.WATCHING), "the icon is back", 20)
    runner.stop()
