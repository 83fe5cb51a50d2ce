"""The patrol comes by every hour, at once when it is told to, and soon again when it was not answered."""

import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue

import pytest

from aws.servers import SilentServer
from trayapp.aws import patrol as patrol_module
from trayapp.aws.checks import Expected, Rounds, Stopped
from trayapp.aws.patrol import HOUR, LONGEST_PAUSE, Patrol, Patrolled, pause_after
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome

PASSED = (Checked(Check.IDENTITY, Outcome.PASSED),)
SILENT = (Checked(Check.IDENTITY, Outcome.UNANSWERED, cause=Cause.UNCHECKED),)


class Script:
    """Rounds that go as they are told.

    Attributes:
        outcomes: What the next rounds give, or raise; then all pass.
        again: As that of the real ones.
        begun: Released at the beginning of each round.
        hold: Cleared, it keeps rounds from ending.
    """

    def __init__(self) -> None:
        self.outcomes: list[tuple[Checked, ...] | Exception] = []
        self.again: float | None = None
        self.begun = threading.Semaphore(0)
        self.hold = threading.Event()
        self.hold.set()
        self._closed = False

    def run(self) -> tuple[Checked, ...]:
        self.begun.release()
        assert self.hold.wait(10)
        if self._closed:
            raise Stopped
        outcome = self.outcomes.pop(0) if self.outcomes else PASSED
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self) -> None:
        self._closed = True
        self.hold.set()


class Bench:
    """A patrol at work, with all that it tells."""

    def __init__(self, every: float = HOUR) -> None:
        self.script = Script()
        self._events: SimpleQueue[Patrolled] = SimpleQueue()
        self.patrol = Patrol("acme", self.script, self._events.put, every)
        self.patrol.start()

    def told(self, timeout: float = 10) -> tuple[Checked, ...]:
        event = self._events.get(timeout=timeout)
        assert event.account == "acme"
        return event.checks

    def silent(self, seconds: float = 0.2) -> bool:
        try:
            self._events.get(timeout=seconds)
        except Empty:
            return True
        return False

    def stop(self) -> None:
        self.patrol.stop()
        assert self.patrol.join(5)


@pytest.fixture
def benches() -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(every: float = HOUR) -> Bench:
        made.append(Bench(every))
        return made[-1]

    yield make
    for bench in made:
        bench.stop()


def test_nothing_is_asked_before_it_is_told_to_look(benches: Callable[..., Bench]) -> None:
    bench = benches(every=0.01)

    assert bench.silent()


def test_it_looks_when_it_is_told_to_and_tells(benches: Callable[..., Bench]) -> None:
    bench = benches()
    bench.patrol.look()

    assert bench.told() == PASSED
    assert bench.silent()


def test_it_comes_again_by_itself(benches: Callable[..., Bench]) -> None:
    bench = benches(every=0.01)
    bench.patrol.look()

    assert [bench.told() for _ in range(3)] == [PASSED] * 3


def test_what_it_is_told_while_it_looks_makes_one_more_round(benches: Callable[..., Bench]) -> None:
    bench = benches()
    bench.script.hold.clear()
    bench.patrol.look()
    assert bench.script.begun.acquire(timeout=10)
    for _ in range(5):
        bench.patrol.look()
    bench.script.hold.set()

    assert [bench.told(), bench.told()] == [PASSED, PASSED]
    assert bench.silent()


def test_after_a_round_without_an_answer_it_comes_again_soon_until_there_is_one(
    benches: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patrol_module, "_FIRST_PAUSE", 0.01)
    bench = benches()
    bench.script.outcomes = [SILENT, SILENT]
    bench.patrol.look()

    assert [bench.told() for _ in range(3)] == [SILENT, SILENT, PASSED]
    assert bench.silent()


def test_a_failure_is_no_silence_and_waits_for_the_next_turn(benches: Callable[..., Bench]) -> None:
    bench = benches()
    failed = (Checked(Check.RECORDER, Outcome.FAILED, cause=Cause.RECORDER_OFF),)
    bench.script.outcomes = [failed]
    bench.patrol.look()

    assert bench.told() == failed
    assert bench.silent()


def test_the_rounds_can_ask_for_another_one_before_its_turn(benches: Callable[..., Bench]) -> None:
    bench = benches()
    bench.script.again = 0.01
    bench.patrol.look()

    assert [bench.told() for _ in range(3)] == [PASSED] * 3


def test_a_fault_of_ours_is_told_as_no_answer_and_does_not_end_it(
    benches: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    bench = benches()
    bench.script.outcomes = [KeyError("what")]
    bench.patrol.look()

    (checked,) = bench.told()
    assert (checked.outcome, checked.cause, checked.detail) == (Outcome.UNANSWERED, Cause.UNCHECKED, "KeyError")
    bench.patrol.look()
    assert bench.told() == PASSED
    assert "a round of checks failed" in caplog.text


def test_what_is_wrong_stands_in_the_log(benches: Callable[..., Bench], caplog: pytest.LogCaptureFixture) -> None:
    bench = benches()
    bench.script.outcomes = [
        (Checked(Check.RECORDER, Outcome.FAILED, "eu-west-1", Cause.RECORDER_OFF, "it is stopped", "and why"),)
    ]
    bench.patrol.look()
    bench.told()

    assert "acme: recorder failed eu-west-1 it is stopped and why" in caplog.text


@pytest.mark.parametrize("looked", [False, True])
def test_it_stops_at_once_while_it_waits(*, looked: bool) -> None:
    bench = Bench()
    if looked:
        bench.patrol.look()
        bench.told()
    began = time.monotonic()

    bench.patrol.stop()

    assert bench.patrol.join(5)
    assert time.monotonic() - began < 0.5


def test_it_stops_at_once_while_a_question_waits_for_its_answer(endpoint_at: Callable[[str], Endpoint]) -> None:
    events: SimpleQueue[Patrolled] = SimpleQueue()
    with SilentServer() as server:
        url = f"http://{server.address}"
        rounds = Rounds(lambda: endpoint_at(url), Expected(f"{url}/1/alerts", "eu-west-1"))
        patrol = Patrol("acme", rounds, events.put)
        patrol.start()
        patrol.look()
        assert server.heard.acquire(timeout=10)
        began = time.monotonic()

        patrol.stop()

        assert patrol.join(5)
        assert time.monotonic() - began < 0.5
    assert events.empty()


def test_the_pauses_grow_from_seconds_to_minutes_with_jitter() -> None:
    ceilings = [5, 10, 20, 40, 80, 160, LONGEST_PAUSE, LONGEST_PAUSE]
    for rounds, ceiling in enumerate(ceilings, 1):
        pauses = {pause_after(rounds) for _ in range(50)}
        assert len(pauses) > 1
        assert all(ceiling / 2 <= pause <= ceiling for pause in pauses)
    assert pause_after(10_000) <= LONGEST_PAUSE
