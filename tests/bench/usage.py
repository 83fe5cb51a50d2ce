"""What a process and its descendants use, read from ``/proc`` (proc(5))."""

import ctypes
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from desktop_bench.errors import BenchError


@dataclass(frozen=True, slots=True)
class Usage:
    """What is used, or was until now.

    Attributes:
        pss_kib: Memory, each shared page divided by the number of those who share it.
        uss_kib: Memory that nobody shares.
        cpu_seconds: User and system time, that of ended children included.
        switches: Context switches of each thread by its id. Those of ended threads are nowhere to be had.
    """

    pss_kib: int
    uss_kib: int
    cpu_seconds: float
    switches: dict[int, int]

    def switches_since(self, before: "Usage") -> int:
        """Count the switches after an earlier reading."""
        return sum(count - before.switches.get(thread, 0) for thread, count in self.switches.items())


def read(pid: int) -> Usage:
    """Read a process and all its descendants.

    Raises:
        BenchError: The process has ended.
    """
    root = psutil.Process(pid)
    if root.status() == psutil.STATUS_ZOMBIE:
        raise BenchError(f"process {pid} has ended")
    usages = [_read(root)]
    for child in root.children(recursive=True):
        # One that ends meanwhile is no longer used.
        with suppress(psutil.NoSuchProcess, OSError, KeyError):
            usages.append(_read(child))
    return Usage(
        pss_kib=sum(one.pss_kib for one in usages),
        uss_kib=sum(one.uss_kib for one in usages),
        cpu_seconds=sum(one.cpu_seconds for one in usages),
        switches={thread: count for one in usages for thread, count in one.switches.items()},
    )


def _read(process: psutil.Process) -> Usage:
    folder = Path("/proc", str(process.pid))
    memory = _fields(folder / "smaps_rollup")
    times = process.cpu_times()
    switches = {}
    for task in (folder / "task").iterdir():
        # A thread may end between the listing and the look.
        with suppress(FileNotFoundError, ProcessLookupError):
            status = _fields(task / "status")
            switches[int(task.name)] = status["voluntary_ctxt_switches"] + status["nonvoluntary_ctxt_switches"]
    return Usage(
        pss_kib=memory["Pss"],
        uss_kib=memory["Private_Clean"] + memory["Private_Dirty"],
        cpu_seconds=_cpu_clock(process.pid) + times.children_user + times.children_system,
        switches=switches,
    )


def _cpu_clock(pid: int) -> float:
    """Read the CPU time of a process by its clock: nanoseconds, where ``/proc`` has ticks of a hundredth of a second.

    https://pubs.opengroup.org/onlinepubs/9699919799/functions/clock_getcpuclockid.html
    """
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(ctypes.c_int(pid), ctypes.byref(clock))
    if error:
        raise OSError(error, os.strerror(error))
    return time.clock_gettime(clock.value)


def _fields(path: Path) -> dict[str, int]:
    """Read the lines of the form ``Name: number``, whatever unit follows."""
    fields = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(":")
        words = rest.split()
        if words and words[0].isdigit():
            fields[name] = int(words[0])
    return fields
