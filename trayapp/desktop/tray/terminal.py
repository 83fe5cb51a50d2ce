"""A tray for where there is none: the state as a line, whenever it changes."""

import threading
from collections.abc import Callable
from typing import TextIO

from trayapp.core.view import Icon, TrayView


class TerminalTray:
    """Says the state in words on a terminal.

    Args:
        stream: Where to write; a stream that has gone away is not written to any more.
    """

    name = "terminal"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._done = threading.Event()
        self._told: Icon | None = None
        self._gone = False

    def run(self, ready: Callable[[], None]) -> None:
        """Wait until ``stop``."""
        ready()
        # Without a timeout: signal handlers run all the same, and nothing wakes up in between.
        self._done.wait()

    def update(self, view: TrayView) -> None:
        """Write the state as a line, if it is another than before."""
        if view.icon == self._told or self._gone:
            return
        self._told = view.icon
        try:
            print(f"[{view.icon.light.value}] {view.tooltip}", file=self._stream, flush=True)
        except (OSError, ValueError):
            self._gone = True

    def stop(self) -> None:
        """Make ``run`` return."""
        self._done.set()
