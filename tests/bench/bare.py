"""What anybody would write with boto3 alone: ``python -m bench.bare``.

``listen ENDPOINT QUEUE``: prints a line of ``time.monotonic()`` and the name it finds for every message, as soon as the
message is here, then deletes it; until it is ended.

``drain ENDPOINT QUEUE COUNT``: takes that many messages out of the queue and prints what that took, as one JSON object.
"""

import json
import re
import sys
import time
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

REGION = "eu-west-1"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
"""The key of AWS's documentation: the emulator takes any."""

NAME = re.compile(r"bench-[a-z]+-\d+")
"""How the resources that latency is measured with are named; each name is used once."""


def client(endpoint: str) -> "SQSClient":
    """Make a client; all is boto3's default but that nothing is taken from the surroundings."""
    return boto3.client(
        "sqs",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET,
        config=Config(proxies={}),
    )


def listen(endpoint: str, queue_url: str) -> None:
    """Print when each message arrives."""
    sqs = client(endpoint)
    while True:
        response = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        at = time.monotonic()
        messages = response.get("Messages", [])
        for message in messages:
            found = NAME.search(message.get("Body", ""))
            print(at, found.group() if found else "", flush=True)
        _delete(sqs, queue_url, messages)


def drain(endpoint: str, queue_url: str, count: int) -> None:
    """Take messages out and print the seconds and CPU seconds that took."""
    wall, cpu = time.monotonic(), time.process_time()
    sqs, left = client(endpoint), count
    while left > 0:
        response = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        messages = response.get("Messages", [])
        _delete(sqs, queue_url, messages)
        left -= len(messages)
    print(json.dumps({"seconds": time.monotonic() - wall, "cpu_seconds": time.process_time() - cpu}))


def _delete(sqs: "SQSClient", queue_url: str, messages: "list[MessageTypeDef]") -> None:
    if messages:
        sqs.delete_message_batch(
            QueueUrl=queue_url,
            Entries=[{"Id": str(index), "ReceiptHandle": each["ReceiptHandle"]} for index, each in enumerate(messages)],
        )


if __name__ == "__main__":
    if sys.argv[1] == "listen":
        listen(*sys.argv[2:4])
    else:
        drain(sys.argv[2], sys.argv[3], int(sys.argv[4]))
