"""The pictures of severities."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageChops

from trayapp.core.severity import Severity
from trayapp.review.marks import png

RED = (179, 32, 26)


def drawn(severity: Severity, pixels: int = 18) -> Image.Image:
    picture = Image.open(io.BytesIO(png(severity, RED, pixels)))
    picture.load()
    return picture


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("pixels", [16, 18, 36])
def test_every_severity_has_a_picture_of_the_size_that_is_asked_for(severity: Severity, pixels: int) -> None:
    picture = drawn(severity, pixels)
    assert (picture.mode, picture.size) == ("RGBA", (pixels, pixels))
    alpha = picture.getchannel("A")
    assert alpha.getextrema() == (0, 255)
    assert alpha.getpixel((0, 0)) == 0


@pytest.mark.parametrize(("one", "other"), tuple(combinations(Severity, 2)))
def test_they_are_told_apart_without_their_colour(one: Severity, other: Severity) -> None:
    difference = ImageChops.difference(drawn(one).getchannel("A"), drawn(other).getchannel("A"))
    differing = sum(count for value, count in enumerate(difference.histogram()) if value > 127)
    assert differing >= 20
