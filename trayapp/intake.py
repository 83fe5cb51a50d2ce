"""From a received batch to the disk: read, judge, commit, and only then tell anybody."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from trayapp.aws.poller import CommitFailed
from trayapp.decider import Committed, Event
from trayapp.inbox import judge
from trayapp.store import Store, StoreError


class Intake:
    """Takes one account's batches, in the thread of its poller.

    Args:
        account: The account's name.
        store_path: The store; opened at the first batch, and again after a failure.
        emit: Takes the news that something was committed.
        now: Gives the present moment, aware.
    """

    def __init__(
        self, account: str, store_path: Path, emit: Callable[[Event], None], now: Callable[[], datetime]
    ) -> None:
        self._account, self._store_path, self._emit, self._now = account, store_path, emit, now
        self._store: Store | None = None

    def commit(self, bodies: Sequence[str]) -> None:
        """Commit a batch in one transaction.

        Raises:
            CommitFailed: It is not on disk.
        """
        received = self._now()
        judged = [judge(body, received) for body in bodies]
        try:
            if self._store is None:
                self._store = Store(self._store_path)
            self._store.commit(self._account, judged, received)
        except StoreError as error:
            self.close()
            raise CommitFailed(str(error)) from error
        self._emit(Committed())

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with contextlib.suppress(StoreError):
                self._store.close()
            self._store = None
