"""What AWS says of those who report is judged, whatever shape it comes in."""

from collections.abc import Callable
from typing import Any

import pytest

from trayapp.aws.checks.channel import judge_channel
from trayapp.aws.checks.consumers import APART, COUNTED_LATE, Consumers
from trayapp.aws.checks.recorder import judge_recorder, judge_types
from trayapp.aws.checks.subscription import judge_subscription
from trayapp.aws.checks.trail import judge_trails, logs_calls
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome

REGION = "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:config"
ALL = {"allSupported": True, "includeGlobalResourceTypes": True}
UNSEEN = "what is made and gone in between stays unseen"


def recorder(**parts: Any) -> dict[str, Any]:  # noqa: ANN401 - as AWS writes a recorder
    return {"name": "default", "recordingGroup": ALL, **parts}


def sentence_of(*checks: Checked) -> str:
    (checked,) = checks
    return checked.sentence


@pytest.mark.parametrize("last", ["SUCCESS", "Success", "PENDING", "Pending", "NOT_APPLICABLE", "", None])
def test_a_recorder_that_records_passes(last: str | None) -> None:
    assert judge_recorder({"recording": True, "lastStatus": last}, REGION).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("status", "cause", "said"),
    [
        (None, Cause.RECORDER_OFF, "AWS Config is not set up here"),
        ({"recording": False, "lastStatus": "SUCCESS"}, Cause.RECORDER_OFF, "the recorder of AWS Config is stopped"),
        ({}, Cause.RECORDER_OFF, "the recorder of AWS Config is stopped"),
        ({"recording": True, "lastStatus": "FAILURE"}, Cause.RECORDER_FAILING, "AWS Config failed to record"),
        ({"recording": True, "lastStatus": "Failure"}, Cause.RECORDER_FAILING, "AWS Config failed to record"),
    ],
)
def test_a_recorder_that_does_not_record_is_a_failure(status: dict[str, Any] | None, cause: Cause, said: str) -> None:
    checked = judge_recorder(status, REGION)

    assert (checked.outcome, checked.cause, checked.region) == (Outcome.FAILED, cause, REGION)
    assert checked.sentence.startswith(said)


def test_why_recording_failed_is_kept_clean() -> None:
    status = {"recording": True, "lastStatus": "FAILURE", "lastErrorCode": "AccessDenied", "lastErrorMessage": "no\x1b"}

    assert judge_recorder(status, REGION).detail == "AccessDenied: no\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    "group",
    [
        ALL,
        ALL | {"recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}, "resourceTypes": []},
        {
            "allSupported": False,
            "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
            "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]},
        },
    ],
)
def test_a_recorder_that_takes_what_matters_passes(group: dict[str, Any]) -> None:
    (checked,) = judge_types({REGION: recorder(recordingGroup=group)}, calls=True)

    assert checked == Checked(Check.RECORDED_TYPES, Outcome.PASSED, REGION)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (
            {"allSupported": True},
            "AWS Config does not record new users, roles, groups and more here: they come only by CloudTrail",
        ),
        (
            {
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["AWS::IAM::User"]},
            },
            "AWS Config does not record new users here: they come only by CloudTrail",
        ),
        (
            {
                "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
                "exclusionByResourceTypes": {"resourceTypes": ["AWS::IAM::User", "AWS::EC2::Instance"]},
            },
            "AWS Config does not record new users and instances here: they come only by CloudTrail",
        ),
        (
            {"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]},
            "AWS Config does not record new users, roles, groups and more here: they come only by CloudTrail",
        ),
        ({}, "AWS Config does not record new users, roles, groups and more here: they come only by CloudTrail"),
    ],
)
def test_what_is_not_recorded_is_a_notice_that_says_what_follows(group: dict[str, Any], said: str) -> None:
    (checked,) = judge_types({REGION: recorder(recordingGroup=group)}, calls=True)

    assert (checked.outcome, checked.cause, checked.sentence) == (Outcome.NOTICE, None, said)


def test_without_cloudtrail_what_is_not_recorded_is_not_heard_of_at_all() -> None:
    group = {"allSupported": True}

    said = sentence_of(*judge_types({REGION: recorder(recordingGroup=group)}, calls=False))

    assert said == "AWS Config does not record new users, roles, groups and more here: nothing is heard of them"


