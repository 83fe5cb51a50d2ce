"""What the guard looks at beside the queue itself: whether those who should report still can.

A check has one outcome for each Region that it is about. What could not be asked is never taken for well: it is said.
"""

from dataclasses import dataclass
from enum import Enum

from trayapp.core.causes import Cause


class Check(Enum):
    """What is looked at. The values are stable: ``trayapp status --json`` prints them."""

    IDENTITY = "identity"
    """The key belongs to the account that its owner signed in to."""
    RECORDER = "recorder"
    """AWS Config's recorder is there, records, and its last recording succeeded."""
    RECORDED_TYPES = "recorded-types"
    """It records what we tell of: users and instances above all."""
    DELIVERY_CHANNEL = "delivery-channel"
    """What it records is delivered to a topic."""
    SUBSCRIPTION = "subscription"
    """The topic sends to our queue, and its filter lets our messages through."""
    QUEUE_POLICY = "queue-policy"
    """The queue lets in what it has to, and nothing else."""
    CONSUMERS = "consumers"
    """Nobody else takes messages out of the queue."""
    TRAIL = "trail"
    """CloudTrail logs, so that EventBridge hears of calls."""
    HEARTBEAT = "heartbeat"
    """The scheduled message still arrives, where its owner chose one."""
    SIGNATURES = "signatures"
    """What the messages' authenticity rests on."""


class Outcome(Enum):
    """How a check came out. The values are stable: ``trayapp status --json`` prints them."""

    PASSED = "passed"
    NOTICE = "notice"
    """It is as it was set up, and its owner should know what that means."""
    NOT_GRANTED = "not-granted"
    """This key may not ask, or this server cannot answer."""
    UNANSWERED = "unanswered"
    """It could not be asked just now."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Checked:
    """One outcome.

    Attributes:
        check: What was looked at.
        outcome: How it came out.
        region: The Region that it is about; empty where it is about none.
        cause: Of a failed one, why the account is not being watched; of one without an answer, why there was none.
        sentence: What was found, a clause without a full stop; empty for what passed and has nothing to tell.
        detail: What AWS said in refusing, cleaned, for the log and the terminal; may be empty.
    """

    check: Check
    outcome: Outcome
    region: str = ""
    cause: Cause | None = None
    sentence: str = ""
    detail: str = ""
