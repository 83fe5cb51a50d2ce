"""The template: clean, deployable in every sensible combination of its choices, and no wider open than it says."""

import ast
import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from botocore.session import Session
from cfnlint import ManualArgs  # type: ignore[import-untyped]
from cfnlint.api import lint  # type: ignore[import-untyped]
from cfnlint.decode import decode_str  # type: ignore[import-untyped]
from cfnlint.template import Template  # type: ignore[import-untyped]

from aws.permissions import checked
from trayapp.aws.checks import Expected, Rounds
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint
from trayapp.aws.template import template_text
from trayapp.core.checks import Check, Outcome
from trayapp.core.signals.catalogue import CATALOGUE
from trayapp.core.signals.refusals import plain_action
from trayapp.demo.cloud import EmbeddedCloud
from trayapp.demo.moto_stacks import TAUGHT
from trayapp.inbox import kinds
from trayapp.inbox.read import read
from trayapp.settings import check_account

ACCOUNT = "123456789012"
LISTENER_ACTIONS = {
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
}
CHECK_ACTIONS = {
    "sns:ListSubscriptionsByTopic",
    "sns:GetSubscriptionAttributes",
    "config:DescribeConfigurationRecorders",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeDeliveryChannels",
    "config:DescribeDeliveryChannelStatus",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventSelectors",
}
EVERY_PARTITION = ["us-east-1", "sa-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"]
CALL_RULES = ["IdentityCallRule", "MachineCallRule", "WatchCallRule", "AccountCallRule", "RootCallRule"]
RULES = {
    "WatchApiCalls": CALL_RULES,
    "WatchSignIns": ["SignInRule"],
    "WatchHealth": ["RiskRule", "AbuseRule"],
    "WatchGuardDuty": ["GuardDutyRule"],
}
SIDS = {
    "WatchCosts": "OnlyTheVerdictTopic",
    "WatchApiCalls": "OnlyTheseCallRules",
    "WatchSignIns": "OnlyThisSignInRule",
    "WatchHealth": "OnlyTheseHealthRules",
    "WatchGuardDuty": "OnlyThisGuardDutyRule",
}
MONITOR = f"arn:aws:ce::{ACCOUNT}:anomalymonitor/01234567-89ab-cdef-0123-456789abcdef"
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.fixture
def cloud() -> Iterator[EmbeddedCloud]:
    with EmbeddedCloud(watched=False) as running:
        yield running


def deploy(cloud: EmbeddedCloud, **parameters: str) -> dict[str, str]:
    return cloud.deploy("under-test", parameters)


def only(*choices: str) -> dict[str, str]:
    return {choice: "yes" if choice in choices else "no" for choice in SIDS}


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
    found: list[str] = []
    while True:
        answer = cloud.client("sqs").receive_message(
            QueueUrl=outputs["QueueUrl"], MaxNumberOfMessages=10, WaitTimeSeconds=0
        )
        if not answer.get("Messages"):
            return found
        found += [message["Body"] for message in answer["Messages"]]


def written() -> dict[str, Any]:
    template, _ = decode_str(template_text())
    assert template is not None
    return dict(template)


def rules(cloud: EmbeddedCloud) -> dict[str, Any]:
    # The cloud's own stack has some as well.
    listed = cloud.client("events").list_rules()["Rules"]
    return {rule["Name"].split("-")[2]: rule for rule in listed if rule["Name"].startswith("under-test-")}


def patterns() -> dict[str, Any]:
    resources = written()["Resources"].items()
    return {
        name: resource["Properties"]["EventPattern"]
        for name, resource in resources
        if resource["Type"] == "AWS::Events::Rule"
    }


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

    outputs = deploy(cloud, RecordResources=record, WatchApiCalls=watch, ConfigTopicArn=own)

    assert set(outputs) == {"QueueUrl", "TopicArn", "ListenerUser", "Region"}
    assert outputs["Region"] == cloud.region
    assert (outputs["TopicArn"] == own) is (topic == "own")
    assert set(CALL_RULES) <= set(rules(cloud)) if watch == "yes" else not set(CALL_RULES) & set(rules(cloud))
    recorders = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    assert [recorder["recording"] for recorder in recorders] == ([True] if record == "yes" else [])
    channels = config.describe_delivery_channels()["DeliveryChannels"]
    assert [channel["snsTopicARN"] for channel in channels] == ([outputs["TopicArn"]] if record == "yes" else [])

    sns.publish(TopicArn=outputs["TopicArn"], Subject="[AWS Config:us-east-1] news", Message='{"some":"news"}')

    (body,) = bodies(cloud, outputs)
    assert json.loads(body)["Message"] == '{"some":"news"}'
    assert json.loads(body)["TopicArn"] == outputs["TopicArn"]


