"""What comes from outside, spoilt: by a fixed number of made-up inputs, then shortly by the tool where there is one.

``python -m proof fuzz`` goes on for as long as wanted.
"""

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import QUICK
from proof.fuzz import available, fuzz
from proof.mutating import mutated
from proof.targets import TARGETS

_TOOL_SECONDS = 5
_ROUNDS = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_valid_is_taken(name: str, tmp_path: Path) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].take(seed, tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_what_has_broken_it_once_breaks_it_no_more(name: str, tmp_path: Path) -> None:
    for found in TARGETS[name].found:
        TARGETS[name].take(found, tmp_path)


@pytest.mark.parametrize("name", TARGETS)
@given(number=_ROUNDS)
@settings(QUICK, max_examples=1500)
def test_whatever_is_made_of_it_breaks_nothing(name: str, number: int) -> None:
    target, random = TARGETS[name], Random(number)
    made = random.choice(target.seeds)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for _ in range(random.randint(1, 3)):
            made = mutated(made, target.seeds, target.words, random)
            target.take(made, Path(folder))


@pytest.mark.skipif(not available(), reason="Atheris is not installed")
@pytest.mark.parametrize("name", TARGETS)
def test_the_tool_reaches_more_than_the_valid_inputs_do_and_nothing_breaks(name: str, tmp_path: Path) -> None:
    result = fuzz(name, tmp_path, _TOOL_SECONDS, seed=1)
    assert result.crash == "", result.input
    assert result.executions > len(TARGETS[name].seeds)
    assert result.edges > result.edges_of_seeds > 0
