"""The interface of what hears that the computer has woken or that its network has changed."""

from collections.abc import Callable
from typing import Protocol

News = Callable[[str], None]
"""Takes what has happened, in words for the log; from any thread, as often as it happens."""


class Wakes(Protocol):
    """Listens from its making on. Nothing hangs on it: whoever polls sees the clock jump, and tries again by itself."""

    def close(self) -> None:
        """Stop listening; a second call does nothing."""
