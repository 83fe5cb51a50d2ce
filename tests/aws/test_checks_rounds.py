"""A round asks all those who report; what is wrong is told, and what cannot be asked is never taken for well."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aws.permissions import User, checked
from aws.servers import Answer, AnsweringServer, SilentServer, closed_port
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from trayapp.aws.checks import Expected, Rounds, Stopped
from trayapp.aws.checks.asking import Patience
from trayapp.aws.checks.policy import Policy, parsed
from trayapp.aws.failures import AwsFailure
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome

EndpointAt = Callable[[str], Endpoint]
CHECKS = [
    "sts:GetCallerIdentity",
    "sqs:GetQueueAttributes",
    "sns:ListSubscriptionsByTopic",
    "sns:GetSubscriptionAttributes",
    "config:DescribeConfigurationRecorders",
    "config:DescribeConfigurationRecorderStatus",
    "config:DescribeDeliveryChannels",
    "config:DescribeDeliveryChannelStatus",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetTrailStatus",
]


@pytest.fixture
def expected(cloud: Cloud, inbox: Inbox) -> Expected:
    return Expected(inbox.queue_url, cloud.region, cloud.account_id, (inbox.topic_arn,))


@pytest.fixture
def endpoint(cloud: Cloud, endpoint_at: EndpointAt) -> Endpoint:
    return endpoint_at(cloud.endpoint_url)


def run(endpoint: Endpoint, expected: Expected, idle_for: Callable[[], float] | None = None) -> dict[Check, Checked]:
    """Run one round; what is about other Regions than the queue's is left out."""
    checks = Rounds(lambda: endpoint, expected, idle_for).run()
    assert len({(each.check, each.region) for each in checks}) == len(checks)
    return {each.check: each for each in checks if each.region in ("", expected.region)}


def outcomes(checks: dict[Check, Checked]) -> dict[Check, Outcome]:
    return {check: each.outcome for check, each in checks.items()}


WELL = {
    Check.IDENTITY: Outcome.PASSED,
    Check.QUEUE_POLICY: Outcome.PASSED,
    Check.CONSUMERS: Outcome.PASSED,
    Check.RECORDER: Outcome.PASSED,
    Check.RECORDED_TYPES: Outcome.PASSED,
    Check.DELIVERY_CHANNEL: Outcome.PASSED,
    Check.SUBSCRIPTION: Outcome.PASSED,
    Check.SIGNATURES: Outcome.NOTICE,  # the emulated AWS cannot sign as AWS does
    Check.TRAIL: Outcome.PASSED,
}


def test_in_a_well_kept_account_everything_passes_after_ten_questions(
    cloud: Cloud, endpoint: Endpoint, expected: Expected
) -> None:
    began = time.monotonic()

    checks = run(endpoint, expected, lambda: 0.0)

    assert outcomes(checks) == WELL
    assert not any(each.cause or each.detail for each in checks.values())
    assert sorted(request.action for request in cloud.requests(began)) == sorted(
        each.partition(":")[2] for each in CHECKS
    )


def fails(checks: dict[Check, Checked], check: Check, cause: Cause) -> str:
    """Give the sentence of the one failure that there must be."""
    failed = [each for each in checks.values() if each.outcome is Outcome.FAILED]
    assert [(each.check, each.cause) for each in failed] == [(check, cause)]
    return failed[0].sentence


def test_a_key_of_another_account_is_told(endpoint: Endpoint, expected: Expected) -> None:
    checks = run(endpoint, replace(expected, account_id="210987654321"))

    said = fails(checks, Check.IDENTITY, Cause.WRONG_ACCOUNT)
    assert said == "the key belongs to account 1234-5678-9012, and the settings name 2109-8765-4321"


def test_without_an_account_in_the_settings_nothing_is_compared_and_that_is_said(
    endpoint: Endpoint, expected: Expected
) -> None:
    identity = run(endpoint, replace(expected, account_id=""))[Check.IDENTITY]

    assert identity.outcome is Outcome.NOTICE
    assert "another one's key would not be noticed" in identity.sentence


def test_a_stopped_recorder_is_told(cloud: Cloud, endpoint: Endpoint, expected: Expected) -> None:
    cloud.reporters.stop_recording()

    said = fails(run(endpoint, expected), Check.RECORDER, Cause.RECORDER_OFF)

    assert said == "the recorder of AWS Config is stopped"


