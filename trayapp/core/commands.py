"""What the owner can ask for, from the tray, a notification or the terminal."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

PAUSE = timedelta(hours=1)
"""How long ``Pause`` holds notifications back."""

SNOOZE = timedelta(hours=1)
"""How long ``SnoozeAlert`` puts one alert off."""


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """Open the console at the resource of one alert, and count it as reviewed."""

    alert_id: int
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """Open what there is to review: one alert in the console, several in the window; with none, tell the state."""


@dataclass(frozen=True, slots=True)
class ReviewAlert:
    """Mark one alert as reviewed."""

    alert_id: int


@dataclass(frozen=True, slots=True)
class ThatWasMe:
    """Mark one alert as reviewed: its owner did it."""

    alert_id: int


@dataclass(frozen=True, slots=True)
class SnoozeAlert:
    """Put one alert off for an hour."""

    alert_id: int


class Page(Enum):
    """A page of the window. The values stand on the command line."""

    LIST = "list"
    """What waits to be reviewed."""
    RESPOND = "respond"
    """What to do if it was not its owner."""
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class ShowWindow:
    """Open the window, or raise the one that is open.

    Attributes:
        page: The page to show.
        alert_id: The alert to show there, 0 for none.
    """

    page: Page = Page.LIST
    alert_id: int = 0


@dataclass(frozen=True, slots=True)
class ReviewAll:
    """Mark every alert as reviewed."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold notifications back for an hour; the watching goes on."""


@dataclass(frozen=True, slots=True)
class Resume:
    """End the pause and show what was held back."""


@dataclass(frozen=True, slots=True)
class TellStatus:
    """Say in a notification how things stand."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Stop the program."""


Command = (
    OpenAlert
    | OpenAlerts
    | ReviewAlert
    | ThatWasMe
    | SnoozeAlert
    | ShowWindow
    | ReviewAll
    | Pause
    | Resume
    | TellStatus
    | Quit
)
