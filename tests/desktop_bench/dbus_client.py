"""A private session bus, and a connection to it that tests can use without being asynchronous themselves."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop_bench.errors import BenchError

T = TypeVar("T")

CALL_TIMEOUT_S = 5.0
"""How long an answer may take: dbus-fast itself waits for ever."""

BUS = "org.freedesktop.DBus"

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  {services}
  <policy context="default">
    <allow user="*"/>
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def bus_config(socket: Path, *, activation: bool) -> str:
    """Write the configuration of a session bus (dbus-daemon(1)).

    Args:
        socket: Where it listens.
        activation: Whether asking for an unowned name starts the program that a service file names. Without it
            nothing runs but what the bench started, and a missing service is ``ServiceUnknown`` at once.
    """
    services = "<standard_session_servicedirs/>" if activation else ""
    return _CONFIG.format(socket=socket, services=services)


class DBusCallError(BenchError):
    """A call was answered by an error.

    Attributes:
        name: The error's name, such as ``org.freedesktop.DBus.Error.ServiceUnknown``.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name


class DBusClient:
    """A connection served by a thread of its own; its methods block and may be called from any other thread.

    Args:
        address: The bus.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="desktop-bench-dbus", daemon=True)
        self._thread.start()
        try:
            self._bus = self.run(self.connect())
        except BaseException:
            self._end_loop()
            raise

    @property
    def unique_name(self) -> str:
        """The name the bus gave this connection."""
        return self._bus.unique_name or ""

    async def connect(self) -> MessageBus:
        """Open a further connection, for use within ``run`` only."""
        return await MessageBus(bus_address=self.address).connect()

    def run(self, work: Coroutine[Any, Any, T], timeout: float = CALL_TIMEOUT_S) -> T:
        """Run a coroutine in the connection's thread and give its result.

        Raises:
            TimeoutError: It took longer than ``timeout`` seconds; it is cancelled.
        """
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, timeout), self._loop).result(timeout + 1)

    def call(
        self, destination: str, path: str, interface: str, member: str, signature: str = "", *arguments: object
    ) -> list[Any]:
        """Call a method and give the values of its answer.

        Raises:
            DBusCallError: It was answered by an error.
            TimeoutError: It was not answered.
        """
        message = Message(destination, path, interface, member, signature=signature, body=list(arguments))
        reply = self.run(self._bus.call(message))
        if reply is None:
            raise BenchError(f"no reply to {interface}.{member}")
        if reply.message_type is MessageType.ERROR:
            raise DBusCallError(reply.error_name or "", str(reply.body[0]) if reply.body else "")
        return reply.body

    def emit(self, path: str, interface: str, member: str, signature: str = "", *values: object) -> None:
        """Send a signal to all."""
        message = Message.new_signal(path, interface, member, signature, list(values))

        async def send() -> None:
            await self._bus.send(message)

        self.run(send())

    def has_owner(self, name: str) -> bool:
        """Tell whether somebody owns a bus name; starts nobody."""
        return bool(self.call(BUS, "/org/freedesktop/DBus", BUS, "NameHasOwner", "s", name)[0])

    def get(self, destination: str, path: str, interface: str, name: str) -> Any:  # noqa: ANN401 - of every type
        """Read one property."""
        return plain(self.call(destination, path, f"{BUS}.Properties", "Get", "ss", interface, name)[0])

    def get_all(self, destination: str, path: str, interface: str) -> dict[str, Any]:
        """Read all properties of an interface."""
        found: dict[str, Any] = plain(self.call(destination, path, f"{BUS}.Properties", "GetAll", "s", interface)[0])
        return found

    def close(self) -> None:
        """Disconnect and end the thread."""
        self.run(self._disconnect(self._bus))
        self._end_loop()

    @staticmethod
    async def _disconnect(bus: MessageBus) -> None:
        bus.disconnect()
        # Gives the loop the turn in which the socket's reader and writer are taken down.
        await asyncio.sleep(0)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_TIMEOUT_S)
        self._loop.close()


def plain(value: object) -> Any:  # noqa: ANN401 - D-Bus values are of every type
    """Take the variants out of a D-Bus value."""
    if isinstance(value, Variant):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
