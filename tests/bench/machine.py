"""The machine that everything was measured on, and what else it was doing meanwhile."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil


@dataclass(frozen=True, slots=True)
class Machine:
    """What it is.

    Attributes:
        processor: Its name.
        cores: How many there are.
        memory_mib: Its memory.
        system: Kernel and release.
        python: The interpreter's version.
    """

    processor: str
    cores: int
    memory_mib: int
    system: str
    python: str


@dataclass(slots=True)
class Noise:
    """How busy the machine was while something was measured, the measured included.

    Attributes:
        seconds: How long it took.
        load_before: The load average of the minute before: what the measurement came into.
        load_after: The load average at its end.
        busy: The share of all cores' time that was used by anybody, 0 to 1.
        stolen: The share that a hypervisor gave to other machines, 0 to 1.
    """

    seconds: float = 0.0
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])
    load_after: float = 0.0
    busy: float = 0.0
    stolen: float = 0.0


def machine() -> Machine:
    """Describe this machine."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_mib=psutil.virtual_memory().total >> 20,
        system=platform.platform(terse=True),
        python=platform.python_version(),
    )


@contextmanager
def noise() -> Iterator[Noise]:
    """Note how busy the machine is during the block; complete when it ends."""
    noted, began, before = Noise(), time.monotonic(), psutil.cpu_times()
    try:
        yield noted
    finally:
        after = psutil.cpu_times()
        total = sum(after) - sum(before)
        noted.seconds = time.monotonic() - began
        noted.load_after = os.getloadavg()[0]
        if total:
            idle = after.idle + after.iowait - before.idle - before.iowait
            noted.busy = 1 - idle / total
            noted.stolen = (after.steal - before.steal) / total


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