def test_users_that_another_region_records_are_not_missed() -> None:
    without = recorder(recordingGroup={"allSupported": True})

    checks = judge_types({REGION: without, "us-east-1": recorder()}, calls=False)

    assert [checked.outcome for checked in checks] == [Outcome.PASSED, Outcome.PASSED]


def test_users_are_never_recorded_in_the_youngest_regions() -> None:
    everything = {
        "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
        "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]},
    }

    assert "new users" in sentence_of(*judge_types({"eu-south-2": recorder(recordingGroup=everything)}, calls=True))


def test_instances_are_missed_in_each_region_by_itself() -> None:
    only_users = {"resourceTypes": ["AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::Policy"]}

    here, there = judge_types({REGION: recorder(), "us-east-1": recorder(recordingGroup=only_users)}, calls=True)

    assert (here.outcome, there.outcome, there.region) == (Outcome.PASSED, Outcome.NOTICE, "us-east-1")
    assert there.sentence.startswith("AWS Config does not record instances, security groups, VPCs and more here")


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ({"recordingFrequency": "CONTINUOUS"}, ""),
        (
            {"recordingFrequency": "DAILY"},
            "AWS Config records new users, roles, groups and more only once a day: " + UNSEEN,
        ),
        (
            {
                "recordingFrequency": "CONTINUOUS",
                "recordingModeOverrides": [
                    {"resourceTypes": ["AWS::EC2::Instance"], "recordingFrequency": "DAILY"},
                ],
            },
            "AWS Config records instances only once a day: " + UNSEEN,
        ),
        (
            {
                "recordingFrequency": "DAILY",
                "recordingModeOverrides": [
                    {
                        "resourceTypes": [
                            "AWS::IAM::User",
                            "AWS::IAM::Role",
                            "AWS::IAM::Group",
                            "AWS::IAM::Policy",
                            "AWS::EC2::SecurityGroup",
                            "AWS::EC2::VPC",
                            "AWS::ElasticLoadBalancingV2::LoadBalancer",
                            "AWS::AutoScaling::AutoScalingGroup",
                            "AWS::Lambda::Function",
                        ],
                        "recordingFrequency": "CONTINUOUS",
                    },
                ],
            },
            "AWS Config records instances only once a day: " + UNSEEN,
        ),
    ],
)
def test_what_is_recorded_once_a_day_is_a_notice(mode: dict[str, Any], said: str) -> None:
    assert sentence_of(*judge_types({REGION: recorder(recordingMode=mode)}, calls=True)) == said


CHANNEL = {"name": "default", "s3BucketName": "history", "snsTopicARN": TOPIC}


@pytest.mark.parametrize("last", ["SUCCESS", "Success", "NOT_APPLICABLE", "Not_Applicable", None])
def test_a_channel_that_delivers_to_our_topic_passes(last: str | None) -> None:
    status = {"configStreamDeliveryInfo": {"lastStatus": last}} if last else {}

    assert judge_channel(CHANNEL, status, REGION, (TOPIC,)).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("channel", "status", "said"),
    [
        (None, {}, "AWS Config has no delivery channel here"),
        ({"name": "default", "s3BucketName": "history"}, {}, "AWS Config sends what it records to no topic"),
        (
            CHANNEL | {"snsTopicARN": TOPIC + "2"},
            {},
            f"AWS Config sends to the topic {TOPIC}2, which this queue does not listen to",
        ),
        (
            CHANNEL,
            {"configStreamDeliveryInfo": {"lastStatus": "FAILURE", "lastErrorCode": "NoSuchTopic"}},
            "AWS Config failed to send to its topic the last time",
        ),
        (
            CHANNEL,
            {"configStreamDeliveryInfo": {"lastStatus": "Failure"}},
            "AWS Config failed to send to its topic the last time",
        ),
    ],
)
def test_a_channel_that_does_not_reach_us_is_a_failure(
    channel: dict[str, Any] | None, status: dict[str, Any], said: str
) -> None:
    checked = judge_channel(channel, status, REGION, (TOPIC,))

    assert (checked.outcome, checked.cause, checked.sentence) == (Outcome.FAILED, Cause.CHANNEL_FAILING, said)


