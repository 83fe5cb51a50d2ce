"""Notifications on the freedesktop.org desktops.

Desktop Notifications Specification: https://specifications.freedesktop.org/notification-spec/latest/. What real
services do beyond it, or instead of it, is said where it matters.
"""

import asyncio
import html
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dbus_fast import Variant
from PIL import Image

from trayapp.core.commands import OpenAlert
from trayapp.core.language import say
from trayapp.core.notes import Button, Note
from trayapp.desktop.events import Asked, Emit, NoteFailed, NoteShown, NotifierBack
from trayapp.desktop.linux.bus import Bus, BusState
from trayapp.desktop.linux.connection import PATIENCE, BusError
from trayapp.desktop.linux.messages import Remote, Signal, wire_text
from trayapp.desktop.outlet import Outlet
from trayapp.desktop.tray.base import Draw

_log = logging.getLogger(__name__)

NOTIFICATIONS = Remote(
    "org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications"
)
"""The service, as the specification names it."""

_APP_NAME = "trayapp"
_DEFAULT_ACTION = "default"
_PICTURE = 64
"""Pixels; services show 32 to 64."""
_NEVER, _AS_THE_SERVICE_LIKES = 0, -1  # values of expire_timeout
_NOBODY_THERE = frozenset({"org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner"})


@dataclass(frozen=True, slots=True)
class _Service:
    """Who shows the notes now, and what it can do."""

    owner: str
    markup: bool
    actions: bool


@dataclass(slots=True)
class _Late:
    """A note whose service has not answered in time; the answer may still come."""

    key: str
    delivery: asyncio.Task[None]
    unwanted: bool = False


