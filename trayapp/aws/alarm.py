"""An alarm for what must not take longer than it may.

It is set for every request and hardly ever goes off, so setting and calling off are cheap: its thread sleeps until
the last moment it knew of and looks then whether that still holds. Idle, it wakes about as often as a request ends.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

Late = Callable[[], float | None]
"""What is done when time is up; gives the seconds after which it is to be done again, or ``None``. It runs in the
alarm's thread and must not block: nobody can set the alarm or call it off meanwhile."""


class Alarm:
    """Looks after one thing at a time. ``within`` is for one thread, ``close`` for any.

    Args:
        name: What its thread is called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._due: float | None = None
        self._late: Late | None = None
        self._sleeps_until: float | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def within(self, seconds: float, late: Late) -> Iterator[None]:
        """Have ``late`` called if the block takes longer than ``seconds``; never after the block has ended."""
        with self._changed:
            self._due, self._late = time.monotonic() + seconds, late
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            elif self._sleeps_until is None or self._due < self._sleeps_until:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._due = self._late = None

    def close(self) -> None:
        """End its thread; what is late from now on stays unnoticed."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if self._due is not None and self._due <= now:
                    again = self._go_off()
                    self._due = None if again is None else now + again
                else:
                    self._sleeps_until = self._due
                    self._changed.wait(None if self._due is None else self._due - now)

    def _go_off(self) -> float | None:
        try:
            return self._late() if self._late is not None else None
        except Exception:  # the thread must outlive every fault of ours
            log.exception("%s: what was to be done when time was up failed", self._name)
            return None
