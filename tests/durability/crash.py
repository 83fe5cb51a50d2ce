"""``kill -9`` at any instant: a process that takes batches from a queue, and the parent that kills it.

In the process run the store, what is shown from it, and what decides that, each in the thread that it has in the
program. The queue and the desktop are the parent's: what it has heard before the process died is what the outside
world knows. A message is acknowledged when the process asks to delete it. The clock of each process is another.

It does not show what a power cut does: the system's own memory survives the process. ``power`` is about that.
"""

import contextlib
import multiprocessing
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from signal import SIGKILL
from typing import Any, TypeAlias

from builders import NOW
from durability.happenings import fingerprints, message
from trayapp.core.severity import Severity
from trayapp.store import Store
from trayapp.store.ledger import Ledger
from trayapp.store.overflow import Overflow

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["durability.crash", "pytest"])

Pipe: TypeAlias = "Connection[Any, Any]"
"""What goes through are words with what belongs to them."""

ROUNDS_OF_A_FILE = 60
LONGEST_LIFE = 0.08
"""Seconds that a process lives at most after it has begun."""

_DEADLINE = 60.0


@dataclass
class Figures:
    """What came out.

    Attributes:
        rounds: Processes that were killed.
        delivered: Messages that were handed out, copies included.
        acknowledged: Different messages that were deleted from the queue.
        lost: Findings and unreadable messages that were acknowledged and are not on disk.
        doubled: Findings that are on disk twice.
        unshown: Incidents that nobody was shown, after the last start.
        wrongly_shown: Incidents that are down as shown and were not.
        rung_again: Incidents that were shown with nothing in them that had not been told as heavily before: what was
            on screen when its process was killed, and not yet down as shown.
        rung_twice: The same within the life of one process.
        damaged: Rounds after which the file was not whole.
    """

    rounds: int = 0
    delivered: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    unshown: int = 0
    wrongly_shown: int = 0
    rung_again: int = 0
    rung_twice: int = 0
    damaged: int = 0


@dataclass
class _World:
    """What outlives a process: the queue, and what was on screen."""

    random: Random
    figures: Figures = field(default_factory=Figures)
    waiting: set[int] = field(default_factory=set)
    in_flight: set[int] = field(default_factory=set)
    acknowledged: set[int] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)
    told_now: dict[str, int] = field(default_factory=dict)
    deleted_now: int = 0

    def receive(self) -> list[int]:
        """Give up to ten messages; some come although they are in flight, some twice at once."""
        pool = sorted(self.waiting | {each for each in self.in_flight if self.random.random() < 0.1})
        batch = self.random.sample(pool, min(len(pool), self.random.randint(1, 10)))
        self.in_flight.update(batch)
        self.waiting.difference_update(batch)
        batch += self.random.choices(batch, k=self.random.randint(0, 2)) if batch else []
        self.figures.delivered += len(batch)
        return batch

    def delete(self, batch: list[int]) -> None:
        self.acknowledged.update(batch)
        self.in_flight.difference_update(batch)
        self.deleted_now += 1

    def show(self, shown: list[tuple[int, list[str]]]) -> None:
        for severity, parts in shown:
            if all(self.told_now.get(part, 0) >= severity for part in parts):
                self.figures.rung_twice += 1
            elif all(self.told.get(part, 0) >= severity for part in parts):
                self.figures.rung_again += 1
            for told in (self.told, self.told_now):
                told.update({part: max(severity, told.get(part, 0)) for part in parts})

    def died(self) -> None:
        self.waiting |= self.in_flight
        self.in_flight.clear()
        self.told_now.clear()
        self.deleted_now = 0


def run(folder: Path, rounds: int, seed: int) -> Figures:
    """Kill so many processes, and after every sixty let one live until there is nothing to do, and count.

    Args:
        folder: An empty folder; the files in it begin anew every sixty rounds, so that reading them stays quick.
        rounds: How many processes are killed.
        seed: Decides everything but the instants themselves.
    """
    random = Random(seed)
    sums = Counter[str]()
    for first in range(0, rounds, ROUNDS_OF_A_FILE):
        path = folder / f"{first}.sqlite3"
        sums.update(asdict(_run_on(path, min(ROUNDS_OF_A_FILE, rounds - first), random)))
    return Figures(**sums)


def _run_on(path: Path, rounds: int, random: Random) -> Figures:
    world = _World(random)
    sent = 0
    for _ in range(rounds):
        fresh = random.randint(5, 40)
        world.waiting.update(range(sent, sent + fresh))
        sent += fresh
        _live(path, world, random.uniform(0, LONGEST_LIFE))
        world.figures.rounds += 1
        if random.random() < 0.5:  # else the next process finds the file as the killed one has left it
            _check(path, world)
    _live(path, world, None)
    _check(path, world)
    with Store(path) as store:
        world.figures.unshown = sum(each.unspoken for each in store.to_review())
    world.figures.acknowledged = len(world.acknowledged)
    return world.figures


