"""One configuration item of AWS Config, made into a fact.

Fields: https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html, which spells some of them
another way than the notifications do. EventBridge leaves out every key whose value would be null.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from trayapp.core.arns import account_of, region_of
from trayapp.core.facts import EC2_INSTANCE, Change, ResourceChange
from trayapp.core.language import mark
from trayapp.core.regions import GLOBAL, is_region
from trayapp.inbox.births import earliest
from trayapp.inbox.difference import Difference
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import (
    JsonObject,
    account,
    embedded,
    first_string,
    mapping,
    pure,
    respelt,
    string,
    strings,
    whole_number,
)
from trayapp.inbox.reading import Unreadable
from trayapp.inbox.times import instant

_KEYS = (
    "ARN",
    "accountId",
    "awsAccountId",
    "awsRegion",
    "changeType",
    "configuration",
    "configurationItemCaptureTime",
    "configurationItemStatus",
    "configurationStateId",
    "recordingFrequency",
    "relatedEvents",
    "resourceCreationTime",
    "resourceId",
    "resourceName",
    "resourceType",
    "supplementaryConfiguration",
    "tags",
)
_CHANGES = {"CREATE": Change.CREATED, "UPDATE": Change.UPDATED, "DELETE": Change.DELETED}
_STATUSES = {
    "ResourceDiscovered": Change.CREATED,
    # "Discovered, but its configuration was not recorded": a notice for a type that the recorder leaves out.
    "ResourceNotRecorded": Change.CREATED,
    "ResourceDeleted": Change.DELETED,
    "ResourceDeletedNotRecorded": Change.DELETED,
}
_NAMES = ("userName", "roleName", "groupName", "policyName")
_TAGS = ("tags", "tagSet", "Tags", "TagSet")


def change_of(item: JsonObject, difference: Difference, sent: datetime | None, event: Event) -> ResourceChange:
    """Make one configuration item into a fact.

    Args:
        item: The item, or the summary of one that is too large to be sent.
        difference: What changed.
        sent: When its notification was written; stands in where the item does not say when AWS Config looked.
        event: What stands around the notification.

    Raises:
        Unreadable: It does not say which resource it is of.
    """
    item = respelt(item, *_KEYS)
    change = _change(item, difference)
    # Of a deleted resource the item itself tells only the type and the id.
    past = difference if change is Change.DELETED else Difference()
    past_configuration = past.object_before("Configuration")
    configuration = embedded(item, "configuration") or past_configuration
    arn = first_string(string(item, "ARN"), past.text_before("ARN"), string(past_configuration, "arn"))
    resource_type = string(item, "resourceType")
    resource_id = first_string(string(item, "resourceId"), arn, string(item, "resourceName"))
    if not resource_type or not resource_id:
        raise Unreadable(mark("its configuration item names no resource"))
    tags = _tags(item, configuration, past)
    return ResourceChange(
        account_id=first_string(
            account(item, "awsAccountId"), account(item, "accountId"), account_of(arn), event.account_id
        ),
        region=_region(item, resource_type, arn, event),
        resource_type=resource_type,
        resource_id=resource_id,
        resource_name=_name(item, configuration, past, tags),
        arn=arn,
        change=change,
        captured=instant(item, "configurationItemCaptureTime") or sent or event.happened,
        born=earliest(item, configuration),
        daily=string(item, "recordingFrequency") == "DAILY",
        size=string(configuration, "instanceType") if resource_type == EC2_INSTANCE else "",
        tags=tags,
        configuration=pure(configuration),
        properties=difference.properties(),
        events=strings(item, "relatedEvents"),
        state=whole_number(item, "configurationStateId"),
    )


def _change(item: JsonObject, difference: Difference) -> Change:
    """Read what happened: from the difference, else from the item's summary, else from its status."""
    by_status = _STATUSES.get(string(item, "configurationItemStatus"), Change.UPDATED)
    by_summary = _CHANGES.get(string(item, "changeType"), by_status)
    return _CHANGES.get(difference.change_type, by_summary)


def _region(item: JsonObject, resource_type: str, arn: str, event: Event) -> str:
    if region := string(item, "awsRegion"):
        return region
    if resource_type.startswith("AWS::IAM::"):
        return GLOBAL
    # The first version of the service named only the zone: us-west-2b is in us-west-2.
    zone = string(item, "availabilityZone")[:-1]
    return next((region for region in (region_of(arn), zone) if is_region(region)), event.region)


def _name(item: JsonObject, configuration: JsonObject, past: Difference, tags: Mapping[str, str]) -> str:
    return first_string(
        string(item, "resourceName"),
        past.text_before("ResourceName"),
        *(string(configuration, key) for key in _NAMES),
        tags.get("Name", ""),
    )


def _tags(item: JsonObject, configuration: JsonObject, past: Difference) -> dict[str, str]:
    return next(filter(None, map(_as_tags, _tag_places(item, configuration, past))), {})


def _tag_places(item: JsonObject, configuration: JsonObject, past: Difference) -> Iterator[Any]:
    yield item.get("tags")
    yield from (configuration.get(name) for name in _TAGS)
    supplement = mapping(item, "supplementaryConfiguration")
    yield from (supplement.get(name) for name in _TAGS)
    for path in ("Tags", "SupplementaryConfiguration.Tags", "SupplementaryConfiguration.TagSet"):
        yield past.before(path)
        yield past.list_before(path)


def _as_tags(value: Any) -> dict[str, str]:  # noqa: ANN401 - it comes straight out of JSON
    """Read tags, which are an object in some places and a list of keys with values in others."""
    if isinstance(value, list):
        pairs = [respelt(pair, "key", "value") for pair in value if isinstance(pair, dict)]
        value = {string(pair, "key"): string(pair, "value") for pair in pairs if string(pair, "key")}
    if not isinstance(value, dict):
        return {}
    names = pure({key: string(value, key) for key, kept in value.items() if isinstance(kept, str | int)})
    return {key: str(kept) for key, kept in names.items()}
