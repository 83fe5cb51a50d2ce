"""From a received batch to the disk: read, judge, commit, and only then tell anybody."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from trayapp.aws.poller import CommitFailed
from trayapp.aws.queue import BATCH
from trayapp.core.signals import Known
from trayapp.events import Committed, Event
from trayapp.inbox import judge
from trayapp.store import Store, StoreError

_SETTLED = timedelta(days=1)
"""A Region counts as used once machines were seen in it for so long: all that is new there today is one happening."""


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
        try:
            if self._store is None:
                self._store = Store(self._store_path)
            known = Known(regions=self._store.used_regions(received - _SETTLED))
            judged = [judge(body, received, known) for body in bodies]
            self._store.commit(self._account, judged, received)
        except StoreError as error:
            self.close()
            raise CommitFailed(str(error)) from error
        self._emit(Committed(self._account, more=len(bodies) == BATCH))

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with contextlib.suppress(StoreError):
                self._store.close()
            self._store = None
