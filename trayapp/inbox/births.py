"""Since when a resource has been there: what tells the new from what AWS Config sees for the first time."""

from collections.abc import Iterator
from datetime import datetime

from trayapp.inbox.jsonlike import JsonObject, mapping, objects, string
from trayapp.inbox.times import instant

_NAMES = (
    "createDate",
    "createdTime",
    "createTime",
    "creationDate",
    "creationTime",
    "instanceCreateTime",
    "launchTime",
    "CreateDate",
    "CreatedTime",
    "CreationDate",
    "CreationTime",
    "CreatedTimestamp",
)
"""The time of creation as the types call it; newer types begin their keys with a capital."""


def earliest(item: JsonObject, configuration: JsonObject) -> datetime | None:
    """Give the earliest moment at which an item shows that the resource existed; ``None`` if it shows none.

    ``resourceCreationTime`` alone would not do for an instance: it is the launch time, and that moves with every
    start, while the attachment of its first network interface and of its root volume keep their times.
    """
    return min((time for time in _signs(item, configuration) if time is not None), default=None)


def _signs(item: JsonObject, configuration: JsonObject) -> Iterator[datetime | None]:
    yield instant(item, "resourceCreationTime")
    yield from (instant(configuration, name) for name in _NAMES)
    # A network interface has no other sign of its age.
    yield instant(mapping(configuration, "attachment"), "attachTime")
    for interface in objects(configuration, "networkInterfaces"):
        attachment = mapping(interface, "attachment")
        if attachment.get("deviceIndex") == 0:
            yield instant(attachment, "attachTime")
    root = string(configuration, "rootDeviceName")
    for device in objects(configuration, "blockDeviceMappings"):
        if root and string(device, "deviceName") == root:
            yield instant(mapping(device, "ebs"), "attachTime")
