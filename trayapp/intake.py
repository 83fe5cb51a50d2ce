"""From a received batch to the disk: read, judge, commit, and only then tell anybody."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from trayapp.aws.poller import CommitFailed
from trayapp.aws.queue import BATCH
from trayapp.core.finding import Theme
from trayapp.core.policy import Policy
from trayapp.events import Committed, Event
from trayapp.inbox import kinds
from trayapp.judging import judge_all
from trayapp.store import Store, StoreError
from trayapp.verifier import Verifier


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
    ) -> None:
        self._account, self._store_path, self._emit, self._now = account, store_path, emit, now
        self._verifier, self._path, self._policy, self._waits = verifier, path, policy, waits
        self._store: Store | None = None

    def commit(self, bodies: Sequence[str]) -> None:
        """Commit a batch in one transaction.

        Raises:
            CommitFailed: It is not on disk.
        """
        received = self._now()
        try:
            if self._store is None:
                self._store = Store(self._store_path)
            judged = judge_all(bodies, self._store, received, self._policy(), self._path, self._verifier)
            self._store.commit(self._account, judged, received)
        except StoreError as error:
            self.close()
            raise CommitFailed(str(error), error.cause) from error
        self._emit(
            Committed(
                self._account,
                more=len(bodies) == BATCH,
                forged=tuple(message.unreadable for message in judged if message.kind == kinds.FORGED),
                guard=any(finding.theme is Theme.GUARD for message in judged for finding in message.findings),
                heartbeat=max((message.heartbeat for message in judged if message.heartbeat), default=None),
            )
        )
        if any(message.certificate for message in judged):
            self._waits()

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with contextlib.suppress(StoreError):
                self._store.close()
            self._store = None
