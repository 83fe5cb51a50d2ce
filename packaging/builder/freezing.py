"""Freezing: Python, the program and what it needs become one folder."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from builder.project import CHECKOUT

SPEC = CHECKOUT / "packaging" / "freeze" / "trayapp.spec"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What was frozen.

    Attributes:
        folder: The program and all its files.
        places: Each file beside the program: its place in the folder of libraries, and where it was taken from.
        sources: The files that the program was made of, those within its archive included.
    """

    folder: Path
    places: dict[str, Path]
    sources: tuple[Path, ...]

    @property
    def program(self) -> Path:
        """The file to start."""
        return self.folder / "trayapp"


def freeze(work: Path, epoch: int) -> Frozen:
    """Freeze the checkout.

    Args:
        work: A folder for everything that comes of it; what was in it is removed.
        epoch: The time that is written into what is made.

    Raises:
        subprocess.CalledProcessError: PyInstaller failed; it has said why.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    options = ["--noconfirm", "--log-level", "ERROR", "--distpath", str(work / "frozen"), "--workpath", str(work)]
    subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-P", "-m", "PyInstaller", *options, str(SPEC)],
        check=True,
        env=os.environ
        | {
            "PYTHONHASHSEED": "0",  # sets are written in the same order each time
            "SOURCE_DATE_EPOCH": str(epoch),
            "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        },
    )
    folder = work / "frozen" / "trayapp"
    inside = json.loads((work / "trayapp" / "inside.json").read_text(encoding="utf-8"))
    places = {place: Path(source) for place, source in inside["places"].items()}
    return Frozen(folder, places, tuple(Path(source) for source in inside["sources"]))
