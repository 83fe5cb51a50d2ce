"""Where the two buses of a Linux desktop are to be found."""

import os
from pathlib import Path
from urllib.parse import quote

from trayapp.core.language import mark, say
from trayapp.desktop.linux.bus import Place
from trayapp.desktop.linux.connection import NoBus
from trayapp.desktop.linux.session import session_stands


def session_bus() -> Place:
    """Give the place of this session's bus, which is waited for while the session stands.

    The environment variable first, then the socket that systemd sets up for every user, which sd-bus and GLib try
    too when the variable is unset (https://www.freedesktop.org/software/systemd/man/latest/sd_bus_default.html);
    dbus-fast does not.

    Raises:
        NoBus: Nothing says where it could be.
    """
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS") or _users_own()
    if not address:
        raise NoBus(
            say("There is no session bus: DBUS_SESSION_BUS_ADDRESS is not set and there is no $XDG_RUNTIME_DIR/bus.")
        )
    return Place(address, mark("session bus"), session_stands)


def system_bus() -> Place:
    """Give the place of the system's bus, which is waited for wherever we are.

    The variable and the well-known address: D-Bus specification, "System message bus".
    """
    address = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/var/run/dbus/system_bus_socket"
    return Place(address, mark("system bus"), lambda: True)


def _users_own() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime or not (socket := Path(runtime, "bus")).is_socket():
        return ""
    # All but "-0-9A-Za-z_/.\*" is escaped in an address (D-Bus specification, "Server Addresses").
    return "unix:path=" + quote(str(socket)).replace("~", "%7E")
