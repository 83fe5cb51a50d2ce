"""The template: clean, deployable in every sensible combination of its choices, and no wider open than it says."""

import ast
import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from cfnlint import ManualArgs  # type: ignore[import-untyped]
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.decode import decode_str  # type: ignore[import-untyped]

from trayapp.aws.template import template_text
from trayapp.demo.cloud import EmbeddedCloud
from trayapp.demo.moto_stacks import TAUGHT

ACCOUNT = "123456789012"
LISTENER_ACTIONS = {
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
}
EVERY_PARTITION = ["us-east-1", "sa-east-1", "cn-north-1", "us-gov-west-1"]
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    with EmbeddedCloud() as running:
        yield running


def deploy(cloud: EmbeddedCloud, *, record: str = "no", watch: str = "yes", topic: str = "") -> dict[str, str]:
    parameters = {"RecordResources": record, "WatchApiCalls": watch, "ConfigTopicArn": topic}
    return cloud.deploy("under-test", parameters)


def queue_arn(cloud: EmbeddedCloud, outputs: dict[str, str]) -> str:
    answer = cloud.client("sqs").get_queue_attributes(QueueUrl=outputs["QueueUrl"], AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]


def queue_policy(cloud: EmbeddedCloud, outputs: dict[str, str]) -> list[dict[str, Any]]:
    answer = cloud.client("sqs").get_queue_attributes(QueueUrl=outputs["QueueUrl"], AttributeNames=["Policy"])
    return statements(answer["Attributes"]["Policy"])


def statements(policy: object) -> list[dict[str, Any]]:
    document: Any = json.loads(policy) if isinstance(policy, str) else policy
    return list(document["Statement"])


def bodies(cloud: EmbeddedCloud, outputs: dict[str, str]) -> list[str]:
    # moto delivers before it answers the publisher, so that there is nothing to wait for.
    answer = cloud.client("sqs").receive_message(
        QueueUrl=outputs["QueueUrl"], MaxNumberOfMessages=10, WaitTimeSeconds=0
    )
    return [message["Body"] for message in answer.get("Messages", [])]


def written() -> dict[str, Any]:
    template, _ = decode_str(template_text())
    assert template is not None
    return dict(template)


def rules(cloud: EmbeddedCloud) -> list[Any]:
    # The cloud's own stack has one as well.
    return [rule for rule in cloud.client("events").list_rules()["Rules"] if rule["Name"].startswith("under-test-")]


def resource(cloud: EmbeddedCloud, logical_id: str) -> str:
    answer = cloud.client("cloudformation").describe_stack_resources(StackName="under-test")
    return next(
        one["PhysicalResourceId"] for one in answer["StackResources"] if one.get("LogicalResourceId") == logical_id
    )


def test_the_linter_finds_not_even_a_remark_in_any_partition() -> None:
    findings = lint(template_text(), config=ManualArgs(regions=EVERY_PARTITION, include_checks=["I", "W", "E"]))

    assert [str(finding) for finding in findings] == []


def test_the_linter_used_here_does_find_mistakes() -> None:
    broken = template_text().replace("VisibilityTimeout: 60", "VisibilityTimeout: a minute")

    assert lint(broken, config=ManualArgs(regions=["us-east-1"]))


def test_the_template_is_small_enough_to_be_given_in_the_request_itself() -> None:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert len(template_text().encode()) <= 51_200


def test_moto_still_lacks_each_type_that_we_teach_it() -> None:
    from moto.cloudformation import parsing  # noqa: PLC0415 - beside what it is looked at for

    known = [model.cloudformation_type() for model in parsing.get_model_list() if model not in TAUGHT]

    assert [taught.TYPE for taught in TAUGHT if taught.TYPE in known] == []


@pytest.mark.parametrize(("record", "watch", "topic"), [*product(("no", "yes"), ("no", "yes"), ("new", "own"))])
def test_each_choice_makes_what_was_chosen_and_a_message_of_config_arrives(
    cloud: EmbeddedCloud, record: str, watch: str, topic: str
) -> None:
    sns, config = cloud.client("sns"), cloud.client("config")
    own = sns.create_topic(Name="has-been-there")["TopicArn"] if topic == "own" else ""

    outputs = deploy(cloud, record=record, watch=watch, topic=own)

    assert set(outputs) == {"QueueUrl", "TopicArn", "ListenerUser", "Region"}
    assert outputs["Region"] == cloud.region
    assert (outputs["TopicArn"] == own) is (topic == "own")
    assert len(rules(cloud)) == (watch == "yes")
    recorders = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert [recorder["recording"] for recorder in recorders] == ([True] if record == "yes" else [])
    channels = config.describe_delivery_channels()["DeliveryChannels"]
    assert [channel["snsTopicARN"] for channel in channels] == ([outputs["TopicArn"]] if record == "yes" else [])

    sns.publish(TopicArn=outputs["TopicArn"], Subject="[AWS Config:us-east-1] news", Message='{"some":"news"}')

    (body,) = bodies(cloud, outputs)
    assert json.loads(body)["Message"] == '{"some":"news"}'
    assert json.loads(body)["TopicArn"] == outputs["TopicArn"]


