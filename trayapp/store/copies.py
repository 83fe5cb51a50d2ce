"""Whole copies that lie beside the file: from before its schema was changed, and damaged ones that were set aside.

They are there to look up by hand what has gone wrong, for which the latest will do, while each takes as much room as
the file itself. So the newest three of either kind stay; an older one goes once a newer one is there, whole. Of damaged
ones, whatever is younger than thirty days stays as well: where a disk fails again and again, it is the first of them
that holds the most. One that its owner renames or moves elsewhere is his and stays.
"""

import logging
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

log = logging.getLogger(__name__)

KEPT = 3
"""How many of either kind stay in any case."""

YOUNG = timedelta(days=30)
"""For how long every damaged one stays."""

_STAMP = "%Y%m%dT%H%M%SZ"
_BEFORE_CHANGE = re.compile(r"v(\d+)\.bak(?:\.(\d+))?", re.ASCII)
_DAMAGED = re.compile(r"damaged-(\d{8}T\d{6}Z)(?:-(\d+))?", re.ASCII)


def before_change(path: Path, version: int) -> Path:
    """Give the name for a copy of a file of some version; the newest has the highest number."""
    numbers = [int(number or 1) for _, found, number in _beside(path, _BEFORE_CHANGE) if found == str(version)]
    name = f"{path.name}.v{version}.bak"
    return path.with_name(f"{name}.{max(numbers) + 1}" if numbers else name)


def damaged(path: Path, now: datetime) -> Path:
    """Make the folder into which a file is set aside that is damaged; it is its owner's alone."""
    stem = f"{path.name}.damaged-{now.astimezone(UTC):{_STAMP}}"
    number = 1
    while True:
        folder = path.with_name(stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder


def drop_before_change(path: Path) -> None:
    """Drop the oldest of the copies from before changes of the schema."""
    found = sorted((int(version), int(number or 1), copy) for copy, version, number in _beside(path, _BEFORE_CHANGE))
    for *_, copy in found[:-KEPT]:
        _drop(copy)


def drop_damaged(path: Path, newest: Path, now: datetime) -> None:
    """Drop the oldest of the damaged files that were set aside.

    Args:
        path: The file.
        newest: The folder of the latest; it stays wherever the clock stood meanwhile.
        now: The moment, aware.
    """
    others = sorted(
        (stamp, int(number or 1), folder) for folder, stamp, number in _beside(path, _DAMAGED) if folder != newest
    )
    old = f"{(now - YOUNG).astimezone(UTC):{_STAMP}}"
    for stamp, _, folder in others[: 1 - KEPT]:
        if stamp < old:
            _drop(folder)


def _beside(path: Path, kind: re.Pattern[str]) -> Iterator[tuple[Path, str, str | None]]:
    """Give the copies of a kind, each with what its name says."""
    for each in path.parent.iterdir():
        found = kind.fullmatch(each.name.removeprefix(f"{path.name}."))
        if found and each.name.startswith(f"{path.name}."):
            yield each, found[1], found[2]


def _drop(copy: Path) -> None:
    """Delete a copy; one that cannot be deleted is no reason to stop."""
    try:
        if copy.is_dir() and not copy.is_symlink():
            shutil.rmtree(copy)
        else:
            copy.unlink()
    except OSError as error:
        log.warning("an old copy cannot be deleted: %s", error)
    else:
        log.info("deleted %s, since newer ones are there", copy)
