"""The interface of a tray icon. ``choose`` picks an implementation at start."""

from collections.abc import Callable
from typing import Protocol

from PIL import Image

from trayapp.core.view import Icon, TrayView

Draw = Callable[[Icon, int], Image.Image]
"""Draws an icon at a size in pixels, as an RGBA picture."""


class Tray(Protocol):
    """An icon in the desktop's tray."""

    name: str
    """What the log calls it."""

    def run(self, ready: Callable[[], None]) -> None:
        """Show the icon and serve it until ``stop``; call from the main thread.

        Args:
            ready: Called once, from whichever thread, as soon as ``update`` may be called.
        """

    def update(self, view: TrayView) -> None:
        """Show ``view``; from any thread. Does nothing where nothing changed."""

    def stop(self) -> None:
        """Make ``run`` return; from any thread, also before ``run``."""
