"""What the window remembers of itself: its size, how it is divided, and how the desktop looked last."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

_SMALLEST = 200
_LARGEST = 20_000


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept from one window to the next; lengths are in pixels at a scale of 1.

    Attributes:
        width: Of the window.
        height: Of the window.
        list_width: Of the list.
        dark: The desktop was dark.
        family: The desktop's font; empty if unknown.
        points: Its size in points; 0 if unknown.
    """

    width: int = 1120
    height: int = 720
    list_width: int = 430
    dark: bool = False
    family: str = ""
    points: float = 0.0


def recall(file: Path) -> Remembered | None:
    """Read what is remembered; ``None`` where nothing is, or nothing that makes sense."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        said = json.loads(file.read_bytes())
        if isinstance(said, dict):
            return _checked(said)
    return None


def remember(file: Path, what: Remembered) -> None:
    """Keep it; where the disk does not let us, the next window begins as the first one did."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
        fresh.write_text(json.dumps(asdict(what)), encoding="utf-8")
        fresh.replace(file)


def _checked(said: dict[str, Any]) -> Remembered:
    """Take what fits and leave the rest as it is at first."""
    fitting = {field.name: said[field.name] for field in fields(Remembered) if _fits(field.name, said.get(field.name))}
    return Remembered(**fitting)


def _fits(name: str, value: object) -> bool:
    if name == "dark":
        return isinstance(value, bool)
    if name == "family":
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= 100 if name == "points" else isinstance(value, int) and _SMALLEST <= value <= _LARGEST  # noqa: PLR2004 - no font is larger
