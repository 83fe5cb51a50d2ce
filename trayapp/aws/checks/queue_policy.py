"""Whether the queue lets in what it has to, and nothing else.

A message is believed because of where it came from, and without a signature the queue's policy alone says where that
can be. So the policy is tried: with those who have to get in, and with strangers of every kind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trayapp.aws.checks.policy import Caller, Policy
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import listed, mark, say
from trayapp.core.text import grouped_account, name

_SEND = "sqs:SendMessage"
_DOINGS = {
    _SEND: mark("{who} may write into the queue"),
    "sqs:ReceiveMessage": mark("{who} may take messages out of the queue"),
    "sqs:DeleteMessage": mark("{who} may delete messages from the queue"),
    "sqs:PurgeQueue": mark("{who} may empty the queue"),
    "sqs:SetQueueAttributes": mark("{who} may change the queue"),
}
_KINDS = (
    (mark("the topics of any account"), mark("the topics of account {account}")),
    (mark("the rules of any account"), mark("the rules of account {account}")),
    (mark("the buckets of any account"), mark("the buckets of account {account}")),
    (mark("anybody"), mark("account {account}")),
)
"""What a stranger's topics, rules and buckets are called, and he himself: of nobody in particular, and of one."""
_STRANGER = "000000000000"
"""A number that AWS gives to nobody, for whoever is not named."""
_TOPIC = r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+"
_RULE = r"arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:rule/.+"
# The rules of our template whose events do not come of CloudTrail; CloudFormation puts their names between others.
_NOT_OF_CLOUDTRAIL = re.compile(r"-(?:Risk|Abuse|GuardDuty)Rule-")
_ORGANIZATION = r"o-[a-z0-9]{10,32}"
_ANY_RULE = r"arn:aws[a-z-]*:events:.*"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody whom the policy is tried with.

    Attributes:
        caller: Who it is.
        spoken: What to call them.
    """

    caller: Caller
    spoken: str


def topics_in(policy: Policy) -> tuple[str, ...]:
    """Give the ARNs of the topics that a queue's policy names and lets send."""
    return tuple(arn for arn in policy.mentioned(_TOPIC) if policy.allows(_topic(arn), _SEND) is not False)


def hears_cloudtrail(policy: Policy) -> bool:
    """Tell whether a queue's policy lets in rules of EventBridge that bring what CloudTrail logs."""
    return any(not _NOT_OF_CLOUDTRAIL.search(arn) for arn in policy.mentioned(_ANY_RULE))


def judge_queue_policy(policy: Policy, topics: tuple[str, ...], own: frozenset[str], region: str) -> Checked:
    """Try a queue's policy.

    Args:
        policy: The policy.
        topics: The topics that its owner named; empty where none are.
        own: The numbers of the owner's own accounts.
        region: The queue's Region.
    """
    if shut := _shut_out(policy, topics, own, region):
        return Checked(Check.QUEUE_POLICY, Outcome.FAILED, region, Cause.QUEUE_SHUT, shut)
    doubts = []
    for guest in _strangers(policy, topics, own, region):
        for action, doing in _DOINGS.items():
            allowed = policy.allows(guest.caller, action)
            if allowed:
                sentence = say(doing, who=guest.spoken)
                return Checked(Check.QUEUE_POLICY, Outcome.FAILED, region, Cause.QUEUE_OPEN, sentence)
            if allowed is None:
                may = say(doing, who=guest.spoken)
                doubts.append(say("under conditions that cannot be judged from here {may}", may=may))
    if doubts := [*_unsure(policy, topics), *doubts, *_members(policy, region), *_unnamed(policy, topics)]:
        return Checked(Check.QUEUE_POLICY, Outcome.NOTICE, region, sentence=doubts[0])
    return Checked(Check.QUEUE_POLICY, Outcome.PASSED, region)


def _shut_out(policy: Policy, topics: tuple[str, ...], own: frozenset[str], region: str) -> str:
    """Say who has to be let in and is not; empty if nobody."""
    for arn in topics:
        if policy.allows(_topic(arn), _SEND) is False:
            return say("the queue's policy does not let the topic {topic} in", topic=_short(arn))
    if topics or topics_in(policy) or policy.mentioned(_ANY_RULE):
        return ""
    unnamed = (_topic(f"arn:aws:sns:{region}:{number}:any") for number in own)
    if any(policy.allows(caller, _SEND) is not False for caller in unnamed):
        return ""
    return say("the queue's policy lets neither a topic nor a rule in")


