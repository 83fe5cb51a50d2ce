"""When the computer wakes or its network changes, the question is asked anew at once, and nothing is lost by it."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty

import pytest

from aws.watching import Watch, is_empty, next_failure, waits_in_a_poll
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from desktop_bench.waiting import wait_until
from trayapp.aws import poller
from trayapp.aws.poller import Answered, Failed, Limits
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause

MakeEndpoint = Callable[[str], Endpoint]


def asked_since(cloud: Cloud, moment: float) -> int:
    return [request.action for request in cloud.requests(moment)].count("ReceiveMessage")


def struck(cloud: Cloud, fault: Fault, since: float) -> None:
    wait_until(lambda: fault in [request.fault for request in cloud.requests(since)], 5, "the fault to strike")


def strike_the_poll(cloud: Cloud, fault: Fault) -> None:
    """Let a fault strike the poll that waits."""
    begin = time.monotonic()
    cloud.inject(fault, "ReceiveMessage")
    struck(cloud, fault, begin)


def test_a_poll_is_left_and_asked_anew_at_once(cloud: Cloud, watch: Watch, brief_inbox: Inbox) -> None:
    watch.poller.start()
    assert watch.next_event() == Answered("acme")
    waits_in_a_poll(cloud)
    begin = time.monotonic()
    watch.poller.renew()
    assert watch.next_event() == Answered("acme")
    assert time.monotonic() - begin < 1
    waits_in_a_poll(cloud)
    brief_inbox.send_raw("afterwards")
    wait_until(lambda: watch.sink.bodies == ["afterwards"], 5, "it to be committed")
    assert watch.connects == 1
    assert next_failure(watch.events) is None


def test_a_connection_that_is_dead_is_not_used_again(cloud: Cloud, watch: Watch) -> None:
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    strike_the_poll(cloud, Fault.BLACK_HOLE)
    begin = time.monotonic()
    watch.poller.renew()
    watch.next_answer()
    assert time.monotonic() - begin < 1
    assert next_failure(watch.events) is None


def test_a_message_that_was_on_its_way_when_the_poll_was_left_comes_again(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    begin = time.monotonic()
    cloud.inject(Fault.DRIP, "ReceiveMessage")
    brief_inbox.send_raw("on its way")
    struck(cloud, Fault.DRIP, begin)
    watch.poller.renew()
    wait_until(lambda: is_empty(brief_inbox), 10, "the queue to be empty")
    assert watch.sink.bodies == ["on its way"]
    assert next_failure(watch.events) is None


def test_it_ends_the_pause_after_a_failure(cloud: Cloud, watch: Watch, patience: None) -> None:
    cloud.refuse()
    watch.poller.start()
    watch.next_failure()
    cloud.accept()
    watch.poller.renew()
    assert watch.events.get(timeout=2) == Answered("acme")


def test_failures_are_counted_anew(cloud: Cloud, watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    cloud.refuse()
    watch.poller.start()
    for _ in range(2):
        watch.next_failure()
    watch.poller.renew()
    watch.next_failure()
    told = [record.message for record in caplog.records if "in a row" in record.message]
    assert [text.rpartition("failure ")[2] for text in told] == ["1 in a row", "2 in a row", "1 in a row"]


def test_a_network_that_is_not_there_yet_is_a_failure_like_any_other(cloud: Cloud, watch: Watch) -> None:
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    cloud.refuse()
    watch.poller.renew()
    assert watch.next_failure().cause in (Cause.NO_NETWORK, Cause.NO_ANSWER)
    cloud.accept()
    watch.next_answer()


def test_asked_for_many_times_it_is_done_once_more_at_the_most(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint, patience: None
) -> None:
    watch = Watch(endpoint_at(cloud.endpoint_url), brief_inbox, Limits(first=1.0))
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    strike_the_poll(cloud, Fault.HANG)
    begin = time.monotonic()
    cloud.inject(Fault.HANG, "ReceiveMessage")
    watch.poller.renew()
    wait_until(lambda: asked_since(cloud, begin) == 1, 5, "the first question")
    for _ in range(20):
        watch.poller.renew()
    assert watch.next_failure().cause is Cause.NO_ANSWER  # the first question has its own, short time
    watch.next_answer()
    waits_in_a_poll(cloud)
    # The first question, the one for all twenty, and the poll that waits now.
    assert asked_since(cloud, begin) == 3
    watch.end()


def test_a_network_that_changes_all_the_time_does_not_keep_messages_from_coming(
    cloud: Cloud, watch: Watch, brief_inbox: Inbox
) -> None:
    calm = threading.Event()

    def change() -> None:
        while not calm.wait(0.001):
            watch.poller.renew()

    changing = threading.Thread(target=change)
    watch.poller.start()
    changing.start()
    sent = {f"body {number}" for number in range(30)}
    for body in sent:
        brief_inbox.send_raw(body)
    try:
        wait_until(lambda: set(watch.sink.bodies) == sent, 20, "all to be committed")
    finally:
        calm.set()
        changing.join()
    wait_until(lambda: is_empty(brief_inbox), 20, "the queue to be empty")


def test_it_does_no_harm_before_the_start_nor_after_the_end(cloud: Cloud, watch: Watch) -> None:
    watch.poller.renew()
    watch.poller.start()
    watch.next_answer()
    watch.end()
    watch.poller.renew()
    assert watch.poller.join(0)


def test_what_is_being_written_is_deleted_over_new_connections(cloud: Cloud, watch: Watch, inbox: Inbox) -> None:
    watch.queue._url = inbox.queue_url  # whose messages do not come back by themselves
    inbox.send_raw("in work")
    watch.sink.before = watch.poller.renew
    watch.poller.start()
    wait_until(lambda: is_empty(inbox), 5, "the queue to be empty")
    assert watch.queue.opened == 2
    assert watch.sink.bodies == ["in work"]
    assert next_failure(watch.events) is None


def test_a_delete_that_was_left_is_done_anew(cloud: Cloud, watch: Watch, inbox: Inbox) -> None:
    watch.queue._url = inbox.queue_url  # same
    cloud.inject(Fault.HANG, "DeleteMessageBatch")
    inbox.send_raw("once")
    begin = time.monotonic()
    watch.poller.start()
    struck(cloud, Fault.HANG, begin)
    watch.poller.renew()
    wait_until(lambda: is_empty(inbox), 5, "the queue to be empty")
    assert watch.sink.bodies == ["once"]
    assert next_failure(watch.events) is None


# ---- sleep that nobody told of


class Nap:
    """Sleep of the computer, as the clocks tell it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        monkeypatch.setattr(poller, "asleep", lambda: self.seconds)


