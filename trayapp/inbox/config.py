"""AWS Config's notifications.

Types: https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html. Shapes:
https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html and
https://docs.aws.amazon.com/config/latest/developerguide/oversized-notification-example.html.
"""

from trayapp.core.facts import ResourceChange
from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.difference import difference
from trayapp.inbox.event import Event
from trayapp.inbox.item import change_of
from trayapp.inbox.jsonlike import JsonObject, mapping, objects, respelt, string
from trayapp.inbox.reading import Reading, Unreadable
from trayapp.inbox.times import instant

_ITEM = "ConfigurationItemChangeNotification"
_OVERSIZED = "OversizedConfigurationItemChangeNotification"
_OVERSIZED_AND_LOST = "OversizedConfigurationItemChangeDeliveryFailed"

_KEYS = (
    "messageType",
    "configurationItem",
    "configurationItemDiff",
    "configurationItemSummary",
    "notificationCreationTime",
)


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read a notification; ``None`` for what is none.

    Raises:
        Unreadable: It says that a resource changed, but not which.
    """
    message = respelt(message, *_KEYS)
    message_type = string(message, "messageType") or _type_by_content(message)
    if not message_type:
        return None
    return Reading(kinds.config(message_type), _facts(message_type, message, event))


def _type_by_content(message: JsonObject) -> str:
    """Tell an item that came without the rest of its notification."""
    if isinstance(message.get("configurationItem"), dict | list):
        return _ITEM
    return _OVERSIZED if isinstance(message.get("configurationItemSummary"), dict) else ""


def _facts(message_type: str, message: JsonObject, event: Event) -> tuple[ResourceChange, ...]:
    """Give the facts of one notification; none for the types that say nothing of a resource's change."""
    if message_type == _ITEM:
        # The first version of the service sent a list of items.
        items = [mapping(message, "configurationItem"), *objects(message, "configurationItem")]
    elif message_type in (_OVERSIZED, _OVERSIZED_AND_LOST):
        items = [mapping(message, "configurationItemSummary")]
    else:
        return ()
    changed, sent = difference(message), instant(message, "notificationCreationTime")
    facts = tuple(change_of(item, changed, sent, event) for item in items if item)
    if not facts:
        raise Unreadable(mark("it tells of a changed resource but holds no configuration item"))
    return facts
