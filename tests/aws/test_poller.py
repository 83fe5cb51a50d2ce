"""One account's worker: what leaves the queue is on disk, and nothing ends the watching but being asked to."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from aws.permissions import User, checked
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.faults import Fault
from desktop_bench.messages import iam_user_created
from desktop_bench.waiting import wait_until
from trayapp.aws import poller as poller_module
from trayapp.aws.poller import LONGEST_PAUSE, Answered, CommitFailed, Failed, Poller, PollerEvent, pause_after
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.guard import Cause
from trayapp.events import Committed
from trayapp.intake import Intake
from trayapp.store import Store

AT_ONCE = 0.3
"""Seconds within which a poller that was stopped has ended."""


class Sink:
    """Keeps batches in memory, and fails when it is told to.

    Attributes:
        batches: What was committed.
        failures: What the next commits raise instead.
        threads: The threads it was used in, by what they did.
    """

    def __init__(self, steps: list[str]) -> None:
        self.batches: list[list[str]] = []
        self.failures: list[Exception] = []
        self.threads: list[tuple[str, str]] = []
        self._steps = steps

    @property
    def bodies(self) -> list[str]:
        return [body for batch in self.batches for body in batch]

    def commit(self, bodies: Sequence[str]) -> None:
        self.threads.append(("commit", threading.current_thread().name))
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
    """

    def __init__(self, endpoint: Endpoint, url: str, steps: list[str]) -> None:
        super().__init__(endpoint, url)
        self.spoiled: set[str] = set()
        self._steps = steps

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

    def __init__(self, endpoint: Endpoint, inbox: Inbox) -> None:
        self.steps: list[str] = []
        self.sink = Sink(self.steps)
        self.events: SimpleQueue[PollerEvent] = SimpleQueue()
        self.connects = 0
        self.before_connecting: Callable[[], object] = lambda: None
        self.queue = NotedQueue(endpoint, inbox.queue_url, self.steps)
        self.poller = Poller("acme", self._connect, self.sink, self._emit)

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


