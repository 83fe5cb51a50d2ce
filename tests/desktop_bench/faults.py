"""What can go wrong between a program and AWS, and how it looks on the wire.

Error codes and their HTTP statuses are those of the services' API references; AWS sends JSON errors to clients of its
JSON protocols and XML errors to those of its query protocol, and so does this.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from xml.sax.saxutils import escape


class Fault(Enum):
    """Something that the proxy can do to a request. The values go over the control channel."""

    DROP = "drop"
    """The connection is cut without an answer; the request is not executed."""
    HANG = "hang"
    """There is no answer until the client gives up or the fault is cleared; the request is not executed."""
    BLACK_HOLE = "black-hole"
    """There is no answer until the client gives up, also when the fault is over by then; not executed."""
    LOSE_REPLY = "lose-reply"
    """The request is executed, then the connection is cut."""
    RESET = "reset"
    """The request is executed; half of the answer's body comes, then the connection is reset."""
    TRUNCATE = "truncate"
    """The request is executed; the end of the answer's body is missing."""
    DRIP = "drip"
    """The request is executed; the answer comes one byte a second until the fault is cleared, then the rest."""
    PORTAL = "portal"
    """A captive portal answers 200 with a login page."""
    REDIRECT = "redirect"
    """A captive portal sends everybody to its login page (302)."""
    BLOCKED = "blocked"
    """A filter of the network answers 403 with a page of its own."""
    EMPTY = "empty"
    """Something answers 200 with nothing in it, not even the request id that every answer of AWS carries."""
    ERROR_500 = "error-500"
    ERROR_503 = "error-503"
    THROTTLE = "throttle"
    ACCESS_DENIED = "access-denied"
    UNKNOWN_KEY = "unknown-key"
    BAD_SECRET = "bad-secret"
    EXPIRED_TOKEN = "expired-token"
    NO_QUEUE = "no-queue"
    KMS_REFUSED = "kms-refused"
    CLOCK_SKEW = "clock-skew"
    """AWS finds the signature's time too far from its own, which the answer's ``Date`` tells."""

    @property
    def spoils_the_answer(self) -> bool:
        """Whether the request is executed and its answer goes wrong on its way."""
        return self in (Fault.RESET, Fault.TRUNCATE, Fault.DRIP)


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
    Fault.KMS_REFUSED: _Error(
        *(400, "com.amazonaws.sqs#KmsAccessDenied", "KMS.AccessDeniedException"),
        "User: arn:aws:iam::123456789012:user/reader is not authorized to perform: kms:Decrypt on this resource",
        modelled=True,
    ),
    Fault.CLOCK_SKEW: _Error(
        *(403, "InvalidSignatureException", "SignatureDoesNotMatch"),
        "Signature expired: 20260101T000000Z is now earlier than 20260101T005500Z (20260101T010000Z - 5 min.)",
    ),
}

_HTML = (("Content-Type", "text/html"),)
_PAGES = {
    Fault.PORTAL: Answer(200, _HTML, b"<!DOCTYPE html><title>Hotel</title><form>Log in</form>"),
    Fault.REDIRECT: Answer(302, (("Location", "http://portal.invalid/login"), *_HTML), b"<html>Moved</html>"),
    Fault.BLOCKED: Answer(403, _HTML, b"<!DOCTYPE html><title>Blocked</title>This site is not allowed here."),
    Fault.EMPTY: Answer(200, (), b""),
    Fault.ERROR_500: Answer(500, (), b""),
    Fault.ERROR_503: Answer(503, (), b""),
}
_SKEW = timedelta(hours=1)
REQUEST_ID = "00000000-0000-4000-8000-00000000fa17"


def answer_for(fault: Fault, *, speaks_json: bool) -> Answer | None:
    """Give the answer that a fault means for a client of either protocol.

    Returns:
        The answer; ``None`` for the faults that are no answer at all.
    """
    if fault in _PAGES:
        return _PAGES[fault]
    if fault not in _ERRORS:
        return None
    answer = _json(_ERRORS[fault]) if speaks_json else _xml(_ERRORS[fault])
    if fault is Fault.CLOCK_SKEW:
        date = format_datetime(datetime.now(UTC) + _SKEW, usegmt=True)
        return replace(answer, headers=(*answer.headers, ("Date", date)))
    return answer


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
