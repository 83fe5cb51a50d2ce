"""Whether a write-ahead log has lost what was committed into it.

SQLite takes the first frame of a log that does not add up for its end, since that is what a power cut leaves. It
then goes on writing from there, over whatever follows. So a log is looked through before SQLite opens it.

Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = 0x377F0682
"""The last bit says in which order the bytes are summed up: 1 for the big end first."""
_VERSION = 3_007_000
_WORD = 0xFFFFFFFF
_LARGEST = 64 * 1024 * 1024
"""Bytes; checkpoints keep the log near four million. A longer one is left to SQLite alone."""
_LOOKS = 5


@dataclass(frozen=True, slots=True)
class _Frame:
    """A page in the log.

    Attributes:
        number: The page's number.
        page: What is on it.
        commits: It is the last one of its transaction.
        whole: It adds up, and so do all before it.
    """

    number: int
    page: bytes
    commits: bool
    whole: bool


def is_damaged(path: Path) -> bool:
    """Tell whether a log holds transactions behind a place where it is broken, or has a header that is none.

    A commit is on the disk before the next begins, so that a power cut spoils the last one at the most. Two whole ones
    behind a broken frame were spoiled by something else.

    Args:
        path: The log. It may be in use: what changes under the eyes is looked at again.
    """
    for _ in range(_LOOKS):
        log = _read(path)
        if not _is_broken(log):
            return False
        if _read(path) == log:
            return True
    return False


def committed(path: Path) -> dict[int, bytes]:
    """Give the pages that a log holds as they were last committed, by their numbers, up to where it is broken."""
    found: dict[int, bytes] = {}
    transaction: dict[int, bytes] = {}
    for frame in _frames(_read(path)):
        if not frame.whole:
            break
        transaction[frame.number] = frame.page
        if frame.commits:
            found |= transaction
            transaction = {}
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return b""


def _is_broken(log: bytes) -> bool:
    if len(log) <= _HEADER.size:
        return False  # no frame was ever written
    if not _has_header(log):
        return any(log)
    return sum(frame.commits for frame in _frames(log) if not frame.whole) > 1


def _has_header(log: bytes) -> bool:
    magic, version, *_, first, second = _HEADER.unpack_from(log)
    return magic & ~1 == _MAGIC and version == _VERSION and _sum(log[:24], _order(log), (0, 0)) == (first, second)


def _frames(log: bytes) -> Iterator[_Frame]:
    """Give the frames that were written since the log was begun anew; what follows a broken one is not whole either."""
    if len(log) <= _HEADER.size or not _has_header(log):
        return
    _, _, size, _, *salts, first, second = _HEADER.unpack_from(log)
    running, whole = (first, second), True
    for start in range(_HEADER.size, len(log) - _FRAME.size - size + 1, _FRAME.size + size):
        number, pages, *frame_salts, first, second = _FRAME.unpack_from(log, start)
        if frame_salts != salts or number == 0:
            whole = False  # what is left of the log before it was begun anew
            continue
        page = log[start + _FRAME.size : start + _FRAME.size + size]
        if whole:
            running = _sum(page, _order(log), _sum(log[start : start + 8], _order(log), running))
            whole = running == (first, second)
        yield _Frame(number, page, commits=pages > 0, whole=whole)


def _order(log: bytes) -> str:
    return ">" if log[3] & 1 else "<"


def _sum(data: bytes, order: str, running: tuple[int, int]) -> tuple[int, int]:
    first, second = running
    for one, other in struct.iter_unpack(f"{order}2I", data):
        first = (first + one + second) & _WORD
        second = (second + other + first) & _WORD
    return first, second
