"""The program as its owner runs it: signed in from a real keyring, in a process of its own, on a desktop of its own."""

import json
import sys
from pathlib import Path
from typing import Any

from desktop_bench.cloud import Cloud, Inbox
from desktop_bench.processes import Process
from desktop_bench.session import Desktop
from desktop_bench.waiting import wait_until

COMMAND = [sys.executable, "-m", "trayapp"]
START_S = 15.0
"""Seconds that starting may take on a machine with much else to do; on an idle one it takes half of one."""


class Owner:
    """Somebody at this desktop, with an account in this cloud.

    Args:
        desktop: Their desktop.
        cloud: Their cloud.
        inbox: The queue of their account.
    """

    def __init__(self, desktop: Desktop, cloud: Cloud, inbox: Inbox) -> None:
        self.desktop, self.cloud, self.inbox = desktop, cloud, inbox
        settings = Path(desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
        settings.parent.mkdir(mode=0o700, exist_ok=True)
        settings.write_text(f"# my own browser\nbrowser_command = {json.dumps(desktop.browser.command)}\n")
        self.settings = settings

    def command(self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> Process:
        """Run a command to its end."""
        process = self.desktop.start([*COMMAND, *arguments], name=f"trayapp-{arguments[0]}", stdin=bool(stdin), env=env)
        if stdin:
            process.stdin.write(stdin.encode())
            process.stdin.close()
        process.wait(START_S)
        return process

    def sign_in(self, account: str = "private", **changes: str) -> Process:
        """Sign in as a program would."""
        details = {
            "access_key_id": self.cloud.access_key_id,
            "secret_access_key": self.cloud.secret_access_key,
            "region": self.cloud.region,
            "queue_url": self.inbox.queue_url,
            "endpoint_url": self.cloud.endpoint_url,
            **changes,
        }
        return self.command("login", account, "--stdin", stdin=json.dumps(details))

    def start(self, *arguments: str, env: dict[str, str] | None = None) -> Process:
        """Start the tray and wait until it watches."""
        process = self.desktop.start([*COMMAND, "run", *arguments], name="trayapp", env=env)
        self.await_state("watching", process)
        return process

    def log(self) -> str:
        """Read the program's log, for the report of a test that failed."""
        path = Path(self.desktop.env["XDG_STATE_HOME"], "trayapp", "log", "trayapp.log")
        return path.read_text("utf-8") if path.exists() else "(no log)"

    def status(self) -> dict[str, Any]:
        """Ask for the state as a program would."""
        record: dict[str, Any] = json.loads(self.command("status", "--json").stdout())
        return record

    def alerts(self) -> list[dict[str, Any]]:
        """Ask for the alerts as a program would."""
        records: list[dict[str, Any]] = json.loads(self.command("alerts", "--json").stdout())
        return records

    def await_state(self, state: str, process: Process | None = None) -> dict[str, Any]:
        """Wait until the state is this one."""

        def reached() -> dict[str, Any] | None:
            if process is not None and not process.alive:
                raise AssertionError(process.tail())
            status = self.status()
            return status if status["state"] == state else None

        return wait_until(reached, START_S, f"the state to be {state}")
