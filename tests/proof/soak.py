"""Steady traffic for as long as wanted, with faults at random, and then the counting."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from random import Random

import psutil

from bench.usage import read
from desktop_bench.errors import WaitTimeoutError
from proof.bed import Bed
from proof.subject import Subject, slowly_until
from proof.traffic import Traffic, Weather
from trayapp.store import Store

_PER_SECOND = 2.0
_BURST = 25
_SAMPLE_SECONDS = 2.0
_REVIEW_SECONDS = 15.0
_SETTLE_SECONDS = 180.0
_USED = ("pss_kib", "uss_kib", "threads", "descriptors")
_WARM_UP_SECONDS = 900.0
"""For so long SQLite's caches (half a mebibyte a connection), the heaps of the threads and Python's pools fill up."""
_FLAT = {"uss_kib": 1024, "threads": 2, "descriptors": 4}
"""How much more of each the last quarter of a soak may use than the one before, and be called flat."""
_WARMING_UP = _FLAT | {"uss_kib": 8 * 1024}
"""Same of a soak whose second half begins during the warm-up: only that nothing runs away can be told of it."""
_TOGETHER = re.compile(r"^\d\d:\d\d  (?:While you were away: )?(\d+) happenings", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sample:
    """How much the program used at one moment.

    Attributes:
        at: Seconds since the beginning.
        pss_kib: Its memory, shared pages shared out.
        uss_kib: Its memory, without shared pages.
        threads: Its threads.
        descriptors: Its open files.
    """

    at: float
    pss_kib: int
    uss_kib: int
    threads: int
    descriptors: int


@dataclass(frozen=True, slots=True)
class Soaked:
    """What came of it.

    Attributes:
        seed: Makes the same traffic and the same faults again.
        seconds: How long there was traffic.
        messages: How many messages were sent.
        happenings: How many different ones of those have to be alerts.
        faults: How often each fault was made.
        lost: How many happenings are not in the store, or were never told.
        doubled: How many are in it, or were told, more than once.
        unreadable: How many messages were sent that cannot be read.
        quarantined: How many are kept aside for that.
        told_alone: How many notifications told of one happening.
        told_together: How many happenings were told in notifications of several.
        settled_seconds: From the end of the traffic until all was told and the queue empty; ``None`` if it never was.
        samples: What the program used meanwhile.
    """

    seed: int
    seconds: float
    messages: int
    happenings: int
    faults: dict[str, int]
    lost: int
    doubled: int
    unreadable: int
    quarantined: int
    told_alone: int
    told_together: int
    settled_seconds: float | None
    samples: list[Sample] = field(repr=False)

    def growth(self, what: str) -> float:
        """Give how much more of something was used in the last quarter than in the one before, by their medians."""
        values = [getattr(sample, what) for sample in self.samples]
        quarter = max(1, len(values) // 4)
        return _median(values[-quarter:]) - _median(values[-2 * quarter : -quarter])

    def complaints(self) -> list[str]:
        """Give what must not be, in words; nothing where all is well."""
        bounds = _FLAT if self.seconds / 2 >= _WARM_UP_SECONDS else _WARMING_UP
        return [
            *([f"{self.lost} lost"] if self.lost else []),
            *([f"{self.doubled} doubled"] if self.doubled else []),
            *(
                [f"{self.unreadable} could not be read, {self.quarantined} kept aside"]
                if self.unreadable != self.quarantined
                else []
            ),
            *(["never settled"] if self.settled_seconds is None else []),
            *(
                f"{what}: {self.growth(what):+,.0f} from the third quarter to the last, at most {most:,} is flat"
                for what, most in bounds.items()
                if self.growth(what) > most
            ),
        ]

    def slope(self, what: str) -> float:
        """Give by how much the use of something grew per minute over the second half, by least squares."""
        half = self.samples[len(self.samples) // 2 :]
        times = [sample.at / 60 for sample in half]
        values = [float(getattr(sample, what)) for sample in half]
        mean_time, mean_value = sum(times) / len(times), sum(values) / len(values)
        spread = sum((moment - mean_time) ** 2 for moment in times)
        rise = sum((moment - mean_time) * (value - mean_value) for moment, value in zip(times, values, strict=True))
        return rise / spread if spread else 0.0


def soak(bed: Bed, seconds: float, seed: int) -> Soaked:
    """Soak a program.

    Args:
        bed: Where it lives.
        seconds: How long there is traffic.
        seed: Decides what is sent and what goes wrong.
    """
    random = Random(seed)
    with Subject(bed, "soak") as subject:
        traffic, weather = Traffic(subject, random), Weather(subject, random)
        samples = _under_way(subject, traffic, weather, random, seconds)
        weather.clear_up()
        began = time.monotonic()
        settled = _settle(subject, traffic)
        return _counted(
            subject, traffic, weather, samples, seed, seconds, time.monotonic() - began if settled else None
        )


def record(soaked: Soaked) -> dict[str, object]:
    """Give everything that was measured as plain values."""
    return asdict(soaked) | {
        "slopes_per_minute": {what: soaked.slope(what) for what in _USED},
        "complaints": soaked.complaints(),
    }


def markdown(soaked: Soaked) -> str:
    """Write what was measured."""
    settled = "never" if soaked.settled_seconds is None else f"{soaked.settled_seconds:.1f} s"
    lines = [
        "# Soaked",
        "",
        f"{soaked.seconds:g} s of traffic, seed {soaked.seed}.",
        "",
        "| | |",
        "|---|--:|",
        f"| messages sent | {soaked.messages:,} |",
        f"| happenings among them | {soaked.happenings:,} |",
        f"| faults made | {sum(soaked.faults.values()):,} |",
        f"| lost | {soaked.lost} |",
        f"| doubled | {soaked.doubled} |",
        f"| could not be read, sent and kept aside | {soaked.unreadable}, {soaked.quarantined} |",
        f"| told alone, and together | {soaked.told_alone:,}, {soaked.told_together:,} |",
        f"| all settled after | {settled} |",
        "",
        "| used | at the end | from the third quarter to the last | slope over the second half, per minute |",
        "|---|--:|--:|--:|",
        *(
            f"| {what} | {getattr(soaked.samples[-1], what):,}"
            f" | {soaked.growth(what):+,.0f} | {soaked.slope(what):+.2f} |"
            for what in _USED
        ),
        "",
        "; ".join(soaked.complaints()) or "Nothing lost, nothing doubled, and what it uses is flat.",
        "",
        "Faults: " + ", ".join(f"{name} {count}" for name, count in sorted(soaked.faults.items())) + ".",
        "",
    ]
    return "\n".join(lines)


def _under_way(subject: Subject, traffic: Traffic, weather: Weather, random: Random, seconds: float) -> list[Sample]:
    began = time.monotonic()
    sent, sampled, reviewed = began, began, began
    samples = [_sample(subject, 0.0)]
    while (now := time.monotonic()) < began + seconds:
        if now >= sent:
            for _ in range(_BURST if random.random() < 0.005 else 1):
                traffic.send()
            sent = now + random.expovariate(_PER_SECOND)
        weather.pass_by()
        if now >= sampled + _SAMPLE_SECONDS:
            sampled = now
            samples.append(_sample(subject, now - began))
        if now >= reviewed + _REVIEW_SECONDS:
            reviewed = now
            _review(subject)
        time.sleep(0.02)
    return samples


def _sample(subject: Subject, at: float) -> Sample:
    used, process = read(subject.process.pid), psutil.Process(subject.process.pid)
    return Sample(at, used.pss_kib, used.uss_kib, len(used.switches), process.num_fds())


def _review(subject: Subject) -> None:
    """Review what was told, as ``trayapp review`` does; what was not told yet is to be told."""
    with Store(subject.store_path) as store:
        store.review([incident.id for incident in store.to_review() if incident.shown], datetime.now(UTC))
    subject.ask(ask="changed")


def _settle(subject: Subject, traffic: Traffic) -> bool:
    def settled() -> bool:
        depth = subject.inbox.depth()
        if depth.visible or depth.in_flight:
            return False
        with Store(subject.store_path) as store:
            incidents = store.incidents()
        found = {finding.subject.name or finding.subject.id for one in incidents for finding in one.findings}
        return traffic.users <= found and all(one.shown for one in incidents)

    try:
        slowly_until(settled, _SETTLE_SECONDS, "everything to be told")
    except WaitTimeoutError:
        return False
    return True


def _counted(
    subject: Subject,
    traffic: Traffic,
    weather: Weather,
    samples: Sequence[Sample],
    seed: int,
    seconds: float,
    settled: float | None,
) -> Soaked:
    with Store(subject.store_path) as store:
        incidents, quarantined = store.incidents(), store.quarantined()
    kept = Counter(finding.fingerprint for one in incidents for finding in one.findings)
    subjects = Counter(
        key
        for one in incidents
        for finding in one.findings
        for key in {finding.subject.name, finding.subject.id}
        if key in traffic.users | traffic.instances
    )
    shown = {
        key
        for one in incidents
        if one.shown
        for finding in one.findings
        for key in (finding.subject.name, finding.subject.id)
    }
    lines = subject.told()
    # What no line of its own tells of is told together with others, or it is told nowhere.
    untold = sum(not lines[user] for user in traffic.users)
    together = sum(int(count) for count in _TOGETHER.findall(subject.process.stdout()))
    wanted = traffic.users | traffic.instances
    return Soaked(
        seed=seed,
        seconds=seconds,
        messages=traffic.messages,
        happenings=len(wanted),
        faults=dict(weather.faults),
        lost=sum(not subjects[key] or key not in shown for key in wanted) + max(0, untold - together),
        doubled=sum(subjects[key] > 1 or lines[key] > 1 for key in wanted) + sum(n > 1 for n in kept.values()),
        unreadable=traffic.unreadable,
        quarantined=quarantined,
        told_alone=sum(lines.values()),
        told_together=together,
        settled_seconds=settled,
        samples=list(samples),
    )


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