class FreedesktopNotifier:
    """Shows notes through whichever notification service owns the well-known name.

    One task works off one queue, so that what happens to a note happens in the order it was asked for, however
    late the service answers. A service that takes longer than ``PATIENCE`` counts as away: the note in hand and all
    later ones fail, until the answer comes after all and ``NotifierBack`` is told.

    Args:
        bus: The session's bus.
        emit: Where events go.
        icon: The application's icon, as a path or by its name in the icon theme, for notes without one of their own.
        draw: Draws a note's own icon.
    """

    name = "org.freedesktop.Notifications"

    def __init__(self, bus: Bus, emit: Emit, icon: str, draw: Draw) -> None:
        self._bus = bus
        self._outlet = Outlet(emit)
        self._icon = icon
        self._draw = draw
        self._jobs: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._worker: asyncio.Task[Any] | None = None
        self._owner: str | None = None
        self._service: _Service | None = None
        self._late: _Late | None = None
        self._ids: dict[str, int] = {}
        self._notes: dict[int, Note] = {}
        self._tokens: dict[int, str] = {}
        bus.thread.spawn(self._work)

    def show(self, note: Note) -> None:
        """Show ``note``, in place of the one with the same key if that is still there."""
        self._bus.thread.post(self._jobs.put_nowait, partial(self._show, note))

    def withdraw(self, key: str) -> None:
        """Take the note with this key away, if it is still there."""
        self._bus.thread.post(self._jobs.put_nowait, partial(self._withdraw, key))

    def close(self) -> None:
        """Stop; notes that are on screen stay there, to be read."""
        self._outlet.shut()
        self._bus.thread.post(self._stop)

    def _stop(self) -> None:
        if self._worker:
            self._worker.cancel()
        if self._late:
            self._late.delivery.cancel()

    async def _work(self) -> None:
        self._worker = asyncio.current_task()
        self._bus.follow(self._bus_changed)
        try:
            await self._bus.watch_owner(NOTIFICATIONS.name, self._owner_changed)
            await self._bus.subscribe(NOTIFICATIONS, self._signalled)
        except BusError as error:
            _log.warning("Notifications cannot be followed: %s", error)
        while True:
            job = await self._jobs.get()
            await job()

    # Showing

    async def _show(self, note: Note) -> None:
        if note.quiet and note.key not in self._ids:
            return
        if self._late:
            self._fail(note.key, say("The notification service does not answer."))
            return
        delivery = asyncio.create_task(self._deliver(note))
        try:
            await asyncio.wait({delivery}, timeout=PATIENCE)
        except asyncio.CancelledError:
            delivery.cancel()
            raise
        if not delivery.done():
            self._late = _Late(note.key, delivery)
            delivery.add_done_callback(self._answered_late)
            self._fail(note.key, say("The notification service does not answer."))
        elif error := delivery.exception():
            self._fail(note.key, _reason(error))
        else:
            self._outlet(NoteShown(note.key))

    async def _deliver(self, note: Note) -> None:
        """Hand ``note`` over and remember its id; raises what went wrong."""
        service = await self._known_service()
        body = wire_text(note.body)
        actions = [text for key, button in _buttons(note).items() for text in (key, wire_text(button.label))]
        hints = {"urgency": Variant("y", note.urgency.value), "desktop-entry": Variant("s", _APP_NAME)}
        if note.icon:
            hints["image-data"] = Variant("(iiibiiay)", _pixels(self._draw(note.icon, _PICTURE)))
        [note_id] = await self._bus.call(
            replace(NOTIFICATIONS, name=service.owner),
            "Notify",
            "susssasa{sv}i",
            _APP_NAME,
            self._ids.get(note.key, 0),
            self._icon,
            wire_text(note.title),
            # Without the capability the body is shown as it is, with it an unescaped "<" is markup or an error.
            html.escape(body, quote=False) if service.markup else body,
            actions if service.actions else [],
            hints,
            _NEVER if note.stays else _AS_THE_SERVICE_LIKES,
            patience=None,
        )
        # Nothing may be awaited between the answer and here: the next signal may already be about this id.
        if self._owner == service.owner:
            self._forget(self._ids.get(note.key, 0))
            self._ids[note.key] = note_id
            self._notes[note_id] = note

    async def _known_service(self) -> _Service:
        if self._service and self._service.owner == self._owner:
            return self._service
        # The first call goes to the well-known name, so that the bus starts the service where it can.
        name, vendor, version, _ = await self._bus.call(NOTIFICATIONS, "GetServerInformation", patience=None)
        if not self._owner:
            raise BusError(say("The notification service left as soon as it had come."))
        owner = self._owner
        [capabilities] = await self._bus.call(replace(NOTIFICATIONS, name=owner), "GetCapabilities", patience=None)
        _log.info("Notifications go to %s %s (%s): %s", name, version, vendor, ", ".join(sorted(capabilities)))
        self._service = _Service(owner, "body-markup" in capabilities, "actions" in capabilities)
        return self._service

    def _answered_late(self, delivery: asyncio.Task[None]) -> None:
        late, self._late = self._late, None
        if delivery.cancelled() or late is None:
            return
        if error := delivery.exception():
            _log.warning("A note that was given up has failed: %s", error)
            return
        if late.unwanted:
            self._take_away(late.key)
        self._jobs.put_nowait(self._tell_back)

    def _fail(self, key: str, reason: str) -> None:
        self._outlet(NoteFailed(key, reason))

    # Taking away

    async def _withdraw(self, key: str) -> None:
        if self._late and self._late.key == key:
            self._late.unwanted = True
        self._take_away(key)

    def _take_away(self, key: str) -> None:
        note_id = self._ids.get(key, 0)
        if note_id:
            self._forget(note_id)
            self._close_note(note_id)

    def _close_note(self, note_id: int) -> None:
        if self._owner:
            self._bus.send(replace(NOTIFICATIONS, name=self._owner), "CloseNotification", "u", note_id)

    def _forget(self, note_id: int) -> None:
        self._tokens.pop(note_id, None)
        note = self._notes.pop(note_id, None)
        if note:
            self._ids.pop(note.key, None)

    # What the service and the bus tell

    def _owner_changed(self, owner: str) -> None:
        at_start = self._owner is None
        self._owner = owner
        # No popup outlives its service, none is reported closed then, and the next service counts anew. It may even
        # have the same unique name, on another bus.
        self._service = None
        self._ids.clear()
        self._notes.clear()
        self._tokens.clear()
        if owner and not at_start:
            # Behind the jobs that wait: if it was one of them that made the bus start the service, they have had
            # their outcome when this is told, and are not shown twice.
            self._jobs.put_nowait(self._tell_back)

    def _bus_changed(self, state: BusState) -> None:
        # A service that the bus starts when it is called has no owner yet, and nobody else would call it.
        if state is BusState.HERE and not self._owner:
            self._outlet(NotifierBack())

    async def _tell_back(self) -> None:
        if self._owner:
            self._outlet(NotifierBack())

    def _signalled(self, signal: Signal) -> None:
        if signal.sender != self._owner:
            return
        match signal.member, signal.body:
            case "NotificationClosed", [int(note_id), *_]:
                self._forget(note_id)
            case "ActivationToken", [int(note_id), str(token)] if note_id in self._notes:
                self._tokens[note_id] = token
            case "ActionInvoked", [int(note_id), str(action)] if note_id in self._notes:
                self._acted(note_id, action)

    def _acted(self, note_id: int, action: str) -> None:
        button = _buttons(self._notes[note_id]).get(action)
        if button is None:
            return
        command = button.command
        if isinstance(command, OpenAlert):
            command = replace(command, activation_token=self._tokens.get(note_id, ""))
        # Most services close a note after its action, LXQt's does not; for the others this is an id they no longer
        # know, and they ignore it.
        self._forget(note_id)
        self._close_note(note_id)
        self._outlet(Asked(command))


def _buttons(note: Note) -> dict[str, Button]:
    """Give the note's buttons by the keys that name them on the bus."""
    buttons = {str(number): button for number, button in enumerate(note.buttons)}
    return {_DEFAULT_ACTION: note.default, **buttons} if note.default else buttons


def _pixels(picture: Image.Image) -> list[Any]:
    """Give a picture as the hint ``image-data`` wants it ("Icons and Images"), eight bits to each of four channels."""
    rgba = picture.convert("RGBA")
    return [rgba.width, rgba.height, 4 * rgba.width, True, 8, 4, rgba.tobytes()]


def _reason(error: BaseException) -> str:
    if isinstance(error, BusError) and error.name in _NOBODY_THERE:
        return say("No notification service is running.")
    return str(error) or type(error).__name__
