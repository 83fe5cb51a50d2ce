"""Clocks that nobody can set."""

import sys
import time
from pathlib import Path

import pytest

from trayapp.aws import clocks
from trayapp.aws.clocks import asleep, elapsed


def test_time_goes_on() -> None:
    begin, real = elapsed(), time.monotonic()
    time.sleep(0.05)  # it is the passing of time itself that is looked at
    assert elapsed() - begin == pytest.approx(time.monotonic() - real, abs=0.02)


def test_a_computer_that_is_awake_does_not_sleep() -> None:
    before = asleep()
    time.sleep(0.05)  # same
    assert asleep() - before == pytest.approx(0, abs=0.001)


@pytest.mark.skipif(sys.platform != "linux", reason="that is where the kernel tells it")
def test_the_clock_that_runs_on_is_the_age_of_the_system() -> None:
    uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    assert elapsed() == pytest.approx(uptime, abs=5)


def test_a_clock_that_is_set_changes_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    before, slept = elapsed(), asleep()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0 <= clocks.elapsed() - before < 1
    assert asleep() - slept == pytest.approx(0, abs=0.001)
