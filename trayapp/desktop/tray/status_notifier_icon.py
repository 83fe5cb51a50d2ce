"""A back end for pystray that speaks StatusNotifierItem over the bus we have, without GTK or X11.

pystray's own Linux back ends need one of those; the rest of it (the icon's attributes, its menus, the thread that
calls ``setup``) is used as it is: https://pystray.readthedocs.io/en/latest/reference.html.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue

from trayapp.desktop.events import Emit
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.linux.messages import wire_text
from trayapp.desktop.tray.dbusmenu import DBusMenu, Entry
from trayapp.desktop.tray.status_notifier_host import HostLink
from trayapp.desktop.tray.status_notifier_item import ITEM_PATH, MENU_PATH, StatusNotifierItem, pixmap

_VARIABLE = "PYSTRAY_BACKEND"


@contextmanager
def _no_backend_of_its_own() -> Iterator[None]:
    """Keep pystray from choosing a back end while it is imported: each of them asks for a display at once."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = "dummy"
    try:
        yield
    finally:
        # Programs that we start inherit the environment.
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before


with _no_backend_of_its_own():
    from pystray import Menu, MenuItem, _base

_REST_SECONDS = 0.25
"""How long leaving waits for the host."""

__all__ = ["CommandItem", "Menu", "StatusNotifierIcon"]


class CommandItem(MenuItem):  # type: ignore[misc] # pystray is untyped
    """A menu item that knows what it stands for, so that it stays itself when its menu is built anew.

    Args:
        label: Plain text.
        identity: What it stands for, such as a command.
        action: What a click runs, without waiting for anything; ``None`` for a line that only tells.
        default: A plain click on the icon runs it. Such an item is not listed in the menu.
    """

    def __init__(
        self, label: str, identity: Hashable, action: Callable[[], None] | None, *, default: bool = False
    ) -> None:
        def act() -> None:
            if action:
                action()

        super().__init__(label, act, default=default, visible=not default, enabled=action is not None)
        self.identity = identity


class StatusNotifierIcon(_base.Icon):  # type: ignore[misc] # pystray is untyped
    """pystray's icon on the session bus.

    ``icon`` takes a tuple of pictures, the same at several sizes, instead of one: a picture that is drawn for its
    size reads better at 16 pixels than one that a host has scaled. ``title`` is the tooltip. Menus are flat.
    Callbacks of menu items run on the bus's thread, so they must not block.

    Args:
        name: The program's name.
        bus: The session's bus.
        emit: Where ``TrayHostMissing`` and ``TrayHostBack`` go.
    """

    HAS_MENU_RADIO = False
    HAS_NOTIFICATION = False

    def __init__(self, name: str, bus: Bus, emit: Emit) -> None:
        super().__init__(name)
        self._bus = bus
        self._item = StatusNotifierItem(name, self)
        self._dbusmenu = DBusMenu()
        self._host = HostLink(bus, emit)
        # Its "put" may be called from a signal handler that interrupted its "get", which no lock, condition or
        # event promises: https://docs.python.org/3/library/queue.html#queue.SimpleQueue.put.
        self._stops: SimpleQueue[None] = SimpleQueue()

    def stop(self) -> None:
        """Make ``run`` return; from any thread, from a signal handler, also before ``run``.

        pystray's own forgets a stop that comes before ``run``, and waits for the thread of ``setup``.
        """
        self._stop()

    def _run(self) -> None:
        self._bus.thread.spawn(self._serve)
        self._mark_ready()
        self._stops.get()
        self.visible = False
        # A host that is just taking the item keeps it for ever if we leave before it has answered.
        rested: Future[None] = Future()
        self._bus.thread.spawn(self._rest, rested)
        with contextlib.suppress(TimeoutError):
            rested.result(_REST_SECONDS)

    async def _rest(self, rested: Future[None]) -> None:
        await self._host.rest()
        rested.set_result(None)

    async def _serve(self) -> None:
        # Before anything registers: hosts read both as soon as they hear of the item.
        self._bus.export(ITEM_PATH, self._item)
        self._bus.export(MENU_PATH, self._dbusmenu)
        await self._host.serve()

    def _run_detached(self) -> None:
        self._bus.thread.spawn(self._serve)
        self._mark_ready()

    def _stop(self) -> None:
        self._stops.put(None)

    def _show(self) -> None:
        # pystray does not hand over a title that was set while the icon was hidden.
        self._update_title()
        self._bus.thread.post(self._set_shown, True)

    def _hide(self) -> None:
        self._bus.thread.post(self._set_shown, False)

    def _set_shown(self, shown: bool) -> None:  # noqa: FBT001 - an argument to be posted
        self._item.set_shown(shown=shown)
        self._host.want(shown=shown)

    def _update_icon(self) -> None:
        self._bus.thread.post(self._item.set_pixmaps, [pixmap(picture) for picture in self.icon])
        self._icon_valid = True

    def _update_title(self) -> None:
        self._bus.thread.post(self._item.set_tooltip, wire_text(self.title))

    def _update_menu(self) -> None:
        self._bus.thread.post(self._dbusmenu.set_entries, tuple(self._entries()))

    def _entries(self) -> Iterator[Entry]:
        """Take down the menu as it is now."""
        seen: Counter[Hashable] = Counter()
        for item in self.menu or ():
            identity = _identity(item)
            # The same thing twice in one menu is the first and the second of its kind.
            seen[identity] += 1
            clicked = self._handler(item) if item.enabled and item is not Menu.SEPARATOR else None
            label = None if item is Menu.SEPARATOR else wire_text(item.text)
            yield Entry((identity, seen[identity]), label, clicked)

    def _notify(self, message: str, title: str | None = None) -> None:
        raise NotImplementedError("Notifications have a way of their own.")

    def _remove_notification(self) -> None:
        raise NotImplementedError("Notifications have a way of their own.")


def _identity(item: MenuItem) -> Hashable:
    return item.identity if isinstance(item, CommandItem) else str(item.text)
