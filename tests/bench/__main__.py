"""The command line: ``python -m bench``."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bench import drain, idle, judge, latency, report
from bench.machine import machine
from desktop_bench.errors import BenchError

_PAIRS = 3

# On a disk by the Filesystem Hierarchy Standard, where /tmp may be memory: the store's durability has its price there.
_ON_DISK = Path("/var/tmp")


@click.command(context_settings={"show_default": True})
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--only", type=click.Choice(["latency", "drain", "judge", "idle"]), help="Measure nothing else.")
@click.option("--rounds", type=click.IntRange(1), default=100, help="Publishes for each side and way of latency.")
@click.option("--messages", type=click.IntRange(10), default=2000, help="Messages in the queue that is drained.")
@click.option(
    "--findings", type=click.IntRange(100), default=100_000, help="Open findings in the fullest store of judge."
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=60.0, help="How long idling is watched; best whole minutes."
)
def bench(*, as_json: bool, only: str | None, rounds: int, messages: int, findings: int, seconds: float) -> None:
    """Measure trayapp beside what else does the job."""
    if sys.platform != "linux":
        raise click.ClickException("The bench needs a Linux desktop's parts.")
    measurements: dict[str, tuple[Callable[[Path], Any], Callable[[Any], Iterable[str]]]] = {
        "latency": (lambda root: latency.measure(root, rounds), report.latency_lines),
        "drain": (lambda root: drain.measure(root, messages, _PAIRS), report.drain_lines),
        "judge": (lambda root: judge.measure(root, findings), report.judge_lines),
        "idle": (lambda root: idle.measure(root, seconds), report.idle_lines),
    }
    found: dict[str, Any] = {"machine": asdict(machine())}
    if not as_json:
        click.echo("\n".join(report.machine_lines(machine())))
    for name, (measure, lines) in measurements.items():
        if only in (None, name):
            result = _measured(measure)
            found[name] = asdict(result)
            if not as_json:
                click.echo("\n".join(lines(result)))
    if as_json:
        click.echo(json.dumps(found, indent=2))


def _measured(measure: Callable[[Path], Any]) -> Any:  # noqa: ANN401 - each measurement has a result of its own
    # A short name: the sockets in it have room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_ON_DISK, ignore_cleanup_errors=True) as root:
        try:
            return measure(Path(root))
        except BenchError as error:
            raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    bench()
