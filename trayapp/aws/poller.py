"""The worker of one account: receive, commit, tell, delete, for ever.

The order is the promise: a message leaves the queue only after what it said is on disk. A crash between any two steps
makes SQS deliver the message again, and committing it again changes nothing.

Nothing here waits for ever either. Every request has to end in time, whatever keeps it; one that does not is told of
all the same, by the alarm.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence

from trayapp.aws.alarm import Alarm, Late
from trayapp.aws.backlog import Backlog
from trayapp.aws.clocks import asleep, elapsed
from trayapp.aws.company import Company
from trayapp.aws.failures import AwsFailure
from trayapp.aws.holding import Holding
from trayapp.aws.line import Line
from trayapp.aws.polling import Answered, CommitFailed, Failed, Limits, PollerEvent, Queue, Shared, Sink
from trayapp.aws.queue import BATCH, DEFAULT_VISIBILITY, Interrupted, Message
from trayapp.aws.session import LONG_POLL_SECONDS
from trayapp.core.causes import OF_THE_DISK, PROBLEMS, Cause

__all__ = ["Answered", "CommitFailed", "Failed", "Limits", "Poller", "PollerEvent", "Queue", "Shared", "Sink"]

log = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
"""Seconds between attempts at the most, so that watching resumes within a minute of whatever ended it."""

NAP = 5.0
"""Seconds of sleep after which a request that was under way says nothing about now."""

_FIRST_PAUSE = 0.25
"""Seconds before the first retry: a cut connection is the commonest failure and means nothing by itself."""

LONGEST_LOCAL_PAUSE = 5.0
"""The same while the trouble lies with this computer: nobody else is spared by waiting."""

_LOCAL = OF_THE_DISK | {Cause.KEYRING_LOCKED, Cause.KEYRING_MISSING}


class Poller:
    """Polls one account's queue in a thread of its own.

    Args:
        account: The account's name, for events and the log.
        connect: Makes the queue; called in the thread, and again after a failure that may need another key.
        sink: Takes the batches.
        emit: Takes events; called in threads of the poller's, must not block.
        worked_before: The key in the keyring has been seen to work, in an earlier run.
        limits: How long things may take.
    """

    def __init__(
        self,
        account: str,
        connect: Callable[[], Queue],
        sink: Sink,
        emit: Callable[[PollerEvent], None],
        *,
        worked_before: bool = False,
        limits: Limits | None = None,
    ) -> None:
        self._account, self._sink, self._emit = account, sink, emit
        self._limits = limits or Limits()
        self._alarm = Alarm(f"alarm-{account}")
        self._line = Line(connect, self._alarm, self._limits, self._tell)
        self._backlog, self._company, self._holding = Backlog(), Company(), Holding(account)
        self._failures = 0
        self._proven = False
        self._may_not_delete = False
        self._worked_before = worked_before
        self._key_that_worked = ""
        self._visibility: int | None = None
        self._in_work = False
        self._last_in_work = -float("inf")
        self._stopping = threading.Event()
        self._wake = threading.Event()
        # A daemon: a disk or a keyring that hangs must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name=f"poll-{account}", daemon=True)

    # ---- from any thread

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End what is under way and stop, at once."""
        self._stopping.set()
        self._wake.set()
        self._line.stop()

    def join(self, timeout: float) -> bool:
        """Wait for the thread to end, at most ``timeout`` seconds; tell whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def retry(self) -> None:
        """Try again at once, if it is waiting after a failure."""
        self._wake.set()

    def renew(self) -> None:
        """Leave what is under way and ask at once over new connections: the old ones may be dead.

        For when the computer has woken or its network has changed. It does no harm at any time, is no failure, and
        asked for several times it is done once.
        """
        self._line.renew()
        self._wake.set()

    def idle_for(self) -> float:
        """Give the seconds since we last had a message in hand, or may have had one without our knowing.

        Where that is longer than messages stay in flight, and the queue has messages in flight, somebody else has
        received them.
        """
        return 0.0 if self._in_work else max(0.0, elapsed() - max(self._last_in_work, self._company.unclear_until))

    # ---- the thread

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._alarm.close()
            self._sink.close()

    def _turn(self) -> None:
        """Ask once, and see to what comes of it."""
        slept = asleep()
        try:
            self._once(slept)
        except Interrupted:
            pass  # it was stopped, or its connections are renewed at the next turn
        except AwsFailure as failure:
            if not self._means_nothing(failure.cause, slept):
                self._fail(self._named(failure.cause), str(failure))
        except CommitFailed as failure:
            self._fail(failure.cause, str(failure))
        except Exception as failure:  # the thread must outlive every fault of ours
            log.exception("%s: polling failed", self._account)
            self._fail(Cause.INTERNAL, type(failure).__name__)
        else:
            self._failures = 0

    def _once(self, slept: float) -> None:
        self._make_ready()
        messages = self._receive()
        if messages:
            self._commit(messages)
        ids = {message.id for message in messages}
        self._delete([message for message in self._backlog.due() if message.id not in ids])
        if asleep() - slept > NAP and not messages:
            self._proven = False  # the answer may be as old as the sleep was long
            return
        self._proven, self._key_that_worked = True, self._line.key_id
        self._emit(Answered(self._account, more=len(messages) == BATCH))
        self._delete(messages)
        if self._visibility is None:
            self._visibility = self._ask_visibility()

    def _make_ready(self) -> None:
        if self._line.ready():
            log.info("%s: asking anew, over new connections", self._account)
            self._proven, self._failures = False, 0
        if self._worked_before:
            self._key_that_worked, self._worked_before = self._line.key_id, False

    def _receive(self) -> list[Message]:
        # Whether we are watching shall not take a whole long poll to find out, nor what could not be deleted wait.
        wait = LONG_POLL_SECONDS if self._proven and not self._backlog.due() else 0
        limit = wait + self._limits.poll if wait else self._limits.call
        begin = elapsed()
        try:
            with self._line.asked(self._limits.first if self._line.first else limit) as queue:
                messages = queue.receive(wait)
        except AwsFailure as failure:
            self._company.lost(begin)
            lost = failure.cause is Cause.NOT_PERMITTED and self._has_worked
            raise AwsFailure(Cause.PERMISSION_LOST if lost else failure.cause, str(failure)) from None
        except Exception:
            self._company.lost(begin)
            raise
        if self._company.shows(messages):
            log.warning("%s: somebody else takes messages out of the queue", self._account)
            self._emit(Shared(self._account))
        return messages

    def _commit(self, messages: Sequence[Message]) -> None:
        self._in_work = True
        visibility = self._visibility or DEFAULT_VISIBILITY
        try:
            with self._alarm.within(visibility / 3, self._hold(messages, visibility)):
                if new := [message.body for message in messages if message not in self._backlog]:
                    self._sink.commit(new)
            self._backlog.add(messages)
        except Exception:
            self._backlog.forget()
            raise
        finally:
            self._holding.end()
            self._last_in_work, self._in_work = elapsed(), False

    def _hold(self, messages: Sequence[Message], visibility: int) -> Late:
        """Give what keeps messages out of others' sight while the disk takes its time, and tells when it takes long."""
        held = threading.Event()

        def late() -> float | None:
            if held.is_set():
                self._tell(
                    Cause.STORE_FAILING, f"what was received is not on disk after {self._limits.commit:g} seconds"
                )
                return None
            held.set()
            self._holding.begin(self._line, messages, visibility)
            return max(0.0, self._limits.commit - visibility / 3)

        return late

    def _delete(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        if self._line.renewing:
            self._make_ready()
        try:
            with self._line.asked(self._limits.call) as queue:
                refused = queue.delete(messages)
        except AwsFailure as failure:
            if failure.cause is not Cause.NOT_PERMITTED or self._may_not_delete:
                raise
            # Has the key lost everything since it received them, or may it do all but this? The next question tells,
            # and comes at once: one happening has one cause.
            log.info("%s: deleting is refused: %s", self._account, failure)
            self._may_not_delete, self._proven = True, False
            return
        finally:
            self._last_in_work = elapsed()
        self._may_not_delete = False
        self._backlog.deleted(messages, refused)

    def _ask_visibility(self) -> int | None:
        try:
            with self._line.asked(self._limits.call) as queue:
                return queue.visibility()
        except AwsFailure as failure:
            log.info("%s: the visibility timeout is not known: %s", self._account, failure)
            return None if PROBLEMS[failure.cause].passing else DEFAULT_VISIBILITY

    # ---- failures

    def _means_nothing(self, cause: Cause, slept: float) -> bool:
        """Tell whether a failure comes of connections that are to be renewed anyway, and see that they are."""
        if self._line.first or not PROBLEMS[cause].passing:
            return False
        if asleep() - slept > NAP:
            self._line.renew()
        return self._line.renewing

    def _named(self, cause: Cause) -> Cause:
        """Tell a key that was never good from one that no longer is."""
        return Cause.KEY_REVOKED if cause is Cause.KEY_REFUSED and self._has_worked else cause

    @property
    def _has_worked(self) -> bool:
        return self._line.key_id == self._key_that_worked != ""

    def _fail(self, cause: Cause, detail: str) -> None:
        self._failures += 1
        level = logging.WARNING if self._failures == 1 else logging.INFO
        log.log(level, "%s: %s (%s), failure %d in a row", self._account, cause.value, detail, self._failures)
        if not PROBLEMS[cause].passing and cause not in OF_THE_DISK:
            self._line.drop()  # it may take another key or another address, so both are read afresh
        self._proven = False
        self._emit(Failed(self._account, cause, detail))
        pause = pause_after(self._failures)
        self._wake.wait(min(pause, LONGEST_LOCAL_PAUSE) if cause in _LOCAL else pause)
        self._wake.clear()

    def _tell(self, cause: Cause, detail: str) -> None:
        """Tell of what the thread cannot tell, since it waits; in the alarm's thread."""
        log.warning("%s: %s (%s)", self._account, cause.value, detail)
        self._emit(Failed(self._account, cause, detail))


def pause_after(failures: int) -> float:
    """Give the seconds to wait after so many failures in a row: doubling, with jitter, to a minute.

    The jitter keeps the laptops of one office from asking in step after an outage of theirs
    (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/).
    """
    ceiling = min(LONGEST_PAUSE, _FIRST_PAUSE * 4.0 ** min(failures - 1, 10))
    return ceiling * random.uniform(0.5, 1.0)  # noqa: S311 - nothing secret about it
