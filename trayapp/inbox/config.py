"""AWS Config's notifications.

Shapes: https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html and
https://docs.aws.amazon.com/config/latest/developerguide/oversized-notification-example.html.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from trayapp.core.facts import EC2_INSTANCE, Change, ResourceChange
from trayapp.inbox.envelope import Unreadable
from trayapp.inbox.jsonlike import JsonObject, instant, mapping, objects, string

_ITEM = "ConfigurationItemChangeNotification"
_OVERSIZED = ("OversizedConfigurationItemChangeNotification", "OversizedConfigurationItemChangeDeliveryFailed")

_CHANGES = {"CREATE": Change.CREATED, "UPDATE": Change.UPDATED, "DELETE": Change.DELETED}
_STATUSES = {
    "ResourceDiscovered": Change.CREATED,
    "ResourceDeleted": Change.DELETED,
    "ResourceDeletedNotRecorded": Change.DELETED,
}


def facts(message_type: str, message: JsonObject) -> tuple[ResourceChange, ...]:
    """Give the facts of one notification; none for the types that say nothing of a resource's change.

    Raises:
        Unreadable: It says that a resource changed, but not which.
    """
    if message_type == _ITEM:
        # The first version of the service sent a list of items.
        items = [mapping(message, "configurationItem"), *objects(message, "configurationItem")]
        change_type = string(mapping(message, "configurationItemDiff"), "changeType")
    elif message_type in _OVERSIZED:
        items = [mapping(message, "configurationItemSummary")]
        change_type = string(items[0], "changeType")
    else:
        return ()
    sent = instant(message, "notificationCreationTime")
    return tuple(_fact(item, change_type, sent) for item in items if item) or _missing()


def _missing() -> tuple[ResourceChange, ...]:
    raise Unreadable("it tells of a changed resource but holds no configuration item")


def _fact(item: JsonObject, change_type: str, sent: datetime | None) -> ResourceChange:
    configuration = _configuration(item)
    resource_type = string(item, "resourceType")
    arn = string(item, "ARN") or string(item, "arn")
    resource_id = string(item, "resourceId") or arn or string(item, "resourceName")
    if not resource_type or not resource_id:
        raise Unreadable("its configuration item names no resource")
    return ResourceChange(
        account_id=string(item, "awsAccountId") or string(item, "accountId") or _account_in(arn),
        region=string(item, "awsRegion"),
        resource_type=resource_type,
        resource_id=resource_id,
        resource_name=_name(item, configuration),
        arn=arn,
        change=_change(item, change_type),
        captured=instant(item, "configurationItemCaptureTime") or sent,
        born=min(_births(item, configuration), default=None),
        daily=string(item, "recordingFrequency") == "DAILY",
        size=string(configuration, "instanceType") if resource_type == EC2_INSTANCE else "",
    )


def _configuration(item: JsonObject) -> JsonObject:
    """Give the configuration: an object in notifications, a string of JSON in the service's own API."""
    value = item.get("configuration")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def _change(item: JsonObject, change_type: str) -> Change:
    """Read what happened: from the difference where there is one, else from the item's status."""
    by_status = _STATUSES.get(string(item, "configurationItemStatus"), Change.UPDATED)
    return _CHANGES.get(change_type, by_status)


def _name(item: JsonObject, configuration: JsonObject) -> str:
    tags = mapping(item, "tags")
    return string(item, "resourceName") or string(configuration, "userName") or string(tags, "Name")


def _account_in(arn: str) -> str:
    parts = arn.split(":")
    return parts[4] if len(parts) > 5 else ""  # noqa: PLR2004 - arn:partition:service:region:account:resource


def _births(item: JsonObject, configuration: JsonObject) -> Iterator[datetime]:
    """Give every moment at which the item shows that the resource existed.

    ``resourceCreationTime`` alone would not do for an instance: it is the launch time, and that moves with every
    start, while the attachment of its first network interface and of its root volume keep their times.
    """
    times = [
        instant(item, "resourceCreationTime"),
        instant(configuration, "createDate"),
        instant(configuration, "createdTime"),
        instant(configuration, "launchTime"),
    ]
    times += [
        instant(mapping(interface, "attachment"), "attachTime")
        for interface in objects(configuration, "networkInterfaces")
        if mapping(interface, "attachment").get("deviceIndex") == 0
    ]
    root = string(configuration, "rootDeviceName")
    times += [
        instant(mapping(device, "ebs"), "attachTime")
        for device in objects(configuration, "blockDeviceMappings")
        if root and string(device, "deviceName") == root
    ]
    yield from (time for time in times if time is not None)
