"""What the window remembers of itself."""

import json
from pathlib import Path

import pytest

from trayapp.review.sizes import Remembered, recall, remember


def test_what_was_remembered_is_recalled(tmp_path: Path) -> None:
    what = Remembered(width=900, height=600, list_width=300, dark=True, family="Noto Sans", points=10.5)
    remember(tmp_path / "state" / "window.json", what)
    assert recall(tmp_path / "state" / "window.json") == what
    assert [each.name for each in (tmp_path / "state").iterdir()] == ["window.json"]


def test_at_first_nothing_is_remembered(tmp_path: Path) -> None:
    assert recall(tmp_path / "window.json") is None


@pytest.mark.parametrize("text", ["", "[]", "{", "\0", "[" * 100_000])
def test_what_makes_no_sense_is_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "window.json").write_text(text)
    assert recall(tmp_path / "window.json") is None


def test_of_what_makes_sense_in_part_the_rest_is_as_at_first(tmp_path: Path) -> None:
    said = {"width": -5, "height": "tall", "list_width": 333, "dark": 1, "family": 7, "points": True, "more": 1}
    (tmp_path / "window.json").write_text(json.dumps(said))
    assert recall(tmp_path / "window.json") == Remembered(list_width=333)


def test_a_disk_that_does_not_let_us_write_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    remember(tmp_path / "file" / "window.json", Remembered())
    assert recall(tmp_path / "file" / "window.json") is None
