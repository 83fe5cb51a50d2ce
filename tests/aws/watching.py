"""A poller at work on an emulated queue, with everything about it in view."""

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.waiting import wait_until
from trayapp.aws.poller import Answered, Failed, Limits, Poller, PollerEvent
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint


class Sink:
    """Keeps batches in memory, and fails or takes its time when it is told to.

    Attributes:
        batches: What was committed.
        failures: What the next commits raise instead.
        before: Called before every commit.
        threads: The threads it was used in, by what they did.
    """

    def __init__(self, steps: list[str]) -> None:
        self.batches: list[list[str]] = []
        self.failures: list[Exception] = []
        self.before: Callable[[], object] = lambda: None
        self.threads: list[tuple[str, str]] = []
        self._steps = steps

    @property
    def bodies(self) -> list[str]:
        return [body for batch in self.batches for body in batch]

    def commit(self, bodies: Sequence[str]) -> None:
        self.threads.append(("commit", threading.current_thread().name))
        self.before()
        if self.failures:
            raise self.failures.pop(0)
        self.batches.append(list(bodies))
        self._steps.append("commit")

    def close(self) -> None:
        self.threads.append(("close", threading.current_thread().name))


class NotedQueue(SqsQueue):
    """The real queue, which notes the order of what is done with it.

    Attributes:
        spoiled: Bodies of messages whose receipt is spoiled before they are deleted.
        opened: How often it was opened, the first time included.
    """

    opened = 0

    def __init__(self, endpoint: Endpoint, url: str, steps: list[str]) -> None:
        super().__init__(endpoint, url)
        self.spoiled: set[str] = set()
        self._steps = steps

    def reopen(self) -> None:
        super().reopen()
        self.opened += 1

    def receive(self, wait_seconds: int = 20) -> list[Message]:
        messages = super().receive(wait_seconds)
        self._steps.append("receive")
        return messages

    def delete(self, messages: Sequence[Message]) -> list[str]:
        self._steps.append("delete")
        return super().delete(
            [
                Message(each.id, "no receipt" if each.body in self.spoiled else each.receipt, each.body)
                for each in messages
            ]
        )


class Watch:
    """A poller at work on an emulated queue, and all that can be seen of it."""

    def __init__(self, endpoint: Endpoint, inbox: Inbox, limits: Limits | None = None) -> None:
        self.steps: list[str] = []
        self.sink = Sink(self.steps)
        self.events: SimpleQueue[PollerEvent] = SimpleQueue()
        self.connects = 0
        self.before_connecting: Callable[[], object] = lambda: None
        self.queue = NotedQueue(endpoint, inbox.queue_url, self.steps)
        self.poller = Poller("acme", self._connect, self.sink, self._emit, limits=limits)

    def next_event(self) -> PollerEvent:
        return self.events.get(timeout=5)

    def next_failure(self) -> Failed:
        return wait_until(lambda: next_failure(self.events), 5, "a failure")

    def next_answer(self) -> Answered:
        while not isinstance(event := self.next_event(), Answered):
            pass
        return event

    def end(self) -> float:
        """Stop it and give the seconds that took."""
        begin = time.monotonic()
        self.poller.stop()
        assert self.poller.join(5)
        return time.monotonic() - begin

    def _connect(self) -> SqsQueue:
        self.connects += 1
        self.before_connecting()
        return self.queue

    def _emit(self, event: PollerEvent) -> None:
        if isinstance(event, Answered):
            self.steps.append("answered")
        self.events.put(event)


def waits_in_a_poll(cloud: Cloud) -> None:
    wait_until(lambda: cloud.polls_waiting() == 1, 5, "the poll to wait")


def is_empty(inbox: Inbox) -> bool:
    return inbox.depth() == Depth(visible=0, in_flight=0)


def next_failure(events: SimpleQueue[PollerEvent]) -> Failed | None:
    try:
        event = events.get_nowait()
    except Empty:
        return None
    return event if isinstance(event, Failed) else next_failure(events)
