"""The demo's messages: shaped like the real ones, the same at each telling, and read by trayapp as they should be.

The sets of keys below were written down from notifications that AWS Config really sent.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trayapp.core.alerts import Certainty, Signal
from trayapp.demo import iam, messages
from trayapp.demo.cloud import EmbeddedCloud
from trayapp.demo.identifiers import Identifiers
from trayapp.demo.scenarios import SCENARIOS, Scenario, Step, expected_alerts
from trayapp.inbox import judge

NOW = datetime(2026, 11, 23, 19, 14, 7, 412_000, tzinfo=UTC)
CHANGE = "ConfigurationItemChangeNotification"
IDS = Identifiers("tests")

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


def changes() -> list[dict[str, Any]]:
    told = [json.loads(step.message) for step in everything()]
    return [message for message in told if message["messageType"] == CHANGE]


def items(resource_type: str = "AWS::") -> list[dict[str, Any]]:
    told = [message["configurationItem"] for message in changes()]
    return [item for item in told if item["resourceType"].startswith(resource_type)]


by_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.title)


@by_scenario
def test_exactly_the_expected_resources_are_told_of_and_as_new(scenario: Scenario) -> None:
    findings = [found for step in played(scenario) for found in judge(step.message, NOW).findings]

    assert {found.resource_id for found in findings} == scenario.expected
    assert {found.certainty for found in findings} == {Certainty.NEW}
    assert {found.account_id for found in findings} == {"123456789012"}


@by_scenario
def test_every_message_is_understood(scenario: Scenario) -> None:
    kinds = Counter((judged.kind, judged.unreadable) for judged in (judge(s.message, NOW) for s in played(scenario)))

    assert set(kinds) <= {(f"config:{CHANGE}", ""), ("config:ConfigurationHistoryDeliveryCompleted", "")}


@by_scenario
def test_the_same_times_give_the_same_messages(scenario: Scenario) -> None:
    assert played(scenario) == played(scenario)


@by_scenario
def test_it_can_be_played_now_without_long_pauses(scenario: Scenario) -> None:
    before = datetime.now(UTC)
    steps = list(scenario.steps())

    assert len(steps) >= 30
    assert sum(step.delay_seconds for step in steps) < 30
    assert all(0 < step.delay_seconds <= 5 for step in steps)
    captured = [
        datetime.fromisoformat(json.loads(step.message)["configurationItem"]["configurationItemCaptureTime"])
        for step in steps
        if CHANGE in step.message
    ]
    assert before - timedelta(milliseconds=1) <= min(captured)
    assert max(captured) <= datetime.now(UTC)
    assert captured == sorted(captured)


def test_the_launch_is_two_small_instances_in_two_zones_of_one_stack_and_group() -> None:
    launch, _ = SCENARIOS
    findings = [found for step in played(launch) for found in judge(step.message, NOW).findings]
    found = [item for item in items("AWS::EC2::Instance") if item["resourceId"] in launch.expected]

    assert [(one.signal, one.size, one.region) for one in findings] == [
        (Signal.EC2_NEW, "t3.micro", "ap-northeast-1")
    ] * 2
    assert {item["availabilityZone"] for item in found} == {"ap-northeast-1a", "ap-northeast-1c"}
    assert {item["tags"]["aws:cloudformation:stack-name"] for item in found} == {"web"}
    assert len({item["tags"]["aws:autoscaling:groupName"] for item in found}) == 1


def test_each_launched_instance_brings_six_messages() -> None:
    launch, _ = SCENARIOS
    told = [json.loads(step.message) for step in played(launch)]
    kinds = [(one["configurationItem"]["resourceType"], one["configurationItemDiff"]["changeType"]) for one in told]

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


def test_the_intruder_is_one_user_then_eight_big_machines_in_sao_paulo() -> None:
    _, evening = SCENARIOS
    findings = [found for step in played(evening) for found in judge(step.message, NOW).findings]
    told = list({found.fingerprint: found for found in findings}.values())

    assert [(one.signal, one.resource_name, one.size, one.region) for one in told] == [
        (Signal.IAM_USER_NEW, "helpdesk2", "", "global"),
        *[(Signal.EC2_NEW, "", "p5.48xlarge", "sa-east-1")] * 8,
    ]


def test_the_intruder_becomes_administrator_and_the_owners_are_deleted() -> None:
    users = items("AWS::IAM::User")

    powers = [one["configuration"]["attachedManagedPolicies"] for one in users if one["configuration"]]
    assert [{"policyName": "AdministratorAccess", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}] in powers
    assert [one["configurationItemStatus"] for one in users].count("ResourceDeleted") == 2


def test_the_new_user_is_reported_by_two_recorders_alike() -> None:
    _, evening = SCENARIOS
    reports = [
        (step.subject, judged.findings[0].fingerprint)
        for step in played(evening)
        if (judged := judge(step.message, NOW)).findings and judged.findings[0].signal is Signal.IAM_USER_NEW
    ]

    assert [subject.partition("]")[0] for subject, _ in reports] == ["[AWS Config:us-east-1", "[AWS Config:sa-east-1"]
    assert len({fingerprint for _, fingerprint in reports}) == 1


def test_what_was_there_before_is_discovered_as_well_but_not_told_of() -> None:
    _, evening = SCENARIOS
    existing = [one.fingerprint for step in played(evening) for one in judge(step.message, NOW).existing]

    assert Counter(fingerprint.split(":", 2)[2].rpartition(":")[0] for fingerprint in existing) == {
        "AWS::EC2::Instance": 2,
        "AWS::IAM::User": 1,
    }


def test_one_old_machine_was_launched_today_and_only_its_parts_show_its_age() -> None:
    old = [one for one in items("AWS::EC2::Instance") if one["resourceId"] not in expected_alerts()]
    restarted = [one for one in old if one["resourceCreationTime"] > "2026-11-23"]

    assert len(old) == 2
    assert len(restarted) == 1
    (interface,) = restarted[0]["configuration"]["networkInterfaces"]
    assert interface["attachment"]["attachTime"] < "2026-11"


def test_all_expected_alerts_are_those_of_the_scenarios() -> None:
    assert len(expected_alerts()) == 2 + 9
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
    subjects = [step.subject for step in everything()]

    assert max(map(len, subjects)) == 100
    cut = [subject for subject in subjects if len(subject) == 100]
    assert all(subject.endswith("...") for subject in cut)
    assert "[AWS Config:us-east-1] AWS::IAM::User helpdesk2 Discovered in Account 123456789012" in subjects


def test_a_deletion_keeps_what_was_only_among_the_previous_values() -> None:
    gone = iam.user(IDS, "alice", NOW - timedelta(days=900), groups=["Administrators"])

    told = json.loads(messages.deleted(gone, NOW).message)

    item, lost = told["configurationItem"], told["configurationItemDiff"]["changedProperties"]
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
    from trayapp.demo.stacks import StackName, stack  # noqa: PLC0415 - used here alone

    began = datetime(2026, 9, 7, hour, 5, 9, tzinfo=UTC)
    made = stack(StackName("web", "eu-west-1", IDS), began, status="CREATE_COMPLETE")

    assert made.configuration["creationTime"] == f"Sep 7, 2026 {written}"


@by_scenario
def test_a_scenario_published_to_the_cloud_arrives_in_the_queue_whole(scenario: Scenario) -> None:
    with EmbeddedCloud() as cloud:
        steps = played(scenario)
        for step in steps:
            cloud.publish(step.message, step.subject)
        sqs = cloud.client("sqs")
        arrived: list[tuple[str, str]] = []
        while got := sqs.receive_message(QueueUrl=cloud.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get(
            "Messages"
        ):
            envelopes = [json.loads(message["Body"]) for message in got]
            arrived += [(envelope["Subject"], envelope["Message"]) for envelope in envelopes]
            assert {envelope["TopicArn"] for envelope in envelopes} == {cloud.topic_arn}

    assert sorted(arrived) == sorted((step.subject, step.message) for step in steps)
