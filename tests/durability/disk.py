"""A disk with a cache, as a power cut sees it: what was not flushed may be there, in any order, in part, or not.

Inodes and names are kept apart. Data of a file is safe once the file was flushed, a name once its folder was; until
then every sector of every write, and every name, has a fate of its own. What this does not know: disks that lie about
flushing, file systems that lose what was flushed, and sectors that are torn in themselves (SQLite does not expect
those either, https://www.sqlite.org/atomiccommit.html).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
"""Bytes that are written as one."""


@dataclass
class _Inode:
    safe: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes at offsets; with ``None``, the size that the file was cut or stretched to."""


class Disk:
    """One folder on such a disk."""

    def __init__(self) -> None:
        self._inodes: list[_Inode] = []
        self._now: dict[str, int] = {}
        self._safe: dict[str, int] = {}
        self._changes: list[dict[str, int | None]] = []

    def create(self, name: str) -> int:
        """Make a file; give its inode."""
        self._inodes.append(_Inode())
        self._change({name: len(self._inodes) - 1})
        return len(self._inodes) - 1

    def find(self, name: str) -> int | None:
        """Give the inode of a name, ``None`` if there is no such file."""
        return self._now.get(name)

    def write(self, inode: int, offset: int, content: bytes) -> None:
        """Write into a file."""
        self._inodes[inode].pending.append((offset, content))

    def resize(self, inode: int, size: int) -> None:
        """Cut or stretch a file."""
        self._inodes[inode].pending.append((size, None))

    def flush(self, inode: int) -> None:
        """Make a file's content safe."""
        file = self._inodes[inode]
        for offset, content in file.pending:
            _apply(file.safe, offset, content)
        file.pending.clear()

    def flush_names(self) -> None:
        """Make all names safe."""
        self._safe = dict(self._now)
        self._changes.clear()

    def unlink(self, name: str) -> None:
        """Remove a name."""
        self._change({name: None})

    def rename(self, before: str, after: str) -> None:
        """Change the name of a file, or of a folder with all that is in it; all of it or nothing."""
        moving = {name: inode for name, inode in self._now.items() if name == before or name.startswith(f"{before}/")}
        new_names = {after + name.removeprefix(before): inode for name, inode in moving.items()}
        self._change({**dict.fromkeys(moving), **new_names})

    @property
    def unflushed_names(self) -> int:
        """How many changes of names are not safe yet."""
        return len(self._changes)

    def after_power_cut(self, random: Random, folder: Path, fates: Sequence[bool] | None = None) -> None:
        """Write into a folder what is there when the power comes back.

        Args:
            random: Decides the fate of what was not flushed.
            folder: An empty folder.
            fates: Whether each change of a name that is not safe was made all the same; at random where not given.
        """
        kept = random.choice([0.0, 0.1, 0.5, 0.9, 1.0])
        names = dict(self._safe)
        for change, made in zip(self._changes, fates or (random.random() < kept for _ in self._changes), strict=True):
            if made:
                _rename(names, change)
        for name, inode in names.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(self._content(inode, random, kept))
            path.chmod(0o600)

    def _content(self, inode: int, random: Random, kept: float) -> bytes:
        file = self._inodes[inode]
        content = bytearray(file.safe)
        pieces = [piece for offset, written in file.pending for piece in _sectors(offset, written)]
        pieces = [piece for piece in pieces if random.random() < kept]
        if random.random() < 0.5:
            random.shuffle(pieces)
        for offset, written in pieces:
            _apply(content, offset, written)
        return bytes(content)

    def _change(self, change: dict[str, int | None]) -> None:
        self._changes.append(change)
        _rename(self._now, change)


def _rename(names: dict[str, int], change: dict[str, int | None]) -> None:
    for name, inode in change.items():
        if inode is None:
            names.pop(name, None)
        else:
            names[name] = inode


def _apply(content: bytearray, offset: int, written: bytes | None) -> None:
    end = offset + len(written or b"")
    if written is None and offset < len(content):
        del content[offset:]
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if written is not None:
        content[offset:end] = written


def _sectors(offset: int, written: bytes | None) -> list[tuple[int, bytes | None]]:
    if written is None:
        return [(offset, None)]
    pieces: list[tuple[int, bytes | None]] = []
    start = 0
    while start < len(written):
        end = min(len(written), (offset + start) // SECTOR * SECTOR + SECTOR - offset)
        pieces.append((offset + start, written[start:end]))
        start = end
    return pieces
