"""What went wrong, told apart.

botocore speaks of the same trouble in several ways and of different troubles in the same way, so this goes by sets of
codes first (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and each call's
own page), then by the HTTP status; and where there was no answer at all, by what lies below botocore's own exception.
"""

import html
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NameResolutionError

from trayapp.core.causes import Cause
from trayapp.core.language import say
from trayapp.core.text import name


class AwsFailure(Exception):  # noqa: N818 - named after what it reports
    """AWS, or the way to it, did not do what was asked.

    Attributes:
        cause: Which trouble it is.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


BOTOCORE_ERRORS = (BotoCoreError, ClientError, ResponseParserError, AttributeError, TypeError, ValueError)
"""What a call of a client may raise. The last three come of botocore taking an answer apart without looking whether it
is one of AWS's: a page that is not in UTF-8, or JSON that is not an object."""

_CODES = {
    Cause.QUEUE_MISSING: (
        "QueueDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDeletedRecently",
        "InvalidAddress",
    ),
    Cause.KEY_REFUSED: (
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidSecurity",
        "InvalidAccessKeyId",
        "ExpiredToken",
        "ExpiredTokenException",
    ),
    Cause.SECRET_WRONG: ("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"),
    Cause.CLOCK_WRONG: ("RequestExpired", "RequestTimeTooSkewed"),
    Cause.KMS_REFUSED: (
        "KmsAccessDenied",
        "KMS.AccessDeniedException",
        "KmsDisabled",
        "KmsInvalidState",
        "KmsNotFound",
        "KmsOptInRequired",
    ),
    Cause.NOT_PERMITTED: (
        "AccessDenied",
        "AccessDeniedException",
        "OptInRequired",
        "AuthorizationError",
        "NotAuthorized",
    ),
    Cause.THROTTLED: (
        "ThrottlingException",
        "Throttling",
        "ThrottledException",
        "RequestThrottled",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "KmsThrottled",
        "OverLimit",
        "429",
    ),
    Cause.PROXY_FAILING: ("407",),
    Cause.INTERCEPTED: ("511",),  # RFC 6585, Network Authentication Required
}
_CAUSE_OF = {code: cause for cause, codes in _CODES.items() for code in codes}
CLOCK_TOLERANCE = 300.0
"""Seconds that the clock may be wrong: a signature is good for five minutes, before and after.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""

_ABOUT_THE_SIGNATURE = (Cause.SECRET_WRONG, None)
"""What a wrong clock may hide behind. Not an unknown key or a missing permission: AWS says these of no other key."""

_CLOCK_WORDS = re.compile(r"signature (?:has )?expired|not yet current", re.IGNORECASE)
_IN_XML = re.compile(r"<Code>([\w.]+)</Code>(?:\s*<Message>([^<]*)</Message>)?")

_REDIRECTION, _REFUSAL, _FAILURE = 3, 4, 5  # classes of statuses: RFC 9110, section 15
_NOT_YET_VALID = 9  # X509_V_ERR_CERT_NOT_YET_VALID, https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
_ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # for documentation: RFC 5737, RFC 3849
_DEEPEST = 12

# In this order: some of these are kinds of others.
_TRANSPORT = (
    (SSLError, Cause.TLS_REFUSED),
    (ProxyConnectionError, Cause.PROXY_FAILING),
    (EndpointConnectionError, Cause.NO_NETWORK),
    (ConnectTimeoutError, Cause.NO_ANSWER),
    (ReadTimeoutError, Cause.NO_ANSWER),
    (ConnectionClosedError, Cause.NO_ANSWER),
    (IncompleteReadError, Cause.NO_ANSWER),
    (HTTPClientError, Cause.NO_NETWORK),
)


def failure_of(error: Exception) -> AwsFailure:
    """Tell which trouble one of ``BOTOCORE_ERRORS`` is."""
    if isinstance(error, ClientError):
        return _refusal(error.response)
    if not isinstance(error, BotoCoreError):
        # The error's text may hold the whole page.
        return AwsFailure(
            Cause.INTERCEPTED, say("what came is not an answer of AWS ({kind})", kind=type(error).__name__)
        )
    return AwsFailure(_on_the_way(error), name(str(error), 300))


def answered_by_aws(response: Mapping[str, Any]) -> None:
    """Make sure that an answer is AWS's.

    A hotel's login page comes with status 200, which botocore takes for a success without content; every answer of
    AWS carries a request id.

    Raises:
        AwsFailure: It does not.
    """
    if not response.get("ResponseMetadata", {}).get("RequestId"):
        raise AwsFailure(Cause.INTERCEPTED, say("the answer carries no request id of AWS"))


# ---- on the way


def _on_the_way(error: BotoCoreError) -> Cause:
    cause = next((cause for kind, cause in _TRANSPORT if isinstance(error, kind)), Cause.INTERNAL)
    if cause is Cause.NO_NETWORK and (unresolved := _below(error, NameResolutionError)):
        refusal = _below(unresolved, socket.gaierror)
        # Nobody could be asked, and there is no way out: that is no network rather than a trouble with names.
        nobody_asked = refusal is not None and refusal.errno == socket.EAI_AGAIN
        return cause if nobody_asked and _offline() else Cause.NAME_NOT_FOUND
    if cause is Cause.TLS_REFUSED:
        if _below(error, ssl.SSLEOFError) or _below(error, ssl.SSLZeroReturnError):
            return Cause.NO_ANSWER  # cut before any certificate was shown, so that nobody was mistrusted
        refused = _below(error, ssl.SSLCertVerificationError)
        # A certificate from the future is rare; a computer that has lost its time is not.
        return Cause.CLOCK_WRONG if refused and refused.verify_code == _NOT_YET_VALID else cause
    return cause


_Kind = TypeVar("_Kind", bound=BaseException)


def _below(error: BaseException, kind: type[_Kind]) -> _Kind | None:
    return next((each for each in _chain(error) if isinstance(each, kind)), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Walk from an exception to the one that it comes of: botocore keeps it as an argument, urllib3 as a reason."""
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        given = [*getattr(error, "kwargs", {}).values(), getattr(error, "reason", None), *error.args, error.__cause__]
        error = next((each for each in given if isinstance(each, BaseException)), error.__context__)


