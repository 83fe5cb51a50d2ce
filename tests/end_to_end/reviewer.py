"""Somebody who sits before the review window: keys, pointer, eyes, and a look at what is on the disk."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageChops
from Xlib import Xatom  # type: ignore[import-untyped]
from Xlib.display import Display  # type: ignore[import-untyped]

from desktop_bench.processes import Process
from desktop_bench.screen import Box, Rgb, Window
from desktop_bench.session import Desktop
from review.seeding import fill
from trayapp.core.incidents import Incident
from trayapp.core.policy import Mute
from trayapp.settings import load
from trayapp.store import Store

COMMAND = [sys.executable, "-m", "trayapp"]
PATIENCE = 10.0
"""Seconds that anything may take on a machine with much else to do."""

_NAMES = {" ": "space", "-": "minus"}
_NEAR = 6
"""Pixels around a letter that show what it stands upon."""
_DRAWN = 8
"""So many pixels of a colour are letters; fewer may be the edge of something else."""


class Reviewer:
    """An owner with a store full of happenings.

    Args:
        desktop: The desktop.
        past: So many single happenings lie in the past.
    """

    def __init__(self, desktop: Desktop, past: int = 30) -> None:
        self.desktop = desktop
        self.path = Path(desktop.env["XDG_DATA_HOME"], "trayapp", "alerts.sqlite3")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fill(self.path, datetime.now(UTC), past)
        self.settings = Path(desktop.env["XDG_CONFIG_HOME"], "trayapp", "settings.toml")
        self.settings.parent.mkdir(mode=0o700, exist_ok=True)
        command = ", ".join(f'"{part}"' for part in desktop.browser.command)
        self.settings.write_text(f"browser_command = [{command}]\n")

    # ---- the window

    def open(self, *arguments: str) -> Process:
        """Open the window and wait until it stands still."""
        process = self.desktop.start([*COMMAND, "window", *arguments], name="window")
        self.desktop.wait_for(lambda: self.windows() or not process.alive, PATIENCE, "the window")
        assert process.alive, process.tail()
        self.settle()
        return process

    def windows(self) -> list[Window]:
        """Give the review windows on the screen."""
        return [window for window in self.desktop.screen.windows() if window.wm_class == "trayapp.trayapp"]

    @property
    def box(self) -> Box:
        """Where the window is."""
        (window,) = self.windows()
        return window.box

    def settle(self) -> Image.Image:
        """Wait until the window has been drawn and draws nothing new, and give its picture."""
        seen: list[Image.Image] = []

        def still() -> Image.Image | None:
            if not self.windows() or self.desktop.screen.is_plain(self.box):
                return None
            picture = self.desktop.screen.grab(self.box)
            seen.append(picture)
            del seen[:-_STILL]
            return picture if len(seen) == _STILL and all(_alike(picture, each) for each in seen) else None

        return self.desktop.wait_for(still, PATIENCE, "the window to stand still")

    # ---- hands

    def press(self, *combinations: str) -> None:
        """Press keys one after the other."""
        for combination in combinations:
            self.desktop.key(combination)

    def write(self, text: str) -> None:
        """Type a text of small letters, digits and spaces."""
        self.press(*(_NAMES.get(letter, letter) for letter in text))

    # ---- the disk

    def incident(self, number: int) -> Incident:
        """Read an incident."""
        with Store(self.path) as store:
            found = store.incident(number)
        assert found is not None
        return found

    def waiting(self) -> set[int]:
        """Read what waits to be reviewed."""
        with Store(self.path) as store:
            return {incident.id for incident in store.to_review()}

    def rules(self) -> tuple[Mute, ...]:
        """Read the rules that mute."""
        return load(self.settings).policy.mutes

    def ticked(self, number: int) -> frozenset[str]:
        """Read which steps are done."""
        with Store(self.path) as store:
            return store.ticked(number)


_STILL = 6
"""Pictures in a row that have to be alike."""
_CURSOR = 6
"""Pixels that the cursor in a text is wide at most; it blinks."""


def _alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    differing = ImageChops.difference(one, other).getbbox()
    return differing is None or differing[2] - differing[0] <= _CURSOR


def set_resolution(desktop: Desktop, dpi: int) -> None:
    """Tell programs that start from now on what the screen's resolution is, as desktops do."""
    display = Display(desktop.env["DISPLAY"])
    text = f"Xft.dpi:\t{dpi}\n".encode()
    display.screen().root.change_property(Xatom.RESOURCE_MANAGER, Xatom.STRING, 8, text)
    display.sync()
    display.close()


def set_theme(desktop: Desktop, name: str) -> None:
    """Choose a theme in Xfce's settings."""
    said = ["xfconf-query", "-c", "xsettings", "-p", "/Net/ThemeName", "-n", "-t", "string", "-s", name]
    process = desktop.start(said)
    assert process.wait(PATIENCE) == 0, process.tail()


def contrasts(picture: Image.Image, colours: Iterable[Rgb]) -> dict[Rgb, float]:
    """Measure how far letters stand out from what they stand upon, in a picture.

    Args:
        picture: In RGB.
        colours: Of the letters; those that are not in the picture are left out.

    Returns:
        The weakest contrast of each colour, as WCAG 2.2 defines it: from 1 to 21.
    """
    found: dict[Rgb, float] = {}
    pixels = picture.load()
    assert pixels is not None
    wanted = set(colours)
    places: dict[Rgb, list[tuple[int, int]]] = {colour: [] for colour in wanted}
    for y in range(_NEAR, picture.height - _NEAR):
        for x in range(_NEAR, picture.width - _NEAR):
            colour = pixels[x, y]
            if colour in wanted:
                places[colour].append((x, y))
    for colour, where in places.items():
        weakest = [contrast(colour, ground) for ground in _grounds(picture, where, colour)]
        if len(where) >= _DRAWN and weakest:
            found[colour] = min(weakest)
    return found


def _grounds(picture: Image.Image, places: Sequence[tuple[int, int]], colour: Rgb) -> set[Rgb]:
    """Find what a colour's letters stand upon: the commonest other colour around each of some places."""
    grounds: dict[object, int] = {}
    for x, y in places[:: max(len(places) // 200, 1)]:
        around = picture.crop((x - _NEAR, y - _NEAR, x + _NEAR + 1, y + _NEAR + 1))
        counted = sorted(around.getcolors(maxcolors=1000) or [], reverse=True)
        common = [other for count, other in counted if other != colour and count >= _COMMON]
        if common:
            grounds[common[0]] = grounds.get(common[0], 0) + 1
    # Fewer are chance.
    return {ground for ground, count in grounds.items() if count >= _CHANCE and isinstance(ground, tuple)}


_CHANCE = 3
_COMMON = 40
"""Of the 169 pixels around a letter's pixel, so many alike are its ground."""


def contrast(one: Rgb, other: Rgb) -> float:
    """Give the contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Rgb) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
