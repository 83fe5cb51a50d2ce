"""Queues, topics, subscriptions and rules, however a call or a setting names them."""

from urllib.parse import urlsplit

from trayapp.core.facts import Json
from trayapp.core.signals.reading import text

_ARN_PARTS = 6
_NAMED_BY = ("subscriptionArn", "topicArn", "queueUrl", "name", "rule")


def named_place(request: Json) -> str:
    """Give the ARN, URL or name by which a request names a queue, topic, subscription or rule."""
    return next((found for key in _NAMED_BY if (found := text(request, key))), "")


def place_of(named: str) -> tuple[str, str]:
    """Give account and name of a queue, topic, subscription or rule, from its ARN or URL; a bare name has no account.

    >>> place_of("https://sqs.eu-west-1.amazonaws.com/123456789012/trayapp")
    ('123456789012', 'trayapp')
    """
    if named.startswith("arn:"):
        parts = named.split(":")
        name = parts[_ARN_PARTS - 1] if len(parts) >= _ARN_PARTS else ""
        # A subscription's ARN is its topic's with an id behind; a rule's has its kind and bus before the name.
        return (parts[4] if len(parts) >= _ARN_PARTS else "", name.rpartition("/")[2])
    if "://" in named:
        try:
            path = urlsplit(named).path
        except ValueError:
            return ("", named)
        account, _, name = path.strip("/").rpartition("/")
        return (account.rpartition("/")[2], name)
    return ("", named)


def service_of(named: str) -> str:
    """Tell of which service a queue, topic or rule is, by how it is named: ``sqs``, ``sns``, ``events``."""
    if named.startswith("arn:"):
        return named.split(":")[2] if named.count(":") > 1 else ""
    return "sqs" if "://" in named else "events"
