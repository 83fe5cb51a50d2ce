"""Being shown: the item's name on the bus, and its place in whichever tray host there is.

Specification, "StatusNotifierWatcher":
https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/StatusNotifierWatcher/.
"""

import asyncio
import logging
import os
from dataclasses import replace

from trayapp.desktop.events import Emit, TrayHostBack, TrayHostMissing
from trayapp.desktop.linux.bus import Bus, BusState
from trayapp.desktop.linux.connection import PATIENCE, BusError
from trayapp.desktop.linux.messages import DAEMON, Remote

_log = logging.getLogger(__name__)

WATCHER = Remote("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher")
"""Who knows the hosts; on every desktop a host is the watcher as well, or starts one."""

# "org.freedesktop.DBus.RequestName" in the D-Bus specification.
_DO_NOT_QUEUE = 4
_PRIMARY_OWNER, _ALREADY_OWNER = 1, 4


class HostLink:
    """Keeps the item registered while it is to be seen, through every restart of the host and of the bus.

    All of it belongs to the bus's thread.

    Args:
        bus: The session's bus.
        emit: Where events go.
    """

    def __init__(self, bus: Bus, emit: Emit) -> None:
        self._bus = bus
        self._emit = emit
        self._name = f"org.kde.StatusNotifierItem-{os.getpid()}-1"
        self._news = asyncio.Event()
        self._calm = asyncio.Event()
        self._calm.set()
        self._wanted = False
        self._service = ""
        self._watcher: str | None = None
        self._taken_by = ""
        self._absent = False

    async def serve(self) -> None:
        """Do what is needed whenever something changes, until cancelled."""
        self._bus.follow(self._bus_changed)
        try:
            await self._bus.watch_owner(WATCHER.name, self._watcher_changed)
        except BusError as error:
            _log.warning("Tray hosts cannot be followed: %s", error)
            self._miss()
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                await self._settle()
            except BusError as error:
                _log.warning("The tray icon has no place: %s", error)
            if not self._news.is_set():
                self._calm.set()

    def want(self, *, shown: bool) -> None:
        """Say whether the item is to be seen."""
        self._wanted = shown
        self._calm.clear()
        self._news.set()

    async def rest(self) -> None:
        """Wait until the item is as it was last wanted, or has no place to be so."""
        await self._calm.wait()

    def _bus_changed(self, state: BusState) -> None:
        if state is BusState.LOST:
            self._service = ""  # the name went with the connection

    def _watcher_changed(self, owner: str) -> None:
        at_start = self._watcher is None
        self._watcher = owner
        self._taken_by = ""
        if not at_start:
            self._absent = True
        elif not owner:
            self._miss()
        self._news.set()

    def _miss(self) -> None:
        self._absent = True
        self._emit(TrayHostMissing())

    async def _settle(self) -> None:
        if self._wanted and self._watcher and not self._service:
            self._service = await self._own_name()
        if self._wanted and self._watcher and self._watcher != self._taken_by:
            await self._register(self._watcher)
        if not self._wanted and self._service:
            # Some hosts (LXQt's, swaybar) go on showing a passive item; all drop one whose name is gone.
            self._service = self._taken_by = ""
            await self._bus.call(DAEMON, "ReleaseName", "s", self._name)

    async def _own_name(self) -> str:
        [reply] = await self._bus.call(DAEMON, "RequestName", "su", self._name, _DO_NOT_QUEUE)
        if reply in {_PRIMARY_OWNER, _ALREADY_OWNER}:
            return self._name
        # Process numbers repeat where containers share a bus. Watchers accept a connection's unique name too.
        return self._bus.unique_name

    async def _register(self, watcher: str) -> None:
        registering = asyncio.ensure_future(
            self._bus.call(
                replace(WATCHER, name=watcher), "RegisterStatusNotifierItem", "s", self._service, patience=None
            )
        )
        await asyncio.wait({registering}, timeout=PATIENCE)
        stuck = not registering.done()
        if stuck:
            self._miss()
        try:
            # A host that was stopped takes the item as soon as it goes on; one that dies makes this fail.
            await registering
        except BusError:
            if self._watcher == watcher and not stuck:
                self._miss()
            raise
        if self._watcher == watcher:
            self._taken_by = watcher
            if self._absent:
                self._absent = False
                self._emit(TrayHostBack())
