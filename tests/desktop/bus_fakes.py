"""The other side of the session bus: a notification service and a tray host that behave as real ones do."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Annotated, Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from trayapp.desktop.events import DesktopEvent

SOON = 5.0
NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"


def wait_until(condition: Callable[[], object], what: str = "", within: float = SOON) -> None:
    """Wait for ``condition`` to become true, else fail."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"did not happen: {what or condition}"
        time.sleep(0.005)


class Events:
    """Takes down what the desktop tells."""

    def __init__(self) -> None:
        self.all: list[DesktopEvent] = []

    def __call__(self, event: DesktopEvent) -> None:
        self.all.append(event)

    def wait(self, event: DesktopEvent, times: int = 1, within: float = SOON) -> None:
        wait_until(lambda: self.all.count(event) >= times, f"{event}, only {self.all}", within)

    def of(self, kind: type) -> list[DesktopEvent]:
        return [event for event in self.all if isinstance(event, kind)]


class Peer:
    """Somebody else on the bus, with a thread and a connection of their own."""

    def __init__(self, address: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.connection = self.do(self._connect(address))

    async def _connect(self, address: str) -> MessageBus:
        return await MessageBus(bus_address=address).connect()

    def do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(SOON)

    def run(self, function: Callable[..., object], *args: object) -> None:
        async def on_loop() -> None:
            function(*args)

        self.do(on_loop())

    def own(self, name: str) -> None:
        self.do(self.connection.request_name(name))

    def call(self, name: str, path: str, interface: str, member: str, signature: str = "", *args: object) -> Message:
        return self.do(
            self.connection.call(Message(name, path, interface, member, signature=signature, body=list(args)))
        )

    def vanish(self) -> None:
        """Leave the bus without a word, as a process that is killed."""

        async def leave() -> None:
            self.connection.disconnect()
            await self.connection.wait_for_disconnect()  # type: ignore[no-untyped-call] # dbus-fast's gap

        self.do(leave())

    def close(self) -> None:
        if self.connection.connected:
            self.vanish()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(SOON)
        self.loop.close()
