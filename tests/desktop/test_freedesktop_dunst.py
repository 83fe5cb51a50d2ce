"""Notes in a real notification service, under a real X server, with a real mouse pointer."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.bus_fakes import NOTIFICATIONS, Events, wait_until
from desktop.conftest import BusDaemon
from desktop.test_freedesktop_notifier import note
from trayapp.core.commands import OpenAlert
from trayapp.desktop.events import Asked, NoteShown, NotifierBack
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.notify.freedesktop import FreedesktopNotifier
from trayapp.desktop.tray.drawing import draw

CONFIG = """
[global]
    origin = top-right
    offset = 10x50
    markup = full
    format = "%s\\n%b"
    mouse_left_click = do_action, close_current
    mouse_right_click = close_current
"""

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("dunst", "Xvfb", "xdotool"))), reason="needs dunst under Xvfb"
)


class Dunst:
    def __init__(self, config: Path) -> None:
        self.config = config
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["dunst", "-conf", str(self.config)], stderr=subprocess.DEVNULL)

    def restart(self) -> None:
        self.kill()
        self.process = self.start()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(5)

    def popup(self) -> str:
        """Give the window that shows the popups, empty while there is none."""
        search = ["xdotool", "search", "--onlyvisible", "--class", "Dunst"]
        return subprocess.run(search, capture_output=True, text=True, check=False, timeout=10).stdout.strip()

    def click(self, button: int) -> None:
        wait_until(self.popup, "the popup is on screen")
        subprocess.run(
            ["xdotool", "mousemove", "--window", self.popup(), "40", "20", "click", str(button)],
            check=True,
            timeout=10,
        )
        wait_until(lambda: not self.popup(), "the popup goes")


@pytest.fixture
def dunst(display: str, daemon: BusDaemon, bus: Bus, tmp_path: Path) -> Iterator[Dunst]:
    config = tmp_path / "dunstrc"
    config.write_text(CONFIG)
    dunst = Dunst(config)
    wait_until(lambda: bus.has_owner(NOTIFICATIONS, 5), "dunst is on the bus", 20)
    yield dunst
    dunst.kill()


def test_a_note_is_shown_replaced_dismissed_clicked_and_outlived(dunst: Dunst, bus: Bus, events: Events) -> None:
    notifier = FreedesktopNotifier(bus, events, "", draw)
    notifier.show(note(body="a < b & c", stays=True))
    notifier.show(note(title="Replaced", stays=True))
    events.wait(NoteShown("a"), times=2)
    dunst.click(3)  # one popup, so one click takes all away
    assert events.of(Asked) == []

    notifier.show(note(stays=True))
    events.wait(NoteShown("a"), times=3)
    dunst.click(1)
    events.wait(Asked(OpenAlert(7)))

    notifier.show(note(stays=True))
    notifier.withdraw("a")
    notifier.show(note("b", stays=True))
    events.wait(NoteShown("b"))
    dunst.click(3)

    notifier.show(note(stays=True))
    events.wait(NoteShown("a"), times=5)
    dunst.restart()
    events.wait(NotifierBack(), within=20)
    notifier.show(note(stays=True))
    events.wait(NoteShown("a"), times=6)
    dunst.click(1)
    events.wait(Asked(OpenAlert(7)), times=2)
    notifier.close()
