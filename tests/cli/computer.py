"""A home of its own, and the command in it, on a computer without a desktop and without a keyring."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


class Computer:
    """A home of its own, and the command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "PATH": os.environ["PATH"],
            "TZ": "Asia/Tokyo",
            "LANG": "C.UTF-8",
        }
        (home / "run").mkdir(mode=0o700)

    def run(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "trayapp", *arguments],
            input=stdin,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def run_bytes(self, *arguments: str) -> bytes:
        """Give what a command that has to succeed writes, with its own line ends."""
        return subprocess.run(
            [sys.executable, "-m", "trayapp", *arguments], env=self.env, stdout=subprocess.PIPE, timeout=60, check=True
        ).stdout

    @property
    def store(self) -> Path:
        return self.home / ".local" / "share" / "trayapp" / "alerts.sqlite3"

    def settings(self, text: str) -> Path:
        path = self.home / ".config" / "trayapp" / "settings.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return path
