"""``packaging/dev bench`` measures from end to end; what it finds is nobody's business here."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROUNDS = 1


def bench(*options: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-P", "-m", "bench", *options],
        env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_latency_is_measured_on_the_same_queue_and_of_the_same_publish() -> None:
    latency: dict[str, Any] = json.loads(bench("--json", "--only", "latency", "--rounds", str(ROUNDS)))["latency"]

    for way in ("by_turns", "at_once"):
        for who in ("trayapp", "bare"):
            assert latency[way][who]["samples"] == ROUNDS
            assert latency[way][who]["p50"] > 0
        assert latency[way]["ratio_p50"] == latency[way]["trayapp"]["p50"] / latency[way]["bare"]["p50"]
    assert latency["at_once"]["difference"]["samples"] == ROUNDS


def test_draining_is_told_as_a_table_with_ratios() -> None:
    table = bench("--only", "drain", "--messages", "20").splitlines()

    assert any(line.endswith("ratio") for line in table)
    for title in ("wall time", "CPU time"):
        (row,) = (line for line in table if line.strip().startswith(title))
        ours, theirs, ratio = (float(word) for word in row.split()[-3:])
        assert ours >= 0
        assert theirs >= 0
        assert ratio > 0


def test_idling_is_measured_and_says_so_where_nagstamon_is_missing() -> None:
    idle: dict[str, Any] = json.loads(bench("--json", "--only", "idle", "--seconds", "1"))["idle"]

    assert idle["trayapp"]["pss_kib"] >= idle["trayapp"]["uss_kib"] > 0
    assert (idle["nagstamon"] is None) == bool(idle["missing"])
    if idle["nagstamon"]:
        assert idle["ratio_pss"] == idle["trayapp"]["pss_kib"] / idle["nagstamon"]["pss_kib"]


def test_judging_is_measured_beside_json_and_in_stores_of_separate_and_of_joined_findings() -> None:
    judge: dict[str, Any] = json.loads(bench("--json", "--only", "judge", "--findings", "1000"))["judge"]

    assert judge["findings"] > 0
    assert judge["trayapp_seconds"] > judge["json_seconds"] > 0
    apart, together = judge["growth"]["apart"], judge["growth"]["together"]
    assert [(filled["findings"], filled["incidents"]) for filled in apart] == [(10, 10), (100, 100), (1000, 1000)]
    assert (together["findings"], together["incidents"]) == (10, 1)
    assert all(filled["commit_seconds"]["samples"] == judge["growth"]["batches"] for filled in (*apart, together))
