"""Understanding what a queue holds, and keeping what is found, without a queue, a network or a desktop.

On one side ``inbox.judge``, from the text of a body to its findings; on the other ``json.loads`` of the same text and,
where it is an envelope, of the message inside it, which is the least that any reader of the queue has to do. Bodies are
those of the demo: AWS Config's notifications in the envelope of SNS, and CloudTrail's records as EventBridge hands them
on. Both run in turns in one thread, and its CPU time is what counts.

What is found is then committed to stores in which much lies already: see ``bench.growth``.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.envelope import enveloped
from bench.figures import median
from bench.growth import Growth, grow
from bench.machine import Noise, noise
from trayapp.core.finding import Finding, Lane
from trayapp.core.signals import Known
from trayapp.demo.messages import Notification
from trayapp.demo.scenarios import SCENARIOS
from trayapp.inbox import judge

_PAIRS = 100
_WARM_UP = 3
_TEMPLATE = "iam-user-new"
"""A signal that is no step of a takeover, for which the store would look beyond the incident."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What was measured.

    Attributes:
        bodies: How many different ones there are.
        body_bytes: Their mean size.
        findings: How many findings they give.
        pairs: How often each side went through all of them.
        trayapp_seconds: The CPU time of ours for one body: the median.
        json_seconds: That of ``json.loads``.
        ratio: Ours by theirs: the median of the pairs' ratios.
        bodies_per_second: What ours reads and judges on one core.
        growth: What a commit costs when much is there already.
        noise: How busy the machine was.
    """

    bodies: int
    body_bytes: int
    findings: int
    pairs: int
    trayapp_seconds: float
    json_seconds: float
    ratio: float
    bodies_per_second: float
    growth: Growth
    noise: Noise


def measure(root: Path, findings: int) -> Judge:
    """Measure.

    Args:
        root: A folder of its own, on a disk such as a home directory would be on.
        findings: How many lie in the fullest store.
    """
    now = datetime.now(UTC)
    bodies = _bodies()
    found, known = _first_look(bodies, now)

    def ours() -> None:
        for body in bodies:
            judge(body, now, known)

    def theirs() -> None:
        for body in bodies:
            outer = json.loads(body)
            if "Message" in outer:
                json.loads(outer["Message"])

    with noise() as noted:
        pairs = _alternate(ours, theirs)
        template = next(one for one in found if one.lane is Lane.CLOUDTRAIL and one.signal == _TEMPLATE)
        growth = grow(root, template, now, findings)
    seconds = median([one for one, _ in pairs]) / len(bodies)
    return Judge(
        bodies=len(bodies),
        body_bytes=sum(len(body.encode()) for body in bodies) // len(bodies),
        findings=len(found),
        pairs=len(pairs),
        trayapp_seconds=seconds,
        json_seconds=median([other for _, other in pairs]) / len(bodies),
        ratio=median([one / other for one, other in pairs]),
        bodies_per_second=1 / seconds,
        growth=growth,
        noise=noted,
    )


def _bodies() -> list[str]:
    """Make what the demo would bring into the queue."""
    sent = [step.sent for scenario in SCENARIOS for step in scenario.steps()]
    return [enveloped(one.subject, one.message) if isinstance(one, Notification) else one.message for one in sent]


def _first_look(bodies: Sequence[str], now: datetime) -> tuple[list[Finding], Known]:
    """Give the findings in the bodies, and what is known of their accounts once they have been watched for long."""
    judged = [judge(body, now) for body in bodies]
    seen = {pair for one in judged for pair in one.seen}
    known = Known(
        regions=frozenset((account, what[7:]) for account, what in seen if what.startswith("region:")),
        types=frozenset((account, what[5:]) for account, what in seen if what.startswith("type:")),
        settled=frozenset(account for account, _ in seen),
    )
    return [finding for one in judged for finding in one.findings], known


def _alternate(ours: Callable[[], None], theirs: Callable[[], None]) -> list[tuple[float, float]]:
    """Run both in turns and give the CPU seconds of each pair, without the first ones."""
    return [(_cpu_seconds(ours), _cpu_seconds(theirs)) for _ in range(_WARM_UP + _PAIRS)][_WARM_UP:]


def _cpu_seconds(run: Callable[[], None]) -> float:
    began = time.thread_time()
    run()
    return time.thread_time() - began
