"""Child processes that cannot outlive the bench.

Three nets hold them. Every process is started in a group of its own, which is killed as a whole; the kernel signals it
when the starting thread dies (``prctl(2)``, PR_SET_PDEATHSIG, set by ``setpriv --pdeathsig`` so that no code of ours
runs between fork and exec); and every process carries a mark in its environment, which its children inherit even when
they leave the group, so that what daemonised can be found in ``/proc``.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

import psutil

from desktop_bench.errors import BenchError, MissingPartError
from desktop_bench.waiting import wait_until

MARK = "DESKTOP_BENCH_MARK"
"""The environment variable that marks every process of one bench."""

_TERM_S = 3.0
_KILL_S = 5.0
_TAIL_CHARS = 2000


def find_program(name: str, package: str, *folders: str) -> str:
    """Find a program on PATH or in one of ``folders`` (glob patterns below ``/usr``).

    Raises:
        MissingPartError: It is nowhere.
    """
    if found := shutil.which(name):
        return found
    for pattern in folders:
        for folder in sorted(Path("/usr").glob(pattern)):
            if found := shutil.which(name, path=str(folder)):
                return found
    raise MissingPartError(f"{name} is not installed (Debian package {package})")


class Process:
    """A running child with its output in files.

    Attributes:
        name: What messages call it.
        pid: Its process id, which is its group's id too.
        started: ``time.monotonic()`` just before it was started.
        stdout_path: Where its standard output goes.
        stderr_path: Where its standard error goes.
    """

    def __init__(self, name: str, popen: "subprocess.Popen[bytes]", logs: tuple[Path, Path], started: float) -> None:
        self.name = name
        self.pid = popen.pid
        self.started = started
        self.stdout_path, self.stderr_path = logs
        self._popen = popen

    @property
    def stdin(self) -> IO[bytes]:
        """The writing end of its standard input.

        Raises:
            BenchError: It was started without ``stdin=True``.
        """
        if self._popen.stdin is None:
            raise BenchError(f"{self.name} was started without a standard input")
        return self._popen.stdin

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._popen.poll() is None

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; ``None`` while it runs."""
        return self._popen.poll()

    def stdout(self) -> str:
        """What it has written to standard output so far."""
        return self.stdout_path.read_text(encoding="utf-8", errors="replace")

    def stderr(self) -> str:
        """What it has written to standard error so far."""
        return self.stderr_path.read_text(encoding="utf-8", errors="replace")

    def tail(self) -> str:
        """Describe how it is and what it wrote last, for the message of an error."""
        state = "is running" if self.alive else f"ended with {self.returncode}"
        out, err = self.stdout()[-_TAIL_CHARS:], self.stderr()[-_TAIL_CHARS:]
        return f"{self.name} {state}\n--- stdout\n{out}\n--- stderr\n{err}"

    def wait(self, timeout: float) -> int:
        """Wait for its end and give its exit status, negative for a signal.

        Raises:
            BenchError: It still runs after ``timeout`` seconds.
        """
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise BenchError(f"still running after {timeout:g} s: {self.tail()}") from None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone, as a session or a person does."""
        self._popen.send_signal(number)

    def stop(self, timeout: float = _TERM_S) -> int:
        """End it politely, then not; its whole group is gone afterwards. Gives the exit status."""
        if self.alive:
            self._popen.send_signal(signal.SIGTERM)
            # A stopped process does not see SIGTERM before it is continued.
            self._popen.send_signal(signal.SIGCONT)
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(timeout)
        return self.kill()

    def kill(self) -> int:
        """Kill the process and its group at once; gives the exit status."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        status = self._popen.wait(_KILL_S)
        if self._popen.stdin is not None:
            # Unsent input of a process that is gone raises on closing.
            with suppress(BrokenPipeError):
                self._popen.stdin.close()
        return status


class Supervisor:
    """Starts processes and sees to it that none is left.

    Start from a thread that lives as long as the processes shall, which the main thread does: the kernel's
    parent-death signal is bound to the starting *thread*.

    Args:
        mark: Unique to this bench; see ``MARK``.
        logs: The folder for the output files.
    """

    def __init__(self, mark: str, logs: Path) -> None:
        self.mark = mark
        self._logs = logs
        self._setpriv = find_program("setpriv", "util-linux")
        self._stack = ExitStack()
        self._count = 0

    def start(
        self,
        argv: Sequence[str | Path],
        env: Mapping[str, str],
        *,
        name: str = "",
        cwd: Path | None = None,
        stdin: bool = False,
        pass_fds: tuple[int, ...] = (),
        polite: bool = True,
    ) -> Process:
        """Start a program.

        Args:
            argv: The program and its arguments.
            env: Its whole environment, to which only the mark is added.
            name: For log files and messages; the program's name when empty.
            cwd: Its working directory.
            stdin: Whether it gets a pipe; otherwise ``/dev/null``.
            pass_fds: File descriptors it inherits.
            polite: Whether it is asked (SIGTERM) before it is killed in the end: for what has something to put in
                order, such as the program under test, or a lock file.
        """
        title = name or Path(argv[0]).name
        number, self._count = self._count, self._count + 1
        logs = (self._logs / f"{number:02}-{title}.out", self._logs / f"{number:02}-{title}.err")
        started = time.monotonic()
        with logs[0].open("wb") as out, logs[1].open("wb") as err:
            popen = subprocess.Popen(
                [self._setpriv, "--pdeathsig", "TERM" if polite else "KILL", "--", *map(str, argv)],
                env={**env, MARK: self.mark},
                cwd=cwd,
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                pass_fds=pass_fds,
                start_new_session=True,
            )
        process = Process(title, popen, logs, started)
        self._stack.callback(process.stop if polite else process.kill)
        return process

    def await_ready(self, process: Process, ready: Callable[[], bool], timeout: float, what: str) -> None:
        """Wait for a process to become ready, and notice at once when it ends instead.

        Raises:
            BenchError: It ended, or was not ready after ``timeout`` seconds.
        """
        if not wait_until(lambda: ready() or not process.alive, timeout, f"{what}: {process.name}"):
            raise BenchError(f"not ready ({what}): {process.tail()}")
        if not process.alive:
            raise BenchError(f"died while starting ({what}): {process.tail()}")

    def stop_all(self) -> None:
        """Stop everything, the latest first, then kill whatever else carries the mark."""
        try:
            self._stack.close()
        finally:
            self._kill_stragglers()

    def _kill_stragglers(self) -> None:
        for straggler in marked_processes(self.mark):
            with suppress(psutil.NoSuchProcess):
                straggler.kill()
        wait_until(lambda: not marked_processes(self.mark), _KILL_S, "the last marked process to be gone")


def marked_processes(mark: str) -> list[psutil.Process]:
    """Find the processes that carry ``mark`` in their environment, zombies left out."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            # Gone meanwhile, or another user's: neither is one of ours.
            continue
    return found
