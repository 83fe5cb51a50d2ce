"""Notifications on Windows and macOS, by the desktop-notifier library.

What it hides is looked for: it swallows every error in sending (so only its word that a note was dispatched counts),
and where it can do nothing at all, as on macOS outside an application bundle, it takes every note without a sound.
What stays hidden is an error that macOS reports after it has taken a note: that stands in the library's log alone.
https://desktop-notifier.readthedocs.io/en/latest/
"""

import asyncio
import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from trayapp.core.commands import Command
from trayapp.core.language import say
from trayapp.core.notes import Note, Urgency
from trayapp.desktop.app_icon import app_icon
from trayapp.desktop.events import Asked, DesktopEvent, Emit, NoteFailed, NoteShown

log = logging.getLogger(__name__)

_START_SECONDS = 5.0
_CLOSING_SECONDS = 0.5


class Unavailable(Exception):  # noqa: N818 - named after what it reports
    """There are no notifications to be had in this way. The text says why."""


class NativeNotifier:
    """Shows notes in the system's notification centre.

    Args:
        emit: Where events go.

    Raises:
        Unavailable: The library is missing, or can show nothing here.
    """

    name = "desktop-notifier"

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._closed = False
        self._closing = threading.Lock()
        self._icon = icon if (icon := Path(app_icon())).is_file() else None
        # These belong to the loop's thread.
        self._library: Any = None
        self._centre: Any = None
        self._notes: dict[str, Note] = {}
        self._loop = asyncio.new_event_loop()
        self._running = threading.Thread(target=self._loop.run_forever, name="notifications", daemon=True)
        self._running.start()
        try:
            asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(_START_SECONDS)
        except Exception as error:
            self.close()
            if isinstance(error, Unavailable):
                raise
            raise Unavailable(f"desktop-notifier does not work here: {error!r}") from error

    def show(self, note: Note) -> None:
        """Show ``note``, in the place of an earlier one with the same key."""
        self._do(lambda: self._show(note))

    def withdraw(self, key: str) -> None:
        """Take the note with this key away."""
        self._do(lambda: self._withdraw(_identifier(key)))

    def close(self) -> None:
        """Stop. What is on the screen stays there."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._finish(), self._loop)
        self._running.join(_CLOSING_SECONDS)
        if not self._running.is_alive():
            self._loop.close()

    def _do(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with self._closing:
            if not self._closed:
                asyncio.run_coroutine_threadsafe(work(), self._loop)

    async def _start(self) -> None:
        try:
            # Installed on these two systems alone.
            import desktop_notifier  # type: ignore[import-not-found] # noqa: PLC0415 - as the line above says
        except ImportError as error:
            raise Unavailable(f"desktop-notifier is not installed: {error}") from error
        self._library = desktop_notifier
        icon = desktop_notifier.Icon(path=self._icon) if self._icon else None
        self._centre = desktop_notifier.DesktopNotifier("trayapp", icon)
        if not await self._centre.get_capabilities():
            raise Unavailable("notifications are for application bundles only on macOS, or the system is too old")
        # By the notifier and not by each notification: the library forgets a notification when it is replaced, and on
        # macOS buttons with the same labels share the identifiers of the first that had them.
        self._centre.on_clicked = self._clicked
        self._centre.on_button_pressed = self._pressed

    async def _finish(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._loop.call_soon(self._loop.stop)

    async def _show(self, note: Note) -> None:
        identifier = _identifier(note.key)
        if note.quiet and not await self._still_there(identifier):
            return
        self._notes[identifier] = note
        try:
            failure = await self._send(identifier, note)
        except Exception as error:
            log.exception("a notification could not be sent")
            failure = say("the system did not take it: {error}", error=error)
        self._tell(NoteFailed(note.key, failure) if failure else NoteShown(note.key))

    async def _still_there(self, identifier: str) -> bool:
        """Tell whether a note of ours is still to be seen, on the screen or in the system's list."""
        try:
            there = identifier in await self._centre.get_current_notifications()
        except Exception:
            log.exception("the system does not tell which notifications are there")
            return False
        return there and identifier in self._notes  # it may have been withdrawn meanwhile

    async def _send(self, identifier: str, note: Note) -> str:
        """Send a note; gives why that failed, or an empty text."""
        library = self._library
        # Asks the owner the first time on macOS, and only tells afterwards.
        if not await self._centre.request_authorisation():
            return say("notifications from trayapp are switched off in the system's settings")
        dispatched: list[str] = []
        urgencies = {
            Urgency.LOW: library.Urgency.Low,
            Urgency.NORMAL: library.Urgency.Normal,
            Urgency.CRITICAL: library.Urgency.Critical,
        }
        await self._centre.send_notification(
            library.Notification(
                title=note.title,
                message=note.body,
                urgency=urgencies[note.urgency],
                buttons=tuple(
                    library.Button(title=button.label, identifier=str(place))
                    for place, button in enumerate(note.buttons)
                ),
                sound=library.DEFAULT_SOUND if note.urgency is Urgency.CRITICAL else None,
                on_dispatched=lambda: dispatched.append(identifier),
                identifier=identifier,
            )
        )
        return "" if dispatched else say("the system did not take it; the log says why")

    async def _withdraw(self, identifier: str) -> None:
        self._notes.pop(identifier, None)
        # Whatever it was, the note is none that anybody waits for.
        with contextlib.suppress(Exception):
            await self._centre.clear(identifier)

    def _clicked(self, identifier: str) -> None:
        note = self._notes.get(identifier)
        if note and note.default:
            self._ask(note.default.command)

    def _pressed(self, identifier: str, place: str) -> None:
        note = self._notes.get(identifier)
        if note and int(place) < len(note.buttons):
            self._ask(note.buttons[int(place)].command)

    def _ask(self, command: Command) -> None:
        self._tell(Asked(command))

    def _tell(self, event: DesktopEvent) -> None:
        with self._closing:
            if not self._closed:
                self._emit(event)


def _identifier(key: str) -> str:
    """Name a note as Windows takes it: by 16 characters at most on its older versions.

    https://learn.microsoft.com/en-us/uwp/api/windows.ui.notifications.toastnotification.tag
    """
    return hashlib.sha256(key.encode()).hexdigest()[:16]
