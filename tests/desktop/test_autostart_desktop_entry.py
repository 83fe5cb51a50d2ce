"""Desktop entries: what is written is read the same, by us and by the desktops' own library."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_bench.waiting import wait_until
from trayapp.desktop.autostart.desktop_entry import join_exec, parse, split_exec, write

AWKWARD = [
    "a b",
    "50%",
    "%f",
    'say "this"',
    "$HOME",
    "`id`",
    "back\\slash",
    "日本",
    "semi;colon",
    "~",
    "it's",
    "&",
    "#1",
]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_a_command_is_read_as_it_was_written(command: list[str]) -> None:
    assert split_exec(join_exec(command)) == tuple(command)


@given(st.text(st.characters(codec="utf-8")))
@example(" a \n\t\\ \r\x85\u2028 ")
@example("  ")
def test_a_value_is_read_as_it_was_written(value: str) -> None:
    assert parse(write({"Exec": value})) == {"Exec": value}


def test_field_codes_are_nothing_that_a_session_start_has() -> None:
    assert split_exec("trayapp run %U --icon=%i 100%%") == ("trayapp", "run", "--icon=", "100%")


@pytest.mark.parametrize("text", ['"open', 'mid"dle', '"closed"again'])
def test_what_is_no_command_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="quotation mark"):
        split_exec(text)


def test_only_the_main_group_counts_and_what_is_no_entry_is_passed_over() -> None:
    text = "# Exec=no\nExec=no\n[Desktop Entry]\n#Exec=no\nExec = yes\nName[de]=ja\nnoise\n[Desktop Action]\nExec=no\n"
    assert parse(text) == {"Exec": "yes", "Name[de]": "ja"}


@pytest.mark.skipif(shutil.which("gio") is None, reason="gio, which starts programs by GLib, is not installed")
def test_glib_starts_with_the_very_words_that_were_written(tmp_path: Path) -> None:
    folder = tmp_path / AWKWARD[0]
    folder.mkdir()
    said = folder / "said"
    script = folder / "50% of $HOME.py"
    script.write_text("import pathlib, sys\npathlib.Path(sys.argv[1]).write_text('\\0'.join(sys.argv[2:]))\n")
    entry = tmp_path / "x.desktop"
    command = [sys.executable, str(script), str(said), *AWKWARD]
    entry.write_text(write({"Type": "Application", "Name": "x", "Exec": join_exec(command)}), "utf-8")
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}

    started = subprocess.run(["gio", "launch", entry], env=env, timeout=30, check=False, capture_output=True)

    assert started.returncode == 0, started.stderr
    assert wait_until(lambda: said.exists() and said.read_text("utf-8").split("\0") == AWKWARD, 10, "the program")
