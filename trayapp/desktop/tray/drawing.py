"""The tray icon, drawn from its state.

Shape and colour tell the state together, so that it reads without colour and at 16 px:

* a shield with a tick watches,
* a triangle with a mark has something to review, an octagon something heavy,
* a hollow shield, struck through, does not watch,
* a disc with two bars is paused,

and whatever waits for review is counted in a badge, in the colour of the heaviest of it.

All measures are in sixteenths of the icon: at 16 px one unit is one pixel.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from trayapp.core.severity import Severity
from trayapp.core.view import Icon, Light

Point = tuple[float, float]
Colour = tuple[int, int, int]

# Each of these but the amber stands out 3:1 (https://www.w3.org/TR/WCAG22/#non-text-contrast) from a white panel and
# from a near-black one alike. No amber does both, so where the panel may be light it gets a dark rim.
GREEN: Colour = (22, 148, 72)
AMBER: Colour = (255, 176, 32)
RED: Colour = (220, 38, 38)
GREY: Colour = (116, 120, 128)
BLUE: Colour = (56, 112, 214)
WHITE: Colour = (255, 255, 255)
BROWN: Colour = (74, 44, 0)

_UNITS = 16
_CANVAS = 1024
_MOST_SAMPLES = 8


def _bezier(start: Point, one: Point, two: Point, end: Point, steps: int = 12) -> list[Point]:
    """Give points on a cubic curve, without its first."""

    def along(axis: int, t: float) -> float:
        u = 1 - t
        return u**3 * start[axis] + 3 * u * u * t * one[axis] + 3 * u * t * t * two[axis] + t**3 * end[axis]

    return [(along(0, step / steps), along(1, step / steps)) for step in range(1, steps + 1)]


def _mirrored(right: Sequence[Point]) -> tuple[Point, ...]:
    """Close an outline whose right half is given from top to bottom."""
    return (*right, *((_UNITS - x, y) for x, y in reversed(right)))


def _rounded(corners: Sequence[Point], radius: float) -> tuple[Point, ...]:
    """Round the corners of a convex outline: leave each edge at ``radius`` from its end and bend over."""
    outline: list[Point] = []
    for before, corner, after in zip(
        (corners[-1], *corners[:-1]), corners, (*corners[1:], corners[0]), strict=True
    ):
        start, end = (
            (
                corner[0] + (other[0] - corner[0]) * radius / math.dist(corner, other),
                corner[1] + (other[1] - corner[1]) * radius / math.dist(corner, other),
            )
            for other in (before, after)
        )
        outline += [start, *_bezier(start, corner, corner, end)]
    return tuple(outline)


def _around(centre: Point, radius: float, corners: int, turn: float = 0.0) -> tuple[Point, ...]:
    """Give a regular polygon; with many corners, a disc."""
    angles = (2 * math.pi * (corner + turn) / corners for corner in range(corners))
    return tuple((centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles)


SHIELD = _mirrored([(8, 0), *_bezier((8, 0), (10, 1.5), (12.5, 2.25), (15, 2.25)), (15, 7.5),
                    *_bezier((15, 7.5), (15, 11.75), (12, 14.5), (8, 16))])
TRIANGLE = _rounded([(8, -0.6), (16.9, 15.5), (-0.9, 15.5)], 3)
OCTAGON = _around((8, 8), 8.45, 8, 0.5)
DISC = _around((8, 8), 8, 64)

Stroke = tuple[Point, ...]
TICK: tuple[Stroke, ...] = (((4.4, 8.2), (7.1, 10.9), (11.8, 5.2)),)
BARS: tuple[Stroke, ...] = (((5.75, 5), (5.75, 11)), ((10.25, 5), (10.25, 11)))
STRIKE: tuple[Stroke, ...] = (((1.2, 14.8), (14.8, 1.2)),)
