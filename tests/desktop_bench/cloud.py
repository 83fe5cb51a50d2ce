"""An emulated AWS for tests, in a process of its own."""

import json
import os
import secrets as random
import sys
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from xmlrpc.client import ServerProxy

import boto3
import botocore.session
from botocore.config import Config

from desktop_bench.fault_book import Request
from desktop_bench.faults import Fault
from desktop_bench.messages import ACCOUNT, ConfigMessage
from desktop_bench.processes import Process, Supervisor
from desktop_bench.reporters import Reporters, policy

if TYPE_CHECKING:
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient

_START_S = 30.0


@dataclass(frozen=True, slots=True)
class Depth:
    """How many messages a queue holds."""

    visible: int
    in_flight: int


class Inbox:
    """A topic with a queue subscribed to it.

    Attributes:
        topic_arn: The topic.
        queue_arn: The queue.
        queue_url: The queue's address.
        raw: Whether messages are delivered without the SNS envelope.
    """

    def __init__(self, sns: "SNSClient", sqs: "SQSClient", name: str, *, raw: bool) -> None:
        self._sns = sns
        self._sqs = sqs
        self.raw = raw
        self.topic_arn = sns.create_topic(Name=name)["TopicArn"]
        self._name = name
        self.queue_arn = self.topic_arn.replace(":sns:", ":sqs:")
        self.queue_url = self.create_queue()
        self.subscribe()

    def create_queue(self) -> str:
        """Make the queue, or make it again at the same address after it was deleted; gives that address."""
        # Visibility as in the set-up that the program makes; no waiting unless a receiver asks for it.
        return self._sqs.create_queue(
            QueueName=self._name,
            Attributes={"VisibilityTimeout": "60", "Policy": policy(self.queue_arn, self.topic_arn)},
        )["QueueUrl"]

    def subscribe(self) -> None:
        """Let the topic send to the queue."""
        self._sns.subscribe(
            TopicArn=self.topic_arn,
            Protocol="sqs",
            Endpoint=self.queue_arn,
            Attributes={"RawMessageDelivery": "true" if self.raw else "false"},
        )

    def delete_queue(self) -> None:
        """Delete the queue with all that is in it; the subscription stays, as it does at AWS."""
        self._sqs.delete_queue(QueueUrl=self.queue_url)

    def publish(self, message: ConfigMessage | Mapping[str, Any] | str, subject: str = "") -> str:
        """Publish to the topic, as AWS Config does; gives the SNS message id.

        Args:
            message: A message from ``desktop_bench.messages``, which brings its subject along, or any other.
            subject: The subject of any other.
        """
        if isinstance(message, ConfigMessage):
            text, title = json.dumps(message.body), message.subject
        else:
            text, title = message if isinstance(message, str) else json.dumps(message), subject
        if title:
            return self._sns.publish(TopicArn=self.topic_arn, Message=text, Subject=title)["MessageId"]
        return self._sns.publish(TopicArn=self.topic_arn, Message=text)["MessageId"]

    def send_raw(self, body: str) -> str:
        """Put a body straight into the queue: what no topic would send; gives the SQS message id."""
        return self._sqs.send_message(QueueUrl=self.queue_url, MessageBody=body)["MessageId"]

    def depth(self) -> Depth:
        """Count the messages, exactly."""
        attributes = self._sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=["All"])["Attributes"]
        return Depth(
            visible=int(attributes["ApproximateNumberOfMessages"]),
            in_flight=int(attributes["ApproximateNumberOfMessagesNotVisible"]),
        )

    def receive(self) -> list[str]:
        """Take up to ten messages out for good and give their bodies."""
        messages = self._sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self._sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [message["Body"] for message in messages]