def _live(path: Path, world: _World, seconds: float | None) -> None:
    """Let a process live for some time from its first word on, or, with ``None``, until all is done."""
    queue, their_queue = PROCESSES.Pipe()
    desk, their_desk = PROCESSES.Pipe()
    jump = timedelta(days=world.random.choice([0, 0, 0, -1, 365]))
    process = PROCESSES.Process(target=_work, args=(path, jump, their_queue, their_desk), daemon=True)
    process.start()
    their_queue.close()
    their_desk.close()
    if not desk.poll(_DEADLINE):
        raise TimeoutError("a process did not begin")
    end = time.monotonic() + (_DEADLINE if seconds is None else seconds)
    empty = settled = False
    while (left := end - time.monotonic()) > 0 and not settled:
        ready = wait([queue, desk], left)
        for pipe in (each for each in (queue, desk) if each in ready):
            word, *rest = pipe.recv()
            if word == "receive":
                batch = world.receive()
                empty = not batch
                queue.send(batch)
            elif word == "delete":
                world.delete(*rest)
                queue.send(None)
            elif word == "show":
                world.show(*rest)
                desk.send(None)
            elif word == "quiet":
                settled = seconds is None and empty and rest == [world.deleted_now]
    if seconds is None and not settled:
        raise TimeoutError("the queue was not emptied")
    process.kill()
    process.join()
    if process.exitcode != -SIGKILL:
        raise RuntimeError(f"a process ended by itself: {process.exitcode}")
    _hear_the_rest(queue, desk, world)
    world.died()


def _hear_the_rest(queue: Pipe, desk: Pipe, world: _World) -> None:
    """Take what the process had still said: those words had left it."""
    for pipe in (queue, desk):
        with pipe, contextlib.suppress(EOFError, ConnectionResetError):
            while pipe.poll():
                word, *rest = pipe.recv()
                if word == "delete":
                    world.delete(*rest)
                elif word == "show":
                    world.show(*rest)


def _work(path: Path, jump: timedelta, queue: Pipe, desk: Pipe) -> None:
    """Do what the program does, until killed."""
    overflow, news = Overflow(), _News()
    threading.Thread(target=_take, args=(path, jump, queue, news), daemon=True).start()
    ledger = Ledger(path, overflow, lambda: NOW + jump)
    desk.send(("begun",))
    asked: dict[int, Severity] = {}
    while True:
        committed = news.wait()
        shown = {
            each.id: each
            for each in ledger.to_review()
            if each.unspoken and asked.get(each.id, Severity.LOW) < each.severity
        }
        if not shown:
            desk.send(("quiet", committed))
            continue
        desk.send(
            ("show", [(each.severity.value, [part.fingerprint for part in each.parts]) for each in shown.values()])
        )
        desk.recv()
        ledger.mark_all_shown({number: each.severity for number, each in shown.items()}, NOW + jump)
        asked.update({number: each.severity for number, each in shown.items()})
        reviewed = ledger.review([number for number in shown if number % 3 == 0], NOW + jump)
        asked = {number: severity for number, severity in asked.items() if number not in reviewed}
        news.tell(0)


class _News:
    """Wakes who shows, and counts what was committed."""

    def __init__(self) -> None:
        self._woken = threading.Semaphore(1)  # what was never shown is shown at the start
        self._committed = 0

    def tell(self, committed: int) -> None:
        self._committed += committed
        self._woken.release()

    def wait(self) -> int:
        self._woken.acquire()
        return self._committed


def _take(path: Path, jump: timedelta, queue: Pipe, news: _News) -> None:
    with Store(path) as store:
        while True:
            queue.send(("receive",))
            batch = queue.recv()
            if not batch:
                news.tell(0)
                time.sleep(0.02)
                continue
            store.commit("work", map(message, batch), NOW + jump)
            news.tell(1)
            queue.send(("delete", sorted(set(batch))))
            queue.recv()


def _check(path: Path, world: _World) -> None:
    """Hold what is on disk against what the outside world knows."""
    figures = world.figures
    with Store(path) as store:
        connection = store._connection
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        figures.damaged += verdict != "ok"
        rows = connection.execute("SELECT fingerprint, lane FROM finding").fetchall()
        found = Counter((row["fingerprint"], row["lane"]) for row in rows)
        figures.doubled += sum(count - 1 for count in found.values())
        there = {fingerprint for fingerprint, _ in found}
        bodies = {row["body"] for row in connection.execute("SELECT body FROM quarantine")}
        for number in world.acknowledged:
            figures.lost += len(fingerprints(number) - there)
            kept = message(number)
            figures.lost += bool(kept.unreadable) and kept.body not in bodies
        shown = connection.execute(
            "SELECT id, (SELECT group_concat(fingerprint, ' ') FROM finding WHERE incident = incident.id) AS parts"
            " FROM incident WHERE shown IS NOT NULL"
        )
        figures.wrongly_shown += sum(
            not any(part in world.told for part in (row["parts"] or "").split(" ")) for row in shown
        )
