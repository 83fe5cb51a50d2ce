"""From a received batch to the disk: read, judge, commit, and only then tell anybody."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from trayapp.aws.poller import CommitFailed
from trayapp.aws.queue import BATCH
from trayapp.core.judged import Judged
from trayapp.core.policy import Policy
from trayapp.core.signals import Known
from trayapp.events import Committed, Event
from trayapp.inbox import judge
from trayapp.store import Store, StoreError

_SETTLED = timedelta(days=1)
"""What was first seen less than this ago may still be part of what is happening, or of a first inventory."""


class Intake:
    """Takes one account's batches, in the thread of its poller.

    Args:
        account: The account's name.
        store_path: The store; opened at the first batch, and again after a failure.
        emit: Takes the news that something was committed.
        now: Gives the present moment, aware.
        path: What brings us the messages, by address: the queue.
        policy: Gives the owner's rules as they are now.
    """

    def __init__(
        self,
        account: str,
        store_path: Path,
        emit: Callable[[Event], None],
        now: Callable[[], datetime],
        path: frozenset[str] = frozenset(),
        policy: Callable[[], Policy] = Policy,
    ) -> None:
        self._account, self._store_path, self._emit, self._now = account, store_path, emit, now
        self._path, self._policy = path, policy
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
            known = self._known(self._store, received)
            judged = [self._ruled(judge(body, received, known), received) for body in bodies]
            self._store.commit(self._account, judged, received)
        except StoreError as error:
            self.close()
            raise CommitFailed(str(error)) from error
        self._emit(Committed(self._account, more=len(bodies) == BATCH))

    def _ruled(self, judged: Judged, received: datetime) -> Judged:
        policy, local = self._policy(), received.astimezone()
        return replace(judged, findings=tuple(policy.apply(finding, local) for finding in judged.findings))

    def _known(self, store: Store, received: datetime) -> Known:
        seen = store.seen(received - _SETTLED)
        names = ((account, what.split(":", 2)) for account, what in store.seen(received) if what.startswith("name:"))
        return Known(
            names={(account, user_id): called for account, (_, user_id, called) in names},
            regions=frozenset((account, what[7:]) for account, what in seen if what.startswith("region:")),
            types=frozenset((account, what[5:]) for account, what in seen if what.startswith("type:")),
            settled=frozenset(account for account, _ in seen),
            path=self._path,
        )

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            with contextlib.suppress(StoreError):
                self._store.close()
            self._store = None
