"""Asking AWS: one round's clients, and what came of each question."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MethodType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast, overload

from botocore.exceptions import ClientError

from trayapp.aws.alarm import Alarm
from trayapp.aws.failures import BOTOCORE_ERRORS, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.interrupt import Interrupter
from trayapp.aws.session import Endpoint, asking_client
from trayapp.core.causes import Cause
from trayapp.core.language import say

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_config import ConfigServiceClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_sts import STSClient

log = logging.getLogger(__name__)

Answer = TypeVar("Answer", bound=Mapping[str, Any])

_PATIENCE = 2
"""Questions that may go without any answer before a Region is given up for this round, and before the round is where
nobody has answered yet: each one takes its time."""

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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long answers are waited for, in seconds.

    Attributes:
        question: For the whole answer to one question.
        round: For a whole round; what was not asked by then is not asked any more.
    """

    question: float = 15.0
    round: float = 120.0


class Asker:
    """The clients of one round, made as they are needed. Used by one thread; ``close`` may come from any other.

    Args:
        endpoint: Where to ask, and as whom.
        patience: How long answers are waited for.
    """

    def __init__(self, endpoint: Endpoint, patience: Patience | None = None) -> None:
        self.endpoint = endpoint
        self.questions = 0
        self._patience = patience or Patience()
        self._end = time.monotonic() + self._patience.round
        self._alarm = Alarm("alarm-checks")
        self._clients: dict[tuple[str, str], Any] = {}
        self._interrupters: dict[Any, Interrupter] = {}
        self._lock = threading.Lock()
        self._stopped = False
        self._answered = False
        self._unanswered: Counter[str] = Counter()

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
            interrupter = Interrupter.of(client)
            with self._lock:
                if self._stopped:
                    raise Stopped
                self._interrupters[client] = interrupter
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
        client: Any = cast("MethodType", call).__self__
        region: str = client.meta.region_name
        seconds = self._seconds_for(region)
        overdue = threading.Event()

        def late() -> None:
            overdue.set()
            self._interrupters[client].interrupt()

        self.questions += 1
        try:
            with self._alarm.within(seconds, late):
                answer = call(**parameters)
            answered_by_aws(answer)
        except (*BOTOCORE_ERRORS, AwsFailure) as error:
            if self._stopped:
                raise Stopped from None
            if overdue.is_set():
                said = say("no complete answer within {seconds} seconds", seconds=f"{seconds:.3g}")
                late_answer = AwsFailure(Cause.NO_ANSWER, said)
                raise self._told(late_answer, region) from None
            raise self._told(error, region) from None
        finally:
            if overdue.is_set():  # what was interrupted stays so
                self._clients = {at: each for at, each in self._clients.items() if each is not client}
        self._heard_from(region)
        return answer

    def close(self) -> None:
        """End what is under way, and the round with it."""
        with self._lock:
            self._stopped = True
            interrupters = list(self._interrupters.values())
        for interrupter in interrupters:
            interrupter.interrupt()

    def let_go(self) -> None:
        """Close the connections; after the round."""
        self._alarm.close()
        for client in self._interrupters:
            client.close()

    def _seconds_for(self, region: str) -> float:
        """Give how long a question may take.

        Raises:
            NoAnswer: It is not worth asking.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise NoAnswer(say("not asked: the answers before took too long"))
        silent = self._unanswered[region] if self._answered else self._unanswered.total()
        if silent >= _PATIENCE:
            raise NoAnswer(say("not asked: AWS did not answer before"))
        return min(self._patience.question, left)

    def _heard_from(self, region: str) -> None:
        self._answered = True
        del self._unanswered[region]

    def _told(self, error: Exception, region: str) -> Exception:
        if isinstance(error, ClientError) and self.endpoint.url and _lacking(error):
            self._heard_from(region)
            return Refused(str(failure_of(error)), by_server=True)
        failure = error if isinstance(error, AwsFailure) else failure_of(error)
        if failure.cause in _UNREACHABLE:
            self._unanswered[region] += 1
            return NoAnswer(f"{failure.cause.value}: {failure}")
        self._heard_from(region)
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
