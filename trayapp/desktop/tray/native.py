"""The tray icon on Windows and macOS, by pystray's own back ends.

https://pystray.readthedocs.io/en/latest/
"""

import sys
import threading
from collections.abc import Callable
from typing import Any

from trayapp.core.commands import Command
from trayapp.core.text import shorten
from trayapp.core.view import MenuEntry, Separator, TrayView
from trayapp.desktop.events import Asked, Emit
from trayapp.desktop.tray.drawing import draw

_SIZE = 64
"""Pixels. Windows shows 16 to 40 and macOS 22 points, so this is enough for any density."""

# NOTIFYICONDATAW's szTip, without the final zero: pystray fails on anything longer.
# https://learn.microsoft.com/en-us/windows/win32/api/shellapi/ns-shellapi-notifyicondataw
_LONGEST_TOOLTIP = 127


class NativeTray:
    """An icon in the notification area of Windows or the menu bar of macOS.

    Args:
        emit: Where events go.
    """

    name = "pystray"

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._icon: Any = None
        self._ready = False
        self._stopped = False
        self._state = threading.Lock()
        self._view: TrayView | None = None
        self._updating = threading.Lock()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve the icon until ``stop``; it appears with the first ``update``. Call from the main thread.

        Args:
            ready: Called once, in another thread, as soon as ``update`` may be called.
        """
        # Loaded here because choosing its back end is pystray's first act, and fails where there is none.
        import pystray  # noqa: PLC0415 - see the line above

        with self._state:
            if self._stopped:
                return
            self._icon = icon = pystray.Icon("trayapp")

        def begin(_: object) -> None:
            with self._state:
                self._ready = True
                stopped = self._stopped
            if stopped:
                _in_gui_thread(icon.stop)
            else:
                ready()

        icon.run(begin)

    def update(self, view: TrayView) -> None:
        """Show ``view``; from any thread. Does nothing where nothing changed."""
        _in_gui_thread(lambda: self._update(view))

    def stop(self) -> None:
        """Make ``run`` return; from any thread, also before ``run``."""
        with self._state:
            self._stopped = True
            icon = self._icon if self._ready else None
        if icon is not None:
            # Not while holding the state: pystray waits for the thread that calls ``begin``.
            _in_gui_thread(icon.stop)

    def _update(self, view: TrayView) -> None:
        with self._updating:
            if self._stopped:
                return
            before, self._view = self._view, view
            icon = self._icon
            if before is None or view.icon != before.icon:
                icon.icon = draw(view.icon, _SIZE)
            icon.title = shorten(view.tooltip, _LONGEST_TOOLTIP)
            if before is None or (view.menu, view.activate) != (before.menu, before.activate):
                icon.menu = self._menu(view)
            icon.visible = True

    def _menu(self, view: TrayView) -> Any:  # noqa: ANN401 - pystray is untyped
        from pystray import Menu, MenuItem  # noqa: PLC0415 - as in ``run``

        items = [Menu.SEPARATOR if isinstance(entry, Separator) else self._item(entry) for entry in view.menu]
        # Not listed, and still what a plain click on Windows asks for. On macOS a click opens the menu.
        return Menu(MenuItem("", self._asks(view.activate), default=True, visible=False), *items)

    def _item(self, entry: MenuEntry) -> Any:  # noqa: ANN401 - pystray is untyped
        from pystray import MenuItem  # noqa: PLC0415 - as in ``run``

        action = self._asks(entry.command) if entry.command else None
        return MenuItem(_label(entry.label), action, enabled=action is not None)

    def _asks(self, command: Command) -> Callable[[], None]:
        def ask() -> None:
            self._emit(Asked(command))

        return ask


def _label(text: str) -> str:
    # In a menu of Windows, an ampersand underlines what follows it.
    return text.replace("&", "&&") if sys.platform == "win32" else text


def _in_gui_thread(work: Callable[[], None]) -> None:
    """Run ``work`` where the system wants it: on macOS in the main thread, later; elsewhere here and now."""
    if sys.platform == "darwin":
        # Comes with pystray there. https://pyobjc.readthedocs.io/en/latest/api/module-PyObjCTools.AppHelper.html
        from PyObjCTools import AppHelper  # noqa: PLC0415 - see the line above

        AppHelper.callAfter(work)
    else:
        work()
