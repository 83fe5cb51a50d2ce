"""One window for each owner: a second start raises the first."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from trayapp.desktop import instance
from trayapp.desktop.control import Message

_SECONDS = 3.0


class Page(Enum):
    """What the window shows. Stable names, since other processes say them."""

    LIST = "list"
    RESPOND = "respond"
    HISTORY = "history"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see.

    Attributes:
        page: The page.
        alert: The number of an incident; 0 for none in particular.
    """

    page: Page = Page.LIST
    alert: int = 0

    def said(self) -> Message:
        """Write it for the channel."""
        return {"ask": "show", "page": self.page.value, "alert": self.alert}


def understood(request: Message) -> Wish | None:
    """Read a wish off the channel; ``None`` for anything else."""
    page, alert = request.get("page"), request.get("alert")
    known = {each.value: each for each in Page}
    if request.get("ask") != "show" or not isinstance(page, str) or page not in known or not isinstance(alert, int):
        return None
    return Wish(known[page], alert)


def place(runtime: Path) -> Path:
    """Give the folder of the window's own lock and channel."""
    return runtime / "window"


def raise_other(runtime: Path, wish: Wish) -> bool:
    """Ask the window that is open to show something; tell whether there is one."""
    try:
        return bool(instance.ask(place(runtime), wish.said(), _SECONDS).get("shown"))
    except (instance.NotRunning, instance.NoAnswer):
        return False


def claim(runtime: Path) -> instance.Instance:
    """Become the one window.

    Raises:
        AlreadyRunning: There is one.
        UnsafeFolder: Others could reach into its folder.
    """
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    return instance.claim(place(runtime))
