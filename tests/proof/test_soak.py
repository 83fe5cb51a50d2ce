"""Traffic with faults at random, in short; ``python -m proof soak`` goes on for an hour."""

import secrets
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from proof.bed import Bed
from proof.soak import Soaked, markdown, soak

_SECONDS = 60.0


@pytest.fixture(scope="module")
def soaked() -> Soaked:
    seed = secrets.randbelow(2**32)
    print(f"python -m proof soak --seconds {_SECONDS:g} --seed {seed}")
    with tempfile.TemporaryDirectory(prefix="proof-", ignore_cleanup_errors=True) as root, Bed(Path(root)) as bed:
        result = soak(bed, _SECONDS, seed)
    print(markdown(result))
    return result


@pytest.mark.timeout(300)
def test_every_happening_is_stored_and_told_once_whatever_went_wrong_and_nothing_runs_away(soaked: Soaked) -> None:
    assert soaked.happenings > 10
    assert sum(soaked.faults.values()) > 1
    assert soaked.complaints() == []


def test_what_must_not_be_is_complained_of(soaked: Soaked) -> None:
    spoiled = replace(soaked, lost=1, doubled=2, quarantined=soaked.unreadable + 1, settled_seconds=None)
    assert len(spoiled.complaints()) == 4


@pytest.mark.parametrize(("what", "leak"), [("uss_kib", 80.0), ("threads", 0.2), ("descriptors", 0.4)])
def test_a_leak_that_is_small_by_the_minute_is_found_in_an_hour(soaked: Soaked, what: str, leak: float) -> None:
    def hour(leak: float) -> Soaked:
        samples = [replace(soaked.samples[-1], at=60.0 * at) for at in range(60)]
        grown = [replace(each, **{what: getattr(each, what) + round(leak * each.at / 60)}) for each in samples]
        return replace(soaked, seconds=3600.0, samples=grown)

    assert hour(0.0).complaints() == []
    assert [each.partition(":")[0] for each in hour(leak).complaints()] == [what]
