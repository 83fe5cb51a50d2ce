"""The window is started as a process of its own; where it cannot be, it is said how to go on without."""

import importlib.util
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest

from desktop_bench.waiting import wait_until
from trayapp.core.commands import Page
from trayapp.desktop.windows import WindowFailed, Windows

Failures = SimpleQueue[WindowFailed]


@pytest.fixture
def failures() -> Failures:
    return SimpleQueue()


def script(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "window.py"
    path.write_text(text)
    return sys.executable, str(path)


def test_it_says_which_page_and_which_alert(tmp_path: Path, failures: Failures) -> None:
    said = tmp_path / "said"
    text = f"import pathlib, sys\npathlib.Path({str(said)!r}).write_text(' '.join(sys.argv[1:]))"
    Windows(failures.put, script(tmp_path, text)).show(Page.RESPOND, 7)
    wait_until(said.exists, 10, "the window")
    wait_until(lambda: said.read_text() == "window --page respond --alert 7", 5, "its arguments")


def test_without_an_alert_it_names_none(tmp_path: Path, failures: Failures) -> None:
    said = tmp_path / "said"
    text = f"import pathlib, sys\npathlib.Path({str(said)!r}).write_text(' '.join(sys.argv[1:]))"
    Windows(failures.put, script(tmp_path, text)).show(Page.LIST)
    wait_until(lambda: said.exists() and said.read_text() == "window --page list", 10, "its arguments")


@pytest.mark.parametrize(
    ("page", "alert", "instead"), [(Page.RESPOND, 7, "trayapp respond 7"), (Page.LIST, 0, "trayapp alerts")]
)
def test_a_window_that_ends_at_once_is_told_with_its_last_words_and_a_way_round(
    tmp_path: Path, failures: Failures, page: Page, alert: int, instead: str
) -> None:
    text = "import sys\nprint('one', file=sys.stderr)\nsys.exit('Error: there is no display.')"
    Windows(failures.put, script(tmp_path, text)).show(page, alert)
    assert str(failures.get(timeout=10)) == f"there is no display. In a terminal: {instead}"


def test_a_window_that_its_owner_closes_is_no_failure(tmp_path: Path, failures: Failures) -> None:
    done = tmp_path / "done"
    Windows(failures.put, script(tmp_path, f"open({str(done)!r}, 'w')")).show(Page.HISTORY)
    wait_until(done.exists, 10, "the window")
    assert failures.empty()


def test_a_program_that_cannot_be_started_is_told(failures: Failures) -> None:
    with pytest.raises(WindowFailed, match="In a terminal: trayapp alerts"):
        Windows(failures.put, ("/nowhere/trayapp",)).show(Page.LIST)


def test_without_tk_it_says_what_to_install(failures: Failures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(WindowFailed, match="python3-tk"):
        Windows(failures.put).show(Page.LIST)