def test_a_channel_is_not_taken_for_ours_where_our_topics_are_not_known() -> None:
    assert judge_channel(CHANNEL, {}, REGION, None).outcome is Outcome.NOTICE


def test_a_subscription_without_a_filter_passes_and_its_messages_are_signed() -> None:
    checks = judge_subscription({"RawMessageDelivery": "false"}, TOPIC)

    assert [(checked.check, checked.outcome) for checked in checks] == [
        (Check.SUBSCRIPTION, Outcome.PASSED),
        (Check.SIGNATURES, Outcome.PASSED),
    ]


def test_raw_messages_rest_on_the_queues_policy() -> None:
    _, signatures = judge_subscription({"RawMessageDelivery": "true"}, TOPIC)

    assert signatures.outcome is Outcome.NOTICE
    assert signatures.sentence == (
        "the topic config delivers without signatures: authenticity rests on the queue's policy"
    )


def test_another_server_cannot_sign_as_aws() -> None:
    _, signatures = judge_subscription({"RawMessageDelivery": "false"}, TOPIC, foreign=True)

    assert signatures.outcome is Outcome.NOTICE
    assert signatures.sentence.startswith("this server is not AWS")


def test_a_subscription_that_waits_to_be_confirmed_is_none() -> None:
    (checked,) = judge_subscription({"PendingConfirmation": "true"}, TOPIC)

    assert (checked.outcome, checked.cause) == (Outcome.FAILED, Cause.SUBSCRIPTION_GONE)


@pytest.mark.parametrize(
    ("policy", "scope", "outcome", "cause", "said"),
    [
        (
            '{"kind":["x"]}',
            "MessageAttributes",
            Outcome.FAILED,
            Cause.SUBSCRIPTION_FILTERED,
            "the filter of the topic config keeps everything from this queue",
        ),
        (
            '{"configurationItem":{"resourceType":["AWS::EC2::Instance"]}}',
            "MessageBody",
            Outcome.NOTICE,
            None,
            "the filter of the topic config keeps new users from this queue",
        ),
        (
            '{"configurationItem":{"awsRegion":["eu-west-1"]}}',
            "MessageBody",
            Outcome.NOTICE,
            None,
            "the topic config has a filter, and it cannot be told what that keeps from this queue",
        ),
        (
            "no JSON",
            "MessageBody",
            Outcome.NOTICE,
            None,
            "the topic config has a filter, and it cannot be told what that keeps from this queue",
        ),
        ('{"messageType":[{"prefix":"Config"}]}', "MessageBody", Outcome.PASSED, None, ""),
    ],
)
def test_a_filter_is_judged_by_what_it_keeps_out(
    policy: str, scope: str, outcome: Outcome, cause: Cause | None, said: str
) -> None:
    checked, _ = judge_subscription({"FilterPolicy": policy, "FilterPolicyScope": scope}, TOPIC)

    assert (checked.outcome, checked.cause, checked.sentence) == (outcome, cause, said)


