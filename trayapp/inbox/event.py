"""What the envelope of an EventBridge event says of its detail.

Shape: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html.
"""

from dataclasses import dataclass
from datetime import datetime

from trayapp.inbox.jsonlike import JsonObject, account, first_string, string
from trayapp.inbox.times import instant


@dataclass(frozen=True, slots=True)
class Event:
    """What stands around a detail, for where the detail does not say it itself.

    Attributes:
        detail_type: The kind of event; empty for a message that came without an event around it.
        account_id: The account that the event is from, or empty.
        region: The Region that it is from, or empty.
        happened: When, aware; ``None`` where it does not say.
    """

    detail_type: str = ""
    account_id: str = ""
    region: str = ""
    happened: datetime | None = None


def around(message: JsonObject, outer: Event) -> Event:
    """Read what stands around a detail, beyond what stands around that."""
    return Event(
        first_string(string(message, "detail-type"), outer.detail_type),
        first_string(account(message, "account"), outer.account_id),
        first_string(string(message, "region"), outer.region),
        instant(message, "time") or outer.happened,
    )
