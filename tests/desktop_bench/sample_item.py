"""A tray icon with a menu, as small as it can be: what the bench is tried on.

Run as a program. It says what it hears on standard output, one line each: ``activate``, ``clicked <label>``.
"""

import asyncio
import os
import sys

from dbus_fast import BusType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.message import Message
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property
from PIL import Image, ImageDraw

WATCHER = "org.kde.StatusNotifierWatcher"
LABELS = {1: "Open the newest", 2: "", 3: "Pause for an hour", 4: "Only tells", 5: "", 6: "Quit_it"}
"""Entries by id; an empty label is a separator, and ``4`` is greyed out."""

READ = PropertyAccess.READ


def draw(colour: str) -> Image.Image:
    """Draw a disc with a white bar, 22 pixels wide."""
    large = Image.new("RGBA", (88, 88))
    pen = ImageDraw.Draw(large)
    pen.ellipse((4, 4, 83, 83), fill=colour)
    pen.rectangle((38, 16, 50, 70), fill="white")
    return large.resize((22, 22), Image.Resampling.LANCZOS)


def argb(picture: Image.Image) -> bytes:
    """Give a picture's pixels as the specification wants them."""
    red, green, blue, alpha = picture.split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


def hear(text: str) -> None:
    print(text, flush=True)


class Item(ServiceInterface):
    """``org.kde.StatusNotifierItem``."""

    def __init__(self, colour: str) -> None:
        super().__init__("org.kde.StatusNotifierItem")
        self._icon = argb(draw(colour))

    @dbus_property(access=READ)
    def Category(self) -> "s":
        return "ApplicationStatus"

    @dbus_property(access=READ)
    def Id(self) -> "s":
        return "sample"

    @dbus_property(access=READ)
    def Title(self) -> "s":
        return "Sample"

    @dbus_property(access=READ)
    def Status(self) -> "s":
        return "Active"

    @dbus_property(access=READ)
    def IconName(self) -> "s":
        return ""

    @dbus_property(access=READ)
    def IconPixmap(self) -> "a(iiay)":
        return [[22, 22, self._icon]]

    @dbus_property(access=READ)
    def ToolTip(self) -> "(sa(iiay)ss)":
        return ["", [], "Sample tip", "of the day"]

    @dbus_property(access=READ)
    def ItemIsMenu(self) -> "b":
        return False

    @dbus_property(access=READ)
    def Menu(self) -> "o":
        return "/Menu"

    @dbus_method()
    def Activate(self, x: "i", y: "i") -> None:
        hear("activate")


class Menu(ServiceInterface):
    """``com.canonical.dbusmenu``."""

    def __init__(self) -> None:
        super().__init__("com.canonical.dbusmenu")

    @dbus_property(access=READ)
    def Version(self) -> "u":
        return 3

    @dbus_property(access=READ)
    def Status(self) -> "s":
        return "normal"

    @dbus_method()
    def GetLayout(self, parent: "i", depth: "i", names: "as") -> "u(ia{sv}av)":
        lines = [Variant("(ia{sv}av)", [number, _properties(number), []]) for number in LABELS]
        return [1, [0, {"children-display": Variant("s", "submenu")}, lines]]

    @dbus_method()
    def GetGroupProperties(self, ids: "ai", names: "as") -> "a(ia{sv})":
        return [[number, _properties(number)] for number in ids or LABELS if number in LABELS]

    @dbus_method()
    def AboutToShow(self, number: "i") -> "b":
        return False

    @dbus_method()
    def Event(self, number: "i", kind: "s", data: "v", timestamp: "u") -> None:
        if kind == "clicked":
            hear(f"clicked {LABELS[number]}")

    @dbus_method()
    def EventGroup(self, events: "a(isvu)") -> "ai":
        for event in events:
            self.Event(*event)
        return []


def _properties(number: int) -> dict[str, Variant]:
    if not LABELS[number]:
        return {"type": Variant("s", "separator")}
    # An underscore marks the next letter as the key, two stand for one.
    found = {"label": Variant("s", LABELS[number].replace("_", "__"))}
    return found | ({"enabled": Variant("b", False)} if number == 4 else {})


async def main() -> None:
    """Show the icon until the bus goes away."""
    bus = await MessageBus(bus_type=BusType.SESSION).connect()
    bus.export("/StatusNotifierItem", Item(sys.argv[1]))
    bus.export("/Menu", Menu())
    name = f"org.kde.StatusNotifierItem-{os.getpid()}-1"
    await bus.request_name(name)
    register = Message(
        WATCHER, "/StatusNotifierWatcher", WATCHER, "RegisterStatusNotifierItem", signature="s", body=[name]
    )
    await bus.call(register)
    await bus.wait_for_disconnect()


if __name__ == "__main__":
    asyncio.run(main())
