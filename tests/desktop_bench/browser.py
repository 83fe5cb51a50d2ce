"""Stands in for the browser."""

from pathlib import Path

from desktop_bench.waiting import wait_until

_SCRIPT = """#!/bin/sh
printf '%s\\n' "$*" >> "{log}"
"""


class RecordedBrowser:
    """A program that notes its arguments, one line per start, and ends.

    Args:
        folder: Where script and notes are kept.

    Attributes:
        command: The argument list for a "browser command" setting; ``{url}`` stands for the address.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "opened.txt"
        script = folder / "browser"
        script.write_text(_SCRIPT.format(log=self._log), encoding="utf-8")
        script.chmod(0o755)
        self.command = [str(script), "{url}"]

    def urls(self) -> list[str]:
        """What it was asked to open so far, in order."""
        # An unfinished last line is not counted before its end is there.
        text = self._log.read_text(encoding="utf-8") if self._log.exists() else ""
        return text.split("\n")[:-1]

    def wait_url(self, count: int = 1, timeout: float = 5.0) -> str:
        """Wait until it was started ``count`` times in all, and give the last of these addresses."""
        wait_until(lambda: len(self.urls()) >= count, timeout, f"the browser to be opened {count} times")
        return self.urls()[count - 1]
