"""Opening links, with real programs in the browser's place."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import psutil
import pytest

from trayapp.desktop.browser import Browser, BrowserFailed

URL = "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0abc"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="starts programs as POSIX systems do")

# Notes how it was started, then ends as the rest of it says.
RECORD = """#!{python}
import json, os, sys
from pathlib import Path

descriptors = [os.readlink(f"/proc/self/fd/{{number}}") for number in (0, 1, 2)]
started = {{
    "arguments": sys.argv[1:], "environment": dict(os.environ), "descriptors": descriptors,
    "pid": os.getpid(), "session": os.getsid(0),
}}
Path("{note}.new").write_text(json.dumps(started))
Path("{note}.new").rename("{note}")
{end}
"""


class Recorder:
    """A program that notes how it was started."""

    def __init__(self, folder: Path, name: str = "browser", end: str = "") -> None:
        self.note = folder / f"{name}.json"
        self.path = folder / name
        self.path.write_text(RECORD.format(python=sys.executable, note=self.note, end=end))
        self.path.chmod(0o755)

    def started(self) -> dict[str, Any]:
        wait_until(self.note.exists)
        found: dict[str, Any] = json.loads(self.note.read_text())
        return found


def wait_until(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.01)


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


# ---- the owner's command


def test_the_address_goes_into_the_argument_that_asks_for_it(recorder: Recorder) -> None:
    Browser([str(recorder.path), "--new-window", "{url}"]).open(URL)
    assert recorder.started()["arguments"] == ["--new-window", URL]


def test_the_address_is_put_also_into_the_middle_of_arguments_and_more_than_once(recorder: Recorder) -> None:
    Browser([str(recorder.path), "--app={url}&x", "{url}"]).open(URL)
    assert recorder.started()["arguments"] == [f"--app={URL}&x", URL]


def test_nothing_passes_through_a_shell(recorder: Recorder, tmp_path: Path) -> None:
    url = f"https://console.aws.amazon.com/$(touch{tmp_path}/a);`touch{tmp_path}/b`|>{tmp_path}/c&&{{url}}'\""
    Browser([str(recorder.path), "$HOME {url}"]).open(url)
    assert recorder.started()["arguments"] == [f"$HOME {url}"]
    assert not [name for name in "abc" if (tmp_path / name).exists()]


@pytest.mark.parametrize("command", [["firefox"], ["firefox", "url"], ["firefox", "{ url }"]])
def test_a_command_must_say_where_the_address_goes(command: list[str]) -> None:
    with pytest.raises(ValueError, match=r"add \{url\}"):
        Browser(command)


# ---- what is refused


@pytest.mark.parametrize(
    "url",
    [
        "http://console.aws.amazon.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "HTTPS:console.aws.amazon.com",
        "https://",
        "https:///path",
        "https://[/",
        "//console.aws.amazon.com/",
        "--help",
        "",
        " https://console.aws.amazon.com/",
        "https://console.aws.amazon.com/a b",
        "https://console.aws.amazon.com/\n",
        "https://console.aws.amazon.com/\x00",
        "https://console.aws.amazon.com/\u202egnp",
        "https://console.aws.amazon.com@evil.example/",
    ],
)
def test_only_https_addresses_are_opened(recorder: Recorder, url: str) -> None:
    with pytest.raises(BrowserFailed, match="only https"):
        Browser([str(recorder.path), "{url}"]).open(url)
    assert not recorder.note.exists()


# ---- how it is started


def test_the_browser_stands_on_its_own_feet(recorder: Recorder) -> None:
    Browser([str(recorder.path), "{url}"]).open(URL)
    started = recorder.started()
    assert started["session"] == started["pid"] != os.getsid(0)
    assert started["descriptors"] == ["/dev/null"] * 3


def test_opening_does_not_wait_for_the_browser_and_leaves_no_zombie(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, end="import time; time.sleep(60)")
    started = time.monotonic()
    Browser([str(recorder.path), "{url}"]).open(URL)
    assert time.monotonic() - started < 0.5
    pid = recorder.started()["pid"]
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not psutil.pid_exists(pid))


def test_the_browser_stays_when_we_go(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, end="import time; time.sleep(60)")
    opening = (
        "import sys, pathlib, time; from trayapp.desktop.browser import Browser;"
        "Browser([sys.argv[1], '{url}']).open(sys.argv[2]); print('opened', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", opening, recorder.path, URL], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdin
    assert process.stdout.readline() == b"opened\n"
    pid = recorder.started()["pid"]
    try:
        process.stdin.close()
        assert process.wait(5) == 0
        assert psutil.Process(pid).is_running()
    finally:
        os.kill(pid, signal.SIGKILL)
        process.stdout.close()


def test_the_desktops_token_reaches_the_browser(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "of our own start")
    Browser([str(recorder.path), "{url}"]).open(URL, "token-1")
    environment = recorder.started()["environment"]
    assert (environment["XDG_ACTIVATION_TOKEN"], environment["DESKTOP_STARTUP_ID"]) == ("token-1", "token-1")


def test_without_a_token_none_is_passed_on(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "of our own start")
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "of our own start")
    Browser([str(recorder.path), "{url}"]).open(URL)
    assert not {"XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"} & recorder.started()["environment"].keys()


@pytest.mark.parametrize("before", [None, "/opt/lib"])
def test_a_frozen_programs_libraries_are_kept_from_the_browser(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/frozen/inside")
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    Browser([str(recorder.path), "{url}"]).open(URL)
    assert recorder.started()["environment"].get("LD_LIBRARY_PATH") == before


# ---- failures


def test_a_program_that_is_not_there_is_told_at_once_with_the_address(tmp_path: Path) -> None:
    with pytest.raises(BrowserFailed) as failed:
        Browser([str(tmp_path / "missing"), "{url}"]).open(URL)
    said = str(failed.value)
    assert URL in said
    assert "missing cannot be started (No such file or directory)" in said
    assert "browser_command" in said


def test_a_program_that_may_not_be_run_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    with pytest.raises(BrowserFailed, match="Permission denied"):
        Browser([str(tmp_path / "text"), "{url}"]).open(URL)


def test_a_failure_soon_after_the_start_is_told_to_who_wants_to_hear(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, end="sys.exit(4)")
    told: SimpleQueue[BrowserFailed] = SimpleQueue()
    Browser([str(recorder.path), "{url}"], told.put).open(URL)
    said = str(told.get(timeout=10))
    assert "exit code 4" in said
    assert URL in said


def test_a_failure_that_nobody_listens_for_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(tmp_path, end="sys.exit(4)")
    Browser([str(recorder.path), "{url}"]).open(URL)
    wait_until(lambda: "exit code 4" in caplog.text)


@pytest.mark.parametrize(
    "end", ["sys.exit(0)", "import time; time.sleep(2.2); sys.exit(1)"], ids=["fine", "much later"]
)
def test_an_end_that_is_no_failure_is_not_told(tmp_path: Path, end: str) -> None:
    recorder = Recorder(tmp_path, end=end)
    told: list[BrowserFailed] = []
    before = set(threading.enumerate())
    Browser([str(recorder.path), "{url}"], told.append).open(URL)
    recorder.started()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert told == []


# ---- the system's own way


def test_linux_opens_links_with_xdg_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path, "xdg-open")
    monkeypatch.setenv("PATH", str(tmp_path))
    Browser().open(URL)
    assert recorder.started()["arguments"] == [URL]


def test_without_xdg_open_a_browser_that_python_finds_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(tmp_path, "my-browser")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("BROWSER", "my-browser")
    monkeypatch.setattr("webbrowser._tryorder", None)  # it looks at the environment once per process
    Browser().open(URL)
    assert recorder.started()["arguments"] == [URL]


def test_without_any_browser_the_address_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setattr("webbrowser._tryorder", None)
    with pytest.raises(BrowserFailed, match="no browser was found") as failed:
        Browser().open(URL)
    assert URL in str(failed.value)
