"""The X screen of a bench: its pixels, its windows, its pointer and its keyboard.

Pointer and keyboard act through the XTEST extension
(https://www.x.org/releases/X11R7.7/doc/xextproto/xtest.html), so programs see what they would see of a real hand.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image, ImageGrab
from Xlib import XK, X  # type: ignore[import-untyped]
from Xlib.display import Display  # type: ignore[import-untyped]
from Xlib.error import XError  # type: ignore[import-untyped]
from Xlib.ext import xtest  # type: ignore[import-untyped]

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in screen pixels; ``right`` and ``bottom`` are the first pixels outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[int, int]:
        """The pixel in the middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom, the order that Pillow wants."""
        return self.left, self.top, self.right, self.bottom

    def contains(self, x: int, y: int) -> bool:
        """Tell whether a pixel lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Window:
    """A window that can be seen.

    Attributes:
        id: The X id.
        wm_class: Both parts of WM_CLASS in lower case, ``instance.class``; empty without the property.
        title: WM_NAME, or empty.
        box: Where it is.
    """

    id: int
    wm_class: str
    title: str
    box: Box


class Screen:
    """A connection to an X display.

    Args:
        display: Its name, such as ``:7``.

    Attributes:
        display: As given.
        size: Width and height in pixels.
    """

    def __init__(self, display: str) -> None:
        self.display = display
        self._x = Display(display)
        self._root = self._x.screen().root
        self.size: tuple[int, int] = (self._x.screen().width_in_pixels, self._x.screen().height_in_pixels)

    def __enter__(self) -> Self:
        """Give the screen itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._x.close()

    # ---- pixels

    def grab(self, area: Box | None = None) -> Image.Image:
        """Take the picture of the screen, or of a part of it, as RGB."""
        return ImageGrab.grab(bbox=area.edges if area else None, xdisplay=self.display).convert("RGB")

    def save(self, path: Path) -> Path:
        """Save the picture of the whole screen as PNG; a reader sees the old file or the new one, never half."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        self.grab().save(unfinished, format="PNG")
        return unfinished.replace(path)

    def find_colour(self, rgb: Rgb, tolerance: int = 0, area: Box | None = None) -> tuple[int, int] | None:
        """Find pixels of a colour and give the centre of the box around them, or ``None``.

        Args:
            rgb: The colour.
            tolerance: How far each of the three channels may be off.
            area: Where to look; everywhere by default.
        """
        box = self.colour_box(rgb, tolerance, area)
        return box.centre if box else None

    def colour_box(self, rgb: Rgb, tolerance: int = 0, area: Box | None = None) -> Box | None:
        """Find the box around all pixels of a colour, or ``None``; see ``find_colour``."""
        found = colour_mask(self.grab(area), rgb, tolerance).getbbox()
        if found is None:
            return None
        left, top = (area.left, area.top) if area else (0, 0)
        return Box(found[0] + left, found[1] + top, found[2] + left, found[3] + top)

    def is_plain(self, area: Box) -> bool:
        """Tell whether an area has one colour only: a window that is not drawn yet."""
        return self.grab(area).getcolors(maxcolors=1) is not None

    # ---- windows

    def windows(self) -> list[Window]:
        """List the windows on the screen, the lowest first; those of a window manager's frame follow the frame."""
        return list(self._walk(self._root))

    def _walk(self, parent: "Display") -> Iterator[Window]:
        # A window may vanish between being listed and being asked, also for its own children.
        try:
            children = parent.query_tree().children
        except XError:
            return
        for child in children:
            try:
                if child.get_attributes().map_state != X.IsViewable:
                    continue
                shape = child.get_geometry()
                # XTranslateCoordinates: where the root's origin lies as seen from the child, hence the signs.
                origin = child.translate_coords(self._root, 0, 0)
                left, top = -origin.x, -origin.y
                wm_class = ".".join(child.get_wm_class() or ()).lower()
                title = str(child.get_wm_name() or "")
            except XError:
                continue
            yield Window(child.id, wm_class, title, Box(left, top, left + shape.width, top + shape.height))
            yield from self._walk(child)

    def has_window_manager(self) -> bool:
        """Tell whether a window manager announces itself (EWMH, _NET_SUPPORTING_WM_CHECK)."""
        atom = self._x.intern_atom("_NET_SUPPORTING_WM_CHECK")
        return self._root.get_full_property(atom, X.AnyPropertyType) is not None

    # ---- hands

    def move(self, x: int, y: int) -> None:
        """Move the pointer."""
        xtest.fake_input(self._x, X.MotionNotify, x=x, y=y)
        self._x.sync()

    def click(self, x: int, y: int, button: int = 1) -> float:
        """Move the pointer and click there; 1 is left, 2 middle, 3 right.

        Returns:
            ``time.monotonic()`` just before the button went down.
        """
        self.move(x, y)
        pressed = time.monotonic()
        xtest.fake_input(self._x, X.ButtonPress, button)
        xtest.fake_input(self._x, X.ButtonRelease, button)
        self._x.sync()
        return pressed

    def key(self, combination: str) -> None:
        """Press and release a key, such as ``Down``, ``Return`` or ``Control_L+a``, named by X keysyms."""
        codes = []
        for name in combination.split("+"):
            code = self._x.keysym_to_keycode(XK.string_to_keysym(name))
            if not code:
                raise ValueError(f"no key named {name!r} on this keyboard")
            codes.append(code)
        for code in codes:
            xtest.fake_input(self._x, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._x, X.KeyRelease, code)
        self._x.sync()


def colour_mask(picture: Image.Image, rgb: Rgb, tolerance: int) -> Image.Image:
    """Give a picture in mode ``1`` that is white wherever ``picture`` has the colour."""
    channels = []
    for channel, wanted in zip(picture.convert("RGB").split(), rgb, strict=True):
        near = [255 if abs(value - wanted) <= tolerance else 0 for value in range(256)]
        channels.append(channel.point(near))
    red, green, blue = channels
    both = Image.composite(green, Image.new("L", picture.size), red)
    return Image.composite(blue, Image.new("L", picture.size), both).convert("1")


def column_runs(mask: Image.Image, gap: int = 2) -> list[tuple[int, int]]:
    """Find the groups of columns in which a mask has something.

    Args:
        mask: In mode ``1`` or ``L``; white counts.
        gap: So many empty columns do not part a group.

    Returns:
        First column and first column after, for every group from left to right.
    """
    runs: list[tuple[int, int]] = []
    for x in range(mask.width):
        if mask.crop((x, 0, x + 1, mask.height)).getbbox() is None:
            continue
        if runs and x - runs[-1][1] <= gap:
            runs[-1] = (runs[-1][0], x + 1)
        else:
            runs.append((x, x + 1))
    return runs