def _offline() -> bool:
    """Tell whether this computer has no way to anywhere. Nothing is sent: a datagram socket only chooses its route."""
    for family, address in _ANYWHERE:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((address, 9))
            except OSError:
                continue
            return False
    return True


# ---- what AWS, or somebody in its place, answered


def _refusal(response: Mapping[str, Any]) -> AwsFailure:
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    status = int(metadata.get("HTTPStatusCode", 0) or 0)
    if in_xml := _IN_XML.search(message):
        code, message = in_xml[1], html.unescape(in_xml[2] or "")
    code = code.rpartition("#")[2]
    page = message.lstrip().startswith("<") or status // 100 == _REDIRECTION
    cause = Cause.CLOCK_WRONG if _CLOCK_WORDS.search(message) else _CAUSE_OF.get(code)
    if (
        cause in _ABOUT_THE_SIGNATURE
        and not page
        and status // 100 == _REFUSAL
        and abs(_skew(metadata)) > CLOCK_TOLERANCE
    ):
        cause = Cause.CLOCK_WRONG
    if cause is None:
        cause = _by_status(status, by_aws=not page and bool(metadata.get("RequestId")))
    if page:
        return AwsFailure(cause, say("a web page came instead of an answer (HTTP {status})", status=status))
    return AwsFailure(cause, name(f"{code}: {message}".removesuffix(": "), 300))


def _by_status(status: int, *, by_aws: bool) -> Cause:
    if status // 100 == _FAILURE:  # servers and proxies in trouble say so by a page, or without a word, as well
        return Cause.AWS_FAILING
    if not by_aws:
        return Cause.INTERCEPTED
    return Cause.NOT_PERMITTED if status in (401, 403) else Cause.AWS_FAILING


def _skew(metadata: Mapping[str, Any]) -> float:
    """Give the seconds that this computer is behind who answered; none where that one did not say what time it is."""
    try:
        theirs = parsedate_to_datetime(metadata["HTTPHeaders"]["date"]).timestamp()
    except (KeyError, ValueError):
        return 0.0
    return theirs - time.time()
