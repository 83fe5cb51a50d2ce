"""A notification, before any desktop has seen it."""

from dataclasses import dataclass
from enum import Enum

from trayapp.core.commands import Command
from trayapp.core.view import Icon

TITLE_COLUMNS = 46
"""So many columns of a title are shown everywhere; Xfce cuts what is wider."""


class Urgency(Enum):
    """The levels of the freedesktop.org notification specification; other systems map them."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Button:
    """A button and what it asks for."""

    label: str
    command: Command


@dataclass(frozen=True, slots=True)
class Note:
    """What a notification says.

    Attributes:
        key: Names the notification: showing another note with the same key replaces it in place.
        title: One line of plain text.
        body: Plain text, at most a few lines.
        urgency: How it may interrupt.
        stays: It stays on screen until it is dismissed.
        default: What a click on the note itself asks for, and the words for it where the desktop draws a button.
        buttons: Further buttons.
        icon: What its picture tells; the application's own mark without one.
        quiet: It only brings a note up to date that is still to be seen; where that is gone it stays away.
        link: The address behind the note, for where nothing can be clicked; may be empty.
    """

    key: str
    title: str
    body: str
    urgency: Urgency
    stays: bool
    default: Button | None = None
    buttons: tuple[Button, ...] = ()
    icon: Icon | None = None
    quiet: bool = False
    link: str = ""
