"""What is made of single measurements."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are distributed.

    Attributes:
        samples: How many there are.
        p50: The median.
        p95: The value that 95 of a hundred do not exceed.
        least: The smallest.
        most: The largest.
    """

    samples: int
    p50: float
    p95: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Describe values, at least one."""
    return Spread(len(values), percentile(values, 50), percentile(values, 95), min(values), max(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """Give a percentile, interpolated linearly between its two neighbours."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(values)


def ratio(ours: float, theirs: float) -> float | None:
    """Divide; ``None`` where there is nothing to divide by."""
    return ours / theirs if theirs else None
