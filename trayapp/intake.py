"""From a received batch to the disk: judge, commit, and only then tell anybody.

A batch that the disk does not take is shown from memory meanwhile, and stays in the queue.
"""

import contextlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from trayapp.aws.poller import CommitFailed
from trayapp.aws.queue import BATCH
from trayapp.core.finding import Theme
from trayapp.core.judged import Judged
from trayapp.core.policy import Policy
from trayapp.core.signals import Known
from trayapp.events import Committed, Event
from trayapp.inbox import kinds
from trayapp.judging import judge_all, known_before
from trayapp.store import Store, StoreError
from trayapp.store.overflow import Overflow
from trayapp.verifier import Verifier

log = logging.getLogger(__name__)


class Intake:
    """Takes one account's batches, in the thread of its poller.

    Args:
        account: The account's name.
        store_path: The store; opened at the first batch, and again after a failure.
        emit: Takes the news that something was committed.
        now: Gives the present moment, aware.
        path: What brings us the messages, by address: the queue, its topics.
        policy: Gives the owner's rules as they are now.
        verifier: Says which messages to believe; without one every message is.
        waits: Is told that something was committed that waits to be verified.
        overflow: Takes what the disk does not, for as long as it does not.
    """

    def __init__(
        self,
        account: str,
        store_path: Path,
        emit: Callable[[Event], None],
        now: Callable[[], datetime],
        path: frozenset[str] = frozenset(),
        policy: Callable[[], Policy] = Policy,
        verifier: Verifier | None = None,
        waits: Callable[[], None] = lambda: None,
        overflow: Overflow | None = None,
    ) -> None:
        self._account, self._store_path, self._emit, self._now = account, store_path, emit, now
        self._path, self._policy, self._verifier, self._waits = path, policy, verifier, waits
        self._overflow = overflow
        self._store: Store | None = None
        # As of the last time that the disk could be read, for when it cannot be.
        self._known = Known(path=path)

    def commit(self, bodies: Sequence[str]) -> None:
        """Commit a batch in one transaction.

        Raises:
            CommitFailed: It is not on disk. What it says is shown from memory all the same.
        """
        received = self._now()
        try:
            store = self._opened(received)
            judged = judge_all(bodies, self._known, received, self._policy(), self._verifier)
            store.commit(self._account, judged, received)
        except StoreError as error:
            self._keep_in_memory(bodies, received)
            self.close()
            raise CommitFailed(str(error), error.cause) from error
        self._tell(judged)
        if any(message.certificate for message in judged):
            self._waits()

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with contextlib.suppress(StoreError):
                self._store.close()
            self._store = None

    def _opened(self, received: datetime) -> Store:
        if self._store is None:
            self._store = Store(self._store_path)
        self._known = known_before(self._store, received, self._path)
        return self._store

    def _keep_in_memory(self, bodies: Sequence[str], received: datetime) -> None:
        if self._overflow is None:
            return
        judged = judge_all(bodies, self._known, received, self._policy(), self._verifier)
        try:
            self._overflow.commit(self._account, judged, received, self._store)
        except StoreError as error:
            log.error("%s: nor does memory take it: %s", self._account, error)  # noqa: TRY400 - it says all
        self._tell(judged)

    def _tell(self, judged: Sequence[Judged]) -> None:
        self._emit(
            Committed(
                self._account,
                more=len(judged) == BATCH,
                forged=tuple(message.unreadable for message in judged if message.kind == kinds.FORGED),
                guard=any(finding.theme is Theme.GUARD for message in judged for finding in message.findings),
                heartbeat=max((message.heartbeat for message in judged if message.heartbeat), default=None),
            )
        )
