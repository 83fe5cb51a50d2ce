"""From a name to a connected socket, so that somebody else can end it at every moment.

urllib3 has ``socket.create_connection`` for this, which nobody can end: it looks the name up in C, and its socket is
known to nobody before it is connected.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

from urllib3.util.connection import allowed_gai_family

Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Found = tuple[socket.AddressFamily, socket.SocketKind, int, Address]

MOST_LOOK_UPS = 16
"""Look-ups that may hang at the same time. Each ends by itself when the system gives up, within a minute or so."""

KEEPALIVE_IDLE = 10
"""Seconds of silence after which the other side is asked whether it is still there: once in a long poll."""

KEEPALIVE_INTERVAL = 3
KEEPALIVE_PROBES = 3

UNANSWERED_MILLISECONDS = 15_000
"""How long what was sent may stay without even an acknowledgement (RFC 5482). Linux takes the keepalive's probes for
something sent, so that this is what counts there."""

_OPTIONS = {
    "TCP_KEEPIDLE": KEEPALIVE_IDLE,
    "TCP_KEEPALIVE": KEEPALIVE_IDLE,  # the same by its macOS name
    "TCP_KEEPINTVL": KEEPALIVE_INTERVAL,
    "TCP_KEEPCNT": KEEPALIVE_PROBES,
    "TCP_USER_TIMEOUT": UNANSWERED_MILLISECONDS,
}

_look_ups = threading.BoundedSemaphore(MOST_LOOK_UPS)


class Left(Exception):  # noqa: N818 - not an error: it was asked for
    """Somebody has left the look-up."""


class LookUp:
    """Looks one name up in a thread of its own, since the system's call cannot be ended but only left.

    Args:
        host: A name or an address.
        port: A port.
    """

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._outcome: SimpleQueue[list[Found] | socket.gaierror | None] = SimpleQueue()

    def wait(self, seconds: float | None = None) -> list[Found]:
        """Give the addresses to try, in the system's order.

        Args:
            seconds: How long to wait at the most; ``None`` for as long as the system does.

        Raises:
            socket.gaierror: There are none, or nobody could be asked.
            Left: It was left, or there was no answer in time.
        """
        if not _look_ups.acquire(blocking=False):
            raise socket.gaierror(socket.EAI_AGAIN, "too many look-ups have not come back")
        threading.Thread(target=self._run, name=f"look-up-{self._host}", daemon=True).start()
        try:
            outcome = self._outcome.get(timeout=seconds)
        except Empty:
            outcome = None
        if outcome is None:
            raise Left
        if isinstance(outcome, socket.gaierror):
            raise outcome
        return outcome

    def leave(self) -> None:
        """Let whoever waits go; from any thread."""
        self._outcome.put(None)

    def _run(self) -> None:
        try:
            found = socket.getaddrinfo(self._host, self._port, allowed_gai_family(), socket.SOCK_STREAM)
            self._outcome.put([(family, kind, protocol, address) for family, kind, protocol, _, address in found])
        except socket.gaierror as error:
            self._outcome.put(error)
        except (OSError, UnicodeError) as error:  # a label that is too long is a UnicodeError
            self._outcome.put(socket.gaierror(socket.EAI_FAIL, str(error)))
        finally:
            _look_ups.release()


def connected(
    found: list[Found],
    seconds: float | None,
    options: Iterable[tuple[int, int, int | bytes]],
    keep: Callable[[socket.socket], None],
) -> socket.socket:
    """Connect to the first address that lets us.

    Args:
        found: The addresses.
        seconds: How long to try each.
        options: Of the socket, as ``setsockopt`` takes them; how to keep it alive is added.
        keep: Told of every socket before it is used; what it raises ends the matter.

    Raises:
        OSError: None does; why the last one did not.
    """
    refusal: OSError = OSError("the name has no address")
    for family, kind, protocol, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            keep(sock)
        except BaseException:
            sock.close()
            raise
        try:
            for option in options:
                sock.setsockopt(*option)
            keep_alive(sock)
            sock.settimeout(seconds)
            sock.connect(address)
        except OSError as error:
            sock.close()
            refusal = error
        else:
            return sock
    try:
        raise refusal
    finally:
        del refusal  # or it and this frame would hold each other


def keep_alive(sock: socket.socket) -> None:
    """Have the system notice by itself that the other side is gone, as far as this system can."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, setting in _OPTIONS.items():
        if option := getattr(socket, name, None):
            with contextlib.suppress(OSError):  # known to Python, but not to every system that it runs on
                sock.setsockopt(socket.IPPROTO_TCP, option, setting)
