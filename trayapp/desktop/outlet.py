"""The way events leave the desktop's thread, with a tap."""

import threading

from trayapp.desktop.events import DesktopEvent, Emit


class Outlet:
    """Passes events on until it is shut; once ``shut`` has returned, not one more gets through.

    Args:
        emit: Where events go.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._open = True
        # Re-entrant, so that whoever receives an event may shut the outlet in answer to it.
        self._lock = threading.RLock()

    def __call__(self, event: DesktopEvent) -> None:
        """Pass ``event`` on, unless shut."""
        with self._lock:
            if self._open:
                self._emit(event)

    def shut(self) -> None:
        """Let nothing through any more."""
        with self._lock:
            self._open = False
