"""AWS Config's notifications, as they really come.

The shapes follow notifications of version 1.3 as the service has sent them since 2018, which were read field by field;
see also https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from trayapp.core.facts import Change
from trayapp.demo.identifiers import ACCOUNT

JsonObject = dict[str, Any]

SUBJECT_LIMIT = 100
"""Longer subjects are cut to this many characters, the last three of them dots, wherever that falls."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_ON_ITS_WAY = timedelta(milliseconds=564)
"""From looking at the resource to writing the notification; half a second is usual."""

# Spelled out, because the names that strftime gives follow the locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOON = 12
_VERBS = {Change.CREATED: "Discovered", Change.UPDATED: "Updated", Change.DELETED: "Deleted"}
_STATUSES = {Change.CREATED: "ResourceDiscovered", Change.UPDATED: "OK", Change.DELETED: "ResourceDeleted"}
_CHANGE_TYPES = {Change.CREATED: "CREATE", Change.UPDATED: "UPDATE", Change.DELETED: "DELETE"}


@dataclass(frozen=True, slots=True)
class Notification:
    """What AWS Config publishes to its topic: a subject and JSON text."""

    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as AWS Config describes it.

    Attributes:
        type: AWS Config's type name.
        id: AWS Config's id.
        name: The given name; many types have none.
        arn: The ARN.
        region: The Region's code, or ``global``.
        zone: The availability zone, or what AWS Config writes in its place.
        created: When it came to be; AWS Config does not say it of security groups, subnets, VPCs and interfaces.
        configuration: The type's own description.
        tags: Its tags.
        relationships: What it belongs to and contains, each made by ``related``.
        supplementary: What AWS Config fetched beside the configuration.
        reported_from: The Region whose recorder reports it; differs from ``region`` for global resources.
    """

    type: str
    id: str
    name: str | None
    arn: str
    region: str
    zone: str | None
    created: datetime | None
    configuration: JsonObject
    tags: Mapping[str, str] = field(default_factory=dict)
    relationships: tuple[JsonObject, ...] = ()
    supplementary: JsonObject = field(default_factory=dict)
    reported_from: str = ""


def stamp(moment: datetime) -> str:
    """Write a time as AWS Config does: UTC, milliseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def american(moment: datetime) -> str:
    """Write a time as AWS Config does within stacks, and CloudTrail within answers: ``Sep 7, 2017 8:52:48 AM``."""
    utc = moment.astimezone(UTC)
    half = "AM" if utc.hour < _NOON else "PM"
    return f"{_MONTHS[utc.month - 1]} {utc.day}, {utc.year} {utc.hour % _NOON or _NOON}:{utc:%M:%S} {half}"


def tag_list(tags: Mapping[str, str]) -> list[JsonObject]:
    """Write tags as they stand within a configuration."""
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]


def related(name: str, resource_type: str, resource_id: str | None, resource_name: str | None = None) -> JsonObject:
    """Write one relationship.

    Args:
        name: The relationship, such as ``Is contained in Vpc``.
        resource_type: The other resource's type.
        resource_id: Its id.
        resource_name: Its name, where AWS Config gives one.
    """
    return {"resourceId": resource_id, "resourceName": resource_name, "resourceType": resource_type, "name": name}


def discovered(resource: Resource, now: datetime) -> Notification:
    """Report a resource that AWS Config has not seen before, new or not."""
    return _notification(resource, Change.CREATED, _item(resource, Change.CREATED, now), {}, now)


def updated(resource: Resource, now: datetime, changes: Mapping[str, tuple[Any, Any]]) -> Notification:
    """Report a change.

    Args:
        resource: The resource as it is after the change.
        now: When AWS Config looked.
        changes: By path, such as ``Configuration.State.Name``, the value before and the value after; ``None`` for
            what was not or is not there.
    """
    return _notification(resource, Change.UPDATED, _item(resource, Change.UPDATED, now), changes, now)


