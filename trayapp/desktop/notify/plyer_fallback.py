"""Notifications by plyer, for where nothing better is to be had.

They have no buttons, cannot be replaced or withdrawn, and tell nothing of what becomes of them: on Linux, plyer drops
the exit code of notify-send, and on Windows what goes wrong in the thread it starts. What it does report is reported.
"""

import html
import importlib.util
import logging
import shutil
import sys
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from trayapp.core.language import say
from trayapp.core.notes import Note
from trayapp.core.text import shorten
from trayapp.desktop.app_icon import app_icon
from trayapp.desktop.events import DesktopEvent, Emit, NoteFailed, NoteShown

log = logging.getLogger(__name__)

_SECONDS = 10
# NOTIFYICONDATAW's szInfoTitle and szInfo in UTF-16 units, without the final zero: plyer fails on anything longer.
# https://learn.microsoft.com/en-us/windows/win32/api/shellapi/ns-shellapi-notifyicondataw
_WINDOWS_TITLE, _WINDOWS_BODY = 63, 255


def viable() -> bool:
    """Tell whether plyer can show anything here; where it cannot, it only warns, and says nothing to its caller."""
    if sys.platform == "win32":
        return True
    if sys.platform == "darwin":
        return importlib.util.find_spec("pyobjus") is not None
    # In a Flatpak plyer writes what it shows into a command of gdbus without quoting it: not for what others chose.
    return not Path("/app").is_dir() and (_has_dbus_python() or shutil.which("notify-send") is not None)


class PlyerNotifier:
    """Shows notes by plyer.

    Args:
        emit: Where events go.
    """

    name = "plyer"

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        # Each of plyer's ways may block: on a bus, on a program.
        self._notes: SimpleQueue[Note | None] = SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        threading.Thread(target=self._work, name="plyer", daemon=True).start()

    def show(self, note: Note) -> None:
        """Show ``note``, beside an earlier one with the same key; a quiet one is left out."""
        if not note.quiet:
            self._notes.put(note)

    def withdraw(self, key: str) -> None:
        """Do nothing: plyer has no way to."""

    def close(self) -> None:
        """Stop."""
        with self._closing:
            self._closed = True
        self._notes.put(None)

    def _work(self) -> None:
        while (note := self._notes.get()) is not None:
            if self._closed:
                return
            try:
                _way().notify(**_arguments(note))
            except Exception as error:  # noqa: BLE001 - plyer's ways raise whatever theirs raise
                log.warning("plyer could not show a notification: %r", error)
                self._tell(NoteFailed(note.key, say("plyer could not show it: {error}", error=error)))
            else:
                self._tell(NoteShown(note.key))

    def _tell(self, event: DesktopEvent) -> None:
        with self._closing:
            if not self._closed:
                self._emit(event)


def _way() -> Any:  # noqa: ANN401 - plyer is untyped
    """Choose plyer's way of notifying. Its own choice on Linux warns in words that mean nothing to the owner."""
    if sys.platform != "linux":
        import plyer  # noqa: PLC0415 - loaded where it is used alone

        return plyer.notification
    from plyer.platforms.linux.notification import NotifyDbus, NotifySendNotification  # noqa: PLC0415 - as above

    return NotifyDbus() if _has_dbus_python() else NotifySendNotification()


def _arguments(note: Note) -> dict[str, Any]:
    title, body, icon, seconds = note.title, note.body, app_icon(), 0 if note.stays else _SECONDS
    if sys.platform == "win32":
        title, body = _fit(title, _WINDOWS_TITLE), _fit(body, _WINDOWS_BODY)
        icon = str(Path(icon).parents[3] / "trayapp.ico") if Path(icon).is_file() else ""
        # With any other time plyer keeps a thread asleep for as long, and the program cannot end before.
        seconds = 0
    elif sys.platform == "linux":
        # Services read the body as markup, and notify-send reads what begins with a dash as an option.
        title, body = _undashed(title), _undashed(html.escape(body, quote=False))
    return {"title": title, "message": body, "app_name": "trayapp", "app_icon": icon, "timeout": seconds}


def _undashed(text: str) -> str:
    return f" {text}" if text.startswith("-") else text


def _fit(text: str, units: int) -> str:
    """Shorten a text to so many UTF-16 code units."""
    short = shorten(text, units)
    return short if len(short.encode("utf-16-le", "replace")) // 2 <= units else shorten(text, units // 2)


def _has_dbus_python() -> bool:
    return importlib.util.find_spec("dbus") is not None
