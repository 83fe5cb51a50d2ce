"""What goes into the frozen program, and what of its dependencies stays out: the spec asks here.

Places are as PyInstaller gives them, relative to the folder of libraries.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions, packages_distributions
from pathlib import Path, PurePath

from packaging.requirements import Requirement

from trayapp.aws.session import SERVICES

IMPORTED_BY_NAME = {
    "linux": ["plyer.platforms.linux.notification"],
    "win32": ["plyer.platforms.win.notification", "desktop_notifier.resources", "win32ctypes.core", "_cffi_backend"],
    "darwin": ["plyer.platforms.macosx.notification", "desktop_notifier.resources"],
}[sys.platform]
"""Modules that are imported in a way an analysis does not see."""

_LINUX_LEFT_OUT = (
    # The icon is drawn by way of the bus; pystray's own ways ask for X11 or GTK.
    *("Xlib", "gi", "pystray._appindicator", "pystray._gtk", "pystray._xorg", "pystray._darwin", "pystray._win32"),
    *("pystray._util.gtk", "pystray._util.notify_dbus", "pystray._util.win32"),
    # Character sets of locales before UTF-8, which the program speaks whatever the locale says.
    *("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_multibytecodec"),
)

_WRITTEN_PICTURES = () if sys.platform == "linux" else ("Bmp", "Icns", "Ico", "Png")
"""Pillow's plug-ins for the formats in which pystray hands its icon on."""


def left_out() -> list[str]:
    """Name the modules that are at hand when building and that the program does without."""
    pictures = Path(str(distribution("pillow").locate_file("PIL")))
    plugins = (path.stem for path in sorted(pictures.glob("*ImagePlugin.py")))
    return [
        *_tools(),
        # What plays AWS for the demo and the tests.
        *("moto", "trayapp.demo.moto_config", "trayapp.demo.moto_queues", "trayapp.demo.moto_stacks"),
        # For those who write programs.
        *("pytest", "unittest", "doctest", "pydoc", "distutils", "setuptools", "pkg_resources", "pycparser"),
        # Pictures are drawn here and not read.
        *(f"PIL.{plugin}" for plugin in plugins if plugin.removesuffix("ImagePlugin") not in _WRITTEN_PICTURES),
        *("PIL._avif", "PIL._imagingcms", "PIL._imagingmath", "PIL._imagingmorph", "PIL._imagingtk", "PIL._webp"),
        *("PIL.ImageCms", "PIL.ImageQt", "PIL.ImageShow", "PIL.ImageTk", "numpy", "olefile", "defusedxml"),
        # Time zones come from the system, decimal numbers from C.
        *("dateutil.zoneinfo", "_pydecimal", "statistics"),
        # Ways of other programs through the network, and of boto3 to what nobody asks here.
        *("awscrt", "ftplib", "smtplib", "xmlrpc", "urllib3.contrib.emscripten", "urllib3.contrib.pyopenssl"),
        *("boto3.dynamodb", "boto3.ec2", "boto3.s3"),
        # What it does in C it does in Python as well, and a table has a hundred cells.
        "wcwidth._wcwidth_c",
        *(_LINUX_LEFT_OUT if sys.platform == "linux" else ()),
        # With it, the credential store's library would parse C at its start. It has a way without.
        *(("cffi",) if sys.platform == "win32" else ()),
    ]


def _tools() -> list[str]:
    """Name the modules of what is installed for building alone: some packages use them where they happen to be."""
    text = (Path(__file__).parents[1] / "requirements.txt").read_text(encoding="utf-8")
    pins = map(Requirement, re.findall(r"^([a-z].*?) \\$", text, re.MULTILINE))
    locked = {pin.name for pin in pins if pin.marker is None or pin.marker.evaluate()}
    return [
        module
        for module, owners in sorted(packages_distributions().items())
        if module != "trayapp" and not locked & {re.sub(r"[-_.]+", "-", owner).lower() for owner in owners}
    ]


