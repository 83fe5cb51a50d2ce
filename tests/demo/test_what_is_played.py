"""The demo's messages: shaped like the real ones, the same at each telling, and read by trayapp as they should be.

The sets of keys below were written down from notifications that AWS Config, and records that CloudTrail, really wrote.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trayapp.core.finding import Certainty, Finding, Lane
from trayapp.core.severity import Severity
from trayapp.demo import iam, messages
from trayapp.demo.cloud import EmbeddedCloud
from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.scenarios import SCENARIOS, Scenario, Step, expected_alerts
from trayapp.inbox import judge

NOW = datetime(2026, 11, 23, 19, 14, 7, 412_000, tzinfo=UTC)
CHANGE = "ConfigurationItemChangeNotification"
IDS = Identifiers("tests")
EVENING_BOB = Identifiers("an intruder's evening").iam("AIDA", "bob")

NOTIFICATION = [
    "configurationItemDiff",
    "configurationItem",
    "notificationCreationTime",
    "messageType",
    "recordVersion",
]
ITEM = [
    "relatedEvents",
    "relationships",
    "configuration",
    "supplementaryConfiguration",
    "tags",
    "configurationItemVersion",
    "configurationItemCaptureTime",
    "configurationStateId",
    "awsAccountId",
    "configurationItemStatus",
    "resourceType",
    "resourceId",
    "resourceName",
    "ARN",
    "awsRegion",
    "availabilityZone",
    "configurationStateMd5Hash",
    "resourceCreationTime",
]
EVENT = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]
RECORD = [
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "requestParameters",
    "responseElements",
    "requestID",
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
    "tlsDetails",
]
IDENTITY = ["type", "principalId", "arn", "accountId", "accessKeyId", "userName"]
CONFIGURATIONS = {
    "AWS::EC2::Instance": """amiLaunchIndex imageId instanceId instanceType kernelId keyName launchTime monitoring
        placement platform privateDnsName privateIpAddress productCodes publicDnsName publicIpAddress ramdiskId state
        stateTransitionReason subnetId vpcId architecture blockDeviceMappings clientToken ebsOptimized enaSupport
        hypervisor iamInstanceProfile instanceLifecycle elasticGpuAssociations elasticInferenceAcceleratorAssociations
        networkInterfaces rootDeviceName rootDeviceType securityGroups sourceDestCheck spotInstanceRequestId
        sriovNetSupport stateReason tags virtualizationType cpuOptions capacityReservationId
        capacityReservationSpecification hibernationOptions licenses""",
    "AWS::EC2::NetworkInterface": """association attachment availabilityZone description groups interfaceType
        ipv6Addresses macAddress networkInterfaceId outpostArn ownerId privateDnsName privateIpAddress
        privateIpAddresses requesterId requesterManaged sourceDestCheck status subnetId tagSet vpcId""",
    "AWS::EC2::Volume": """attachments availabilityZone createTime encrypted kmsKeyId size snapshotId state volumeId
        iops tags volumeType""",
    "AWS::EC2::SecurityGroup": """description groupName ipPermissions ownerId groupId ipPermissionsEgress tags
        vpcId""",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": """loadBalancerArn dNSName canonicalHostedZoneId createdTime
        loadBalancerName scheme vpcId state type availabilityZones securityGroups ipAddressType""",
    "AWS::CloudFormation::Stack": """stackId stackName description parameters creationTime stackStatus disableRollback
        notificationARNs outputs tags""",
    "AWS::IAM::User": """path userName userId arn createDate userPolicyList groupList attachedManagedPolicies
        permissionsBoundary tags""",
}
WITHOUT_NAME = {
    "AWS::EC2::Instance",
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::Volume",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
}
WITHOUT_BIRTH = {
    "AWS::EC2::NetworkInterface",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::LaunchTemplate",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def ticking() -> Callable[[], datetime]:
    moments: Iterator[datetime] = (NOW + timedelta(milliseconds=350 * count) for count in range(10_000))
    return lambda: next(moments)


def played(scenario: Scenario) -> list[Step]:
    return list(scenario.steps(ticking()))


def everything() -> list[Step]:
    return [step for scenario in SCENARIOS for step in played(scenario)]


def told() -> list[dict[str, Any]]:
    return [json.loads(step.message) for step in everything()]


def changes() -> list[dict[str, Any]]:
    return [message for message in told() if message.get("messageType") == CHANGE]


def records() -> list[dict[str, Any]]:
    return [message["detail"] for message in told() if "detail" in message]


def findings(scenario: Scenario, least: Severity = Severity.MEDIUM) -> list[Finding]:
    found = [found for step in played(scenario) for found in judge(step.message, NOW).findings]
    return [each for each in found if each.severity >= least]


def items(resource_type: str = "AWS::") -> list[dict[str, Any]]:
    reported = [message["configurationItem"] for message in changes()]
    return [item for item in reported if item["resourceType"].startswith(resource_type)]


by_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.title)


@by_scenario
def test_the_expected_resources_are_told_of_and_as_new(scenario: Scenario) -> None:
    found = findings(scenario)

    # The account is what the pattern of a takeover is about, which no single message shows.
    assert scenario.expected - {ACCOUNT} <= {each.subject.id for each in found}
    assert {each.certainty for each in found} == {Certainty.NEW}
    assert {each.account_id for each in found} == {ACCOUNT}


@by_scenario
def test_every_message_is_understood(scenario: Scenario) -> None:
    kinds = Counter((judged.kind, judged.unreadable) for judged in (judge(s.message, NOW) for s in played(scenario)))

    assert set(kinds) <= {
        (f"config:{CHANGE}", ""),
        ("config:ConfigurationHistoryDeliveryCompleted", ""),
        ("event:AWS API Call via CloudTrail", ""),
    }


@by_scenario
def test_the_same_times_give_the_same_messages(scenario: Scenario) -> None:
    assert played(scenario) == played(scenario)


@by_scenario
def test_it_can_be_played_now_without_long_pauses(scenario: Scenario) -> None:
    before = datetime.now(UTC)
    steps = list(scenario.steps())

    assert len(steps) >= 30
    assert all(0 < step.delay_seconds <= 5 for step in steps)
    captured = [
        datetime.fromisoformat(json.loads(step.message)["configurationItem"]["configurationItemCaptureTime"])
        for step in steps
        if CHANGE in step.message
    ]
    assert before - timedelta(milliseconds=1) <= min(captured)
    assert max(captured) <= datetime.now(UTC)
    assert captured == sorted(captured)


def test_the_demonstration_takes_about_a_minute_and_shows_something_within_five_seconds() -> None:
    launch, _ = SCENARIOS
    passed, first = 0.0, 0.0
    for step in played(launch):
        passed += step.delay_seconds
        if not first and any(found.severity >= Severity.MEDIUM for found in judge(step.message, NOW).findings):
            first = passed

    assert 0 < first < 5
    assert 60 < sum(step.delay_seconds for step in everything()) < 90


def test_the_launch_is_two_small_instances_in_two_zones_of_one_stack_and_group() -> None:
    launch, _ = SCENARIOS
    found = [item for item in items("AWS::EC2::Instance") if item["resourceId"] in launch.expected]

    assert [(one.signal, one.details["size"], one.region) for one in findings(launch)] == [
        ("ec2-new", "t3.micro", "ap-northeast-1")
    ] * 2
    assert {item["availabilityZone"] for item in found} == {"ap-northeast-1a", "ap-northeast-1c"}
    assert {item["tags"]["aws:cloudformation:stack-name"] for item in found} == {"web"}
    assert len({item["tags"]["aws:autoscaling:groupName"] for item in found}) == 1


def test_each_launched_instance_brings_six_messages() -> None:
    launch, _ = SCENARIOS
    launched = [json.loads(step.message) for step in played(launch)]
    kinds = [(one["configurationItem"]["resourceType"], one["configurationItemDiff"]["changeType"]) for one in launched]

    starts = [place for place, kind in enumerate(kinds) if kind == ("AWS::EC2::Instance", "CREATE")]
    assert len(starts) == 2
    for start in starts:
        assert kinds[start : start + 6] == [
            ("AWS::EC2::Instance", "CREATE"),
            ("AWS::EC2::NetworkInterface", "CREATE"),
            ("AWS::EC2::Volume", "CREATE"),
            ("AWS::EC2::SecurityGroup", "UPDATE"),
            ("AWS::EC2::Subnet", "UPDATE"),
            ("AWS::EC2::VPC", "UPDATE"),
        ]


def test_the_intruder_is_a_user_with_all_power_owners_deleted_and_eight_big_machines_in_sao_paulo() -> None:
    _, evening = SCENARIOS
    by_call = [found for found in findings(evening) if found.lane is Lane.CLOUDTRAIL]

    assert [(one.signal, one.subject.name, one.region) for one in by_call] == [
        ("iam-user-new", "helpdesk2", "us-east-1"),
        ("iam-user-admin", "helpdesk2", "us-east-1"),
        ("key-new", "", "us-east-1"),
        ("iam-user-gone", "alice", "us-east-1"),
        ("iam-user-gone", "bob", "us-east-1"),
        *[("ec2-large", "", "sa-east-1")] * 8,
        ("watch-recorder", "default", "us-east-1"),
    ]
    assert {(one.actor.name, one.actor.key_id, one.address) for one in by_call if one.actor} == {
        ("deploy", "AKIAEXAMPLE7LEAKED01", "198.51.100.23")
    }


def test_both_lanes_tell_the_same_happenings_but_what_only_one_can_know() -> None:
    _, evening = SCENARIOS
    by_lane = {
        lane: {found.fingerprint for found in findings(evening) if found.lane is lane}
        for lane in (Lane.CLOUDTRAIL, Lane.CONFIG)
    }
    by_call, by_config = by_lane[Lane.CLOUDTRAIL], by_lane[Lane.CONFIG]

    # AWS Config knows no keys, and nothing of its own end; of the last user deleted it has forgotten the name.
    assert {mark.partition(":")[0] for mark in by_call - by_config} == {"key-new", "watch-recorder", "iam-user-gone"}
    assert {mark.partition(":")[0] for mark in by_config - by_call} == {"iam-user-gone"}


def test_each_call_is_told_before_what_came_of_it() -> None:
    _, evening = SCENARIOS
    first: dict[str, Lane] = {}
    for found in findings(evening):
        first.setdefault(found.fingerprint, found.lane)

    assert all(lane is Lane.CLOUDTRAIL for mark, lane in first.items() if EVENING_BOB not in mark)


def test_the_intruder_becomes_administrator_and_the_owners_are_deleted() -> None:
    users = items("AWS::IAM::User")

    powers = [one["configuration"]["attachedManagedPolicies"] for one in users if one["configuration"]]
    assert [{"policyName": "AdministratorAccess", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}] in powers
    assert [one["configurationItemStatus"] for one in users].count("ResourceDeleted") == 2


def test_the_new_user_is_reported_by_two_recorders_alike() -> None:
    _, evening = SCENARIOS
    reports = [
        (step.sent.subject, judged.findings[0].fingerprint)
        for step in played(evening)
        if isinstance(step.sent, messages.Notification)
        and (judged := judge(step.message, NOW)).findings
        and judged.findings[0].signal == "iam-user-new"
    ]

    assert [subject.partition("]")[0] for subject, _ in reports] == ["[AWS Config:us-east-1", "[AWS Config:sa-east-1"]
    assert len({fingerprint for _, fingerprint in reports}) == 1


def test_what_was_there_before_is_discovered_as_well_but_not_told_of() -> None:
    _, evening = SCENARIOS
    existing = [fingerprint for step in played(evening) for fingerprint in judge(step.message, NOW).existing]

    assert Counter(fingerprint.partition(":")[0] for fingerprint in existing) == {"ec2-new": 2, "iam-user-new": 1}


def test_one_old_machine_was_launched_today_and_only_its_parts_show_its_age() -> None:
    old = [one for one in items("AWS::EC2::Instance") if one["resourceId"] not in expected_alerts()]
    restarted = [one for one in old if one["resourceCreationTime"] > "2026-11-23"]

    assert len(old) == 2
    assert len(restarted) == 1
    (interface,) = restarted[0]["configuration"]["networkInterfaces"]
    assert interface["attachment"]["attachTime"] < "2026-11"


def test_all_expected_alerts_are_those_of_the_scenarios() -> None:
    assert len(expected_alerts()) == 2 + 13
    assert expected_alerts() == frozenset().union(*(scenario.expected for scenario in SCENARIOS))


def test_notification_and_item_have_the_real_ones_keys_in_their_order() -> None:
    for message in changes():
        assert list(message) == NOTIFICATION
        assert list(message["configurationItem"]) == ITEM
        assert list(message["configurationItemDiff"]) == ["changedProperties", "changeType"]
        for changed in message["configurationItemDiff"]["changedProperties"].values():
            assert list(changed) == ["previousValue", "updatedValue", "changeType"]
            assert (changed["previousValue"], changed["updatedValue"]) != (None, None)
        for relation in message["configurationItem"]["relationships"]:
            assert list(relation) == ["resourceId", "resourceName", "resourceType", "name"]
            assert relation["resourceId"]


@pytest.mark.parametrize("resource_type", CONFIGURATIONS)
def test_a_configuration_has_the_real_ones_keys_in_their_order(resource_type: str) -> None:
    described = [one["configuration"] for one in items(resource_type) if one["configuration"] is not None]

    assert described
    for configuration in described:
        assert list(configuration) == CONFIGURATIONS[resource_type].split()


def test_items_say_and_leave_out_what_the_real_ones_do() -> None:
    for message in changes():
        item, change = message["configurationItem"], message["configurationItemDiff"]["changeType"]
        assert (message["recordVersion"], item["configurationItemVersion"]) == ("1.3", "1.3")
        assert (item["relatedEvents"], item["configurationStateMd5Hash"]) == ([], "")
        captured = datetime.fromisoformat(item["configurationItemCaptureTime"])
        assert item["configurationStateId"] == round(captured.timestamp() * 1000)
        assert TIME.fullmatch(item["configurationItemCaptureTime"])
        assert TIME.fullmatch(message["notificationCreationTime"])
        if change == "DELETE":
            continue
        assert item["ARN"].startswith("arn:aws:")
        assert (item["resourceName"] is None) == (item["resourceType"] in WITHOUT_NAME)
        assert (item["resourceCreationTime"] is None) == (item["resourceType"] in WITHOUT_BIRTH)
        assert item["configurationItemStatus"] == {"CREATE": "ResourceDiscovered", "UPDATE": "OK"}[change]
        assert bool(message["configurationItemDiff"]["changedProperties"]) == (change == "UPDATE")


def test_users_roles_and_policies_are_global() -> None:
    for item in items("AWS::IAM::"):
        assert item["awsRegion"] == "global"
    assert {item["resourceType"] for item in items("AWS::IAM::")} == {
        "AWS::IAM::User",
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
    }


def test_every_kind_of_resource_that_the_demo_knows_is_played() -> None:
    assert {item["resourceType"] for item in items()} == {
        *CONFIGURATIONS,
        "AWS::AutoScaling::AutoScalingGroup",
        "AWS::EC2::LaunchTemplate",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
    }


def test_identifiers_have_aws_s_forms_and_no_two_resources_share_one() -> None:
    forms = {
        "AWS::EC2::Instance": r"i-0[0-9a-f]{16}",
        "AWS::EC2::NetworkInterface": r"eni-0[0-9a-f]{16}",
        "AWS::EC2::Volume": r"vol-0[0-9a-f]{16}",
        "AWS::EC2::SecurityGroup": r"sg-0[0-9a-f]{16}",
        "AWS::IAM::User": r"AIDA[A-Z2-7]{17}",
        "AWS::IAM::Role": r"AROA[A-Z2-7]{17}",
        "AWS::IAM::Policy": r"ANPA[A-Z2-7]{17}",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": r"arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/.+",
    }
    for item in items():
        assert re.fullmatch(forms.get(item["resourceType"], ".+"), item["resourceId"])
    addresses = {item["resourceId"]: item["configuration"]["privateIpAddress"] for item in items("AWS::EC2::Instance")}
    places = {
        (item["configuration"]["subnetId"], item["configuration"]["privateIpAddress"])
        for item in items("AWS::EC2::Instance")
    }
    assert len(places) == len(addresses)


def test_subjects_are_cut_to_a_hundred_characters_as_the_real_ones_are() -> None:
    subjects = [step.sent.subject for step in everything() if isinstance(step.sent, messages.Notification)]

    assert max(map(len, subjects)) == 100
    cut = [subject for subject in subjects if len(subject) == 100]
    assert all(subject.endswith("...") for subject in cut)
    assert "[AWS Config:us-east-1] AWS::IAM::User helpdesk2 Discovered in Account 123456789012" in subjects


def test_a_deletion_keeps_what_was_only_among_the_previous_values() -> None:
    gone = iam.user(IDS, "alice", NOW - timedelta(days=900), groups=["Administrators"])

    message = json.loads(messages.deleted(gone, NOW).message)

    item, lost = message["configurationItem"], message["configurationItemDiff"]["changedProperties"]
    assert (item["resourceName"], item["availabilityZone"], item["resourceCreationTime"]) == (None, None, None)
    assert (item["configuration"], item["relationships"], item["tags"]) == (None, [], {})
    assert item["ARN"] == "arn:aws:iam::123456789012:user/alice"
    assert lost["ResourceName"] == {"previousValue": "alice", "updatedValue": None, "changeType": "DELETE"}
    assert lost["Configuration"]["previousValue"]["userName"] == "alice"
    assert lost["Relationships.0"]["previousValue"]["resourceName"] == "Administrators"


def test_a_deletion_may_remember_nothing_but_type_and_id() -> None:
    gone = iam.user(IDS, "bob", NOW - timedelta(days=900))

    notification = messages.deleted(gone, NOW, remembered=False)

    assert "bob" not in notification.message
    assert "bob" not in notification.subject
    assert json.loads(notification.message)["configurationItem"]["ARN"] is None
    assert gone.id in notification.subject


def test_a_change_says_whether_a_value_came_changed_or_went() -> None:
    user = iam.user(IDS, "alice", NOW)
    notification = messages.updated(user, NOW, {"Tags.0": (None, "a"), "Tags.1": ("a", "b"), "Tags.2": ("b", None)})

    changed = json.loads(notification.message)["configurationItemDiff"]["changedProperties"]

    assert [changed[f"Tags.{index}"]["changeType"] for index in range(3)] == ["CREATE", "UPDATE", "DELETE"]


@pytest.mark.parametrize(
    ("hour", "written"), [(0, "12:05:09 AM"), (8, "8:05:09 AM"), (12, "12:05:09 PM"), (23, "11:05:09 PM")]
)
def test_stacks_write_their_times_the_american_way(hour: int, written: str) -> None:
    assert messages.american(datetime(2026, 9, 7, hour, 5, 9, tzinfo=UTC)) == f"Sep 7, 2026 {written}"


def test_records_of_calls_have_the_real_ones_keys_in_their_order() -> None:
    assert records()
    for event in told():
        if "detail" in event:
            assert list(event) == EVENT
            assert event["source"] == f"aws.{event['detail']['eventSource'].partition('.')[0]}"
            assert event["time"] == event["detail"]["eventTime"]
    for record in records():
        assert list(record) == RECORD
        assert list(record["userIdentity"]) == IDENTITY
    assert len({record["eventID"] for record in records()}) == len(records())


@by_scenario
def test_a_scenario_sent_to_the_cloud_arrives_in_the_queue_whole(scenario: Scenario) -> None:
    with EmbeddedCloud() as cloud:
        steps = played(scenario)
        for step in steps:
            cloud.send(step.sent)
        sqs = cloud.client("sqs")
        published: list[tuple[str, str]] = []
        events: list[dict[str, Any]] = []
        while got := sqs.receive_message(QueueUrl=cloud.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get(
            "Messages"
        ):
            bodies = [json.loads(message["Body"]) for message in got]
            published += [(body["Subject"], body["Message"]) for body in bodies if "TopicArn" in body]
            events += [body for body in bodies if "detail" in body]
            assert {body["TopicArn"] for body in bodies if "TopicArn" in body} <= {cloud.topic_arn}

    notifications = [step.sent for step in steps if isinstance(step.sent, messages.Notification)]
    calls = [json.loads(step.message) for step in steps if not isinstance(step.sent, messages.Notification)]
    assert sorted(published) == sorted((sent.subject, sent.message) for sent in notifications)
    assert sorted(map(essence, events)) == sorted(map(essence, calls))


def essence(event: dict[str, Any]) -> str:
    """Give what neither EventBridge nor moto makes of its own; moto leaves the account away."""
    return json.dumps({key: event[key] for key in ("detail-type", "source", "time", "detail")}, sort_keys=True)
