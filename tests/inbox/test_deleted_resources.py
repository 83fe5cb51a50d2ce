"""What is left of a resource when AWS Config says that it is gone: of most only what it was before."""

import json

import pytest

from builders import ACCOUNT_ID, INSTANCE_ID, USER_ID, Json, before, event, instance_item, notification, user_item
from inbox.samples import deleted, was
from trayapp.core.facts import EC2_INSTANCE, Change, ResourceChange
from trayapp.inbox.read import read

ARN = f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2"
CONFIGURATION = user_item()["configuration"]


def gone(item: Json | None = None, **properties: object) -> ResourceChange:
    changed = {path.replace("__", "."): was(value) for path, value in properties.items()}
    message = notification(
        item or deleted(), configurationItemDiff={"changeType": "DELETE", "changedProperties": changed}
    )
    (fact,) = read(json.dumps(message)).facts
    assert isinstance(fact, ResourceChange)
    assert fact.change is Change.DELETED
    return fact


def test_what_it_was_is_read_from_the_values_before() -> None:
    fact = gone(Configuration=CONFIGURATION, ResourceName="helpdesk2", ARN=ARN)
    assert (fact.resource_id, fact.resource_name, fact.arn) == (USER_ID, "helpdesk2", ARN)
    assert (fact.account_id, fact.region) == (ACCOUNT_ID, "global")
    assert fact.configuration == CONFIGURATION
    assert fact.born == before(minutes=3).replace(microsecond=0)


@pytest.mark.parametrize(
    ("properties", "name"),
    [
        ({"ResourceName": "by its name", "Configuration": CONFIGURATION}, "by its name"),
        ({"Configuration": CONFIGURATION}, "helpdesk2"),
        ({"Configuration": json.dumps(CONFIGURATION)}, "helpdesk2"),
        ({"Configuration": {"tags": [{"key": "Name", "value": "by its tag"}]}}, "by its tag"),
        ({"Configuration": "NOTJSON"}, ""),
        ({"ResourceName": None}, ""),
        ({}, ""),
    ],
)
def test_its_name_is_the_nearest_that_was_kept(properties: Json, name: str) -> None:
    assert gone(**properties).resource_name == name


def test_its_arn_may_stand_in_its_configuration_alone() -> None:
    assert gone(Configuration=CONFIGURATION).arn == ARN
    assert gone().arn == ""


@pytest.mark.parametrize(
    "properties",
    [
        {"Tags": {"a": "1", "b": "2"}},
        {"Tags__0": {"key": "a", "value": "1"}, "Tags__7": {"key": "b", "value": "2"}},
        {"SupplementaryConfiguration__Tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]},
        {
            "SupplementaryConfiguration__TagSet__0": {"key": "a", "value": "1"},
            "SupplementaryConfiguration__TagSet__1": {"key": "b", "value": "2"},
        },
        {"Configuration": {"tags": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}},
    ],
)
def test_its_tags_are_read_from_wherever_they_were_kept(properties: Json) -> None:
    assert gone(**properties).tags == {"a": "1", "b": "2"}


def test_an_instance_keeps_its_size_and_its_age() -> None:
    whole = instance_item()
    item = deleted(
        resourceType=EC2_INSTANCE, resourceId=INSTANCE_ID, awsRegion="ap-northeast-1", resourceCreationTime=None
    )
    fact = gone(item, Configuration=whole["configuration"], ARN=whole["ARN"])
    assert (fact.size, fact.arn) == ("t3.micro", whole["ARN"])
    assert fact.born == before(minutes=3).replace(microsecond=0)


def test_what_is_known_of_it_now_comes_before_what_was_known() -> None:
    fact = gone(deleted(resourceName="now", ARN="arn:now"), ResourceName="before", ARN="arn:before")
    assert (fact.resource_name, fact.arn) == ("now", "arn:now")


def test_an_event_leaves_out_every_empty_key() -> None:
    item = {key: value for key, value in deleted().items() if value not in (None, {}, [])}
    message = event(
        notification(
            item,
            configurationItemDiff={
                "changeType": "DELETE",
                "changedProperties": {"Configuration": {"previousValue": CONFIGURATION, "changeType": "DELETE"}},
            },
        )
    )
    (fact,) = read(json.dumps(message)).facts
    assert isinstance(fact, ResourceChange)
    assert (fact.change, fact.resource_name, fact.arn) == (Change.DELETED, "helpdesk2", ARN)


@pytest.mark.parametrize("difference", [None, {"changeType": "DELETE", "changedProperties": None}, "text"])
def test_without_any_value_before_its_type_and_id_remain(difference: object) -> None:
    (fact,) = read(json.dumps(notification(deleted(), configurationItemDiff=difference))).facts
    assert isinstance(fact, ResourceChange)
    assert (fact.change, fact.resource_id, fact.resource_name) == (Change.DELETED, USER_ID, "")
    assert (fact.configuration, fact.tags, fact.properties) == ({}, {}, ())


def test_a_notice_about_a_type_that_is_not_recorded_says_what_is_gone() -> None:
    item = deleted(configurationItemStatus="ResourceDeletedNotRecorded")
    (fact,) = read(json.dumps(notification(item, configurationItemDiff=None))).facts
    assert isinstance(fact, ResourceChange)
    assert fact.change is Change.DELETED
