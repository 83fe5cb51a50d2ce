"""Who listens to the queue when latency is measured, and when each says that a message has arrived."""

import sys
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from bench.bare import NAME
from bench.program import start_watching
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.errors import BenchError
from desktop_bench.parts import NOTIFICATIONS
from desktop_bench.processes import Process
from desktop_bench.session import Desktop


class Listener(Protocol):
    """A listener; it listens inside a ``with`` block."""

    def __enter__(self) -> Self:
        """Start it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""

    def check(self) -> None:
        """Raise ``BenchError`` if it has ended by itself."""

    def arrived(self, name: str) -> float | None:
        """Give when it said that the user of this name is there, ``time.monotonic()``; ``None`` if it did not yet."""


class _Program:
    """A listener that is one process."""

    _process: Process | None = None

    def __enter__(self) -> Self:
        self._process = self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.stop()

    def check(self) -> None:
        """Raise ``BenchError`` if it has ended by itself."""
        if self._process is not None and not self._process.alive:
            raise BenchError(self._process.tail())

    def start(self) -> Process:
        """Start the process."""
        raise NotImplementedError


class Trayapp(_Program):
    """``trayapp run``: a message has arrived when the notification daemon is called.

    Args:
        desktop: Where it runs; signed in.
    """

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    def start(self) -> Process:
        """Start it."""
        return start_watching(self._desktop)

    def arrived(self, name: str) -> float | None:
        """Give when ``Notify`` was called with the name in title or text."""
        for call in reversed(self._desktop.spy.calls(NOTIFICATIONS, "Notify")):
            _, _, _, summary, body, *_ = call.body
            if name in NAME.findall(f"{summary} {body}"):
                return call.at
        return None


class Bare(_Program):
    """The bare boto3 loop: a message has arrived when ``receive_message`` has returned it.

    Args:
        desktop: Where it runs, so that both have the same surroundings.
        endpoint: Where the AWS of its queue is.
        queue_url: The queue.
    """

    def __init__(self, desktop: Desktop, endpoint: str, queue_url: str) -> None:
        self._desktop, self._endpoint, self._queue_url = desktop, endpoint, queue_url

    def start(self) -> Process:
        """Start it."""
        return self._desktop.start(
            [sys.executable, "-P", "-m", "bench.bare", "listen", self._endpoint, self._queue_url],
            name="bare",
            env={"PYTHONPATH": str(Path(__file__).parents[1])},
        )

    def arrived(self, name: str) -> float | None:
        """Give the time that it printed beside the name."""
        lines = self._process.stdout().splitlines() if self._process else []
        return next((float(line.split()[0]) for line in reversed(lines) if line.endswith(f" {name}")), None)


def second_queue(cloud: Cloud, inbox: Inbox) -> str:
    """Subscribe one more queue to a topic, so that two listeners hear the same publish; gives its address."""
    url = cloud.sqs.create_queue(QueueName="second", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    attributes = cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    cloud.sns.subscribe(TopicArn=inbox.topic_arn, Protocol="sqs", Endpoint=attributes["QueueArn"])
    return url
