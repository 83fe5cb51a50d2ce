"""Nothing that the window shows escapes translation, on whatever page."""

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from builders import STACK, instance_finding, judged
from desktop_bench.session import Desktop
from end_to_end.reading import WAY
from end_to_end.reviewer import Reviewer
from end_to_end.test_review_window import PLAIN
from end_to_end.test_settings_page import RULES
from speaking import escaped
from trayapp.core.history import Wanted
from trayapp.core.policy import TAG
from trayapp.core.signals import CATALOGUE
from trayapp.review.settings_texts import OWN_NAMES
from trayapp.review.texts import TITLE
from trayapp.store import Store

_LONGEST = 120.0
"""Seconds that reading everything may take on a machine with much else to do."""

_RULE = "mute stack actor tag signal account until reason"
_THEIRS = (TITLE, list(OWN_NAMES.values()), [signal.id for signal in CATALOGUE], _RULE, "Ctrl UTC")
"""Names that are the same in every language, and the keys of a rule in the settings file."""


@pytest.mark.parametrize("desktop", [PLAIN], indirect=True)
def test_nothing_that_the_window_shows_escapes_translation(desktop: Desktop) -> None:
    reviewer = Reviewer(desktop)
    reviewer.settings.write_text(reviewer.settings.read_text() + RULES)
    machine = instance_finding(
        links=frozenset({STACK}), details={f"{TAG}env": "dev"}, fingerprint="owned", happened=datetime.now(UTC)
    )
    with Store(reviewer.path) as store:
        (number,) = store.commit("work", [judged(machine)], datetime.now(UTC))
        incidents = store.search(Wanted(), 1000)
        bodies = [body.body for each in incidents for body in store.bodies(each.id)]
    reading = desktop.start(
        [sys.executable, "-m", "end_to_end.reading", str(number)],
        name="reading",
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert reading.wait(_LONGEST) == 0, reading.tail()
    read: dict[str, list[str]] = json.loads(reading.stdout())
    assert list(read) == list(WAY)
    assert len({json.dumps(each) for each in read.values()}) == len(WAY), "each page says something else"
    # A path into a message is told in words, ``securityGroups`` as ``Security Groups``.
    data = (incidents, bodies, re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", repr(bodies)), reviewer.settings.read_text())
    known = (*data, str(reviewer.settings), *_THEIRS)
    found = {page: [(text, out) for text in said if (out := escaped(text, *known))] for page, said in read.items()}
    assert {page: escapes for page, escapes in found.items() if escapes} == {}
