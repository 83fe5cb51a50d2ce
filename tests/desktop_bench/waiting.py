"""Waiting for a condition instead of for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

from desktop_bench.errors import WaitTimeoutError

T = TypeVar("T")

POLL_S = 0.02
"""How often a predicate is asked: often enough not to be felt, seldom enough to leave two cores to the tested."""


def wait_until(predicate: Callable[[], T | None], timeout: float, what: str) -> T:
    """Ask ``predicate`` until its answer is true, and give that answer back.

    Args:
        predicate: Asked every 20 ms. It is asked at least once, and once more at the very end.
        timeout: Seconds.
        what: What is waited for, for the message of the error.

    Raises:
        WaitTimeoutError: ``predicate`` was still false after ``timeout`` seconds.
    """
    end = time.monotonic() + timeout
    while True:
        last_try = time.monotonic() >= end
        if answer := predicate():
            return answer
        if last_try:
            raise WaitTimeoutError(f"waited {timeout:g} s in vain for {what}")
        time.sleep(POLL_S)
