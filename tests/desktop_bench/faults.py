"""What can go wrong between a program and AWS, and how it looks on the wire.

Error codes and their HTTP statuses are those of the services' API references; AWS sends JSON errors to clients of its
JSON protocols and XML errors to those of its query protocol, and so does this.
"""

import json
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape


class Fault(Enum):
    """Something that the proxy can do to a request. The values go over the control channel."""

    DROP = "drop"
    """The connection is cut without an answer; the request is not executed."""
    HANG = "hang"
    """There is no answer until the client gives up or the fault is cleared; the request is not executed."""
    LOSE_REPLY = "lose-reply"
    """The request is executed, then the connection is cut."""
    PORTAL = "portal"
    """A captive portal answers 200 with a login page."""
    ERROR_500 = "error-500"
    ERROR_503 = "error-503"
    THROTTLE = "throttle"
    ACCESS_DENIED = "access-denied"
    UNKNOWN_KEY = "unknown-key"
    BAD_SECRET = "bad-secret"
    EXPIRED_TOKEN = "expired-token"
    NO_QUEUE = "no-queue"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Error:
    status: int
    json_type: str
    query_code: str
    message: str
    modelled: bool = False
    """The service's own error, not one common to all services."""


_ERRORS = {
    Fault.THROTTLE: _Error(400, "ThrottlingException", "Throttling", "Rate exceeded"),
    Fault.ACCESS_DENIED: _Error(
        *(403, "AccessDeniedException", "AccessDenied"),
        "User: arn:aws:iam::123456789012:user/reader is not authorized to perform this action",
    ),
    Fault.UNKNOWN_KEY: _Error(
        *(403, "UnrecognizedClientException", "InvalidClientTokenId"),
        "The security token included in the request is invalid.",
    ),
    Fault.BAD_SECRET: _Error(
        *(403, "InvalidSignatureException", "SignatureDoesNotMatch"),
        "The request signature we calculated does not match the signature you provided.",
    ),
    Fault.EXPIRED_TOKEN: _Error(
        *(403, "ExpiredTokenException", "ExpiredToken"),
        "The security token included in the request is expired",
    ),
    Fault.NO_QUEUE: _Error(
        *(400, "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
        "The specified queue does not exist.",
        modelled=True,
    ),
}

_PORTAL = Answer(200, (("Content-Type", "text/html"),), b"<!DOCTYPE html><title>Hotel</title><form>Log in</form>")
REQUEST_ID = "00000000-0000-4000-8000-00000000fa17"


def answer_for(fault: Fault, *, speaks_json: bool) -> Answer | None:
    """Give the answer that a fault means for a client of either protocol.

    Returns:
        The answer; ``None`` for the faults that are no answer at all.
    """
    match fault:
        case Fault.PORTAL:
            return _PORTAL
        case Fault.ERROR_500:
            return Answer(500, (), b"")
        case Fault.ERROR_503:
            return Answer(503, (), b"")
        case Fault.DROP | Fault.HANG | Fault.LOSE_REPLY:
            return None
        case _:
            return _json(_ERRORS[fault]) if speaks_json else _xml(_ERRORS[fault])


def _json(error: _Error) -> Answer:
    headers = [("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-RequestId", REQUEST_ID)]
    if error.modelled:
        # Keeps the old codes alive for clients of a service that once spoke the query protocol:
        # https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
        headers.append(("x-amzn-query-error", f"{error.query_code};Sender"))
    body = json.dumps({"__type": error.json_type, "message": error.message}).encode()
    return Answer(error.status, tuple(headers), body)


def _xml(error: _Error) -> Answer:
    text = (
        "<ErrorResponse><Error><Type>Sender</Type>"
        f"<Code>{escape(error.query_code)}</Code><Message>{escape(error.message)}</Message>"
        f"</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )
    return Answer(error.status, (("Content-Type", "text/xml"), ("x-amzn-RequestId", REQUEST_ID)), text.encode())
