"""How a desktop looks: light or dark, and its font, out of what each kind of desktop says. Pure."""

import re
from dataclasses import dataclass

_FONT = re.compile(r"^(?P<family>.*?),?(?:\s+(?:Regular|Book|Medium|Normal))?\s+(?P<points>\d+(?:\.\d+)?)$")


@dataclass(frozen=True, slots=True)
class Looks:
    """How the desktop looks.

    Attributes:
        dark: It is dark.
        family: Its font's family; empty if unknown.
        points: Its font's size in points; 0 if unknown.
    """

    dark: bool = False
    family: str = ""
    points: float = 0.0


def font(said: str) -> tuple[str, float]:
    """Read a font as GTK writes it, ``DejaVu Sans Book 10``; an empty family and 0 for what is none."""
    found = _FONT.match(said.strip().strip("'"))
    return (found["family"].strip(), float(found["points"])) if found else ("", 0.0)


def prefers_dark(scheme: object) -> bool | None:
    """Read ``color-scheme`` of ``org.freedesktop.appearance``; ``None`` for no preference.

    https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html: 1 prefers dark, 2 light.
    """
    return {1: True, 2: False}.get(scheme) if isinstance(scheme, int) else None


def is_dark_theme(name: str) -> bool | None:
    """Tell by the name of a GTK theme whether it is dark, as themes are named; ``None`` without a name."""
    bare = name.strip().strip("'").casefold()
    return bool(re.search(r"(^|[-_ :])(dark|black|noir)", bare)) if bare else None
