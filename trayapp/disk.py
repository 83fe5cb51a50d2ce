"""Telling that the disk does not do its part, and that it does again. It belongs to the decider's thread."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from trayapp.core.causes import OF_THE_DISK, Cause
from trayapp.core.guard import Watch
from trayapp.core.guard_notes import DISK_KEY, disk_note, healed_note
from trayapp.desktop.notify.base import Notifier
from trayapp.store.ledger import Ledger
from trayapp.teller import Teller

DISK_PAUSE = timedelta(seconds=5)
"""Between two looks at a disk that fails: nothing tells when there is room again."""


class Disk:
    """Knows how the disk does, and tells when that changes.

    Args:
        store: Says what the disk said to it.
        teller: Is told what the one note about the disk speaks of already.
        notifier: Shows that note.

    Attributes:
        trouble: What is the matter, ``None`` while it does its part.
        since: Since when.
    """

    def __init__(self, store: Ledger, teller: Teller, notifier: Notifier) -> None:
        self._store, self._teller, self._notifier = store, teller, notifier
        self.trouble: Cause | None = None
        self.since: datetime | None = None

    def tell(self, watches: Iterable[Watch], now: datetime) -> None:
        """Show what has changed.

        Args:
            watches: How the queues do; what they said may not have been kept.
            now: The present moment, aware.
        """
        failing = [self._store.trouble.cause] if self._store.trouble else []
        for watch in watches:
            if watch.trouble in OF_THE_DISK:
                failing.append(watch.trouble)
            # One note for all accounts says it.
            self._teller.alerted(watch.account, OF_THE_DISK & watch.causes)
        trouble = failing[0] if failing else None
        healed = self._store.healed()
        if healed is not None:
            self._notifier.show(healed_note(str(healed.aside), healed.incidents))
        elif trouble is not None and trouble is not self.trouble:
            self._notifier.show(disk_note(trouble))
        elif trouble is None and self.trouble is not None:
            self._notifier.withdraw(DISK_KEY)
        if trouble is None or self.trouble is None:
            self.since = now if trouble else None
        self.trouble = trouble
