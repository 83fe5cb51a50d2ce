"""Who listens to the queue when latency is measured, and when each says that a message has arrived."""

import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.parts import NOTIFICATIONS
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until

from bench.bare import NAME
from bench.program import start_watching

_START_SECONDS = 30.0


class Listener(Protocol):
    """A listener; it listens inside a ``with`` block."""

    def __enter__(self) -> Self:
        """Start it, and wait until its first long poll is under way."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, and wait until its long poll has ended."""

    def arrived(self, name: str) -> float | None:
        """Give when it said that the user of this name is there, ``time.monotonic()``; ``None`` if it did not yet."""


class _Program:
    """A listener that is one process.

    Args:
        cloud: Tells when it polls.
    """

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        polls = self._cloud.polls_waiting()
        process = self.start()
        self._stack.callback(self._end, process)
        wait_until(lambda: self._cloud.polls_waiting() > polls, _START_SECONDS, f"the first poll of {process.name}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def _end(self, process: Process) -> None:
        polls = self._cloud.polls_waiting()
        process.stop()
        # Whoever polls this queue next must not share a message with a poll that is still open.
        wait_until(lambda: self._cloud.polls_waiting() < max(polls, 1), _START_SECONDS, "its last poll to end")

    def start(self) -> Process:
        """Start the process."""
        raise NotImplementedError


class Trayapp(_Program):
    """``trayapp run``: a message has arrived when the notification daemon is called.

    Args:
        desktop: Where it runs; signed in.
        cloud: The AWS it is signed in to.
    """

    def __init__(self, desktop: Desktop, cloud: Cloud) -> None:
        super().__init__(cloud)
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
        cloud: The AWS of its queue.
        queue_url: The queue.
    """

    def __init__(self, desktop: Desktop, cloud: Cloud, queue_url: str) -> None:
        super().__init__(cloud)
        self._desktop, self._queue_url = desktop, queue_url
        self._process: Process | None = None

    def start(self) -> Process:
        """Start it."""
        self._process = self._desktop.start(
            [sys.executable, "-P", "-m", "bench.bare", "listen", self._cloud.endpoint_url, self._queue_url],
            name="bare",
            env={"PYTHONPATH": str(Path(__file__).parents[1])},
        )
        return self._process

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
