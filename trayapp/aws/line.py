"""The line to a queue: every request over it ends in time, and it is renewed when the network may have changed."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from trayapp.aws.alarm import Alarm, Late
from trayapp.aws.failures import AwsFailure
from trayapp.aws.polling import Limits, Queue
from trayapp.aws.queue import Interrupted, Message
from trayapp.core.causes import Cause
from trayapp.core.language import say


class Line:
    """Belongs to one thread; ``stop`` and ``renew`` may come from any other.

    Args:
        connect: Makes the queue; called in the thread.
        alarm: Ends what takes too long.
        limits: How long things may take.
        tell: Told of what takes too long and cannot be ended; called in the alarm's thread, must not block.
    """

    def __init__(
        self, connect: Callable[[], Queue], alarm: Alarm, limits: Limits, tell: Callable[[Cause, str], None]
    ) -> None:
        self._connect, self._alarm, self._limits, self._tell = connect, alarm, limits, tell
        self._lock = threading.Lock()
        self._queue: Queue | None = None
        self._spent = False
        self._renewing = False
        self._first = False
        self._asking = False
        self._stopped = False

    # ---- from any thread

    def stop(self) -> None:
        """End what is under way and every request made later."""
        with self._lock:
            self._stopped = True
            if self._queue is not None:
                self._queue.close()

    def renew(self) -> None:
        """Have the next request go over new connections, and end the one that is under way.

        The first question over new connections is left alone: were it ended by the next change as well, a network that
        changes all the time would never let one through.
        """
        with self._lock:
            self._renewing = True
            if self._asking and not self._first and self._queue is not None:
                self._queue.close()
                self._spent = True

    # ---- from its own thread

    @property
    def first(self) -> bool:
        """Whether nothing has been asked yet since the connections were renewed."""
        return self._first

    @property
    def renewing(self) -> bool:
        """Whether the connections are to be renewed."""
        return self._renewing

    @property
    def key_id(self) -> str:
        """The id of the key that asks; empty while there is none."""
        return "" if self._queue is None else self._queue.key_id

    def ready(self) -> bool:
        """Make the line ready for the next question; tell whether it was renewed.

        Raises:
            AwsFailure: There is no key.
            Interrupted: It was stopped.
        """
        with self._lock:
            if self._stopped:
                raise Interrupted
            self._first, self._renewing = self._renewing, False
            if self._queue is not None and (self._first or self._spent):
                self._queue.reopen()
            self._spent = False
            missing = self._queue is None
        if missing:
            self._make()
        return self._first

    @contextmanager
    def asked(self, seconds: float) -> Iterator[Queue]:
        """Ask the queue something that has to end within so many seconds.

        Raises:
            AwsFailure: It did not end in time.
            Interrupted: It was stopped, or the connections are to be renewed.
        """
        with self._lock:
            queue = self._queue
            if queue is None or self._ends():
                raise Interrupted
            self._asking = True
        overdue = threading.Event()
        try:
            with self._alarm.within(seconds, self._late(queue, overdue)):
                yield queue
        except Interrupted:
            with self._lock:
                self._spent = True
                asked_for = self._ends()
            if asked_for or not overdue.is_set():
                raise
            late = say("no complete answer within {seconds} seconds", seconds=f"{seconds:g}")
            raise AwsFailure(Cause.NO_ANSWER, late) from None
        finally:
            with self._lock:
                self._asking = False
        self._first = False

    def extend(self, messages: Sequence[Message], seconds: int) -> None:
        """Keep messages out of everybody's sight for so many seconds from now; from any thread.

        Raises:
            AwsFailure: AWS did not answer, or refused.
            Interrupted: The line is not ready.
        """
        queue = self._queue
        if queue is None or self._stopped:
            raise Interrupted
        queue.extend(messages, seconds)

    def drop(self) -> None:
        """Have the queue made afresh, with the key and the address as they will be then."""
        with self._lock:
            self._queue = None

    def _ends(self) -> bool:
        return self._stopped or (self._renewing and not self._first)

    def _make(self) -> None:
        def late() -> None:
            seconds = f"{self._limits.connect:g}"
            self._tell(Cause.INTERNAL, say("the key could not be read within {seconds} seconds", seconds=seconds))

        with self._alarm.within(self._limits.connect, late):
            queue = self._connect()
        with self._lock:
            self._queue = queue
            if self._stopped:
                queue.close()

    def _late(self, queue: Queue, overdue: threading.Event) -> Late:
        """Give what ends a request that is late, and tells of it where not even that helps."""

        def late() -> float | None:
            if overdue.is_set():
                self._tell(Cause.NO_ANSWER, "a request that is late cannot be ended")
                return None
            overdue.set()
            with self._lock:
                self._spent = True
            queue.close()
            return self._limits.grace

        return late
