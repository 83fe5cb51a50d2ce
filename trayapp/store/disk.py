"""The file for as long as it does its part: opened when it is needed, tried again in time, set aside when damaged."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from trayapp.core.causes import Cause
from trayapp.core.incidents import Incident
from trayapp.store.errors import StoreError
from trayapp.store.healing import Healed, heal
from trayapp.store.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")


class Disk:
    """The file. It belongs to the thread that first uses it.

    Args:
        path: The file.
        now: Gives the present moment, aware.
        pause: Seconds at least between two attempts at a disk that has just failed.
        known: Gives the incidents as they were last read, for what a damaged file has lost of them.

    Attributes:
        trouble: What it last said, ``None`` while it does its part.
        healed: What was done about a damaged file, until somebody has taken note.
    """

    def __init__(
        self, path: Path, now: Callable[[], datetime], pause: float, known: Callable[[], Sequence[Incident]]
    ) -> None:
        self._path, self._now, self._pause, self._known = path, now, pause, known
        self._store: Store | None = None
        self._again = 0.0
        self.trouble: StoreError | None = None
        self.healed: Healed | None = None

    @property
    def rests(self) -> bool:
        """Whether it has failed so lately that it is not tried again yet."""
        return time.monotonic() < self._again

    def opened(self) -> Store:
        """Give the store, opened and looked through if it is not open.

        Raises:
            StoreError: The file cannot be opened, or was found so a moment ago.
        """
        if self._store is None:
            if self.trouble is not None and self.rests:
                raise self.trouble
            store = Store(self._path)
            try:
                store.check()
            except StoreError:
                store.close()
                raise
            self._store = store
        return self._store

    def read(self, read: Callable[[Store], T], otherwise: T) -> T:
        """Read something; ``otherwise`` where it cannot be read."""
        try:
            return read(self.opened())
        except StoreError as error:
            self.fail(error)
            return otherwise

    def works(self) -> None:
        """Take note that something was written."""
        if self.trouble is not None:
            log.info("the disk does its part again")
        self.trouble = None

    def fail(self, error: StoreError) -> None:
        """Take note that something went wrong; what is damaged is set aside at once."""
        if error is self.trouble:
            return  # it was not even tried again
        if self.trouble is None or self.trouble.cause is not error.cause:
            log.error("%s", error)
        self.trouble = error
        self._again = time.monotonic() + self._pause
        if error.cause is Cause.STORE_DAMAGED:
            self.heal()
        elif error.cause is not Cause.DISK_FULL:
            self.let_go()

    def heal(self) -> None:
        """Look whether the file is damaged, and set it aside if so."""
        if sys.platform == "win32":
            self.let_go()  # no file can be moved there while it is open
        try:
            healed = heal(self._path, self._now(), self._known())
        except StoreError as error:
            log.exception("the damaged file cannot be set aside yet")
            self.trouble = error
            return
        finally:
            # Only now: whoever closes a file last tidies up its log, unless it has moved.
            self.let_go()
        if healed is not None:
            log.error(
                "%s was damaged and lies in %s now; %d incidents were carried over",
                self._path,
                healed.aside,
                healed.incidents,
            )
            self.healed, self.trouble = healed, None

    def let_go(self) -> None:
        """Close it; it is opened again when it is needed."""
        if self._store is not None:
            self._store.close()
            self._store = None
