"""The icon, judged by its pixels: what a person sees on the panel."""

import itertools
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.IcnsImagePlugin import IcnsImageFile
from PIL.IcoImagePlugin import IcoImageFile

from trayapp.core.severity import Severity
from trayapp.core.view import Icon, Light
from trayapp.desktop.tray import drawing
from trayapp.desktop.tray.drawing import AMBER, BLUE, GREEN, GREY, RED, draw

Colour = tuple[int, int, int]

CHECKOUT = Path(__file__).parents[2]
WHITE_PANEL: Colour = (255, 255, 255)
DARK_PANEL: Colour = (30, 30, 30)
SIZES = (16, 20, 22, 24, 32, 48, 64)

WATCHING = Icon(Light.WATCHING)
LIGHT_TO_REVIEW = Icon(Light.TO_REVIEW, 3, Severity.MEDIUM)
HEAVY_TO_REVIEW = Icon(Light.TO_REVIEW, 3, Severity.CRITICAL)
NOT_WATCHING = Icon(Light.NOT_WATCHING)
PAUSED = Icon(Light.PAUSED)

STATES = (
    WATCHING,
    LIGHT_TO_REVIEW,
    HEAVY_TO_REVIEW,
    NOT_WATCHING,
    Icon(Light.NOT_WATCHING, 3, Severity.LOW),
    Icon(Light.NOT_WATCHING, 3, Severity.HIGH),
    PAUSED,
    Icon(Light.PAUSED, 3, Severity.LOW),
    Icon(Light.PAUSED, 3, Severity.HIGH),
)

MAIN_COLOURS = (
    (WATCHING, GREEN),
    (LIGHT_TO_REVIEW, AMBER),
    (HEAVY_TO_REVIEW, RED),
    (NOT_WATCHING, GREY),
    (PAUSED, BLUE),
)


def seen(icon: Icon, size: int, panel: Colour, *, dark_panel: bool | None = None) -> Image.Image:
    """Give the icon as it looks on a panel."""
    background = Image.new("RGBA", (size, size), (*panel, 255))
    return Image.alpha_composite(background, draw(icon, size, dark_panel=dark_panel)).convert("RGB")


def pixels(picture: Image.Image) -> list[Colour]:
    data = picture.convert("RGB").tobytes()
    return [(data[at], data[at + 1], data[at + 2]) for at in range(0, len(data), 3)]


