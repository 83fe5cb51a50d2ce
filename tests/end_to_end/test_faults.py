"""Every fault between a laptop and AWS, made for real: said in time, by its own name, healed by itself, nothing lost.

The programs of all the faults that were asked for run at the same time, so that each test only waits for its own.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_bench.errors import MissingPartError
from proof import table
from proof.bed import Bed, save
from proof.cases import CASES

pytestmark = pytest.mark.timeout(300)

_HOLD_SECONDS = 1.0


@pytest.fixture(scope="module")
def under_way(request: pytest.FixtureRequest) -> Iterator[table.Running]:
    asked = [item for item in request.session.items if isinstance(item, pytest.Function)]
    names = [str(item.callspec.params["fault"]) for item in asked if item.module is request.module]
    with (
        tempfile.TemporaryDirectory(prefix="proof-", ignore_cleanup_errors=True) as root,
        Bed(Path(root)) as bed,
        table.running(bed, names, _HOLD_SECONDS) as running,
    ):
        yield running
        rows = [row.result() for row in running.rows.values() if row.done() and not row.exception()]
        if len(rows) == len(CASES):
            save("faults", table.markdown(rows, _HOLD_SECONDS), table.record(rows, _HOLD_SECONDS))


@pytest.mark.parametrize("fault", CASES)
def test_it_is_said_and_heals_by_itself_and_every_alert_is_told_once(fault: str, under_way: table.Running) -> None:
    try:
        row = under_way.rows[fault].result()
    except MissingPartError as missing:
        pytest.skip(str(missing))
    assert row.complaints() == []