def test_a_region_without_aws_config_is_told_unless_it_is_not_meant_to_have_it(
    endpoint: Endpoint, expected: Expected
) -> None:
    both = replace(expected, config_regions=(expected.region, "eu-north-1"))

    checks = {(each.check, each.region): each for each in Rounds(lambda: endpoint, both).run()}

    assert checks[Check.RECORDER, expected.region].outcome is Outcome.PASSED
    assert checks[Check.RECORDER, "eu-north-1"].cause is Cause.RECORDER_OFF
    assert checks[Check.DELIVERY_CHANNEL, "eu-north-1"].cause is Cause.CHANNEL_FAILING
    unused = run(endpoint, replace(expected, config_regions=()))
    assert not {Check.RECORDER, Check.RECORDED_TYPES, Check.DELIVERY_CHANNEL} & unused.keys()
    assert all(each.cause is None for each in unused.values())


def test_users_that_are_not_recorded_are_a_notice(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    cloud.reporters.record(inbox.topic_arn, allSupported=True)

    types = run(endpoint, expected)[Check.RECORDED_TYPES]

    assert (types.outcome, types.cause) == (Outcome.NOTICE, None)
    assert types.sentence.endswith("here: they come only by CloudTrail")
    types = run(endpoint, replace(expected, trail=False))[Check.RECORDED_TYPES]
    assert types.sentence.endswith("here: nothing is heard of them")


def test_a_channel_to_another_topic_is_told(cloud: Cloud, endpoint: Endpoint, expected: Expected) -> None:
    elsewhere = cloud.sns.create_topic(Name="elsewhere")["TopicArn"]
    cloud.reporters.record(elsewhere)

    said = fails(run(endpoint, expected), Check.DELIVERY_CHANNEL, Cause.CHANNEL_FAILING)

    assert said == f"AWS Config sends to the topic {elsewhere}, which this queue does not listen to"


def subscription_of(cloud: Cloud, inbox: Inbox) -> str:
    (subscription,) = cloud.sns.list_subscriptions_by_topic(TopicArn=inbox.topic_arn)["Subscriptions"]
    return subscription["SubscriptionArn"]


def test_a_subscription_that_was_ended_is_told(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    cloud.sns.unsubscribe(SubscriptionArn=subscription_of(cloud, inbox))

    said = fails(run(endpoint, expected), Check.SUBSCRIPTION, Cause.SUBSCRIPTION_GONE)

    assert said == f"the topic {inbox.topic_arn.rpartition(':')[2]} does not send to this queue"


def test_a_topic_that_was_deleted_is_told(cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox) -> None:
    cloud.sns.delete_topic(TopicArn=inbox.topic_arn)

    assert run(endpoint, expected)[Check.SUBSCRIPTION].cause is Cause.SUBSCRIPTION_GONE


def test_a_subscription_is_found_behind_hundreds_of_others(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    cloud.sns.unsubscribe(SubscriptionArn=subscription_of(cloud, inbox))
    for number in range(101):
        other = f"{inbox.queue_arn}-{number}"
        cloud.sqs.create_queue(QueueName=other.rpartition(":")[2])
        cloud.sns.subscribe(TopicArn=inbox.topic_arn, Protocol="sqs", Endpoint=other)
    cloud.sns.subscribe(TopicArn=inbox.topic_arn, Protocol="sqs", Endpoint=inbox.queue_arn)

    assert run(endpoint, expected)[Check.SUBSCRIPTION].outcome is Outcome.PASSED


def test_a_filter_that_keeps_everything_out_is_told(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    cloud.sns.set_subscription_attributes(
        SubscriptionArn=subscription_of(cloud, inbox), AttributeName="FilterPolicy", AttributeValue='{"kind":["x"]}'
    )

    fails(run(endpoint, expected), Check.SUBSCRIPTION, Cause.SUBSCRIPTION_FILTERED)


@pytest.mark.parametrize(
    ("source", "cause"),
    [("*", Cause.QUEUE_OPEN), ("arn:aws:sns:eu-west-1:123456789012:other", Cause.QUEUE_SHUT)],
)
def test_a_changed_policy_of_the_queue_is_told(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox, source: str, cause: Cause
) -> None:
    attributes = cloud.sqs.get_queue_attributes(QueueUrl=inbox.queue_url, AttributeNames=["Policy"])["Attributes"]
    policy: Any = json.loads(attributes["Policy"])
    policy["Statement"][0]["Condition"] = {"StringLike": {"aws:SourceArn": source}}
    cloud.sqs.set_queue_attributes(QueueUrl=inbox.queue_url, Attributes={"Policy": json.dumps(policy)})

    fails(run(endpoint, expected), Check.QUEUE_POLICY, cause)


def test_a_stopped_trail_is_told_where_its_news_were_chosen(
    cloud: Cloud, endpoint: Endpoint, expected: Expected
) -> None:
    cloud.reporters.trails.stop_logging(Name="calls")

    assert fails(run(endpoint, expected), Check.TRAIL, Cause.TRAIL_OFF) == "the trail calls is stopped"
    assert Check.TRAIL not in run(endpoint, replace(expected, trail=False))


def test_a_second_trail_is_enough(cloud: Cloud, endpoint: Endpoint, expected: Expected) -> None:
    cloud.reporters.trails.stop_logging(Name="calls")
    cloud.reporters.trails.create_trail(Name="second", S3BucketName="reports", IsMultiRegionTrail=False)
    cloud.reporters.trails.start_logging(Name="second")

    trail = run(endpoint, expected)[Check.TRAIL]

    assert (trail.outcome, trail.sentence) == (Outcome.NOTICE, "the trail second logs only this Region")


def test_messages_that_somebody_else_holds_are_told_at_the_second_look(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    inbox.send_raw("news")
    cloud.sqs.receive_message(QueueUrl=inbox.queue_url)
    now = [0.0]
    rounds = Rounds(lambda: endpoint, expected, lambda: 1e6, lambda: now[0])
    now[0] = 1000.0

    first = {each.check: each for each in rounds.run()}
    assert rounds.again is not None
    now[0] += rounds.again
    second = {each.check: each for each in rounds.run()}

    assert first[Check.CONSUMERS].outcome is Outcome.PASSED
    assert second[Check.CONSUMERS].cause is Cause.QUEUE_SHARED
    assert rounds.again is None


def test_without_named_topics_those_of_the_policy_are_looked_after(endpoint: Endpoint, expected: Expected) -> None:
    checks = run(endpoint, replace(expected, topics=()))

    assert checks[Check.QUEUE_POLICY].outcome is Outcome.NOTICE
    assert checks[Check.SUBSCRIPTION].outcome is Outcome.PASSED
    assert checks[Check.DELIVERY_CHANNEL].outcome is Outcome.PASSED


def test_of_several_topics_in_a_region_the_worst_is_told_once(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, inbox: Inbox
) -> None:
    second, third = (cloud.sns.create_topic(Name=name)["TopicArn"] for name in ("second", "third"))

    checks = run(endpoint, replace(expected, topics=(inbox.topic_arn, second, third)))

    assert checks[Check.SUBSCRIPTION].sentence == (
        "the topic second does not send to this queue; the topic third does not send to this queue"
    )


@pytest.fixture
def restricted(cloud: Cloud, expected: Expected) -> Callable[..., dict[Check, Checked]]:
    """Give what runs a round with a key that may do only some of it."""

    def granted(*actions: str) -> dict[Check, Checked]:
        key = User(cloud, "listener", actions).new_key()
        with checked(cloud):
            return run(Endpoint(cloud.region, key, cloud.endpoint_url), expected, lambda: 0.0)

    return granted


def test_the_actions_of_the_template_are_enough(restricted: Callable[..., dict[Check, Checked]]) -> None:
    assert outcomes(restricted(*CHECKS)) == WELL


@pytest.mark.parametrize(
    ("withheld", "unknown"),
    [
        ({"sns:ListSubscriptionsByTopic"}, {Check.SUBSCRIPTION: "whether the topic still sends to this queue"}),
        ({"sns:GetSubscriptionAttributes"}, {Check.SUBSCRIPTION: "whether the topic still sends to this queue"}),
        ({"config:DescribeConfigurationRecorders"}, {Check.RECORDED_TYPES: "what AWS Config records"}),
        ({"config:DescribeConfigurationRecorderStatus"}, {Check.RECORDER: "whether AWS Config records"}),
        (
            {"config:DescribeDeliveryChannels"},
            {Check.DELIVERY_CHANNEL: "whether AWS Config delivers what it records"},
        ),
        (
            {"config:DescribeDeliveryChannelStatus"},
            {Check.DELIVERY_CHANNEL: "whether AWS Config delivers what it records"},
        ),
        ({"cloudtrail:DescribeTrails"}, {Check.TRAIL: "whether CloudTrail logs"}),
        ({"cloudtrail:GetTrailStatus"}, {Check.TRAIL: "whether CloudTrail logs"}),
        (
            {"sqs:GetQueueAttributes"},
            {
                Check.QUEUE_POLICY: "whom the queue lets in",
                Check.CONSUMERS: "whether somebody else takes messages out of the queue",
                Check.SUBSCRIPTION: "whether the topic still sends to this queue",
            },
        ),
    ],
)
def test_what_may_not_be_asked_is_said_with_what_is_unknown_for_that(
    restricted: Callable[..., dict[Check, Checked]], withheld: set[str], unknown: dict[Check, str]
) -> None:
    checks = restricted(*(action for action in CHECKS if action not in withheld))

    refused = {check: each for check, each in checks.items() if each.outcome is Outcome.NOT_GRANTED}
    assert {check: each.sentence for check, each in refused.items()} == {
        check: f"this key may not ask {what}" for check, what in unknown.items()
    }
    assert all(each.cause is None and each.detail for each in refused.values())
    others = {check: each.outcome for check, each in checks.items() if check not in refused}
    assert {*others.values()} <= {Outcome.PASSED, Outcome.NOTICE}


def test_with_no_permission_but_for_the_queue_nothing_is_assumed(
    restricted: Callable[..., dict[Check, Checked]],
) -> None:
    checks = restricted("sts:GetCallerIdentity", "sqs:GetQueueAttributes")

    assert outcomes(checks) == {
        Check.IDENTITY: Outcome.PASSED,
        Check.QUEUE_POLICY: Outcome.PASSED,
        Check.CONSUMERS: Outcome.PASSED,
        Check.RECORDER: Outcome.NOT_GRANTED,
        Check.RECORDED_TYPES: Outcome.NOT_GRANTED,
        Check.DELIVERY_CHANNEL: Outcome.NOT_GRANTED,
        Check.SUBSCRIPTION: Outcome.NOT_GRANTED,
        Check.TRAIL: Outcome.NOT_GRANTED,
    }


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.ERROR_500, Fault.ERROR_503, Fault.DROP, Fault.PORTAL])
def test_a_question_without_an_answer_is_unanswered_and_the_others_are_asked_all_the_same(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, fault: Fault
) -> None:
    cloud.inject(fault, "DescribeConfigurationRecorderStatus")

    checks = run(endpoint, expected, lambda: 0.0)

    recorder = checks[Check.RECORDER]
    assert (recorder.outcome, recorder.cause) == (Outcome.UNANSWERED, Cause.UNCHECKED)
    assert recorder.detail
    assert outcomes(checks) == {**WELL, Check.RECORDER: Outcome.UNANSWERED}


ABROAD = "us-west-2"


@pytest.mark.parametrize("fault", [Fault.BLACK_HOLE, Fault.DRIP])
def test_a_region_that_swallows_questions_keeps_no_other_from_being_asked(
    cloud: Cloud, endpoint: Endpoint, expected: Expected, fault: Fault
) -> None:
    cloud.inject(fault, "DescribeConfigurationRecorderStatus")
    cloud.inject(fault, "DescribeConfigurationRecorders")
    both = replace(expected, config_regions=(ABROAD, expected.region))
    began = time.monotonic()

    checks = Rounds(lambda: endpoint, both, lambda: 0.0, patience=Patience(question=0.5)).run()

    assert time.monotonic() - began < 5
    abroad = {each.check: each for each in checks if each.region == ABROAD}
    assert {each.outcome for each in abroad.values()} == {Outcome.UNANSWERED}
    assert abroad[Check.RECORDER].detail == "no-answer: no complete answer within 0.5 seconds"
    assert abroad[Check.DELIVERY_CHANNEL].detail == "not asked: AWS did not answer before"
    assert {each.check: each.outcome for each in checks if each.region != ABROAD} == WELL


def test_a_round_ends_in_time_and_what_it_did_not_come_to_is_unanswered(
    cloud: Cloud, endpoint: Endpoint, expected: Expected
) -> None:
    cloud.inject(Fault.DRIP, "DescribeConfigurationRecorderStatus")
    began = time.monotonic()

    checks = Rounds(lambda: endpoint, expected, patience=Patience(question=30.0, round=2.0)).run()

    assert time.monotonic() - began < 5
    by_check = {each.check: each for each in checks}
    assert by_check[Check.IDENTITY].outcome is Outcome.PASSED
    assert by_check[Check.RECORDER].cause is Cause.UNCHECKED
    assert by_check[Check.TRAIL].detail == "not asked: the answers before took too long"


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_server_that_does_not_have_a_service_is_said_to_be_unable_to_tell(
    endpoint_at: EndpointAt, status: int
) -> None:
    page = Answer(status, b"<html>no such thing</html>", {"Content-Type": "text/html"})
    with AnsweringServer(page) as server:
        checks = run(endpoint_at(server.url), Expected(f"{server.url}/1/alerts", "eu-west-1", "1"))

    # Without this one there is no signing in to begin with.
    assert checks.pop(Check.IDENTITY).outcome in (Outcome.UNANSWERED, Outcome.NOT_GRANTED)
    assert {*outcomes(checks).values()} == {Outcome.NOT_GRANTED}
    assert checks[Check.RECORDER].sentence == "this server cannot tell whether AWS Config records"
    assert "html" not in checks[Check.RECORDER].detail


def test_an_answer_of_another_shape_is_none_and_the_others_are_asked_all_the_same(
    endpoint_at: EndpointAt, caplog: pytest.LogCaptureFixture
) -> None:
    with AnsweringServer(Answer()) as server:
        expected = Expected(f"{server.url}/1/alerts", "eu-west-1", "1", trail=True)
        checks = run(endpoint_at(server.url), expected)

    assert {each.outcome for each in checks.values()} == {Outcome.UNANSWERED}
    assert {each.cause for each in checks.values()} == {Cause.UNCHECKED}
    assert checks.keys() >= {Check.QUEUE_POLICY, Check.RECORDER, Check.DELIVERY_CHANNEL, Check.TRAIL}
    assert "the check recorder failed" in caplog.text


def test_without_a_network_the_round_is_given_up_after_two_questions(endpoint_at: EndpointAt) -> None:
    dead = endpoint_at(f"http://127.0.0.1:{closed_port()}")

    checks = run(dead, Expected(f"{dead.url}/1/alerts", "eu-west-1", "1", trail=True))

    assert {each.outcome for each in checks.values()} == {Outcome.UNANSWERED}
    assert {each.cause for each in checks.values()} == {Cause.UNCHECKED}
    asked = [each for each in checks.values() if not each.detail.startswith("not asked")]
    assert len(asked) == 2


def test_without_a_key_nothing_is_asked_and_that_is_no_answer() -> None:
    def connect() -> Endpoint:
        raise AwsFailure(Cause.KEYRING_LOCKED, "the keyring is locked")

    (checked_identity,) = Rounds(connect, Expected("https://queue", "eu-west-1")).run()

    assert (checked_identity.outcome, checked_identity.cause) == (Outcome.UNANSWERED, Cause.UNCHECKED)
    assert checked_identity.detail == "the keyring is locked"


def test_closing_ends_a_question_that_waits_and_there_is_no_other_round(endpoint_at: EndpointAt) -> None:
    with SilentServer() as server:
        url = f"http://{server.address}"
        rounds = Rounds(lambda: endpoint_at(url), Expected(f"{url}/1/alerts", "eu-west-1"))
        ended: list[float] = []

        def work() -> None:
            with pytest.raises(Stopped):
                rounds.run()
            ended.append(time.monotonic())

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        assert server.heard.acquire(timeout=10)
        began = time.monotonic()
        rounds.close()
        thread.join(10)

    assert ended
    assert ended[0] - began < 0.5
    with pytest.raises(Stopped):
        rounds.run()


def test_closed_before_its_first_round_it_runs_none(endpoint: Endpoint, expected: Expected) -> None:
    rounds = Rounds(lambda: endpoint, expected)

    rounds.close()

    with pytest.raises(Stopped):
        rounds.run()


def test_a_policy_that_cannot_be_read_is_a_notice_and_what_follows_from_it_is_not_known(
    endpoint: Endpoint, expected: Expected, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The emulated AWS refuses to keep one.
    monkeypatch.setattr("trayapp.aws.checks.rounds.parsed", parsed_as_nonsense)

    checks = run(endpoint, replace(expected, topics=()))

    assert checks[Check.QUEUE_POLICY].outcome is Outcome.NOTICE
    assert checks[Check.QUEUE_POLICY].sentence == "the queue's policy cannot be read"
    assert checks[Check.DELIVERY_CHANNEL].outcome is Outcome.NOTICE
    assert not {Check.SUBSCRIPTION, Check.TRAIL} & checks.keys()


def parsed_as_nonsense(document: str, resource: str) -> Policy:
    assert document
    return parsed("nonsense", resource)
