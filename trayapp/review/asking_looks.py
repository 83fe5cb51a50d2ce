"""Asking the desktop how it looks, in a thread, since it may take its time; and hearing when that changes.

On Linux, in this order: the portal (``org.freedesktop.appearance``), Xfce's settings service, GNOME's settings, GTK's
settings file. The first two also say when something changes.
"""

import asyncio
import configparser
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trayapp.review.looks import Looks, font, is_dark_theme, prefers_dark

if TYPE_CHECKING:
    from trayapp.desktop.linux.connection import Connection

_SECONDS = 2.0
"""How long one question may take; real answers take a hundredth of that."""
_GNOMES = frozenset({"GNOME", "Unity", "Budgie", "Pantheon", "ubuntu"})
_RULES = (
    "type='signal',interface='org.freedesktop.portal.Settings',member='SettingChanged'",
    "type='signal',interface='org.xfce.Xfconf',member='PropertyChanged',arg0='xsettings'",
)


def follow(changed: Callable[[Looks], None]) -> None:
    """Ask how the desktop looks, and ask again whenever that may have changed.

    Args:
        changed: Told each time; called in a thread of its own.
    """
    threading.Thread(target=_follow, args=(changed,), name="looks", daemon=True).start()


def _follow(changed: Callable[[Looks], None]) -> None:
    if sys.platform == "win32":
        changed(Looks(dark=_windows_is_dark()))
    elif sys.platform == "darwin":
        changed(Looks(dark=_output("/usr/bin/defaults", "read", "-g", "AppleInterfaceStyle") == "Dark"))
    else:
        asyncio.run(_follow_linux(changed))


async def _follow_linux(changed: Callable[[Looks], None]) -> None:
    # Not at the top: only this thread has the time for these packages, and only on Linux are they there.
    from trayapp.desktop.linux.connection import BusError, Connection  # noqa: PLC0415 - see above

    again = asyncio.Event()
    connection: Connection | None = None
    with contextlib.suppress(BusError):
        address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        if address:
            connection = await Connection.reach(address, "session bus", _SECONDS, lambda _: again.set())
            for rule in _RULES:
                await connection.match(rule)
    changed(await _looks(connection))
    if connection is None:
        return
    loss = asyncio.ensure_future(connection.outlive())
    while not loss.done():
        news = asyncio.ensure_future(again.wait())
        await asyncio.wait({news, loss}, return_when=asyncio.FIRST_COMPLETED)
        if news.done():
            again.clear()
            changed(await _looks(connection))
        news.cancel()


async def _looks(connection: "Connection | None") -> Looks:
    scheme = theme = said_font = None
    if connection is not None:
        portal = (
            "org.freedesktop.portal.Desktop",
            "/org/freedesktop/portal/desktop",
            "org.freedesktop.portal.Settings",
        )
        scheme = await _ask(connection, portal, "Read", "org.freedesktop.appearance", "color-scheme")
        xfce = ("org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf")
        theme = await _ask(connection, xfce, "GetProperty", "xsettings", "/Net/ThemeName")
        said_font = await _ask(connection, xfce, "GetProperty", "xsettings", "/Gtk/FontName")
    files = _gtk_settings()
    dark = prefers_dark(scheme)
    for name in (theme, _gnome("color-scheme"), _gnome("gtk-theme"), files.get("gtk-theme-name")):
        if dark is None and isinstance(name, str):
            dark = is_dark_theme(name)
    family, points = "", 0.0
    for said in (said_font, _gnome("font-name"), files.get("gtk-font-name")):
        if not family and isinstance(said, str):
            family, points = font(said)
    return Looks(bool(dark), family, points)


async def _ask(connection: "Connection", remote: tuple[str, str, str], member: str, *args: str) -> object:
    """Ask for a value, ``None`` where there is none."""
    from trayapp.desktop.linux.connection import BusError  # noqa: PLC0415 - as above
    from trayapp.desktop.linux.messages import Remote  # noqa: PLC0415 - as above

    try:
        answer = await connection.call(Remote(*remote), member, "s" * len(args), args, _SECONDS)
    except BusError:
        return None
    value: Any = answer[0] if answer else None
    while hasattr(value, "signature"):  # a variant, at the portal one in another
        value = value.value
    return value


def _gnome(key: str) -> str:
    """Ask GNOME's settings; an empty text on other desktops, which have its settings but do not go by them."""
    if not _GNOMES.intersection(os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")):
        return ""
    said = _output("gsettings", "get", "org.gnome.desktop.interface", key).strip("'")
    return "" if said == "default" else said


def _gtk_settings() -> dict[str, str]:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    with contextlib.suppress(OSError, UnicodeDecodeError, configparser.Error):
        parser.read(folder / "gtk-3.0" / "settings.ini", encoding="utf-8")
        settings = dict(parser.items("Settings"))
        if settings.get("gtk-application-prefer-dark-theme", "").casefold() in {"1", "true"}:
            settings["gtk-theme-name"] = "prefer-dark"
        return settings
    return {}


def _output(*command: str) -> str:
    with contextlib.suppress(OSError, subprocess.SubprocessError, UnicodeDecodeError):
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603 - fixed words
        return done.stdout.decode().strip()
    return ""


def _windows_is_dark() -> bool:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - there only

        place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
    return False
