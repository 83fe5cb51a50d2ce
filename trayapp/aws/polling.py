"""What a poller needs and what it tells: the interfaces to queue and disk, its events, how long things may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trayapp.aws.queue import Message
from trayapp.core.causes import Cause


class Queue(Protocol):
    """What is needed of a queue; ``SqsQueue`` is the real one."""

    @property
    def key_id(self) -> str:
        """The id of the access key that asks."""

    def receive(self, wait_seconds: int) -> list[Message]:
        """Wait for messages, at most ``wait_seconds``."""

    def delete(self, messages: Sequence[Message]) -> list[str]:
        """Delete messages, and give the ids of those that could not be."""

    def extend(self, messages: Sequence[Message], seconds: int) -> None:
        """Keep messages out of sight for so many seconds from now, from any thread."""

    def visibility(self) -> int:
        """Ask for how many seconds messages stay out of sight by themselves."""

    def close(self) -> None:
        """End what is under way, from any thread."""

    def reopen(self) -> None:
        """Begin anew on new connections, also after ``close``."""


class Sink(Protocol):
    """Where batches go; made, used and closed in the poller's thread."""

    def commit(self, bodies: Sequence[str]) -> None:
        """Commit a batch of bodies to disk and tell of it. Raises ``CommitFailed``."""

    def close(self) -> None:
        """Let go of the disk."""


class CommitFailed(Exception):  # noqa: N818 - named after what happened
    """What the messages say could not be written to disk; they stay in the queue.

    Attributes:
        cause: What is the matter with the disk.
    """

    def __init__(self, detail: str, cause: Cause = Cause.STORE_FAILING) -> None:
        super().__init__(detail)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Answered:
    """The queue answered.

    Attributes:
        account: The account's name.
        more: As many messages came as can come at once, so that there may be more.
    """

    account: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The queue did not answer, or what it said could not be kept."""

    account: str
    cause: Cause
    detail: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody else was seen to take messages out of the queue."""

    account: str


PollerEvent = Answered | Failed | Shared


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each step may take, in seconds.

    Attributes:
        poll: A long poll, beyond the waiting that it asks for.
        call: Every other request.
        first: The first question on new connections, which a further change of the network does not cut short.
        connect: Getting the key and making the queue.
        commit: Writing a batch to disk.
        grace: How long a request that was ended may take to end, before it is told of without it.
    """

    poll: float = 10.0
    call: float = 15.0
    first: float = 8.0
    connect: float = 45.0
    commit: float = 30.0
    grace: float = 2.0
