"""What comes of reading one message body."""

from dataclasses import dataclass
from datetime import datetime

from trayapp.core.facts import Fact


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message body turned out to be.

    Attributes:
        kind: The kind of message, by which it is counted; ``trayapp.inbox.kinds`` lists them.
        facts: What it says of resources, calls and dangers; empty for kinds that say nothing of them.
        unreadable: Why it could not be read, a clause; empty when it could. Of a body that holds many messages, those
            that could be read have given their facts all the same.
        sent: Of a heartbeat, when it was sent, aware; ``None`` where it does not say.
    """

    kind: str
    facts: tuple[Fact, ...] = ()
    unreadable: str = ""
    sent: datetime | None = None


class Unreadable(Exception):  # noqa: N818 - it is a finding about a message, not a fault of ours
    """The message cannot be read; the text says why, and quotes nothing of the message."""
