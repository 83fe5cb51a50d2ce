"""The front door: one message body in, what it is and what it says out."""

from dataclasses import dataclass

from trayapp.core.facts import ResourceChange
from trayapp.core.text import clean
from trayapp.inbox import config
from trayapp.inbox.envelope import Unreadable, unwrap
from trayapp.inbox.jsonlike import JsonObject, string


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message body turned out to be.

    Attributes:
        kind: A short stable name of the kind of message, by which it is counted.
        facts: What it says of resources; empty for kinds that say nothing of them.
        unreadable: Why it could not be read, a clause; empty when it could.
    """

    kind: str
    facts: tuple[ResourceChange, ...] = ()
    unreadable: str = ""


UNREADABLE = "unreadable"


def read(body: str) -> Reading:
    """Read one message body, in an SNS envelope or bare.

    Args:
        body: The body as it stood in the queue.

    Returns:
        Its reading. Never raises: what cannot be read comes back as unreadable, with the reason.
    """
    try:
        message = unwrap(body)
        if isinstance(message, str):
            return Reading(message)
        return _read_message(message)
    except Unreadable as reason:
        return Reading(UNREADABLE, unreadable=str(reason))
    except RecursionError:
        return Reading(UNREADABLE, unreadable="it is nested too deeply")


def _read_message(message: JsonObject) -> Reading:
    message_type = string(message, "messageType")
    if message_type:
        return Reading(_kind(f"config:{message_type}"), config.facts(message_type, message))
    return Reading(_kind(_other_kind(message)))


def _other_kind(message: JsonObject) -> str:
    """Tell the messages that are counted and not read further apart by their own shape."""
    if "detail-type" in message and "detail" in message:
        return f"event:{string(message, 'detail-type')}"
    if "eventSource" in message and "eventName" in message:
        return "cloudtrail"
    if isinstance(message.get("Records"), list):
        return "records"
    if message.get("Event") == "s3:TestEvent":
        return "s3-test"
    return "cloudwatch-alarm" if "AlarmName" in message else "other"


def _kind(name: str) -> str:
    return clean(name)[:80]
