"""Traffic with faults at random, in short; ``python -m proof soak`` goes on for an hour."""

import secrets
import tempfile
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
def test_every_happening_is_stored_and_told_once_whatever_went_wrong(soaked: Soaked) -> None:
    assert soaked.happenings > 10
    assert sum(soaked.faults.values()) > 1
    assert soaked.settled_seconds is not None
    assert (soaked.lost, soaked.doubled) == (0, 0)
    assert soaked.quarantined == soaked.unreadable


def test_what_the_program_holds_open_does_not_grow(soaked: Soaked) -> None:
    assert soaked.growth("descriptors") <= 4
    assert soaked.growth("threads") <= 2


def test_what_it_uses_of_memory_stays_within_bounds(soaked: Soaked) -> None:
    # The store's cache and Python's own pools fill up in the first minutes; what matters is that nothing runs away.
    assert soaked.growth("uss_kib") < 8 * 1024