@pytest.fixture
def watch(cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint]) -> Iterator[Watch]:
    """Give a watch that is not started yet."""
    watch = Watch(endpoint_at(cloud.endpoint_url), brief_inbox)
    yield watch
    if watch.sink.threads or watch.connects:
        watch.end()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause after a failure a minute, which only being woken ends."""
    monkeypatch.setattr(poller_module, "pause_after", lambda _: 60.0)


def waits_in_a_poll(cloud: Cloud) -> None:
    wait_until(lambda: cloud.polls_waiting() == 1, 5, "the poll to wait")


def is_empty(inbox: Inbox) -> bool:
    return inbox.depth() == Depth(visible=0, in_flight=0)


# ---- messages


def test_messages_are_committed_in_batches_and_then_deleted(watch: Watch, brief_inbox: Inbox) -> None:
    sent = {f"body {number}" for number in range(13)}
    for body in sent:
        brief_inbox.send_raw(body)
    watch.poller.start()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    assert set(watch.sink.bodies) == sent
    assert max(len(batch) for batch in watch.sink.batches) == 10


def test_a_message_is_committed_told_and_only_then_deleted(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    brief_inbox.send_raw("one")
    watch.poller.start()
    waits_in_a_poll(cloud)
    assert watch.steps == ["receive", "commit", "answered", "delete"]


def test_without_messages_the_first_answer_is_told_at_once(cloud: Cloud, watch: Watch) -> None:
    begin = time.monotonic()
    watch.poller.start()
    assert watch.next_event() == Answered("acme")
    assert time.monotonic() - begin < 1
    waits_in_a_poll(cloud)


def test_without_messages_the_first_answer_after_a_failure_is_told_at_once(cloud: Cloud, watch: Watch) -> None:
    watch.poller.start()
    assert watch.next_event() == Answered("acme")
    waits_in_a_poll(cloud)
    cloud.inject(Fault.DROP, "ReceiveMessage")
    begin = time.monotonic()
    assert watch.next_failure().cause is Cause.NO_ANSWER
    assert watch.next_event() == Answered("acme")
    assert time.monotonic() - begin < 1


def test_a_message_that_was_not_committed_stays_and_comes_again(watch: Watch, brief_inbox: Inbox) -> None:
    watch.sink.failures.append(CommitFailed("the disk is full"))
    brief_inbox.send_raw("precious")
    watch.poller.start()
    failure = watch.next_failure()
    assert failure == Failed("acme", Cause.STORE_FAILING, "the disk is full")
    assert not is_empty(brief_inbox)
    wait_until(lambda: watch.sink.bodies == ["precious"], 5, "it to come again")
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")


def test_a_message_that_could_not_be_deleted_comes_again_and_is_logged(
    watch: Watch, brief_inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    watch.queue.spoiled.add("sticky")
    for body in ("sticky", "smooth"):
        brief_inbox.send_raw(body)
    watch.poller.start()
    wait_until(lambda: watch.sink.bodies.count("sticky") >= 2, 5, "it to come again")
    assert watch.sink.bodies.count("smooth") == 1
    assert "could not be deleted and will come again: ReceiptHandleIsInvalid" in caplog.text
    watch.queue.spoiled.clear()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")


def test_a_message_that_arrives_while_it_waits_is_committed_within_a_second(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    watch.poller.start()
    waits_in_a_poll(cloud)
    begin = time.monotonic()
    brief_inbox.send_raw("now")
    wait_until(lambda: watch.sink.bodies == ["now"], 5, "it to be committed")
    assert time.monotonic() - begin < 1


# ---- failures


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.PORTAL, Cause.INTERCEPTED),
        (Fault.DROP, Cause.NO_ANSWER),
        (Fault.ERROR_503, Cause.AWS_FAILING),
        (Fault.THROTTLE, Cause.THROTTLED),
    ],
)
def test_a_passing_failure_is_told_and_the_same_queue_tried_again(
    fault: Fault, cause: Cause, cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    cloud.inject(fault, "ReceiveMessage", times=2)
    brief_inbox.send_raw("after all")
    watch.poller.start()
    first, second = watch.next_event(), watch.next_event()
    assert isinstance(first, Failed)
    assert isinstance(second, Failed)
    assert (first.account, first.cause, second.cause) == ("acme", cause, cause)
    assert watch.next_event() == Answered("acme")
    assert watch.sink.bodies == ["after all"]
    assert watch.connects == 1


@pytest.mark.parametrize(("fault", "times"), [(Fault.ERROR_503, 3), (Fault.DROP, 3), (Fault.PORTAL, 1)])
def test_a_delete_that_fails_is_told_and_loses_nothing(
    fault: Fault, times: int, cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    cloud.inject(fault, "DeleteMessageBatch", times=times)
    brief_inbox.send_raw("twice")
    watch.poller.start()
    assert watch.next_event() == Answered("acme")
    assert isinstance(watch.next_event(), Failed)
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert set(watch.sink.bodies) == {"twice"}


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.UNKNOWN_KEY, Cause.KEY_REFUSED),
        (Fault.BAD_SECRET, Cause.SECRET_WRONG),
        (Fault.ACCESS_DENIED, Cause.NOT_PERMITTED),
        (Fault.NO_QUEUE, Cause.QUEUE_MISSING),
    ],
)
def test_after_a_refusal_key_and_address_are_read_afresh(
    fault: Fault, cause: Cause, cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    cloud.inject(fault, "ReceiveMessage")
    brief_inbox.send_raw("after all")
    watch.poller.start()
    assert watch.next_failure().cause is cause
    watch.next_answer()
    assert watch.connects == 2


def test_a_queue_that_cannot_even_be_made_is_told_and_tried_again(watch: Watch, brief_inbox: Inbox) -> None:
    def fail_once() -> None:
        watch.before_connecting = lambda: None
        raise RuntimeError("with something private in it")

    watch.before_connecting = fail_once
    brief_inbox.send_raw("after all")
    watch.poller.start()
    assert watch.next_failure() == Failed("acme", Cause.INTERNAL, "RuntimeError")
    watch.next_answer()
    assert watch.sink.bodies == ["after all"]


def test_a_fault_of_ours_does_not_end_the_watching(
    watch: Watch, brief_inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    watch.sink.failures.append(ZeroDivisionError())
    brief_inbox.send_raw("after all")
    watch.poller.start()
    assert watch.next_failure() == Failed("acme", Cause.INTERNAL, "ZeroDivisionError")
    assert "Traceback" in caplog.text
    wait_until(lambda: watch.sink.bodies == ["after all"], 5, "it to come again")


def test_only_the_first_failure_in_a_row_is_a_warning(
    cloud: Cloud, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    cloud.inject(Fault.DROP, "ReceiveMessage", times=2)
    watch.poller.start()
    watch.next_failure()
    watch.next_failure()
    waits_in_a_poll(cloud)
    assert [record.levelname for record in caplog.records if "in a row" in record.message] == ["WARNING", "INFO"]


def test_a_revoked_key_is_told_and_a_new_login_heals(cloud: Cloud, brief_inbox: Inbox, patience: None) -> None:
    listener = User(cloud, "listener", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], brief_inbox.queue_arn)
    stored = revoked = listener.new_key()

    class ShortPolls(SqsQueue):
        # The bench takes long polls upon itself, which changes what was signed.
        def receive(self, wait_seconds: int = 0) -> list[Message]:
            time.sleep(min(wait_seconds, 0.02))
            return super().receive(0)

    def connect() -> SqsQueue:
        return ShortPolls(Endpoint(cloud.region, stored, cloud.endpoint_url), brief_inbox.queue_url)

    events: SimpleQueue[PollerEvent] = SimpleQueue()
    poller = Poller("acme", connect, Sink([]), events.put)
    with checked(cloud):
        poller.start()
        assert events.get(timeout=5) == Answered("acme")
    listener.delete_key(revoked)
    with checked(cloud):
        failure = wait_until(lambda: next_failure(events), 5, "the refusal")
        assert failure.cause is Cause.KEY_REFUSED
        assert revoked.secret not in failure.detail
    stored = listener.new_key()
    with checked(cloud):
        poller.retry()
        assert events.get(timeout=5) == Answered("acme")
        poller.stop()
        assert poller.join(5)


# ---- waiting between attempts


@pytest.mark.parametrize("failures", range(1, 40))
def test_every_pause_is_up_to_four_times_the_last_and_never_above_a_minute(failures: int) -> None:
    ceiling = min(LONGEST_PAUSE, 0.25 * 4 ** (failures - 1))
    pauses = [pause_after(failures) for _ in range(50)]
    assert min(pauses) >= ceiling / 2
    assert max(pauses) <= ceiling
    assert len(set(pauses)) > 1


def test_asking_again_ends_the_pause(cloud: Cloud, watch: Watch, patience: None) -> None:
    cloud.refuse()
    watch.poller.start()
    assert watch.next_failure().cause is Cause.NO_NETWORK
    cloud.accept()
    watch.poller.retry()
    assert watch.events.get(timeout=2) == Answered("acme")


def test_without_being_asked_it_waits(cloud: Cloud, watch: Watch, patience: None) -> None:
    begin = time.monotonic()
    cloud.inject(Fault.DROP, "ReceiveMessage")
    watch.poller.start()
    watch.next_failure()
    with pytest.raises(Empty):
        watch.events.get(timeout=0.5)
    assert [request.action for request in cloud.requests(begin)].count("ReceiveMessage") == 1


# ---- the end


def test_stopping_ends_a_poll_at_once(cloud: Cloud, watch: Watch) -> None:
    watch.poller.start()
    waits_in_a_poll(cloud)
    assert watch.end() < AT_ONCE


def test_stopping_ends_a_pause_at_once(cloud: Cloud, watch: Watch, patience: None) -> None:
    cloud.inject(Fault.DROP, "ReceiveMessage")
    watch.poller.start()
    watch.next_failure()
    assert watch.end() < AT_ONCE


def test_stopping_while_it_connects_keeps_it_from_polling(cloud: Cloud, watch: Watch) -> None:
    connecting, stopped = threading.Event(), threading.Event()

    def connect() -> None:
        connecting.set()
        assert stopped.wait(5)

    watch.before_connecting = connect
    begin = time.monotonic()
    watch.poller.start()
    assert connecting.wait(5)
    watch.poller.stop()
    assert not watch.poller.join(0)
    stopped.set()
    assert watch.poller.join(5)
    assert "ReceiveMessage" not in [request.action for request in cloud.requests(begin)]
    assert watch.events.empty()


def test_stopping_is_no_failure(cloud: Cloud, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "trayapp")
    watch.poller.start()
    waits_in_a_poll(cloud)
    watch.end()
    assert watch.events.get_nowait() == Answered("acme")
    assert watch.events.empty()
    assert caplog.text == ""


def test_stopping_during_a_delete_leaves_the_message_for_the_next_time(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    cloud.inject(Fault.HANG, "DeleteMessageBatch")
    brief_inbox.send_raw("again")
    watch.poller.start()
    watch.next_answer()
    wait_until(lambda: watch.steps[-1] == "delete", 5, "the delete")
    assert watch.end() < AT_ONCE
    assert watch.sink.bodies == ["again"]
    wait_until(lambda: brief_inbox.receive() == ["again"], 5, "it to come again")


def test_the_sink_is_used_and_closed_in_the_pollers_own_thread(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    brief_inbox.send_raw("one")
    watch.poller.start()
    watch.next_answer()
    watch.end()
    assert watch.sink.threads == [("commit", "poll-acme"), ("close", "poll-acme")]


# ---- with the real sink


def test_an_alert_is_on_disk_when_it_is_told_of(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint], tmp_path: Path
) -> None:
    told: SimpleQueue[list[str]] = SimpleQueue()
    path = tmp_path / "alerts.db"

    def tell(event: object) -> None:
        assert event == Committed("acme")
        with Store(path) as store:
            told.put([incident.main.subject.name for incident in store.incidents()])

    poller = Poller(
        "acme",
        lambda: SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url),
        Intake("acme", path, tell, lambda: datetime.now(UTC)),
        lambda _: None,
    )
    poller.start()
    brief_inbox.publish(iam_user_created("eve"))
    assert told.get(timeout=5) == ["eve"]
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    poller.stop()
    assert poller.join(5)


def test_a_store_that_cannot_be_written_keeps_the_message_in_the_queue(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint], tmp_path: Path
) -> None:
    events: SimpleQueue[object] = SimpleQueue()
    path = tmp_path / "alerts.db"
    path.mkdir()  # a folder in its place
    poller = Poller(
        "acme",
        lambda: SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url),
        Intake("acme", path, events.put, lambda: datetime.now(UTC)),
        events.put,
    )
    brief_inbox.publish(iam_user_created("eve"))
    poller.start()
    failure = events.get(timeout=5)
    assert isinstance(failure, Failed)
    assert failure.cause is Cause.STORE_FAILING
    assert not is_empty(brief_inbox)
    path.rmdir()
    poller.retry()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    with Store(path) as store:
        assert [incident.main.subject.name for incident in store.incidents()] == ["eve"]
    poller.stop()
    assert poller.join(5)


def next_failure(events: SimpleQueue[PollerEvent]) -> Failed | None:
    try:
        event = events.get_nowait()
    except Empty:
        return None
    return event if isinstance(event, Failed) else next_failure(events)
