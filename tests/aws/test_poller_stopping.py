"""A poller waits no longer than it is asked to, ends at once, and works as well with the real way to the disk."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from aws.watching import Watch, is_empty, waits_in_a_poll
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.faults import Fault
from desktop_bench.messages import iam_user_created
from desktop_bench.waiting import wait_until
from trayapp.aws.poller import LONGEST_PAUSE, Answered, Failed, Poller, pause_after
from trayapp.aws.queue import SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.events import Committed
from trayapp.intake import Intake
from trayapp.store import Store

AT_ONCE = 0.3
"""Seconds within which a poller that was stopped has ended."""


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
    assert failure.cause is Cause.STORE_DAMAGED
    assert not is_empty(brief_inbox)
    path.rmdir()
    poller.retry()
    wait_until(lambda: is_empty(brief_inbox), 5, "the queue to be empty")
    with Store(path) as store:
        assert [incident.main.subject.name for incident in store.incidents()] == ["eve"]
    poller.stop()
    assert poller.join(5)
