"""What goes beside a program under ``share``: menu entry, icons, description, manual page, completions."""

import gzip
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

from builder.freezing import Frozen
from builder.project import CHECKOUT, ID, Release, about

_DEBIAN = CHECKOUT / "packaging" / "debian"
_COMPLETIONS = {
    "bash": "bash-completion/completions/trayapp",
    "zsh": "zsh/vendor-completions/_trayapp",
    "fish": "fish/vendor_completions.d/trayapp.fish",
}
"""Where each shell looks for what packages bring."""


def add_share(share: Path, frozen: Frozen, releases: list[Release]) -> None:
    """Write everything into a folder.

    Args:
        share: The folder, such as ``/usr/share``.
        frozen: The program, which is asked for its manual page and its completions.
        releases: What the change log says.
    """
    copy(_DEBIAN / "trayapp.desktop", share / "applications" / "trayapp.desktop")
    shutil.copytree(CHECKOUT / "icons" / "hicolor", share / "icons" / "hicolor")
    write(share / "metainfo" / f"{ID}.metainfo.xml", metainfo(releases))
    write_packed(share / "man" / "man1" / "trayapp.1.gz", _ask(frozen, "man"))
    for shell, place in _COMPLETIONS.items():
        write(share / place, _ask(frozen, "completion", shell))


def metainfo(releases: list[Release]) -> str:
    """Fill in the description for software centres.

    https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html
    """
    text = (_DEBIAN / "metainfo.xml").read_text(encoding="utf-8")
    root = ET.fromstring(text.format(id=ID, **about()))  # noqa: S314 - our own file
    listed = ET.SubElement(root, "releases")
    for release in releases:
        entry = ET.SubElement(listed, "release", version=release.version, date=release.day)
        points = ET.SubElement(ET.SubElement(entry, "description"), "ul")
        for change in release.changes:
            ET.SubElement(points, "li").text = change
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def copy(source: Path, target: Path) -> None:
    """Copy a file into a folder that may not be there yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def write(target: Path, text: str) -> None:
    """Write a file into a folder that may not be there yet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def write_packed(target: Path, text: str) -> None:
    """Write a file in the way Debian packs documents: small, and without a time in it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _ask(frozen: Frozen, *words: str) -> str:
    said = subprocess.run(  # noqa: S603 - what we have just made
        [frozen.program, *words],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
    )
    return said.stdout
