"""What the tray shows: a light, a count, a tooltip and a menu."""

from dataclasses import dataclass
from enum import Enum

from trayapp.core.commands import Command
from trayapp.core.severity import Severity


class Light(Enum):
    """The state the icon tells. The values are stable: ``trayapp status --json`` prints them."""

    WATCHING = "watching"
    TO_REVIEW = "to-review"
    NOT_WATCHING = "not-watching"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Icon:
    """What the icon is drawn from.

    Attributes:
        light: The state.
        count: Alerts to review. It may be above zero in every light but ``WATCHING``.
        worst: The heaviest severity to review, ``None`` when there is nothing.
    """

    light: Light
    count: int = 0
    worst: Severity | None = None


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu.

    Attributes:
        label: Plain text.
        command: What a click asks for; ``None`` for a line that only tells.
    """

    label: str
    command: Command | None = None


@dataclass(frozen=True, slots=True)
class Separator:
    """A rule between two groups of the menu."""


@dataclass(frozen=True, slots=True)
class TrayView:
    """Everything the tray shows at one moment. ``activate`` is what a plain click on the icon asks for."""

    icon: Icon
    tooltip: str
    menu: tuple[MenuEntry | Separator, ...]
    activate: Command
