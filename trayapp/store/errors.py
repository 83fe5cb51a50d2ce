"""What goes wrong with the disk, told apart by what its owner can do about it."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trayapp.core.causes import Cause
from trayapp.core.language import mark, say
from trayapp.store.documents import Spoiled

# Primary result codes, https://www.sqlite.org/rescode.html.
_FULL = frozenset({sqlite3.SQLITE_FULL})
DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
"""The result codes of a file that is damaged."""

# What SQLite says where the file system refuses it a page of the -shm file or a new -wal file.
_FULL_PERHAPS = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_LEAST_ROOM = 64 * 1024
"""Bytes. With less than this left, whatever fails does so for want of room."""

_WAYS_OUT = {
    Cause.DISK_FULL: mark("Free some disk space."),
    Cause.STORE_DAMAGED: mark("It is damaged: trayapp sets it aside whole and begins a new one as soon as it runs."),
    Cause.STORE_FAILING: mark("Free some disk space or check the file's permissions."),
}
_BUSY_WAY_OUT = mark("Another program holds it: close that program.")


class StoreError(Exception):
    """The store cannot be read or written; the text says why and what to do.

    Attributes:
        cause: ``Cause.DISK_FULL``, ``Cause.STORE_DAMAGED`` or, for all else, ``Cause.STORE_FAILING``.
    """

    def __init__(self, message: str, cause: Cause = Cause.STORE_FAILING) -> None:
        super().__init__(message)
        self.cause = cause


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn the database's and the file system's errors into ours."""
    try:
        yield
    except (Spoiled, UnicodeDecodeError) as error:
        # Python reads names and messages of SQLite's as UTF-8, whatever the damage has made of them.
        raise damaged(path, str(error)) from error
    except (sqlite3.Error, OSError) as error:
        cause = _cause(error, path)
        way_out = _BUSY_WAY_OUT if code_of(error) == sqlite3.SQLITE_BUSY else _WAYS_OUT[cause]
        raise _failed(path, error, way_out, cause) from error


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn what a row cannot mean into damage: nothing but ours was ever written into it."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(path, say("a row says what none can say")) from error


def damaged(path: Path, what: str) -> StoreError:
    """Give the error that says what is damaged."""
    return _failed(path, what, _WAYS_OUT[Cause.STORE_DAMAGED], Cause.STORE_DAMAGED)


def _failed(path: Path, what: object, way_out: str, cause: Cause) -> StoreError:
    said = say("{path}: {problem}. {way_out}", path=path, problem=what, way_out=say(way_out))
    return StoreError(said, cause)


def code_of(error: Exception) -> int:
    """Give SQLite's primary result code, the low byte of its extended one; 0 for an error that is not SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _cause(error: sqlite3.Error | OSError, path: Path) -> Cause:
    code = code_of(error)
    if code in _FULL or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return Cause.DISK_FULL
    if code in DAMAGED or _no_text(error):
        return Cause.STORE_DAMAGED
    return Cause.DISK_FULL if code in _FULL_PERHAPS and _no_room(path) else Cause.STORE_FAILING


def _no_text(error: Exception) -> bool:
    """Tell whether what should be text is none: Python finds that out, so that there is no code of SQLite's."""
    return isinstance(error, sqlite3.OperationalError) and code_of(error) == 0


def _no_room(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False
