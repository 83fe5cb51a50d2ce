"""Which desktop parts to use, decided once at start and said in the log."""

import contextlib
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from trayapp.core.notes import Note
from trayapp.core.view import TrayView
from trayapp.desktop.events import DesktopGone, Emit
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.notify.terminal import TerminalNotifier
from trayapp.desktop.tray.base import Tray
from trayapp.desktop.tray.terminal import TerminalTray

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
    """Choose the parts for this system.

    Args:
        emit: Where the parts' events go.
        stream: Where alerts and states are written when there is no desktop.
        icon: The path of the application's icon, or its name in the icon theme.
        desktop: Whether to use a desktop at all.
    """
    if not desktop:
        return _terminal(emit, stream)
    parts = _linux(emit, stream, icon) if sys.platform == "linux" else _native(emit, stream)
    log.info("tray: %s; notifications: %s", parts.tray.name, parts.notifier.name)
    return parts


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


def _linux(emit: Emit, stream: TextIO, icon: str) -> Desktop:
    # The order matters: this names pystray's back end before anything imports pystray.
    from trayapp.desktop.linux.bus import NoSessionBus, SessionBus  # noqa: PLC0415
    from trayapp.desktop.notify.freedesktop import FreedesktopNotifier  # noqa: PLC0415
    from trayapp.desktop.tray.drawing import draw  # noqa: PLC0415
    from trayapp.desktop.tray.status_notifier import StatusNotifierTray  # noqa: PLC0415

    try:
        bus = SessionBus.connect(_BUS_SECONDS)
    except NoSessionBus as reason:
        log.warning("there is no desktop here, so alerts come as lines: %s", reason)
        return _without_bus(emit, stream)
    bus.on_lost(lambda: emit(DesktopGone()))
    tray = StatusNotifierTray(bus, emit, draw)
    notifier = FreedesktopNotifier(bus, emit, icon, draw)

    def close() -> None:
        notifier.close()
        bus.close()

    if _has_display() or bus.has_owner(_NOTIFICATIONS, _BUS_SECONDS) or bus.has_owner(_TRAY_WATCHER, _BUS_SECONDS):
        return Desktop(tray, notifier, close)
    # A bus alone, as in a login over the network: a desktop may still come, and until then somebody should hear.
    log.warning("there is a session bus but no desktop on it yet, so alerts also come as lines")
    spoken = TerminalNotifier(emit, stream)
    return Desktop(_Trays(tray, TerminalTray(spoken.line)), _Notifiers(spoken, notifier), close)


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
