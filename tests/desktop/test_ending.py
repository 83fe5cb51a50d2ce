"""Signals that end the program, between real processes."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from desktop.bus_fakes import wait_until
from trayapp.desktop.ending import ending

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends signals as POSIX has them")

# Its main thread never gets to run a handler, as when a signal comes in the moment before it blocks: the kernel gives
# the signal to another thread, and no instruction of the main thread's follows.
DEAF = """
import signal
from queue import SimpleQueue
from trayapp.desktop.ending import ending

stopped = SimpleQueue()
with ending(lambda: stopped.put(None)):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    print("ready", flush=True)
    stopped.get()
print("end", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_is_heard_also_where_the_main_thread_runs_no_handler(number: signal.Signals) -> None:
    process = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(5) == 0
    assert process.stdout.read() == "end\n"
    process.stdout.close()


def test_other_signals_end_nothing_and_everything_is_put_back() -> None:
    told: list[str] = []
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    old = signal.signal(signal.SIGUSR1, lambda *_: told.append("another"))
    threads = threading.active_count()
    try:
        with ending(lambda: told.append("stop")):
            signal.raise_signal(signal.SIGUSR1)
            signal.raise_signal(signal.SIGTERM)
            wait_until(lambda: len(told) == 2)
            signal.raise_signal(signal.SIGINT)
            wait_until(lambda: len(told) == 3)
    finally:
        signal.signal(signal.SIGUSR1, old)
    assert told == ["another", "stop", "stop"]
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before
    assert signal.set_wakeup_fd(-1) == -1
    wait_until(lambda: threading.active_count() == threads, "the thread ends")
