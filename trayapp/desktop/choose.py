"""Which desktop parts to use, decided once at start and said in the log."""

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TextIO

from trayapp.core.notes import Note
from trayapp.core.view import TrayView
from trayapp.desktop.events import DesktopGone, Emit
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.notify.terminal import TerminalNotifier
from trayapp.desktop.tray.base import Tray
from trayapp.desktop.tray.terminal import TerminalTray
from trayapp.desktop.wake.base import News, Wakes
from trayapp.desktop.wake.gather import Gather

if TYPE_CHECKING:
    from trayapp.desktop.linux.bus import Bus
    from trayapp.desktop.linux.thread import EventThread

log = logging.getLogger(__name__)

_BUS_SECONDS = 3.0
_NOTIFICATIONS = "org.freedesktop.Notifications"
_TRAY_WATCHER = "org.kde.StatusNotifierWatcher"


@dataclass(frozen=True, slots=True)
class Desktop:
    """The parts of one desktop.

    Attributes:
        tray: The icon.
        notifier: The notifications.
        close: Lets go of what the two share; after ``tray.run`` has returned.
    """

    tray: Tray
    notifier: Notifier
    close: Callable[[], None]


def choose(emit: Emit, *, stream: TextIO, icon: str, desktop: bool = True) -> Desktop:
    """Choose the parts for this system, and begin to listen for its waking and for changes of its network.

    Args:
        emit: Where the parts' events go.
        stream: Where alerts and states are written when there is no desktop.
        icon: The path of the application's icon, or its name in the icon theme.
        desktop: Whether to use a desktop at all.
    """
    gather = Gather(emit)
    if sys.platform == "linux":
        from trayapp.desktop.linux.thread import EventThread  # noqa: PLC0415 - as below
        from trayapp.desktop.wake.linux import listen  # noqa: PLC0415

        thread = EventThread()
        parts = _linux(thread, emit, stream, icon) if desktop else _terminal(emit, stream)
        listen(thread, gather)
        closing = [parts.close, gather.close, thread.close]
    else:
        parts = _native(emit, stream) if desktop else _terminal(emit, stream)
        wakes = _wakes(gather)
        closing = [parts.close, gather.close, wakes.close] if wakes else [parts.close, gather.close]
    log.info("tray: %s; notifications: %s", parts.tray.name, parts.notifier.name)

    def close() -> None:
        for each in closing:
            each()

    return replace(parts, close=close)


def _terminal(emit: Emit, stream: TextIO) -> Desktop:
    notifier = TerminalNotifier(emit, stream)
    return Desktop(TerminalTray(notifier.line), notifier, notifier.close)


def _native(emit: Emit, stream: TextIO) -> Desktop:
    # Imported here because each of these exists on some systems only, and is slow to load where it is not used.
    from trayapp.desktop.notify.native import NativeNotifier, Unavailable  # noqa: PLC0415
    from trayapp.desktop.notify.plyer_fallback import PlyerNotifier, viable  # noqa: PLC0415
    from trayapp.desktop.tray.native import NativeTray  # noqa: PLC0415

    notifier: Notifier
    try:
        notifier = NativeNotifier(emit)
    except Unavailable as reason:
        log.warning("%s; falling back on %s", reason, "plyer" if viable() else "lines in the terminal")
        notifier = PlyerNotifier(emit) if viable() else TerminalNotifier(emit, stream)
    return Desktop(NativeTray(emit), notifier, notifier.close)


def _wakes(news: News) -> Wakes | None:
    if sys.platform == "win32":
        from trayapp.desktop.wake.windows import WindowsWakes  # noqa: PLC0415 - as above

        return WindowsWakes(news)
    if sys.platform == "darwin":
        from trayapp.desktop.wake.macos import MacWakes  # noqa: PLC0415 - as above

        return MacWakes(news)
    return None


def _linux(thread: "EventThread", emit: Emit, stream: TextIO, icon: str) -> Desktop:
    # The order matters: this names pystray's back end before anything imports pystray.
    from trayapp.desktop.linux.bus import Bus, BusState  # noqa: PLC0415
    from trayapp.desktop.linux.connection import NoBus  # noqa: PLC0415
    from trayapp.desktop.linux.places import session_bus  # noqa: PLC0415
    from trayapp.desktop.notify.freedesktop import FreedesktopNotifier  # noqa: PLC0415
    from trayapp.desktop.tray.drawing import draw  # noqa: PLC0415
    from trayapp.desktop.tray.status_notifier import StatusNotifierTray  # noqa: PLC0415

    try:
        bus = Bus.connect(thread, session_bus(), _BUS_SECONDS)
    except NoBus as reason:
        log.warning("there is no desktop here, so alerts come as lines: %s", reason)
        return _without_bus(emit, stream)

    def bus_changed(state: BusState) -> None:
        if state is BusState.GONE:
            emit(DesktopGone())

    bus.follow(bus_changed)
    tray = StatusNotifierTray(bus, emit, draw)
    notifier = FreedesktopNotifier(bus, emit, icon, draw)
    if _has_display() or _is_owned(bus, _NOTIFICATIONS) or _is_owned(bus, _TRAY_WATCHER):
        return Desktop(tray, notifier, notifier.close)
    # A bus alone, as in a login over the network: a desktop may still come, and until then somebody should hear.
    log.warning("there is a session bus but no desktop on it yet, so alerts also come as lines")
    spoken = TerminalNotifier(emit, stream)
    both = _Notifiers(spoken, notifier)
    return Desktop(_Trays(tray, TerminalTray(spoken.line)), both, both.close)


def _is_owned(bus: "Bus", name: str) -> bool:
    from trayapp.desktop.linux.connection import BusError  # noqa: PLC0415 - as above

    try:
        return bus.has_owner(name, _BUS_SECONDS)
    except BusError as error:
        log.warning("who is on the session bus cannot be told: %s", error)
        return False


def _without_bus(emit: Emit, stream: TextIO) -> Desktop:
    terminal = _terminal(emit, stream)
    if not _has_display():
        return terminal
    from trayapp.desktop.notify.plyer_fallback import PlyerNotifier, viable  # noqa: PLC0415

    if not viable():
        return terminal
    notifier = _Notifiers(terminal.notifier, PlyerNotifier(emit))
    return Desktop(terminal.tray, notifier, notifier.close)


def _has_display() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _Notifiers:
    """Two notifiers at once."""

    def __init__(self, *notifiers: Notifier) -> None:
        self._notifiers = notifiers
        self.name = " and ".join(notifier.name for notifier in notifiers)

    def show(self, note: Note) -> None:
        for notifier in self._notifiers:
            notifier.show(note)

    def withdraw(self, key: str) -> None:
        for notifier in self._notifiers:
            notifier.withdraw(key)

    def close(self) -> None:
        for notifier in self._notifiers:
            notifier.close()


class _Trays:
    """An icon that is run, and beside it one that only tells."""

    def __init__(self, run: Tray, tell: Tray) -> None:
        self._run, self._tell = run, tell
        self.name = f"{run.name} and {tell.name}"

    def run(self, ready: Callable[[], None]) -> None:
        self._run.run(ready)

    def update(self, view: TrayView) -> None:
        self._run.update(view)
        self._tell.update(view)

    def stop(self) -> None:
        with contextlib.suppress(RuntimeError):
            self._tell.stop()
        self._run.stop()
