"""What went wrong, told apart.

botocore speaks of the same trouble in several ways and of different troubles in the same way, so this goes by sets of
codes first (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and each call's
own page), then by the HTTP status.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

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

from trayapp.core.causes import Cause
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
    Cause.NOT_PERMITTED: ("AccessDenied", "AccessDeniedException", "OptInRequired", "AuthorizationError"),
    Cause.THROTTLED: ("ThrottlingException", "Throttling", "RequestThrottled", "KmsThrottled", "OverLimit", "429"),
    Cause.PROXY_FAILING: ("407",),
    Cause.INTERCEPTED: ("511",),  # RFC 6585, Network Authentication Required
}
_CAUSE_OF = {code: cause for cause, codes in _CODES.items() for code in codes}
_CLOCK_WORDS = re.compile(r"signature (?:has )?expired|not yet current", re.IGNORECASE)
_IN_XML = re.compile(r"<Code>([\w.]+)</Code>(?:\s*<Message>([^<]*)</Message>)?")

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
        return AwsFailure(Cause.INTERCEPTED, f"what came is not an answer of AWS ({type(error).__name__})")
    cause = next((cause for kind, cause in _TRANSPORT if isinstance(error, kind)), Cause.INTERNAL)
    return AwsFailure(cause, name(str(error), 300))


def answered_by_aws(response: Mapping[str, Any]) -> None:
    """Make sure that an answer is AWS's.

    A hotel's login page comes with status 200, which botocore takes for a success without content; every answer of
    AWS carries a request id.

    Raises:
        AwsFailure: It does not.
    """
    if not response.get("ResponseMetadata", {}).get("RequestId"):
        raise AwsFailure(Cause.INTERCEPTED, "the answer carries no request id of AWS")


def _refusal(response: Mapping[str, Any]) -> AwsFailure:
    error = response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    if in_xml := _IN_XML.search(message):
        code, message = in_xml[1], html.unescape(in_xml[2] or "")
    code = code.rpartition("#")[2]
    page = message.lstrip().startswith("<") or status // 100 == 3  # noqa: PLR2004 - the class of redirections
    cause = Cause.CLOCK_WRONG if _CLOCK_WORDS.search(message) else _CAUSE_OF.get(code)
    if cause is None:
        cause = _by_status(status, page=page)
    if page:
        return AwsFailure(cause, f"a web page came instead of an answer (HTTP {status})")
    return AwsFailure(cause, name(f"{code}: {message}".removesuffix(": "), 300))


def _by_status(status: int, *, page: bool) -> Cause:
    if status >= 500:  # noqa: PLR2004 - servers and proxies in trouble say so by a page as well
        return Cause.AWS_FAILING
    if page:
        return Cause.INTERCEPTED
    return Cause.NOT_PERMITTED if status in (401, 403) else Cause.AWS_FAILING
