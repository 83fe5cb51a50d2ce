"""What is in work stays ours, what could not be deleted is deleted later, and others at the queue are noticed."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from aws.servers import AnsweringServer
from aws.test_failures import refusal
from aws.watching import Sink, Watch, is_empty, next_failure, waits_in_a_poll
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.faults import Fault
from desktop_bench.waiting import wait_until
from trayapp.aws import company, holding
from trayapp.aws.keys import AccessKey
from trayapp.aws.poller import Answered, CommitFailed, Failed, Poller, PollerEvent, Shared
from trayapp.aws.queue import SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause

MakeEndpoint = Callable[[str], Endpoint]
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"


@pytest.fixture
def lasting(watch: Watch, inbox: Inbox) -> Watch:
    """Give a watch on a queue whose messages do not come back by themselves within a test."""
    watch.queue._url = inbox.queue_url
    return watch


def actions(cloud: Cloud, since: float) -> list[str]:
    return [request.action for request in cloud.requests(since)]


# ---- what takes long


def test_what_takes_long_to_write_is_kept_from_others(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    written = threading.Event()
    watch.sink.before = lambda: written.wait(30)
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)  # by now it knows for how long messages stay out of sight: a second
    brief_inbox.send_raw("in work")
    begin = time.monotonic()
    wait_until(lambda: watch.sink.threads, 5, "the commit")
    while time.monotonic() - begin < 3:
        assert brief_inbox.depth() == Depth(visible=0, in_flight=1)
    assert watch.poller.idle_for() == 0
    written.set()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    assert watch.sink.bodies == ["in work"]
    wait_until(lambda: not holders(), 5, "the holding to end")


def holders() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("hold-")]


def test_what_is_quickly_written_needs_no_holding(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    begin = time.monotonic()
    for number in range(20):
        brief_inbox.send_raw(f"body {number}")
    watch.poller.start()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    assert "ChangeMessageVisibilityBatch" not in actions(cloud, begin)
    assert holders() == []


def test_without_the_permission_to_hold_it_goes_on_and_says_so_once(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.inject(Fault.ACCESS_DENIED, "ChangeMessageVisibilityBatch", times=-1)
    watch.sink.before = lambda: time.sleep(0.6)  # the disk is slow: that is the fault
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    for number in range(2):
        brief_inbox.send_raw(f"body {number}")
        wait_until(lambda: len(watch.sink.bodies) > number, 10, "the commit")  # noqa: B023 - asked within the turn
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert caplog.text.count("may not keep messages in flight") == 1
    assert next_failure(watch.events) is None


@pytest.mark.parametrize(("fault", "asked"), [(Fault.ACCESS_DENIED, 1), (Fault.ERROR_503, 2)])
def test_the_visibility_timeout_is_asked_for_until_there_is_an_answer(
    fault: Fault, asked: int, cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    begin = time.monotonic()
    cloud.inject(fault, "GetQueueAttributes", times=3)  # as often as one call is tried
    watch.poller.start()
    waits_in_a_poll(cloud)
    brief_inbox.send_raw("goes on")
    watch.next_answer()
    wait_until(lambda: watch.sink.bodies == ["goes on"], 5, "it to be committed")
    waits_in_a_poll(cloud)
    struck = [request.fault for request in cloud.requests(begin) if request.action == "GetQueueAttributes"]
    assert fault in struck
    assert (None in struck) is (asked == 2)
    assert next_failure(watch.events) is None


def test_a_fault_of_ours_in_holding_is_logged_and_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def extend(self, *_: object) -> None:
            raise ZeroDivisionError

    held = holding.Holding("acme")
    held.begin(Broken(), [], 60)
    wait_until(lambda: not holders(), 5, "the holding to end")
    assert "Traceback" in caplog.text


# ---- what could not be deleted


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.ERROR_503, Fault.THROTTLE])
def test_what_could_not_be_deleted_is_deleted_when_aws_answers_again(
    fault: Fault, cloud: Cloud, lasting: Watch, inbox: Inbox
) -> None:
    cloud.inject(fault, "DeleteMessageBatch", times=3)  # as often as one call is tried
    inbox.send_raw("once")
    lasting.poller.start()
    assert lasting.next_event() == Answered("acme")
    lasting.next_failure()
    wait_until(lambda: is_empty(inbox), 10, "the queue to be empty")
    assert lasting.sink.bodies == ["once"]


def test_while_nothing_can_be_deleted_it_does_not_say_that_all_is_well(
    cloud: Cloud, lasting: Watch, inbox: Inbox
) -> None:
    cloud.inject(Fault.ACCESS_DENIED, "DeleteMessageBatch", times=5)  # the first alone says nothing yet
    inbox.send_raw("first")
    lasting.poller.start()
    assert lasting.next_event() == Answered("acme")
    for _ in range(2):
        failure = lasting.next_event()
        assert isinstance(failure, Failed)
        assert failure.cause is Cause.NOT_PERMITTED
    inbox.send_raw("second")
    for _ in range(2):
        lasting.poller.retry()
        assert isinstance(lasting.next_event(), Failed)
    assert lasting.sink.bodies == ["first", "second"]  # all the same
    lasting.poller.retry()
    assert lasting.next_event() == Answered("acme")
    wait_until(lambda: is_empty(inbox), 10, "the queue to be empty")


def test_a_message_that_could_not_be_deleted_is_deleted_on_its_next_receipt_and_not_committed_twice(
    watch: Watch, brief_inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    watch.queue.spoiled.add("sticky")
    for body in ("sticky", "smooth"):
        brief_inbox.send_raw(body)
    watch.poller.start()
    wait_until(lambda: "could not be deleted and will come again" in caplog.text, 5, "the refusal")
    watch.queue.spoiled.clear()
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert sorted(watch.sink.bodies) == ["smooth", "sticky"]
    assert next_failure(watch.events) is None


def test_after_the_disk_failed_all_that_comes_is_committed_again(watch: Watch, brief_inbox: Inbox) -> None:
    watch.queue.spoiled.add("sticky")
    brief_inbox.send_raw("sticky")
    watch.poller.start()
    wait_until(lambda: watch.sink.bodies == ["sticky"], 5, "the commit")
    watch.sink.failures.append(CommitFailed("the file is damaged", Cause.STORE_DAMAGED))
    brief_inbox.send_raw("other")
    assert watch.next_failure() == Failed("acme", Cause.STORE_DAMAGED, "the file is damaged")
    watch.queue.spoiled.clear()
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert watch.sink.bodies.count("sticky") == 2
    assert "other" in watch.sink.bodies
    assert watch.connects == 1  # a disk needs no other key


def test_a_fault_of_ours_that_does_not_end_is_tried_ever_more_seldom(watch: Watch, brief_inbox: Inbox) -> None:
    watch.sink.failures.extend([ZeroDivisionError()] * 100)
    brief_inbox.send_raw("poisoned")
    watch.poller.start()
    begin = time.monotonic()
    for _ in range(3):
        assert watch.next_failure().cause is Cause.INTERNAL
    assert time.monotonic() - begin > 1


# ---- others


@pytest.fixture
def _long_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a poller that has just begun take itself for one that has been there for a while."""
    monkeypatch.setattr(company, "_LINGERING", -1000.0)
    monkeypatch.setattr(company, "_SLACK", 0.0)


