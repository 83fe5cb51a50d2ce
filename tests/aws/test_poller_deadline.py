"""Whatever keeps a request, it ends in time and is told; and where nothing can end it, it is told all the same."""

import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Self

import psutil
import pytest

from aws.certificates import self_signed
from aws.servers import Answer, AnsweringServer, BlackHole, DrippingServer, SilentServer
from aws.watching import Sink, Watch, is_empty, next_failure
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from desktop_bench.waiting import wait_until
from trayapp.aws import poller as polling
from trayapp.aws.poller import Answered, Failed, Limits, Poller, PollerEvent
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"
SHORT = Limits(poll=0.5, call=0.5, first=0.5, connect=0.5, commit=0.5, grace=0.2)
SOON = 0.6
"""Seconds beyond its limit within which what is late has been told."""

MakeEndpoint = Callable[[str], Endpoint]


class Polling:
    """A poller at work, which is stopped in the end."""

    def __init__(self, queue: Callable[[], SqsQueue], limits: Limits = SHORT) -> None:
        self.events: SimpleQueue[PollerEvent] = SimpleQueue()
        self.sink = Sink([])
        self.poller = Poller("acme", queue, self.sink, self.events.put, limits=limits)
        self._began = 0.0

    def __enter__(self) -> Self:
        """Start it."""
        self._began = time.monotonic()
        self.poller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.poller.stop()
        assert self.poller.join(5)

    def fails_after(self, seconds: float) -> Failed:
        event = self.events.get(timeout=10)
        taken = time.monotonic() - self._began
        assert isinstance(event, Failed), event
        assert seconds <= taken < seconds + SOON
        return event

    def answers(self) -> None:
        while not isinstance(self.events.get(timeout=5), Answered):
            pass


@pytest.mark.parametrize("over_tls", [False, True])
@pytest.mark.parametrize("in_headers", [False, True])
def test_an_answer_that_drips_is_left_in_time(
    endpoint_at: MakeEndpoint,
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
    patience: None,
    *,
    over_tls: bool,
    in_headers: bool,
) -> None:
    tls = self_signed(bundle) if over_tls else None
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with DrippingServer(tls, in_headers=in_headers) as server:
        url = f"{'https' if tls else 'http'}://{server.address}"
        with Polling(lambda: SqsQueue(endpoint_at(url), QUEUE_URL)) as polling:
            failure = polling.fails_after(0.5)
    assert failure == Failed("acme", Cause.NO_ANSWER, "no complete answer within 0.5 seconds")


def test_a_server_that_never_answers_is_left_in_time(endpoint_at: MakeEndpoint, patience: None) -> None:
    with (
        SilentServer() as server,
        Polling(lambda: SqsQueue(endpoint_at(f"http://{server.address}"), QUEUE_URL)) as polling,
    ):
        assert polling.fails_after(0.5).cause is Cause.NO_ANSWER


def test_a_connection_that_is_never_made_is_left_in_time(endpoint_at: MakeEndpoint, patience: None) -> None:
    with BlackHole() as hole, Polling(lambda: SqsQueue(endpoint_at(f"http://{hole.address}"), QUEUE_URL)) as polling:
        assert polling.fails_after(0.5).cause is Cause.NO_ANSWER


def test_a_proxy_that_drips_is_left_in_time(
    endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch, patience: None
) -> None:
    with DrippingServer(in_headers=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        with Polling(lambda: SqsQueue(endpoint_at(""), QUEUE_URL)) as polling:
            assert polling.fails_after(0.5).cause is Cause.NO_ANSWER


def test_a_long_poll_has_its_waiting_time_and_no_more(
    endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch, patience: None
) -> None:
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 1)

    class Proven(SqsQueue):
        def receive(self, wait_seconds: int = 0) -> list[Message]:
            return super().receive(wait_seconds) if wait_seconds else []

        def visibility(self) -> int:
            return 60

    with (
        SilentServer() as server,
        Polling(lambda: Proven(endpoint_at(f"http://{server.address}"), QUEUE_URL)) as at_work,
    ):
        at_work.answers()
        assert at_work.fails_after(1.5).cause is Cause.NO_ANSWER


def test_a_name_that_is_never_found_is_told_in_time_and_left(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()
    real = socket.getaddrinfo

    def hang(*arguments: object) -> object:
        assert answer.wait(30)
        return real(*arguments)  # type: ignore[arg-type]  # as they come

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    with Polling(lambda: SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)) as at_work:
        assert at_work.fails_after(0.5).cause is Cause.NO_ANSWER
        answer.set()
        at_work.answers()


