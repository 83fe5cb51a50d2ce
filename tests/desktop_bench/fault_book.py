"""What shall go wrong next, and what was asked so far."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from desktop_bench.faults import Fault

_REMEMBERED = 10_000


@dataclass(slots=True)
class _Rule:
    fault: Fault
    action: str
    times: int
    delay: float


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came in.

    Attributes:
        at: ``time.monotonic()``; the clock of all processes of one Linux machine.
        action: The API operation, such as ``ReceiveMessage``.
        fault: What was done to it; ``None`` if it was served.
    """

    at: float
    action: str
    fault: Fault | None


class FaultBook:
    """The faults still to be used up, and the requests seen; for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._requests: deque[Request] = deque(maxlen=_REMEMBERED)

    def inject(self, fault: Fault, action: str, times: int, delay: float) -> None:
        """Let something go wrong; earlier faults are used up first.

        Args:
            fault: What.
            action: For which API operation, such as ``ReceiveMessage``; for all when empty.
            times: How often; -1 until ``clear``.
            delay: Seconds before it happens.
        """
        with self._lock:
            self._rules.append(_Rule(fault, action, times, delay))

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._rules.clear()

    def take(self, action: str) -> tuple[Fault, float] | None:
        """Use up one fault for an operation: the fault and its delay."""
        with self._lock:
            for rule in self._rules:
                if rule.times and rule.action in ("", action):
                    rule.times -= 1
                    return rule.fault, rule.delay
        return None

    def note(self, action: str, fault: Fault | None) -> None:
        """Note a request."""
        self._requests.append(Request(time.monotonic(), action, fault))

    def requests(self) -> list[Request]:
        """Give the last 10,000 requests, oldest first."""
        return list(self._requests)