GOOD_TRAIL = {"Name": "all", "IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True}


@pytest.mark.parametrize(
    ("trail", "said"),
    [
        (GOOD_TRAIL, ""),
        (GOOD_TRAIL | {"IsMultiRegionTrail": False}, "the trail all logs only this Region"),
        (
            GOOD_TRAIL | {"IncludeGlobalServiceEvents": False},
            "the trail all logs no calls to global services such as IAM",
        ),
        (
            {"Name": "all"},
            "the trail all logs only this Region and no calls to global services such as IAM",
        ),
    ],
)
def test_a_trail_that_logs_passes_and_what_it_leaves_out_is_said(trail: dict[str, Any], said: str) -> None:
    checked = judge_trails([trail], [trail], [], REGION)

    assert (checked.outcome, checked.sentence) == (Outcome.NOTICE if said else Outcome.PASSED, said)


@pytest.mark.parametrize(
    ("trails", "empty", "said"),
    [
        ([], [], "there is no trail; if that is meant, set trail = false in the settings"),
        ([GOOD_TRAIL], [], "the trail all is stopped"),
        ([GOOD_TRAIL], [GOOD_TRAIL], "the trail all leaves out the calls that change something"),
    ],
)
def test_without_a_trail_that_logs_calls_there_is_a_failure(
    trails: list[dict[str, Any]], empty: list[dict[str, Any]], said: str
) -> None:
    checked = judge_trails(trails, [], empty, REGION)

    assert (checked.outcome, checked.cause, checked.sentence) == (Outcome.FAILED, Cause.TRAIL_OFF, said)


def advanced(**fields: list[str]) -> dict[str, Any]:
    chosen = [{"Field": field, "Equals": values} for field, values in fields.items()]
    return {"AdvancedEventSelectors": [{"FieldSelectors": chosen}]}


@pytest.mark.parametrize(
    ("selectors", "logs"),
    [
        ({}, True),
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}, True),
        ({"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}, True),
        ({"EventSelectors": [{"ReadWriteType": "ReadOnly", "IncludeManagementEvents": True}]}, False),
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]}, False),
        (advanced(eventCategory=["Management"]), True),
        (advanced(eventCategory=["Management"], readOnly=["false"]), True),
        (advanced(eventCategory=["Management"], readOnly=["true"]), False),
        (advanced(eventCategory=["Data"]), False),
        ({"AdvancedEventSelectors": [{}]}, False),
    ],
)
def test_a_trail_counts_only_if_it_takes_calls_that_change_something(selectors: dict[str, Any], *, logs: bool) -> None:
    assert logs_calls(selectors) is logs


class Time:
    """A clock that goes as it is told, and how long nobody here has held a message."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.idle = 0.0

    def passes(self, seconds: float) -> None:
        self.now += seconds
        self.idle += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def look(time: Time) -> Callable[[int], tuple[bool, float | None]]:
    """Give what looks at so many messages in flight: whether somebody else holds them, and when to look again."""
    consumers = Consumers(lambda: time.idle, lambda: time.now)

    def at(in_flight: int) -> tuple[bool, float | None]:
        attributes = {"ApproximateNumberOfMessagesNotVisible": str(in_flight), "VisibilityTimeout": "60"}
        checked = consumers.judge(attributes, REGION)
        assert checked.cause is (Cause.QUEUE_SHARED if checked.outcome is Outcome.FAILED else None)
        return checked.outcome is Outcome.FAILED, consumers.again

    return at


Look = Callable[[int], tuple[bool, float | None]]
SILENCE = 60 + COUNTED_LATE


def test_a_queue_with_nothing_in_flight_has_no_other_consumer(time: Time, look: Look) -> None:
    time.passes(10_000)
    assert look(0) == (False, None)


def test_messages_in_flight_that_nobody_here_has_held_for_long_are_somebody_elses_when_seen_twice(
    time: Time, look: Look
) -> None:
    time.passes(SILENCE)
    assert look(3) == (False, APART + 1)
    time.passes(APART + 1)
    assert look(3) == (True, None)
    time.passes(3600)
    assert look(1) == (True, None)
    time.passes(3600)
    assert look(0) == (False, None)
    assert look(1) == (False, APART + 1)


def test_two_looks_at_once_are_one(time: Time, look: Look) -> None:
    time.passes(SILENCE)
    assert look(1) == (False, APART + 1)
    assert look(1) == (False, APART + 1)


def test_what_we_held_a_moment_ago_may_still_be_counted(time: Time, look: Look) -> None:
    time.passes(10_000)
    time.idle = 30
    assert look(1) == (False, SILENCE - 30 + 1)
    time.passes(SILENCE - 30 + 1)
    assert look(0) == (False, None)


def test_what_a_crashed_run_had_received_is_given_time_to_come_back(time: Time, look: Look) -> None:
    time.idle = float("inf")
    assert look(1) == (False, SILENCE + 1)
    time.passes(SILENCE + 1)
    assert look(1) == (False, APART + 1)


def test_a_queue_that_is_never_silent_is_not_looked_at_without_end(time: Time, look: Look) -> None:
    agains = []
    for _ in range(6):
        time.passes(200)
        time.idle = 1
        agains.append(look(1)[1])

    assert [again is not None for again in agains] == [True, True, True, False, False, False]
