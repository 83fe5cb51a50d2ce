"""The tray icon, drawn from its state.

Shape and colour tell the state together, so that it reads without colour and at 16 px:

* a shield with a tick watches,
* a triangle with a mark has something to review, an octagon something heavy,
* an empty shield, struck through, does not watch,
* a disc with two bars is paused,

and what waits for review is counted in a badge, in the colour of the heaviest of it.

All measures are in sixteenths of the icon: at 16 px one unit is one pixel.
"""

import math
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from trayapp.core.severity import Severity
from trayapp.core.view import Icon, Light

Colour = tuple[int, int, int]
Point = tuple[float, float]
Outline = tuple[Point, ...]

# Each of these but the amber stands out 3:1 (https://www.w3.org/TR/WCAG22/#non-text-contrast) from a white panel and
# from a near-black one alike. No amber does both, so on a panel that may be light it gets a brown rim.
GREEN: Colour = (22, 148, 72)
AMBER: Colour = (255, 176, 32)
RED: Colour = (220, 38, 38)
GREY: Colour = (116, 120, 128)
BLUE: Colour = (56, 112, 214)
WHITE: Colour = (255, 255, 255)
BROWN: Colour = (74, 44, 0)

_UNITS = 16
_SAMPLES = 8
"""Each pixel is the mean of this many by this many; of fewer where the canvas would grow above the next figure."""
_LARGEST_CANVAS = 512
"""Pixels. Large icons have smooth edges anyway."""


def _curve(start: Point, one: Point, two: Point, end: Point) -> list[Point]:
    """Give points on a cubic Bézier curve, without its first."""

    def at(t: float, axis: int) -> float:
        u = 1 - t
        return u**3 * start[axis] + 3 * u * u * t * one[axis] + 3 * u * t * t * two[axis] + t**3 * end[axis]

    return [(at(step / 16, 0), at(step / 16, 1)) for step in range(1, 17)]


def _mirrored(*right: Point) -> Outline:
    """Close an outline whose right half is given, from top to bottom."""
    return (*right, *((_UNITS - x, y) for x, y in reversed(right)))


def _shield(inset: float) -> Outline:
    top, side, bottom = inset * 1.15, _UNITS - 1 - inset * 0.8, _UNITS - inset * 1.1
    shoulder = 2 + inset
    return _mirrored(
        (8, top),
        *_curve((8, top), (10 - inset * 0.1, top + 1.4), (12.4, shoulder), (side, shoulder)),
        *_curve((side, 7.5), (side, 11.8 - inset * 0.4), (12.2 - inset * 0.4, 14.4 - inset * 0.7), (8, bottom)),
    )


