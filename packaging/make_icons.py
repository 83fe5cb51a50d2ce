#!/usr/bin/env python3
"""Make every picture of the application's icon from the one drawing, icons/trayapp.svg.

Run it after a change to the drawing: ``python packaging/make_icons.py``. It needs Pillow and rsvg-convert (Debian's
librsvg2-bin). Every size is rendered for itself, none is scaled from another.
"""

import argparse
import io
import shutil
import subprocess
from pathlib import Path

from PIL import Image

ICONS = Path(__file__).resolve().parent.parent / "icons"
NAME = "trayapp"

# https://specifications.freedesktop.org/icon-theme-spec/latest/#directory_layout
HICOLOR = (16, 22, 24, 32, 48, 64, 128, 256, 512)
# https://learn.microsoft.com/en-us/windows/apps/design/style/iconography/app-icon-construction
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 128, 256)
# https://developer.apple.com/design/human-interface-guidelines/app-icons; the largest is 512 at twice the density.
MACOS = (16, 32, 64, 128, 256, 512, 1024)


def render(drawing: Path, size: int) -> Image.Image:
    """Render the drawing as an RGBA picture of ``size`` times ``size`` pixels."""
    made = subprocess.run(  # noqa: S603 - no part of it comes from outside
        [_rsvg_convert(), "--width", str(size), "--height", str(size), str(drawing)], check=True, capture_output=True
    )
    return Image.open(io.BytesIO(made.stdout)).convert("RGBA")


def make(drawing: Path, into: Path) -> None:
    """Write the icon theme's files, ``trayapp.ico`` and ``trayapp.icns``.

    Args:
        drawing: The SVG.
        into: The folder to write to; what stands there is overwritten.
    """
    pictures = {size: render(drawing, size) for size in sorted({*HICOLOR, *WINDOWS, *MACOS})}
    for size in HICOLOR:
        path = into / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pictures[size].save(path, optimize=True)
    scalable = into / "hicolor" / "scalable" / "apps" / f"{NAME}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawing, scalable)
    # Without the others appended, Pillow would scale the largest down instead of taking their own rendering.
    pictures[WINDOWS[-1]].save(
        into / f"{NAME}.ico",
        sizes=[(size, size) for size in WINDOWS],
        append_images=[pictures[size] for size in WINDOWS[:-1]],
    )
    pictures[MACOS[-1]].save(into / f"{NAME}.icns", append_images=[pictures[size] for size in MACOS[:-1]])


def _rsvg_convert() -> str:
    program = shutil.which("rsvg-convert")
    if program is None:
        raise SystemExit("rsvg-convert is not installed. On Debian: apt-get install librsvg2-bin")
    return program


def main() -> None:
    """Make the icons."""
    parser = argparse.ArgumentParser(description="Make every picture of the icon from icons/trayapp.svg.")
    parser.add_argument("--into", type=Path, default=ICONS, help="the folder to write to (default: icons)")
    make(ICONS / f"{NAME}.svg", parser.parse_args().into)


if __name__ == "__main__":
    main()