def test_after_a_deadline_it_goes_on_with_the_same_key(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint
) -> None:
    cloud.inject(Fault.BLACK_HOLE, "ReceiveMessage", times=2)
    brief_inbox.send_raw("after all")
    watch = Watch(endpoint_at(cloud.endpoint_url), brief_inbox, SHORT)
    watch.poller.start()
    assert [watch.next_failure().cause for _ in range(2)] == [Cause.NO_ANSWER] * 2
    watch.next_answer()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    watch.end()
    assert watch.sink.bodies == ["after all"]
    assert watch.connects == 1


def test_a_delete_that_is_late_is_done_later(cloud: Cloud, inbox: Inbox, endpoint_at: MakeEndpoint) -> None:
    cloud.inject(Fault.BLACK_HOLE, "DeleteMessageBatch")
    inbox.send_raw("once")
    watch = Watch(endpoint_at(cloud.endpoint_url), inbox, SHORT)
    watch.poller.start()
    assert watch.next_failure().cause is Cause.NO_ANSWER
    wait_until(lambda: is_empty(inbox), 5, "the queue to be empty")
    watch.end()
    assert watch.sink.bodies == ["once"]


# ---- where nothing helps


def test_a_request_that_cannot_be_ended_is_told_all_the_same(endpoint_at: MakeEndpoint, patience: None) -> None:
    free = threading.Event()

    class Deaf(SqsQueue):
        def receive(self, wait_seconds: int = 0) -> list[Message]:  # noqa: ARG002 - whatever it is asked
            free.wait(30)
            return []

    with Polling(lambda: Deaf(endpoint_at("http://127.0.0.1:9"), QUEUE_URL)) as at_work:
        failure = at_work.fails_after(0.7)
        assert failure == Failed("acme", Cause.NO_ANSWER, "a request that is late cannot be ended")
        with pytest.raises(Empty):  # told once
            at_work.events.get(timeout=0.5)
        free.set()
        at_work.answers()


def test_a_key_that_cannot_be_read_in_time_is_told(cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint) -> None:
    unlocked = threading.Event()

    def connect() -> SqsQueue:
        assert unlocked.wait(30)
        return SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)

    with Polling(connect) as at_work:
        assert at_work.fails_after(0.5).detail == "the key could not be read within 0.5 seconds"
        unlocked.set()
        at_work.answers()


def test_a_disk_that_hangs_is_told_and_loses_nothing(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint
) -> None:
    written = threading.Event()
    watch = Watch(endpoint_at(cloud.endpoint_url), brief_inbox, SHORT)
    watch.sink.before = lambda: written.wait(30)
    brief_inbox.send_raw("in the end")
    watch.poller._visibility = 1  # as it is known from earlier
    watch.poller.start()
    failure = watch.next_failure()
    assert failure == Failed("acme", Cause.STORE_FAILING, "what was received is not on disk after 0.5 seconds")
    assert watch.events.empty()
    written.set()
    assert watch.next_event() == Answered("acme")
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    watch.end()
    assert watch.sink.bodies == ["in the end"]


# ---- for ever


@pytest.fixture
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(polling, "pause_after", lambda _: 0.0)
    yield
    gc.collect()


@pytest.mark.usefixtures("_no_pauses")
@pytest.mark.parametrize("answer", [Answer(503, b"", {}), Answer(200, b"<html>", {}), None], ids=["503", "page", "cut"])
def test_two_thousand_failures_leave_nothing_behind(answer: Answer | None, endpoint_at: MakeEndpoint) -> None:
    process = psutil.Process()
    with AnsweringServer(answer) as server:
        count = 0

        def failures(wanted: int) -> None:
            nonlocal count
            while count < wanted:
                assert isinstance(at_work.events.get(timeout=10), Failed)
                server.requests.clear()  # or it would be the bench's memory that grows
                count += 1

        with Polling(lambda: SqsQueue(endpoint_at(server.url), QUEUE_URL), Limits()) as at_work:
            failures(300)
            gc.collect()
            descriptors, memory, threads = process.num_fds(), process.memory_info().rss, threading.active_count()
            failures(2300)
            gc.collect()
            wait_until(lambda: process.num_fds() <= descriptors + 4, 5, "the connections to be gone")
            wait_until(lambda: threading.active_count() <= threads + 4, 5, "the threads to be gone")
            assert process.memory_info().rss - memory < 4_000_000


def test_being_renewed_three_hundred_times_leaves_nothing_behind(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint
) -> None:
    process = psutil.Process()
    with Polling(lambda: SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)) as at_work:

        def renewals(count: int) -> None:
            for _ in range(count):
                at_work.poller.renew()
                assert isinstance(at_work.events.get(timeout=10), Answered)

        at_work.answers()
        renewals(50)
        gc.collect()
        descriptors, memory = process.num_fds(), process.memory_info().rss
        renewals(300)
        gc.collect()
        wait_until(lambda: process.num_fds() <= descriptors + 4, 5, "the connections to be gone")
        assert process.memory_info().rss - memory < 6_000_000
        assert next_failure(at_work.events) is None
