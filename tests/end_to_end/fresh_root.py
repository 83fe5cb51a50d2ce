"""A fresh Debian for one test: a small installed system, of which every change is thrown away."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

USER = 1000
_SETTLED = ("proc", "sys", "dev", "tmp", "run", "var/cache", "var/log", "home")
"""Folders whose contents are no package's."""


def debootstrap(suite: str, folder: Path, packages: Sequence[str]) -> None:
    """Install a small system.

    Args:
        suite: Which release, such as ``bookworm``.
        folder: Where to.
        packages: What it is to have beside the packages that every system has.

    Raises:
        subprocess.CalledProcessError: It failed, for instance because no mirror can be reached.
    """
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", suite, str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class FreshRoot:
    """A copy of an installed system in which programs can be run, in a ``with`` block.

    It is seen by those programs alone: the mounts live in a namespace of their own and are gone with it. The network
    is the tests' own, so that what listens on this computer can be reached.

    Args:
        base: The installed system; it stays as it is.
        work: An empty folder.
        shared: Folders of the tests that have the same place within.
    """

    def __init__(self, base: Path, work: Path, shared: Sequence[Path] = ()) -> None:
        self._base, self._work, self._shared = base, work, shared
        self._root = work / "root"

    def __enter__(self) -> Self:
        """Mount it."""
        for name in ("upper", "overlay", "root"):
            (self._work / name).mkdir(parents=True)
        layers = f"lowerdir={self._base},upperdir={self._work}/upper,workdir={self._work}/overlay"
        root = shlex.quote(str(self._root))
        steps = [
            f"mount -t tmpfs tmpfs {shlex.quote(str(self._work))}",
            f"mkdir -p {self._work}/upper {self._work}/overlay {root}",
            f"mount -t overlay overlay -o {layers} {root}",
            f"mount -t proc proc {root}/proc",
            f"mount --rbind /dev {root}/dev",
            f"mkdir -p {root}/tmp/.X11-unix && mount --bind /tmp/.X11-unix {root}/tmp/.X11-unix",
            *(f"mkdir -p {root}{folder} && mount --bind {folder} {root}{folder}" for folder in self._shared),
            "echo mounted",
            "exec sleep infinity",
        ]
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-ec", "\n".join(steps)], stdout=subprocess.PIPE
        )
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == b"mounted\n"
        self.run("useradd", "--create-home", "--uid", str(USER), "owner")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of it."""
        self._holder.send_signal(signal.SIGKILL)
        self._holder.communicate()

    def command(self, *words: str | Path, user: int = 0, network: bool = True) -> list[str]:
        """Give the command line that runs a program within.

        Args:
            words: The program and its arguments.
            user: As whom.
            network: Whether there is a network.
        """
        return [
            *("nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt"),
            *(() if network else ("unshare", "--net")),
            *("chroot", str(self._root)),
            *(("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups") if user else ()),
            *map(str, words),
        ]

    def run(self, *words: str | Path, user: int = 0, network: bool = True, env: Mapping[str, str] | None = None) -> str:
        """Run a program within to its end, and give its output.

        Raises:
            AssertionError: It failed.
        """
        path = {"PATH": "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"}
        done = subprocess.run(
            self.command(*words, user=user, network=network),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
            env=path | {"LC_ALL": "C.UTF-8", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"} | dict(env or {}),
        )
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def bring(self, file: Path) -> Path:
        """Copy a file into it, and give its place there."""
        with file.open("rb") as content:
            subprocess.run(
                self.command("tee", f"/tmp/{file.name}"), check=True, stdin=content, stdout=subprocess.DEVNULL
            )
        return Path("/tmp", file.name)

    def files(self) -> set[str]:
        """List everything that is installed, with the type, owner and mode of each."""
        unsettled = [word for folder in _SETTLED for word in ("-path", f"/{folder}", "-o")][:-1]
        said = self.run("find", "/", "(", *unsettled, ")", "-prune", "-o", "-printf", r"%y %m %u:%g %p %l\n")
        return set(said.splitlines())


def can_be_made() -> str:
    """Tell why no fresh root can be made here, in a few words; nothing if one can."""
    if os.name != "posix" or os.geteuid() != 0:
        return "only root can make a system of its own"
    for program in ("debootstrap", "unshare", "nsenter", "setpriv"):
        if not any(Path(folder, program).exists() for folder in os.environ["PATH"].split(os.pathsep)):
            return f"{program} is not installed"
    probe = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        check=False,
        capture_output=True,
        text=True,
    )
    return f"nothing can be mounted here: {probe.stderr.strip()}" if probe.returncode else ""
