"""Starting the window, which is a process of its own: a closed window costs nothing."""

import importlib.util
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

from trayapp.core.commands import Page
from trayapp.core.language import say
from trayapp.core.text import clause

_FAILS_WITHIN = 5.0
"""Seconds. A window that ends with an error later than that was there."""


class WindowFailed(Exception):  # noqa: N818 - named after what it reports
    """The window could not be shown; the text says why, and how to go on without it."""


class Windows:
    """Shows the window, and waits for nothing.

    Args:
        on_failure: Told when the window could be started but ended at once; called in a thread of its own.
        command: What starts trayapp; that with which this one was started, if not given.
    """

    def __init__(self, on_failure: Callable[[WindowFailed], None], command: Sequence[str] = ()) -> None:
        self._on_failure, self._command = on_failure, tuple(command) or _ourselves()

    def show(self, page: Page, alert_id: int = 0) -> None:
        """Show a page, in the window that is open or in a new one.

        Args:
            page: The page.
            alert_id: The alert to show there, 0 for none.

        Raises:
            WindowFailed: It cannot be started.
        """
        if importlib.util.find_spec("tkinter") is None:
            raise _failed(say("Python's Tk is missing (on Debian and Ubuntu: apt install python3-tk)"), page, alert_id)
        alert = ("--alert", str(alert_id)) if alert_id else ()
        try:
            process = subprocess.Popen(  # noqa: S603 - ourselves, with our own words
                [*self._command, "window", "--page", page.value, *alert],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise _failed(str(error), page, alert_id) from error
        threading.Thread(target=self._see_off, args=(process, page, alert_id), name="window", daemon=True).start()

    def _see_off(self, process: subprocess.Popen[bytes], page: Page, alert_id: int) -> None:
        """Wait for the window's end, so that it does not stay behind as a zombie."""
        started = time.monotonic()
        _, said = process.communicate()
        if process.returncode and time.monotonic() - started <= _FAILS_WITHIN:
            why = said.decode("utf-8", "replace").strip().splitlines()
            silent = say("exit code {code}", code=process.returncode)
            self._on_failure(_failed(why[-1] if why else silent, page, alert_id))


def _ourselves() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return sys.executable, "-P", "-m", "trayapp"


def _failed(why: str, page: Page, alert_id: int) -> WindowFailed:
    instead = f"trayapp respond {alert_id}" if page is Page.RESPOND and alert_id else "trayapp alerts"
    # The command line's library begins with this, in the language that is spoken.
    why = clause(why.removeprefix(say("Error: {message}", message="")))
    return WindowFailed(say("{why}. In a terminal: {command}", why=why, command=instead))
