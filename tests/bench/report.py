"""The figures as a table for people."""

from collections.abc import Iterator

from bench.drain import Drain
from bench.figures import Spread, median
from bench.growth import Filled, Growth
from bench.idle import Idle, Rest
from bench.judge import Judge
from bench.latency import Comparison, Latency
from bench.machine import Machine, Noise

_COLUMNS = "{:<34}{:>14}{:>14}{:>10}"

_STORE_COLUMNS = "{:<34}{:>14}{:>14}{:>14}"


def machine_lines(machine: Machine) -> Iterator[str]:
    """Tell what everything was measured on."""
    yield f"{machine.processor}, {machine.cores} cores, {machine.memory_mib} MiB"
    yield f"{machine.system}; Python {machine.python}"


def latency_lines(latency: Latency) -> Iterator[str]:
    """Tell the latency."""
    yield from _head("latency, ms: SNS publish to Notify, beside the same to boto3's return", "trayapp", "bare boto3")
    for title, both in (("same queue, by turns", latency.by_turns), ("same publish, at once", latency.at_once)):
        yield from _comparison(title, both)
    yield _noise(latency.noise)


def drain_lines(drain: Drain) -> Iterator[str]:
    """Tell how a full queue is emptied."""
    yield from _head(
        f"drain: {drain.messages} messages of {drain.body_bytes} bytes; medians of {len(drain.trayapp)} pairs",
        *("trayapp", "bare boto3"),
    )
    for title, field, ratio in (
        ("wall time, s", "seconds", drain.ratio_seconds),
        ("CPU time, s", "cpu_seconds", drain.ratio_cpu),
        ("(the emulator's CPU time, s)", "emulator_cpu_seconds", None),
    ):
        ours, theirs = (median([getattr(run, field) for run in runs]) for runs in (drain.trayapp, drain.bare))
        yield _row(title, f"{ours:.2f}", f"{theirs:.2f}", ratio)
    yield _row("messages per second", f"{drain.messages_per_second:.0f}", "", None)
    yield _noise(drain.noise)


def judge_lines(judge: Judge) -> Iterator[str]:
    """Tell what reading, judging and keeping costs."""
    yield from _head(
        f"judge: {judge.bodies} bodies of {judge.body_bytes} bytes; medians of {judge.pairs} pairs",
        *("trayapp", "json.loads"),
    )
    ours, theirs = judge.trayapp_seconds, judge.json_seconds
    yield _row("CPU time of a body, µs", f"{ours * 1e6:.1f}", f"{theirs * 1e6:.1f}", judge.ratio)
    yield _row("bodies per second and core", f"{judge.bodies_per_second:.0f}", f"{1 / theirs:.0f}", None)
    yield from _growth_lines(judge.growth)
    yield _noise(judge.noise)


def idle_lines(idle: Idle) -> Iterator[str]:
    """Tell what rest costs."""
    yield from _head(f"idle for {idle.seconds:.0f} s", "trayapp", "Nagstamon")
    for title, field, unit, digits, ratio in (
        ("memory, PSS, MiB", "pss_kib", 1024, 1, idle.ratio_pss),
        ("memory, USS, MiB", "uss_kib", 1024, 1, idle.ratio_uss),
        ("CPU time, ms per minute", "cpu_seconds_per_minute", 1 / 1000, 1, idle.ratio_cpu),
        ("wake-ups per minute", "wake_ups_per_minute", 1, 0, idle.ratio_wake_ups),
        ("threads", "threads", 1, 0, None),
    ):
        ours, theirs = (_use(rest, field, unit, digits) for rest in (idle.trayapp, idle.nagstamon))
        yield _row(title, ours, theirs, ratio)
    if idle.missing:
        yield f"  Nothing to compare with: {idle.missing}"
    yield _noise(idle.noise)


def _growth_lines(growth: Growth) -> Iterator[str]:
    yield ""
    yield f"store: commits of {growth.batch} new findings, ms; medians of {growth.batches}"
    yield _STORE_COLUMNS.format("  open findings", "commit", "its CPU time", "to_review")
    for filled in growth.apart:
        yield _store_row(f"{filled.findings}, apart", filled)
    yield _store_row(f"{growth.together.findings}, in one incident", growth.together)
    most, least = growth.apart[-1].findings, growth.apart[0].findings
    for title, *ratios in (
        (f"ratio, {most} to {least}", growth.ratio_commit, growth.ratio_commit_cpu),
        ("ratio, in one incident to apart", growth.ratio_together, growth.ratio_together_cpu),
    ):
        yield _STORE_COLUMNS.format(f"  {title}", *(f"{ratio:.2f}" for ratio in ratios), "").rstrip()


def _store_row(title: str, filled: Filled) -> str:
    seconds = (filled.commit_seconds.p50, filled.commit_cpu_seconds.p50, filled.to_review_seconds)
    return _STORE_COLUMNS.format(f"  {title}", *(f"{one * 1000:.2f}" for one in seconds))


def _comparison(title: str, both: Comparison) -> Iterator[str]:
    yield f"  {title} ({_samples(both.trayapp, both.bare)})"
    yield _row("  p50", f"{both.trayapp.p50:.1f}", f"{both.bare.p50:.1f}", both.ratio_p50)
    yield _row("  p95", f"{both.trayapp.p95:.1f}", f"{both.bare.p95:.1f}", both.ratio_p95)
    how = "of each publish" if both.difference else "of the percentiles"
    yield f"    difference, {how}: p50 {both.difference_p50:+.1f}, p95 {both.difference_p95:+.1f}"


def _samples(ours: Spread, theirs: Spread) -> str:
    return f"{ours.samples} and {theirs.samples} samples"


def _use(rest: Rest | None, field: str, unit: float, digits: int) -> str:
    return f"{getattr(rest, field) / unit:.{digits}f}" if rest else "-"


def _head(title: str, ours: str, theirs: str) -> Iterator[str]:
    yield ""
    yield title
    yield _COLUMNS.format("", ours, theirs, "ratio")


def _row(title: str, ours: str, theirs: str, ratio: float | None) -> str:
    return _COLUMNS.format(f"  {title}", ours, theirs, f"{ratio:.2f}" if ratio is not None else "").rstrip()


def _noise(noise: Noise) -> str:
    return (
        f"  took {noise.seconds:.0f} s; load average {noise.load_before:.2f} before, {noise.load_after:.2f} after; "
        f"cores busy {noise.busy:.0%}, stolen {noise.stolen:.1%}"
    )
