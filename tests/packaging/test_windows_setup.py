"""The Windows set-up, made from this checkout under Wine: installed, run, upgraded while it runs, and removed.

It takes two minutes, of which most is making it. ``TRAYAPP_WINE`` names a folder in which what was made is kept for
the next time; what has changed in the checkout since is then not in it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PureWindowsPath

import pytest

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.messages import iam_user_created
from desktop_bench.screen import Screen
from desktop_bench.waiting import wait_until

SCRIPT = Path(__file__).parents[2] / "packaging" / "windows" / "wine"
NEEDED = ("wine", "makensis", "x86_64-w64-mingw32-ld", "xvfb-run")
MISSING = [program for program in NEEDED if shutil.which(program) is None]
RUN_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run"
UNINSTALL_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\trayapp"
APPROVED_KEY = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
START_S = 60.0
RUN_S = 120.0

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="under Wine on Linux; Windows itself has smoke.ps1"),
    pytest.mark.skipif(bool(MISSING), reason=f"to be installed for this: {' '.join(MISSING)}"),
    pytest.mark.timeout(1200),
]


class Windows:
    """A Windows of the tests' own.

    Args:
        folder: Holds it all.
        display: Its screen.
    """

    def __init__(self, folder: Path, display: str) -> None:
        self.folder, self.display = folder, display
        self.screen = Screen(display)

    @property
    def drive(self) -> Path:
        return self.folder / "prefix" / "drive_c"

    @property
    def home(self) -> Path:
        (home,) = (each for each in (self.drive / "users").iterdir() if each.name != "Public")
        return home

    @property
    def place(self) -> Path:
        return self.home / "AppData" / "Local" / "Programs" / "trayapp"

    @property
    def shortcut(self) -> Path:
        return self.home / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs/trayapp.lnk"

    def path(self, path: Path) -> str:
        """Give a path on the drive as Windows names it."""
        return str(PureWindowsPath("C:/", *path.relative_to(self.drive).parts))

    def start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [SCRIPT, "run", self.folder, program, *arguments],
            env={**os.environ, "DISPLAY": self.display, "LANG": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, program: str, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a program to its own end.

        What it starts may live on and hold the other end of its output, as Wine's own services do: nobody waits for it.
        """
        process = self.start(program, *arguments)
        assert process.stdin
        assert process.stdout
        output = process.stdout
        os.set_blocking(output.fileno(), False)
        said = bytearray()
        process.stdin.write(stdin.encode())
        process.stdin.close()

        def ended() -> bool:
            gone = process.poll() is not None
            while chunk := output.read():
                said.extend(chunk)
            return gone

        wait_until(ended, RUN_S, f"the end of {program} {' '.join(arguments)}")
        output.close()
        return subprocess.CompletedProcess(arguments, process.returncode, said.decode())

    def trayapp(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return self.run(self.path(self.place / "trayapp.exe"), *arguments, stdin=stdin)

    @contextmanager
    def running(self, *arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
        """Run the program without a console for a block, at the end of which it has ended by itself, or is ended."""
        process = self.start(self.path(self.place / "trayappw.exe"), *arguments)
        try:
            yield process
        finally:
            if process.poll() is None:
                self.run("wineboot", "--kill")
            process.wait(START_S)
            for pipe in (process.stdin, process.stdout):
                assert pipe
                pipe.close()

    def set_up(self, *arguments: str) -> int:
        return self.run(f"Z:{self.folder}/trayapp-setup.exe".replace("/", "\\"), "/S", *arguments).returncode

    def registry(self, key: str, value: str) -> str | None:
        """Read a value; ``None`` where there is none."""
        found = self.run("reg", "query", key, "/v", value)
        if found.returncode:
            return None
        [line] = [line for line in found.stdout.splitlines() if line.strip().startswith(value)]
        return line.split("REG_SZ")[-1].strip()

    def state(self) -> str:
        """Ask how things stand; ``not-running`` where nobody answers."""
        status = json.loads(self.trayapp("status", "--json").stdout)
        return str(status["cause"] if status["cause"] == "not-running" else status["state"])

    def await_state(self, state: str) -> None:
        """Wait until the state is this one; a failure tells the last answer."""
        deadline = time.monotonic() + START_S
        while (said := self.state()) != state:
            assert time.monotonic() < deadline, f"{said} and not {state}: {self.trayapp('status').stdout}"


@pytest.fixture(scope="module")
def windows() -> Iterator[Windows]:
    kept = os.environ.get("TRAYAPP_WINE")
    # Not pytest's own folder, which is shut to whom Wine runs as where root runs the tests.
    with ExitStack() as stack:
        folder = Path(
            kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="wine-", ignore_cleanup_errors=True))
        )
        if not (folder / "trayapp-setup.exe").exists():
            subprocess.run([SCRIPT, "setup", folder], check=True, timeout=800)
        reading, writing = os.pipe()
        server = stack.enter_context(
            subprocess.Popen(
                [
                    "Xvfb",
                    "-displayfd",
                    str(writing),
                    "-screen",
                    "0",
                    "900x600x24",
                    "-nolisten",
                    "tcp",
                    "-ac",
                    "-noreset",
                ],
                pass_fds=[writing],
                stderr=subprocess.DEVNULL,
            )
        )
        stack.callback(server.terminate)
        os.close(writing)
        with os.fdopen(reading) as number:
            one = Windows(folder, f":{number.readline().strip()}")
        stack.callback(one.screen.close)
        stack.callback(one.run, "wineboot", "--kill")
        yield one


