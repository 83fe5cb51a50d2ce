"""What went wrong, told apart.

botocore speaks of the same trouble in several ways and of different troubles in the same way, so this goes by sets of
codes first (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and each call's
own page), then by the HTTP status.
"""

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
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError

from trayapp.core.guard import Cause
from trayapp.core.text import name


class AwsFailure(Exception):  # noqa: N818 - named after what it reports
    """AWS, or the way to it, did not do what was asked.

    Attributes:
        cause: Which trouble it is.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause


_CODES = {
    Cause.QUEUE_MISSING: ("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "QueueDeletedRecently"),
    Cause.KEY_REFUSED: ("InvalidClientTokenId", "UnrecognizedClientException", "InvalidSecurity", "InvalidAccessKeyId"),
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
_XML_CODE = re.compile(r"<Code>([\w.]+)</Code>")
_HTML = re.compile(r"<(?:!doctype\s+)?html", re.IGNORECASE)

# In this order: some of these are kinds of others.
_TRANSPORT = (
    (SSLError, Cause.TLS_REFUSED),
    (ProxyConnectionError, Cause.PROXY_FAILING),
    (EndpointConnectionError, Cause.NO_NETWORK),
    (ConnectTimeoutError, Cause.NO_ANSWER),
    (ReadTimeoutError, Cause.NO_ANSWER),
    (ConnectionClosedError, Cause.NO_ANSWER),
    (ResponseParserError, Cause.INTERCEPTED),
    (HTTPClientError, Cause.NO_NETWORK),
)


def failure_of(error: BotoCoreError | ClientError) -> AwsFailure:
    """Tell which trouble one of botocore's exceptions is."""
    if isinstance(error, ClientError):
        return _refusal(error.response)
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
    if _HTML.search(message) or status // 100 == 3:  # noqa: PLR2004 - the class of redirections
        return AwsFailure(Cause.INTERCEPTED, f"a web page came instead of an answer (HTTP {status})")
    if in_xml := _XML_CODE.search(message):
        code = in_xml[1]
    detail = name(f"{code}: {message}", 300)
    if _CLOCK_WORDS.search(message):
        return AwsFailure(Cause.CLOCK_WRONG, detail)
    cause = _CAUSE_OF.get(code.rpartition("#")[2])
    if cause is None:
        cause = Cause.NOT_PERMITTED if status in (401, 403) else Cause.AWS_FAILING
    return AwsFailure(cause, detail)
