"""One SQS queue: receive by long poll, delete what is safe."""

from collections.abc import Sequence
from dataclasses import dataclass

from trayapp.aws.failures import BOTOCORE_ERRORS, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.interrupt import Interrupter
from trayapp.aws.session import LONG_POLL_SECONDS, Endpoint, polling_client, queue_client

BATCH = 10
"""The most messages that one call receives or deletes (SQS API reference, ``ReceiveMessage``)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message in flight.

    Attributes:
        id: What SQS calls it.
        receipt: What this receiving of it is deleted by.
        body: Its body.
    """

    id: str
    receipt: str
    body: str


class Interrupted(Exception):  # noqa: N818 - not an error: it was asked for
    """The queue was closed while a request was under way."""


class SqsQueue:
    """One queue, used by one thread; ``close`` may come from any other."""

    def __init__(self, endpoint: Endpoint, queue_url: str) -> None:
        self._url = queue_url
        self._poll, self._calls = polling_client(endpoint), queue_client(endpoint)
        self._interrupters = (Interrupter(self._poll), Interrupter(self._calls))

    def receive(self, wait_seconds: int = LONG_POLL_SECONDS) -> list[Message]:
        """Wait for messages, at most ``wait_seconds``; an empty list says that AWS answered and had none.

        Raises:
            AwsFailure: AWS did not answer, or refused.
            Interrupted: The queue was closed.
        """
        try:
            response = self._poll.receive_message(
                QueueUrl=self._url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=wait_seconds
            )
        except BOTOCORE_ERRORS as error:
            raise self._failure(error) from None
        answered_by_aws(response)
        return [
            Message(message.get("MessageId", ""), message["ReceiptHandle"], message.get("Body", ""))
            for message in response.get("Messages", [])
        ]

    def delete(self, messages: Sequence[Message]) -> list[str]:
        """Delete messages, at most ``BATCH``.

        Returns:
            Why some could not be deleted, one clause each. Those come back, and do no harm.

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
        return [f"{failed.get('Code', '')}: {failed.get('Message', '')}" for failed in response.get("Failed", [])]

    def close(self) -> None:
        """End what is under way; the queue cannot be used again."""
        for interrupter in self._interrupters:
            interrupter.interrupt()

    def _failure(self, error: Exception) -> AwsFailure | Interrupted:
        if any(interrupter.interrupted for interrupter in self._interrupters):
            return Interrupted()
        return failure_of(error)