@pytest.mark.usefixtures("_long_at_it")
def test_somebody_else_who_takes_messages_is_noticed(watch: Watch, cloud: Cloud, brief_inbox: Inbox) -> None:
    for number in range(2):
        brief_inbox.send_raw(f"body {number}")
    taken = cloud.sqs.receive_message(QueueUrl=brief_inbox.queue_url, MaxNumberOfMessages=10)["Messages"]
    assert len(taken) == 2
    watch.poller.start()
    wait_until(lambda: Shared("acme") in seen(watch.events), 10, "it to be noticed")
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")


@pytest.mark.usefixtures("_long_at_it")
def test_what_comes_again_to_us_alone_is_no_sign_of_others(watch: Watch, brief_inbox: Inbox) -> None:
    watch.sink.failures.extend([CommitFailed("the disk is full")] * 2)
    for number in range(5):
        brief_inbox.send_raw(f"body {number}")
    watch.poller.start()
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert Shared("acme") not in seen(watch.events)


def seen(events: SimpleQueue[PollerEvent]) -> list[PollerEvent]:
    return [events.get_nowait() for _ in range(events.qsize())]


def test_it_tells_how_long_it_has_had_nothing_in_hand(
    watch: Watch, cloud: Cloud, brief_inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "_LINGERING", -1000.0)
    watch = Watch(watch.queue._endpoint, brief_inbox)
    watch.poller.start()
    watch.next_answer()
    assert watch.poller.idle_for() > 900
    brief_inbox.send_raw("in hand")
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    first = watch.poller.idle_for()
    assert 0 <= first < 2
    wait_until(lambda: watch.poller.idle_for() > first, 5, "time to pass")
    watch.end()


