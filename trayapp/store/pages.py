"""What lies on the pages of a file, whatever has become of the way to them.

SQLite finds a row through the schema, which lies on the first pages, and through the inner pages of a tree. Where one
of these is gone, all that hangs on it is whole, and out of its reach.

Format: https://www.sqlite.org/fileformat2.html
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from trayapp.store import wal

Value = int | float | str | bytes | None

_MAGIC = b"SQLite format 3\0"
_HEADER = 100
"""Bytes of the file's own header, at the beginning of its first page."""
_USUAL_SIZE = 4096
_SIZES = frozenset(2**exponent for exponent in range(9, 17))

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_POINTERS = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INNER: 12}
"""Where on a page that holds rows the pointers to them begin, by the kind of the page."""

_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)
_REAL, _ZERO, _ONE, _TEXT_OR_BLOB = 7, 8, 9, 12

_BROKEN = (ValueError, IndexError, struct.error)
"""What reading a row that is none may raise."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row.

    Attributes:
        number: Its number; ``None`` where it lies in an index or in a table without numbers.
        values: Its columns, in the order in which they lie there.
    """

    number: int | None
    values: tuple[Value, ...]


def records(path: Path) -> Iterator[Record]:
    """Give every row that is whole, in the order of the pages; also those of its write-ahead log.

    Pages that SQLite has given up are passed over, as far as the file still says which they are.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        pages = _Pages(file, wal.committed(path.with_name(f"{path.name}-wal")))
        unused = pages.unused()
        for number in range(2, pages.count + 1):  # the first one has never room for anything but the schema
            if number not in unused:
                yield from _rows(pages, pages.get(number))


class _Pages:
    """The pages of a file as its write-ahead log has them, numbered from 1."""

    def __init__(self, file: BinaryIO, log: dict[int, bytes]) -> None:
        self._file, self._log = file, log
        self._header = (log.get(1) or file.read(_HEADER)).ljust(_HEADER, b"\0")
        (size,) = struct.unpack_from(">H", self._header, 16)
        size = 65536 if size == 1 else size  # two bytes have no room for it
        self._known = self._header.startswith(_MAGIC) and size in _SIZES
        self.size = size if self._known else _USUAL_SIZE
        self.usable = self.size - (self._header[20] if self._known else 0)
        self.count = max(file.seek(0, 2) // self.size, *log, 0)

    def get(self, number: int) -> bytes:
        """Give a page; empty where there is none."""
        if number in self._log:
            return self._log[number]
        self._file.seek((number - 1) * self.size)
        page = self._file.read(self.size)
        return page if len(page) == self.size else b""

    def unused(self) -> frozenset[int]:
        """Give the pages that hold nothing any more, whatever still stands on them."""
        found: set[int] = set()
        if not self._known:
            return frozenset()
        (trunk,) = struct.unpack_from(">I", self._header, 32)
        while 0 < trunk <= self.count and trunk not in found:
            found.add(trunk)
            page = self.get(trunk)
            if not page:
                break
            trunk, length = struct.unpack_from(">2I", page)
            found.update(struct.unpack_from(f">{min(length, self.usable // 4 - 2)}I", page, 8))
        return frozenset(found)


def _rows(pages: _Pages, page: bytes) -> Iterator[Record]:
    if not page or page[0] not in _POINTERS:
        return
    (count,) = struct.unpack_from(">H", page, 3)
    first = _POINTERS[page[0]]
    for at in range(first, min(first + 2 * count, len(page) - 1), 2):
        try:
            yield _row(pages, page, *struct.unpack_from(">H", page, at))
        except _BROKEN:
            continue  # the others may be whole


def _row(pages: _Pages, page: bytes, at: int) -> Record:
    if page[0] == _INDEX_INNER:
        at += 4  # the page below it
    length, at = _varint(page, at)
    number = None
    if page[0] == _TABLE_LEAF:
        number, at = _varint(page, at)
        number -= (number >> 63) << 64
    return Record(number, tuple(_values(_payload(pages, page, at, length))))


def _payload(pages: _Pages, page: bytes, at: int, length: int) -> bytes:
    """Give the bytes of a row, also where they go on on other pages."""
    usable = pages.usable
    most = usable - 35 if page[0] == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
    if length <= most:
        return _exactly(page[at : at + length], length)
    least = (usable - 12) * 32 // 255 - 23
    here = least + (length - least) % (usable - 4)
    here = here if here <= most else least
    found = bytearray(_exactly(page[at : at + here], here))
    (following,) = struct.unpack_from(">I", page, at + here)
    while len(found) < length:
        # A page that is not there is empty, and has no number of the next.
        overflow = pages.get(following) if following else b""
        (following,) = struct.unpack_from(">I", overflow)
        found += overflow[4 : 4 + min(usable - 4, length - len(found))]
    return bytes(found)


def _values(payload: bytes) -> Iterator[Value]:
    end, at = _varint(payload, 0)
    kinds = []
    while at < end:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    for kind in kinds:
        value, at = _value(payload, at, kind)
        yield value
    if at != len(payload):
        raise ValueError("a row of another length than it says")


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in (_ZERO, _ONE):
        return kind - _ZERO, at
    if kind == _REAL:
        (real,) = struct.unpack_from(">d", payload, at)
        return real, at + 8
    length = (kind - _TEXT_OR_BLOB) // 2 if kind >= _TEXT_OR_BLOB else _INTEGER_BYTES[kind]
    content = _exactly(payload[at : at + length], length)
    if kind < _TEXT_OR_BLOB:
        return int.from_bytes(content, "big", signed=True), at + length
    return (content.decode() if kind % 2 else content), at + length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; give it, and where it ends."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:  # noqa: PLR2004 - the bit that says whether another byte follows
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def _exactly(content: bytes, length: int) -> bytes:
    if len(content) != length:
        raise ValueError("a row beyond the end of its page")
    return content