_SYSTEM_LIBRARIES = re.compile(
    # They talk to the desktop that is there, or are loaded in their turn by those that do.
    r"lib(X11|Xau|Xdmcp|xcb|Xext|Xft|Xrender|Xss|fontconfig|freetype|png16|brotlicommon|brotlidec|bsd|md|expat|z|bz2"
    # Who has a hole in one of these is to be helped by their system's next update, not by ours.
    r"|ssl|crypto|sqlite3|gcc_s|stdc\+\+)\.so\.[\d.]+"
)
"""Libraries of the system it runs on, as its C library is. Each has kept its interface for longer than any system that
the C library we are built with lets in."""

_ENCODINGS = re.compile(r"(ascii|cp1252|iso8859-1)\.enc")
"""Tcl's tables for the character sets that its own scripts are in; UTF-8 needs none."""

_METADATA = ("METADATA", "entry_points.txt")
"""What is asked for when it runs: versions, and keyring's back ends."""


def is_wanted(place: str) -> bool:
    """Tell whether a file belongs into the program.

    Args:
        place: Where PyInstaller would put it.
    """
    path = PurePath(place)
    top, name = path.parts[0], path.name
    if top.endswith(".dist-info"):
        return len(path.parts) == len(("dist-info", "file")) and name in _METADATA
    if top in {"_tcl_data", "_tk_data", "tcl8"}:
        return _is_wanted_of_tcl(path)
    match path.parts:
        case ("botocore", "data", service, _, _):
            return service in SERVICES and not name.startswith(("examples-", "paginators-", "waiters-"))
        case ("boto3", "data", *_) | ("dateutil", "zoneinfo", *_):
            return False
        case (library,) if sys.platform == "linux":
            return not _SYSTEM_LIBRARIES.fullmatch(library)
    return True


def _is_wanted_of_tcl(path: PurePath) -> bool:
    """Tell whether a file of Tcl's or Tk's is used: the window speaks of times and of languages in Python's way."""
    if path.suffix == ".tm":
        return path.name.startswith("msgcat-")
    match path.parts:
        case ("_tcl_data", "encoding", table):
            return sys.platform != "linux" or _ENCODINGS.fullmatch(table) is not None
        case ("_tcl_data", "msgs" | "opt0.4" | "http1.0" | "tzdata", *_) | ("_tk_data", "images" | "demos", *_):
            return False
    return True


def package_data(checkout: Path) -> Iterator[tuple[str, str]]:
    """Give the files that the program reads beside its code: each with the folder to put it into."""
    package = checkout / "trayapp"
    for path in sorted(package.rglob("*")):
        if path.suffix in {".yaml", ".mo"}:
            yield str(path), str(path.relative_to(checkout).parent)
    # The icon theme has all sizes; a notification is given this one.
    icon = PurePath("icons", "hicolor", "128x128", "apps", "trayapp.png")
    yield str(checkout / icon), str("trayapp" / icon.parent)
    if sys.platform == "win32":
        yield str(checkout / "icons" / "trayapp.ico"), str(PurePath("trayapp", "icons"))


def endpoints(whole: str) -> str:
    """Reduce botocore's table of addresses, of some 400 services, to those that are asked.

    Args:
        whole: The text of its ``endpoints.json``.
    """
    table = json.loads(whole)
    for partition in table["partitions"]:
        partition["services"] = {name: said for name, said in partition["services"].items() if name in SERVICES}
    return json.dumps(table, separators=(",", ":"))


def distributions_of(sources: set[Path]) -> list[Distribution]:
    """Give the installed distributions that any of these files comes from, in the order of their names."""
    found = [
        each
        for each in distributions()
        if any(Path(str(each.locate_file(file))) in sources for file in each.files or ())
    ]
    return sorted(found, key=lambda each: each.name.lower())


def metadata(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Give what is kept of a distribution's metadata: each file's place, and where it is now."""
    for file in distribution.files or ():
        if file.parent.name.endswith(".dist-info") and file.name in _METADATA:
            yield str(PurePath(file.parent.name, file.name)), str(distribution.locate_file(file))