@pytest.fixture(scope="module")
def installed(windows: Windows) -> Windows:
    """A Windows with trayapp installed, which starts at login, and nothing of an earlier one's."""
    shutil.rmtree(windows.home / "AppData" / "Local" / "trayapp", ignore_errors=True)
    assert windows.set_up("/AUTOSTART=1") == 0
    return windows


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def signed_in(installed: Windows, cloud: Cloud) -> Inbox:
    """The queue of the account that was signed in to."""
    inbox = cloud.inbox()
    details = {
        "access_key_id": cloud.access_key_id,
        "secret_access_key": cloud.secret_access_key,
        "region": cloud.region,
        "queue_url": inbox.queue_url,
        "endpoint_url": cloud.endpoint_url,
    }
    done = installed.trayapp("login", "private", "--stdin", stdin=json.dumps(details))
    assert done.returncode == 0, done.stdout
    assert "The key is in the Windows Credential Locker" in done.stdout
    return inbox


def test_what_is_installed_is_in_the_menu_in_the_list_of_programs_and_starts_at_login(installed: Windows) -> None:
    assert {path.name for path in installed.place.iterdir()} == {
        "_internal",
        "trayapp.exe",
        "trayappw.exe",
        "uninstall.exe",
    }
    assert rb"Programs\trayapp\trayappw.exe" in installed.shortcut.read_bytes()
    version = installed.trayapp("--version").stdout.split()[-1]
    assert installed.registry(UNINSTALL_KEY, "DisplayVersion") == version
    command = f'"{installed.path(installed.place / "trayappw.exe")}" run'
    assert installed.registry(RUN_KEY, "trayapp") == command


def test_the_switch_is_that_of_windows(installed: Windows) -> None:
    assert installed.trayapp("autostart", "status").returncode == 0
    # What the Task Manager writes for what its user switches off.
    installed.run(
        "reg", "add", APPROVED_KEY, "/v", "trayapp", "/t", "REG_BINARY", "/d", "030000000000000000000000", "/f"
    )
    assert installed.trayapp("autostart", "status").returncode == 1
    assert installed.trayapp("autostart", "on").returncode == 0
    assert installed.trayapp("autostart", "status").returncode == 0
    assert installed.registry(APPROVED_KEY, "trayapp") is None

    assert installed.trayapp("autostart", "off").returncode == 0
    assert installed.registry(RUN_KEY, "trayapp") is None
    assert installed.set_up() == 0
    assert installed.trayapp("autostart", "status").returncode == 1, "a silent upgrade leaves it as it is"

    installed.run("reg", "add", RUN_KEY, "/v", "trayapp", "/d", r'"C:\gone\trayappw.exe" run', "/f")
    assert installed.trayapp("autostart", "status").returncode == 3
    assert installed.trayapp("autostart", "on").returncode == 0
    assert installed.trayapp("autostart", "status").returncode == 0


def test_it_watches_and_alerts_and_a_second_start_ends_quietly(signed_in: Inbox, installed: Windows) -> None:
    with installed.running("run") as first:
        installed.await_state("watching")
        signed_in.publish(iam_user_created("helpdesk2"))
        installed.await_state("to-review")
        [alert] = json.loads(installed.trayapp("alerts", "--json").stdout)
        assert alert["title"] == "New user “helpdesk2”"
        assert alert["shown"] is not None, "the desktop has taken the notification"

        with installed.running("run") as second:
            assert second.wait(START_S) == 0
        assert first.poll() is None

        assert installed.trayapp("quit").returncode == 0
        assert first.wait(START_S) == 0
    assert installed.trayapp("quit").returncode == 3


def test_an_upgrade_ends_what_runs_and_starts_the_new_one(signed_in: Inbox, installed: Windows) -> None:
    mark = installed.place / "_internal" / "of the old one"
    with installed.running("run") as first:
        wait_until(lambda: installed.state() != "not-running", START_S, "the program")
        mark.write_text("")

        assert installed.set_up() == 0

        assert first.wait(START_S) == 0
        assert not mark.exists()
        wait_until(lambda: installed.state() != "not-running", START_S, "the new program")
    assert installed.trayapp("quit").returncode == 0


def test_an_open_window_is_not_torn_down_by_an_upgrade_which_then_changes_nothing(installed: Windows) -> None:
    mark = installed.place / "_internal" / "of the old one"
    mark.write_text("")
    with installed.running("window") as window:
        wait_until(lambda: len(installed.screen.windows()) > 0, START_S, "the window")

        assert installed.set_up() == 2

        assert window.poll() is None
        assert mark.exists()
    mark.unlink()


def test_removed_nothing_of_the_program_is_left_and_the_owners_data_stays(signed_in: Inbox, installed: Windows) -> None:
    with installed.running("run") as tray:
        wait_until(lambda: installed.state() != "not-running", START_S, "the program")
        assert installed.run(installed.path(installed.place / "uninstall.exe"), "/S").returncode == 0
        # The uninstaller goes on as a copy of itself, for it cannot remove itself.
        wait_until(lambda: not installed.place.exists(), START_S, "the folder to be gone")
        assert tray.wait(START_S) == 0
    assert not installed.shortcut.exists()
    assert installed.registry(RUN_KEY, "trayapp") is None
    assert installed.run("reg", "query", UNINSTALL_KEY).returncode != 0
    assert list((installed.home / "AppData" / "Local" / "trayapp").rglob("settings.toml"))
