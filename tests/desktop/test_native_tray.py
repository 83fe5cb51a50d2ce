"""The tray for Windows and macOS, over pystray with a back end that only takes down what it is told.

What Windows and macOS make of it cannot be seen here; that pystray is used as it wants to be used can.
"""

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from PIL import Image

from trayapp.core.commands import OpenAlerts, Pause, Quit, TellStatus
from trayapp.core.severity import Severity
from trayapp.core.view import Icon, Light, MenuEntry, Separator, TrayView
from trayapp.desktop.events import Asked, DesktopEvent
from trayapp.desktop.tray.drawing import draw
from trayapp.desktop.tray.native import NativeTray

PystrayIcon = Any  # pystray is untyped

VIEW = TrayView(
    Icon(Light.TO_REVIEW, 2, Severity.HIGH),
    "2 to review",
    (MenuEntry("2 to review"), Separator(), MenuEntry("Pause & wait", Pause()), MenuEntry("Quit", Quit())),
    OpenAlerts(),
)


@pytest.fixture
def icons(monkeypatch: pytest.MonkeyPatch) -> list[PystrayIcon]:
    """Put a back end in pystray that runs, shows and stops as the real ones do, without a desktop."""
    monkeypatch.setenv("PYSTRAY_BACKEND", "dummy")
    import pystray  # noqa: PLC0415 - the variable counts while it is imported
    from pystray import _base  # noqa: PLC0415 - as above

    made: list[PystrayIcon] = []

    class RecordingIcon(_base.Icon):  # type: ignore[misc] # pystray is untyped
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)
            self.done = threading.Event()
            self.told: list[str] = []
            made.append(self)

        def _run(self) -> None:
            self.ran_in = threading.current_thread()
            self._mark_ready()
            self.done.wait()

        def _stop(self) -> None:
            self.done.set()

        def _show(self) -> None:
            self.told.append("show")

        def _hide(self) -> None:
            self.told.append("hide")

        def _update_icon(self) -> None:
            self._icon_valid = True
            self.told.append("icon")

        def _update_title(self) -> None:
            self.told.append("title")

        def _update_menu(self) -> None:
            self.told.append("menu")

    monkeypatch.setattr(pystray, "Icon", RecordingIcon)
    return made


class Running:
    """A tray that runs in a thread of its own."""

    def __init__(self) -> None:
        self.events: list[DesktopEvent] = []
        self.tray = NativeTray(self.events.append)
        self.ready: SimpleQueue[threading.Thread] = SimpleQueue()
        self.thread = threading.Thread(target=self.tray.run, args=(lambda: self.ready.put(threading.current_thread()),))

    def start(self) -> "Running":
        self.thread.start()
        self.ready_in = self.ready.get(timeout=5)
        return self

    def stop(self) -> None:
        self.tray.stop()
        self.thread.join(5)
        assert not self.thread.is_alive()


@pytest.fixture
def running(icons: list[PystrayIcon]) -> Iterator[Running]:
    running = Running().start()
    yield running
    running.stop()


@pytest.fixture
def icon(icons: list[PystrayIcon], running: Running) -> PystrayIcon:
    return icons[0]


def items(icon: PystrayIcon) -> list[tuple[str, bool]]:
    return [(item.text, item.enabled) for item in icon.menu]


def test_the_icon_runs_in_the_thread_of_run_and_says_ready_in_another(icon: PystrayIcon, running: Running) -> None:
    assert icon.ran_in is running.thread
    assert running.ready_in is not running.thread


def test_nothing_is_shown_before_the_first_update(icon: PystrayIcon) -> None:
    assert "show" not in icon.told
    assert not icon.visible


def test_an_update_shows_picture_tooltip_and_menu(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(VIEW)
    assert icon.visible
    assert isinstance(icon.icon, Image.Image)
    assert icon.icon.tobytes() == draw(VIEW.icon, 64).tobytes()
    assert icon.title == "2 to review"
    assert items(icon) == [("2 to review", False), ("- - - -", True), ("Pause & wait", True), ("Quit", True)]


def test_an_update_that_changes_nothing_does_nothing(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(VIEW)
    icon.told.clear()
    running.tray.update(VIEW)
    assert icon.told == []


def test_an_update_changes_what_is_other_and_nothing_else(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(VIEW)
    for changed, expected in (
        (TrayView(Icon(Light.WATCHING), VIEW.tooltip, VIEW.menu, VIEW.activate), ["icon"]),
        (TrayView(Icon(Light.WATCHING), "Nothing to review", VIEW.menu, VIEW.activate), ["title"]),
        (TrayView(Icon(Light.WATCHING), "Nothing to review", VIEW.menu[:1], VIEW.activate), ["menu"]),
        (TrayView(Icon(Light.WATCHING), "Nothing to review", VIEW.menu[:1], TellStatus()), ["menu"]),
    ):
        icon.told.clear()
        running.tray.update(changed)
        assert icon.told == expected


def test_a_plain_click_asks_for_what_the_view_says(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(VIEW)
    icon()
    assert running.events == [Asked(OpenAlerts())]


def test_a_click_in_the_menu_asks_for_the_entrys_command(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(VIEW)
    for item in icon.menu:
        item(icon)
    assert running.events == [Asked(Pause()), Asked(Quit())]


def test_a_long_tooltip_is_cut_to_what_windows_takes(icon: PystrayIcon, running: Running) -> None:
    running.tray.update(TrayView(VIEW.icon, "x" * 100 + "y" * 100, (), VIEW.activate))
    assert len(icon.title) == 127
    assert icon.title.startswith("xxx")
    assert icon.title.endswith("yyy")


def test_an_ampersand_in_a_menu_of_windows_is_no_underline(
    icon: PystrayIcon,
    running: Running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trayapp.desktop.tray.native.sys.platform", "win32")
    running.tray.update(VIEW)
    monkeypatch.undo()
    assert "Pause && wait" in dict(items(icon))


def test_stopping_before_running_keeps_it_from_running(icons: list[PystrayIcon]) -> None:
    tray = NativeTray(lambda _: None)
    tray.stop()
    tray.run(lambda: pytest.fail("it ran"))
    assert not icons


def test_stopping_while_it_starts_ends_it(icons: list[PystrayIcon], monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running()
    import pystray  # noqa: PLC0415 - the fixture sees to its back end

    class StoppedWhileStarting(pystray.Icon):  # type: ignore[misc] # pystray is untyped
        def _run(self) -> None:
            running.tray.stop()
            super()._run()

    monkeypatch.setattr(pystray, "Icon", StoppedWhileStarting)
    running.thread.start()
    running.thread.join(5)
    assert not running.thread.is_alive()
    assert running.ready.empty()


def test_an_update_after_the_end_is_ignored(icon: PystrayIcon, running: Running) -> None:
    running.stop()
    icon.told.clear()
    running.tray.update(VIEW)
    assert icon.told == []
