"""Every fault at once, and the table of what was measured."""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from bench.machine import machine
from proof.bed import Bed
from proof.cases import CASES
from proof.faults import Row, drive

AT_ONCE = 6
"""Programs that run at the same time: they mostly wait."""


@dataclass(frozen=True, slots=True)
class Running:
    """Faults under way.

    Attributes:
        rows: What will have been measured, by the fault's name.
    """

    rows: dict[str, Future[Row]]


@contextmanager
def running(bed: Bed, names: Iterable[str], hold_seconds: float) -> Iterator[Running]:
    """Drive programs through faults, several at once; those that take longest begin.

    Args:
        bed: Where they live.
        names: Of the faults.
        hold_seconds: How long each fault goes on after it was shown.
    """
    cases = sorted((CASES[name] for name in names), key=lambda case: -case.after - case.shown_within)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fault") as pool:
        try:
            yield Running({case.name: pool.submit(drive, bed, case, hold_seconds) for case in cases})
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def record(rows: Iterable[Row], hold_seconds: float) -> dict[str, object]:
    """Give everything that was measured as plain values."""
    return {
        "machine": asdict(machine()),
        "hold_seconds": hold_seconds,
        "faults": [asdict(row) | {"complaints": row.complaints()} for row in rows],
    }


def markdown(rows: Iterable[Row], hold_seconds: float) -> str:
    """Write the table."""
    rows = list(rows)
    here = machine()
    total = sum(row.published for row in rows)
    lines = [
        "# Faults, measured",
        "",
        (
            f"{len(rows)} faults made for real between trayapp and an emulated AWS, each in a program of its own, "
            f"{AT_ONCE} at a time, each held for {hold_seconds:g} s after it was shown. {here.processor}, {here.cores} "
            f"cores, {here.system}, Python {here.python}."
        ),
        "",
        (
            f"Alerts published: {total}, lost: {sum(row.lost for row in rows)}, "
            f"doubled: {sum(row.doubled for row in rows)}."
        ),
        "",
        (
            "| fault | what happens | shown as | after | at most | healed after | at most | told aloud | alerts "
            "| lost | doubled |"
        ),
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(_line(row) for row in rows),
        "",
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    stays = row.healed_bound is None
    cells = [
        *(row.fault, row.what, ", ".join(row.seen) or "nothing", _seconds(row.shown_seconds), f"{row.shown_bound:g} s"),
        *(("stays said", "") if stays else (_seconds(row.healed_seconds), f"{row.healed_bound:g} s")),
        *(str(count) for count in (row.notifications, row.published, row.lost, row.doubled)),
    ]
    return f"| {' | '.join(cells)} |"


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f} s"
