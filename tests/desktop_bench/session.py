"""A whole desktop of its own for one test."""

import os
import secrets as random
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from desktop_bench import parts
from desktop_bench.browser import RecordedBrowser
from desktop_bench.config import PASSWORD, DesktopConfig
from desktop_bench.dbus_client import DBusClient, bus_config
from desktop_bench.errors import BenchError, WaitTimeoutError
from desktop_bench.keyring_service import KeyringService
from desktop_bench.parts import NOTIFICATIONS, WATCHER, XFCONF, NotificationDaemon
from desktop_bench.popups import Popups
from desktop_bench.processes import Process, Supervisor
from desktop_bench.screen import Box, Rgb, Screen
from desktop_bench.spy import BusSpy
from desktop_bench.tray import Tray
from desktop_bench.waiting import wait_until

__all__ = ["PASSWORD", "Desktop", "DesktopConfig"]

T = TypeVar("T")

PART_START_S = 45.0
"""How long a part may take to start; they take tenths of a second each on an idle machine."""


class Desktop:
    """A private desktop session: X server, session bus, window manager, tray host, notifications and Secret Service.

    Use it as a context manager; nothing of it is left afterwards, whatever happened inside::

        with Desktop(tmp_path) as desktop:
            app = desktop.start(["trayapp", "run"])
            item = desktop.tray.wait_item()
            desktop.tray.click(item)

    Any number may run at the same time.

    Args:
        root: A folder of its own, kept afterwards: home, runtime directory and the logs of all processes. Keep its
            path short: a socket's address has room for about a hundred characters.
        config: What it is made of.
        label: The first part of screenshots' names.

    Attributes:
        config: As given.
        home: The home directory.
        env: The environment for programs that run on this desktop; nothing is inherited from the tests'.
        screen: Pixels, windows, pointer and keyboard.
        bus: A connection to the session bus.
        spy: Has recorded everything on the bus since before the first part was started.
        tray: What the tray host was told, and its icons on the screen.
        popups: The notifications on the screen.
        browser: Stands in for the browser and notes what it was asked to open.
        keyring: The Secret Service.
    """

    env: Mapping[str, str]
    screen: Screen
    bus: DBusClient
    spy: BusSpy
    tray: Tray
    popups: Popups
    browser: RecordedBrowser
    keyring: KeyringService

    def __init__(self, root: Path, config: DesktopConfig | None = None, label: str = "desktop") -> None:
        self.config = config or DesktopConfig()
        self.label = label
        self.root = root
        self.home = root / "home"
        self._supervisor = Supervisor(random.token_hex(8), root / "log")
        self._panel: Process | None = None
        self._notifier: Process | None = None
        self._stack = ExitStack()
        self._stack.callback(self._supervisor.stop_all)

    @property
    def mark(self) -> str:
        """Marks every process of this desktop; see ``processes.MARK``."""
        return self._supervisor.mark

    # ---- coming and going

    def __enter__(self) -> Self:
        """Start everything."""
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        self.close()

    def _open(self) -> None:
        runtime = self.root / "run"
        folders = {
            "HOME": self.home,
            "XDG_RUNTIME_DIR": runtime,
            "XDG_CONFIG_HOME": self.home / ".config",
            "XDG_DATA_HOME": self.home / ".local" / "share",
            "XDG_STATE_HOME": self.home / ".local" / "state",
            "XDG_CACHE_HOME": self.home / ".cache",
        }
        for folder in (*folders.values(), self.root / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        # The XDG base directory specification wants it closed to all others.
        runtime.chmod(0o700)
        parts.write_configuration(
            folders["XDG_CONFIG_HOME"], self.config.palette, self.config.width, self.config.height
        )
        env = {name: str(folder) for name, folder in folders.items()} | {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TZ": self.config.timezone,
            "NO_AT_BRIDGE": "1",
            "XDG_SESSION_TYPE": "x11",
            "XDG_CURRENT_DESKTOP": "XFCE",
        }
        socket = runtime / "bus"
        config = self.root / "bus.conf"
        config.write_text(bus_config(socket, activation=self.config.activation), encoding="utf-8")
        env["DISPLAY"] = self._start_x(env)
        # After the X server: what the bus activates inherits its environment.
        daemon = self._part(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"], env)
        env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
        self.env = env
        self._supervisor.await_ready(daemon, socket.exists, PART_START_S, "listen")

        self.screen = Screen(env["DISPLAY"])
        self._stack.callback(self.screen.close)
        self.bus = DBusClient(env["DBUS_SESSION_BUS_ADDRESS"])
        self._stack.callback(self.bus.close)
        self.spy = BusSpy(self.bus)
        self._stack.callback(self.spy.close)
        self.browser = RecordedBrowser(self.root / "browser")
        self.tray = Tray(self.bus, self.screen, self.spy, self.config.palette)
        self.popups = Popups(self.screen, self.config.notifications)
        self.keyring = KeyringService(self._supervisor, self.bus, self._part_env())
        self._start_parts()

    def _start_x(self, env: Mapping[str, str]) -> str:
        read_end, write_end = os.pipe()
        with os.fdopen(read_end, "rb") as reader:
            try:
                argv = parts.xvfb(self.config.width, self.config.height, write_end)
                server = self._part(argv, env, pass_fds=(write_end,), polite=True)
            finally:
                os.close(write_end)
            number = reader.readline().strip()
        if not number:
            raise BenchError(f"no display: {server.tail()}")
        return f":{number.decode()}"

    def _start_parts(self) -> None:
        # Started together, awaited one by one: on two cores this halves the time.
        settings = self._part(parts.xfconfd(), self._part_env())
        manager = self._part(parts.openbox(), self._part_env())
        if self.config.keyring_password is not None:
            self.keyring.launch(self.config.keyring_password)
        self._await_name(settings, XFCONF)
        if self.config.panel:
            self._panel = self._part(parts.panel(), self._part_env())
        if self.config.notifications is not NotificationDaemon.NONE:
            self._notifier = self._launch_notifier(self.config.notifications)
        if self.config.keyring_password is not None:
            self.keyring.await_unlocked()
        if self._notifier is not None:
            self._await_name(self._notifier, NOTIFICATIONS)
        if self._panel is not None:
            self._await_panel(self._panel)
        self._supervisor.await_ready(manager, self.screen.has_window_manager, PART_START_S, "manage windows")

    def close(self) -> None:
        """End everything; safe to call twice."""
        self._stack.close()

    # ---- programs

    def start(
        self,
        argv: Sequence[str | Path],
        *,
        name: str = "",
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stdin: bool = False,
    ) -> Process:
        """Start a program on this desktop; it is ended with the desktop at the latest.

        Args:
            argv: The program and its arguments.
            name: For log files and messages.
            env: Added to ``self.env``.
            cwd: Its working directory; the home directory by default.
            stdin: Whether it gets a pipe as standard input.
        """
        return self._supervisor.start(argv, {**self.env, **(env or {})}, name=name, cwd=cwd or self.home, stdin=stdin)

    # ---- looking and waiting

    def screenshot(self, name: str) -> Path:
        """Save a picture of the screen as ``<label>-<name>.png`` in the artefacts' folder.

        The folder is ``$TRAYAPP_ARTEFACTS``, else ``build/screenshots`` in the checkout.
        """
        folder = os.environ.get("TRAYAPP_ARTEFACTS") or Path(__file__).parents[2] / "build" / "screenshots"
        return self.screen.save(Path(folder) / f"{self.label}-{name}.png")

    def find_colour(self, rgb: Rgb, tolerance: int = 0, area: Box | None = None) -> tuple[int, int] | None:
        """Find a colour on the screen; see ``Screen.find_colour``."""
        return self.screen.find_colour(rgb, tolerance, area)

    def click(self, x: int, y: int, button: int = 1) -> float:
        """Click; see ``Screen.click``."""
        return self.screen.click(x, y, button)

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        self.screen.move(x, y)

    def key(self, combination: str) -> None:
        """Press a key; see ``Screen.key``."""
        self.screen.key(combination)

    def wait_for(self, predicate: Callable[[], T | None], timeout: float, what: str) -> T:
        """Wait until ``predicate`` answers something true, and give that.

        Raises:
            WaitTimeoutError: It did not within ``timeout`` seconds; the message names a screenshot.
        """
        try:
            return wait_until(predicate, timeout, what)
        except WaitTimeoutError as error:
            picture = self.screenshot("timeout")
            raise WaitTimeoutError(f"{error} (screen: {picture})") from None

    # ---- the tray host

    def stop_panel(self) -> None:
        """End the tray host and wait until its bus name is free."""
        if self._panel is not None:
            self._panel.stop()
            self._panel = None
        wait_until(lambda: not self.bus.has_owner(WATCHER), PART_START_S, "the tray host to leave the bus")

    def start_panel(self) -> None:
        """Start the tray host and wait until items can register."""
        self._panel = self._part(parts.panel(), self._part_env())
        self._await_panel(self._panel)

    def restart_panel(self) -> None:
        """Let the tray host go and come back, as it does when it crashes."""
        self.stop_panel()
        self.start_panel()

    # ---- notifications

    def stop_notifications(self) -> None:
        """End the notification daemon and wait until its bus name is free."""
        if self._notifier is not None:
            self._notifier.stop()
            self._notifier = None
        wait_until(lambda: not self.bus.has_owner(NOTIFICATIONS), PART_START_S, "the notification daemon to leave")

    def start_notifications(self, daemon: NotificationDaemon) -> None:
        """Start a notification daemon, which may be another than the last, and wait until it serves."""
        self._notifier = self._launch_notifier(daemon)
        self._await_name(self._notifier, NOTIFICATIONS)

    def restart_notifications(self) -> None:
        """Let the notification daemon go and come back."""
        self.stop_notifications()
        self.start_notifications(self.popups.daemon)

    # ---- inner workings

    def _part(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        pass_fds: tuple[int, ...] = (),
        polite: bool = False,
    ) -> Process:
        return self._supervisor.start(argv, env, cwd=self.root, pass_fds=pass_fds, polite=polite)

    def _part_env(self) -> dict[str, str]:
        # GSettings from a file, because without activation there is no dconf service.
        return {**self.env, "GSETTINGS_BACKEND": "keyfile"}

    def _launch_notifier(self, daemon: NotificationDaemon) -> Process:
        self.popups.daemon = daemon
        return self._part(parts.notification_daemon(daemon, self.env), self._part_env())

    def _await_name(self, part: Process, name: str) -> None:
        self._supervisor.await_ready(part, lambda: self.bus.has_owner(name), PART_START_S, f"own {name}")

    def _await_panel(self, panel: Process) -> None:
        self._await_name(panel, WATCHER)
        self._supervisor.await_ready(panel, self.tray.panel_is_drawn, PART_START_S, "draw the panel")