def test_an_own_topic_in_another_region_is_subscribed_to_there() -> None:
    with EmbeddedCloud("sa-east-1", watched=False) as far:
        topic = far.topic_arn.replace(":sa-east-1:", ":us-east-1:").rpartition(":")[0] + ":elsewhere"
        from moto.sns.models import sns_backends  # noqa: PLC0415 - the only way into another Region of this cloud

        there = sns_backends[ACCOUNT]["us-east-1"]
        there.create_topic("elsewhere")

        outputs = deploy(far, ConfigTopicArn=topic)

        assert [one.endpoint for one in there.subscriptions.values()] == [queue_arn(far, outputs)]


@pytest.mark.parametrize("chosen", [(), *((choice,) for choice in SIDS), tuple(SIDS)])
def test_each_choice_makes_its_own_rules_and_lets_just_these_into_the_queue(
    cloud: EmbeddedCloud, chosen: tuple[str, ...]
) -> None:
    outputs = deploy(cloud, **only(*chosen))

    made = rules(cloud)
    assert sorted(made) == sorted(name for choice in chosen for name in RULES.get(choice, []))
    assert {rule["State"] for rule in made.values()} <= {"ENABLED"}
    assert ("VerdictTopicArn" in outputs) is ("WatchCosts" in chosen)
    sids = [statement["Sid"] for statement in queue_policy(cloud, outputs)]
    expected = [SIDS[choice] for choice in SIDS if choice in chosen]
    assert sids == ["OnlyThisTopic", *expected, "DenyInsecureTransport"]


def test_unless_told_otherwise_all_is_reported_that_costs_nothing_and_needs_no_figure(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud)

    assert sorted(rules(cloud)) == sorted(name for names in RULES.values() for name in names)
    assert "VerdictTopicArn" not in outputs


def test_only_the_topics_and_the_rules_of_this_stack_may_send_to_the_queue(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only(*SIDS))

    made = {name: rule["Arn"] for name, rule in rules(cloud).items()}
    queue = queue_arn(cloud, outputs)

    def allowed(sid: str, service: str, *sources: str, several: bool = False) -> dict[str, Any]:
        return {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": list(sources) if several else sources[0]}},
        }

    policy = queue_policy(cloud, outputs)
    assert policy == [
        allowed("OnlyThisTopic", "sns", outputs["TopicArn"]),
        allowed("OnlyTheVerdictTopic", "sns", outputs["VerdictTopicArn"]),
        allowed("OnlyTheseCallRules", "events", *(made[name] for name in CALL_RULES), several=True),
        allowed("OnlyThisSignInRule", "events", made["SignInRule"]),
        allowed("OnlyTheseHealthRules", "events", made["RiskRule"], made["AbuseRule"], several=True),
        allowed("OnlyThisGuardDutyRule", "events", made["GuardDutyRule"]),
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sqs:*",
            "Resource": queue,
            "Condition": NO_TLS,
        },
    ]
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
    assert len(policy) <= 20


def test_with_nothing_chosen_nobody_but_the_topic_may_send(cloud: EmbeddedCloud) -> None:
    topic = cloud.client("sns").create_topic(Name="has-been-there")["TopicArn"]

    outputs = deploy(cloud, **only(), ConfigTopicArn=topic)

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


def granted(cloud: EmbeddedCloud, user: str) -> dict[str, list[dict[str, Any]]]:
    """Give the statements of a user's policies, by the beginning of the policies' names."""
    iam = cloud.client("iam")
    assert iam.list_attached_user_policies(UserName=user)["AttachedPolicies"] == []
    assert iam.list_groups_for_user(UserName=user)["Groups"] == []
    return {
        name: statements(iam.get_user_policy(UserName=user, PolicyName=name)["PolicyDocument"])
        for name in iam.list_user_policies(UserName=user)["PolicyNames"]
    }


