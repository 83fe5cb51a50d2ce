"""A tray icon with a menu, as small as it can be: what the bench is tried on.

Run as a program. It says what it hears on standard output, one line each: ``activate``, ``clicked <label>``.
"""

import asyncio
import os
import sys
from contextlib import suppress
from typing import Annotated

from dbus_fast import BusType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusObjectPath, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.message import Message
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property
from PIL import Image, ImageDraw

WATCHER = "org.kde.StatusNotifierWatcher"
LABELS = {1: "Open the newest", 2: "", 3: "Pause for an hour", 4: "Only tells", 5: "", 6: "Quit_it"}
"""Entries by id; an empty label is a separator, and ``DISABLED`` is greyed out."""

DISABLED = 4
SIZE = 22
READ = PropertyAccess.READ

Numbers = Annotated[list[int], DBusSignature("ai")]
Strings = Annotated[list[str], DBusSignature("as")]


def draw(colour: str) -> Image.Image:
    """Draw a disc with a white bar."""
    large = Image.new("RGBA", (88, 88))
    pen = ImageDraw.Draw(large)
    pen.ellipse((4, 4, 83, 83), fill=colour)
    pen.rectangle((38, 16, 50, 70), fill="white")
    return large.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


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

    @dbus_property(access=READ, name="Category")
    def category(self) -> DBusStr:
        return "ApplicationStatus"

    @dbus_property(access=READ, name="Id")
    def id(self) -> DBusStr:
        return "sample"

    @dbus_property(access=READ, name="Title")
    def title(self) -> DBusStr:
        return "Sample"

    @dbus_property(access=READ, name="Status")
    def status(self) -> DBusStr:
        return "Active"

    @dbus_property(access=READ, name="IconName")
    def icon_name(self) -> DBusStr:
        return ""

    @dbus_property(access=READ, name="IconPixmap")
    def icon_pixmap(self) -> Annotated[list[list[int | bytes]], DBusSignature("a(iiay)")]:
        return [[SIZE, SIZE, self._icon]]

    @dbus_property(access=READ, name="ToolTip")
    def tool_tip(self) -> Annotated[list[object], DBusSignature("(sa(iiay)ss)")]:
        return ["", [], "Sample tip", "of the day"]

    @dbus_property(access=READ, name="ItemIsMenu")
    def item_is_menu(self) -> DBusBool:
        return False

    @dbus_property(access=READ, name="Menu")
    def menu(self) -> DBusObjectPath:
        return "/Menu"

    @dbus_method(name="Activate")
    def activate(self, _x: DBusInt32, _y: DBusInt32) -> None:
        hear("activate")


class Menu(ServiceInterface):
    """``com.canonical.dbusmenu``."""

    def __init__(self) -> None:
        super().__init__("com.canonical.dbusmenu")

    @dbus_property(access=READ, name="Version")
    def version(self) -> DBusUInt32:
        return 3

    @dbus_property(access=READ, name="Status")
    def status(self) -> DBusStr:
        return "normal"

    @dbus_method(name="GetLayout")
    def get_layout(
        self, _parent: DBusInt32, _depth: DBusInt32, _names: Strings
    ) -> Annotated[list[object], DBusSignature("u(ia{sv}av)")]:
        lines = [Variant("(ia{sv}av)", [number, _properties(number), []]) for number in LABELS]
        return [1, [0, {"children-display": Variant("s", "submenu")}, lines]]

    @dbus_method(name="GetGroupProperties")
    def get_group_properties(
        self, ids: Numbers, _names: Strings
    ) -> Annotated[list[list[object]], DBusSignature("a(ia{sv})")]:
        return [[number, _properties(number)] for number in ids or LABELS if number in LABELS]

    @dbus_method(name="AboutToShow")
    def about_to_show(self, _number: DBusInt32) -> DBusBool:
        return False

    @dbus_method(name="EventGroup")
    def event_group(self, events: Annotated[list[tuple[int, str, Variant, int]], DBusSignature("a(isvu)")]) -> Numbers:
        for number, kind, _data, _timestamp in events:
            if kind == "clicked":
                hear(f"clicked {LABELS[number]}")
        return []


def _properties(number: int) -> dict[str, Variant]:
    if not LABELS[number]:
        return {"type": Variant("s", "separator")}
    # An underscore marks the next letter as the key, two stand for one.
    found = {"label": Variant("s", LABELS[number].replace("_", "__"))}
    return found | ({"enabled": Variant("b", False)} if number == DISABLED else {})


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
    with suppress(EOFError):
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
