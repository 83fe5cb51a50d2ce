"""Whether the desktop session still stands.

A program of the session's must end with it: left over, it would keep its successor of the next session from starting,
and show that session nothing. Without an X connection of our own nothing ends us, so we look for ourselves.
"""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

# "DISPLAY" in https://www.x.org/releases/current/doc/man/man7/X.7.xhtml; other forms lead over a network.
_LOCAL_DISPLAY = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?")


def session_stands() -> bool:
    """Tell whether a display of this session takes connections; where it has none, whether its runtime folder is there.

    It errs on the side of standing: a display server may outlive the session, and one on another machine is taken at
    its word.
    """
    displays = list(_displays())
    if displays:
        return any(address is None or _listens(address) for address in displays)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return not runtime or Path(runtime).is_dir()  # logind removes it with the owner's last session


def _displays() -> Iterator[str | None]:
    """Give the sockets of the displays that the environment names; ``None`` for one that we cannot ask."""
    if wayland := os.environ.get("WAYLAND_DISPLAY"):
        # An absolute path counts as it is: wl_display_connect in https://wayland.freedesktop.org/docs/html/apb.html
        yield str(Path(os.environ.get("XDG_RUNTIME_DIR", "/"), wayland))
    if display := os.environ.get("DISPLAY"):
        local = _LOCAL_DISPLAY.fullmatch(display)
        yield f"/tmp/.X11-unix/X{local[1]}" if local else None  # noqa: S108 - the X server's place


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as link:
        link.setblocking(False)
        try:
            link.connect(address)
        except BlockingIOError:  # too busy to take us at once
            return True
        except OSError:
            return False
        return True