def test_the_listener_may_use_this_queue_and_without_more_do_nothing_else(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, CheckTheWatch="no")

    ((statement,),) = granted(cloud, outputs["ListenerUser"]).values()

    assert set(statement["Action"]) == LISTENER_ACTIONS
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == queue_arn(cloud, outputs)


@pytest.mark.parametrize("costs", ["no", "yes"])
def test_unless_told_otherwise_it_may_also_see_whether_the_watch_is_on_and_change_nothing(
    cloud: EmbeddedCloud, costs: str
) -> None:
    outputs = deploy(cloud, WatchCosts=costs)

    policies = granted(cloud, outputs["ListenerUser"])

    assert set(policies) == {"use-this-queue-only", "see-whether-the-watch-is-on"}
    topics, unnarrowed, trails = policies["see-whether-the-watch-is-on"]
    assert {topics["Effect"], unnarrowed["Effect"], trails["Effect"]} == {"Allow"}
    assert topics["Action"] == "sns:ListSubscriptionsByTopic"
    assert topics["Resource"] == [outputs["TopicArn"], *([outputs["VerdictTopicArn"]] if costs == "yes" else [])]
    assert unnarrowed["Resource"] == "*"
    assert trails["Resource"] == "arn:aws:cloudtrail:*:*:trail/*"
    actions = {topics["Action"], *unnarrowed["Action"], *trails["Action"]}
    assert actions == CHECK_ACTIONS
    assert all(action.partition(":")[2].startswith(("Describe", "Get", "List")) for action in actions)


def test_what_the_template_grants_is_enough_for_every_check() -> None:
    with EmbeddedCloud() as watched:
        policies = granted(watched, watched.listener)
        # moto looks at no resource of SNS and CloudTrail: whatever is asked, it is everything.
        everywhere = [{**one, "Resource": "*"} for given in policies.values() for one in given]
        document = json.dumps({"Version": "2012-10-17", "Statement": everywhere})
        for policy in policies:
            watched.client("iam").put_user_policy(UserName=watched.listener, PolicyName=policy, PolicyDocument=document)
        key = AccessKey(watched.access_key_id, watched.secret_access_key)
        endpoint = Endpoint(watched.region, key, watched.endpoint_url)
        expected = Expected(watched.queue_url, watched.region, watched.account_id, (watched.topic_arn,))

        with checked(watched):
            checks = Rounds(lambda: endpoint, expected, lambda: 0.0).run()

    assert {each.outcome for each in checks if each.check is not Check.SIGNATURES} == {Outcome.PASSED}
    asked = {Check.RECORDER, Check.RECORDED_TYPES, Check.DELIVERY_CHANNEL, Check.SUBSCRIPTION, Check.TRAIL}
    assert {each.check for each in checks} >= asked


def test_without_that_grant_every_check_but_those_of_key_and_queue_says_that_it_does_not_know() -> None:
    with EmbeddedCloud() as watched:
        outputs = watched.deploy("under-test", {"CheckTheWatch": "no", "ConfigTopicArn": watched.topic_arn})
        made = watched.client("iam").create_access_key(UserName=outputs["ListenerUser"])["AccessKey"]
        endpoint = Endpoint(
            watched.region, AccessKey(made["AccessKeyId"], made["SecretAccessKey"]), watched.endpoint_url
        )
        expected = Expected(outputs["QueueUrl"], watched.region, watched.account_id, (watched.topic_arn,))
        with checked(watched):
            checks = {each.check: each.outcome for each in Rounds(lambda: endpoint, expected).run()}

    assert checks.pop(Check.IDENTITY) is Outcome.PASSED
    assert checks.pop(Check.QUEUE_POLICY) is Outcome.PASSED
    assert set(checks.values()) == {Outcome.NOT_GRANTED}


def heartbeat(**parameters: str) -> dict[str, Any]:
    """Give what moto cannot run, as it is written: the schedule's target, its values put in by hand."""
    target = dict(written()["Resources"]["HeartbeatSchedule"]["Properties"]["Target"])
    text = target["Input"]["Fn::Sub"]
    for name, value in parameters.items():
        text = text.replace("${AWS::" + name + "}", value)
    assert "${" not in text
    return dict(json.loads(text))


