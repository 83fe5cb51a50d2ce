"""The other side of the session bus: a notification service and a tray host that behave as real ones do."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from dbus_fast import DBusError, ErrorType, Message, MessageType, PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from trayapp.desktop.events import DesktopEvent
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.linux.places import session_bus
from trayapp.desktop.linux.thread import EventThread

T = TypeVar("T")
SOON = 5.0
NOTIFICATIONS = "org.freedesktop.Notifications"
WATCHER = "org.kde.StatusNotifierWatcher"


def wait_until(condition: Callable[[], object], what: str = "", within: float = SOON) -> None:
    """Wait for ``condition`` to become true, else fail."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"did not happen: {what or condition}"
        time.sleep(0.005)


def session(timeout: float = 5) -> Bus:
    """Connect to the session's bus, on a thread of its own."""
    thread = EventThread()
    try:
        return Bus.connect(thread, session_bus(), timeout)
    except BaseException:
        thread.close()
        raise


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
        self.left = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.connection = self.do(self._connect(address))

    async def _connect(self, address: str) -> MessageBus:
        return await MessageBus(bus_address=address).connect()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
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

    async def send_signal(
        self, path: str, interface: str, member: str, signature: str, *args: object, to: str | None = None
    ) -> None:
        """Broadcast a signal, or send it to one connection alone, which the bus allows everybody."""
        signal = Message(
            to, path, interface, member, message_type=MessageType.SIGNAL, signature=signature, body=list(args)
        )
        await self.connection.send(signal)

    def vanish(self) -> None:
        """Leave the bus without a word, as a process that is killed."""

        async def leave() -> None:
            self.connection.disconnect()
            with suppress(EOFError, OSError):  # the bus died first
                await self.connection.wait_for_disconnect()  # type: ignore[no-untyped-call] # dbus-fast's gap

        self.left = True
        self.do(leave())

    def close(self) -> None:
        if not self.left:
            self.vanish()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(SOON)
        self.loop.close()


@dataclass
class Popup:
    """One call of ``Notify``."""

    app: str
    replaces: int
    icon: str
    summary: str
    body: str
    actions: list[str]
    hints: dict[str, Any]
    expire: int


class _Notifications(ServiceInterface):
    def __init__(self, server: "NotificationServer") -> None:
        super().__init__(NOTIFICATIONS)
        self.server = server

    @dbus_method(name="GetServerInformation")
    async def information(self) -> Annotated[list[str], DBusSignature("ssss")]:
        await self.server.may_answer.wait()
        return ["fake", "tests", "1", "1.2"]

    @dbus_method(name="GetCapabilities")
    async def capabilities(self) -> Annotated[list[str], DBusSignature("as")]:
        await self.server.may_answer.wait()
        self.server.asked_capabilities += 1
        return self.server.capabilities

    @dbus_method(name="Notify")
    async def notify(
        self,
        app: DBusStr,
        replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Annotated[list[str], DBusSignature("as")],
        hints: Annotated[dict[str, Any], DBusSignature("a{sv}")],
        expire: DBusInt32,
    ) -> DBusUInt32:
        await self.server.may_answer.wait()
        return self.server.shown(Popup(app, replaces, icon, summary, body, actions, hints, expire))

    @dbus_method(name="CloseNotification")
    async def close(self, popup_id: DBusUInt32) -> None:
        await self.server.may_answer.wait()
        self.server.close_calls.append(popup_id)
        if self.server.on_screen.pop(popup_id, None):
            self.notification_closed(popup_id, 3)

    @dbus_signal(name="NotificationClosed")
    def notification_closed(self, popup_id: int, reason: int) -> Annotated[list[int], DBusSignature("uu")]:
        return [popup_id, reason]

    @dbus_signal(name="ActionInvoked")
    def action_invoked(self, popup_id: int, action: str) -> Annotated[list[Any], DBusSignature("us")]:
        return [popup_id, action]

    @dbus_signal(name="ActivationToken")
    def activation_token(self, popup_id: int, token: str) -> Annotated[list[Any], DBusSignature("us")]:
        return [popup_id, token]


