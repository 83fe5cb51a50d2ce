"""A program in a small world: with a disk of its own that can be filled, and a table of hosts that can be changed.

Linux's mount namespaces do that, for anybody who may make user namespaces as well. Both are real: the disk is a
``tmpfs`` that says ``ENOSPC``, and the names are looked up by the C library itself in ``/etc/hosts``.
"""

import os
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_bench.errors import MissingPartError
from desktop_bench.processes import find_program

_HOSTS = "127.0.0.1 localhost\n"
_FILLING = "filling"
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class SmallWorld:
    """What a program finds in place of the machine's own.

    Attributes:
        hosts: The file that stands in for ``/etc/hosts``; ``None`` to leave that alone.
        disk: The folder that a small disk is mounted on; ``None`` for none.
        disk_bytes: How much fits on it.
    """

    hosts: Path | None = None
    disk: Path | None = None
    disk_bytes: int = 4 * 1024 * 1024

    def command(self, argv: Sequence[str | Path]) -> list[str]:
        """Give the command that starts ``argv`` in this world, as the same user and with the same process id.

        Raises:
            MissingPartError: The system lets this user have no such world; the message says what to do.
        """
        unshare = find_program("unshare", "util-linux")
        outer, inner = _ways_in(unshare)
        steps = []
        if self.hosts is not None:
            steps.append(f"mount --bind {shlex.quote(str(self.hosts))} /etc/hosts")
        if self.disk is not None:
            steps.append(f"mount -t tmpfs -o size={self.disk_bytes},mode=700 tmpfs {shlex.quote(str(self.disk))}")
        program = shlex.join([*inner, *map(str, argv)])
        return [*outer, "sh", "-ec", " && ".join([*steps, f"exec {program}"])]


def disk_of(pid: int, folder: Path) -> Path:
    """Give the way from outside to a folder of a program in a small world."""
    return Path("/proc", str(pid), "root", *folder.parts[1:])


def fill(folder: Path) -> None:
    """Fill the disk that a folder is on to the last block."""
    with (folder / _FILLING).open("wb", buffering=0) as file:
        for size in (_BLOCK * 16, _BLOCK, 1):
            while True:
                try:
                    if not file.write(b"\xff" * size):
                        break
                except OSError:
                    break


def empty(folder: Path) -> None:
    """Take away what ``fill`` has put there."""
    (folder / _FILLING).unlink()


def name_host(hosts: Path, name: str | None) -> None:
    """Let a name be this computer, or let none be anything; the file stays the same one, as its mounting demands."""
    hosts.write_text(_HOSTS + (f"127.0.0.1 {name}\n" if name else ""), encoding="ascii")


def _ways_in(unshare: str) -> tuple[list[str], list[str]]:
    """Give the command that leads into the namespace, and the one that makes us ourselves again in there."""
    if os.geteuid() == 0:
        ways: tuple[list[str], list[str]] = ([unshare, "--mount"], [])
    else:
        # Mounting takes a root of the namespace; our bus, however, knows us by our own number.
        ids = (f"--map-user={os.geteuid()}", f"--map-group={os.getegid()}")
        ways = ([unshare, "--mount", "--map-root-user"], [unshare, "--user", *ids])
    tried = subprocess.run([*ways[0], *ways[1], "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise MissingPartError(
            f"no mount namespace for this user ({tried.stderr.strip()}); on Ubuntu: "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    return ways
