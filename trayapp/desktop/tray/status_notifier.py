"""The tray icon on the freedesktop.org desktops."""

import threading
from collections.abc import Callable
from functools import partial

from trayapp.core.commands import Command
from trayapp.core.view import MenuEntry, Separator, TrayView
from trayapp.desktop.events import Asked, Emit
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.tray.base import Draw
from trayapp.desktop.tray.status_notifier_icon import CommandItem, Menu, StatusNotifierIcon

SIZES = (16, 22, 24, 32, 48, 64)
"""Pixels. Panels show 16 to 32, twice that on dense screens; hosts pick the nearest."""


class StatusNotifierTray:
    """An icon in whichever tray host is on the session bus, now or later.

    Args:
        bus: The session's bus.
        emit: Where events go.
        draw: Draws the icon.
    """

    name = "StatusNotifierItem"

    def __init__(self, bus: Bus, emit: Emit, draw: Draw) -> None:
        self._emit = emit
        self._draw = draw
        self._icon = StatusNotifierIcon("trayapp", bus, emit)
        self._view: TrayView | None = None
        self._updating = threading.Lock()

    def run(self, ready: Callable[[], None]) -> None:
        """Serve the icon until ``stop``; it appears with the first ``update``.

        Args:
            ready: Called once, in another thread, as soon as ``update`` may be called.
        """
        self._icon.run(lambda _icon: ready())

    def update(self, view: TrayView) -> None:
        """Show ``view``; from any thread. Does nothing where nothing changed."""
        with self._updating:
            before, self._view = self._view, view
            if before is None or view.icon != before.icon:
                self._icon.icon = tuple(self._draw(view.icon, size) for size in SIZES)
            self._icon.title = view.tooltip
            if before is None or (view.menu, view.activate) != (before.menu, before.activate):
                self._icon.menu = self._menu(view)
            self._icon.visible = True

    def stop(self) -> None:
        """Make ``run`` return; from any thread, from a signal handler, also before ``run``."""
        self._icon.stop()

    def _menu(self, view: TrayView) -> Menu:
        listed = [Menu.SEPARATOR if isinstance(entry, Separator) else self._item(entry) for entry in view.menu]
        return Menu(CommandItem("", None, self._asks(view.activate), default=True), *listed)

    def _item(self, entry: MenuEntry) -> CommandItem:
        return CommandItem(entry.label, entry.command, self._asks(entry.command) if entry.command else None)

    def _asks(self, command: Command) -> Callable[[], None]:
        return partial(self._emit, Asked(command))