def test_right_after_the_start_an_earlier_life_of_ours_may_have_messages_in_hand(watch: Watch) -> None:
    assert watch.poller.idle_for() == 0


# ---- the key


@pytest.mark.parametrize(
    ("worked_before", "cause"), [(True, Cause.KEY_REVOKED), (False, Cause.KEY_REFUSED)], ids=["worked", "never worked"]
)
def test_a_key_that_worked_in_an_earlier_run_is_revoked_and_not_wrong(
    cause: Cause, endpoint_at: MakeEndpoint, patience: None, *, worked_before: bool
) -> None:
    events: SimpleQueue[PollerEvent] = SimpleQueue()
    with AnsweringServer(refusal("UnrecognizedClientException")) as server:
        poller = Poller(
            "acme",
            lambda: SqsQueue(endpoint_at(server.url), QUEUE_URL),
            Sink([]),
            events.put,
            worked_before=worked_before,
        )
        poller.start()
        for _ in range(2):
            failure = events.get(timeout=5)
            assert isinstance(failure, Failed)
            assert failure.cause is cause
            poller.retry()
        poller.stop()
        assert poller.join(5)


def test_another_key_that_is_wrong_is_not_one_that_was_revoked(key: AccessKey, patience: None) -> None:
    events: SimpleQueue[PollerEvent] = SimpleQueue()
    keys = iter([key, AccessKey("AKIAI44QH8DHBEXAMPLE", "another")])
    with AnsweringServer(refusal("UnrecognizedClientException")) as server:
        poller = Poller(
            "acme",
            lambda: SqsQueue(Endpoint("eu-west-1", next(keys), server.url), QUEUE_URL),
            Sink([]),
            events.put,
            worked_before=True,
        )
        poller.start()
        for cause in (Cause.KEY_REVOKED, Cause.KEY_REFUSED):
            failure = events.get(timeout=5)
            assert isinstance(failure, Failed)
            assert failure.cause is cause
            poller.retry()
        poller.stop()
        assert poller.join(5)


def test_a_signature_that_is_refused_is_not_a_lock_out(endpoint_at: MakeEndpoint, patience: None) -> None:
    events: SimpleQueue[PollerEvent] = SimpleQueue()
    with AnsweringServer(refusal("InvalidSignatureException")) as server:
        poller = Poller(
            "acme", lambda: SqsQueue(endpoint_at(server.url), QUEUE_URL), Sink([]), events.put, worked_before=True
        )
        poller.start()
        failure = events.get(timeout=5)
        assert isinstance(failure, Failed)
        assert failure.cause is Cause.SECRET_WRONG
        poller.stop()
        assert poller.join(5)
