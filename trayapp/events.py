"""Everything that can happen, as it arrives in the one queue that all parts meet in. All values are immutable."""

from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue

from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered, Failed, Shared
from trayapp.core.records import StatusRecord
from trayapp.desktop.events import DesktopEvent
from trayapp.settings import Account
from trayapp.verifying import Settled


@dataclass(frozen=True, slots=True)
class Committed:
    """A batch of messages is on disk.

    Attributes:
        account: The account whose queue brought it.
        more: There may be more in the queue.
        guard: It tells of the watch itself: whoever reports should be looked after.
        forged: Why messages in it are forged, a clause for each.
        heartbeat: When the latest heartbeat in it was sent, ``None`` without one.
    """

    account: str
    more: bool = False
    guard: bool = False
    forged: tuple[str, ...] = ()
    heartbeat: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """These are the accounts to watch, from now on."""

    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class StoreChanged:
    """Another process has changed the store."""


@dataclass(frozen=True, slots=True)
class StatusWanted:
    """Somebody asks how things stand; the answer goes into ``reply``."""

    reply: SimpleQueue[StatusRecord]


@dataclass(frozen=True, slots=True)
class TestWanted:
    """Somebody asks for a test alert; its number goes into ``reply`` once it is on disk."""

    __test__ = False  # it is no test of pytest's

    reply: SimpleQueue[int]


@dataclass(frozen=True, slots=True)
class TimeCame:
    """Something need not wait any longer: a pause or the quiet hours are over, a failing disk can be tried again."""


AccountEvent = Answered | Failed | Shared | Patrolled | Committed | Settled
"""What comes of watching one account."""

Event = DesktopEvent | AccountEvent | Watched | StoreChanged | StatusWanted | TestWanted | TimeCame
Events = SimpleQueue[Event | None]
"""The queue that everything meets in. Putting is safe from any thread, and from a signal handler."""
