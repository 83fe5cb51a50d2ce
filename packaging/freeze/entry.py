"""Where the frozen program begins, and where it goes on when a newer one has taken its place on disk."""

import ctypes
import os
import select
import signal
import sys
import threading
from pathlib import Path

# As in <sys/inotify.h>: https://man7.org/linux/man-pages/man7/inotify.7.html
_IN_CLOEXEC = 0o2000000
_CHANGES = 0x40 | 0x80 | 0x100 | 0x200 | 0x400
"""Moved out of the folder and into it, made and deleted in it, and the folder itself gone."""

_REST_SECONDS = 5.0
"""So long nothing changes in the folder once a package is unpacked: its files are replaced one after another."""


class Replacement:
    """Hears when the program on disk is no longer the one that runs.

    Modules are read from that file when they are first needed, so a process that has outlived its file would sooner
    or later fail in the middle of its work.

    Attributes:
        seen: A newer program has taken this one's place.
    """

    def __init__(self, program: Path) -> None:
        self._program = program
        self._ours = self._identity()
        self.seen = False

    def watch(self) -> None:
        """Wait in a thread of its own for what happens in the folder; end the program when its file is another."""
        libc = ctypes.CDLL(None, use_errno=True)
        changes = libc.inotify_init1(_IN_CLOEXEC)
        if changes < 0 or libc.inotify_add_watch(changes, os.fsencode(self._program.parent), _CHANGES) < 0:
            return  # no inotify left for this user: it goes on until its owner starts it anew
        threading.Thread(target=self._watch, args=(changes,), name="replacement", daemon=True).start()

    def _watch(self, changes: int) -> None:
        while self._identity() == self._ours:
            _await_rest(changes)
        self.seen = self._identity() is not None
        os.kill(os.getpid(), signal.SIGTERM)

    def _identity(self) -> tuple[int, int, int] | None:
        try:
            said = self._program.stat()
        except OSError:
            return None
        return said.st_dev, said.st_ino, said.st_mtime_ns


def _await_rest(changes: int) -> None:
    """Wait for a change, and then until there are no more."""
    patience = None
    while select.select([changes], [], [], patience)[0]:
        os.read(changes, 65536)
        patience = _REST_SECONDS


def _let_children_start_afresh() -> None:
    """Take back what PyInstaller's starter has put into the environment for this process alone.

    Other programs are to find the system's libraries, and a second one of us its own:
    https://pyinstaller.org/en/stable/runtime-information.html#ld-library-path-libpath-considerations and
    https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#independent-subprocess
    """
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    os.environ.pop("LD_LIBRARY_PATH", None)
    if (before := os.environ.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
        os.environ["LD_LIBRARY_PATH"] = before


def _start() -> None:
    from trayapp.cli import main  # noqa: PLC0415 - the environment comes first

    main(prog_name="trayapp")


if sys.platform != "linux":
    _start()
else:
    _let_children_start_afresh()
    replacement = Replacement(Path(sys.executable))
    if sys.argv[1:2] == ["run"]:
        replacement.watch()
    try:
        _start()
    finally:
        if replacement.seen:
            os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606 - ourselves, newer
