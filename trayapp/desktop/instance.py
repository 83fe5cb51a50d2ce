"""One running program per owner, and the channel on which the commands talk to it.

A lock that the system frees however its holder ends says who runs; beside it listens a Unix socket (on Windows a
named pipe), never a network port. One connection carries one request and one reply, both JSON objects in the framing
of ``multiprocessing.connection`` and never pickles, so that nothing a client sends can run.
"""

import contextlib
import json
import logging
import os
import secrets
import socket
import stat
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

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
_STARTING_SECONDS = 2.0
"""How long the holder of the lock may take from taking it to listening (and from not listening any more to letting it
go). Between the two lie a few calls to the system."""

# The shortest of the systems' sizes of sockaddr_un.sun_path, macOS's 104, without the final zero byte.
_LONGEST_SOCKET_PATH = 103
_LOCK, _HOLDER, _SOCKET = "lock", "holder", "control"
_ELSEWHERE = "trayapp-"


class AlreadyRunning(Exception):  # noqa: N818 - named after what it reports
    """Another process of this owner runs.

    Attributes:
        pid: Its process id, or ``None`` if it did not say.
    """

    def __init__(self, pid: int | None) -> None:
        super().__init__(f"trayapp is already running{f' as process {pid}' if pid else ''}.")
        self.pid = pid


class NotRunning(Exception):  # noqa: N818 - named after what it reports
    """Nobody listens."""


class NoAnswer(Exception):  # noqa: N818 - named after what it reports
    """Somebody listens, but gave no answer, or none in time."""


class UnsafeFolder(Exception):  # noqa: N818 - named after what it reports
    """Others could reach into the folder of the lock and the channel. The text says how to put that right."""


class Instance:
    """The one running program; made by ``claim``. As a context manager it ends with the block.

    Args:
        runtime_dir: The folder of the lock and the channel.
        lock: Held.
        address: Where to listen. Clients that come before ``serve`` wait.

    Attributes:
        address: Where it listens.
    """

    def __init__(self, runtime_dir: Path, lock: FileLock, address: str) -> None:
        self._runtime_dir, self._lock, self.address = runtime_dir, lock, address
        self._listener = _listen(address)
        self._stopping = threading.Event()
        self._accepting: threading.Thread | None = None
        self._clients = threading.BoundedSemaphore(_MOST_CLIENTS)

    def __enter__(self) -> Self:
        """Give the instance itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def serve(self, handle: Handle) -> None:
        """Answer requests from now on, in threads of its own; call once.

        Args:
            handle: Answers a request. If it raises, the client gets ``{"error": …}`` and the log the rest.
        """
        self._accepting = threading.Thread(target=self._accept, args=(handle,), name="control channel", daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """Stop listening and let another instance start; a second call does nothing."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        if self._accepting:
            # A connection of our own wakes the thread that waits for one.
            with contextlib.suppress(OSError):
                _connect(self.address, 0.1).close()
            self._accepting.join(0.1)
        with contextlib.suppress(OSError):
            self._listener.close()
        _clear_away(self._runtime_dir)
        self._lock.release()

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


def claim(runtime_dir: Path) -> Instance:
    """Become the one running program. Whoever may have been it before and was killed is in nobody's way.

    Args:
        runtime_dir: The folder of the lock and the channel; made if need be.

    Raises:
        AlreadyRunning: There is one, and it listens or is about to.
        UnsafeFolder: Others could reach into the folder.
    """
    _make_private(runtime_dir)
    lock = FileLock(runtime_dir / _LOCK, mode=0o600, thread_local=False)
    patience = time.monotonic() + _STARTING_SECONDS
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            # The holder may be on its way in or out: only one that listens is there to stay.
            holder = _read_holder(runtime_dir)
            if (holder and _listens(holder.address)) or time.monotonic() > patience:
                raise AlreadyRunning(holder.pid if holder else None) from None
            time.sleep(0.01)
    try:
        _clear_away(runtime_dir)
        instance = Instance(runtime_dir, lock, _new_address(runtime_dir))
        _write_holder(runtime_dir, instance.address)
    except BaseException:
        lock.release()
        raise
    return instance


def ask(runtime_dir: Path, request: Message, timeout: float) -> Message:
    """Ask the running program.

    Args:
        runtime_dir: As given to ``claim``.
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
    holder = _read_holder(runtime_dir)
    if holder is None:
        raise NotRunning("trayapp is not running.")
    try:
        connection = _connect(holder.address, timeout)
    except BlockingIOError:
        raise NoAnswer("trayapp is too busy to take the call.") from None
    except OSError:
        raise NotRunning("trayapp is not running.") from None
    with connection:
        if not _is_own(connection):
            raise NotRunning("What listens there is another user's.")
        try:
            connection.send_bytes(said)
            reply = json.loads(_receive(connection, LARGEST_REPLY, timeout))
        except (EOFError, OSError, ValueError, RecursionError) as error:
            raise NoAnswer("trayapp is running but does not answer.") from error
    if not isinstance(reply, dict):
        raise NoAnswer("trayapp is running but does not answer in our words.")
    return reply


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


# ---- where it is said


@dataclass(frozen=True, slots=True)
class _Holder:
    """Who holds the lock, or held it when killed."""

    pid: int
    address: str


def _write_holder(runtime_dir: Path, address: str) -> None:
    fresh = runtime_dir / f"{_HOLDER}.new"
    fresh.write_text(json.dumps({"pid": os.getpid(), "address": address}), encoding="ascii")
    fresh.replace(runtime_dir / _HOLDER)


def _read_holder(runtime_dir: Path) -> _Holder | None:
    try:
        said = json.loads((runtime_dir / _HOLDER).read_bytes())
        return _Holder(int(said["pid"]), str(said["address"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def _new_address(runtime_dir: Path) -> str:
    if sys.platform == "win32":
        # Nobody can know this name beforehand, nor open the pipe for writing but its maker:
        # https://learn.microsoft.com/en-us/windows/win32/ipc/named-pipe-security-and-access-rights
        return rf"\\.\pipe\trayapp-{secrets.token_hex(16)}"
    address = runtime_dir.absolute() / _SOCKET
    if len(os.fsencode(address)) <= _LONGEST_SOCKET_PATH:
        return str(address)
    # mkdtemp makes a new folder that only we can enter, so nobody can have prepared it for us.
    return str(Path(tempfile.mkdtemp(prefix=_ELSEWHERE, dir="/tmp"), _SOCKET))


def _clear_away(runtime_dir: Path) -> None:
    """Remove what we or a killed predecessor left. Only for who holds the lock."""
    holder = _read_holder(runtime_dir)
    (runtime_dir / _HOLDER).unlink(missing_ok=True)
    if sys.platform == "win32":
        return
    (runtime_dir / _SOCKET).unlink(missing_ok=True)
    folder = Path(holder.address).parent if holder else runtime_dir
    if folder.name.startswith(_ELSEWHERE) and folder != runtime_dir:
        with contextlib.suppress(OSError, UnsafeFolder):
            _check_private(folder)
            (folder / _SOCKET).unlink(missing_ok=True)
            folder.rmdir()


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


def _listens(address: str) -> bool:
    try:
        _connect(address, 1).close()
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


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


def _make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, or make sure that it is one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":
        _check_private(folder)


def _check_private(folder: Path) -> None:
    # lstat: a link could be turned elsewhere later. And we refuse rather than change the mode of what may not be ours.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise UnsafeFolder(f"{folder} is not a folder of your own. Move it away, and a new one will be made.")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeFolder(f"Others can enter {folder}. Make it yours alone: chmod 700 {folder}")
