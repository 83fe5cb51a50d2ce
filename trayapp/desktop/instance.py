"""One running program per owner, and where the commands find it to talk to it.

A lock that the system frees however its holder ends says who runs; beside it lies a note that says where it listens.
"""

import contextlib
import json
import os
import secrets
import stat
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from trayapp.core.language import say
from trayapp.desktop import control
from trayapp.desktop.control import Channel, Handle, Message, NoAnswer, NotRunning

__all__ = ["AlreadyRunning", "Instance", "NoAnswer", "NotRunning", "UnsafeFolder", "ask", "claim"]

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
        self._channel = Channel(address)
        self._closed = False

    def __enter__(self) -> Self:
        """Give the instance itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it."""
        self.close()

    def serve(self, handle: Handle) -> None:
        """Answer requests from now on; see ``Channel.serve``."""
        self._channel.serve(handle)

    def close(self) -> None:
        """Stop listening and let another instance start; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._channel.close()
        _clear_away(self._runtime_dir)
        self._lock.release()


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
            if (holder and control.listens(holder.address)) or time.monotonic() > patience:
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
        request: A JSON object, with ``control.LARGEST_REQUEST`` bytes at most.
        timeout: How long to wait at each step, in seconds.

    Returns:
        The reply. One with the key ``error`` says why there is none.

    Raises:
        NotRunning: Nobody listens.
        NoAnswer: Somebody listens and does not answer.
        ValueError: The request is too large.
    """
    holder = _read_holder(runtime_dir)
    if holder is None:
        raise NotRunning(say("trayapp is not running."))
    return control.ask(holder.address, request, timeout)


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


def _make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, or make sure that it is one."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32":
        _check_private(folder)


def _check_private(folder: Path) -> None:
    # lstat: a link could be turned elsewhere later. And we refuse rather than change the mode of what may not be ours.
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise UnsafeFolder(
            say("{path} is not a folder of your own. Move it away, and a new one will be made.", path=folder)
        )
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeFolder(say("Others can enter {path}. Make it yours alone: chmod 700 {path}", path=folder))
