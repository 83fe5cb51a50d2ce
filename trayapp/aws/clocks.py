"""Two clocks that nobody can set: one that runs on while the computer sleeps, and one that tells how long it slept.

The time of day jumps when it is corrected, and ``time.monotonic()`` stands still during sleep on some systems and runs
on during it on others (https://docs.python.org/3/library/time.html#time.monotonic), so each system's own are asked.
"""

import sys
import time

if sys.platform == "win32":
    import ctypes

    _HUNDRED_NANOSECONDS = 1e-7

    def elapsed() -> float:
        """Give seconds since some moment, those asleep included."""
        return time.monotonic()

    def _awake() -> float:
        # https://learn.microsoft.com/windows/win32/api/realtimeapiset/nf-realtimeapiset-queryunbiasedinterrupttime
        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value * _HUNDRED_NANOSECONDS

elif sys.platform == "darwin":

    def elapsed() -> float:
        """Give seconds since some moment, those asleep included."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)  # clock_gettime(3) of macOS: goes on while asleep

    def _awake() -> float:
        return time.clock_gettime(time.CLOCK_UPTIME_RAW)  # the same page: does not

elif hasattr(time, "CLOCK_BOOTTIME"):

    def elapsed() -> float:
        """Give seconds since some moment, those asleep included."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)  # https://man7.org/linux/man-pages/man2/clock_gettime.2.html

    def _awake() -> float:
        return time.clock_gettime(time.CLOCK_MONOTONIC)

else:

    def elapsed() -> float:
        """Give seconds since some moment, those asleep included where the system can tell."""
        return time.monotonic()

    _awake = elapsed


def asleep() -> float:
    """Give the seconds this computer has been asleep since some moment; only differences mean anything."""
    return elapsed() - _awake()