def test_a_heartbeat_is_sent_only_if_it_was_chosen() -> None:
    resources = written()["Resources"]

    assert {name for name, each in resources.items() if each.get("Condition") == "Beats"} == {
        "HeartbeatRole",
        "HeartbeatSchedule",
    }
    assert written()["Parameters"]["Heartbeat"]["Default"] == "no"


def test_each_choice_of_a_heartbeat_is_a_rate_and_a_period_of_the_settings() -> None:
    choices = [each for each in written()["Parameters"]["Heartbeat"]["AllowedValues"] if each != "no"]
    rates = {each: rate["Rate"] for each, rate in written()["Mappings"]["HeartbeatRates"].items()}

    assert list(rates) == choices
    for choice, rate in rates.items():
        count, unit = rate.removeprefix("rate(").removesuffix(")").split()
        values = {"region": "us-east-1", "queue_url": "https://sqs.us-east-1.amazonaws.com/1/q", "heartbeat": choice}
        seconds = {"minute": 60, "hour": 3600, "day": 86_400}[unit.removesuffix("s")]
        period = check_account("acme", values).heartbeat_period
        assert period is not None
        assert period.total_seconds() == int(count) * seconds
        assert unit.endswith("s") is (count != "1")


@pytest.mark.parametrize(
    ("topic", "by_topic"),
    [
        ("", True),
        (f"arn:aws:sns:us-east-1:{ACCOUNT}:has-been-there", True),
        (f"arn:aws:sns:eu-west-1:{ACCOUNT}:has-been-there", False),
        ("arn:aws:sns:us-east-1:210987654321:has-been-there", False),
    ],
)
def test_a_heartbeat_goes_by_the_topic_that_a_schedule_of_this_stack_can_reach(
    cloud: EmbeddedCloud, topic: str, *, by_topic: bool
) -> None:
    if ":us-east-1:123" in topic:
        cloud.client("sns").create_topic(Name="has-been-there")
    cloudformation: Any = cloud.client("cloudformation")
    cloudformation.create_stack(
        StackName="under-test",
        # moto knows no schedules, and no topics of other accounts to subscribe to.
        TemplateBody=only_resources("Queue", "Topic", "HeartbeatRole"),
        Parameters=[
            {"ParameterKey": "ConfigTopicArn", "ParameterValue": topic},
            {"ParameterKey": "Heartbeat", "ParameterValue": "1h"},
        ],
        Capabilities=["CAPABILITY_IAM"],
    )
    role = resource(cloud, "HeartbeatRole")
    trusted = statements(cloud.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])
    document: Any = cloud.client("iam").get_role_policy(RoleName=role, PolicyName="beat")["PolicyDocument"]
    (may,) = statements(ast.literal_eval(document) if isinstance(document, str) else document)

    assert may["Action"] == ("sns:Publish" if by_topic else "sqs:SendMessage")
    reached = topic or resource(cloud, "Topic")
    assert (may["Resource"] == reached) is by_topic
    assert trusted[0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusted[0]["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


@pytest.mark.parametrize("way", ["topic", "queue"])
def test_a_heartbeat_is_read_as_one_by_whichever_way_it_comes(cloud: EmbeddedCloud, way: str) -> None:
    message = json.dumps(heartbeat(AccountId=ACCOUNT, Region=cloud.region))
    sent = message.replace("<aws.scheduler.scheduled-time>", "2026-11-23T20:00:00Z")
    if way == "topic":
        cloud.client("sns").publish(TopicArn=cloud.topic_arn, Message=sent)
    else:
        cloud.client("sqs").send_message(QueueUrl=cloud.queue_url, MessageBody=sent)

    (body,) = bodies(cloud, {"QueueUrl": cloud.queue_url})

    assert read(body).kind == kinds.HEARTBEAT


def only_resources(*names: str) -> str:
    """Write a template of these resources of ours alone, with all that they refer to."""
    template = json.loads(json.dumps(written()))
    return json.dumps(
        {
            **{section: template[section] for section in ("Parameters", "Mappings", "Conditions")},
            "Resources": {name: template["Resources"][name] for name in names},
        }
    )


def test_no_access_key_is_made(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, RecordResources="yes")

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

    deploy(cloud, RecordResources="yes", ConfigTopicArn=topic)

    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"] == before


def test_the_recorder_takes_every_type_users_included(cloud: EmbeddedCloud) -> None:
    deploy(cloud, RecordResources="yes")

    (recorder,) = cloud.client("config").describe_configuration_recorders()["ConfigurationRecorders"]

    assert recorder["recordingGroup"]["allSupported"] is True
    assert recorder["recordingGroup"]["includeGlobalResourceTypes"] is True
    # moto does not keep the mode.
    mode = written()["Resources"]["Recorder"]["Properties"]["RecordingMode"]
    assert mode == {"RecordingFrequency": "CONTINUOUS"}


def test_the_bucket_is_closed_to_all_but_config_of_this_account(cloud: EmbeddedCloud) -> None:
    deploy(cloud, RecordResources="yes")
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
    deploy(cloud, RecordResources="yes", ConfigTopicArn=topic)
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


def call(service: str, name: str, caller: str = "IAMUser", **identity: str) -> dict[str, str]:
    detail = {
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "readOnly": False,
        "userIdentity": {"type": caller, **identity},
    }
    return event(f"aws.{service}", "AWS API Call via CloudTrail", detail)


def signing_in(name: str, kind: str = "AWS Console Sign In via CloudTrail") -> dict[str, str]:
    return event("aws.signin", kind, {"eventSource": "signin.amazonaws.com", "eventName": name})


def event(source: str, detail_type: str, detail: dict[str, Any]) -> dict[str, str]:
    return {"Source": source, "DetailType": detail_type, "Detail": json.dumps(detail)}


def put(cloud: EmbeddedCloud, *events: dict[str, str]) -> None:
    for first in range(0, len(events), 10):
        entries: Any = [{**each} for each in events[first : first + 10]]
        assert cloud.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0


def arrived(cloud: EmbeddedCloud, outputs: dict[str, str]) -> list[dict[str, str]]:
    come = [json.loads(body) for body in bodies(cloud, outputs)]
    return [event(each["source"], each["detail-type"], each["detail"]) for each in come]


RISK = {"service": "RISK", "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED"}
ABUSE = {"service": "ABUSE", "eventTypeCode": "AWS_ABUSE_DOS_REPORT"}
OUTAGE = {"service": "EC2", "eventTypeCode": "AWS_EC2_OPERATIONAL_ISSUE"}
FOUND = {"type": "UnauthorizedAccess:IAMUser/MaliciousIPCaller", "severity": 5}


@pytest.mark.parametrize(
    ("choice", "wanted", "unwanted"),
    [
        (
            "WatchApiCalls",
            [
                call("iam", "CreateUser"),
                call("ec2", "RunInstances"),
                call("ec2", "AuthorizeSecurityGroupIngress"),
                call("lambda", "UpdateFunctionCode20150331v2"),
                call("config", "StopConfigurationRecorder"),
                call("sqs", "DeleteQueue"),
                call("organizations", "LeaveOrganization"),
                call("bedrock", "PutUseCaseForModelAccess"),
                # Whatever it is, and whatever service: the root user is for emergencies.
                call("s3", "PutBucketPolicy", "Root"),
            ],
            [
                call("iam", "TagUser"),
                call("cognito-idp", "CreateUser"),
                # Each name counts with the services of its own theme only.
                call("sqs", "RunInstances"),
                call("s3", "PutBucketPolicy"),
                # What a service does for the root user by itself.
                call("s3", "PutBucketPolicy", "Root", invokedBy="AWS Internal"),
                event("aws.iam", "AWS Service Event via CloudTrail", {"eventName": "CreateUser"}),
                signing_in("ConsoleLogin"),
            ],
        ),
        (
            "WatchSignIns",
            [
                signing_in("ConsoleLogin"),
                signing_in("PasswordRecoveryRequested"),
                signing_in("PasswordUpdated"),
                # As another of AWS's pages spells it.
                signing_in("ConsoleLogin", "AWS Console Signin via CloudTrail"),
            ],
            [
                signing_in("SwitchRole"),
                event("aws.signin", "Sign-in Anomaly Alert", {"alertId": "1"}),
                call("sso", "ConsoleLogin"),
                call("iam", "CreateUser"),
            ],
        ),
        (
            "WatchHealth",
            [
                event("aws.health", "AWS Health Event", RISK),
                event("aws.health", "AWS Health Abuse Event", ABUSE),
            ],
            [
                event("aws.health", "AWS Health Event", OUTAGE),
                event("aws.health", "AWS API Call via CloudTrail", {"eventName": "DescribeEvents"}),
                event("custom.health", "AWS Health Event", RISK),
            ],
        ),
        (
            "WatchGuardDuty",
            [event("aws.guardduty", "GuardDuty Finding", FOUND)],
            [
                event("aws.guardduty", "GuardDuty Runtime Protection Unhealthy", FOUND),
                event("aws.inspector2", "GuardDuty Finding", FOUND),
            ],
        ),
    ],
)
def test_each_choice_brings_what_it_is_for_and_not_what_only_looks_like_it(
    cloud: EmbeddedCloud, choice: str, wanted: list[dict[str, str]], unwanted: list[dict[str, str]]
) -> None:
    outputs = deploy(cloud, **only(choice))

    put(cloud, *unwanted, *wanted)

    assert arrived(cloud, outputs) == wanted


def test_nothing_arrives_by_eventbridge_when_nothing_was_chosen(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only())

    put(
        cloud,
        call("iam", "CreateUser"),
        call("iam", "CreateUser", "Root"),
        signing_in("ConsoleLogin"),
        event("aws.health", "AWS Health Event", RISK),
        event("aws.guardduty", "GuardDuty Finding", FOUND),
    )

    assert bodies(cloud, outputs) == []


def as_cloudtrail_writes_it(service: str, action: str) -> str:
    versioned = {"CreateFunction": "20150331", "UpdateFunctionCode": "20150331v2"}
    return action + versioned.get(action, "20150331v2") if service == "lambda" else action


def test_every_call_that_the_catalogue_looks_for_arrives(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only("WatchApiCalls", "WatchSignIns"))
    keys = {key for signal in CATALOGUE for look in signal.calls for key in look.keys if ":" in key}
    looked_for = sorted((key.split(":")[0], key.split(":")[1]) for key in keys)
    assert looked_for

    put(
        cloud,
        *(
            signing_in(action) if service == "signin" else call(service, as_cloudtrail_writes_it(service, action))
            for service, action in looked_for
        ),
    )

    details = [json.loads(each["Detail"]) for each in arrived(cloud, outputs)]
    came = [(each["eventSource"].partition(".")[0], plain_action(each["eventName"])) for each in details]
    assert came == looked_for


def test_every_call_that_a_rule_names_is_one_of_aws_s() -> None:
    loader = Session().get_component("data_loader")
    models = {"organizations": ["organizations"], "servicequotas": ["service-quotas"], "ses": ["ses", "sesv2"]}
    models["elasticloadbalancing"] = ["elb", "elbv2"]
    # The console calls it; no SDK has it.
    undocumented = {"PutFoundationModelEntitlement"}
    for name in CALL_RULES[:-1]:
        services = [source.removeprefix("aws.") for source in patterns()[name]["source"]]
        known = {
            service: {
                operation
                for model in models.get(service, [service])
                for operation in loader.load_service_model(model, "service-2")["operations"]
            }
            for service in services
        }
        named = {plain_action(each) for each in patterns()[name]["detail"]["eventName"]}

        assert named - undocumented <= set().union(*known.values()), name
        assert [service for service in services if not known[service] & named] == [], name


def test_the_event_patterns_are_within_what_eventbridge_takes(cloud: EmbeddedCloud) -> None:
    deploy(cloud)

    for name, rule in rules(cloud).items():
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
        assert len(json.dumps(json.loads(rule["EventPattern"]))) <= 2048, name
        names = json.loads(rule["EventPattern"]).get("detail", {}).get("eventName", [])
        assert len(names) == len(set(names)), name


def test_the_budget_tells_its_own_topic_of_what_was_spent_and_what_will_be(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only("WatchCosts"), MonthlyBudget="35")
    budgets: Any = cloud.client("budgets")

    (budget,) = budgets.describe_budgets(AccountId=ACCOUNT)["Budgets"]
    notifications = budgets.describe_notifications_for_budget(AccountId=ACCOUNT, BudgetName=budget["BudgetName"])

    assert float(budget["BudgetLimit"]["Amount"]) == 35
    assert (budget["BudgetLimit"]["Unit"], budget["TimeUnit"], budget["BudgetType"]) == ("USD", "MONTHLY", "COST")
    # moto gives back what it was given, and that is text.
    assert {str(budget["CostTypes"][kind]).lower() for kind in ("IncludeCredit", "IncludeRefund")} == {"false"}
    assert [each["NotificationType"] for each in notifications["Notifications"]] == ["ACTUAL", "FORECASTED"]
    subscribers = [
        subscriber
        for each in written()["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"]
        for subscriber in each["Subscribers"]
    ]
    assert subscribers == [{"SubscriptionType": "SNS", "Address": {"Ref": "VerdictTopic"}}] * 2
    assert outputs["VerdictTopicArn"] != outputs["TopicArn"]


def test_what_is_said_of_costs_arrives_by_its_own_topic(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only("WatchCosts"))

    cloud.client("sns").publish(TopicArn=outputs["VerdictTopicArn"], Message="AWS Budget Notification November 23")

    (body,) = bodies(cloud, outputs)
    assert json.loads(body)["TopicArn"] == outputs["VerdictTopicArn"]
    assert json.loads(body)["Message"] == "AWS Budget Notification November 23"


def test_only_what_tells_costs_of_this_account_may_publish_to_that_topic(cloud: EmbeddedCloud) -> None:
    outputs = deploy(cloud, **only("WatchCosts"))

    attributes = cloud.client("sns").get_topic_attributes(TopicArn=outputs["VerdictTopicArn"])["Attributes"]

    assert statements(attributes["Policy"]) == [
        {
            "Sid": "OnlyCostsOfThisAccount",
            "Effect": "Allow",
            "Principal": {"Service": ["budgets.amazonaws.com", "costalerts.amazonaws.com", "cloudwatch.amazonaws.com"]},
            "Action": "sns:Publish",
            "Resource": outputs["VerdictTopicArn"],
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        },
        {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": outputs["VerdictTopicArn"],
            "Condition": NO_TLS,
        },
    ]


def test_a_cost_monitor_is_asked_to_tell_that_topic_at_once() -> None:
    # moto has no cost anomalies.
    subscription = written()["Resources"]["AnomalySubscription"]["Properties"]

    assert subscription["Frequency"] == "IMMEDIATE"
    assert subscription["MonitorArnList"] == [{"Ref": "CostMonitorArn"}]
    assert subscription["Subscribers"] == [{"Type": "SNS", "Address": {"Ref": "VerdictTopic"}}]
    threshold = json.loads(subscription["ThresholdExpression"])["Dimensions"]
    assert threshold["Key"] == "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
    assert threshold["Values"] == ["10"]


@pytest.mark.parametrize("condition", ["Costs", "Anomalies"])
@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1", "cn-north-1", "cn-northwest-1", "eusc-de-east-1"])
def test_nothing_is_made_for_costs_where_they_are_counted_in_other_money_or_by_other_services(
    condition: str, region: str
) -> None:
    conditions = Template("trayapp.yaml", written(), [region]).conditions

    assert conditions.build_scenerios_on_region(condition, region) == [False]


@pytest.mark.parametrize(("costs", "monitor"), [*product(("no", "yes"), ("", MONITOR))])
def test_a_cost_monitor_is_used_only_if_costs_were_chosen_and_one_was_given(
    cloud: EmbeddedCloud, costs: str, monitor: str
) -> None:
    deploy(cloud, WatchCosts=costs, CostMonitorArn=monitor)

    resources = cloud.client("cloudformation").describe_stack_resources(StackName="under-test")["StackResources"]
    made = [one["PhysicalResourceId"] for one in resources if one.get("LogicalResourceId") == "AnomalySubscription"]
    assert len([one for one in made if one]) == (costs == "yes" and monitor != "")
