"""Whether a topic sends to our queue, and whether its filter lets our messages through."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from trayapp.aws.checks.asking import Asker, code_of
from trayapp.aws.checks.filter_policy import lets_through
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.language import listed, say
from trayapp.core.nouns import noun
from trayapp.core.text import name

_MOST_PAGES = 30
"""A page has a hundred subscriptions."""

_GONE_CODES = ("NotFound", "NotFoundException")
_ITEM = "ConfigurationItemChangeNotification"


def check_subscription(asker: Asker, topic: str, queue_arn: str) -> list[Checked]:
    """Ask for the subscription of our queue to a topic, and how it is set up. Two questions, or one for each page."""
    region, called = topic.split(":")[3], name(topic.rpartition(":")[2])
    try:
        subscription = _found(asker, topic, queue_arn)
    except ClientError as error:
        if code_of(error) not in _GONE_CODES:
            raise
        return [_gone(region, say("the topic {topic} is not there any more", topic=called))]
    except _TooMany:
        sentence = say("the topic {topic} has too many subscribers to look for this queue among them", topic=called)
        return [Checked(Check.SUBSCRIPTION, Outcome.NOTICE, region, sentence=sentence)]
    if subscription is None:
        return [_gone(region, say("the topic {topic} does not send to this queue", topic=called))]
    if not subscription.startswith("arn:"):  # it says PendingConfirmation there
        return [_unconfirmed(region, called)]
    asked = asker.ask(asker.client("sns", region).get_subscription_attributes, SubscriptionArn=subscription)
    return judge_subscription(asked["Attributes"], topic, foreign=bool(asker.endpoint.url))


def judge_subscription(attributes: Mapping[str, str], topic: str, *, foreign: bool = False) -> list[Checked]:
    """Judge the attributes of our subscription: the filter, and what its messages' authenticity rests on.

    Args:
        attributes: As SNS gives them.
        topic: The topic's ARN.
        foreign: The server is not AWS, and cannot sign as AWS.
    """
    region, called = topic.split(":")[3], name(topic.rpartition(":")[2])
    if attributes.get("PendingConfirmation") == "true":
        return [_unconfirmed(region, called)]
    return [_judge_filter(attributes, region, called), _judge_signatures(attributes, region, called, foreign=foreign)]


def _judge_filter(attributes: Mapping[str, str], region: str, called: str) -> Checked:
    policy, scope = attributes.get("FilterPolicy", ""), attributes.get("FilterPolicyScope", "MessageAttributes")
    try:
        through = {what: lets_through(policy, scope, body) for what, body in _bodies().items()}
    except ValueError:
        through = dict.fromkeys(_bodies())
    kept = [what for what, passes in through.items() if passes is False]
    if len(kept) == len(through):
        sentence = say("the filter of the topic {topic} keeps everything from this queue", topic=called)
        return Checked(Check.SUBSCRIPTION, Outcome.FAILED, region, Cause.SUBSCRIPTION_FILTERED, sentence)
    if kept:
        sentence = say(
            "the filter of the topic {topic} keeps {things} from this queue", topic=called, things=listed(kept)
        )
        return Checked(Check.SUBSCRIPTION, Outcome.NOTICE, region, sentence=sentence)
    if None in through.values():
        sentence = say(
            "the topic {topic} has a filter, and it cannot be told what that keeps from this queue", topic=called
        )
        return Checked(Check.SUBSCRIPTION, Outcome.NOTICE, region, sentence=sentence)
    return Checked(Check.SUBSCRIPTION, Outcome.PASSED, region)


def _judge_signatures(attributes: Mapping[str, str], region: str, called: str, *, foreign: bool) -> Checked:
    if foreign:
        sentence = say("this server is not AWS and cannot sign as AWS does, so messages are believed as they come")
    elif attributes.get("RawMessageDelivery") == "true":
        sentence = say(
            "the topic {topic} delivers without signatures: authenticity rests on the queue's policy", topic=called
        )
    else:
        return Checked(Check.SIGNATURES, Outcome.PASSED, region)
    return Checked(Check.SIGNATURES, Outcome.NOTICE, region, sentence=sentence)


def _bodies() -> dict[str, dict[str, Any]]:
    """Give what is known beforehand of the bodies that matter most, by what to call them."""
    return {
        say("new users"): {"messageType": _ITEM, "configurationItem": {"resourceType": "AWS::IAM::User"}},
        noun("AWS::EC2::Instance", 2): {
            "messageType": _ITEM,
            "configurationItem": {"resourceType": "AWS::EC2::Instance"},
        },
    }


class _TooMany(Exception):  # noqa: N818 - named after what is the matter
    """The subscription is not among those that were looked through."""


def _found(asker: Asker, topic: str, queue_arn: str) -> str | None:
    """Look for the subscription of our queue; ``None`` if there is none.

    Raises:
        _TooMany: There are too many others.
    """
    client = asker.client("sns", topic.split(":")[3])
    token: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        page = asker.ask(client.list_subscriptions_by_topic, TopicArn=topic, **token)
        for subscription in page.get("Subscriptions", []):
            if subscription.get("Protocol") == "sqs" and subscription.get("Endpoint") == queue_arn:
                return str(subscription.get("SubscriptionArn", ""))
        if not page.get("NextToken"):
            return None
        token = {"NextToken": page["NextToken"]}
    raise _TooMany


def _unconfirmed(region: str, called: str) -> Checked:
    return _gone(region, say("the subscription to the topic {topic} was never confirmed", topic=called))


def _gone(region: str, sentence: str) -> Checked:
    return Checked(Check.SUBSCRIPTION, Outcome.FAILED, region, Cause.SUBSCRIPTION_GONE, sentence)
