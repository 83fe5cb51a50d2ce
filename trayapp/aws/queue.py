"""One SQS queue: receive by long poll, delete what is safe, keep what is in work out of others' sight."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from trayapp.aws.failures import BOTOCORE_ERRORS, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.interrupt import Interrupter
from trayapp.aws.session import LONG_POLL_SECONDS, Endpoint, polling_client, queue_client

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

log = logging.getLogger(__name__)

BATCH = 10
"""The most messages that one call receives, deletes or changes (SQS API reference, ``ReceiveMessage``)."""

DEFAULT_VISIBILITY = 30
"""Seconds that a received message stays out of sight where nobody chose otherwise (the same, ``CreateQueue``)."""

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Message:
    """A message in flight.

    Attributes:
        id: What SQS calls it.
        receipt: What this receiving of it is deleted by.
        body: Its body.
        receives: How often anybody has received it so far, this time included; SQS does not promise to be exact.
        age: The seconds from its first receiving to this one, by the clock of AWS; ``None`` where it was not told.
    """

    id: str
    receipt: str
    body: str
    receives: int = 1
    age: float | None = None


class Interrupted(Exception):  # noqa: N818 - not an error: it was asked for
    """The queue was closed while a request was under way."""


class SqsQueue:
    """One queue, used by one thread; ``close`` may come from any other, and so may ``extend``.

    Args:
        endpoint: Where it is, and who asks.
        queue_url: Its address.
    """

    def __init__(self, endpoint: Endpoint, queue_url: str) -> None:
        self._endpoint, self._url = endpoint, queue_url
        self.reopen()

    @property
    def key_id(self) -> str:
        """The id of the access key that asks."""
        return self._endpoint.key.id

    def reopen(self) -> None:
        """Begin anew, on new connections; also after ``close``."""
        self._poll: SQSClient = polling_client(self._endpoint)
        self._calls: SQSClient = queue_client(self._endpoint)
        self._interrupters = (Interrupter.of(self._poll), Interrupter.of(self._calls))

    def close(self) -> None:
        """End what is under way; the queue can be used again after ``reopen``."""
        for interrupter in self._interrupters:
            interrupter.interrupt()

    def receive(self, wait_seconds: int = LONG_POLL_SECONDS) -> list[Message]:
        """Wait for messages, at most ``wait_seconds``; an empty list says that AWS answered and had none.

        Raises:
            AwsFailure: AWS did not answer, or refused.
            Interrupted: The queue was closed.
        """
        try:
            response = self._poll.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=BATCH,
                WaitTimeSeconds=wait_seconds,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp"],
            )
        except BOTOCORE_ERRORS as error:
            raise self._failure(error) from None
        answered_by_aws(response)
        now = _answered_at(response)
        return [_message(message, now) for message in response.get("Messages", [])]

    def delete(self, messages: Sequence[Message]) -> list[str]:
        """Delete messages, at most ``BATCH``.

        Returns:
            The ids of those that could not be deleted; why is in the log. They come back, and do no harm.

        Raises:
            AwsFailure: AWS did not answer, or refused. Any or none of them are deleted.
            Interrupted: The queue was closed.
        """
        try:
            response = self._calls.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(index), "ReceiptHandle": message.receipt} for index, message in enumerate(messages)
                ],
            )
        except BOTOCORE_ERRORS as error:
            raise self._failure(error) from None
        answered_by_aws(response)
        return [
            self._refused(messages, failed, "a message could not be deleted and will come again")
            for failed in response.get("Failed", [])
        ]

    def extend(self, messages: Sequence[Message], seconds: int) -> None:
        """Keep messages, at most ``BATCH``, out of everybody's sight for so many seconds from now.

        Raises:
            AwsFailure: AWS did not answer, or refused.
            Interrupted: The queue was closed.
        """
        try:
            response = self._calls.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(index), "ReceiptHandle": message.receipt, "VisibilityTimeout": seconds}
                    for index, message in enumerate(messages)
                ],
            )
        except BOTOCORE_ERRORS as error:
            raise self._failure(error) from None
        answered_by_aws(response)
        for failed in response.get("Failed", []):
            self._refused(messages, failed, "a message in work could not be kept out of sight")

    def visibility(self) -> int:
        """Ask for how many seconds a message stays out of sight once it was received.

        Raises:
            AwsFailure: AWS did not answer, or this key may not ask.
            Interrupted: The queue was closed.
        """
        try:
            response = self._calls.get_queue_attributes(QueueUrl=self._url, AttributeNames=["VisibilityTimeout"])
        except BOTOCORE_ERRORS as error:
            raise self._failure(error) from None
        answered_by_aws(response)
        return int(response.get("Attributes", {}).get("VisibilityTimeout", DEFAULT_VISIBILITY))

    def _failure(self, error: Exception) -> AwsFailure | Interrupted:
        if any(interrupter.interrupted for interrupter in self._interrupters):
            return Interrupted()
        return failure_of(error)

    def _refused(self, messages: Sequence[Message], failed: Mapping[str, Any], what: str) -> str:
        """Log why a call did not do its work for one of the messages, and give that one's id."""
        # Not what AWS says beside the code: it quotes the receipt.
        log.warning("%s: %s: %s", self._url.rpartition("/")[2], what, failed.get("Code", ""))
        return messages[int(failed["Id"])].id


def _answered_at(response: Mapping[str, Any]) -> float:
    """Give the moment of an answer in seconds since 1970, by the clock of who gave it."""
    try:
        when: datetime = parsedate_to_datetime(response["ResponseMetadata"]["HTTPHeaders"]["date"])
    except (KeyError, ValueError):
        return time.time()
    return when.timestamp()


def _message(message: Mapping[str, Any], now: float) -> Message:
    attributes = message.get("Attributes", {})
    first = attributes.get("ApproximateFirstReceiveTimestamp", "")
    return Message(
        id=message.get("MessageId", ""),
        receipt=message["ReceiptHandle"],
        body=message.get("Body", ""),
        receives=int(attributes.get("ApproximateReceiveCount", 1)),
        age=max(0.0, now - int(first) / _MILLISECONDS) if first else None,
    )
