"""One connection to a message bus, for as long as the bus lives.

D-Bus specification: https://dbus.freedesktop.org/doc/dbus-specification.html. Sections are named where used.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Self

from dbus_fast import Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface

from trayapp.core.language import say
from trayapp.desktop.linux.messages import DAEMON, Remote
from trayapp.desktop.linux.patience import make_patient

PATIENCE = 5.0
"""Seconds that a call waits for its answer. Real answers take 1 to 10 ms; a process that is stopped never gives one."""

_LEAVING = 0.12
"""Seconds for leaving the bus; it takes about a millisecond."""


class BusError(Exception):
    """A call over the bus came to nothing; the message is a sentence for the log.

    Attributes:
        name: The D-Bus error's name as the other side gave it, empty where there was no answer at all.
    """

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class NoBus(BusError):  # noqa: N818 - it names what is the case, and reads so at ``except``
    """There is no bus to talk to; the message is a sentence that says what is missing."""


class Connection:
    """A connection; all of it belongs to the thread whose event loop it was made on. Made by ``reach``.

    Args:
        connection: dbus-fast's, connected.
        label: What messages call the bus, such as "session bus".
    """

    def __init__(self, connection: MessageBus, label: str) -> None:
        self._connection, self._label = connection, label
        self._loss = asyncio.ensure_future(connection.wait_for_disconnect())  # type: ignore[no-untyped-call] # its gap

    @classmethod
    async def reach(cls, address: str, label: str, timeout: float, heard: Callable[[Message], None]) -> Self:  # noqa: ASYNC109 - one deadline for the whole handshake
        """Connect.

        Args:
            address: Where the bus listens.
            label: As for the class.
            timeout: Seconds to wait at most.
            heard: Called with every signal that arrives.

        Raises:
            NoBus: There is no bus there, or it does not let us in or does not answer in time.
        """
        try:
            async with asyncio.timeout(timeout):
                connection = await MessageBus(bus_address=address).connect()
        except TimeoutError:
            raise NoBus(
                say(
                    "The {bus} at {address} does not answer within {seconds} s.",
                    bus=say(label),
                    address=address,
                    seconds=f"{timeout:g}",
                )
            ) from None
        except Exception as error:  # noqa: BLE001 - dbus-fast promises no closed set, and the caller waits
            raise NoBus(
                say("The {bus} at {address} is not there: {error}.", bus=say(label), address=address, error=error)
            ) from None
        make_patient(connection)
        connection.add_message_handler(partial(_pass_on, heard))
        return cls(connection, label)

    @property
    def unique_name(self) -> str:
        """The name that the bus gave it, such as ``:1.9``."""
        return self._connection.unique_name or ""

    async def call(
        self, remote: Remote, member: str, signature: str, args: tuple[object, ...], patience: float | None
    ) -> list[Any]:
        """Call a method and wait for the answer; see ``Bus.call``."""
        message = Message(remote.name, remote.path, remote.interface, member, signature=signature, body=list(args))
        # A dead connection would take the message and never answer.
        if not self._connection.connected:
            raise self._gone()
        try:
            async with asyncio.timeout(patience):
                reply = await self._connection.call(message)
        except TimeoutError:
            raise BusError(say("{service} does not answer {question}.", service=remote.name, question=member)) from None
        except (EOFError, OSError):
            raise self._gone() from None
        if reply is None:
            raise self._gone()
        if reply.message_type is MessageType.ERROR:
            detail = f": {reply.body[0]}" if reply.body else ""
            raise BusError(
                say("{service} refused {question}{detail}", service=remote.name, question=member, detail=detail),
                reply.error_name or "",
            )
        return list(reply.body)

    def send(self, remote: Remote, member: str, signature: str, args: tuple[object, ...]) -> None:
        """Call a method whose answer is of no interest; nothing once the bus is gone."""
        if not self._connection.connected:
            return
        message = Message(
            remote.name,
            remote.path,
            remote.interface,
            member,
            flags=MessageFlag.NO_REPLY_EXPECTED | MessageFlag.NO_AUTOSTART,
            signature=signature,
            body=list(args),
        )
        # Taking the exception keeps asyncio from complaining about a message that died with the bus.
        self._connection.send(message).add_done_callback(lambda sent: sent.cancelled() or sent.exception())

    def export(self, path: str, interface: ServiceInterface) -> None:
        """Offer ``interface`` at ``path``; nothing once the bus is gone."""
        if self._connection.connected:
            self._connection.export(path, interface)

    async def match(self, rule: str) -> None:
        """Ask to be sent what a rule matches ("org.freedesktop.DBus.AddMatch"). Raises ``BusError``."""
        await self.call(DAEMON, "AddMatch", "s", (rule,), PATIENCE)

    async def owner(self, name: str) -> str:
        """Tell who owns a name, an empty string for nobody ("…DBus.GetNameOwner"). Raises ``BusError``."""
        try:
            return str((await self.call(DAEMON, "GetNameOwner", "s", (name,), PATIENCE))[0])
        except BusError as error:
            if error.name == "org.freedesktop.DBus.Error.NameHasNoOwner":
                return ""
            raise

    async def outlive(self) -> None:
        """Wait until the bus is gone."""
        await asyncio.wait({self._loss})

    async def leave(self) -> None:
        """Leave the bus, or what is left of it."""
        self._connection.disconnect()
        await asyncio.wait({self._loss}, timeout=_LEAVING)
        with suppress(asyncio.CancelledError, asyncio.InvalidStateError):
            self._loss.exception()  # taken, so that asyncio does not complain: that a bus is gone is no failure of ours

    def _gone(self) -> BusError:
        return BusError(say("The {bus} is gone.", bus=say(self._label)))


def _pass_on(heard: Callable[[Message], None], message: Message) -> None:
    # Not at once: an answer wakes its caller one turn of the loop later, and a signal that came after the answer (a
    # note's id, then its closing) must not overtake it.
    if message.message_type is MessageType.SIGNAL:
        asyncio.get_running_loop().call_soon(heard, message)
