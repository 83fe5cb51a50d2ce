"""A session bus of its own for every test, and somebody who takes down events."""

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop.bus_fakes import Events, session
from trayapp.desktop.linux.bus import Bus

# No "servicedir": nothing is started by being called, so a name without an owner stays without.
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass
class BusDaemon:
    """A dbus-daemon, which always listens at the same place."""

    config: Path
    socket: Path
    address: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={self.config}", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        said = self.process.stdout.readline().strip()
        # The address has a number in it that is another each time, but a session's environment stays as it was.
        self.address = self.address or said

    def stop(self) -> None:
        """Make it stop answering, as a machine under heavy load does."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        assert self.process
        self.process.kill()
        self.process.wait(5)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BusDaemon]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    config = tmp_path / "bus.conf"
    config.write_text(BUS_CONFIG.format(socket=runtime / "bus"))
    daemon = BusDaemon(config, runtime / "bus")
    daemon.start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.address)
    yield daemon
    daemon.kill()


@pytest.fixture
def bus(daemon: BusDaemon) -> Iterator[Bus]:
    bus = session()
    yield bus
    bus.thread.close()


@pytest.fixture
def events() -> Events:
    return Events()


@dataclass
class XServer:
    """A running X server."""

    name: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(5)


@pytest.fixture
def x_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    """An X server with a home of its own."""
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
        folder = tmp_path / variable.lower()
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(variable, str(folder))
    monkeypatch.setenv("NO_AT_BRIDGE", "1")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    reading, writing = os.pipe()
    process = subprocess.Popen(
        # Without "-noreset" it starts anew, refusing everybody meanwhile, whenever its last client goes.
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "900x500x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = f":{number.readline().strip()}"
    monkeypatch.setenv("DISPLAY", name)
    server = XServer(name, process)
    yield server
    server.stop()


@pytest.fixture
def display(x_server: XServer) -> str:
    return x_server.name
