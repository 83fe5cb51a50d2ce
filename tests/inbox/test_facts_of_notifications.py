"""What a notification of AWS Config says of a resource."""

import json
from datetime import UTC, datetime

import pytest

from builders import (
    ACCOUNT_ID,
    INSTANCE_ID,
    USER_ID,
    Json,
    before,
    envelope,
    event,
    instance_configuration,
    instance_item,
    notification,
    user_item,
    written,
)
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Change, PropertyChange, ResourceChange
from trayapp.inbox.read import read


def fact_of(message: Json) -> ResourceChange:
    (fact,) = read(json.dumps(message)).facts
    assert isinstance(fact, ResourceChange)
    return fact


def test_every_field_of_a_user_is_read() -> None:
    assert fact_of(notification(user_item())) == ResourceChange(
        account_id=ACCOUNT_ID,
        region="global",
        resource_type=IAM_USER,
        resource_id=USER_ID,
        resource_name="helpdesk2",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
        change=Change.CREATED,
        captured=before(minutes=1).replace(microsecond=0),
        born=before(minutes=3).replace(microsecond=0),
        configuration=user_item()["configuration"],
        state=1795432420000,
    )


def test_every_field_of_an_instance_is_read() -> None:
    fact = fact_of(notification(instance_item()))
    assert (fact.resource_type, fact.resource_id, fact.region) == (EC2_INSTANCE, INSTANCE_ID, "ap-northeast-1")
    assert (fact.resource_name, fact.size, fact.tags) == ("web", "t3.micro", {"Name": "web"})
    assert fact.configuration == instance_item()["configuration"]


def test_the_spelling_of_the_services_own_api_is_read_too() -> None:
    item = instance_item(accountId=ACCOUNT_ID, arn=f"arn:aws:ec2:ap-northeast-1:{ACCOUNT_ID}:instance/x")
    del item["awsAccountId"], item["ARN"]
    item["configuration"] = json.dumps(item["configuration"])
    fact = fact_of(notification(item))
    assert (fact.account_id, fact.arn[-2:], fact.size) == (ACCOUNT_ID, "/x", "t3.micro")


def test_keys_without_a_value_may_be_left_out_as_eventbridge_does() -> None:
    item = {key: value for key, value in instance_item().items() if value is not None}
    assert fact_of(notification(item)) == fact_of(notification(instance_item()))


@pytest.mark.parametrize(
    ("change_type", "status", "change"),
    [
        ("CREATE", "ResourceDiscovered", Change.CREATED),
        ("CREATE", "ResourceNotRecorded", Change.CREATED),
        ("UPDATE", "OK", Change.UPDATED),
        ("DELETE", "ResourceDeleted", Change.DELETED),
        (None, "ResourceDiscovered", Change.CREATED),
        (None, "ResourceDeleted", Change.DELETED),
        (None, "ResourceDeletedNotRecorded", Change.DELETED),
        (None, "ResourceNotRecorded", Change.CREATED),
        (None, "OK", Change.UPDATED),
        (None, None, Change.UPDATED),
        ("SOMETHING", "ResourceDiscovered", Change.CREATED),
    ],
)
def test_the_change_is_told_by_the_difference_or_else_by_the_status(
    change_type: str | None, status: str | None, change: Change
) -> None:
    message = notification(user_item(configurationItemStatus=status))
    message["configurationItemDiff"]["changeType"] = change_type
    assert fact_of(message).change is change


def test_the_difference_may_be_null() -> None:
    assert fact_of(notification(user_item(), configurationItemDiff=None)).change is Change.CREATED


