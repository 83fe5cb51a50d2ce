"""Opening links in the owner's browser."""

import contextlib
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from trayapp.core.language import say

log = logging.getLogger(__name__)

PLACE = "{url}"
"""Stands for the address in a browser command."""

_FAILS_WITHIN = 2.0
"""Seconds. A command that fails later than that did open something: it is the browser itself, closed by its owner."""

_PLAIN = re.compile("[!-~]+")


class BrowserFailed(Exception):  # noqa: N818 - named after what it reports
    """A link could not be opened. The text says why, and gives the address for the owner to open it."""


class Browser:
    """Opens links, and waits for nothing.

    Args:
        command: An argument list with ``{url}`` somewhere in it; empty for the system's own way of opening links. It
            never passes through a shell.
        on_failure: Told when a command that could be started failed soon after; called in a thread of its own.
            Without it that is only logged.

    Raises:
        ValueError: ``command`` does not say where the address goes.
    """

    def __init__(self, command: Sequence[str] = (), on_failure: Callable[[BrowserFailed], None] | None = None) -> None:
        if command and not any(PLACE in part for part in command):
            raise ValueError(f"the browser command must say where the address goes: add {PLACE}")
        self._command = tuple(command)
        self._on_failure = on_failure

    def open(self, url: str, activation_token: str = "") -> None:
        """Open a link.

        Args:
            url: An ``https`` address; no other is opened, whoever asks.
            activation_token: What the desktop gave with the click, so that the browser may come to the front
                (https://wayland.app/protocols/xdg-activation-v1).

        Raises:
            BrowserFailed: It cannot be opened.
        """
        if not _is_https(url):
            raise BrowserFailed(say("Not opened, because only https addresses are: {address}", address=url))
        if sys.platform == "win32" and not self._command:
            self._open_on_windows(url)
            return
        command = [part.replace(PLACE, url) for part in self._command or _system_command(url)]
        try:
            process = subprocess.Popen(  # noqa: S603 - the owner's own command, without a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # A session of its own: the browser stays when we go.
                start_new_session=True,
                env=_environment(os.environ, activation_token),
            )
        except (OSError, ValueError) as error:
            why = say("{program} cannot be started ({reason})", program=command[0], reason=_reason(error))
            raise _failed(why, url) from error
        threading.Thread(target=self._see_off, args=(process, command[0], url), name="browser", daemon=True).start()

    def _open_on_windows(self, url: str) -> None:
        if sys.platform == "win32":
            try:
                os.startfile(url)  # noqa: S606 - an https address opens the owner's browser
            except OSError as error:
                why = say("Windows could not open the browser ({reason})", reason=_reason(error))
                raise _failed(why, url) from error

    def _see_off(self, process: subprocess.Popen[bytes], program: str, url: str) -> None:
        """Wait for the command's end, so that it does not stay behind as a zombie."""
        started = time.monotonic()
        code = process.wait()
        if code and time.monotonic() - started <= _FAILS_WITHIN:
            failure = _failed(say("{program} failed (exit code {code})", program=program, code=code), url)
            log.warning("%s", failure)
            if self._on_failure:
                self._on_failure(failure)


def _is_https(url: str) -> bool:
    # Whoever makes links escapes what is not plain ASCII; anything else in one is somebody's trick.
    if not _PLAIN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def _system_command(url: str) -> tuple[str, ...]:
    if sys.platform == "darwin":
        return "/usr/bin/open", PLACE
    if shutil.which("xdg-open"):
        return "xdg-open", PLACE
    # Python knows more ways to find a browser. Its own way of starting one leaves zombies, so it only names it.
    with contextlib.suppress(webbrowser.Error):
        name = getattr(webbrowser.get(), "name", "")
        if shutil.which(name):
            return name, PLACE
    raise _failed(say("no browser was found here"), url)


def _environment(ours: Mapping[str, str], activation_token: str) -> dict[str, str]:
    """Make a browser's environment from ours."""
    # Tokens are good for one start, and what stands in ours was good for our own.
    theirs = {name: value for name, value in ours.items() if name not in {"XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"}}
    if activation_token and "\0" not in activation_token:
        theirs["XDG_ACTIVATION_TOKEN"] = theirs["DESKTOP_STARTUP_ID"] = activation_token
    # A frozen program runs with its own libraries first; others must not.
    # https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
    if getattr(sys, "frozen", False):
        theirs.pop("LD_LIBRARY_PATH", None)
        if before := theirs.pop("LD_LIBRARY_PATH_ORIG", None):
            theirs["LD_LIBRARY_PATH"] = before
    return theirs


def _failed(why: str, url: str) -> BrowserFailed:
    return BrowserFailed(
        say("The link was not opened: {why}. Open it yourself, or set browser_command: {address}", why=why, address=url)
    )


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