def test_a_poll_that_failed_over_a_nap_is_asked_anew_without_a_word(
    cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch, patience: None
) -> None:
    nap = Nap(monkeypatch)
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    nap.seconds += 3600
    cloud.inject(Fault.DROP, "ReceiveMessage")
    assert watch.events.get(timeout=2) == Answered("acme")


def test_a_refusal_is_told_whatever_the_computer_did_meanwhile(
    cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch, patience: None
) -> None:
    nap = Nap(monkeypatch)
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    nap.seconds += 3600
    cloud.inject(Fault.UNKNOWN_KEY, "ReceiveMessage")
    assert watch.events.get(timeout=2) == Failed(
        "acme", Cause.KEY_REVOKED, "UnrecognizedClientException: The security token included in the request is invalid."
    )


def test_an_answer_that_may_be_as_old_as_the_nap_is_not_taken_for_one_of_now(
    cloud: Cloud, brief_inbox: Inbox, endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    nap = Nap(monkeypatch)
    monkeypatch.setattr(poller, "LONG_POLL_SECONDS", 1)
    watch = Watch(endpoint_at(cloud.endpoint_url), brief_inbox)
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    nap.seconds += 3600
    watch.next_answer()
    watch.end()
    assert watch.steps == ["receive", "answered", "receive", "receive", "answered"]


def test_short_naps_and_none_at_all_change_nothing(
    cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch, patience: None
) -> None:
    nap = Nap(monkeypatch)
    watch.poller.start()
    watch.next_answer()
    waits_in_a_poll(cloud)
    nap.seconds += 1
    cloud.inject(Fault.DROP, "ReceiveMessage")
    assert watch.next_failure().cause is Cause.NO_ANSWER
    with pytest.raises(Empty):
        watch.events.get(timeout=0.3)
