"""The tray as the host was told it, and as it is on the screen."""

from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops, ImageStat

from desktop_bench.dbus_client import DBusClient
from desktop_bench.errors import BenchError
from desktop_bench.menu import MenuLine, Menus, read_menu
from desktop_bench.parts import ICON_SIZE, PANEL_HEIGHT, WATCHER, Palette
from desktop_bench.screen import Box, Screen, colour_mask, column_runs
from desktop_bench.spy import BusSpy
from desktop_bench.waiting import wait_until

ITEM = "org.kde.StatusNotifierItem"


@dataclass(frozen=True, slots=True)
class ToolTip:
    """What the host shows when the pointer rests on the icon."""

    title: str
    text: str


class TrayItem:
    """One item, as its owner tells it (https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem/).

    Args:
        bus: Asks the owner.
        service: The owner's bus name.
        path: The item's object path.
    """

    def __init__(self, bus: DBusClient, service: str, path: str) -> None:
        self._bus = bus
        self.service = service
        self.path = path

    def __repr__(self) -> str:
        """Name it for messages."""
        return f"TrayItem({self.service}{self.path})"

    def __eq__(self, other: object) -> bool:
        """Two are the same item if owner and path are."""
        return isinstance(other, TrayItem) and (self.service, self.path) == (other.service, other.path)

    def __hash__(self) -> int:
        """Agree with ``__eq__``."""
        return hash((self.service, self.path))

    def read(self, name: str) -> Any:  # noqa: ANN401 - properties are of every type
        """Read a property of the item."""
        return self._bus.get(self.service, self.path, ITEM, name)

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.read("Title"))

    @property
    def status(self) -> str:
        """``Passive``, ``Active`` or ``NeedsAttention``."""
        return str(self.read("Status"))

    @property
    def tooltip(self) -> ToolTip:
        """Its tooltip."""
        _icon, _pixmaps, title, text = self.read("ToolTip")
        return ToolTip(title, text)

    def pixmaps(self) -> list[Image.Image]:
        """Give its icon in every size it offers, as RGBA, smallest first."""
        pictures = [_from_argb(*one) for one in self.read("IconPixmap")]
        return sorted(pictures, key=lambda picture: picture.width)

    def pixmap(self, size: int = ICON_SIZE) -> Image.Image:
        """Give its icon in exactly this size.

        Raises:
            BenchError: It does not offer that.
        """
        for picture in self.pixmaps():
            if picture.size == (size, size):
                return picture
        raise BenchError(f"{self} offers no icon of {size} px but {[p.width for p in self.pixmaps()]}")

    def menu(self) -> list[MenuLine]:
        """Read its menu's lines."""
        return read_menu(self._bus, self.service, str(self.read("Menu")))


