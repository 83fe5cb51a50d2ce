"""Doing what needs the disk."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Guard(Protocol):
    """Does what needs the disk, and says so where it does not do its part; then it gives ``None``."""

    def __call__(self, call: Callable[[], T], /) -> T | None:
        """Do it."""
