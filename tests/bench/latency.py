"""From publishing to a notification.

Measured is what the owner waits for: from the moment before ``sns:Publish`` is called to the call of ``Notify`` on the
session bus, as a monitor of that bus hears it, with ``trayapp run`` signed in on a real desktop. Beside it stands the
least that any program can take: a loop of ``receive_message`` alone, in a process of its own, whose clock stops when
the call returns.

It is measured in two ways, since each is honest about something else:

- **by turns**: the two listen to the very same queue, one at a time, in blocks that alternate (ours, theirs, theirs,
  ours, ...). Each has the machine and every message to itself, as in life. This gives the two distributions.
- **at once**: both listen at the same time, each to its own queue of one topic, so that both hear the very same
  publish. (Two on one queue would take the messages from each other.) This gives the difference publish by publish; it
  also makes them compete for cores and emulator, to the disadvantage of both.

Rounds start at random moments, when a long poll is under way; the first ones after each start are left out. Each
publish is an incident of its own; they are reviewed every few rounds, since nobody leaves hundreds of them lying.
"""

import random
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.bare import REGION
from bench.figures import Spread, ratio, spread
from bench.listeners import Bare, Listener, Trayapp, second_queue
from bench.machine import Noise, noise
from bench.program import run_command, sign_in
from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.messages import iam_user_created
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until

BLOCK = 25
WARM_UP = 2
REVIEW_EVERY = 10
_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two distributions of milliseconds.

    Attributes:
        trayapp: To ``Notify``.
        bare: To the return of ``receive_message``.
        difference: Ours less theirs of each publish, where both heard the same.
        difference_p50: Its median; where there is none, the difference of the medians.
        difference_p95: Same of the 95th percentile.
        ratio_p50: Ours by theirs.
        ratio_p95: Same.
    """

    trayapp: Spread
    bare: Spread
    difference: Spread | None
    difference_p50: float
    difference_p95: float
    ratio_p50: float | None
    ratio_p95: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """What was measured.

    Attributes:
        by_turns: On the very same queue.
        at_once: The very same publish.
        noise: How busy the machine was.
    """

    by_turns: Comparison
    at_once: Comparison
    noise: Noise


def measure(root: Path, rounds: int) -> Latency:
    """Measure.

    Args:
        root: A folder of its own.
        rounds: How often for each listener in each of the two ways.
    """
    with noise() as noted, Cloud(root / "cloud", REGION) as cloud, Desktop(root / "desk") as desktop:
        inbox = cloud.inbox()
        sign_in(desktop, cloud, inbox)
        stage = _Stage(desktop, cloud, inbox)
        by_turns = stage.by_turns(rounds)
        at_once = stage.at_once(rounds)
    return Latency(by_turns, at_once, noted)


class _Stage:
    def __init__(self, desktop: Desktop, cloud: Cloud, inbox: Inbox) -> None:
        self._desktop, self._cloud, self._inbox = desktop, cloud, inbox
        self._numbers = count(1)

    def by_turns(self, rounds: int) -> Comparison:
        """Measure them one after the other on one queue."""
        ours, theirs = Trayapp(self._desktop), self._bare(self._inbox.queue_url)
        taken: dict[Listener, list[float]] = {ours: [], theirs: []}
        for number, size in enumerate(_blocks(rounds)):
            for listener in (ours, theirs) if number % 2 == 0 else (theirs, ours):
                taken[listener] += [seconds for (seconds,) in self._rounds([listener], size)]
        return _compare(taken[ours], taken[theirs], None)

    def at_once(self, rounds: int) -> Comparison:
        """Measure them side by side on two queues of one topic."""
        ours, theirs = Trayapp(self._desktop), self._bare(second_queue(self._cloud, self._inbox))
        taken: list[Sequence[float]] = []
        for size in _blocks(rounds):
            taken += self._rounds([ours, theirs], size)
        return _compare([one for one, _ in taken], [other for _, other in taken], [one - other for one, other in taken])

    def _bare(self, queue_url: str) -> Bare:
        return Bare(self._desktop, self._cloud.endpoint_url, queue_url)

    def _rounds(self, listeners: Sequence[Listener], size: int) -> list[Sequence[float]]:
        """Give the seconds that each listener took, round by round."""
        taken = []
        with ExitStack() as listening:
            for listener in listeners:
                listening.enter_context(listener)
            for number in range(-WARM_UP, size):
                if number % REVIEW_EVERY == 0:
                    run_command(self._desktop, "review", "--all")
                seconds = self._round(listeners)
                if number >= 0:
                    taken.append(seconds)
        # Whoever comes next must not lose a message to a poll that is still open.
        self._await_polls([])
        return taken

    def _round(self, listeners: Sequence[Listener]) -> Sequence[float]:
        name = f"bench-user-{next(self._numbers)}"
        message = iam_user_created(name)
        # By a call of its own, or users made within minutes would be one incident, which grows without a sound.
        message.item["relatedEvents"] = [str(uuid.uuid4())]
        self._await_polls(listeners)
        time.sleep(random.uniform(0.1, 0.3))
        published = time.monotonic()
        self._inbox.publish(message)
        return [self._arrival(listener, name) - published for listener in listeners]

    @staticmethod
    def _arrival(listener: Listener, name: str) -> float:
        return wait_until(lambda: listener.arrived(name), _WAIT_SECONDS, f"{name} to arrive")

    def _await_polls(self, listeners: Sequence[Listener]) -> None:
        """Wait until so many long polls are under way as there are listeners."""

        def all_wait() -> bool:
            for listener in listeners:
                listener.check()
            return self._cloud.polls_waiting() == len(listeners)

        wait_until(all_wait, _WAIT_SECONDS, f"{len(listeners)} long polls to be under way")


def _blocks(rounds: int) -> Iterator[int]:
    while rounds > 0:
        yield min(rounds, BLOCK)
        rounds -= BLOCK


def _compare(ours: Sequence[float], theirs: Sequence[float], differences: Sequence[float] | None) -> Comparison:
    us, them = _milliseconds(ours), _milliseconds(theirs)
    both = _milliseconds(differences) if differences else None
    return Comparison(
        trayapp=us,
        bare=them,
        difference=both,
        difference_p50=both.p50 if both else us.p50 - them.p50,
        difference_p95=both.p95 if both else us.p95 - them.p95,
        ratio_p50=ratio(us.p50, them.p50),
        ratio_p95=ratio(us.p95, them.p95),
    )


def _milliseconds(seconds: Sequence[float]) -> Spread:
    return spread([one * 1000 for one in seconds])
