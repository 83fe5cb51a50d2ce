"""A queue as SQS has it: long polls, batches, and deletes that can fail in part."""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from aws.servers import JSON, Answer, AnsweringServer
from desktop_bench.cloud import Cloud, Depth, Inbox
from desktop_bench.faults import Fault
from desktop_bench.waiting import wait_until
from trayapp.aws.failures import AwsFailure
from trayapp.aws.queue import BATCH, Interrupted, Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause


@pytest.fixture
def queue(cloud: Cloud, inbox: Inbox, endpoint_at: Callable[[str], Endpoint]) -> SqsQueue:
    return SqsQueue(endpoint_at(cloud.endpoint_url), inbox.queue_url)


def send(inbox: Inbox, count: int) -> set[str]:
    bodies = {f"body {number}" for number in range(count)}
    for body in bodies:
        inbox.send_raw(body)
    return bodies


def in_thread(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    outcomes: list[object] = []

    def run() -> None:
        try:
            outcomes.append(work())
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is the outcome
            outcomes.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, outcomes


def test_a_poll_waits_and_wakes_when_a_message_is_sent(cloud: Cloud, inbox: Inbox, queue: SqsQueue) -> None:
    thread, outcomes = in_thread(queue.receive)
    wait_until(lambda: cloud.polls_waiting() == 1, 5, "the poll to wait")
    sent = time.monotonic()
    inbox.send_raw("at last")
    thread.join(5)
    assert time.monotonic() - sent < 1
    (messages,) = outcomes
    assert isinstance(messages, list)
    assert [message.body for message in messages] == ["at last"]


def test_a_poll_without_messages_ends_empty_after_its_time(inbox: Inbox, queue: SqsQueue) -> None:
    begin = time.monotonic()
    assert queue.receive(1) == []
    assert 1 <= time.monotonic() - begin < 3


def test_messages_come_in_batches_of_ten(inbox: Inbox, queue: SqsQueue) -> None:
    sent = send(inbox, BATCH + 3)
    batches = [queue.receive(), queue.receive()]
    assert [len(batch) for batch in batches] == [BATCH, 3]
    assert {message.body for batch in batches for message in batch} == sent
    assert len({message.id for batch in batches for message in batch}) == BATCH + 3


def test_a_message_stays_until_it_is_deleted(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint]
) -> None:
    queue = SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)
    sent = brief_inbox.send_raw("stay")
    (first,) = queue.receive()
    assert (first.id, first.body) == (sent, "stay")
    (again,) = queue.receive()
    assert (again.id, again.body) == (sent, "stay")
    assert again.receipt != first.receipt
    assert queue.delete([again]) == []
    assert brief_inbox.depth() == Depth(visible=0, in_flight=0)


def test_a_whole_batch_is_deleted_at_once(inbox: Inbox, queue: SqsQueue) -> None:
    send(inbox, BATCH)
    assert queue.delete(queue.receive()) == []
    assert inbox.depth() == Depth(visible=0, in_flight=0)


def test_what_could_not_be_deleted_is_told_and_the_rest_is_deleted(
    inbox: Inbox, queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    send(inbox, 2)
    good, other = queue.receive()
    assert queue.delete([good, Message(other.id, "no receipt", other.body)]) == [other.id]
    assert inbox.depth() == Depth(visible=0, in_flight=1)
    assert "could not be deleted and will come again: ReceiptHandleIsInvalid" in caplog.text
    assert "no receipt" not in caplog.text


def test_a_message_tells_how_often_and_since_when_it_has_been_received(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint]
) -> None:
    queue = SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)
    brief_inbox.send_raw("again")
    (first,) = queue.receive()
    (again,) = queue.receive()
    assert (first.receives, again.receives) == (1, 2)
    assert first.age is not None
    assert again.age is not None
    # The answer's Date has no fractions, so that either may be a second short.
    assert 0 <= first.age < 1
    assert 0 <= again.age < 3


def test_ages_go_by_the_clock_of_aws_and_not_by_ours(endpoint_at: Callable[[str], Endpoint]) -> None:
    first = 1_700_000_000
    attributes = {"ApproximateReceiveCount": "3", "ApproximateFirstReceiveTimestamp": str(first * 1000)}
    message = {"MessageId": "id", "ReceiptHandle": "receipt", "Body": "body", "Attributes": attributes}
    headers = {**JSON, "Date": format_datetime(datetime.fromtimestamp(first + 90, UTC), usegmt=True)}
    body = json.dumps({"Messages": [message]}).encode()
    with AnsweringServer(Answer(body=body, headers=headers)) as server:
        (received,) = SqsQueue(endpoint_at(server.url), "https://sqs.eu-west-1.amazonaws.com/1/inbox").receive()
    assert received == Message("id", "receipt", "body", receives=3, age=90.0)


