"""Having nothing to do: memory, CPU time and wake-ups.

``trayapp run``, signed in and waiting in its long poll, beside Debian's Nagstamon, a monitor in the tray as well
(Python and Qt), on the same desktop and over the same stretch of time. Nagstamon has one server to watch, an
Alertmanager that always says that all is well, and asks it at its own default interval, once a minute; trayapp's long
poll is answered every 20 seconds, as SQS does when there is nothing. Both have been up for a while when counting
begins, and nobody touches them. Whole minutes are watched best: then each has polled as often as it does.

Memory is PSS, which shares out pages that several processes have; as both are Python programs of this one machine,
each looks a little smaller than alone, and USS, which counts only what nobody else has, stands beside it. A wake-up is
a context switch of any thread, wanted by it or not.
"""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from bench.bare import REGION
from bench.figures import ratio
from bench.machine import Noise, noise
from bench.nagstamon import AllWell, configure, environment
from bench.program import sign_in, start_watching
from bench.usage import Usage, read
from desktop_bench.cloud import Cloud
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until

_START_SECONDS = 60.0
_SETTLE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Rest:
    """What a program uses at rest.

    Attributes:
        pss_kib: Its memory at the end, shared pages shared out.
        uss_kib: Its memory at the end, without shared pages.
        cpu_seconds_per_minute: Of all its processes.
        wake_ups_per_minute: Context switches of all its threads, voluntary or not.
        threads: How many there are at the end.
    """

    pss_kib: int
    uss_kib: int
    cpu_seconds_per_minute: float
    wake_ups_per_minute: float
    threads: int


@dataclass(frozen=True, slots=True)
class Idle:
    """What was measured.

    Attributes:
        seconds: How long.
        trayapp: Ours.
        nagstamon: The other's; ``None`` where it could not be had.
        missing: Why it could not be had, or empty.
        ratio_pss: Ours by theirs.
        ratio_uss: Same.
        ratio_cpu: Same.
        ratio_wake_ups: Same.
        noise: How busy the machine was.
    """

    seconds: float
    trayapp: Rest
    nagstamon: Rest | None
    missing: str
    ratio_pss: float | None
    ratio_uss: float | None
    ratio_cpu: float | None
    ratio_wake_ups: float | None
    noise: Noise


def measure(root: Path, seconds: float) -> Idle:
    """Measure.

    Args:
        root: A folder of its own.
        seconds: How long both are watched.
    """
    with Cloud(root / "cloud", REGION) as cloud, Desktop(root / "desk") as desktop, AllWell() as alertmanager:
        sign_in(desktop, cloud, cloud.inbox())
        ours = start_watching(desktop)
        wait_until(cloud.polls_waiting, _START_SECONDS, "trayapp to poll")
        desktop.tray.wait_item(_START_SECONDS)
        theirs, missing = _nagstamon(desktop, alertmanager)
        time.sleep(min(_SETTLE_SECONDS, seconds))
        with noise() as noted:
            ours_before, theirs_before = read(ours.pid), read(theirs.pid) if theirs else None
            began = time.monotonic()
            time.sleep(seconds)
            ours_after, theirs_after = read(ours.pid), read(theirs.pid) if theirs else None
            took = time.monotonic() - began
    us = _rest(ours_before, ours_after, took)
    them = _rest(theirs_before, theirs_after, took) if theirs_before and theirs_after else None
    return Idle(
        seconds=took,
        trayapp=us,
        nagstamon=them,
        missing=missing,
        ratio_pss=ratio(us.pss_kib, them.pss_kib) if them else None,
        ratio_uss=ratio(us.uss_kib, them.uss_kib) if them else None,
        ratio_cpu=ratio(us.cpu_seconds_per_minute, them.cpu_seconds_per_minute) if them else None,
        ratio_wake_ups=ratio(us.wake_ups_per_minute, them.wake_ups_per_minute) if them else None,
        noise=noted,
    )


def _nagstamon(desktop: Desktop, alertmanager: AllWell) -> tuple[Process | None, str]:
    """Start it and wait until it has asked its server; or tell why that is not possible."""
    program = shutil.which("nagstamon", path=os.pathsep.join(["/usr/bin", desktop.env["PATH"]]))
    if program is None:
        return None, "nagstamon is not installed (Debian package nagstamon)"
    folder = configure(desktop.root / "nagstamon", alertmanager.url)
    process = desktop.start([program, folder], name="nagstamon", env=environment())
    # Ours is in the tray already.
    up = wait_until(
        lambda: (alertmanager.asked and len(desktop.tray.items()) > 1) or not process.alive,
        _START_SECONDS,
        "nagstamon to ask its server and to be in the tray",
    )
    return (process, "") if up and process.alive else (None, f"nagstamon does not run here: {process.tail()}")


def _rest(before: Usage, after: Usage, seconds: float) -> Rest:
    minutes = seconds / 60
    return Rest(
        pss_kib=after.pss_kib,
        uss_kib=after.uss_kib,
        cpu_seconds_per_minute=(after.cpu_seconds - before.cpu_seconds) / minutes,
        wake_ups_per_minute=after.switches_since(before) / minutes,
        threads=len(after.switches),
    )
