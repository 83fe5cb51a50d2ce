"""What it costs to keep findings when many are there already, none of them reviewed.

Stores with a hundred times as many open findings as others, each an incident of its own, and one whose findings all
hang together in a single incident, are given the same batches in turns: ten messages with a new finding each, which is
what one receive brings at most. A commit waits for the disk (``synchronous=FULL``), and that part of its time is the
disk's and much the same every time; so its CPU time stands beside it, and is the harder figure.

Reading everything that is to be reviewed has to grow with it. It stands apart for that reason.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path

from bench.figures import Spread, median, spread
from trayapp.core.facts import IAM_USER
from trayapp.core.finding import Finding
from trayapp.core.judged import Judged
from trayapp.store import Store

_BATCH = 10
_BATCHES = 50
_READINGS = 3
_AT_ONCE = 10_000
"""How many findings a store is filled with in one transaction."""

_WATCH = "bench"
_KIND = "event:AWS API Call via CloudTrail"


@dataclass(frozen=True, slots=True)
class Filled:
    """A store with much in it.

    Attributes:
        findings: How many open findings were there before the first batch.
        incidents: How many incidents they made.
        commit_seconds: Wall time of committing a batch.
        commit_cpu_seconds: Its CPU time.
        to_review_seconds: CPU time of reading all incidents to review, after the last batch: the median.
    """

    findings: int
    incidents: int
    commit_seconds: Spread
    commit_cpu_seconds: Spread
    to_review_seconds: float


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured.

    Attributes:
        batch: How many findings are committed at once.
        batches: How often.
        apart: Stores where each finding is an incident, by size.
        together: The store with one incident; it has as many findings as the first of the others.
        ratio_commit: The median wall time of a commit, the fullest store by the emptiest.
        ratio_commit_cpu: Same of CPU time.
        ratio_together: Wall time, findings in one incident by as many of them apart.
        ratio_together_cpu: Same of CPU time.
    """

    batch: int
    batches: int
    apart: list[Filled]
    together: Filled
    ratio_commit: float
    ratio_commit_cpu: float
    ratio_together: float
    ratio_together_cpu: float


def grow(root: Path, template: Finding, received: datetime, findings: int) -> Growth:
    """Measure.

    Args:
        root: Where the stores are made.
        template: What every finding is like; it has links of the kinds ``event`` and ``key``.
        received: When all are received, aware.
        findings: How many lie in the fullest store; a tenth and a hundredth lie in the others.
    """
    sizes = [findings // 100, findings // 10, findings]
    key = next(link for link in template.links if link.startswith("key:"))
    apart = [_Filling(root / f"apart-{size}.sqlite3", _apart(template, received), received, size) for size in sizes]
    together = _Filling(root / "together.sqlite3", _together(template, received, key), received, sizes[0])
    fillings = [*apart, together]
    for _ in range(_BATCHES):
        for filling in fillings:
            filling.commit()
    for _ in range(_READINGS):
        for filling in fillings:
            filling.read()
    several, one = [filling.close() for filling in apart], together.close()
    return Growth(
        batch=_BATCH,
        batches=_BATCHES,
        apart=several,
        together=one,
        ratio_commit=several[-1].commit_seconds.p50 / several[0].commit_seconds.p50,
        ratio_commit_cpu=several[-1].commit_cpu_seconds.p50 / several[0].commit_cpu_seconds.p50,
        ratio_together=one.commit_seconds.p50 / several[0].commit_seconds.p50,
        ratio_together_cpu=one.commit_cpu_seconds.p50 / several[0].commit_cpu_seconds.p50,
    )


class _Filling:
    """A store that is filled and then measured."""

    def __init__(self, path: Path, findings: Iterator[Finding], received: datetime, size: int) -> None:
        self._store, self._findings, self._received, self._size = Store(path), findings, received, size
        for first in range(0, size, _AT_ONCE):
            self._store.commit(_WATCH, self._messages(min(_AT_ONCE, size - first)), received)
        self._incidents = len(self._store.to_review())
        self._wall: list[float] = []
        self._cpu: list[float] = []
        self._reading: list[float] = []

    def commit(self) -> None:
        """Commit one more batch."""
        messages = self._messages(_BATCH)
        wall, cpu = time.perf_counter(), time.thread_time()
        self._store.commit(_WATCH, messages, self._received)
        self._cpu.append(time.thread_time() - cpu)
        self._wall.append(time.perf_counter() - wall)

    def read(self) -> None:
        """Read all there is to review."""
        cpu = time.thread_time()
        self._store.to_review()
        self._reading.append(time.thread_time() - cpu)

    def close(self) -> Filled:
        """Close the store and give what was measured."""
        self._store.close()
        return Filled(self._size, self._incidents, spread(self._wall), spread(self._cpu), median(self._reading))

    def _messages(self, number: int) -> list[Judged]:
        return [
            Judged(_KIND, findings=(finding,), seen=((finding.account_id, f"type:{IAM_USER}"),))
            for finding in islice(self._findings, number)
        ]


def _apart(template: Finding, began: datetime) -> Iterator[Finding]:
    """Make findings that have nothing in common: each a second later, about another user, by another key."""
    for number in count(1):
        yield _another(template, began, number, f"key:AKIABENCH{number:011}")


def _together(template: Finding, began: datetime, key: str) -> Iterator[Finding]:
    """Make findings of one key at work, each a second later, so that all of them are one incident."""
    for number in count(1):
        yield _another(template, began, number, key)


def _another(template: Finding, began: datetime, number: int, key: str) -> Finding:
    user = f"AIDABENCH{number:012}"
    return replace(
        template,
        subject=replace(template.subject, id=user, name=f"user{number}"),
        fingerprint=f"{template.signal}:{template.account_id}:{user}",
        links=frozenset({f"event:{number:036}", key, f"thing:{IAM_USER}:{user}", f"thing:{IAM_USER}:user{number}"}),
        happened=began + timedelta(seconds=number),
    )