def test_a_server_that_does_not_count_is_taken_as_it_is(endpoint_at: Callable[[str], Endpoint]) -> None:
    body = json.dumps({"Messages": [{"MessageId": "id", "ReceiptHandle": "receipt", "Body": "body"}]}).encode()
    with AnsweringServer(Answer(body=body)) as server:
        (received,) = SqsQueue(endpoint_at(server.url), "https://sqs.eu-west-1.amazonaws.com/1/inbox").receive()
    assert received == Message("id", "receipt", "body")


def test_a_message_in_work_is_kept_out_of_sight(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: Callable[[str], Endpoint]
) -> None:
    queue = SqsQueue(endpoint_at(cloud.endpoint_url), brief_inbox.queue_url)
    assert queue.visibility() == 1
    brief_inbox.send_raw("in work")
    messages = queue.receive()
    queue.extend(messages, 60)
    assert queue.receive(2) == []
    assert queue.delete(messages) == []


def test_what_could_not_be_kept_out_of_sight_is_logged(
    inbox: Inbox, queue: SqsQueue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.extend([Message("id", "no receipt", "body")], 60)
    assert "could not be kept out of sight: ReceiptHandleIsInvalid" in caplog.text


@pytest.mark.parametrize("action", ["ChangeMessageVisibilityBatch", "GetQueueAttributes"])
def test_what_this_key_may_not_do_is_told(action: str, cloud: Cloud, inbox: Inbox, queue: SqsQueue) -> None:
    cloud.inject(Fault.ACCESS_DENIED, action)
    with pytest.raises(AwsFailure) as caught:
        queue.visibility() if action == "GetQueueAttributes" else queue.extend([Message("id", "receipt", "body")], 60)
    assert caught.value.cause is Cause.NOT_PERMITTED


def test_a_queue_that_was_closed_can_be_used_again_after_it_was_opened(
    cloud: Cloud, inbox: Inbox, queue: SqsQueue
) -> None:
    queue.close()
    with pytest.raises(Interrupted):
        queue.receive(0)
    queue.reopen()
    sent = send(inbox, 1)
    messages = queue.receive(0)
    assert {message.body for message in messages} == sent
    assert queue.delete(messages) == []


def test_a_delete_whose_answer_was_lost_is_tried_again(cloud: Cloud, inbox: Inbox, queue: SqsQueue) -> None:
    send(inbox, 3)
    messages = queue.receive()
    cloud.inject(Fault.LOSE_REPLY, "DeleteMessageBatch")
    assert queue.delete(messages) == []
    assert inbox.depth() == Depth(visible=0, in_flight=0)


def test_a_poll_that_fails_is_not_tried_again_by_itself(cloud: Cloud, queue: SqsQueue) -> None:
    begin = time.monotonic()
    cloud.inject(Fault.THROTTLE, "ReceiveMessage")
    with pytest.raises(AwsFailure) as caught:
        queue.receive()
    assert caught.value.cause is Cause.THROTTLED
    assert [request.action for request in cloud.requests(begin)].count("ReceiveMessage") == 1


@pytest.mark.parametrize("action", ["ReceiveMessage", "DeleteMessageBatch"])
def test_a_login_page_is_a_failure_and_no_empty_success(
    action: str, cloud: Cloud, inbox: Inbox, queue: SqsQueue
) -> None:
    send(inbox, 1)
    messages = queue.receive()
    cloud.inject(Fault.PORTAL, action, times=-1)
    with pytest.raises(AwsFailure) as caught:
        queue.receive() if action == "ReceiveMessage" else queue.delete(messages)
    assert caught.value.cause is Cause.INTERCEPTED


def test_a_queue_that_is_gone_is_told(cloud: Cloud, inbox: Inbox, queue: SqsQueue) -> None:
    cloud.sqs.delete_queue(QueueUrl=inbox.queue_url)
    with pytest.raises(AwsFailure) as caught:
        queue.receive(0)
    assert caught.value.cause is Cause.QUEUE_MISSING


def test_a_queue_is_not_there_in_another_region(
    cloud: Cloud, inbox: Inbox, endpoint_at: Callable[[str], Endpoint]
) -> None:
    here = endpoint_at(cloud.endpoint_url)
    with pytest.raises(AwsFailure) as caught:
        SqsQueue(Endpoint("us-east-1", here.key, here.url), inbox.queue_url).receive(0)
    assert caught.value.cause is Cause.QUEUE_MISSING


def test_a_poll_that_is_closed_takes_no_message_along(cloud: Cloud, inbox: Inbox, queue: SqsQueue) -> None:
    thread, outcomes = in_thread(queue.receive)
    wait_until(lambda: cloud.polls_waiting() == 1, 5, "the poll to wait")
    queue.close()
    thread.join(5)
    assert [type(outcome) for outcome in outcomes] == [Interrupted]
    wait_until(lambda: cloud.polls_waiting() == 0, 5, "the poll to be gone")
    inbox.send_raw("for the next")
    assert inbox.depth() == Depth(visible=1, in_flight=0)
