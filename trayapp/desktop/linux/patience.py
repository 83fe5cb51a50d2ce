"""A socket that waits its turn.

dbus-fast (5.2.0) writes one message after the other until the socket takes no more. When the socket's buffer is full
just as one message has gone out whole, the next ``send`` raises ``BlockingIOError``, and dbus-fast takes that for the
end of the connection. It understands a message that has gone out in part, though, and waits until it can write on: so
here "not now" becomes "nothing of it yet".
"""

import socket
from collections.abc import Iterable
from typing import Any

from dbus_fast.aio import MessageBus


class _PatientSocket:
    """The two ways of sending that dbus-fast uses.

    Args:
        sock: The real socket, which does not block.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def send(self, data: memoryview) -> int:
        """Send what can be sent now; gives how many bytes that were."""
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0

    def sendmsg(self, buffers: Iterable[memoryview], ancillary: Iterable[Any]) -> int:
        """Send a message with file descriptors; they go with its first byte, so it is all or the error."""
        return self._sock.sendmsg(list(buffers), list(ancillary))


def make_patient(connection: MessageBus) -> None:
    """Let a connected bus wait while its socket is full."""
    writer: Any = connection._writer  # noqa: SLF001 - there is no public way; a test holds the behaviour
    writer.sock = _PatientSocket(writer.sock)
