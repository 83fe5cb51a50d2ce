"""Taking a message out of what it travels in.

Amazon SNS puts what it delivers into a JSON object of its own, unless the subscription asks for raw delivery
(https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html); so a body may be either.
"""

import json
from typing import Any

from trayapp.inbox.jsonlike import JsonObject, string

PLAIN_TEXT = "text"
_SNS_TYPES = {
    "SubscriptionConfirmation": "sns:SubscriptionConfirmation",
    "UnsubscribeConfirmation": "sns:UnsubscribeConfirmation",
}


class Unreadable(Exception):  # noqa: N818 - it is a finding about a message, not a fault of ours
    """The message cannot be read; the text says why."""


def unwrap(body: str) -> JsonObject | str:
    """Take the innermost object out of a body.

    Returns:
        The object; or the name of the kind, for what is known to hold none (plain text, SNS's own confirmations).

    Raises:
        Unreadable: It begins as JSON does but cannot be read as such, or holds no object.
    """
    message = _parse(body)
    if isinstance(message, str):
        return message
    kind = string(message, "Type")
    if kind in _SNS_TYPES:
        return _SNS_TYPES[kind]
    if kind == "Notification" and "Message" in message:
        inner = message["Message"]
        message = inner if isinstance(inner, dict) else _parse(inner)
        if isinstance(message, str):
            return message
    # Config's own events carry the notification under "detail", with and without the envelope of EventBridge.
    detail = message.get("detail")
    if isinstance(detail, dict) and "messageType" in detail:
        return detail
    return message


def _parse(text: Any) -> JsonObject | str:  # noqa: ANN401 - it comes straight out of JSON
    if not isinstance(text, str):
        raise Unreadable("the envelope's message is neither text nor an object")
    if not text.lstrip().startswith(("{", "[")):
        # The e-mail form has a line of prose before its JSON. Without any brace it is somebody's plain text.
        start = text.find("{")
        if start < 0:
            return PLAIN_TEXT
        text = text[start:]
    try:
        # An e-mail form may also have prose after it; what follows a bare object is damage all the same for others.
        value, _ = json.JSONDecoder(parse_constant=_refuse).raw_decode(text.lstrip())
    except ValueError as error:
        raise Unreadable(f"it is not whole JSON ({str(error)[:80]})") from None
    if not isinstance(value, dict):
        raise Unreadable("it is JSON but not an object")
    return value


def _refuse(constant: str) -> Any:  # noqa: ANN401 - the signature is json's
    raise ValueError(f"{constant} is not JSON")