@pytest.mark.parametrize(
    ("item", "resource_id"),
    [
        (user_item(), USER_ID),
        (user_item(resourceId=None), f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2"),
        (user_item(resourceId=None, ARN=None), "helpdesk2"),
        (user_item(resourceId=12345), "12345"),
        (user_item(resourceId=True, ARN={}, resourceName="x"), "x"),
    ],
)
def test_a_resource_is_known_by_its_id_or_what_comes_nearest(item: Json, resource_id: str) -> None:
    assert fact_of(notification(item)).resource_id == resource_id


@pytest.mark.parametrize(
    ("changes", "account_id"),
    [
        ({"awsAccountId": int(ACCOUNT_ID)}, ACCOUNT_ID),
        ({"awsAccountId": None}, ACCOUNT_ID),
        ({"awsAccountId": None, "ARN": "no:arn"}, ""),
        ({"awsAccountId": None, "ARN": None}, ""),
    ],
)
def test_the_account_is_read_from_the_item_or_else_from_the_arn(changes: Json, account_id: str) -> None:
    assert fact_of(notification(user_item(**changes))).account_id == account_id


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "helpdesk2"),
        ({"resourceName": None}, "helpdesk2"),
        ({"resourceName": None, "configuration": None}, ""),
        ({"resourceName": None, "configuration": None, "tags": {"Name": "tagged"}}, "tagged"),
        ({"resourceName": ["x"], "configuration": "no JSON {", "tags": [{"key": "Name"}]}, ""),
        ({"resourceName": None, "configuration": "[1]"}, ""),
    ],
)
def test_the_name_is_read_from_wherever_there_is_one(changes: Json, name: str) -> None:
    assert fact_of(notification(user_item(**changes))).resource_name == name


def test_a_configuration_nested_too_deeply_does_not_cost_the_fact() -> None:
    assert fact_of(notification(user_item(configuration='{"a":' * 200_000))).resource_name == "helpdesk2"


LONG_AGO = before(days=200).replace(microsecond=0)
JUST_NOW = before(minutes=2).replace(microsecond=0)


@pytest.mark.parametrize(
    "item",
    [
        user_item(resourceCreationTime=written(LONG_AGO)),
        user_item(resourceCreationTime=None, configuration={"createDate": written(LONG_AGO)}),
        user_item(resourceCreationTime=None, configuration={"createdTime": written(LONG_AGO)}),
        instance_item(resourceCreationTime=None, configuration={"launchTime": written(LONG_AGO)}),
        instance_item(resourceCreationTime=None, configuration={"CreatedTimestamp": str(int(LONG_AGO.timestamp()))}),
        user_item(resourceCreationTime=None, configuration={"createdTime": LONG_AGO.timestamp() * 1000}),
        user_item(resourceCreationTime=None, configuration={"attachment": {"attachTime": written(LONG_AGO)}}),
        instance_item(configuration=instance_configuration(JUST_NOW, LONG_AGO)),
        instance_item(configuration=instance_configuration(JUST_NOW, LONG_AGO, blockDeviceMappings=[])),
        instance_item(configuration=instance_configuration(JUST_NOW, LONG_AGO, networkInterfaces=None)),
    ],
    ids=[
        "the time of creation",
        "a user's createDate",
        "createdTime",
        "an instance's launch",
        "the seconds of newer types",
        "the milliseconds of an older type",
        "the attachment of a network interface",
        "interface and root volume",
        "the first interface alone",
        "the root volume alone",
    ],
)
def test_the_earliest_sign_of_existence_counts(item: Json) -> None:
    assert fact_of(notification(item)).born == LONG_AGO


@pytest.mark.parametrize(
    "changes",
    [
        {"networkInterfaces": [{"attachment": {"attachTime": written(LONG_AGO), "deviceIndex": 1}}]},
        {"networkInterfaces": [{"attachment": {"attachTime": written(LONG_AGO)}}, "text", {"attachment": None}, {}]},
        {"blockDeviceMappings": [{"deviceName": "/dev/sdf", "ebs": {"attachTime": written(LONG_AGO)}}, {"ebs": 1}, 7]},
        {"rootDeviceName": None, "blockDeviceMappings": [{"ebs": {"attachTime": written(LONG_AGO)}}]},
    ],
)
def test_other_interfaces_and_volumes_say_nothing_of_the_instances_age(changes: Json) -> None:
    item = instance_item(resourceCreationTime=None, configuration=instance_configuration(JUST_NOW, JUST_NOW, **changes))
    assert fact_of(notification(item)).born == JUST_NOW


def test_without_any_sign_of_existence_there_is_no_birth() -> None:
    assert fact_of(notification(user_item(resourceCreationTime=None, configuration=None))).born is None


