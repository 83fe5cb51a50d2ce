"""Hearing from the Linux kernel that the network has changed.

Whoever manages the network (NetworkManager, systemd-networkd, connman, a script, a VPN) does so by setting addresses
and routes in the kernel, and the kernel tells everybody who asks: it takes no permission, no service and no bus.

Not heard is what changes neither, such as a cable that is pulled and put back while nobody manages the network.
"""

import asyncio
import logging
import socket
from collections.abc import Callable

from trayapp.desktop.linux.netlink import GROUPS, AnswerEnds, Attributes, Kind, Told, read, request
from trayapp.desktop.linux.thread import EventThread

_log = logging.getLogger(__name__)

_LARGEST = 1 << 16
"""Bytes; the kernel sends 32 KiB at once at the most."""


class Network:
    """What is known of addresses and routes, to tell what is news.

    That has to be known because addresses are told again and again while they stay: each router advertisement prolongs
    them.
    """

    def __init__(self) -> None:
        self._ways: dict[tuple[Kind, tuple[int | Attributes, ...]], set[Attributes]] = {}

    def learn(self, told: Told) -> bool:
        """Take down what the kernel says, and tell whether it is news."""
        slot = (told.kind, told.slot)
        before = self._ways.pop(slot, set())
        after = (set() if told.replaces else before) | {told.way} if told.holds else before - {told.way}
        if after:
            self._ways[slot] = after
        # IPv4's routes may go without a word, with their link. But none is told to be made that was there already.
        is_made = told.kind is Kind.ROUTE and told.holds and not told.replaces
        return not told.asked and (after != before or is_made)


class NetworkChanges:
    """Listens to the kernel until the thread ends; all of it belongs there.

    Args:
        thread: Where to listen.
        changed: Called at every change, and there are many of them at once.
    """

    def __init__(self, thread: EventThread, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._network = Network()
        self._to_ask: list[Kind] = []
        self._socket: socket.socket
        thread.spawn(self._listen)

    async def _listen(self) -> None:
        try:
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        except OSError as error:  # a sandbox may forbid it
            _log.info("Changes of the network cannot be heard: %s", error)
            return
        loop = asyncio.get_running_loop()
        with self._socket:
            self._socket.setblocking(False)
            self._socket.bind((0, GROUPS))
            self._ask_all()
            loop.add_reader(self._socket, self._read)
            try:
                await loop.create_future()
            finally:
                loop.remove_reader(self._socket)

    def _ask_all(self) -> None:
        self._to_ask = [Kind.ROUTE, Kind.ADDRESS]
        self._ask()

    def _ask(self) -> None:
        # One after the other: a socket has room for one answer at a time.
        if self._to_ask:
            self._socket.send(request(self._to_ask.pop()))

    def _read(self) -> None:
        try:
            data, (sender, _groups) = self._socket.recvfrom(_LARGEST)
        except BlockingIOError:
            return
        except OSError as error:  # ENOBUFS: more was said than we could take in
            _log.info("Something was missed of what changed in the network: %s", error)
            self._network = Network()
            self._ask_all()
            self._changed()
            return
        if sender != 0:  # only the kernel is to be believed
            return
        port = self._socket.getsockname()[0]
        # All of it has to be learnt, so that this is no "any" that stops at the first.
        news = [self._learn(told) for told in read(data, port)]
        if any(news):
            self._changed()

    def _learn(self, told: Told | AnswerEnds) -> bool:
        if isinstance(told, AnswerEnds):
            self._ask()
            return False
        return self._network.learn(told)
