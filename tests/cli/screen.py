"""A command in a terminal of a given size, and everything that it writes there."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass

from cli.computer import Computer


@dataclass(frozen=True)
class Shown:
    r"""What a command has left on its terminal.

    Attributes:
        code: Its exit code.
        text: All it has written, line ends as ``\n``.
    """

    code: int
    text: str


def run(
    computer: Computer, *arguments: str, columns: int = 80, lines: int = 24, env: Mapping[str, str] | None = None
) -> Shown:
    """Run a command whose input, output and errors are one terminal, until it ends."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (lines, columns))
    process = subprocess.Popen(
        [sys.executable, "-m", "trayapp", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**computer.env, "TERM": "xterm-256color", **(env or {})},
        start_new_session=True,
    )
    os.close(theirs)
    written = b""
    while chunk := _read(ours):
        written += chunk
    os.close(ours)
    return Shown(process.wait(60), written.decode().replace("\r\n", "\n"))


def _read(terminal: int) -> bytes:
    """Read some of it; nothing when the last who had it open is gone, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