SOME_TIME = datetime(2026, 11, 23, 11, 12, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("spelling", "moment"),
    [
        ("2026-11-23T11:12:13Z", SOME_TIME),
        ("2026-11-23T11:12:13.000Z", SOME_TIME),
        (" 2026-11-23T20:12:13+09:00 ", SOME_TIME),
        ("2026-11-23T11:12:13", SOME_TIME),
        ("2026-11-23T11:12:13UTC", SOME_TIME),
        ("2026-11-23 11:12:13 UTC", SOME_TIME),
        (SOME_TIME.timestamp(), SOME_TIME),
        (int(SOME_TIME.timestamp()), SOME_TIME),
        (SOME_TIME.timestamp() * 1000, SOME_TIME),
        (str(int(SOME_TIME.timestamp())), SOME_TIME),
        (str(int(SOME_TIME.timestamp()) * 1000), SOME_TIME),
        ("Nov 23, 2026 11:12:13 AM", SOME_TIME),
        ("Mon, 23 Nov 2026 11:12:13 GMT", SOME_TIME),
        ("23 Nov 2026 11:12:13", SOME_TIME),
        ("Mon, 31 Nov 2026 11:12:13 GMT", None),
        ("", None),
        (True, None),
        ([2026], None),
        (10**30, None),
        (1e300, None),
        (-1, None),
        (SOME_TIME.timestamp() * 1000_000, None),
        ("0001-01-01T00:00:00+14:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_a_time_is_read_in_every_spelling_and_nonsense_is_as_good_as_none(
    spelling: object, moment: datetime | None
) -> None:
    assert fact_of(notification(user_item(resourceCreationTime=spelling, configuration=None))).born == moment


def test_a_number_too_large_for_a_time_is_none() -> None:
    text = json.dumps(notification(user_item(resourceCreationTime="HUGE", configuration=None)))
    (fact,) = read(text.replace('"HUGE"', "1e999")).facts
    assert isinstance(fact, ResourceChange)
    assert fact.born is None


def test_without_a_capture_time_the_time_of_sending_stands_in() -> None:
    fact = fact_of(
        notification(user_item(configurationItemCaptureTime=None), notificationCreationTime=written(JUST_NOW))
    )
    assert fact.captured == JUST_NOW


def test_daily_recording_is_noticed() -> None:
    assert fact_of(notification(user_item(recordingFrequency="DAILY"))).daily
    assert not fact_of(notification(user_item(recordingFrequency="CONTINUOUS"))).daily


def test_half_a_surrogate_pair_becomes_something_that_can_be_stored() -> None:
    fact = fact_of(notification(user_item(resourceName="a\ud800b", resourceId="\udfff")))
    assert fact.resource_name.encode() == b"a?b"
    assert fact.resource_id.encode() == b"?"


def test_several_items_in_one_notification_are_several_facts() -> None:
    facts = read(json.dumps(notification({}) | {"configurationItem": [user_item(), instance_item(), None]})).facts
    assert [fact.resource_type for fact in facts if isinstance(fact, ResourceChange)] == [IAM_USER, EC2_INSTANCE]


@pytest.mark.parametrize("wrong", [None, True, 7, 1.5, "text", [], ["x"], {}, {"x": "y"}])
def test_a_value_of_the_wrong_type_is_as_good_as_none(wrong: object) -> None:
    needed = ("resourceType", "resourceId")
    message = notification({key: value if key in needed else wrong for key, value in instance_item().items()})
    fact = fact_of(message)
    assert (fact.resource_type, fact.resource_id, fact.change) == (EC2_INSTANCE, INSTANCE_ID, Change.CREATED)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"configuration": {"groupName": "web servers"}}, "web servers"),
        ({"configuration": {"roleName": "deploy"}}, "deploy"),
        ({"configuration": {"policyName": "all"}, "tags": {"Name": "tagged"}}, "all"),
    ],
)
def test_the_name_that_a_type_has_in_its_configuration_is_a_name(changes: Json, name: str) -> None:
    assert fact_of(notification(user_item(resourceName=None, **changes))).resource_name == name


@pytest.mark.parametrize(
    ("changes", "tags"),
    [
        ({"tags": {"a": "1", "b": "2"}}, {"a": "1", "b": "2"}),
        ({"tags": {"a": 1, "b": None, "c": ["x"]}}, {"a": "1"}),
        ({"tags": [{"key": "a", "value": "1"}, {"Key": "b", "Value": "2"}, {"value": "x"}, 7]}, {"a": "1", "b": "2"}),
        ({"tags": None, "configuration": {"tags": [{"key": "a", "value": "1"}]}}, {"a": "1"}),
        ({"tags": {}, "configuration": {"tagSet": [{"key": "a", "value": "1"}]}}, {"a": "1"}),
        ({"tags": {}, "supplementaryConfiguration": {"Tags": [{"key": "a", "value": "1"}]}}, {"a": "1"}),
        ({"tags": {}, "configuration": None}, {}),
    ],
)
def test_tags_are_read_from_wherever_a_type_keeps_them(changes: Json, tags: dict[str, str]) -> None:
    assert fact_of(notification(user_item(**changes))).tags == tags


