"""Folders that are the same whoever made them, and whenever."""

import lzma
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

_MODE_OF_PROGRAMS = 0o755
_MODE_OF_FILES = 0o644


def files(folder: Path) -> Iterator[Path]:
    """Give all that is in a folder and in those below it, in an order of its own."""
    yield from sorted(folder.rglob("*"))


def settle(folder: Path, epoch: int, programs: set[Path]) -> None:
    """Give everything in a folder the modes and the times of a package.

    Args:
        folder: The folder.
        epoch: The time, in seconds since 1970.
        programs: Which files are to be started; any other is not.
    """
    for path in [*files(folder), folder]:
        if not path.is_symlink():
            path.chmod(_MODE_OF_PROGRAMS if path.is_dir() or path in programs else _MODE_OF_FILES)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def tarball(folder: Path, target: Path, epoch: int) -> None:
    """Pack a folder, which comes out again under its own name.

    Args:
        folder: The folder, whose modes are settled.
        target: The ``.tar.xz`` to write.
        epoch: The time of everything in it.
    """

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = epoch
        return entry

    with (
        lzma.open(target, "wb", preset=9 | lzma.PRESET_EXTREME) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path in [folder, *files(folder)]:
            archive.add(path, arcname=path.relative_to(folder.parent), recursive=False, filter=plain)
