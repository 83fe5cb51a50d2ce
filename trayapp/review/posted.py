"""Running things on the window's own thread, whichever thread they are asked for on."""

import contextlib
import queue
import tkinter as tk
from collections.abc import Callable

_EVENT = "<<Posted>>"


class Posted:
    """Brings calls from other threads to the window's; nothing polls.

    Args:
        root: The application's window.
    """

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        root.bind(_EVENT, lambda _: self._run())

    def __call__(self, call: Callable[[], object]) -> None:
        """Run ``call`` soon; nothing once the window is gone. May be called from any thread."""
        self._calls.put(call)
        with contextlib.suppress(tk.TclError, RuntimeError):
            self._root.event_generate(_EVENT, when="tail")

    def _run(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._calls.get_nowait()()
