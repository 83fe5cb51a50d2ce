"""A tray for where there is none: the state as a line, whenever it changes."""

import threading
from collections.abc import Callable

from trayapp.core.view import Light, TrayView


class TerminalTray:
    """Says the state in words.

    Args:
        say: Writes a line; from any thread.
    """

    name = "terminal"

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._done = threading.Event()
        self._told: Light | None = None

    def run(self, ready: Callable[[], None]) -> None:
        """Wait until ``stop``."""
        ready()
        # Without a timeout: signal handlers run all the same, and nothing wakes up in between.
        self._done.wait()

    def update(self, view: TrayView) -> None:
        """Write the state as a line, if it is another than before; each alert has a line of its own already."""
        if view.icon.light is not self._told:
            self._told = view.icon.light
            self._say(view.tooltip)

    def stop(self) -> None:
        """Make ``run`` return."""
        self._done.set()
