"""An alarm goes off when something takes too long, and costs next to nothing when it does not."""

import threading
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue

import pytest

from desktop_bench.waiting import wait_until
from trayapp.aws.alarm import Alarm


@pytest.fixture
def alarm() -> Iterator[Alarm]:
    alarm = Alarm("alarm-test")
    yield alarm
    alarm.close()
    wait_until(lambda: thread() is None, 5, "the alarm's thread to end")


def thread() -> threading.Thread | None:
    return next((each for each in threading.enumerate() if each.name == "alarm-test"), None)


def test_what_takes_too_long_is_noticed_in_time(alarm: Alarm) -> None:
    rung: SimpleQueue[float] = SimpleQueue()
    begin = time.monotonic()
    with alarm.within(0.2, lambda: rung.put(time.monotonic())):
        at = rung.get(timeout=5)
    assert 0.2 <= at - begin < 0.5


def test_it_goes_off_as_often_as_it_is_asked_to(alarm: Alarm) -> None:
    rung: SimpleQueue[None] = SimpleQueue()
    again = iter([0.05, 0.05, None])

    def ring() -> float | None:
        rung.put(None)
        return next(again)

    with alarm.within(0.05, ring):
        for _ in range(3):
            rung.get(timeout=5)
        with pytest.raises(Empty):
            rung.get(timeout=0.2)


def test_what_ends_in_time_is_left_alone(alarm: Alarm) -> None:
    rung: SimpleQueue[None] = SimpleQueue()
    for _ in range(50):
        with alarm.within(0.1, lambda: rung.put(None)):
            pass
    with pytest.raises(Empty):
        rung.get(timeout=0.3)


def test_a_shorter_time_after_a_longer_one_is_kept(alarm: Alarm) -> None:
    rung: SimpleQueue[None] = SimpleQueue()
    with alarm.within(60, lambda: rung.put(None)):
        pass
    with alarm.within(0.05, lambda: rung.put(None)):
        rung.get(timeout=5)


def test_it_is_kept_after_nothing_was_there_to_look_after(alarm: Alarm) -> None:
    rung: SimpleQueue[None] = SimpleQueue()
    for _ in range(3):
        with alarm.within(0.05, lambda: rung.put(None)):
            rung.get(timeout=5)


def test_nothing_is_noticed_after_the_end(alarm: Alarm) -> None:
    after: list[bool] = []
    over = threading.Event()
    for _ in range(200):
        over.clear()
        with alarm.within(0.001, lambda: after.append(over.is_set())):
            time.sleep(0.001)  # not a wait for anything: both happen at the same moment, and either may come first
        over.set()
    assert True not in after


def test_a_fault_in_what_is_done_does_not_end_it(alarm: Alarm, caplog: pytest.LogCaptureFixture) -> None:
    rung: SimpleQueue[None] = SimpleQueue()

    def fail() -> None:
        rung.put(None)
        raise ZeroDivisionError

    with alarm.within(0.01, fail):
        rung.get(timeout=5)
    with alarm.within(0.01, lambda: rung.put(None)):
        rung.get(timeout=5)
    assert "Traceback" in caplog.text


def test_a_thousand_requests_in_a_row_do_not_wake_it(alarm: Alarm, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float | None] = []
    real = threading.Condition.wait

    def counted(condition: threading.Condition, timeout: float | None = None) -> bool:
        if threading.current_thread() is thread():
            waits.append(timeout)
        return real(condition, timeout)

    monkeypatch.setattr(threading.Condition, "wait", counted)
    for _ in range(1000):
        with alarm.within(60, lambda: None):
            pass
    assert len(waits) <= 1