def luminance(colour: Colour) -> float:
    """Give the relative luminance, by https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """Give the contrast ratio, by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def differing_in_grey(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels that differ by a quarter of the range once colour is gone."""
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(difference.histogram()[64:])


@pytest.mark.parametrize("size", [*SIZES, 1, 7, 128, 256])
@pytest.mark.parametrize("icon", STATES, ids=str)
def test_the_icon_has_exactly_the_size_asked_for(icon: Icon, size: int) -> None:
    picture = draw(icon, size)
    assert (picture.mode, picture.size) == ("RGBA", (size, size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("icon", "colour"), MAIN_COLOURS, ids=str)
def test_each_state_shows_its_main_colour_unmixed(icon: Icon, colour: Colour, size: int) -> None:
    own = sum(pixel == colour for pixel in pixels(seen(icon, size, WHITE_PANEL)))
    others = {other for _, other in MAIN_COLOURS} - {colour}
    assert own >= size * size * 0.08
    assert not others & set(pixels(seen(icon, size, WHITE_PANEL)))


@pytest.mark.parametrize("dark_panel", [None, "told"])
@pytest.mark.parametrize("panel", [WHITE_PANEL, DARK_PANEL], ids=["white", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("icon", STATES, ids=str)
def test_each_state_stands_out_three_to_one_from_light_and_dark_panels(
    icon: Icon, size: int, panel: Colour, dark_panel: str | None
) -> None:
    told = panel == DARK_PANEL if dark_panel else None
    picture = seen(icon, size, panel, dark_panel=told)
    covered = sum(draw(icon, size, dark_panel=told).getchannel("A").histogram()[255:])
    standing_out = sum(contrast(pixel, panel) >= 3 for pixel in pixels(picture))
    # What does not stand out is the mark inside, where that is as light as the panel or as dark.
    assert standing_out >= covered * 0.42
    # Something that stands out comes near every side, so it is the shape that is seen and not some part of it.
    outline = Image.new("1", picture.size)
    outline.putdata([contrast(pixel, panel) >= 3 for pixel in pixels(picture)])
    box = outline.getbbox()
    assert box is not None
    margin = size / 16 * 1.6
    left, top, right, bottom = box
    assert left <= margin
    assert top <= margin
    assert right >= size - margin
    assert bottom >= size - margin


@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        (drawing.WHITE, GREEN),
        (drawing.BROWN, AMBER),
        (drawing.WHITE, RED),
        (GREY, drawing.WHITE),
        (drawing.WHITE, BLUE),
    ],
)
@pytest.mark.parametrize("panel", [WHITE_PANEL, DARK_PANEL], ids=["white", "dark"])
def test_each_mark_stands_out_three_to_one_from_its_ground(mark: Colour, ground: Colour, panel: Colour) -> None:
    icon = next(icon for icon, main in MAIN_COLOURS if main in {mark, ground})
    present = set(pixels(seen(icon, 64, panel)))
    assert {mark, ground} <= present
    assert contrast(mark, ground) >= 3


@pytest.mark.parametrize("panel", [WHITE_PANEL, (128, 128, 128), DARK_PANEL], ids=["white", "grey", "dark"])
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(STATES, 2)), ids=str)
def test_any_two_states_differ_without_colour_at_16_pixels(one: Icon, other: Icon, panel: Colour) -> None:
    # A tenth of all pixels, each by a quarter of the range from black to white.
    assert differing_in_grey(seen(one, 16, panel), seen(other, 16, panel)) >= 26


@pytest.mark.parametrize("size", [16, 22, 32])
@pytest.mark.parametrize("light", [Light.TO_REVIEW, Light.NOT_WATCHING, Light.PAUSED])
@pytest.mark.parametrize("worst", [Severity.MEDIUM, Severity.HIGH])
def test_every_count_up_to_ten_reads_differently(size: int, light: Light, worst: Severity) -> None:
    pictures = [seen(Icon(light, count, worst), size, WHITE_PANEL) for count in range(1, 11)]
    # The digits that are nearest to each other, such as 8 and 9, differ in one square of the smallest badge.
    assert min(differing_in_grey(one, other) for one, other in itertools.combinations(pictures, 2)) >= 1


def test_above_nine_all_counts_look_alike() -> None:
    ten, thousand = (draw(Icon(Light.TO_REVIEW, count, Severity.HIGH), 22) for count in (10, 1000))
    assert ten.tobytes() == thousand.tobytes()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("light", [Light.NOT_WATCHING, Light.PAUSED])
@pytest.mark.parametrize(("worst", "colour"), [(Severity.LOW, AMBER), (Severity.CRITICAL, RED)])
def test_who_does_not_watch_still_shows_what_waits(light: Light, worst: Severity, colour: Colour, size: int) -> None:
    main = GREY if light is Light.NOT_WATCHING else BLUE
    present = pixels(seen(Icon(light, 2, worst), size, WHITE_PANEL))
    assert present.count(main) >= 5
    assert present.count(colour) >= size * size * 0.04


@pytest.mark.parametrize("light", [Light.TO_REVIEW, Light.NOT_WATCHING, Light.PAUSED])
@pytest.mark.parametrize(
    ("one", "other"), [(Severity.LOW, Severity.MEDIUM), (Severity.HIGH, Severity.CRITICAL)], ids=["amber", "red"]
)
def test_severities_of_one_colour_look_alike(light: Light, one: Severity, other: Severity) -> None:
    assert draw(Icon(light, 1, one), 22).tobytes() == draw(Icon(light, 1, other), 22).tobytes()


def test_who_changes_a_picture_changes_only_that() -> None:
    before = draw(WATCHING, 22)
    draw(WATCHING, 22).paste((0, 0, 0, 255), (0, 0, 22, 22))
    assert draw(WATCHING, 22).tobytes() == before.tobytes()


def test_drawing_takes_under_five_milliseconds() -> None:
    for size in SIZES:
        fastest = 1.0
        for _ in range(5):
            drawing._draw.cache_clear()
            started = time.perf_counter()
            draw(HEAVY_TO_REVIEW, size)
            fastest = min(fastest, time.perf_counter() - started)
        assert fastest < 0.005, f"{size} px"


# ---- the pictures in icons/


def far_apart(one: Image.Image, other: Image.Image) -> float:
    """Give the mean difference of two pictures' channels, 0 to 255; what is transparent has no colour."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGBa"), other.convert("RGBa"))).mean)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("icons")
    subprocess.run([sys.executable, CHECKOUT / "packaging" / "make_icons.py", "--into", into], check=True, timeout=60)
    return into


def test_the_icon_theme_is_up_to_date(fresh: Path) -> None:
    made = sorted(path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file())
    kept = sorted(path.relative_to(CHECKOUT / "icons") for path in (CHECKOUT / "icons").rglob("*") if path.is_file())
    assert kept == sorted([*made, Path("trayapp.svg")])
    for path in made:
        ours = CHECKOUT / "icons" / path
        if path.suffix == ".svg":
            assert ours.read_bytes() == (CHECKOUT / "icons" / "trayapp.svg").read_bytes()
        elif path.suffix == ".png":
            with Image.open(ours) as kept_picture, Image.open(fresh / path) as made_picture:
                assert kept_picture.size == made_picture.size
                # Renderers differ a little in how they smooth edges.
                assert far_apart(kept_picture, made_picture) < 2, path


def inside(container: Path) -> dict[tuple[int, ...], Image.Image]:
    """Give all pictures of an icon file for Windows or macOS, by their size (and density)."""
    with Image.open(container) as file:
        if isinstance(file, IcnsImageFile):
            return {size: file.icns.getimage(size).convert("RGBA") for size in file.icns.itersizes()}
        assert isinstance(file, IcoImageFile)
        return {size: file.ico.getimage(size).convert("RGBA") for size in file.ico.sizes()}


@pytest.mark.parametrize("name", ["trayapp.ico", "trayapp.icns"])
def test_the_icons_for_windows_and_macos_are_up_to_date(fresh: Path, name: str) -> None:
    kept, made = inside(CHECKOUT / "icons" / name), inside(fresh / name)
    assert kept.keys() == made.keys()
    assert len(kept) >= 8
    for size, picture in kept.items():
        assert far_apart(picture, made[size]) < 2, size


def test_each_picture_in_the_icon_for_windows_is_a_rendering_of_its_own(fresh: Path) -> None:
    pictures = inside(fresh / "trayapp.ico")
    for size in (16, 24, 32, 48, 64, 128, 256):
        with Image.open(fresh / "hicolor" / f"{size}x{size}" / "apps" / "trayapp.png") as rendered:
            assert pictures[size, size].tobytes() == rendered.convert("RGBA").tobytes()


@pytest.mark.parametrize("size", [16, 24, 48, 128])
def test_the_applications_own_icon_is_the_watching_one(size: int) -> None:
    with Image.open(CHECKOUT / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "trayapp.png") as picture:
        assert far_apart(picture, draw(WATCHING, size)) < 3


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in (CHECKOUT / "icons").rglob("*") if path.is_file()) < 400_000
