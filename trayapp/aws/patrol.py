"""The patrol of one account: it comes by every hour and looks whether those who should report still can."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from trayapp.aws.checks import Stopped
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome

log = logging.getLogger(__name__)

HOUR = 3600.0
"""Seconds between two rounds where all was answered."""

LONGEST_PAUSE = 300.0
"""Seconds before the next round at the most, while something is without an answer."""

_FIRST_PAUSE = 5.0


class Rounds(Protocol):
    """What the patrol runs; ``trayapp.aws.checks.Rounds`` is the real one.

    Attributes:
        again: Seconds after which another round would tell more than the next one in its turn; ``None`` if none would.
    """

    again: float | None

    def run(self) -> tuple[Checked, ...]:
        """Run one round. Raises ``Stopped`` when it was closed meanwhile."""

    def close(self) -> None:
        """End the round that is under way, from any thread; no other can begin."""


@dataclass(frozen=True, slots=True)
class Patrolled:
    """A round of checks is through.

    Attributes:
        account: The account's name.
        checks: How each came out.
    """

    account: str
    checks: tuple[Checked, ...]


class Patrol:
    """Runs rounds of checks in a thread of its own, the first one when it is told to ``look``.

    Args:
        account: The account's name, for events and the log.
        rounds: The checks.
        emit: Takes the events; called in the thread, must not block.
        every: Seconds from the end of one round to the next.
    """

    def __init__(self, account: str, rounds: Rounds, emit: Callable[[Patrolled], None], every: float = HOUR) -> None:
        self._account, self._rounds, self._emit, self._every = account, rounds, emit, every
        self._wanted = threading.Event()
        self._stopping = threading.Event()
        # A daemon: a name look-up cannot be interrupted, and must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name=f"patrol-{account}", daemon=True)

    def start(self) -> None:
        """Be ready; nothing is asked before the first ``look``."""
        self._thread.start()

    def look(self) -> None:
        """Run a round at once; asked during a round, another one follows it. From any thread."""
        self._wanted.set()

    def stop(self) -> None:
        """End what is under way and stop; from any thread, at once."""
        self._stopping.set()
        self._wanted.set()
        self._rounds.close()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end, at most ``timeout`` seconds; tell whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        unanswered = 0
        pause: float | None = None
        while True:
            self._wanted.wait(pause)
            self._wanted.clear()
            if self._stopping.is_set():
                return
            try:
                checks = self._rounds.run()
            except Stopped:
                return
            except Exception as fault:  # the thread must outlive every fault of ours
                log.exception("%s: a round of checks failed", self._account)
                detail = type(fault).__name__
                checks = (Checked(Check.IDENTITY, Outcome.UNANSWERED, cause=Cause.UNCHECKED, detail=detail),)
            self._log(checks)
            self._emit(Patrolled(self._account, checks))
            silent = any(check.outcome is Outcome.UNANSWERED for check in checks)
            unanswered = unanswered + 1 if silent else 0
            pause = min(pause_after(unanswered) if silent else self._every, self._rounds.again or self._every)

    def _log(self, checks: tuple[Checked, ...]) -> None:
        for check in checks:
            level = logging.WARNING if check.outcome in (Outcome.FAILED, Outcome.UNANSWERED) else logging.DEBUG
            told = " ".join(part for part in (check.region, check.sentence, check.detail) if part)
            log.log(level, "%s: %s %s %s", self._account, check.check.value, check.outcome.value, told)


def pause_after(rounds: int) -> float:
    """Give the seconds to wait after so many rounds in a row with something unanswered: doubling, with jitter.

    https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
    """
    ceiling = min(LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(rounds - 1, 10))
    return ceiling * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret about it