class NotificationServer(Peer):
    """A notification service. Popups keep their id when replaced, and are gone when it vanishes."""

    def __init__(self, address: str, *capabilities: str, first_id: int = 1) -> None:
        super().__init__(address)
        self.capabilities = ["body", *capabilities]
        self.asked_capabilities = 0
        self.next_id = first_id
        self.on_screen: dict[int, Popup] = {}
        self.popups: list[Popup] = []
        self.close_calls: list[int] = []
        self.closed_at_once = False
        self.may_answer = asyncio.Event()
        self.release()
        self.service = _Notifications(self)
        self.run(self.connection.export, "/org/freedesktop/Notifications", self.service)
        self.own(NOTIFICATIONS)

    def hold(self) -> None:
        """Answer nothing until released, then everything in order, as a process that was stopped does."""
        self.run(self.may_answer.clear)

    def release(self) -> None:
        self.run(self.may_answer.set)

    def shown(self, popup: Popup) -> int:
        if popup.replaces in self.on_screen:
            popup_id = popup.replaces
        else:
            popup_id, self.next_id = self.next_id, self.next_id + 1
        self.popups.append(popup)
        self.on_screen[popup_id] = popup
        if self.closed_at_once:
            # Two turns of the loop: one in which the answer is sent, one after it.
            self.loop.call_soon(self.loop.call_soon, self._close, popup_id, 1)
        return popup_id

    def _close(self, popup_id: int, reason: int) -> None:
        del self.on_screen[popup_id]
        self.service.notification_closed(popup_id, reason)

    def dismiss(self, popup_id: int) -> None:
        """The owner closes the popup."""
        self.run(self._close, popup_id, 2)

    def click(self, popup_id: int, action: str, token: str = "", *, closes: bool = True) -> None:
        """The owner clicks; most services close the popup then, LXQt's does not."""

        def act() -> None:
            if token:
                self.service.activation_token(popup_id, token)
            self.service.action_invoked(popup_id, action)
            if closes:
                self._close(popup_id, 2)

        self.run(act)


class _Watcher(ServiceInterface):
    def __init__(self, host: "TrayHost") -> None:
        super().__init__(WATCHER)
        self.host = host

    @dbus_property(access=PropertyAccess.READ, name="IsStatusNotifierHostRegistered")
    def is_host_registered(self) -> DBusBool:
        return self.host.is_registered

    @dbus_method(name="RegisterStatusNotifierItem")
    async def register(self, service: DBusStr) -> None:
        self.host.asked += 1
        await self.host.may_answer.wait()
        if self.host.refuses:
            raise DBusError(ErrorType.FAILED, "full")
        self.host.items.append(service)
        self.host.reading = asyncio.ensure_future(self.host.read(service))


class TrayHost(Peer):
    """A tray host with its watcher. It reads an item and its menu as soon as that registers, as xfce4-panel does."""

    def __init__(
        self, address: str, *, is_registered: bool = True, answers: bool = True, refuses: bool = False
    ) -> None:
        super().__init__(address)
        self.is_registered = is_registered
        self.refuses = refuses
        self.asked = 0
        self.items: list[str] = []
        self.seen: list[tuple[dict[str, Any], list[Any]]] = []
        self.signals: list[tuple[str, list[Any]]] = []
        self.reading: asyncio.Future[None] | None = None
        self.may_answer = asyncio.Event()
        if answers:
            self.release()
        self.connection.add_message_handler(self._heard)
        for interface in ("org.kde.StatusNotifierItem", "com.canonical.dbusmenu"):
            rule = f"type='signal',interface='{interface}'"
            bus = "org.freedesktop.DBus"
            self.call(bus, "/org/freedesktop/DBus", bus, "AddMatch", "s", rule)
        self.run(self.connection.export, "/StatusNotifierWatcher", _Watcher(self))
        self.own(WATCHER)

    def release(self) -> None:
        self.run(self.may_answer.set)

    def _heard(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and message.path in {"/StatusNotifierItem", "/MenuBar"}:
            self.signals.append((message.member or "", list(message.body)))

    async def read(self, service: str) -> None:
        """Read everything, as a host does before it draws."""
        item = await self.connection.call(
            Message(
                service,
                "/StatusNotifierItem",
                "org.freedesktop.DBus.Properties",
                "GetAll",
                signature="s",
                body=["org.kde.StatusNotifierItem"],
            )
        )
        properties = {name: value.value for name, value in item.body[0].items()}
        menu = await self.connection.call(
            Message(
                service,
                properties["Menu"],
                "com.canonical.dbusmenu",
                "GetLayout",
                signature="iias",
                body=[0, -1, []],
            )
        )
        self.seen.append((properties, menu.body))

    def look(self) -> tuple[dict[str, Any], list[Any]]:
        """Read the item and its menu now: the properties, and the layout's body."""
        self.do(self.read(self.items[-1]))
        return self.seen[-1]

    def menu(self) -> list[tuple[int, str, bool]]:
        """Give the menu's lines: id, label (empty for a separator), whether it can be clicked."""
        _, [_, [_, _, lines]] = self.look()
        return [
            (
                line.value[0],
                line.value[1]["label"].value if "label" in line.value[1] else "",
                "enabled" not in line.value[1] and "type" not in line.value[1],
            )
            for line in lines
        ]

    def item(self, member: str, signature: str = "", *args: object) -> Message:
        return self.call(self.items[-1], "/StatusNotifierItem", "org.kde.StatusNotifierItem", member, signature, *args)

    def dbusmenu(self, member: str, signature: str = "", *args: object) -> Message:
        return self.call(self.items[-1], "/MenuBar", "com.canonical.dbusmenu", member, signature, *args)
