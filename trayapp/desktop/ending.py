"""Hearing that the system wants the program to end, whatever the main thread is busy with.

Python runs a signal's handler in the main thread, between two of its instructions. That may be long in coming: on
Windows and macOS the main thread sits in the system's event loop, and anywhere a signal may arrive in the moment
between the last instruction and the wait that follows it. But the number of the signal is written into a socket the
moment it arrives, in whichever thread (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd), and a
thread of ours waits at the other end.
"""

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def ending(stop: Callable[[], None]) -> Iterator[None]:
    """Let the system's ways of ending a program end this one in good order; enter it in the main thread.

    Args:
        stop: Called in a thread of its own for each SIGTERM, SIGINT or SIGHUP.
    """
    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
    wanted_numbers = {int(number) for number in wanted}
    heard, told = socket.socketpair()
    told.setblocking(False)

    def listen() -> None:
        with heard:
            while numbers := heard.recv(16):
                if not wanted_numbers.isdisjoint(numbers):
                    stop()

    threading.Thread(target=listen, name="signals", daemon=True).start()
    waker = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, _heard_elsewhere) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(waker)
        told.close()  # which ends the thread


def _heard_elsewhere(number: int, frame: FrameType | None) -> None:
    """Do nothing: without a handler the signal would end the program at once."""
