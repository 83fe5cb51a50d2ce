"""One connection to the session bus, on a thread of its own.

D-Bus specification: https://dbus.freedesktop.org/doc/dbus-specification.html. Sections are named where used.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Self, TypeVarTuple

from dbus_fast import Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface

from trayapp.desktop.linux.address import find_address
from trayapp.desktop.linux.messages import DAEMON, Remote, Signal
from trayapp.desktop.linux.patience import make_patient

_log = logging.getLogger(__name__)
_Ts = TypeVarTuple("_Ts")

PATIENCE = 5.0
"""Seconds that a call waits for its answer. Real answers take 1 to 10 ms; a process that is stopped never gives one."""

_CLOSING = 0.25
"""Seconds that ``close`` waits for the thread; it takes about a millisecond unless somebody blocks the thread."""


class BusError(Exception):
    """A call over the bus came to nothing; the message is a sentence for the log.

    Attributes:
        name: The D-Bus error's name as the other side gave it, empty where there was no answer at all.
    """

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name


class NoSessionBus(BusError):  # noqa: N818 - it names what is the case, and reads so at ``except``
    """There is no session bus to talk to; the message is a sentence that says what is missing."""


class SessionBus:
    """The session bus. It owns one thread with one event loop and sleeps there until somebody speaks.

    Coroutines run on that thread, so do all callbacks; the other methods may be called from any thread.
    Build one with ``connect``.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._loop: asyncio.AbstractEventLoop
        self._connection: MessageBus
        self._end: asyncio.Event
        self._connected: Future[None] = Future()
        self._thread: threading.Thread
        self._closed = False
        self._lost = False
        self._on_lost: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._owners: list[tuple[str, Callable[[str], None]]] = []
        self._listeners: list[tuple[str, Callable[[Signal], None]]] = []

    @classmethod
    def connect(cls, timeout: float) -> Self:
        """Connect to this session's bus.

        Args:
            timeout: Seconds to wait for it at most.

        Raises:
            NoSessionBus: There is none, or it does not let us in or does not answer in time.
        """
        address = find_address()
        if address is None:
            raise NoSessionBus(
                "There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set and there is no $XDG_RUNTIME_DIR/bus."
            )
        bus = cls(address)
        bus._thread = threading.Thread(target=asyncio.run, args=[bus._main(timeout)], name="session-bus", daemon=True)
        bus._thread.start()
        bus._connected.result()
        return bus

    @property
    def unique_name(self) -> str:
        """The name that the bus gave this connection, such as ``:1.9``."""
        return self._connection.unique_name or ""

    def post(self, function: Callable[[*_Ts], object], *args: *_Ts) -> None:
        """Run ``function`` on the bus's thread, after all that was posted before; never raises, nothing once closed."""
        if self._closed:
            return
        with suppress(RuntimeError):  # the loop closed in between
            self._loop.call_soon_threadsafe(function, *args)

    def spawn(self, function: Callable[[*_Ts], Coroutine[Any, Any, None]], *args: *_Ts) -> None:
        """Run a coroutine function as a task of the bus's thread, until it ends or the bus is closed; never raises."""
        # The coroutine is made over there: one that is made here and never gets there would complain.
        self.post(self._start, function, args)

    def on_lost(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` when the bus dies under us, at once if it has; not after ``close``."""
        self.post(self._add_on_lost, callback)

    def has_owner(self, name: str, timeout: float) -> bool:
        """Tell whether somebody owns ``name``. Blocks, so not for the bus's own thread.

        Args:
            name: A well-known bus name.
            timeout: Seconds to wait at most.

        Raises:
            BusError: The bus does not answer.
        """
        answer: Future[bool] = Future()
        self.spawn(self._ask_owner, name, timeout, answer)
        try:
            return answer.result(timeout)
        except TimeoutError:
            raise BusError("The session bus does not answer.") from None

    def close(self) -> None:
        """End every task, leave the bus and stop the thread, in well under 0.3 s; also a second time."""
        self.post(self._end.set)
        self._closed = True
        if threading.current_thread() is not self._thread:
            self._thread.join(_CLOSING)

    async def call(
        self, remote: Remote, member: str, signature: str = "", *args: object, patience: float | None = PATIENCE
    ) -> list[Any]:
        """Call a method and wait for the answer.

        Args:
            remote: Whose method.
            member: The method's name.
            signature: The D-Bus signature of ``args``.
            args: The arguments.
            patience: Seconds to wait; ``None`` to wait for as long as the other side lives.

        Returns:
            What the method returned.

        Raises:
            BusError: It answered with an error, did not answer in time, or the bus is gone.
        """
        message = Message(remote.name, remote.path, remote.interface, member, signature=signature, body=list(args))
        # A dead connection would take the message and never answer.
        if not self._connection.connected:
            raise BusError("The session bus is gone.")
        try:
            async with asyncio.timeout(patience):
                reply = await self._connection.call(message)
        except TimeoutError:
            raise BusError(f"{remote.name} does not answer {member}.") from None
        except (EOFError, OSError):
            raise BusError("The session bus is gone.") from None
        if reply is None:
            raise BusError("The session bus is gone.")
        if reply.message_type is MessageType.ERROR:
            detail = f": {reply.body[0]}" if reply.body else ""
            raise BusError(f"{remote.name} refused {member}{detail}", reply.error_name or "")
        return list(reply.body)

    def send(self, remote: Remote, member: str, signature: str = "", *args: object) -> None:
        """Call a method whose answer is of no interest, also of a bus that is gone; on the bus's thread only."""
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
        """Offer ``interface`` at ``path``; on the bus's thread only."""
        if self._connection.connected:
            self._connection.export(path, interface)

    async def watch_owner(self, name: str, changed: Callable[[str], None]) -> None:
        """Watch who owns a well-known name.

        Args:
            name: The name.
            changed: Called with the owner's unique name, or an empty string for none: before this returns, and then
                whenever it changes ("org.freedesktop.DBus.NameOwnerChanged").

        Raises:
            BusError: The bus does not answer.
        """
        await self._listen(f"type='signal',sender='{DAEMON.name}',member='NameOwnerChanged',arg0='{name}'")
        owner = await self._owner(name, PATIENCE)
        self._owners.append((name, changed))
        changed(owner)

    async def subscribe(self, remote: Remote, received: Callable[[Signal], None]) -> None:
        """Receive an interface's signals.

        Anybody on the bus can send us a signal of that interface directly, whatever we asked for: whoever cares
        compares ``Signal.sender`` with the owner that ``watch_owner`` told.

        Args:
            remote: Whose signals.
            received: Called with each, in the order of their sending, answers to our calls included.

        Raises:
            BusError: The bus does not answer.
        """
        self._listeners.append((remote.interface, received))
        await self._listen(f"type='signal',sender='{remote.name}',path='{remote.path}',interface='{remote.interface}'")

    async def _main(self, timeout: float) -> None:  # noqa: ASYNC109 - one deadline for the whole handshake
        self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        try:
            async with asyncio.timeout(timeout):
                self._connection = await MessageBus(bus_address=self._address).connect()
        except TimeoutError:
            self._connected.set_exception(
                NoSessionBus(f"The session bus at {self._address} does not answer within {timeout:g} s.")
            )
            return
        except Exception as error:  # noqa: BLE001 - dbus-fast promises no closed set, and "connect" waits
            self._connected.set_exception(NoSessionBus(f"The session bus at {self._address} is not there: {error}."))
            return
        make_patient(self._connection)
        self._connection.add_message_handler(self._received)
        self._connected.set_result(None)
        loss = self._loop.create_task(self._await_loss())
        await self._end.wait()
        # Tasks first: none shall see its call fail and report that as news.
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._connection.disconnect()
        await asyncio.wait({loss}, timeout=_CLOSING / 2)

    async def _await_loss(self) -> None:
        with suppress(Exception):  # EOFError, OSError, or whatever else dbus-fast stumbled over
            await self._connection.wait_for_disconnect()  # type: ignore[no-untyped-call] # dbus-fast's gap
        if not self._end.is_set():
            self._lost = True
            for callback in self._on_lost:
                callback()

    def _add_on_lost(self, callback: Callable[[], None]) -> None:
        if self._lost:
            callback()
        else:
            self._on_lost.append(callback)

    def _start(self, function: Callable[[*_Ts], Coroutine[Any, Any, None]], args: tuple[*_Ts]) -> None:
        task = self._loop.create_task(function(*args))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("A task on the session bus failed.", exc_info=error)

    async def _ask_owner(self, name: str, timeout: float, answer: Future[bool]) -> None:  # noqa: ASYNC109 - as above
        try:
            answer.set_result(bool((await self.call(DAEMON, "NameHasOwner", "s", name, patience=timeout))[0]))
        except BusError as error:
            answer.set_exception(error)

    async def _listen(self, rule: str) -> None:
        await self.call(DAEMON, "AddMatch", "s", rule)

    async def _owner(self, name: str, patience: float) -> str:
        try:
            return str((await self.call(DAEMON, "GetNameOwner", "s", name, patience=patience))[0])
        except BusError as error:
            if error.name == "org.freedesktop.DBus.Error.NameHasNoOwner":
                return ""
            raise

    def _received(self, message: Message) -> None:
        # Not handled right here: an answer wakes its caller one turn of the loop later, and a signal that came after
        # the answer (a note's id, then its closing) must not overtake it.
        if message.message_type is MessageType.SIGNAL:
            self._loop.call_soon(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        if message.sender == DAEMON.name and message.member == "NameOwnerChanged":
            for name, changed in self._owners:
                if name == message.body[0]:
                    changed(message.body[2])
            return
        signal = Signal(message.sender or "", message.path or "", message.member or "", list(message.body))
        for interface, received in self._listeners:
            if interface == message.interface:
                received(signal)
