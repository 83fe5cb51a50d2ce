"""What was asked of a message bus for as long as it is used: it holds for one connection after the other."""

from collections.abc import Callable
from dataclasses import dataclass

from dbus_fast import Message
from dbus_fast.service import ServiceInterface

from trayapp.desktop.linux.connection import Connection
from trayapp.desktop.linux.messages import DAEMON, Remote, Signal


@dataclass(slots=True)
class _Watch:
    """Somebody who wants to know who owns a name."""

    name: str
    changed: Callable[[str], None]
    told: bool = False


class Standing:
    """Objects that are offered, names that are watched, signals that are received. It belongs to the bus's thread."""

    def __init__(self) -> None:
        self._objects: list[tuple[str, ServiceInterface]] = []
        self._rules: list[str] = []
        self._watches: list[_Watch] = []
        self._listeners: list[tuple[str, Callable[[Signal], None]]] = []

    def export(self, connection: Connection, path: str, interface: ServiceInterface) -> None:
        """Offer an object from now on."""
        self._objects.append((path, interface))
        connection.export(path, interface)

    async def watch_owner(self, connection: Connection, name: str, changed: Callable[[str], None]) -> None:
        """Watch who owns a name from now on; as ``Bus.watch_owner``."""
        watch = _Watch(name, changed)
        self._watches.append(watch)
        rule = f"type='signal',sender='{DAEMON.name}',member='NameOwnerChanged',arg0='{name}'"
        await self._match(connection, rule)
        await _tell_owner(connection, watch)

    async def subscribe(
        self, connection: Connection, remote: Remote, received: Callable[[Signal], None], member: str
    ) -> None:
        """Receive signals from now on; as ``Bus.subscribe``."""
        self._listeners.append((remote.interface, received))
        rule = f"type='signal',sender='{remote.name}',path='{remote.path}',interface='{remote.interface}'"
        await self._match(connection, f"{rule},member='{member}'" if member else rule)

    def lose(self) -> None:
        """Tell that nobody owns anything: the connection is gone."""
        for watch in self._watches:
            if watch.told:
                watch.told = False
                watch.changed("")

    async def restore(self, connection: Connection) -> None:
        """Ask all of it of a new connection.

        Raises:
            BusError: The bus does not answer.
        """
        for path, interface in self._objects:
            connection.export(path, interface)
        for rule in self._rules:
            await connection.match(rule)
        for watch in self._watches:
            await _tell_owner(connection, watch)

    def deliver(self, message: Message) -> None:
        """Hand a signal to those who wait for it."""
        if message.sender == DAEMON.name and message.member == "NameOwnerChanged":
            for watch in self._watches:
                if watch.told and watch.name == message.body[0]:
                    watch.changed(message.body[2])
            return
        signal = Signal(message.sender or "", message.path or "", message.member or "", list(message.body))
        for interface, received in self._listeners:
            if interface == message.interface:
                received(signal)

    async def _match(self, connection: Connection, rule: str) -> None:
        self._rules.append(rule)
        await connection.match(rule)


async def _tell_owner(connection: Connection, watch: _Watch) -> None:
    owner = await connection.owner(watch.name)
    watch.told = True
    watch.changed(owner)