class Tray:
    """The host's items, and their icons on the screen.

    Args:
        bus: Asks watcher and items.
        screen: Where the icons are.
        spy: Hears what the host tells the items.
        palette: The panel's look.
    """

    def __init__(self, bus: DBusClient, screen: Screen, spy: BusSpy, palette: Palette) -> None:
        self._bus = bus
        self._screen = screen
        self._palette = palette
        self._menus = Menus(screen, spy)

    # ---- what the host knows

    def items(self) -> list[TrayItem]:
        """List the items that are registered; none while there is no host."""
        if not self._bus.has_owner(WATCHER):
            return []
        registered = self._bus.get(WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisteredStatusNotifierItems")
        return [self._item(text) for text in registered]

    def _item(self, registered: str) -> TrayItem:
        service, slash, path = registered.partition("/")
        return TrayItem(self._bus, service, slash + path or "/StatusNotifierItem")

    def wait_item(self, timeout: float = 5.0) -> TrayItem:
        """Wait until exactly one item is registered, and give it."""
        found = wait_until(
            lambda: items if len(items := self.items()) == 1 else [], timeout, "exactly one item in the tray"
        )
        return found[0]

    def wait_empty(self, timeout: float = 5.0) -> None:
        """Wait until no item is registered and the panel shows none."""
        wait_until(lambda: not self.items() and not self._islands(), timeout, "an empty tray")

    # ---- what is on the screen

    @property
    def panel(self) -> Box:
        """The panel's place on the screen."""
        whole = self._screen.size
        return Box(0, whole[1] - PANEL_HEIGHT, whole[0], whole[1])

    def panel_is_drawn(self) -> bool:
        """Tell whether the panel is there, in its colour."""
        background = self._screen.colour_box(self._palette.background, 0, self.panel)
        return background is not None and background.width > self.panel.width // 2

    def find(self, item: TrayItem, tolerance: float = 12.0) -> Box | None:
        """Find an item's present icon on the panel.

        Args:
            item: Whose.
            tolerance: How far a channel may be off in the mean, of 255: hosts scale and blend a little.

        Returns:
            The icon's place, or ``None`` if nothing on the panel looks like it.
        """
        expected = self.expected(item)
        strip = self._screen.grab(self.panel)
        best: tuple[float, Box] | None = None
        for island in self._islands():
            x, y = island.centre
            # The visible part need not be in the middle of the icon, so look around the place.
            for left in range(x - ICON_SIZE + 4, x - 3):
                for top in range(max(self.panel.top, y - ICON_SIZE + 4), min(self.panel.bottom - ICON_SIZE, y) + 1):
                    box = Box(left, top, left + ICON_SIZE, top + ICON_SIZE)
                    crop = strip.crop((left, top - self.panel.top, box.right, box.bottom - self.panel.top))
                    off = difference(crop, expected)
                    if best is None or off < best[0]:
                        best = (off, box)
        return best[1] if best and best[0] <= tolerance else None

    def expected(self, item: TrayItem) -> Image.Image:
        """Give an item's icon as it should look on this panel."""
        icon = item.pixmap(ICON_SIZE)
        picture = Image.new("RGBA", icon.size, (*self._palette.background, 255))
        return Image.alpha_composite(picture, icon).convert("RGB")

    def wait_shown(self, item: TrayItem, timeout: float = 5.0) -> Box:
        """Wait until the panel shows an item's present icon, and give its place."""
        # A pointer on the icon has the panel highlight it.
        self._screen.move(self._screen.size[0] // 2, self._screen.size[1] // 2)
        return wait_until(lambda: self.find(item), timeout, f"the present icon of {item} on the panel")

    def _islands(self) -> list[Box]:
        """Find the places where the panel is not plain background, from left to right."""
        foreign = ImageChops.invert(colour_mask(self._screen.grab(self.panel), self._palette.background, 2))
        return [Box(left, self.panel.top, right, self.panel.bottom) for left, right in column_runs(foreign)]

    # ---- hands

    def click(self, item: TrayItem, button: int = 1) -> float:
        """Click on an item's icon on the screen; gives ``time.monotonic()`` of the press."""
        x, y = self.wait_shown(item).centre
        return self._screen.click(x, y, button)

    def open_menu(self, item: TrayItem) -> Box:
        """Open an item's menu with a right click, and give the menu's place on the screen."""
        x, y = self.wait_shown(item).centre
        return self._menus.open(lambda: self._screen.click(x, y, 3))

    def choose(self, item: TrayItem, label: str) -> float:
        """Open an item's menu and click on the entry with this label; gives ``time.monotonic()`` of that click.

        Raises:
            BenchError: There is no such entry, or the click reached another one.
        """
        box = self.open_menu(item)
        return self._menus.click(box, item.menu(), label)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Give the mean absolute difference of two RGB pictures' channels, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def _from_argb(width: int, height: int, data: bytes) -> Image.Image:
    # ARGB32 in network byte order, not premultiplied.
    alpha, red, green, blue = Image.frombytes("RGBA", (width, height), bytes(data)).split()
    return Image.merge("RGBA", (red, green, blue, alpha))
