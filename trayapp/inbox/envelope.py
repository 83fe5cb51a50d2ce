"""Taking a message out of what it travels in.

Amazon SNS puts what it delivers into a JSON object of its own, unless the subscription asks for raw delivery
(https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html); so a body may be either. What
was taken out of another queue or topic and sent on brings that one's envelope along, too.
"""

import json
from typing import Any

from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.jsonlike import JsonObject, string
from trayapp.inbox.reading import Unreadable

_CONFIRMATIONS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")
_SQS_MARKS = ("ReceiptHandle", "receiptHandle", "MD5OfBody", "md5OfBody")


def parse(text: str) -> JsonObject | None:
    """Read the object that a text is, or that stands in it after some lines of prose, as the e-mail form has them.

    Returns:
        The object; ``None`` for plain text.

    Raises:
        Unreadable: It begins as JSON does but cannot be read as such, or is not an object.
    """
    bare = text.lstrip()
    if bare.startswith('"'):
        # Somebody wrote JSON into a string of JSON; or it is plain text between quotation marks.
        quoted = _whole_string(bare)
        if quoted is not None:
            return parse(quoted)
    if not bare.startswith(("{", "[")):
        start = bare.find("{")
        if start < 0:
            return None
        bare = bare[start:]
    try:
        # An e-mail form may also have prose after it; what follows a bare object is damage all the same for others.
        value, _ = json.JSONDecoder(parse_constant=_refuse).raw_decode(bare)
    except ValueError as error:
        raise Unreadable(f"{mark('it is not whole JSON')} ({str(error)[:80]})") from None
    except RecursionError:
        raise Unreadable(mark("it is nested too deeply")) from None
    if not isinstance(value, dict):
        raise Unreadable(mark("it is JSON but not an object"))
    return value


def confirmation(message: JsonObject) -> str | None:
    """Give the kind of a message in which SNS asks for a confirmation; ``None`` for all others."""
    kind = string(message, "Type")
    return kinds.sns(kind) if kind in _CONFIRMATIONS else None


def content(message: JsonObject) -> JsonObject | str | None:
    """Give what an envelope of SNS or SQS holds; ``None`` for what is no envelope.

    Raises:
        Unreadable: It is an envelope, and holds neither text nor an object.
    """
    if "Message" in message and (message.get("Type") == "Notification" or "TopicArn" in message):
        held = message["Message"]
    elif isinstance(message.get("Sns"), dict):
        held = message["Sns"]
    elif any(mark in message for mark in _SQS_MARKS) and ("Body" in message or "body" in message):
        held = message.get("Body", message.get("body"))
    else:
        return None
    if not isinstance(held, str | dict):
        raise Unreadable(mark("the envelope's message is neither text nor an object"))
    return held


def _whole_string(text: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _refuse(constant: str) -> Any:  # noqa: ANN401 - the signature is json's
    raise ValueError(f"{constant} is not JSON")
