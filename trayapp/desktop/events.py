"""What the desktop tells the one place that decides. All values are immutable and may cross threads."""

from collections.abc import Callable
from dataclasses import dataclass

from trayapp.core.commands import Command


@dataclass(frozen=True, slots=True)
class NoteShown:
    """The desktop accepted the note with this key."""

    key: str


@dataclass(frozen=True, slots=True)
class NoteFailed:
    """The desktop did not accept the note; it has to be shown again when a notifier is there."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotifierBack:
    """A notification service has appeared (again): what was not shown can be shown now."""


@dataclass(frozen=True, slots=True)
class TrayHostMissing:
    """There is nowhere to put the icon; it will appear as soon as a host does."""


@dataclass(frozen=True, slots=True)
class TrayHostBack:
    """A tray host has taken the icon."""


@dataclass(frozen=True, slots=True)
class DesktopGone:
    """The desktop session has ended under us."""


@dataclass(frozen=True, slots=True)
class Woken:
    """The computer has woken from sleep, or its network has changed: what is under way may be dead, and is asked anew.

    Attributes:
        why: What happened, for the log.
    """

    why: str


@dataclass(frozen=True, slots=True)
class LinkFailed:
    """A link that seemed to open did not; the reason says why, and gives the address."""

    reason: str


@dataclass(frozen=True, slots=True)
class WindowGone:
    """The window that was to be shown ended at once; the reason says why, and how to go on without it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The owner asked for something: a click on a note, a menu entry, or a message on the control channel."""

    command: Command


DesktopEvent = (
    NoteShown
    | NoteFailed
    | NotifierBack
    | TrayHostMissing
    | TrayHostBack
    | DesktopGone
    | Woken
    | LinkFailed
    | WindowGone
    | Asked
)
Emit = Callable[[DesktopEvent], None]
"""Delivers an event; callable from any thread, never blocks, never raises."""
