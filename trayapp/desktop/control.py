"""A channel on which a running program is asked: a Unix socket, on Windows a named pipe, never a network port.

One connection carries one request and one reply, both JSON objects in the framing of ``multiprocessing.connection``
and never pickles, so that nothing a client sends can run.
"""

import contextlib
import json
import logging
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from trayapp.core.language import say

log = logging.getLogger(__name__)

Message = dict[str, Any]
"""A JSON object. Any: what stands in it is for those who talk to agree on."""

Handle = Callable[[Message], Message]
"""Answers a request; called in a thread of its own, so maybe several times at once."""

LARGEST_REQUEST = 64 * 1024
LARGEST_REPLY = 4 * 1024 * 1024
"""Bytes."""

CLIENT_SECONDS = 5.0
"""How long a client may keep silent before it is hung up on."""
_MOST_CLIENTS = 32
_BACKLOG = 64


class NotRunning(Exception):  # noqa: N818 - named after what it reports
    """Nobody listens."""


class NoAnswer(Exception):  # noqa: N818 - named after what it reports
    """Somebody listens, but gave no answer, or none in time."""


class Channel:
    """The end that answers. It listens from its making on; clients that come before ``serve`` wait.

    Args:
        address: Where to listen.

    Attributes:
        address: As given.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._listener = _listen(address)
        self._stopping = threading.Event()
        self._accepting: threading.Thread | None = None
        self._clients = threading.BoundedSemaphore(_MOST_CLIENTS)

    def serve(self, handle: Handle) -> None:
        """Answer requests from now on, in threads of its own; call once.

        Args:
            handle: Answers a request. If it raises, the client gets ``{"error": …}`` and the log the rest.
        """
        self._accepting = threading.Thread(target=self._accept, args=(handle,), name="control channel", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()
        if self._accepting:
            # A connection of our own wakes the thread that waits for one.
            with contextlib.suppress(OSError):
                _connect(self.address, 0.1).close()
            self._accepting.join(0.1)
        with contextlib.suppress(OSError):
            self._listener.close()

    def _accept(self, handle: Handle) -> None:
        while not self._stopping.is_set():
            try:
                connection = self._listener.accept()
            except OSError as error:
                if not self._stopping.is_set():
                    log.warning("the control channel could not take a call: %s", error)
                    # Whatever it was (no more file descriptors, say), trying again at once would only heat the machine.
                    self._stopping.wait(1)
                continue
            if self._stopping.is_set() or not self._clients.acquire(blocking=False):
                connection.close()
                continue
            threading.Thread(
                target=self._converse, args=(connection, handle), name="control client", daemon=True
            ).start()

    def _converse(self, connection: Connection, handle: Handle) -> None:
        try:
            with connection:
                _limit(connection, CLIENT_SECONDS)
                if not _is_own(connection):
                    log.warning("the control channel refused a call by another user")
                    return
                with contextlib.suppress(EOFError, OSError):  # it hung up, kept silent, or said too much
                    connection.send_bytes(_reply(_receive(connection, LARGEST_REQUEST, CLIENT_SECONDS), handle))
        finally:
            self._clients.release()


def ask(address: str, request: Message, timeout: float) -> Message:
    """Ask whoever listens at ``address``.

    Args:
        address: Where.
        request: A JSON object, with ``LARGEST_REQUEST`` bytes at most.
        timeout: How long to wait at each step, in seconds.

    Returns:
        The reply. One with the key ``error`` says why there is none.

    Raises:
        NotRunning: Nobody listens.
        NoAnswer: Somebody listens and does not answer.
        ValueError: The request is too large.
    """
    said = json.dumps(request).encode()
    if len(said) > LARGEST_REQUEST:
        raise ValueError(f"a request may have {LARGEST_REQUEST} bytes, and this has {len(said)}")
    try:
        connection = _connect(address, timeout)
    except BlockingIOError:
        raise NoAnswer(say("trayapp is too busy to take the call.")) from None
    except OSError:
        raise NotRunning(say("trayapp is not running.")) from None
    with connection:
        if not _is_own(connection):
            raise NotRunning(say("What listens there is another user's."))
        try:
            connection.send_bytes(said)
            reply = json.loads(_receive(connection, LARGEST_REPLY, timeout))
        except (EOFError, OSError, ValueError, RecursionError) as error:
            raise NoAnswer(say("trayapp is running but does not answer.")) from error
    if not isinstance(reply, dict):
        raise NoAnswer(say("trayapp is running but does not answer in our words."))
    return reply


def listens(address: str) -> bool:
    """Tell whether somebody listens at ``address``."""
    try:
        _connect(address, 1).close()
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


# ---- what is said


def _reply(said: bytes, handle: Handle) -> bytes:
    try:
        request = json.loads(said)
    except (ValueError, RecursionError):
        request = None
    if not isinstance(request, dict):
        return b'{"error": "a request is a JSON object"}'
    try:
        reply = json.dumps(handle(request)).encode()
    except Exception:
        log.exception("a request on the control channel failed")
        return b'{"error": "that failed; the log says why"}'
    return reply if len(reply) <= LARGEST_REPLY else b'{"error": "the answer is too large"}'


def _receive(connection: Connection, limit: int, seconds: float) -> bytes:
    """Wait for one message. Raises ``OSError`` if it is too large or late, ``EOFError`` if the other side hangs up."""
    if not connection.poll(seconds):
        raise TimeoutError
    return connection.recv_bytes(limit)


# ---- and over what


def _listen(address: str) -> Listener:
    return Listener(address, "AF_PIPE") if sys.platform == "win32" else Listener(address, "AF_UNIX", _BACKLOG)


def _connect(address: str, seconds: float) -> Connection:
    """Connect; no step takes longer than ``seconds``, after which it raises ``BlockingIOError``."""
    if sys.platform == "win32":
        return Client(address, "AF_PIPE")
    with socket.socket(socket.AF_UNIX) as link:
        # By options of the socket and not by its Python timeout, because the connection works on the bare descriptor.
        _limit_socket(link, seconds)
        link.connect(address)
        return Connection(link.detach())


def _limit(connection: Connection, seconds: float) -> None:
    """Keep a peer that stops in the middle of a message, or does not take ours, from holding us up."""
    if sys.platform != "win32":
        with socket.socket(fileno=os.dup(connection.fileno())) as link:
            _limit_socket(link, seconds)


def _limit_socket(link: socket.socket, seconds: float) -> None:
    whole = int(seconds)
    timeval = struct.pack("@ll", whole, int((seconds - whole) * 1_000_000))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)


def _is_own(connection: Connection) -> bool:
    """Ask Linux whose process is on the other side; elsewhere the folder's mode and the pipe's access list decide."""
    if sys.platform != "linux":
        return True
    with socket.socket(fileno=os.dup(connection.fileno())) as link:
        # struct ucred: pid, uid, gid (https://man7.org/linux/man-pages/man7/unix.7.html, SO_PEERCRED).
        credentials = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _pid, uid, _gid = struct.unpack("3i", credentials)
    return bool(uid == os.geteuid())
