"""What leaves the queue is on disk, and no failure ends the watching."""

import logging
import time
from queue import SimpleQueue

import pytest

from aws.permissions import User, checked
from aws.watching import Sink, Watch, is_empty, next_failure, waits_in_a_poll
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from desktop_bench.waiting import wait_until
from trayapp.aws import poller
from trayapp.aws.failures import AwsFailure
from trayapp.aws.poller import Answered, CommitFailed, Failed, Poller, PollerEvent
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause

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


def test_what_fails_on_this_computer_is_tried_again_sooner_than_a_network(
    watch: Watch, brief_inbox: Inbox, patience: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "LONGEST_LOCAL_PAUSE", 0.1)
    locked = [AwsFailure(Cause.KEYRING_LOCKED, "the keyring is locked")] * 2

    def unlock() -> None:
        if locked:
            raise locked.pop()

    watch.before_connecting = unlock
    watch.sink.failures.extend([CommitFailed("the disk is full", Cause.DISK_FULL)] * 2)
    brief_inbox.send_raw("precious")
    watch.poller.start()
    wait_until(lambda: watch.sink.bodies == ["precious"], 10, "it to be committed")


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


def test_a_key_that_loses_everything_between_receiving_and_deleting_is_told_once_as_that(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    def lose_everything() -> None:
        cloud.inject(Fault.ACCESS_DENIED, "DeleteMessageBatch")
        cloud.inject(Fault.ACCESS_DENIED, "ReceiveMessage")

    watch.sink.before = lose_everything
    brief_inbox.send_raw("once")
    watch.poller.start()
    assert watch.next_failure().cause is Cause.PERMISSION_LOST
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert watch.sink.bodies == ["once"]


def test_a_key_that_may_do_all_but_delete_is_told_as_that(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    cloud.inject(Fault.ACCESS_DENIED, "DeleteMessageBatch", times=2)
    brief_inbox.send_raw("once")
    watch.poller.start()
    assert watch.next_failure().cause is Cause.NOT_PERMITTED
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")


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
        assert failure.cause is Cause.KEY_REVOKED
        assert revoked.secret not in failure.detail
    stored = listener.new_key()
    with checked(cloud):
        poller.retry()
        assert events.get(timeout=5) == Answered("acme")
        poller.stop()
        assert poller.join(5)
