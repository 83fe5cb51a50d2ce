"""A message bus, through every death and return of it.

D-Bus specification: https://dbus.freedesktop.org/doc/dbus-specification.html. Sections are named where used.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from dbus_fast.service import ServiceInterface

from trayapp.core.language import say
from trayapp.desktop.linux.connection import PATIENCE, BusError, Connection, NoBus
from trayapp.desktop.linux.messages import DAEMON, Remote, Signal
from trayapp.desktop.linux.standing import Standing
from trayapp.desktop.linux.thread import EventThread

_log = logging.getLogger(__name__)

RETURN_SECONDS = 10.0
"""How long a bus that died may take to return. One that the system starts anew is there at our first or second try,
and any other never comes back."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0
"""Seconds between two tries."""


class BusState(Enum):
    """How it stands with a bus: it is there; it died, and we try to reach it again; it died and has been given up."""

    HERE = "here"
    LOST = "lost"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bus is to be found.

    Attributes:
        address: Its address ("Server Addresses").
        label: What messages call it, such as "session bus".
        stands: Tells whether a bus that died is worth waiting for.
    """

    address: str
    label: str
    stands: Callable[[], bool]


class Bus:
    """A message bus, for all who want something of it; made by ``connect`` or ``open``.

    When the bus dies it is tried again with growing pauses. Once it is back, everything is as it was: objects are
    offered again, matches set, and watchers of names, who were told that nobody owns them, are told who does now.
    Names that we owned are lost, though.

    Coroutines and callbacks run on the thread, where the other methods belong too unless they say otherwise. It ends
    with the thread.

    Args:
        thread: Where all of it runs.
        place: Where to find it.

    Attributes:
        thread: As given.
    """

    def __init__(self, thread: EventThread, place: Place) -> None:
        self.thread = thread
        self._place = place
        self._connection: Connection
        self._reached: Future[None] = Future()
        self._state = BusState.HERE
        self._followers: list[Callable[[BusState], None]] = []
        self._standing = Standing()

    @classmethod
    def connect(cls, thread: EventThread, place: Place, timeout: float) -> Self:
        """Connect, from another thread, which waits.

        Args:
            thread: As for the class.
            place: As for the class.
            timeout: Seconds to wait at most.

        Raises:
            NoBus: There is none, or it does not let us in or does not answer in time.
        """
        bus = cls(thread, place)
        thread.spawn(bus._live, timeout)
        bus._reached.result()
        return bus

    @classmethod
    async def open(cls, thread: EventThread, place: Place, timeout: float) -> Self:  # noqa: ASYNC109 - as for ``connect``
        """Connect, on the thread itself; else as ``connect``."""
        bus = cls(thread, place)
        thread.spawn(bus._live, timeout)
        await asyncio.wrap_future(bus._reached)
        return bus

    @property
    def unique_name(self) -> str:
        """The name that the bus gave the present connection, such as ``:1.9``."""
        return self._connection.unique_name

    def follow(self, changed: Callable[[BusState], None]) -> None:
        """Call ``changed`` when the bus dies, returns or is given up, and at once unless it is here; from any thread.

        It is not called any more once the thread is closed.
        """
        self.thread.post(self._follow, changed)

    def has_owner(self, name: str, timeout: float) -> bool:
        """Tell whether somebody owns ``name``. Blocks, so not for the bus's own thread.

        Args:
            name: A well-known bus name.
            timeout: Seconds to wait at most.

        Raises:
            BusError: The bus does not answer.
        """
        answer: Future[bool] = Future()
        self.thread.spawn(self._ask_owner, name, timeout, answer)
        try:
            return answer.result(timeout)
        except TimeoutError:
            raise BusError(say("The {bus} does not answer.", bus=say(self._place.label))) from None

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
        return await self._connection.call(remote, member, signature, args, patience)

    def send(self, remote: Remote, member: str, signature: str = "", *args: object) -> None:
        """Call a method whose answer is of no interest, also of a bus that is gone."""
        self._connection.send(remote, member, signature, args)

    def export(self, path: str, interface: ServiceInterface) -> None:
        """Offer ``interface`` at ``path``, also when the bus returns."""
        self._standing.export(self._connection, path, interface)

    async def watch_owner(self, name: str, changed: Callable[[str], None]) -> None:
        """Watch who owns a well-known name.

        Args:
            name: The name.
            changed: Called with the owner's unique name, or an empty string for none: before this returns, and then
                whenever it changes ("org.freedesktop.DBus.NameOwnerChanged").

        Raises:
            BusError: The bus does not answer. Should it die and return, the watch holds all the same.
        """
        await self._standing.watch_owner(self._connection, name, changed)

    async def subscribe(self, remote: Remote, received: Callable[[Signal], None], member: str = "") -> None:
        """Receive an interface's signals.

        Anybody on the bus can send us a signal of that interface directly, whatever we asked for: whoever cares
        compares ``Signal.sender`` with the owner that ``watch_owner`` told.

        Args:
            remote: Whose signals.
            received: Called with each, in the order of their sending, answers to our calls included.
            member: The one signal to ask for; all of the interface's without one.

        Raises:
            BusError: The bus does not answer. Should it die and return, the subscription holds all the same.
        """
        await self._standing.subscribe(self._connection, remote, received, member)

    # Coming, going, coming back

    async def _live(self, timeout: float) -> None:  # noqa: ASYNC109 - handed on
        try:
            await self._reach(timeout)
        except NoBus as error:
            self._reached.set_exception(error)
            return
        self._reached.set_result(None)
        while self._state is BusState.HERE:
            try:
                await self._connection.outlive()
            finally:
                await self._connection.leave()
            self._enter(BusState.LOST)
            self._standing.lose()
            self._enter(BusState.HERE if await self._returns() else BusState.GONE)

    async def _reach(self, timeout: float) -> None:  # noqa: ASYNC109 - handed on
        self._connection = await Connection.reach(
            self._place.address, self._place.label, timeout, self._standing.deliver
        )

    async def _returns(self) -> bool:
        """Try to reach the bus again for as long as that makes sense; tell whether it is back."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + RETURN_SECONDS
        pauses = _pauses()
        while True:
            await asyncio.sleep(next(pauses))
            try:
                await self._reach(PATIENCE)
                await self._restore()
            except BusError as error:
                _log.debug("%s", error)
            else:
                return True
            if not self._place.stands() or clock() > deadline:
                return False

    async def _restore(self) -> None:
        """Do for the new connection what was done for the last one."""
        try:
            await self._standing.restore(self._connection)
        except BaseException:
            await self._connection.leave()
            raise

    def _enter(self, state: BusState) -> None:
        self._state = state
        _log.warning("The %s is %s.", self._place.label, "back" if state is BusState.HERE else state.value)
        for changed in self._followers:
            changed(state)

    def _follow(self, changed: Callable[[BusState], None]) -> None:
        self._followers.append(changed)
        if self._state is not BusState.HERE:
            changed(self._state)

    async def _ask_owner(self, name: str, timeout: float, answer: Future[bool]) -> None:  # noqa: ASYNC109 - handed on
        try:
            answer.set_result(bool((await self.call(DAEMON, "NameHasOwner", "s", name, patience=timeout))[0]))
        except BusError as error:
            answer.set_exception(error)


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, _LONGEST_PAUSE)
