"""What travels over the bus, and between whom.

D-Bus specification: https://dbus.freedesktop.org/doc/dbus-specification.html. Sections are named where used.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Remote:
    """An object on the bus and the interface that we speak with it.

    Attributes:
        name: The owner's bus name, well-known or unique.
        path: The object's path.
        interface: The interface's name.
    """

    name: str
    path: str
    interface: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that reached us.

    Attributes:
        sender: The unique name of who sent it, as the bus itself wrote it: it cannot be forged.
        path: The object it speaks for.
        member: The signal's name.
        body: Its arguments.
    """

    sender: str
    path: str
    member: str
    body: list[Any]


DAEMON = Remote("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
"""The bus itself ("Message Bus Messages")."""


def wire_text(text: str) -> str:
    """Make ``text`` fit to travel: the bus drops whoever sends a NUL or what is not UTF-8 ("Basic types")."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
