"""Settling what could not be verified at once: one worker that gets the certificates and looks again.

It sleeps without a timer while nothing waits. While something does, it tries again with growing pauses, and at once
when the network changes.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from trayapp.aws.certificates import Certificates, Unavailable
from trayapp.store import StoreError
from trayapp.store.unverified import Unsettled, Unverified
from trayapp.verifier import LONGEST_ON_THE_WAY, Standing, Verdict, Verifier

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0
"""Seconds between attempts. The alerts are on screen already, so there is no hurry; a new network ends any pause."""

MOST_FETCHES = 20
"""Certificates asked for in one round: nobody shall make us ask for thousands by naming as many."""

_AT_ONCE = 50
"""Messages read together."""

_GIVEN_UP = LONGEST_ON_THE_WAY + timedelta(days=2)
"""Nothing is given up that the queue could still bring again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Messages of one account have been settled.

    Attributes:
        account: The account's name.
        incidents: The incidents that this changes, of proved and of forged messages alike.
        forged: Why messages turned out forged, a clause for each of them.
    """

    account: str
    incidents: tuple[int, ...] = ()
    forged: tuple[str, ...] = ()


class Verification:
    """Gets certificates and settles what waits for them, in a thread of its own.

    Args:
        store_path: The store; opened in the thread, and only for as long as there is something to do.
        certificates: Where certificates are had.
        verifiers: Gives every account's verifier by the account's name, as they are now.
        emit: Takes what was settled; called in the thread, must not block.
        now: Gives the present moment, aware.
    """

    def __init__(
        self,
        store_path: Path,
        certificates: Certificates,
        verifiers: Callable[[], Mapping[str, Verifier]],
        emit: Callable[[Settled], None],
        now: Callable[[], datetime],
    ) -> None:
        self._store_path, self._certificates, self._verifiers = store_path, certificates, verifiers
        self._emit, self._now = emit, now
        self._wake, self._stopping, self._anew = threading.Event(), threading.Event(), threading.Event()
        self._tries: dict[str, _Tries] = {}
        # A daemon: a name look-up cannot be interrupted, and must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name="verification", daemon=True)

    def start(self) -> None:
        """Begin, with what was left waiting when the program last ended."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; from any thread, at once."""
        self._stopping.set()
        self._wake.set()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end, at most ``timeout`` seconds; tell whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def waits(self) -> None:
        """Note that something was committed that waits to be verified; from any thread."""
        self._wake.set()

    def look(self) -> None:
        """Try everything again now, since the network may be another; from any thread."""
        self._anew.set()
        self._wake.set()

    def _run(self) -> None:
        troubles = 0
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                pause = self._round()
                troubles = 0
            except Exception as error:  # the thread must outlive every fault of ours
                troubles += 1
                pause = pause_after(troubles)
                if isinstance(error, StoreError):
                    log.warning("what waits to be verified is out of reach: %s", error)
                else:
                    log.exception("verifying failed")
            self._wake.wait(pause)

    def _round(self) -> float | None:
        """Settle what can be settled; give the seconds until something is to be tried again, ``None`` for never."""
        if self._anew.is_set():
            self._anew.clear()
            self._tries.clear()
        with Unsettled(self._store_path) as unsettled:
            given_up = unsettled.forget(self._now() - _GIVEN_UP)
            if given_up:
                log.warning("the certificates of %d messages were never to be had; they stay unverified", given_up)
            wanted = unsettled.certificates()
            self._tries = {url: tries for url in wanted if (tries := self._tries.get(url))}
            due = [url for url in wanted if self._due(url) <= time.monotonic()]
            for url in due[:MOST_FETCHES]:
                if self._stopping.is_set():
                    return None
                if not (self._had(url) and self._settle_all(unsettled, url)):
                    failures = self._tries.get(url, _Tries(0, 0.0)).failures + 1
                    self._tries[url] = _Tries(failures, time.monotonic() + pause_after(failures))
            left = unsettled.certificates()
        return min((max(0.0, self._due(url) - time.monotonic()) for url in left), default=None)

    def _due(self, url: str) -> float:
        """Give when a certificate is to be asked for next, of ``time.monotonic()``; the past for a new one."""
        return self._tries[url].next if url in self._tries else 0.0

    def _had(self, url: str) -> bool:
        if self._certificates.at_hand(url) is not None:
            return True
        try:
            certificate = self._certificates.fetch(url)
        except Unavailable as reason:
            level = logging.INFO if url in self._tries else logging.WARNING
            log.log(level, "%s cannot be had yet: %s", url, reason)
            return False
        if certificate.fault:
            log.warning("%s is not to be trusted: %s", url, certificate.fault)
        return True

    def _settle_all(self, unsettled: Unsettled, url: str) -> bool:
        """Settle whatever waits for a certificate that is at hand; tell whether all of it is settled."""
        while messages := unsettled.waiting(url, _AT_ONCE):
            settled: dict[str, Settled] = {}
            try:
                for message in messages:
                    before = settled.get(message.watch, Settled(message.watch))
                    after = self._settle(unsettled, message, before)
                    if after is None:
                        return False
                    settled[message.watch] = after
                    if self._stopping.is_set():
                        return False
            finally:
                for news in settled.values():
                    if news.incidents or news.forged:
                        self._emit(news)
        return True

    def _settle(self, unsettled: Unsettled, message: Unverified, before: Settled) -> Settled | None:
        """Settle one message; ``None`` if it goes on waiting."""
        verifier = self._verifiers().get(message.watch)
        verdict = verifier.verdict(message.body, message.received) if verifier else Verdict(Standing.UNSIGNED)
        match verdict.standing:
            case Standing.PENDING:
                return None
            case Standing.UNSIGNED:
                # Its account is gone, or verifies no longer: nobody will ever say more of it.
                unsettled.drop(message)
                return before
            case Standing.GENUINE:
                incidents = unsettled.prove(message)
                return replace(before, incidents=_united(before.incidents, incidents))
            case Standing.FORGED:
                log.warning("%s: a message that was shown unverified is forged: %s", message.watch, verdict.reason)
                incidents = unsettled.denounce(message, verdict.reason)
                return replace(
                    before,
                    incidents=_united(before.incidents, incidents),
                    forged=(*before.forged, verdict.reason),
                )


@dataclass(frozen=True, slots=True)
class _Tries:
    """How often a certificate was asked for in vain, and when it is to be asked for next."""

    failures: int
    next: float


def pause_after(failures: int) -> float:
    """Give the seconds to wait after so many failures in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))


def _united(before: tuple[int, ...], more: list[int]) -> tuple[int, ...]:
    return tuple(sorted({*before, *more}))
