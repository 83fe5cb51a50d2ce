"""Where the session bus listens."""

import os
from pathlib import Path
from urllib.parse import quote


def find_address() -> str | None:
    """Find the address of this session's bus, ``None`` if there is none.

    The environment variable first, then the socket that systemd sets up for every user, which sd-bus and GLib try
    too when the variable is unset (https://www.freedesktop.org/software/systemd/man/latest/sd_bus_default.html);
    dbus-fast does not.
    """
    if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        socket = Path(runtime, "bus")
        if socket.is_socket():
            # All but "-0-9A-Za-z_/.\*" is escaped in an address (D-Bus specification, "Server Addresses").
            return "unix:path=" + quote(str(socket)).replace("~", "%7E")
    return None
