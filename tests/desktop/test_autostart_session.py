"""A whole session starts what was switched on: by the session's own means, on a desktop of its own."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from desktop_bench.processes import Process
    from desktop_bench.session import Desktop

TRAYAPP = [sys.executable, "-m", "trayapp"]
START_S = 30.0
SESSIONS = {
    "dex": ["dex", "--autostart", "--environment", "XFCE"],
    # Asks its own window manager and panel to be there; ours are, and what it starts by itself ends at once.
    "xfce4-session": ["xfce4-session"],
}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions of Linux desktops")


@pytest.fixture
def desktop() -> Iterator["Desktop"]:
    from desktop_bench.session import Desktop  # noqa: PLC0415 - Linux only

    # Not tmp_path, which bears the test's name: a socket's address has room for about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="auto-", ignore_cleanup_errors=True) as root, Desktop(Path(root)) as one:
        yield one


def command(desktop: "Desktop", *arguments: str) -> "Process":
    process = desktop.start([*TRAYAPP, *arguments], name=f"trayapp-{arguments[0]}")
    process.wait(START_S)
    return process


def running(desktop: "Desktop") -> int | None:
    """Give the process id of the running tray, which answers; ``None`` if there is none."""
    status = json.loads(command(desktop, "status", "--json").stdout())
    if status["cause"] == "not-running" or not list(Path(desktop.env["XDG_RUNTIME_DIR"]).glob("*/holder")):
        return None
    (holder,) = Path(desktop.env["XDG_RUNTIME_DIR"]).glob("*/holder")
    pid: int = json.loads(holder.read_bytes())["pid"]
    return pid


@pytest.fixture(params=SESSIONS)
def session(request: pytest.FixtureRequest) -> list[str]:
    program = SESSIONS[request.param][0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed (Debian has it under that name)")
    return SESSIONS[request.param]


def test_a_session_starts_what_was_switched_on_and_nothing_else(desktop: "Desktop", session: list[str]) -> None:
    assert command(desktop, "autostart", "on").returncode == 0
    desktop.start(session)
    first = desktop.wait_for(lambda: running(desktop), START_S, "the session to start trayapp")
    desktop.tray.wait_item()

    again = command(desktop, "run")

    assert (again.returncode, again.stderr()) == (0, "")
    assert running(desktop) == first, "who was first goes on"


@pytest.mark.skipif(shutil.which("dex") is None, reason="dex is not installed (Debian has it under that name)")
def test_started_twice_by_the_session_it_is_one_and_the_second_ends_quietly(desktop: "Desktop") -> None:
    command(desktop, "autostart", "on")
    desktop.start(SESSIONS["dex"])
    first = desktop.wait_for(lambda: running(desktop), START_S, "the session to start trayapp")

    second = desktop.start([*SESSIONS["dex"], "--wait"], name="again")

    assert second.wait(START_S) == 0, second.tail()
    assert running(desktop) == first


@pytest.mark.skipif(shutil.which("dex") is None, reason="dex is not installed (Debian has it under that name)")
def test_switched_off_the_session_starts_nothing(desktop: "Desktop") -> None:
    command(desktop, "autostart", "on")
    command(desktop, "autostart", "off")

    would = subprocess.run(
        [*SESSIONS["dex"], "--dry-run", "--verbose"],
        env=dict(desktop.env),
        capture_output=True,
        text=True,
        timeout=START_S,
        check=True,
    )
    assert "trayapp" not in would.stdout + would.stderr
