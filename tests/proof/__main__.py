"""The command line: ``python -m proof``."""

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from desktop_bench.errors import BenchError, MissingPartError
from proof import fuzz as fuzzing
from proof import soak as soaking
from proof import table
from proof.bed import Bed, save
from proof.cases import CASES
from proof.targets import TARGETS

# On a disk by the Filesystem Hierarchy Standard, where /tmp may be memory.
_ON_DISK = Path("/var/tmp")


@click.group(context_settings={"show_default": True})
def proof() -> None:
    """Measure what trayapp promises."""


@proof.command()
@click.argument("names", nargs=-1)
@click.option("--seconds", type=click.FloatRange(0), default=90.0, help="How long each fault is held once shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def faults(*, names: tuple[str, ...], seconds: float, as_json: bool) -> None:
    """Make the faults NAMES for real, or every one, and save the table as build/faults.md."""
    rows, broken = [], False
    with _bed() as bed, table.running(bed, names or tuple(CASES), seconds) as under_way:
        for name, row in under_way.rows.items():
            click.echo(f"{name} …", err=True)
            try:
                rows.append(row.result())
            except BenchError as error:
                broken = True
                click.echo(f"  {error}", err=True)
                continue
            for complaint in rows[-1].complaints():
                click.echo(f"  {complaint}", err=True)
    record, text = table.record(rows, seconds), table.markdown(rows, seconds)
    save("faults", text, record)
    click.echo(json.dumps(record, indent=2) if as_json else text)
    if broken or any(row.complaints() for row in rows):
        raise click.exceptions.Exit(1)


@proof.command()
@click.option("--seconds", type=click.FloatRange(1), default=3600.0, help="How long there is traffic.")
@click.option("--seed", type=int, help="Makes the same traffic and faults again; drawn where not given.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def soak(*, seconds: float, seed: int | None, as_json: bool) -> None:
    """Send messages with faults at random, count what came of them, and save that as build/soak.md."""
    drawn = secrets.randbelow(2**32) if seed is None else seed
    click.echo(f"seed {drawn}", err=True)
    with _bed() as bed:
        soaked = soaking.soak(bed, seconds, drawn)
    record, text = soaking.record(soaked), soaking.markdown(soaked)
    save("soak", text, record)
    click.echo(json.dumps(record, indent=2) if as_json else text)
    if soaked.complaints():
        raise click.exceptions.Exit(1)


@proof.command()
@click.argument("names", nargs=-1, type=click.Choice(list(TARGETS)))
@click.option("--seconds", type=click.IntRange(1), default=600, help="How long each target is fuzzed.")
@click.option("--seed", type=click.IntRange(1), help="Decides what is made up; drawn where not given.")
@click.option(
    "--corpus", type=click.Path(path_type=Path), help="Inputs to go on from, kept and added to, a folder each target."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fuzz(*, names: tuple[str, ...], seconds: int, seed: int | None, corpus: Path | None, as_json: bool) -> None:
    """Fuzz the targets NAMES, or every one, and save what came of it as build/fuzz.md."""
    drawn = seed or 1 + secrets.randbelow(2**31)
    click.echo(f"seed {drawn}", err=True)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as root:
        try:
            results = [
                fuzzing.fuzz(name, Path(root), seconds, drawn, corpus / name if corpus else None)
                for name in names or TARGETS
            ]
        except MissingPartError as error:
            raise click.ClickException(str(error)) from None
    record, text = {"seed": drawn, "targets": [asdict(one) for one in results]}, fuzzing.markdown(results)
    save("fuzz", text, record)
    click.echo(json.dumps(record, indent=2) if as_json else text)
    if any(one.crash for one in results):
        raise click.exceptions.Exit(1)


@contextmanager
def _bed() -> Iterator[Bed]:
    # A short name: the sockets in it have room for about a hundred characters.
    with (
        tempfile.TemporaryDirectory(prefix="proof-", dir=_ON_DISK, ignore_cleanup_errors=True) as root,
        Bed(Path(root)) as bed,
    ):
        yield bed


if __name__ == "__main__":
    proof()
