"""The program's worker in a process of its own, which kills itself at a chosen step, as a power cut would.

What runs is the real poller with the real queue and the real store; only what is passed to their constructors is
wrapped.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path

from trayapp.aws.poller import Poller
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.intake import Intake

ACCOUNT = "acme"
RECEIVING = "receiving"
"""What the driver says when it asks for messages for the first time."""


class Step(Enum):
    """Where in a batch's life the process dies. The values are what the driver says just before."""

    RECEIVED = "received, not committed"
    COMMITTING = "somewhere in the commit"
    COMMITTED = "committed, not told"
    TOLD = "told, not deleted"
    DELETING = "somewhere in the delete"
    HALF_DELETED = "half deleted"
    DELETED = "deleted"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Job:
    """What a driver does.

    Attributes:
        endpoint: Where the queue is.
        queue_url: The queue.
        store: The store's file.
        step: Where it dies.
        batch: In which of its batches that has messages, from 1.
    """

    endpoint: Endpoint
    queue_url: str
    store: Path
    step: Step = Step.NEVER
    batch: int = 1


class Fate:
    """Knows when to die."""

    def __init__(self, job: Job, parent: "Connection[str, None]") -> None:
        self._job, self._parent = job, parent
        self._batch = 0
        self._said_receiving = False

    def receiving(self) -> None:
        if not self._said_receiving:
            self._said_receiving = True
            self._parent.send(RECEIVING)

    def received(self) -> None:
        self._batch += 1

    def due(self, step: Step) -> bool:
        return self._job.step is step and self._job.batch == self._batch

    def at(self, step: Step) -> None:
        """Die here if it is time."""
        if self.due(step):
            self._die(step)

    def soon_after(self, step: Step, seconds: float) -> None:
        """Die within some seconds from here if it is time, whatever is going on then."""
        if self.due(step):
            threading.Thread(target=self._die_within, args=(step, seconds), daemon=True).start()

    def _die_within(self, step: Step, seconds: float) -> None:
        time.sleep(random.uniform(0, seconds))
        self._die(step)

    def _die(self, step: Step) -> None:
        self._parent.send(step.value)
        os.kill(os.getpid(), signal.SIGKILL)


class MortalQueue(SqsQueue):
    """The real queue, in a process that may die."""

    def __init__(self, job: Job, fate: Fate) -> None:
        super().__init__(job.endpoint, job.queue_url)
        self._fate = fate

    def receive(self, wait_seconds: int = 20) -> list[Message]:
        self._fate.receiving()
        messages = super().receive(wait_seconds)
        if messages:
            self._fate.received()
        return messages

    def delete(self, messages: Sequence[Message]) -> list[str]:
        self._fate.at(Step.TOLD)
        if self._fate.due(Step.HALF_DELETED):
            super().delete(messages[: (len(messages) + 1) // 2])
            self._fate.at(Step.HALF_DELETED)
        self._fate.soon_after(Step.DELETING, 0.01)
        refused = super().delete(messages)
        self._fate.at(Step.DELETED)
        return refused


class MortalIntake(Intake):
    """The real way to the disk, in a process that may die."""

    def __init__(self, job: Job, fate: Fate) -> None:
        super().__init__(ACCOUNT, job.store, lambda _: fate.at(Step.COMMITTED), lambda: datetime.now(UTC))
        self._fate = fate

    def commit(self, bodies: Sequence[str]) -> None:
        self._fate.at(Step.RECEIVED)
        self._fate.soon_after(Step.COMMITTING, 0.005)
        super().commit(bodies)


def drive(job: Job, parent: "Connection[str, None]") -> None:
    """Work until killed, by itself or from outside."""
    for variable in [name for name in os.environ if name.upper().endswith("_PROXY")]:
        del os.environ[variable]
    fate = Fate(job, parent)
    poller = Poller(ACCOUNT, lambda: MortalQueue(job, fate), MortalIntake(job, fate), lambda _: None)
    poller.start()
    threading.Event().wait()
