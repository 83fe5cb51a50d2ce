"""Keeping messages out of others' sight while they are in work, when that takes long."""

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from trayapp.aws.failures import AwsFailure
from trayapp.aws.queue import Interrupted, Message
from trayapp.core.causes import Cause

log = logging.getLogger(__name__)


class Extendable(Protocol):
    """What is needed of a queue."""

    def extend(self, messages: Sequence[Message], seconds: int) -> None:
        """Keep messages out of sight for so many seconds from now. Raises ``AwsFailure`` or ``Interrupted``."""


class Holding:
    """Holds one batch at a time, in a thread that lives only as long as that.

    Args:
        account: The account's name, for the log.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._granted = True
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, queue: Extendable, messages: Sequence[Message], seconds: int) -> None:
        """Hold messages until ``end``, by ``seconds`` at a time; from any thread, at once."""
        if not self._granted or (self._thread is not None and self._thread.is_alive()):
            return
        self._done = done = threading.Event()
        self._thread = threading.Thread(
            target=self._hold, args=(queue, messages, seconds, done), name=f"hold-{self._account}", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Hold them no longer; what was last asked for stays."""
        self._done.set()

    def _hold(self, queue: Extendable, messages: Sequence[Message], seconds: int, done: threading.Event) -> None:
        log.info("%s: it takes long to write %d messages; they are kept in flight", self._account, len(messages))
        while not done.is_set():
            try:
                queue.extend(messages, seconds)
            except Interrupted:
                return
            except AwsFailure as failure:
                if failure.cause is Cause.NOT_PERMITTED:
                    log.warning("%s: this key may not keep messages in flight; they may come twice", self._account)
                    self._granted = False
                    return
                log.info("%s: messages could not be kept in flight: %s", self._account, failure)
            except Exception:  # they come again, which does no harm
                log.exception("%s: messages could not be kept in flight", self._account)
                return
            done.wait(seconds / 2)