def deleted(resource: Resource, now: datetime, *, remembered: bool = True) -> Notification:
    """Report a deletion: what the resource was stands only among the previous values.

    Args:
        resource: The resource as it was.
        now: When AWS Config looked.
        remembered: Whether there are previous values. In one real notification of four there are none, and mostly no
            ARN either.
    """
    item = _item(resource, Change.DELETED, now) | {
        "relationships": [],
        "configuration": None,
        "supplementaryConfiguration": {},
        "tags": {},
        "resourceName": None,
        "availabilityZone": None,
        "resourceCreationTime": None,
    }
    if not remembered:
        return _notification(resource, Change.DELETED, item | {"ARN": None}, {}, now)
    lost: dict[str, tuple[Any, Any]] = {
        f"Relationships.{index}": (relation, None) for index, relation in enumerate(resource.relationships)
    }
    lost["Configuration"] = (resource.configuration, None)
    if resource.name is not None:
        lost["ResourceName"] = (resource.name, None)
    return _notification(resource, Change.DELETED, item, lost, now)


def history_delivered(resource_type: str, region: str, bucket: str, now: datetime) -> Notification:
    """Report that the last hours' history of a type was written to the bucket: the commonest noise there is."""
    hour = now.astimezone(UTC)
    moment = f"{hour:%Y%m%dT%H%M%SZ}"
    folder = f"AWSLogs/{ACCOUNT}/Config/{region}/{hour.year}/{hour.month}/{hour.day}/ConfigHistory"
    message = {
        "s3ObjectKey": f"{folder}/{ACCOUNT}_Config_{region}_ConfigHistory_{resource_type}_{moment}_{moment}_1.json.gz",
        "s3Bucket": bucket,
        "notificationCreationTime": stamp(now),
        "messageType": "ConfigurationHistoryDeliveryCompleted",
        "recordVersion": "1.1",
    }
    subject = f"[AWS Config:{region}] Configuration History Delivery Completed for Account {ACCOUNT}"
    return Notification(_cut(subject), _json(message))


def _item(resource: Resource, change: Change, now: datetime) -> JsonObject:
    return {
        "relatedEvents": [],
        "relationships": list(resource.relationships),
        "configuration": resource.configuration,
        "supplementaryConfiguration": resource.supplementary,
        "tags": dict(resource.tags),
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": stamp(now),
        "configurationStateId": (now - _EPOCH) // timedelta(milliseconds=1),
        "awsAccountId": ACCOUNT,
        "configurationItemStatus": _STATUSES[change],
        "resourceType": resource.type,
        "resourceId": resource.id,
        "resourceName": resource.name,
        "ARN": resource.arn,
        "awsRegion": resource.region,
        "availabilityZone": resource.zone,
        "configurationStateMd5Hash": "",
        "resourceCreationTime": stamp(resource.created) if resource.created else None,
    }


def _notification(
    resource: Resource, change: Change, item: JsonObject, changes: Mapping[str, tuple[Any, Any]], now: datetime
) -> Notification:
    difference = {
        "changedProperties": {path: _changed(before, after) for path, (before, after) in changes.items()},
        "changeType": _CHANGE_TYPES[change],
    }
    message = {
        "configurationItemDiff": difference,
        "configurationItem": item,
        "notificationCreationTime": stamp(now + _ON_ITS_WAY),
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
    }
    called = item["resourceName"] or resource.id
    subject = (
        f"[AWS Config:{resource.reported_from or resource.region}] {resource.type} {called} {_VERBS[change]} "
        f"in Account {ACCOUNT}"
    )
    return Notification(_cut(subject), _json(message))


def _changed(before: object, after: object) -> JsonObject:
    kind = Change.UPDATED
    if before is None:
        kind = Change.CREATED
    elif after is None:
        kind = Change.DELETED
    return {"previousValue": before, "updatedValue": after, "changeType": _CHANGE_TYPES[kind]}


def _cut(subject: str) -> str:
    return subject if len(subject) <= SUBJECT_LIMIT else f"{subject[: SUBJECT_LIMIT - 3]}..."


def _json(document: JsonObject) -> str:
    return json.dumps(document, separators=(",", ":"))