class Cloud:
    """The emulated AWS, behind a proxy that can misbehave. Use it as a context manager.

    Args:
        root: A folder of its own for the process's logs.
        region: The Region of everything it makes.

    Attributes:
        endpoint_url: Where every service is to be found.
        region: As given.
        account_id: Whose everything is.
        access_key_id: A key pair that is taken, as any is.
        secret_access_key: Its other half.
        reporters: AWS Config and CloudTrail.
    """

    endpoint_url: str
    account_id = ACCOUNT
    access_key_id = "AKIAIOSFODNN7EXAMPLE"
    secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    def __init__(self, root: Path, region: str = "eu-west-1") -> None:
        self.root = root
        self.region = region
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Start the process."""
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self._stack.close()

    def _open(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        supervisor = Supervisor(random.token_hex(8), self.root)
        self._stack.callback(supervisor.stop_all)
        ports = self.root / "ports"
        env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "HOME": str(self.root),
            "MOTO_ACCOUNT_ID": self.account_id,
        }
        argv = [sys.executable, "-m", "desktop_bench.cloud_server", str(ports)]
        self.process: Process = supervisor.start(argv, env, name="cloud", cwd=self.root, polite=False)
        supervisor.await_ready(self.process, ports.exists, _START_S, "serve")
        endpoint, control = ports.read_text(encoding="ascii").split()
        self.endpoint_url = f"http://127.0.0.1:{endpoint}"
        self._control = self._stack.enter_context(ServerProxy(f"http://127.0.0.1:{control}"))
        session = plain_session(self.access_key_id, self.secret_access_key, self.region)
        # Neither a proxy of the surroundings nor retries of the SDK have a place between test and emulator.
        config = Config(retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})
        self.sqs: SQSClient = session.client("sqs", endpoint_url=self.endpoint_url, config=config)
        self._stack.callback(self.sqs.close)
        self.sns: SNSClient = session.client("sns", endpoint_url=self.endpoint_url, config=config)
        self._stack.callback(self.sns.close)

        def client(service: Any) -> Any:  # noqa: ANN401 - each service's has a type of its own
            # Past the proxy: this is the account's owner at work, and no weather of ours.
            made = session.client(service, endpoint_url=f"http://{self.upstream}", config=config)
            self._stack.callback(made.close)
            return made

        self.reporters = Reporters(client, self.account_id, self.region)

    # ---- queues

    def inbox(self, *, raw: bool = False) -> Inbox:
        """Make a topic with a queue, to which AWS Config sends from now on, and nowhere else."""
        made = Inbox(self.sns, self.sqs, f"config-{uuid.uuid4().hex[:8]}", raw=raw)
        self.reporters.log_calls()
        self.reporters.record(made.topic_arn)
        return made

    def reset(self) -> None:
        """Make it as new: no queues, no topics, no faults, serving."""
        self._control.reset()

    # ---- bad weather

    def inject(self, fault: Fault, action: str = "", *, times: int = 1, delay: float = 0.0) -> None:
        """Let the next requests go wrong; see ``FaultBook.inject``."""
        self._control.inject(fault.value, action, times, delay)

    def clear(self) -> None:
        """Forget all faults and let go of what hangs."""
        self._control.clear()

    def refuse(self) -> None:
        """Refuse connections, and cut those that are open, until ``accept``."""
        self._control.refuse()

    def accept(self) -> None:
        """Serve again, at the same address."""
        self._control.accept()

    # ---- what happens

    @property
    def upstream(self) -> str:
        """``host:port`` of the emulator itself, for a proxy of one's own before it."""
        return str(self._ask("upstream"))

    def polls_waiting(self) -> int:
        """Count the clients that wait in a long poll at this moment."""
        return int(self._ask("polls_waiting"))

    def requests(self, since: float = 0.0) -> list[Request]:
        """List the requests since a moment of ``time.monotonic()``, the bench's own included."""
        return [
            Request(one["at"], one["action"], Fault(one["fault"]) if one["fault"] else None)
            for one in self._ask("requests", since)
        ]

    def _ask(self, question: str, *arguments: object) -> Any:  # noqa: ANN401 - what XML-RPC carries
        return getattr(self._control, question)(*arguments)


def plain_session(key: str, secret: str, region: str) -> boto3.session.Session:
    """Make a session that takes nothing from its surroundings."""
    # Settings of the surroundings, broken ones too, have no say.
    session_vars = {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
    }
    core = botocore.session.Session(session_vars=session_vars)
    return boto3.session.Session(
        aws_access_key_id=key, aws_secret_access_key=secret, region_name=region, botocore_session=core
    )
