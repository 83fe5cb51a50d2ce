"""Everything that is said on the session bus, with the time at which it was said."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from desktop_bench.dbus_client import BUS, DBusClient, plain
from desktop_bench.errors import BenchError
from desktop_bench.parts import NOTIFICATIONS
from desktop_bench.waiting import wait_until

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """One message.

    Attributes:
        at: ``time.monotonic()`` at its arrival here.
        type: Call, return, error or signal.
        sender: The unique name it came from.
        destination: Whom it was for; empty for a signal to all.
        path: Object path, empty for replies.
        interface: Empty for replies.
        member: Method or signal; empty for replies.
        body: Its values, without variants.
        serial: Its number on its sender's connection.
        reply_serial: For replies, the number of the call.
        error: For errors, their name.
    """

    at: float
    type: MessageType
    sender: str
    destination: str
    path: str
    interface: str
    member: str
    body: list[Any]
    serial: int
    reply_serial: int
    error: str


@dataclass(frozen=True, slots=True)
class Notify:
    """One call of ``Notify`` with its answer.

    The names are those of https://specifications.freedesktop.org/notification-spec/latest/protocol.html.

    Attributes:
        at: ``time.monotonic()`` at the call.
        sender: The caller's unique name.
        app_name: Who the notification says it is from.
        replaces_id: The notification it takes the place of, 0 for none.
        app_icon: Icon name or path.
        summary: The title.
        body: The text.
        actions: Pairs of key and label, in order.
        hints: By name.
        expire_timeout: Milliseconds, 0 for never, -1 for the daemon's choice.
        answered: ``time.monotonic()`` at the answer; ``None`` while there is none.
        id: The id that the daemon gave; ``None`` while there is none.
        error: The name of the error it was answered by, or empty.
    """

    at: float
    sender: str
    app_name: str
    replaces_id: int
    app_icon: str
    summary: str
    body: str
    actions: tuple[tuple[str, str], ...]
    hints: dict[str, Any] = field(hash=False)
    expire_timeout: int
    answered: float | None
    id: int | None
    error: str


@dataclass(frozen=True, slots=True)
class ActionInvoked:
    """The daemon says that an action was chosen."""

    at: float
    id: int
    key: str


@dataclass(frozen=True, slots=True)
class NotificationClosed:
    """The daemon says that a notification is gone; reasons: 1 expired, 2 dismissed, 3 closed by its sender."""

    at: float
    id: int
    reason: int


@dataclass(frozen=True, slots=True)
class CloseNotification:
    """A program took a notification back."""

    at: float
    id: int


class BusSpy:
    """Monitors a bus from its creation on (``org.freedesktop.DBus.Monitoring.BecomeMonitor``).

    Args:
        bus: The bus; its thread serves the monitoring connection too.
    """

    def __init__(self, bus: DBusClient) -> None:
        self._bus = bus
        self._said: list[Said] = []
        self._connection = bus.run(self._listen())

    async def _listen(self) -> MessageBus:
        connection = await self._bus.connect()
        # In place before the bus makes us a monitor: from then on, answering anything would end the connection.
        connection.add_message_handler(self._hear)
        become = Message(
            BUS, "/org/freedesktop/DBus", f"{BUS}.Monitoring", "BecomeMonitor", signature="asu", body=[[], 0]
        )
        reply = await connection.call(become)
        if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
            raise BenchError(f"the bus lets nobody monitor it: {reply.body if reply else 'no reply'}")
        return connection

    def _hear(self, message: Message) -> bool:
        at = time.monotonic()
        said = Said(
            at,
            message.message_type,
            message.sender or "",
            message.destination or "",
            message.path or "",
            message.interface or "",
            message.member or "",
            plain(message.body),
            message.serial or 0,
            message.reply_serial or 0,
            message.error_name or "",
        )
        self._said.append(said)
        # Handled: nobody else looks at it, so that a call meant for another is not answered by us.
        return message.message_type is not MessageType.METHOD_RETURN

    def close(self) -> None:
        """Stop listening."""
        self._bus.run(self._disconnect())

    async def _disconnect(self) -> None:
        self._connection.disconnect()

    # ---- anything

    def messages(self, where: Callable[[Said], bool] = lambda _: True) -> list[Said]:
        """List what was said so far, in order."""
        return [said for said in self._said.copy() if where(said)]

    def calls(self, interface: str, member: str) -> list[Said]:
        """List the calls of one method so far."""
        return self._of(MessageType.METHOD_CALL, interface, member)

    def signals(self, interface: str, member: str) -> list[Said]:
        """List the signals of one kind so far."""
        return self._of(MessageType.SIGNAL, interface, member)

    def _of(self, kind: MessageType, interface: str, member: str) -> list[Said]:
        wanted = (kind, interface, member)
        return self.messages(lambda said: (said.type, said.interface, said.member) == wanted)

    # ---- notifications

    def notifies(self) -> list[Notify]:
        """List the calls of ``Notify`` so far, each with its answer if that has come."""
        answers = {(said.destination, said.reply_serial): said for said in self._said.copy() if said.reply_serial}
        return [_notify(said, answers.get((said.sender, said.serial))) for said in self.calls(NOTIFICATIONS, "Notify")]

    def closings(self) -> list[CloseNotification]:
        """List the calls of ``CloseNotification`` so far."""
        return [CloseNotification(said.at, said.body[0]) for said in self.calls(NOTIFICATIONS, "CloseNotification")]

    def invoked(self) -> list[ActionInvoked]:
        """List the ``ActionInvoked`` signals so far."""
        return [ActionInvoked(said.at, *said.body) for said in self.signals(NOTIFICATIONS, "ActionInvoked")]

    def closed(self) -> list[NotificationClosed]:
        """List the ``NotificationClosed`` signals so far."""
        return [NotificationClosed(said.at, *said.body) for said in self.signals(NOTIFICATIONS, "NotificationClosed")]

    # ---- waiting

    def wait_notify(
        self, count: int = 1, where: Callable[[Notify], bool] = lambda _: True, timeout: float = 5.0
    ) -> Notify:
        """Wait for the ``count``-th answered ``Notify`` among those that ``where`` picks, and give it."""
        return _wait_nth(
            lambda: (one for one in self.notifies() if one.answered is not None and where(one)),
            count,
            timeout,
            "an answered Notify",
        )

    def wait_invoked(
        self, count: int = 1, where: Callable[[ActionInvoked], bool] = lambda _: True, timeout: float = 5.0
    ) -> ActionInvoked:
        """Wait for the ``count``-th ``ActionInvoked`` among those that ``where`` picks, and give it."""
        return _wait_nth(lambda: filter(where, self.invoked()), count, timeout, "ActionInvoked")

    def wait_closed(
        self, count: int = 1, where: Callable[[NotificationClosed], bool] = lambda _: True, timeout: float = 5.0
    ) -> NotificationClosed:
        """Wait for the ``count``-th ``NotificationClosed`` among those that ``where`` picks, and give it."""
        return _wait_nth(lambda: filter(where, self.closed()), count, timeout, "NotificationClosed")


def _wait_nth(find: Callable[[], Iterable[T]], count: int, timeout: float, what: str) -> T:
    found = wait_until(lambda: enough if len(enough := list(find())) >= count else [], timeout, f"{what} no. {count}")
    return found[count - 1]


def _notify(call: Said, answer: Said | None) -> Notify:
    app_name, replaces_id, app_icon, summary, body, actions, hints, expire_timeout = call.body
    accepted = answer is not None and answer.type is MessageType.METHOD_RETURN
    return Notify(
        at=call.at,
        sender=call.sender,
        app_name=app_name,
        replaces_id=replaces_id,
        app_icon=app_icon,
        summary=summary,
        body=body,
        actions=tuple(zip(actions[::2], actions[1::2], strict=True)),
        hints=hints,
        expire_timeout=expire_timeout,
        answered=answer.at if answer else None,
        id=answer.body[0] if answer and accepted else None,
        error=answer.error if answer else "",
    )