def test_an_own_topic_in_another_region_is_subscribed_to_there() -> None:
    with EmbeddedCloud("sa-east-1") as far:
        topic = far.topic_arn.replace(":sa-east-1:", ":us-east-1:").rpartition(":")[0] + ":elsewhere"
        from moto.sns.models import sns_backends  # noqa: PLC0415 - the only way into another Region of this cloud

        there = sns_backends[ACCOUNT]["us-east-1"]
        there.create_topic("elsewhere")

        outputs = deploy(far, topic=topic)

        assert [one.endpoint for one in there.subscriptions.values()] == [queue_arn(far, outputs)]


def test_only_the_topic_and_the_rule_may_send_to_the_queue(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)

    (rule,) = rules(cloud)
    queue = queue_arn(cloud, outputs)
    assert queue_policy(cloud, outputs) == [
        {
            "Sid": "OnlyThisTopic",
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": outputs["TopicArn"]}},
        },
        {
            "Sid": "OnlyThisRule",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule["Arn"]}},
        },
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue,
            "Condition": NO_TLS,
        },
    ]


def test_without_the_rule_nobody_but_the_topic_may_send(cloud: EmbeddedCloud) -> None:
    topic = cloud.client("sns").create_topic(Name="has-been-there")["TopicArn"]

    outputs = deploy(cloud, watch="no", topic=topic)

    allowed = [one for one in queue_policy(cloud, outputs) if one["Effect"] == "Allow"]
    assert [one["Condition"] for one in allowed] == [{"ArnEquals": {"aws:SourceArn": topic}}]


def test_the_queue_waits_keeps_and_encrypts_as_promised_and_buries_nothing(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)

    attributes = cloud.client("sqs").get_queue_attributes(QueueUrl=outputs["QueueUrl"], AttributeNames=["All"])
    told = {str(name): value for name, value in attributes["Attributes"].items()}

    assert told["MessageRetentionPeriod"] == str(14 * 24 * 3600)
    assert told["ReceiveMessageWaitTimeSeconds"] == "20"
    assert told["VisibilityTimeout"] == "60"
    assert told["SqsManagedSseEnabled"] == "true"
    assert "RedrivePolicy" not in told


def test_the_listener_may_use_this_queue_and_do_nothing_else(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)
    iam, user = cloud.client("iam"), outputs["ListenerUser"]

    (policy,) = iam.list_user_policies(UserName=user)["PolicyNames"]
    (statement,) = statements(iam.get_user_policy(UserName=user, PolicyName=policy)["PolicyDocument"])

    assert set(statement["Action"]) == LISTENER_ACTIONS
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == queue_arn(cloud, outputs)
    assert iam.list_attached_user_policies(UserName=user)["AttachedPolicies"] == []
    assert iam.list_groups_for_user(UserName=user)["Groups"] == []


def test_no_access_key_is_made(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, record="yes")

    assert cloud.client("iam").list_access_keys(UserName=outputs["ListenerUser"])["AccessKeyMetadata"] == []
    assert "AWS::IAM::AccessKey" not in {one["Type"] for one in written()["Resources"].values()}


def test_only_config_of_this_account_may_publish_to_a_new_topic(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)

    attributes = cloud.client("sns").get_topic_attributes(TopicArn=outputs["TopicArn"])["Attributes"]

    assert statements(attributes["Policy"]) == [
        {
            "Sid": "OnlyConfigOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": "config.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": outputs["TopicArn"],
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        },
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": outputs["TopicArn"],
            "Condition": NO_TLS,
        },
    ]


def test_the_policy_of_an_own_topic_is_left_alone(cloud: EmbeddedCloud) -> None:
    sns = cloud.client("sns")
    topic = sns.create_topic(Name="has-been-there")["TopicArn"]
    before = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"]

    deploy(cloud, record="yes", topic=topic)

    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] == before


