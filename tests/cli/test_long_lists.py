"""However many alerts there are, a list of them takes no more memory than a page of them."""

import json
import subprocess
import sys

import pytest

from builders import NOW, judged, numbered
from cli.computer import Computer
from trayapp.store import Store

_MANY = 8000
_BOUND = 12_000
"""Kilobytes more than a list of one takes; all of them at once would take four times that."""

_MEASURED = """
import resource, sys
from trayapp.cli import main
try:
    main(sys.argv[1:])
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


def listed(computer: Computer, *arguments: str) -> tuple[str, int]:
    """Give what a command prints, and the most memory that it took, in kilobytes."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, *arguments],
        env=computer.env,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout, int(done.stderr.splitlines()[-1])


def fill(computer: Computer, numbers: range) -> None:
    with Store(computer.store) as store:
        store.commit("work", [judged(*(numbered(number) for number in numbers))], NOW)


@pytest.mark.parametrize("arguments", [("alerts",), ("alerts", "--json"), ("history", "--json"), ("export", "-")])
def test_a_long_list_takes_no_more_memory_than_a_page_of_it(computer: Computer, arguments: tuple[str, ...]) -> None:
    fill(computer, range(1))
    _, one = listed(computer, *arguments)
    fill(computer, range(1, _MANY))
    printed, many = listed(computer, *arguments)
    assert many - one < _BOUND
    if "--json" in arguments:
        assert [each["id"] for each in json.loads(printed)] == list(range(_MANY, 0, -1))
