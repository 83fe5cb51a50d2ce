"""The worker of one account: receive, commit, tell, delete, for ever.

The order is the promise: a message leaves the queue only after what it said is on disk. A crash between any two steps
makes SQS deliver the message again, and committing it again changes nothing.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from trayapp.aws.failures import AwsFailure
from trayapp.aws.queue import BATCH, Interrupted, Message
from trayapp.aws.session import LONG_POLL_SECONDS
from trayapp.core.causes import PROBLEMS, Cause

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between attempts at the most, so that watching resumes within a minute of whatever ended it."""

_FIRST_PAUSE = 0.25
"""Seconds before the first retry: a cut connection is the commonest failure and means nothing by itself."""


class Queue(Protocol):
    """What the poller needs of a queue; ``SqsQueue`` is the real one."""

    def receive(self, wait_seconds: int) -> list[Message]:
        """Wait for messages, at most ``wait_seconds``."""

    def delete(self, messages: Sequence[Message]) -> list[str]:
        """Delete messages, and say which could not be."""

    def close(self) -> None:
        """End what is under way, from any thread."""


class Sink(Protocol):
    """Where batches go; made, used and closed in the poller's thread."""

    def commit(self, bodies: Sequence[str]) -> None:
        """Commit a batch of bodies to disk and tell of it. Raises ``CommitFailed``."""

    def close(self) -> None:
        """Let go of the disk."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The queue answered.

    Attributes:
        account: The account's name.
        more: As many messages came as can come at once, so that there may be more.
    """

    account: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The queue did not answer, or what it said could not be kept."""

    account: str
    cause: Cause
    detail: str


PollerEvent = Answered | Failed


class CommitFailed(Exception):  # noqa: N818 - named after what happened
    """What the messages say could not be written to disk; they stay in the queue."""


class Poller:
    """Polls one account's queue in a thread of its own.

    Args:
        account: The account's name, for events and the log.
        connect: Makes the queue; called in the thread, and again after a failure that may need another key.
        sink: Takes the batches.
        emit: Takes events; called in the thread, must not block.
    """

    def __init__(
        self,
        account: str,
        connect: Callable[[], Queue],
        sink: Sink,
        emit: Callable[[PollerEvent], None],
    ) -> None:
        self._account, self._connect, self._sink, self._emit = account, connect, sink, emit
        self._lock = threading.Lock()
        self._queue: Queue | None = None
        self._proven = False
        self._stopping = threading.Event()
        self._wake = threading.Event()
        # A daemon: a name look-up cannot be interrupted, and must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name=f"poll-{account}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way and stop; from any thread, at once."""
        self._stopping.set()
        self._wake.set()
        with self._lock:
            if self._queue is not None:
                self._queue.close()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end, at most ``timeout`` seconds; tell whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def retry(self) -> None:
        """Try again at once, if it is waiting after a failure."""
        self._wake.set()

    def _run(self) -> None:
        try:
            self._poll()
        finally:
            self._sink.close()

    def _poll(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                self._once()
                failures = 0
            except Interrupted:
                return
            except AwsFailure as failure:
                failures += 1
                self._fail(failure.cause, str(failure), failures)
            except CommitFailed as failure:
                failures += 1
                self._fail(Cause.STORE_FAILING, str(failure), failures)
            except Exception as failure:  # the thread must outlive every fault of ours
                failures += 1
                log.exception("%s: polling failed", self._account)
                self._fail(Cause.INTERNAL, type(failure).__name__, failures)

    def _once(self) -> None:
        queue = self._connected()
        # The first question is a short one: whether we are watching shall not take a whole long poll to find out.
        messages = queue.receive(LONG_POLL_SECONDS if self._proven else 0)
        if messages:
            self._sink.commit([message.body for message in messages])
        self._proven = True
        self._emit(Answered(self._account, more=len(messages) == BATCH))
        if not messages:
            return
        for refused in queue.delete(messages):
            log.warning("%s: a message could not be deleted and will come again: %s", self._account, refused)

    def _connected(self) -> Queue:
        if self._queue is None:
            queue = self._connect()
            with self._lock:
                self._queue = queue
                if self._stopping.is_set():  # stop() came while connecting
                    queue.close()
        return self._queue

    def _fail(self, cause: Cause, detail: str, failures: int) -> None:
        level = logging.WARNING if failures == 1 else logging.INFO
        log.log(level, "%s: %s (%s), failure %d in a row", self._account, cause.value, detail, failures)
        if not PROBLEMS[cause].passing:
            # It may take another key or another address, so both are read afresh.
            with self._lock:
                self._queue = None
        self._proven = False
        self._emit(Failed(self._account, cause, detail))
        self._wake.wait(pause_after(failures))
        self._wake.clear()


def pause_after(failures: int) -> float:
    """Give the seconds to wait after so many failures in a row: doubling, with jitter, to a minute.

    The jitter keeps the laptops of one office from asking in step after an outage of theirs
    (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
    """
    ceiling = min(LONGEST_PAUSE, _FIRST_PAUSE * 4.0 ** min(failures - 1, 10))
    return ceiling * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret about it
