"""The switch of macOS: a file that launchd reads."""

import plistlib
import sys
from pathlib import Path

import pytest

from trayapp.desktop.autostart import AutostartFailed, Standing, State
from trayapp.desktop.autostart.launch_agent import LABEL, LaunchAgent

COMMAND = (sys.executable, "run")


@pytest.fixture
def plist(tmp_path: Path) -> Path:
    return tmp_path / "Library" / "LaunchAgents" / f"{LABEL}.plist"


def test_without_a_file_it_is_off(tmp_path: Path, plist: Path) -> None:
    assert LaunchAgent(COMMAND, tmp_path).status() == State(Standing.OFF, str(plist))


def test_switched_on_the_agent_starts_the_program_once_with_each_session_that_has_a_menu_bar(
    tmp_path: Path, plist: Path
) -> None:
    after = LaunchAgent(COMMAND, tmp_path).switch(on=True)

    assert after == State(Standing.ON, str(plist), COMMAND)
    agent = plistlib.loads(plist.read_bytes())
    assert agent["Label"] == plist.stem
    assert (agent["RunAtLoad"], agent["LimitLoadToSessionType"]) == (True, "Aqua")
    assert "KeepAlive" not in agent, "who quits it wants it to be gone"


def test_switched_off_nothing_is_left(tmp_path: Path, plist: Path) -> None:
    agent = LaunchAgent(COMMAND, tmp_path)
    agent.switch(on=True)
    assert agent.switch(on=False).standing is Standing.OFF
    assert not list(plist.parent.iterdir())
    assert agent.switch(on=False).standing is Standing.OFF


@pytest.mark.parametrize("said", [{"Disabled": True, "RunAtLoad": True}, {"RunAtLoad": False}, {}])
def test_an_agent_that_does_not_start_at_login_is_off(tmp_path: Path, plist: Path, said: dict[str, bool]) -> None:
    plist.parent.mkdir(parents=True)
    plist.write_bytes(plistlib.dumps({"Label": LABEL, "ProgramArguments": list(COMMAND), **said}))
    assert LaunchAgent(COMMAND, tmp_path).status().standing is Standing.OFF
    assert LaunchAgent(COMMAND, tmp_path).switch(on=True).on


def test_a_program_that_is_gone_is_told_and_switching_on_mends_it(tmp_path: Path) -> None:
    gone = str(tmp_path / "Trayapp.app" / "Contents" / "MacOS" / "trayapp")
    assert LaunchAgent((gone, "run"), tmp_path).switch(on=True).standing is Standing.BROKEN
    assert LaunchAgent(COMMAND, tmp_path).switch(on=True).on


def test_what_the_owner_added_is_left_alone(tmp_path: Path, plist: Path) -> None:
    LaunchAgent((*COMMAND, "--log-level", "debug"), tmp_path).switch(on=True)
    before = plist.read_bytes()
    LaunchAgent(COMMAND, tmp_path).switch(on=True)
    assert plist.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not a plist", b"<?xml version='1.0'?><plist><dict>", plistlib.dumps([])])
def test_a_file_that_cannot_be_read_is_neither_on_nor_off(tmp_path: Path, plist: Path, content: bytes) -> None:
    plist.parent.mkdir(parents=True)
    plist.write_bytes(content)
    with pytest.raises(AutostartFailed, match="cannot be read"):
        LaunchAgent(COMMAND, tmp_path).status()
