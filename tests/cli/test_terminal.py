"""Cells of a table, and what a stream can take."""

import io
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from builders import QUICK
from trayapp.cli.group import colors_wanted
from trayapp.cli.terminal import cell

UTF8 = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
ASCII = io.TextIOWrapper(io.BytesIO(), encoding="ascii")


@pytest.mark.parametrize(
    ("text", "width", "written"),
    [
        ("web", 5, "web  "),
        ("web", 3, "web"),
        ("webserver", 5, "webs…"),
        ("管理者", 6, "管理者"),
        ("管理者", 8, "管理者  "),
        ("管理者", 5, "管理…"),
        ("管理者", 4, "管… "),  # half of a character cannot be shown
        ("", 2, "  "),
        ("a\x1b[31mb", None, "a�[31mb"),
        ("管理者" * 99, None, "管理者" * 99),
    ],
)
def test_a_cell_is_as_wide_as_it_should_be_in_columns_of_the_terminal(
    text: str, width: int | None, written: str
) -> None:
    assert cell(text, width, UTF8) == written


def test_numbers_are_set_to_the_right() -> None:
    assert cell("17", 5, UTF8, right=True) == "   17"


def test_what_a_terminal_cannot_write_takes_no_more_room() -> None:
    assert cell("管理者 web", 8, ASCII) == "??? web "
    assert cell("管理者 webserver", 8, ASCII) == "??? web?"


@QUICK
@given(st.text(), st.integers(1, 40))
def test_every_cell_is_exactly_as_wide_as_asked_and_prints_as_it_is(text: str, width: int) -> None:
    written = cell(text, width, UTF8)
    assert wcswidth(written) == width


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, None),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, None),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm"}, None),
    ],
)
def test_colours_are_never_forced_and_easily_had_rid_of(environment: Mapping[str, str], wanted: bool | None) -> None:  # noqa: FBT001 - parametrized
    assert colors_wanted(environment) is wanted