CHANGED = {
    "Configuration.State.Name": {"previousValue": "running", "updatedValue": "stopped", "changeType": "UPDATE"},
    "Configuration.Groups.0": {"updatedValue": {"groupId": "sg-1"}, "changeType": "CREATE"},
    "Tags.0": {"previousValue": {"key": "Name", "value": "old"}, "updatedValue": None, "changeType": "DELETE"},
    "Damaged": "NOTJSON",
}


def test_what_changed_is_read_in_the_order_in_which_it_is_written() -> None:
    message = notification(
        instance_item(), "UPDATE", configurationItemDiff={"changeType": "UPDATE", "changedProperties": CHANGED}
    )
    assert fact_of(message).properties == (
        PropertyChange("Configuration.State.Name", "running", "stopped"),
        PropertyChange("Configuration.Groups.0", None, {"groupId": "sg-1"}),
        PropertyChange("Tags.0", {"key": "Name", "value": "old"}, None),
    )


def test_a_tag_that_was_taken_off_is_no_tag_any_more() -> None:
    changed = {"changeType": "UPDATE", "changedProperties": CHANGED}
    assert fact_of(notification(instance_item(tags={}), configurationItemDiff=changed)).tags == {}


@pytest.mark.parametrize(
    ("written_as", "state"),
    [
        (1795432420000, 1795432420000),
        ("1795432420000", 1795432420000),
        (8, 8),
        (None, 0),
        (True, 0),
        (1.5, 0),
        (-3, 0),
        ("3e660fdf-4e34-4f32-afeb-0ace5bf3d63a", 0),
        (2**63 - 1, 2**63 - 1),
        (2**63, 0),
        (10**400, 0),
        ("\N{ARABIC-INDIC DIGIT ONE}", 0),
        ("", 0),
    ],
)
def test_the_state_is_a_number_that_can_be_kept(written_as: object, state: int) -> None:
    assert fact_of(notification(user_item(configurationStateId=written_as))).state == state


def test_the_events_behind_a_change_are_read() -> None:
    assert fact_of(notification(user_item(relatedEvents=["a", 7, None, "b"]))).events == ("a", "b")
    assert fact_of(notification(user_item(relatedEvents="a"))).events == ()


def capitalized(value: Json) -> Json:
    return {key.capitalize(): item for key, item in value.items()}


def test_keys_may_be_spelt_in_other_capitals() -> None:
    message = capitalized(notification(capitalized(instance_item()), "DELETE"))
    assert "Configurationitemdiff" in message
    assert fact_of(message) == fact_of(notification(instance_item(), "DELETE"))


@pytest.mark.parametrize(
    ("changes", "region"),
    [
        ({}, "ap-northeast-1"),
        ({"awsRegion": None}, "ap-northeast-1"),
        ({"awsRegion": None, "ARN": None, "availabilityZone": "us-west-2b"}, "us-west-2"),
        ({"awsRegion": None, "ARN": None, "availabilityZone": "Not Applicable"}, ""),
        ({"awsRegion": None, "ARN": None, "availabilityZone": None, "resourceType": IAM_USER}, "global"),
    ],
)
def test_the_region_is_read_from_wherever_there_is_one(changes: Json, region: str) -> None:
    assert fact_of(notification(instance_item(**changes))).region == region


def test_what_the_item_leaves_out_is_taken_from_the_event_around_it() -> None:
    missing = {"awsAccountId": None, "ARN": None, "awsRegion": None, "availabilityZone": None}
    fact = fact_of(event(notification(instance_item(**missing, configurationItemCaptureTime=None))))
    assert (fact.account_id, fact.region) == (ACCOUNT_ID, "us-east-1")
    without_times = notification(instance_item(configurationItemCaptureTime=None), notificationCreationTime=None)
    assert fact_of(event(without_times)).captured == datetime(2026, 11, 23, 11, 13, 42, tzinfo=UTC)
    assert fact_of(envelope(without_times)).captured == datetime(2026, 11, 23, 11, 13, 43, 1000, tzinfo=UTC)
