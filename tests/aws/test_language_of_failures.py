"""Nothing that is said of AWS, of the checks and of the keyring escapes translation."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws.servers import Answer, AnsweringServer, closed_port
from aws.test_checks_asked import Teller, trails
from aws.test_checks_queue_policy import FOREIGN_RULE, OPEN, OTHER, SHUT, allow, judged, rule
from speaking import escaped, marked
from trayapp.aws.checks.asking import Asker, NoAnswer, Patience, Refused
from trayapp.aws.checks.channel import judge_channel
from trayapp.aws.checks.consumers import APART, Consumers
from trayapp.aws.checks.expected import Expected
from trayapp.aws.checks.identity import check_identity
from trayapp.aws.checks.recorder import judge_recorder, judge_types
from trayapp.aws.checks.rounds import guarded
from trayapp.aws.checks.subscription import check_subscription, judge_subscription
from trayapp.aws.checks.trail import judge_trails
from trayapp.aws.failures import AwsFailure, answered_by_aws, failure_of
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.key_store import OsKeyStore, _within
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint
from trayapp.aws.sign_in import SignInRefused, prove
from trayapp.core.checks import Check, Checked, Outcome

REGION = "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:config"
QUEUE = f"arn:aws:sqs:{REGION}:123456789012:alerts"
BOTH = {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True}
NAMED = "role mallory config calls SNS CloudTrail user eve member organization o rule arn aws sns eu west of to"
"""What the examples call things by; ``of`` and ``to`` stand in no sentence outside of what was said."""


def only(*types: str, **parts: object) -> dict[str, Any]:
    return {"name": "default", "recordingGroup": {"allSupported": False, "resourceTypes": list(types)}, **parts}


def daily() -> dict[str, Any]:
    everything = {"allSupported": True, "includeGlobalResourceTypes": True}
    return {"recordingGroup": everything, "recordingMode": {"recordingFrequency": "DAILY"}}


def filtered(policy: str) -> list[Checked]:
    return judge_subscription({"FilterPolicy": policy, "FilterPolicyScope": "MessageBody"}, TOPIC)


def shared() -> Checked:
    now = [0.0]
    consumers = Consumers(lambda: 1000.0, lambda: now[0])
    for moment in (500.0, 501.0 + APART):
        now[0] = moment
        last = consumers.judge({"ApproximateNumberOfMessagesNotVisible": "2"}, REGION)
    return last


JUDGEMENTS: dict[str, Callable[[], Checked | list[Checked]]] = {
    "no recorder": lambda: judge_recorder(None, REGION),
    "a stopped recorder": lambda: judge_recorder({}, REGION),
    "a failing recorder": lambda: judge_recorder({"recording": True, "lastStatus": "FAILURE"}, REGION),
    "nothing recorded": lambda: judge_types({REGION: only()}, calls=True),
    "nothing heard of": lambda: judge_types({REGION: only()}, calls=False),
    "two types missing": lambda: judge_types(
        {
            REGION: only(
                *("AWS::IAM::User", "AWS::IAM::Role", "AWS::IAM::Group", "AWS::IAM::Policy", "AWS::EC2::VPC"),
                *("AWS::EC2::SecurityGroup", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Lambda::Function"),
            )
        },
        calls=True,
    ),
    "once a day": lambda: judge_types({REGION: daily()}, calls=True),
    "no channel": lambda: judge_channel(None, {}, REGION, (TOPIC,)),
    "a channel without a topic": lambda: judge_channel({"name": "default"}, {}, REGION, (TOPIC,)),
    "a channel to another topic": lambda: judge_channel({"snsTopicARN": TOPIC + "2"}, {}, REGION, (TOPIC,)),
    "a failing channel": lambda: judge_channel(
        {"snsTopicARN": TOPIC}, {"configStreamDeliveryInfo": {"lastStatus": "FAILURE"}}, REGION, (TOPIC,)
    ),
    "a channel to who knows": lambda: judge_channel({"snsTopicARN": TOPIC}, {}, REGION, None),
    "a filter that keeps all": lambda: filtered('{"messageType": ["x"]}'),
    "a filter that keeps some": lambda: filtered('{"configurationItem": {"resourceType": ["AWS::IAM::User"]}}'),
    "a filter that nobody understands": lambda: filtered("no JSON"),
    "raw messages": lambda: judge_subscription({"RawMessageDelivery": "true"}, TOPIC),
    "another server": lambda: judge_subscription({}, TOPIC, foreign=True),
    "never confirmed": lambda: judge_subscription({"PendingConfirmation": "true"}, TOPIC),
    "no trail": lambda: judge_trails([], [], [], REGION),
    "a stopped trail": lambda: judge_trails([{"Name": "calls"}], [], [], REGION),
    "a blinded trail": lambda: judge_trails([{"Name": "calls"}], [], [{"Name": "calls"}], REGION),
    "a small trail": lambda: judge_trails([], [{"Name": "calls"}], [], REGION),
    "a trail of one Region": lambda: judge_trails([], [{**BOTH, "IsMultiRegionTrail": False}], [], REGION),
    "a trail without IAM": lambda: judge_trails([], [{**BOTH, "IncludeGlobalServiceEvents": False}], [], REGION),
    "a shared queue": shared,
    **{f"shut: {name}": (lambda statements=statements: judged(statements)) for name, statements in SHUT.items()},  # type: ignore[misc] # mypy does not take defaults for the lambda's own
    **{f"open: {name}": (lambda statements=statements: judged(statements)) for name, (statements, _) in OPEN.items()},  # type: ignore[misc] # same
    "no topic and no rule": lambda: judged([]),
    "a rule of another account": lambda: judged([allow(), rule(FOREIGN_RULE)]),
    "a topic beside": lambda: judged([allow(), allow(Condition={"ArnEquals": {"aws:SourceArn": TOPIC + "2"}})], TOPIC),
    "a doubtful topic": lambda: judged(allow(Condition={"DateLessThan": {"aws:CurrentTime": "2027"}}), TOPIC),
    "doubtful strangers": lambda: judged(
        [allow(), allow(Principal={"AWS": OTHER}, Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})]
    ),
    "an organization": lambda: judged(
        [allow(), allow(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})]
    ),
}


@pytest.mark.parametrize("judge", JUDGEMENTS.values(), ids=JUDGEMENTS.keys())
def test_nothing_that_a_check_finds_escapes_translation(judge: Callable[[], Checked | list[Checked]]) -> None:
    with marked(apart=True):
        found = judge()
    said = [found] if isinstance(found, Checked) else found

    assert any(checked.sentence for checked in said)
    assert [word for each in said for word in escaped(each.sentence, NAMED, TOPIC, "abcdefghij")] == []


@pytest.mark.parametrize("check", [check for check in Check if check not in (Check.HEARTBEAT, Check.SIGNATURES)])
@pytest.mark.parametrize("by_server", [True, False])
def test_that_a_check_may_not_be_made_is_said_in_the_language(check: Check, *, by_server: bool) -> None:
    def refuse() -> list[Checked]:
        raise Refused("no", by_server=by_server)

    with marked(apart=True):
        [checked] = guarded(check, REGION, refuse)

    assert checked.outcome is Outcome.NOT_GRANTED
    assert checked.sentence.startswith("⟦")
    assert escaped(checked.sentence) == []


@pytest.fixture
def teller() -> Iterator[Teller]:
    with Teller() as teller:
        yield teller


def test_what_is_asked_is_said_in_the_language_too(teller: Teller, endpoint_at: Callable[[str], Endpoint]) -> None:
    teller.errs("ListSubscriptionsByTopic", "NotFound", 404)
    teller.says("DescribeTrails", trails("calls"))
    asker = Asker(endpoint_at(teller.url))
    teller.replies["GetCallerIdentity"] = (
        200,
        (
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>210987654321</Account><Arn>a</Arn>"
            "</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>"
            "</GetCallerIdentityResponse>"
        ),
    )
    with marked(apart=True):
        found = [
            *check_subscription(asker, TOPIC, QUEUE),
            *check_identity(asker, Expected("", REGION)),
            *check_identity(asker, Expected("", REGION, account_id="123456789012")),
        ]
        teller.lists(more=True)
        found += check_subscription(asker, TOPIC, QUEUE)
        teller.lists()
        found += check_subscription(asker, TOPIC, QUEUE)
    asker.let_go()

    assert all(checked.sentence for checked in found)
    assert [word for each in found for word in escaped(each.sentence, NAMED)] == []


def test_that_nothing_is_asked_any_more_is_said_in_the_language(endpoint_at: Callable[[str], Endpoint]) -> None:
    said = []
    with marked(apart=True):
        for patience in (Patience(round=0.0), Patience()):
            asker = Asker(endpoint_at(f"http://{closed_port()}"), patience)
            for _ in range(3):
                with pytest.raises(NoAnswer) as caught:
                    asker.ask(asker.client("sts").get_caller_identity)
            said.append(str(caught.value))
            asker.let_go()

    assert all(each.startswith("⟦not asked: ") and escaped(each) == [] for each in said)


def _failures() -> Iterator[AwsFailure]:
    yield failure_of(ValueError("a page"))
    error = {"Error": {"Code": "200", "Message": "<html>"}, "ResponseMetadata": {"HTTPStatusCode": 200}}
    yield failure_of(ClientError(error, "ReceiveMessage"))  # type: ignore[arg-type] # as botocore makes it of a page
    with pytest.raises(AwsFailure) as caught:
        answered_by_aws({})
    yield caught.value


def test_what_is_no_answer_of_aws_is_said_in_the_language() -> None:
    with marked(apart=True):
        said = [str(failure) for failure in _failures()]

    assert [word for each in said for word in escaped(each, "ValueError")] == []
    assert len(said) == 3


def test_that_signing_in_was_refused_is_said_in_the_language(endpoint_at: Callable[[str], Endpoint]) -> None:
    with marked(apart=True):
        with pytest.raises(SignInRefused) as unasked:
            prove(endpoint_at(f"http://{closed_port()}"), "https://queue.invalid/1/q", "work")
        page = Answer(403, b"<html>", {"Content-Type": "text/html"})
        with AnsweringServer(page) as server, pytest.raises(SignInRefused) as refused:
            prove(endpoint_at(server.url), "https://queue.invalid/1/q", "work")

    theirs = "ResponseParserError Could not connect to the endpoint URL http"
    assert escaped(str(unasked.value), theirs) == []
    assert escaped(str(refused.value), theirs) == []


@pytest.mark.parametrize("backend", ["null", "fail", "chainer"])
def test_that_there_is_no_keyring_to_trust_is_said_in_the_language(
    backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = {"null": "null.Keyring", "fail": "fail.Keyring", "chainer": "fail.Keyring"}[backend]
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"keyring.backends.{kind}")
    with marked(apart=True), pytest.raises(KeyStoreProblem) as caught:
        OsKeyStore().check()

    assert escaped(str(caught.value), kind, "keyring.backends") == []


def test_that_the_keyring_does_not_answer_or_refuses_is_said_in_the_language() -> None:
    answer = threading.Event()
    said = []
    with marked(apart=True):
        with pytest.raises(KeyStoreProblem) as silent:
            _within(0.05, answer.wait)
        with pytest.raises(KeyStoreProblem) as refused:
            _within(5.0, lambda: int("no"))
        with pytest.raises(ValueError, match="⟦") as unknown:
            AccessKey.from_json("{}")
    answer.set()
    said = [str(each.value) for each in (silent, refused, unknown)]

    assert [word for each in said for word in escaped(each, "ValueError")] == []
