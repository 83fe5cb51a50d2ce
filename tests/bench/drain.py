"""Emptying a queue that filled up while the laptop was shut.

trayapp's own poller, intake and store on one side: every message is read, judged, and on disk (``synchronous=FULL``, so
that each batch waits for the disk) before it leaves the queue. On the other a bare boto3 loop, which receives ten,
deletes ten and looks at nothing. Both get the same bodies in the same order, each time in a new queue, in a new process
of their own; loading the interpreter and its modules is not counted, making the client is. They alternate, and who goes
first alternates too; one small run of each comes before, to warm up what can be warmed.

Wall time is for the greater part the emulator's, whose CPU time is told beside it, and would at AWS be the network's.
CPU time is each side's own, so its ratio is the harder one.
"""

import json
import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.backlog import backlog
from bench.bare import REGION
from bench.figures import median
from bench.machine import Noise, noise
from desktop_bench.cloud import Cloud
from desktop_bench.errors import BenchError
from desktop_bench.processes import Supervisor

_WARM_UP = 50
_SECONDS = 300.0
_BATCH = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One emptying of the queue.

    Attributes:
        seconds: Wall time.
        cpu_seconds: The client's CPU time, of all its threads.
        emulator_cpu_seconds: The emulator's, meanwhile.
    """

    seconds: float
    cpu_seconds: float
    emulator_cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Drain:
    """What was measured.

    Attributes:
        messages: How many lay in the queue.
        body_bytes: The mean size of a body.
        trayapp: Its runs, in order.
        bare: The other's; those of the same place went one after the other.
        ratio_seconds: Of wall time, ours by theirs: the median of the pairs' ratios.
        ratio_cpu: Same of CPU time.
        messages_per_second: The median of ours.
        noise: How busy the machine was.
    """

    messages: int
    body_bytes: int
    trayapp: list[Run]
    bare: list[Run]
    ratio_seconds: float
    ratio_cpu: float
    messages_per_second: float
    noise: Noise


def measure(root: Path, messages: int, pairs: int) -> Drain:
    """Measure.

    Args:
        root: A folder of its own, on a disk such as a home directory would be on.
        messages: How many lie in the queue.
        pairs: How often each side empties it.
    """
    bodies = backlog(messages)
    ours: list[Run] = []
    theirs: list[Run] = []
    with noise() as noted, Cloud(root / "cloud", REGION) as cloud:
        drainer = _Drainer(cloud, root)
        drainer.trayapp(bodies[:_WARM_UP])
        drainer.bare(bodies[:_WARM_UP])
        for number in range(pairs):
            sides = ((drainer.bare, theirs), (drainer.trayapp, ours))
            for empty, runs in sides if number % 2 == 0 else reversed(sides):
                runs.append(empty(bodies))
    couples = list(zip(ours, theirs, strict=True))
    return Drain(
        messages=messages,
        body_bytes=sum(map(len, bodies)) // messages,
        trayapp=ours,
        bare=theirs,
        ratio_seconds=median([one.seconds / other.seconds for one, other in couples]),
        ratio_cpu=median([one.cpu_seconds / other.cpu_seconds for one, other in couples]),
        messages_per_second=messages / median([one.seconds for one in ours]),
        noise=noted,
    )


class _Drainer:
    def __init__(self, cloud: Cloud, root: Path) -> None:
        self._cloud, self._root = cloud, root
        self._emulator = psutil.Process(cloud.process.pid)

    def trayapp(self, bodies: Sequence[str]) -> Run:
        """Let ours empty a queue of these."""
        queue_url = self._fill(bodies)
        store = self._root / f"{secrets.token_hex(4)}.sqlite3"
        return self._run("bench.own", self._cloud.endpoint_url, queue_url, str(len(bodies)), str(store))

    def bare(self, bodies: Sequence[str]) -> Run:
        """Let the bare loop empty a queue of these."""
        queue_url = self._fill(bodies)
        return self._run("bench.bare", "drain", self._cloud.endpoint_url, queue_url, str(len(bodies)))

    def _fill(self, bodies: Sequence[str]) -> str:
        sqs = self._cloud.sqs
        queue_url = sqs.create_queue(QueueName=f"backlog-{secrets.token_hex(4)}")["QueueUrl"]
        for first in range(0, len(bodies), _BATCH):
            batch = bodies[first : first + _BATCH]
            sqs.send_message_batch(
                QueueUrl=queue_url,
                Entries=[{"Id": str(index), "MessageBody": body} for index, body in enumerate(batch)],
            )
        return queue_url

    def _run(self, module: str, *arguments: str) -> Run:
        env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "HOME": str(self._root),
        }
        logs = self._root / "log"
        logs.mkdir(exist_ok=True)
        supervisor = Supervisor(secrets.token_hex(8), logs)
        before = _cpu_seconds(self._emulator)
        try:
            process = supervisor.start([sys.executable, "-P", "-m", module, *arguments], env, name=module)
            if process.wait(_SECONDS):
                raise BenchError(process.tail())
        finally:
            supervisor.stop_all()
        taken = json.loads(process.stdout())
        return Run(taken["seconds"], taken["cpu_seconds"], _cpu_seconds(self._emulator) - before)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
