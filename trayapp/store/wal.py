"""Whether a write-ahead log has lost what was committed into it.

SQLite takes the first frame of a log that does not add up for its end, since that is what a power cut leaves. It
then goes on writing from there, over whatever follows. So a log is looked through before SQLite opens it.

Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
"""

import struct
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


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        return b""


def _is_broken(log: bytes) -> bool:
    if len(log) <= _HEADER.size:
        return False  # no frame was ever written
    magic, version, page, _, salt1, salt2, *sums = _HEADER.unpack_from(log)
    order = ">" if magic & 1 else "<"
    running = _sum(log[:24], order, (0, 0))
    if magic & ~1 != _MAGIC or version != _VERSION or running != tuple(sums):
        return any(log)
    whole, commits_behind = True, 0
    for start in range(_HEADER.size, len(log) - _FRAME.size - page + 1, _FRAME.size + page):
        number, pages, frame_salt1, frame_salt2, *sums = _FRAME.unpack_from(log, start)
        if (frame_salt1, frame_salt2) != (salt1, salt2) or number == 0:
            whole = False  # what is left of the log before it was begun anew
            continue
        if whole:
            running = _sum(log[start : start + 8], order, running)
            running = _sum(log[start + _FRAME.size : start + _FRAME.size + page], order, running)
            whole = running == tuple(sums)
        if not whole and pages:
            commits_behind += 1
    return commits_behind > 1


def _sum(data: bytes, order: str, running: tuple[int, int]) -> tuple[int, int]:
    first, second = running
    for one, other in struct.iter_unpack(f"{order}2I", data):
        first = (first + one + second) & _WORD
        second = (second + other + first) & _WORD
    return first, second
