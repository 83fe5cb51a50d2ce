"""The review window for those who see less or use no pointer, measured on what is really drawn.

The numbers are those of WCAG 2.2, level AA: text stands out 4.5:1 (1.4.3), what shows where the focus is 3:1 (1.4.11).
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builders import STACK, instance_finding, judged
from desktop_bench.session import Desktop
from end_to_end.reviewer import Reviewer
from end_to_end.seeing import PAGES, Seen
from end_to_end.test_review_window import PLAIN
from trayapp.core.policy import TAG
from trayapp.store import Store

_TEXT = 4.5
_LONGEST = 60.0
"""Seconds that looking at everything may take on a machine with much else to do."""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("desktop", [PLAIN], indirect=True)
def test_every_text_stands_out_and_the_focus_reaches_everything_and_is_seen(
    desktop: Desktop, theme: str, page: str
) -> None:
    machine = instance_finding(
        links=frozenset({STACK}), details={f"{TAG}env": "dev"}, fingerprint="owned", happened=datetime.now(UTC)
    )
    with Store(Reviewer(desktop).path) as store:
        (number,) = store.commit("work", [judged(machine)], datetime.now(UTC))
    tests = Path(__file__).parents[1]
    looking = desktop.start(
        [sys.executable, "-m", "end_to_end.seeing", page, theme, str(number)],
        name="seeing",
        env={"PYTHONPATH": str(tests)},
    )
    assert looking.wait(_LONGEST) == 0, looking.tail()
    seen = Seen(**json.loads(looking.stdout()))
    assert len(seen.texts) > 8, "the window says more than that"
    assert len(seen.reached) > 5, "the Tab key leads to more than that"
    weak = {said: round(ratio, 2) for said, ratio in seen.texts.items() if ratio < _TEXT}
    assert (weak, seen.unreached, seen.unseen) == ({}, [], [])