def _triangle(inset: float) -> Outline:
    """Give a triangle with its corners bent round."""
    corners = ((8, -1 + inset * 2.2), (17.2 - inset * 1.75, 15.5 - inset), (-1.2 + inset * 1.75, 15.5 - inset))
    outline: list[Point] = []
    for index, corner in enumerate(corners):
        before, after = (
            _between(corner, other, 3.4 / math.dist(corner, other))
            for other in (corners[index - 1], corners[index - 2])
        )
        outline += [before, *_curve(before, corner, corner, after)]
    return tuple(outline)


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _regular(centre: Point, radius: float, corners: int = 64) -> Outline:
    """Give a regular polygon that stands on an edge; with many corners, a disc."""
    angles = [2 * math.pi * (corner + 0.5) / corners for corner in range(corners)]
    return tuple((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles)


def _stroke(width: float, *points: Point) -> tuple[Outline, ...]:
    """Give a line of straight parts with round joints and ends."""
    parts: list[Outline] = [_regular(point, width / 2, 24) for point in points]
    for start, end in pairwise(points):
        half = width / 2 / math.dist(start, end)
        across, along = (end[1] - start[1]) * half, (end[0] - start[0]) * half
        parts.append(
            (
                (start[0] + across, start[1] - along),
                (end[0] + across, end[1] - along),
                (end[0] - across, end[1] + along),
                (start[0] - across, start[1] + along),
            )
        )
    return tuple(parts)


def _mark(top: float) -> tuple[Outline, ...]:
    """Give the mark that calls for a look: a wedge that points at a lozenge."""
    wedge = ((6.5, top), (9.5, top), (8.75, top + 5.8), (7.25, top + 5.8))
    lozenge = ((8, top + 6.5), (9.6, top + 8.1), (8, top + 9.7), (6.4, top + 8.1))
    return wedge, lozenge


_TICK = _stroke(2, (4.5, 8.2), (7, 10.7), (11.5, 5.4))
_STRIKE = _stroke(2, (1.5, 1.9), (14.1, 14.5))
_BARS = (((4.5, 4), (7, 4), (7, 12), (4.5, 12)), ((9, 4), (11.5, 4), (11.5, 12), (9, 12)))

Layers = tuple[tuple[tuple[Outline, ...], Colour], ...]
"""Outlines and their colour, painted one layer over the other."""

_WATCHING: Layers = (
    ((_shield(0),), GREEN),
    (_TICK, WHITE),
)
_TO_REVIEW: Layers = (
    ((_triangle(0),), BROWN),
    ((_triangle(0.8),), AMBER),
    (_mark(4.4), BROWN),
)
_TO_REVIEW_ON_DARK: Layers = (
    ((_triangle(0),), AMBER),
    (_mark(4.4), BROWN),
)
_TO_REVIEW_HEAVY: Layers = (
    ((_regular((8, 8), 8.5, 8),), RED),
    (_mark(3), WHITE),
)
_NOT_WATCHING: Layers = (
    ((_shield(0),), GREY),
    ((_shield(2),), WHITE),
    (_STRIKE, GREY),
)
_PAUSED: Layers = (
    ((_regular((8, 8), 8),), BLUE),
    (_BARS, WHITE),
)

_SHRUNK = 0.84
"""An icon with a badge is this much smaller and stands in the lower left corner."""
_BADGE_CENTRE: Point = (11.5, 4.5)
_BADGE_RADIUS = 4.5
_BADGE_GAP = 0.9
_BADGE_RIM = 0.6
_MOST_COUNTED = 9

# Below this size letters blur, so digits are set from squares of one unit each.
_SMALLEST_LETTERS = 20
_PIXEL_DIGITS = {
    "1": ("·█·", "██·", "·█·", "·█·", "███"),
    "2": ("███", "··█", "███", "█··", "███"),
    "3": ("███", "··█", "███", "··█", "███"),
    "4": ("█·█", "█·█", "███", "··█", "··█"),
    "5": ("███", "█··", "███", "··█", "███"),
    "6": ("███", "█··", "███", "█·█", "███"),
    "7": ("███", "··█", "··█", "·█·", "·█·"),
    "8": ("███", "█·█", "███", "█·█", "███"),
    "9": ("███", "█·█", "███", "··█", "███"),
    "+": ("···", "·█·", "███", "·█·", "···"),
}


def draw(icon: Icon, size: int, *, dark_panel: bool | None = None) -> Image.Image:
    """Draw the icon.

    Args:
        icon: The state.
        size: Width and height, in pixels.
        dark_panel: Whether it will stand on a dark panel; ``None`` where the host does not say, which gives a picture
            for both.

    Returns:
        An RGBA picture of its own, drawn at exactly this size.
    """
    heavy = icon.worst is not None and icon.worst >= Severity.HIGH
    return _draw(icon.light, min(icon.count, _MOST_COUNTED + 1), heavy, size, dark_panel is True).copy()


@lru_cache(maxsize=256)
def _draw(light: Light, count: int, heavy: bool, size: int, on_dark: bool) -> Image.Image:  # noqa: FBT001 - a cache's key
    samples = max(1, min(_SAMPLES, _LARGEST_CANVAS // size))
    canvas = _Canvas(size * samples)
    scale = _SHRUNK if count else 1
    for outlines, colour in _layers(light, heavy=heavy, on_dark=on_dark):
        for outline in outlines:
            canvas.fill([(x * scale, _UNITS - (_UNITS - y) * scale) for x, y in outline], (*colour, 255))
    if count:
        _badge(
            canvas, str(count) if count <= _MOST_COUNTED else f"{_MOST_COUNTED}+", size, heavy=heavy, on_dark=on_dark
        )
    # A plain mean (and not a sharper filter) keeps flat areas in exactly their colour.
    return canvas.image.resize((size, size), Image.Resampling.BOX)


def _layers(light: Light, *, heavy: bool, on_dark: bool) -> Layers:
    match light:
        case Light.WATCHING:
            return _WATCHING
        case Light.TO_REVIEW if heavy:
            return _TO_REVIEW_HEAVY
        case Light.TO_REVIEW:
            return _TO_REVIEW_ON_DARK if on_dark else _TO_REVIEW
        case Light.NOT_WATCHING:
            return _NOT_WATCHING
        case Light.PAUSED:
            return _PAUSED


class _Canvas:
    """A square to draw on in units.

    Args:
        size: Width and height, in pixels.
    """

    def __init__(self, size: int) -> None:
        self.image = Image.new("RGBA", (size, size))
        self._pen = ImageDraw.Draw(self.image)
        self._unit = size / _UNITS

    def fill(self, outline: Sequence[Point], colour: tuple[int, int, int, int]) -> None:
        """Replace what is inside the outline, also by transparency."""
        self._pen.polygon([(x * self._unit, y * self._unit) for x, y in outline], fill=colour)

    def square(self, x: float, y: float, colour: Colour) -> None:
        """Fill one unit, to the pixel."""
        left, top = x * self._unit, y * self._unit
        end = max(0, self._unit - 1)
        self._pen.rectangle((left, top, left + end, top + end), fill=(*colour, 255))

    def write(self, text: str, centre: Point, height: float, colour: Colour) -> None:
        """Write boldly in Pillow's own typeface, which needs no font on the system."""
        self._pen.text(
            (centre[0] * self._unit, centre[1] * self._unit),
            text,
            font=_typeface(height * self._unit),
            fill=(*colour, 255),
            anchor="mm",
            stroke_width=0.22 * self._unit,
        )


@cache
def _typeface(height: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(height)


def _badge(canvas: _Canvas, text: str, size: int, *, heavy: bool, on_dark: bool) -> None:
    fill, ink = (RED, WHITE) if heavy else (AMBER, BROWN)
    canvas.fill(_regular(_BADGE_CENTRE, _BADGE_RADIUS + _BADGE_GAP), (0, 0, 0, 0))
    rim = BROWN if fill == AMBER and not on_dark else fill
    canvas.fill(_regular(_BADGE_CENTRE, _BADGE_RADIUS), (*rim, 255))
    canvas.fill(_regular(_BADGE_CENTRE, _BADGE_RADIUS - _BADGE_RIM), (*fill, 255))
    if size >= _SMALLEST_LETTERS:
        canvas.write(text, _BADGE_CENTRE, 8.2 if len(text) == 1 else 6.8, ink)
        return
    left, top = _BADGE_CENTRE[0] - (4 * len(text) - 1) / 2, _BADGE_CENTRE[1] - 2.5
    for place, digit in enumerate(text):
        for y, row in enumerate(_PIXEL_DIGITS[digit]):
            for x, square in enumerate(row):
                if square == "█":
                    canvas.square(left + 4 * place + x, top + y, ink)
