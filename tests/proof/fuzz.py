"""Fuzzing every target for a fixed time each, and what came of it."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_bench.errors import MissingPartError
from proof.targets import TARGETS

_LONGEST = 65536
"""Bytes: enough for every structure, few enough for thousands of executions a second."""

_GRACE_SECONDS = 60.0
_SLOWEST_SECONDS = 5
"""An input that takes longer is a finding as well."""

_LAST_COVERAGE = re.compile(rb"^#\d+\s.* cov: (\d+) ft: (\d+) corp: (\d+)/", re.MULTILINE)
_EXECUTED = re.compile(rb"stat::number_of_executed_units: (\d+)")
_DONE = re.compile(rb"^#(\d+)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of one target.

    Attributes:
        target: Its name.
        seconds: For how long.
        executions: How many inputs it took.
        edges: How many branches of the program were reached.
        edges_of_seeds: How many of those by the valid inputs alone.
        corpus: How many inputs are kept because each reaches something of its own.
        crash: The end of what was said at a crash; empty without one.
        input: The input that crashed it, empty without one.
    """

    target: str
    seconds: float
    executions: int
    edges: int
    edges_of_seeds: int
    corpus: int
    crash: str
    input: str


def available() -> bool:
    """Tell whether the tool is installed."""
    return importlib.util.find_spec("atheris") is not None


def fuzz(name: str, root: Path, seconds: int, seed: int, kept: Path | None = None) -> Fuzzed:
    """Fuzz one target.

    Args:
        name: The target.
        root: A folder of its own.
        seconds: For how long.
        seed: Makes it the same again, as far as the machine's speed lets it be.
        kept: A folder of inputs from earlier, to go on from and to add to; ``None`` to begin with the valid ones alone.

    Raises:
        MissingPartError: Atheris is not installed.
    """
    if not available():
        raise MissingPartError("Atheris is not installed (pip install atheris; Linux and macOS only)")
    target = TARGETS[name]
    corpus, seeds = kept or root / f"{name}-corpus", root / f"{name}-seeds"
    for folder in (corpus, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(target.seeds):
        (seeds / f"{number:03}").write_bytes(data)
    words = root / f"{name}.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words), encoding="ascii")
    limits = (f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={_LONGEST}", f"-timeout={_SLOWEST_SECONDS}")
    options = [*limits, f"-dict={words}", f"-artifact_prefix={root}/{name}-", "-print_final_stats=1"]
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "proof.fuzz_worker", name, str(root), *options, str(corpus), str(seeds)],
        env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        timeout=seconds + _GRACE_SECONDS,
        check=False,
    )
    said = finished.stderr + finished.stdout
    reached = _LAST_COVERAGE.findall(said)
    crashed = next(iter(sorted(root.glob(f"{name}-*-*"))), None) if finished.returncode else None
    return Fuzzed(
        target=name,
        seconds=seconds,
        executions=max((int(count) for count in (*_EXECUTED.findall(said), *_DONE.findall(said))), default=0),
        edges=int(reached[-1][0]) if reached else 0,
        edges_of_seeds=int(reached[0][0]) if reached else 0,
        corpus=int(reached[-1][2]) if reached else 0,
        crash=said[-4000:].decode("utf-8", "replace") if finished.returncode else "",
        input=repr(crashed.read_bytes()) if crashed is not None and crashed.is_file() else "",
    )


def markdown(results: Sequence[Fuzzed]) -> str:
    """Write the table."""
    lines = [
        "# Fuzzed",
        "",
        "| target | seconds | executions | branches reached | of these by what is valid | inputs kept | crashes |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {one.target} | {one.seconds:g} | {one.executions:,} | {one.edges:,} | {one.edges_of_seeds:,} "
        f"| {one.corpus:,} | {int(bool(one.crash))} |"
        for one in results
    ]
    lines += [f"\n{one.target} crashed with {one.input}\n\n```\n{one.crash}\n```" for one in results if one.crash]
    return "\n".join([*lines, ""])


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word)
