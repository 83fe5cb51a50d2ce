"""A queue's policy is tried with those who have to get in and with strangers, however it is written."""

import json
from typing import Any

import pytest

from trayapp.aws.checks import topics_in
from trayapp.aws.checks.policy import Caller, parsed
from trayapp.aws.checks.queue_policy import hears_cloudtrail, judge_queue_policy
from trayapp.core.causes import Cause
from trayapp.core.checks import Checked, Outcome

OWN, OTHER = "123456789012", "210987654321"
REGION = "eu-west-1"
QUEUE = f"arn:aws:sqs:{REGION}:{OWN}:alerts"
TOPIC = f"arn:aws:sns:{REGION}:{OWN}:config"
FOREIGN_TOPIC = f"arn:aws:sns:{REGION}:{OTHER}:config"
RULE = f"arn:aws:events:{REGION}:{OWN}:rule/calls"
FOREIGN_RULE = f"arn:aws:events:{REGION}:{OTHER}:rule/calls"

Statement = dict[str, Any]


def allow(**changes: Any) -> Statement:  # noqa: ANN401 - elements of a policy
    """Let the topic in, as our template does, but for the changes; ``None`` leaves an element out."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
        "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}},
        **changes,
    }
    return {element: value for element, value in statement.items() if value is not None}


def rule(arn: str, **changes: Any) -> Statement:  # noqa: ANN401 - same
    return allow(
        Principal={"Service": "events.amazonaws.com"}, Condition={"ArnEquals": {"aws:SourceArn": arn}}, **changes
    )


NO_TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Resource": QUEUE,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
OWNER = {
    "Sid": "__owner_statement",
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{OWN}:root"},
    "Action": "SQS:*",
    "Resource": QUEUE,
}


def judged(statements: object, *topics: str) -> Checked:
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return judge_queue_policy(parsed(document, QUEUE), topics or (TOPIC,), frozenset({OWN}), REGION)


GOOD: dict[str, object] = {
    "as our template writes it": [allow(), rule(RULE), NO_TLS],
    "a single statement that is in no list": allow(),
    "lists where a text would do": [
        allow(
            Action=["sqs:SendMessage"],
            Resource=[QUEUE],
            Principal={"Service": ["sns.amazonaws.com"]},
            Condition={"ArnEquals": {"aws:SourceArn": [TOPIC]}},
        )
    ],
    "ArnLike": allow(Condition={"ArnLike": {"aws:SourceArn": TOPIC}}),
    "StringEquals": allow(Condition={"StringEquals": {"aws:SourceArn": TOPIC}}),
    "StringEqualsIgnoreCase": allow(Condition={"StringEqualsIgnoreCase": {"aws:SourceArn": TOPIC.upper()}}),
    "StringLike with a wildcard": allow(Condition={"StringLike": {"aws:SourceArn": TOPIC[:-3] + "*"}}),
    "ForAnyValue": allow(Condition={"ForAnyValue:StringEquals": {"aws:SourceArn": TOPIC}}),
    "the key in other capitals": allow(Condition={"ArnEquals": {"AWS:SOURCEARN": TOPIC}}),
    "anybody, but only by the topic": allow(Principal="*"),
    "anybody among AWS, but only by the topic": allow(Principal={"AWS": "*"}),
    "anybody in a list, but only by the topic": allow(Principal={"AWS": ["*"]}),
    "the account that it comes from": allow(Condition={"StringEquals": {"aws:SourceAccount": OWN}}),
    "the owner that it comes from": allow(Condition={"StringEquals": {"aws:SourceOwner": OWN}}),
    "the service by its name in a Region": allow(Principal={"Service": f"sns.{REGION}.amazonaws.com"}),
    "every action, by the topic": allow(Action="*", Principal={"Service": "sns.amazonaws.com"}),
    "the action by a wildcard in other capitals": allow(Action="SQS:Send*"),
    "what AWS writes for the owner": [OWNER, allow()],
    "a user of the own account": [allow(), allow(Principal={"AWS": f"arn:aws:iam::{OWN}:user/me"}, Condition=None)],
    "the own account by its number": [allow(), allow(Principal={"AWS": OWN}, Condition=None)],
    "all others denied": [
        allow(Principal="*"),
        {
            "Effect": "Deny",
            "NotPrincipal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE,
        },
    ],
    "open, but all other sources denied": [
        allow(Principal="*", Condition=None),
        allow(Effect="Deny", Principal="*", Condition={"ArnNotEquals": {"aws:SourceArn": TOPIC}}),
    ],
    "open for another queue only": [allow(), allow(Principal="*", Condition=None, Resource=QUEUE + "2")],
    "a resource by a wildcard": allow(Resource="arn:aws:sqs:*:*:al?rts"),
    "an action left out by NotAction": [allow(), allow(Principal="*", Condition=None, Action=None, NotAction="sqs:*")],
    "something that is no statement beside": [allow(), "nonsense"],
    "a condition on no source at all, denied": [
        allow(Principal="*", Condition=None),
        allow(Effect="Deny", Principal="*", Condition={"Null": {"aws:SourceArn": "true"}}),
        allow(Effect="Deny", Principal="*", Condition={"ArnNotLikeIfExists": {"aws:SourceArn": TOPIC}}),
    ],
}


@pytest.mark.parametrize("statements", GOOD.values(), ids=GOOD.keys())
def test_a_policy_that_lets_in_the_topic_and_no_stranger_passes(statements: object) -> None:
    assert judged(statements) == Checked(judged(statements).check, Outcome.PASSED, REGION)


SHUT: dict[str, object] = {
    "no statement": [],
    "another topic": allow(Condition={"ArnEquals": {"aws:SourceArn": TOPIC + "2"}}),
    "another account's topics": allow(Condition={"StringEquals": {"aws:SourceAccount": OTHER}}),
    "another service": allow(Principal={"Service": "s3.amazonaws.com"}),
    "another action": allow(Action="sqs:ReceiveMessage"),
    "every action but this": allow(Action=None, NotAction="sqs:Send*"),
    "another queue": allow(Resource=QUEUE + "2"),
    "all queues but this": allow(Resource=None, NotResource=QUEUE),
    "let in and denied": [allow(), allow(Effect="Deny")],
    "let in and everybody denied": [allow(), allow(Effect="Deny", Principal="*", Condition=None)],
    "let in and all services denied": [
        allow(),
        {"Effect": "Deny", "NotPrincipal": {"AWS": OWN}, "Action": "*", "Resource": "*"},
    ],
    "only without TLS": allow(Condition={"Bool": {"aws:SecureTransport": "false"}}),
    "a wildcard where StringEquals takes it as it stands": allow(
        Condition={"StringEquals": {"aws:SourceArn": TOPIC[:-1] + "*"}}
    ),
    "only the owner": OWNER,
    "only a rule": rule(RULE),
    "an effect that there is not": allow(Effect="allow"),
}


@pytest.mark.parametrize("statements", SHUT.values(), ids=SHUT.keys())
def test_a_policy_that_keeps_the_topic_out_is_told(statements: object) -> None:
    checked = judged(statements)

    assert (checked.outcome, checked.cause) == (Outcome.FAILED, Cause.QUEUE_SHUT)
    assert checked.sentence == "the queue's policy does not let the topic config in"


OPEN: dict[str, tuple[object, str]] = {
    "anybody": (allow(Principal="*", Condition=None), "the topics of any account may write into the queue"),
    "anybody among AWS": (
        allow(Principal={"AWS": "*"}, Condition=None),
        "the topics of any account may write into the queue",
    ),
    "everybody but one": (
        [allow(), allow(Principal=None, NotPrincipal={"AWS": OTHER}, Condition=None)],
        "the topics of any account may write into the queue",
    ),
    "SNS without a condition": (allow(Condition=None), "the topics of any account may write into the queue"),
    "SNS with a wildcard for the account": (
        allow(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}),
        "the topics of any account may write into the queue",
    ),
    "a condition that only a missing key fails": (
        allow(Condition={"Null": {"aws:SourceArn": "false"}}),
        "the topics of any account may write into the queue",
    ),
    "a source that may be missing": (
        allow(Principal="*", Condition={"ArnEqualsIfExists": {"aws:SourceArn": TOPIC}}),
        "anybody may write into the queue",
    ),
    "all of the sources there are, which may be none": (
        allow(Principal="*", Condition={"ForAllValues:ArnEquals": {"aws:SourceArn": TOPIC}}),
        "anybody may write into the queue",
    ),
    "anything but one source": (
        allow(Principal="*", Condition={"ArnNotEquals": {"aws:SourceArn": FOREIGN_TOPIC}}),
        "the topics of any account may write into the queue",
    ),
    "one good source and one wild one": (
        allow(Condition={"ArnLike": {"aws:SourceArn": [TOPIC, f"arn:aws:sns:{REGION}:{OTHER}:*"]}}),
        "the topics of account 2109-8765-4321 may write into the queue",
    ),
    "EventBridge without a condition": (
        [allow(), rule(RULE) | {"Condition": {}}],
        "the rules of any account may write into the queue",
    ),
    "another account's rule": (
        [allow(), rule(FOREIGN_RULE)],
        "the rule calls of account 2109-8765-4321 may write into the queue",
    ),
    "another account's topic": (
        [allow(), allow(Condition={"ArnEquals": {"aws:SourceArn": FOREIGN_TOPIC}})],
        "the topic config of account 2109-8765-4321 may write into the queue",
    ),
    "buckets without a condition": (
        [allow(), allow(Principal={"Service": "s3.amazonaws.com"}, Condition=None)],
        "the buckets of any account may write into the queue",
    ),
    "another account": (
        [allow(), allow(Principal={"AWS": OTHER}, Condition=None)],
        "account 2109-8765-4321 may write into the queue",
    ),
    "another account's root": (
        [allow(), allow(Principal={"AWS": [f"arn:aws:iam::{OTHER}:root"]}, Condition=None)],
        "account 2109-8765-4321 may write into the queue",
    ),
    "another account's role": (
        [allow(), allow(Principal={"AWS": f"arn:aws:iam::{OTHER}:role/mallory"}, Condition=None)],
        "role/mallory of account 2109-8765-4321 may write into the queue",
    ),
    "another account that receives": (
        [allow(), allow(Principal={"AWS": OTHER}, Condition=None, Action=["sqs:ReceiveMessage"])],
        "account 2109-8765-4321 may take messages out of the queue",
    ),
    "anybody who deletes": (
        [allow(), allow(Principal="*", Condition=None, Action=["sqs:DeleteMessage"])],
        "the topics of any account may delete messages from the queue",
    ),
    "another account that empties": (
        [allow(), allow(Principal={"AWS": OTHER}, Condition=None, Action="sqs:Purge*")],
        "account 2109-8765-4321 may empty the queue",
    ),
    "another account that changes": (
        [allow(), allow(Principal={"AWS": OTHER}, Condition=None, Action="sqs:SetQueueAttributes")],
        "account 2109-8765-4321 may change the queue",
    ),
}


@pytest.mark.parametrize(("statements", "said"), OPEN.values(), ids=OPEN.keys())
def test_a_policy_that_lets_strangers_in_is_told_with_who_may_do_what(statements: object, said: str) -> None:
    checked = judged(statements)

    assert (checked.outcome, checked.cause, checked.sentence) == (Outcome.FAILED, Cause.QUEUE_OPEN, said)


@pytest.mark.parametrize(
    ("condition", "unsure"),
    [
        ({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, "the queue's policy lets the topic config in"),
        ({"StringEquals": {"aws:SourceOrgID": "o-abc"}}, "the queue's policy lets the topic config in"),
        ({"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}, "the queue's policy lets the topic"),
        ({"StringFoo": {"aws:SourceArn": TOPIC}}, "the queue's policy lets the topic config in"),
    ],
)
def test_a_condition_that_depends_on_what_is_not_known_here_is_neither_well_nor_a_failure(
    condition: Statement, unsure: str
) -> None:
    checked = judged(allow(Condition=condition))

    assert (checked.outcome, checked.cause) == (Outcome.NOTICE, None)
    assert checked.sentence.startswith(f"it cannot be told whether {unsure}")


def test_strangers_under_a_condition_that_cannot_be_judged_are_a_notice() -> None:
    checked = judged([allow(), allow(Principal="*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})])

    assert checked.outcome is Outcome.NOTICE
    assert checked.sentence == (
        "under conditions that cannot be judged from here the topics of any account may write into the queue"
    )


@pytest.mark.parametrize("key", ["aws:PrincipalOrgID", "aws:SourceOrgID"])
def test_the_members_of_an_organization_are_no_strangers_but_a_notice(key: str) -> None:
    condition = {"StringEquals": {key: "o-abcdefghij"}}

    checked = judged([allow(), allow(Principal="*", Condition=condition)])

    assert checked.outcome is Outcome.NOTICE
    assert checked.sentence == "the members of the organization o-abcdefghij may write into the queue"


def test_another_topic_of_the_own_account_is_a_notice_that_names_it() -> None:
    checked = judged([allow(), allow(Condition={"ArnEquals": {"aws:SourceArn": TOPIC + "-costs"}})])

    assert checked.outcome is Outcome.NOTICE
    assert checked.sentence == "the queue's policy also lets in config-costs, which the settings do not name"


def test_a_topic_of_another_account_that_the_owner_named_is_welcome() -> None:
    statements = [allow(), allow(Condition={"ArnEquals": {"aws:SourceArn": FOREIGN_TOPIC}})]

    assert judged(statements, TOPIC, FOREIGN_TOPIC).outcome is Outcome.PASSED


def test_without_named_topics_those_of_the_policy_are_believed_and_that_is_said() -> None:
    policy = parsed(json.dumps({"Statement": allow()}), QUEUE)

    checked = judge_queue_policy(policy, (), frozenset({OWN}), REGION)

    assert checked.outcome is Outcome.NOTICE
    assert checked.sentence == "the settings name no topics, so whichever the queue's policy lets in are believed"


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (OWNER, Outcome.FAILED),
        (rule(RULE), Outcome.NOTICE),
        (allow(Condition={"StringEquals": {"aws:SourceAccount": OWN}}), Outcome.NOTICE),
    ],
)
def test_without_named_topics_a_policy_has_to_let_in_a_topic_or_a_rule(statement: Statement, outcome: Outcome) -> None:
    checked = judge_queue_policy(parsed(json.dumps({"Statement": [statement]}), QUEUE), (), frozenset({OWN}), REGION)

    assert checked.outcome is outcome
    if outcome is Outcome.FAILED:
        assert checked.cause is Cause.QUEUE_SHUT


def test_a_queue_without_a_policy_lets_nobody_in() -> None:
    assert judge_queue_policy(parsed("", QUEUE), (TOPIC,), frozenset({OWN}), REGION).cause is Cause.QUEUE_SHUT
    assert judge_queue_policy(parsed("", QUEUE), (), frozenset({OWN}), REGION).cause is Cause.QUEUE_SHUT


def test_the_topics_of_a_policy_are_those_that_it_lets_in() -> None:
    document = json.dumps({"Statement": [allow(), allow(Effect="Deny", Condition=rule(TOPIC + "2")["Condition"])]})

    assert topics_in(document, QUEUE) == (TOPIC,)
    assert topics_in("", QUEUE) == ()
    assert topics_in("[]", QUEUE) == ()
    assert topics_in("no JSON", QUEUE) == ()


@pytest.mark.parametrize(
    ("names", "heard"),
    [
        (["trayapp-IdentityCallRule-1A2B3C"], True),
        (["trayapp-SignInRule-1A2B3C"], True),
        (["what-the-owner-made"], True),
        (["trayapp-RiskRule-1A2B3C", "trayapp-AbuseRule-1A2B3C", "trayapp-GuardDutyRule-1A2B3C"], False),
        (["trayapp-GuardDutyRule-1A2B3C", "trayapp-MachineCallRule-1A2B3C"], True),
        (["*"], True),
        ([], False),
    ],
)
def test_cloudtrail_is_expected_where_rules_are_let_in_that_need_it(names: list[str], *, heard: bool) -> None:
    statements = [rule(RULE.replace("calls", name)) for name in names]

    assert hears_cloudtrail(parsed(json.dumps({"Statement": [allow(), *statements]}), QUEUE)) is heard


def test_a_pattern_made_to_take_for_ever_takes_no_time() -> None:
    statement = allow(Condition={"StringLike": {"aws:SourceArn": "*a" * 2000 + "b"}})
    caller = Caller(service="sns.amazonaws.com", context={"aws:sourcearn": "a" * 2000})

    assert parsed(json.dumps({"Statement": statement}), QUEUE).allows(caller, "sqs:SendMessage") is False
