"""The small pictures that say how heavy an incident is: each severity has a shape of its own beside its colour.

They are drawn here, by distances from their outlines, since a drawing library would cost more time than all else.
"""

import math
import struct
import zlib
from collections.abc import Callable

from trayapp.core.severity import Severity

Colour = tuple[int, int, int]
_Shape = Callable[[float, float], float]
"""The distance of a point from the outline, negative inside; the picture reaches from -1 to 1 both ways."""

_WHITE: Colour = (255, 255, 255)
_EDGE = 0.86
_CUT = math.cos(math.pi / 8)


def png(severity: Severity, colour: Colour, pixels: int, ink: Colour = _WHITE) -> bytes:
    """Draw the mark of a severity as a PNG with transparency.

    Args:
        severity: An octagon with a bar for critical, a triangle for high, a disc for medium, a ring for low.
        colour: Of the shape.
        pixels: Width and height.
        ink: Of what stands inside the shape.
    """
    outline, inside = _SHAPES[severity]
    rows = bytearray()
    step = 2 / pixels
    for row in range(pixels):
        rows.append(0)  # no filter
        y = (row + 0.5) * step - 1
        for column in range(pixels):
            x = (column + 0.5) * step - 1
            cover = _cover(outline(x, y), step)
            inked = _cover(inside(x, y), step) if inside else 0.0
            rows += bytes(round(c + (i - c) * inked) for c, i in zip(colour, ink, strict=True))
            rows.append(round(255 * cover))
    return _file(pixels, bytes(rows))


def _cover(distance: float, step: float) -> float:
    return min(1.0, max(0.0, 0.5 - distance / step))


def _octagon(x: float, y: float) -> float:
    x, y = abs(x), abs(y)
    return max(x, y, (x + y) / math.sqrt(2)) - _EDGE * _CUT


def _triangle(x: float, y: float) -> float:
    # Equilateral, standing on its side, its corners cut by the circle around.
    sides = max(y - 0.62, abs(x) * math.sqrt(3) / 2 - y / 2 - 0.5)
    return max(sides, math.hypot(x, y - 0.1) - 0.98)


def _disc(x: float, y: float) -> float:
    return math.hypot(x, y) - _EDGE * 0.85


def _ring(x: float, y: float) -> float:
    return abs(math.hypot(x, y) - 0.58) - 0.14


def _exclamation(top: float, bottom: float) -> _Shape:
    """Give a stroke with a dot below it."""

    def shape(x: float, y: float) -> float:
        stroke = max(abs(x) - 0.12, top - y, y - (bottom - 0.3))
        dot = max(abs(x), abs(y - bottom + 0.08)) - 0.13
        return min(stroke, dot)

    return shape


_SHAPES: dict[Severity, tuple[_Shape, _Shape | None]] = {
    Severity.CRITICAL: (_octagon, _exclamation(-0.5, 0.52)),
    Severity.HIGH: (_triangle, _exclamation(-0.32, 0.5)),
    Severity.MEDIUM: (_disc, None),
    Severity.LOW: (_ring, None),
}


def _file(pixels: int, rows: bytes) -> bytes:
    """Write a PNG of eight bits a channel with alpha: https://www.w3.org/TR/png-3/."""
    head = struct.pack(">2I5B", pixels, pixels, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
