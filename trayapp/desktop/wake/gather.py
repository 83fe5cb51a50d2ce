"""Many pieces of news at once, told as one."""

import threading
import time

from trayapp.desktop.events import Emit, Woken
from trayapp.desktop.outlet import Outlet

_SETTLE_SECONDS = 1.0
"""From the first piece of news to its telling: a network comes up in pieces."""

_SPACING_SECONDS = 5.0
"""From one telling to the next: a network that keeps changing shall not keep us asking."""


class Gather:
    """Turns news into ``Woken``, a second after the first of it; whatever comes later is told later, never dropped.

    Args:
        emit: Where events go.
        settle: Seconds from the first piece of news to its telling.
        spacing: Seconds between two tellings at least.
    """

    def __init__(self, emit: Emit, settle: float = _SETTLE_SECONDS, spacing: float = _SPACING_SECONDS) -> None:
        self._outlet = Outlet(emit)
        self._settle, self._spacing = settle, spacing
        self._lock = threading.Lock()
        self._news: dict[str, None] = {}
        self._earliest = 0.0
        self._closed = False

    def __call__(self, why: str) -> None:
        """Take a piece of news; from any thread."""
        with self._lock:
            is_first, self._news[why] = not self._news, None
            if self._closed or not is_first:
                return
            self._timer = threading.Timer(max(self._settle, self._earliest - time.monotonic()), self._tell)
            self._timer.daemon = True
            self._timer.start()

    def close(self) -> None:
        """Tell nothing any more."""
        self._outlet.shut()
        with self._lock:
            self._closed = True
            if self._news:
                self._timer.cancel()

    def _tell(self) -> None:
        with self._lock:
            news, self._news = self._news, {}
            self._earliest = time.monotonic() + self._spacing
        self._outlet(Woken("; ".join(news)))