def test_the_recorder_takes_every_type_users_included(cloud: EmbeddedCloud) -> None:
    deploy(cloud, record="yes")

    (recorder,) = cloud.client("config").describe_configuration_recorders()["ConfigurationRecorders"]

    assert recorder["recordingGroup"]["allSupported"] is True
    assert recorder["recordingGroup"]["includeGlobalResourceTypes"] is True
    # moto does not keep the mode.
    mode = written()["Resources"]["Recorder"]["Properties"]["RecordingMode"]
    assert mode == {"RecordingFrequency": "CONTINUOUS"}


def test_the_bucket_is_closed_to_all_but_config_of_this_account(cloud: EmbeddedCloud) -> None:
    deploy(cloud, record="yes")
    s3: Any = cloud.client("s3")
    (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"]]

    # moto makes buckets without their public access block.
    blocked = written()["Resources"]["Bucket"]["Properties"]["PublicAccessBlockConfiguration"]
    encryption = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    policy = statements(s3.get_bucket_policy(Bucket=bucket)["Policy"])

    assert len(blocked) == 4
    assert set(blocked.values()) == {True}
    assert encryption[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert [one["Effect"] for one in policy] == ["Allow", "Allow", "Deny"]
    for allowed in policy[:2]:
        assert allowed["Principal"] == {"Service": "config.amazonaws.com"}
        assert allowed["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT
    assert policy[1]["Resource"] == f"arn:aws:s3:::{bucket}/AWSLogs/{ACCOUNT}/Config/*"
    assert policy[2]["Condition"] == NO_TLS
    assert policy[2]["Resource"] == [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]


def test_the_recorder_s_role_is_for_config_of_this_account_and_writes_to_bucket_and_topic_only(
    cloud: EmbeddedCloud,
) -> None:
    topic = cloud.client("sns").create_topic(Name="has-been-there")["TopicArn"]
    deploy(cloud, record="yes", topic=topic)
    iam, name = cloud.client("iam"), resource(cloud, "RecorderRole")

    role = iam.get_role(RoleName=name)["Role"]
    (trust,) = statements(role["AssumeRolePolicyDocument"])
    (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
    # moto writes a role's own policies as Python does, and not as JSON.
    document: Any = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    given = statements(ast.literal_eval(document))

    assert trust["Principal"] == {"Service": "config.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    bucket = f"arn:aws:s3:::{resource(cloud, 'Bucket')}"
    assert {one["Action"]: one["Resource"] for one in given} == {
        "s3:PutObject": f"{bucket}/AWSLogs/{ACCOUNT}/*",
        "s3:GetBucketAcl": bucket,
        "sns:Publish": topic,
    }


def call(name: str, source: str = "iam") -> dict[str, str]:
    detail = {"eventSource": f"{source}.amazonaws.com", "eventName": name, "readOnly": False}
    return {"Source": f"aws.{source}", "DetailType": "AWS API Call via CloudTrail", "Detail": json.dumps(detail)}


def put(cloud: EmbeddedCloud, *events: dict[str, str]) -> None:
    answer = cloud.client("events").put_events(Entries=[{**event} for event in events])  # type: ignore[typeddict-item]
    assert answer["FailedEntryCount"] == 0


def test_calls_that_matter_arrive_and_others_do_not(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)

    put(
        cloud,
        call("CreateUser"),
        call("TagUser"),
        call("RunInstances", "ec2"),
        call("StopConfigurationRecorder", "config"),
        call("DeleteQueue", "sqs"),
        call("CreateUser", "cognito-idp"),
    )

    arrived = [json.loads(body) for body in bodies(cloud, outputs)]
    assert [(event["source"], event["detail"]["eventName"]) for event in arrived] == [
        ("aws.iam", "CreateUser"),
        ("aws.ec2", "RunInstances"),
        ("aws.config", "StopConfigurationRecorder"),
        ("aws.sqs", "DeleteQueue"),
    ]


def test_no_call_arrives_when_that_was_not_chosen(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, watch="no")

    put(cloud, call("CreateUser"))

    assert bodies(cloud, outputs) == []


def test_the_event_pattern_is_within_what_eventbridge_takes(cloud: EmbeddedCloud) -> None:
    deploy(cloud)
    (rule,) = rules(cloud)
    pattern = json.loads(rule["EventPattern"])

    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    assert len(json.dumps(pattern)) <= 2048
    names = pattern["detail"]["eventName"]
    assert len(names) == len(set(names))
    assert rule["State"] == "ENABLED"
