"""Asking AWS: one round's clients, and what came of each question."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from botocore.exceptions import ClientError

from trayapp.aws.failures import BOTOCORE_ERRORS, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.interrupt import Interrupter
from trayapp.aws.session import Endpoint, asking_client
from trayapp.core.causes import Cause

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_config import ConfigServiceClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sts import STSClient

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=Mapping[str, Any])

_PATIENCE = 2
"""Questions that may go without any answer before the rest of the round is given up: each one takes its time."""

_UNREACHABLE = frozenset(
    {
        Cause.NO_NETWORK,
        Cause.NAME_NOT_FOUND,
        Cause.NO_ANSWER,
        Cause.PROXY_FAILING,
        Cause.INTERCEPTED,
        Cause.TLS_REFUSED,
    }
)
# What AWS-compatible servers say of what they lack; the statuses are those of HTTP (RFC 9110).
_UNKNOWN_THERE = frozenset({"InvalidAction", "UnknownOperationException", "NotImplemented", "UnsupportedOperation"})
_UNKNOWN_STATUSES = frozenset({404, 405})
_NOT_IMPLEMENTED = 501
_CLIENT_ERROR = 4
_OWN_ERRORS = (Cause.QUEUE_MISSING, Cause.AWS_FAILING)
"""What ``failures`` makes of a code that it has no other name for: the thing asked for is not there, mostly."""


class Refused(Exception):  # noqa: N818 - named after what happened
    """This key may not ask that, or this server cannot answer it.

    Attributes:
        by_server: The server does not know the question at all.
    """

    def __init__(self, detail: str, *, by_server: bool = False) -> None:
        super().__init__(detail)
        self.by_server = by_server


class NoAnswer(Exception):  # noqa: N818 - named after what happened
    """It could not be asked just now; the text says why, for the log."""


class Stopped(Exception):  # noqa: N818 - not an error: it was asked for
    """The round was ended while it was under way."""


class Asker:
    """The clients of one round, made as they are needed. Used by one thread; ``close`` may come from any other.

    Args:
        endpoint: Where to ask, and as whom.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.questions = 0
        self._clients: dict[tuple[str, str], Any] = {}
        self._interrupters: list[Interrupter] = []
        self._lock = threading.Lock()
        self._stopped = False
        self._unreachable = 0

    @overload
    def client(self, service: Literal["cloudtrail"], region: str = "") -> "CloudTrailClient": ...
    @overload
    def client(self, service: Literal["config"], region: str = "") -> "ConfigServiceClient": ...
    @overload
    def client(self, service: Literal["sns"], region: str = "") -> "SNSClient": ...
    @overload
    def client(self, service: Literal["sqs"], region: str = "") -> "SQSClient": ...
    @overload
    def client(self, service: Literal["sts"], region: str = "") -> "STSClient": ...
    def client(self, service: Any, region: str = "") -> object:
        """Give the client of a service, in the queue's Region where no other is named.

        Raises:
            Stopped: The round was ended.
        """
        at = (service, region or self.endpoint.region)
        if at not in self._clients:
            client: Any = asking_client(replace(self.endpoint, region=at[1]), service)
            interrupter = Interrupter(client)
            with self._lock:
                if self._stopped:
                    raise Stopped
                self._interrupters.append(interrupter)
            self._clients[at] = client
        return self._clients[at]

    def ask(self, call: Callable[..., Answer], **parameters: object) -> Answer:
        """Ask one question.

        Args:
            call: A client's method.
            parameters: What it takes.

        Raises:
            ClientError: AWS answered that the thing asked for is not there, or some other error of its own.
            Refused: It may not be asked, or this server cannot answer.
            NoAnswer: It could not be asked just now.
            Stopped: The round was ended.
        """
        if self._unreachable >= _PATIENCE:
            raise NoAnswer("not asked: AWS did not answer before")
        self.questions += 1
        try:
            answer = call(**parameters)
            answered_by_aws(answer)
        except (*BOTOCORE_ERRORS, AwsFailure) as error:
            if self._stopped:
                raise Stopped from None
            raise self._told(error) from None
        self._unreachable = 0
        return answer

    def close(self) -> None:
        """End what is under way, and the round with it."""
        with self._lock:
            self._stopped = True
            interrupters = list(self._interrupters)
        for interrupter in interrupters:
            interrupter.interrupt()

    def let_go(self) -> None:
        """Close the connections; after the round."""
        for client in self._clients.values():
            client.close()

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, ClientError) and self.endpoint.url and _lacking(error):
            self._unreachable = 0
            return Refused(str(failure_of(error)), by_server=True)
        failure = error if isinstance(error, AwsFailure) else failure_of(error)
        if failure.cause in _UNREACHABLE:
            self._unreachable += 1
            return NoAnswer(f"{failure.cause.value}: {failure}")
        self._unreachable = 0
        if failure.cause is Cause.NOT_PERMITTED:
            return Refused(str(failure))
        if isinstance(error, ClientError) and failure.cause in _OWN_ERRORS and _status(error) // 100 == _CLIENT_ERROR:
            return error
        return NoAnswer(f"{failure.cause.value}: {failure}")


def code_of(error: ClientError) -> str:
    """Give the error code, without the prefix that some protocols put before it."""
    return str(error.response.get("Error", {}).get("Code", "")).rpartition("#")[2]


def _lacking(error: ClientError) -> bool:
    """Tell whether a server other than AWS says that it does not have this service, or this question."""
    code, status = code_of(error), _status(error)
    return code in _UNKNOWN_THERE or (status in _UNKNOWN_STATUSES and code == str(status)) or status == _NOT_IMPLEMENTED


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
