"""An AWS of our own: moto's server in this process, with our template deployed into it."""

import http.client
import json
import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from botocore.config import Config

from trayapp.aws import session
from trayapp.aws.template import template_text
from trayapp.demo.calls import DETAIL_TYPE, Event
from trayapp.demo.messages import Notification

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_config import ConfigServiceClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_iam import IAMClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient

HOST = "127.0.0.1"
STACK = "trayapp-demo"
_TRAIL = "demo"


class DemoUnavailable(Exception):  # noqa: N818 - named after what it reports
    """The embedded AWS cannot be had; the text says what to do."""


class EmbeddedCloud:
    """An AWS on a free port of this machine's own address, for as long as the ``with`` block runs.

    moto keeps its state per process, so there can be one at a time. The access key belongs to the template's listener
    user; like everything else here it is made afresh, lives in memory only and is worth nothing outside.

    Args:
        region: The Region of everything in it.
        watched: AWS Config records and CloudTrail logs, so that there is nothing for the guard to complain of; else
            there is neither.

    Attributes:
        region: The Region of everything in it.
        endpoint_url: Where it answers.
        queue_url: The queue to listen to.
        topic_arn: The topic that AWS Config would send to.
        listener: The name of the listener user.
        access_key_id: The listener user's key.
        secret_access_key: Its secret.
    """

    account_id = "123456789012"
    """The number of the account, which is moto's."""

    _running = False

    def __init__(self, region: str = "us-east-1", *, watched: bool = True) -> None:
        self.region = region
        self._watched = watched
        self.endpoint_url = ""
        self.queue_url = ""
        self.topic_arn = ""
        self.listener = ""
        self.access_key_id = ""
        self.secret_access_key = ""
        # moto takes any key; these are the account owner's, who deploys and publishes.
        self._owner = {
            "aws_access_key_id": f"AKIA{secrets.token_hex(8).upper()}",
            "aws_secret_access_key": secrets.token_urlsafe(30),
        }
        self._clients: dict[str, Any] = {}
        self._undo = ExitStack()

    def __enter__(self) -> Self:
        """Start the server and deploy the template.

        Raises:
            DemoUnavailable: moto is not installed, or an embedded cloud runs in this process already.
        """
        if EmbeddedCloud._running:
            raise DemoUnavailable("The demo runs in this process already, and there can be one at a time.")
        server = _moto_server()
        with ExitStack() as undo:
            EmbeddedCloud._running = True
            undo.callback(self._end)
            _quiet(undo)
            server.start()
            undo.callback(server.stop)
            host, port = server.get_host_and_port()
            # Before the server stops: it lets go of every queue, and with it of every poll still waiting there.
            undo.callback(_forget_everything, host, port)
            self.endpoint_url = f"http://{host}:{port}"
            self._set_up()
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server and forget all that was in it."""
        self._undo.close()

    def deploy(self, stack: str, parameters: Mapping[str, str] | None = None) -> dict[str, str]:
        """Create a stack of our template.

        Args:
            stack: The stack's name.
            parameters: The template's parameters; those left out have their defaults.

        Returns:
            The stack's outputs.
        """
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=template_text(),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in (parameters or {}).items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        outputs = cloudformation.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def publish(self, message: str, subject: str) -> None:
        """Publish to the topic, as AWS Config does.

        Args:
            message: The notification, JSON text.
            subject: Its subject, at most 100 characters.
        """
        self.client("sns").publish(TopicArn=self.topic_arn, Message=message, Subject=subject)

    def send(self, sent: Notification | Event) -> None:
        """Send what AWS would: a notification to the topic, an event to the event bus and its rules.

        The bus is the one of this cloud's Region, whatever Region the event is from.
        """
        match sent:
            case Notification(subject, message):
                self.publish(message, subject)
            case Event(source=source, happened=happened, detail=detail):
                self.client("events").put_events(
                    Entries=[
                        {"Source": source, "DetailType": DETAIL_TYPE, "Detail": json.dumps(detail), "Time": happened}
                    ]
                )

    @overload
    def client(self, service: Literal["cloudformation"]) -> "CloudFormationClient": ...
    @overload
    def client(self, service: Literal["cloudtrail"]) -> "CloudTrailClient": ...
    @overload
    def client(self, service: Literal["config"]) -> "ConfigServiceClient": ...
    @overload
    def client(self, service: Literal["events"]) -> "EventBridgeClient": ...
    @overload
    def client(self, service: Literal["iam"]) -> "IAMClient": ...
    @overload
    def client(self, service: Literal["sns"]) -> "SNSClient": ...
    @overload
    def client(self, service: Literal["sqs"]) -> "SQSClient": ...
    @overload
    def client(self, service: str) -> object: ...
    def client(self, service: str) -> object:
        """Give a client of this cloud that works with the account owner's key."""
        if service not in self._clients:
            client: Any = session.hermetic_session().client
            self._clients[service] = client(
                service,
                region_name=self.region,
                endpoint_url=self.endpoint_url,
                # No proxy: whatever the surroundings say, this is our own machine.
                config=Config(proxies={}, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
                **self._owner,
            )
        return self._clients[service]

    def _set_up(self) -> None:
        outputs = self.deploy(STACK, {"RecordResources": "yes" if self._watched else "no"})
        self.queue_url, self.topic_arn = outputs["QueueUrl"], outputs["TopicArn"]
        self.listener = outputs["ListenerUser"]
        key = self.client("iam").create_access_key(UserName=self.listener)["AccessKey"]
        self.access_key_id, self.secret_access_key = key["AccessKeyId"], key["SecretAccessKey"]
        if self._watched:
            self._log_calls()

    def _log_calls(self) -> None:
        """Make the trail that an account has which follows AWS's advice; the template leaves that to its owner."""
        # It may go into the bucket of AWS Config: nothing is ever written there.
        (channel,) = self.client("config").describe_delivery_channels()["DeliveryChannels"]
        trails = self.client("cloudtrail")
        trails.create_trail(Name=_TRAIL, S3BucketName=channel["s3BucketName"], IsMultiRegionTrail=True)
        trails.start_logging(Name=_TRAIL)

    def _end(self) -> None:
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        EmbeddedCloud._running = False


def _moto_server() -> "ThreadedMotoServer":
    try:
        with _plain_surroundings():
            from moto.core.base_backend import AccountSpecificBackend  # noqa: PLC0415 - an extra
            from moto.server import ThreadedMotoServer  # noqa: PLC0415 - an extra, and slow to load

            from trayapp.demo import moto_config, moto_queues, moto_stacks  # noqa: F401, PLC0415 - importing them is what counts

            AccountSpecificBackend.get_session()  # moto keeps it
    except ImportError as missing:
        raise DemoUnavailable(
            f"The demo needs packages that are not installed ({missing.name}). "
            "Install them with: pip install '.[demo]' in the checkout, or run packaging/dev demo"
        ) from None
    return ThreadedMotoServer(HOST, 0, verbose=False)


@contextmanager
def _plain_surroundings() -> Iterator[None]:
    """Hide the owner's AWS settings while moto is loaded and makes its boto3 session, for the list of Regions."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("AWS_")}
    plain = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    os.environ.update(plain)
    try:
        yield
    finally:
        for name in plain:
            del os.environ[name]
        os.environ.update(hidden)


def _quiet(undo: ExitStack) -> None:
    """Keep the server from writing a line for every request."""
    log = logging.getLogger("werkzeug")
    undo.callback(log.setLevel, log.level)
    log.setLevel(logging.ERROR)


def _forget_everything(host: str, port: int) -> None:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("POST", "/moto-api/reset")
        connection.getresponse().read()
    finally:
        connection.close()
