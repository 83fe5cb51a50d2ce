"""A tray item's menu: its lines as told over the bus, and its rows on the screen.

The protocol is com.canonical.dbusmenu, whose only specification is the XML in libdbusmenu
(https://github.com/AyatanaIndicators/libdbusmenu/blob/master/libdbusmenu-glib/dbus-menu.xml).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import ImageChops

from desktop_bench.dbus_client import DBusClient, plain
from desktop_bench.errors import BenchError
from desktop_bench.screen import Box, Screen
from desktop_bench.spy import BusSpy
from desktop_bench.waiting import wait_until

DBUSMENU = "com.canonical.dbusmenu"

# Of the pinned theme, Adwaita for GTK 3, in pixels.
_PADDING = 4
_SEPARATOR = 1

_SMALLEST_MENU = 20
_REACTION_S = 5.0


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of a menu.

    Attributes:
        id: Its number in the protocol.
        label: As a person reads it; empty for a separator.
        enabled: Whether it can be chosen.
        visible: Whether it is drawn.
        separator: Whether it is a rule between two groups.
        checked: Whether it carries a tick; ``None`` if it can carry none.
        children: The lines of its submenu.
    """

    id: int
    label: str
    enabled: bool
    visible: bool
    separator: bool
    checked: bool | None
    children: tuple["MenuLine", ...]


def read_menu(bus: DBusClient, service: str, path: str) -> list[MenuLine]:
    """Ask a menu's owner for all its lines."""
    _revision, root = bus.call(service, path, DBUSMENU, "GetLayout", "iias", 0, -1, [])
    return list(_line(plain(root)).children)


def _line(node: list[Any]) -> MenuLine:
    number, properties, children = node
    return MenuLine(
        id=number,
        label=_unescape(properties.get("label", "")),
        enabled=properties.get("enabled", True),
        visible=properties.get("visible", True),
        separator=properties.get("type", "standard") == "separator",
        checked=bool(properties.get("toggle-state", 0)) if properties.get("toggle-type") else None,
        children=tuple(_line(child) for child in children),
    )


def _unescape(label: str) -> str:
    # "_x" underlines x as the key to press, "__" is an underscore.
    return "_".join(part.replace("_", "") for part in label.split("__"))


class Menus:
    """Opens a menu on the screen and clicks on its rows.

    Args:
        screen: Where it appears.
        spy: Hears which line the host says was clicked.
    """

    def __init__(self, screen: Screen, spy: BusSpy) -> None:
        self._screen = screen
        self._spy = spy

    def open(self, gesture: Callable[[], object]) -> Box:
        """Make a gesture and give the place of the menu that it opens, once its text is drawn."""
        before = {window.id for window in self._screen.windows()}

        def appeared() -> list[Box]:
            return [
                window.box
                for window in self._screen.windows()
                if window.id not in before and min(window.box.width, window.box.height) >= _SMALLEST_MENU
            ]

        gesture()
        box = wait_until(appeared, _REACTION_S, "a menu on the screen")[-1]
        wait_until(lambda: not self._screen.is_plain(box), _REACTION_S, "the menu's text")
        return box

    def click(self, menu: Box, lines: list[MenuLine], label: str) -> float:
        """Move onto the row with a label, see it light up, and click.

        Returns:
            ``time.monotonic()`` of the click.

        Raises:
            BenchError: No line that can be chosen has this label, or the host took the click for another line.
        """
        wanted = next((line for line in lines if (line.label, line.visible, line.enabled) == (label, True, True)), None)
        if wanted is None:
            raise BenchError(f"no line to choose is called {label!r}: {[line.label for line in lines]}")
        x, y = row_box(menu, lines, wanted).centre
        before = self._screen.grab(menu)
        self._screen.move(x, y)

        def lit() -> bool:
            changed = ImageChops.difference(before, self._screen.grab(menu)).getbbox()
            return changed is not None and changed[1] <= y - menu.top < changed[3]

        wait_until(lit, _REACTION_S, f"the row {label!r} to light up under the pointer")
        pressed = self._screen.click(x, y)
        clicked = wait_until(lambda: self._clicked_since(pressed), _REACTION_S, f"the host to tell of {label!r}")
        if clicked != [wanted.id]:
            raise BenchError(f"aimed at line {wanted.id} ({label!r}), hit {clicked}")
        return pressed

    def _clicked_since(self, moment: float) -> list[int]:
        # A host may send several events in one call.
        single = [said.body for said in self._spy.calls(DBUSMENU, "Event") if said.at >= moment]
        groups = [said.body[0] for said in self._spy.calls(DBUSMENU, "EventGroup") if said.at >= moment]
        events = single + [event for group in groups for event in group]
        return [event[0] for event in events if event[1] == "clicked"]


def row_box(menu: Box, lines: list[MenuLine], wanted: MenuLine) -> Box:
    """Compute where a line's row is, all rows being of the same height."""
    shown = [line for line in lines if line.visible]
    rules = sum(line.separator for line in shown)
    row = (menu.height - 2 * _PADDING - rules * _SEPARATOR) / (len(shown) - rules)
    top = float(menu.top + _PADDING)
    for line in shown:
        height = _SEPARATOR if line.separator else row
        if line is wanted:
            return Box(menu.left, round(top), menu.right, round(top + height))
        top += height
    raise BenchError(f"line {wanted.id} is not shown")