def _unsure(policy: Policy, topics: tuple[str, ...]) -> Iterator[str]:
    for arn in topics:
        if policy.allows(_topic(arn), _SEND) is None:
            yield say("it cannot be told whether the queue's policy lets the topic {topic} in", topic=_short(arn))


def _members(policy: Policy, region: str) -> Iterator[str]:
    """Say what the members of an organization may do, where the policy speaks of one."""
    for organization in policy.mentioned(_ORGANIZATION):
        keys = {"aws:principalorgid": organization, "aws:sourceorgid": organization}
        user = _user(f"arn:aws:iam::{_STRANGER}:user/any", _STRANGER)
        topic = _topic(f"arn:aws:sns:{region}:{_STRANGER}:any")
        callers = [replace(caller, context={**caller.context, **keys}) for caller in (user, topic)]
        for action, doing in _DOINGS.items():
            if any(policy.allows(caller, action) is not False for caller in callers):
                yield say(doing, who=say("the members of the organization {organization}", organization=organization))


def _unnamed(policy: Policy, topics: tuple[str, ...]) -> Iterator[str]:
    if not topics:
        yield say("the settings name no topics, so whichever the queue's policy lets in are believed")
    elif others := [_short(arn) for arn in topics_in(policy) if arn not in topics]:
        yield say("the queue's policy also lets in {topics}, which the settings do not name", topics=listed(others))


def _strangers(policy: Policy, topics: tuple[str, ...], own: frozenset[str], region: str) -> Iterator[Guest]:
    """Give those who should not get in: anybody at all, and whoever the policy itself speaks of."""
    foreign = [number for number in policy.accounts() if number not in own]
    for number in (_STRANGER, *foreign):
        anybody, account = number == _STRANGER, grouped_account(number)
        topics_of, rules_of, buckets_of, user_of = (
            say(of_any) if anybody else say(of_one, account=account) for of_any, of_one in _KINDS
        )
        if not any(f":{number}:" in arn for arn in topics):
            yield Guest(_topic(f"arn:aws:sns:{region}:{number}:any"), topics_of)
        rule = f"arn:aws:events:{region}:{number}:rule/any"
        yield Guest(_service("events.amazonaws.com", rule, number), rules_of)
        yield Guest(_service("s3.amazonaws.com", "arn:aws:s3:::any", number), buckets_of)
        yield Guest(_user(f"arn:aws:iam::{number}:user/any", number), user_of)
    for arn in policy.mentioned(_TOPIC):
        if arn not in topics and arn.split(":")[4] not in own:
            account = grouped_account(arn.split(":")[4])
            yield Guest(_topic(arn), say("the topic {topic} of account {account}", topic=_short(arn), account=account))
    for arn in policy.mentioned(_RULE):
        number = arn.split(":")[4]
        if number not in own:
            spoken = say("the rule {rule} of account {account}", rule=_short(arn), account=grouped_account(number))
            yield Guest(_service("events.amazonaws.com", arn, number), spoken)
    for arn in policy.mentioned(r"arn:aws[a-z-]*:(?:iam|sts)::\d{12}:.+"):
        number = arn.split(":")[4]
        if number not in own and not arn.endswith(":root"):
            user = name(arn.split(":", 5)[5])
            spoken = say("{user} of account {account}", user=user, account=grouped_account(number))
            yield Guest(_user(arn, number), spoken)


def _topic(arn: str) -> Caller:
    return _service("sns.amazonaws.com", arn, arn.split(":")[4])


def _service(service: str, source: str, account_id: str) -> Caller:
    organization = {} if account_id == _STRANGER else {"aws:sourceorgid": None, "aws:sourceorgpaths": None}
    return Caller(
        service=service,
        context={
            "aws:sourcearn": source,
            "aws:sourceaccount": account_id,
            "aws:sourceowner": account_id,
            "aws:principalisawsservice": "true",
            "aws:principalservicename": service,
            "aws:securetransport": "true",
            **organization,
        },
    )


def _user(arn: str, account_id: str) -> Caller:
    organization = {} if account_id == _STRANGER else {"aws:principalorgid": None, "aws:principalorgpaths": None}
    return Caller(
        arn=arn,
        account_id=account_id,
        context={
            "aws:principalarn": arn,
            "aws:principalaccount": account_id,
            "aws:principalisawsservice": "false",
            "aws:securetransport": "true",
            **organization,
        },
    )


def _short(arn: str) -> str:
    """Give the last part of an ARN, as it may stand in a sentence."""
    return name(arn.split(":", 5)[-1].removeprefix("rule/"))
