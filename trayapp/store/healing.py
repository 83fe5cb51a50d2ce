"""A damaged file: known for one, set aside whole, and a new one begun with what can still be read of it.

A spoiled page costs what was on it: whatever alert stands on another is carried over, and of one that stood there the
message, to be judged again. Who remembers it, brings it back.

Only the running program does this; a command says that the file is damaged and leaves it alone. Whatever interrupts
it, power cuts included, it goes on from there at the next call. Nothing is ever overwritten. What was set aside is
deleted when it is among the oldest of many: ``copies`` says when.
"""

import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from trayapp.core.causes import Cause
from trayapp.core.incidents import Incident
from trayapp.core.language import say
from trayapp.store import copies, schema, wal
from trayapp.store.database import HEALING
from trayapp.store.errors import DAMAGED, StoreError, code_of, translated
from trayapp.store.files import size, sync_folder
from trayapp.store.salvage import Salvaged, has_spoiled_rows, salvage
from trayapp.store.store import Store

log = logging.getLogger(__name__)

_PARTS = ("", "-wal", "-shm")
_LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Healed:
    """What was done.

    Attributes:
        aside: The folder in which the damaged file lies now, whole, with all that belongs to it.
        incidents: How many incidents were carried over into the new file.
        complete: Everything in the damaged file could be read.
    """

    aside: Path
    incidents: int
    complete: bool


def heal(path: Path, now: datetime, known: Sequence[Incident] = ()) -> Healed | None:
    """Set a damaged file aside and begin a new one; or finish what was interrupted.

    Everybody else's connection finds out by itself: what it has written to the old file without saying so yet, it
    writes again. On Windows the system refuses while anybody has the file open.

    Args:
        path: The file.
        now: The moment, aware; it becomes part of a name and nothing depends on it.
        known: Incidents as they were last read, for what has become unreadable of them.

    Returns:
        What was done; ``None`` where a second look finds no damage.

    Raises:
        StoreError: It cannot be moved, or there is no room for a new one. The damaged one is whole all the same.
    """
    marker = path.with_name(path.name + HEALING)
    with translated(path), FileLock(path.with_name(path.name + ".lock"), timeout=_LOCK_SECONDS):
        interrupted = marker.exists() and not path.exists()
        if interrupted:
            aside = path.with_name(marker.read_text("utf-8"))
        else:
            marker.unlink(missing_ok=True)
            if not is_damaged(path):
                return None
            aside = copies.damaged(path, now)
            _write(marker, aside.name)
        set_aside(path, aside)
        saved = _begin_anew(path, aside, now, known)
        marker.unlink()
        sync_folder(path.parent)
        copies.drop_damaged(path, aside, now)
    return Healed(aside, saved.incidents, saved.complete)


def is_damaged(path: Path) -> bool:
    """Look closely whether a file is damaged, at every page and every row; seconds for a hundred thousand findings.

    Raises:
        StoreError: It cannot be read, for a reason that is no damage.
    """
    journal = path.with_name(f"{path.name}-wal")
    if path.is_dir() or wal.is_damaged(journal):
        return True
    if size(path) == 0:
        return size(journal) > 0
    return _has_bad_pages(path) or _has_bad_rows(path)


def set_aside(path: Path, folder: Path) -> None:
    """Move a file with all that belongs to it into a folder, the file itself first.

    Without it, its log is known for what it is; the log's absence would not be noticed.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for suffix in _PARTS:
        part = path.with_name(path.name + suffix)
        goal = folder / part.name
        if os.path.lexists(part) and not os.path.lexists(goal):
            part.rename(goal)
    sync_folder(folder)
    sync_folder(path.parent)


def _has_bad_pages(path: Path) -> bool:
    with translated(path):
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                version, there = schema.version_of(connection), schema.there(connection)
                # What a later version has is none of our business; what has no version yet has nothing at all.
                known = schema.tables(version) if version <= len(schema.MIGRATIONS) else frozenset()
                verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
                return verdict != "ok" or not there >= known or (not version and bool(there))
        except UnicodeDecodeError:
            return True
        except sqlite3.Error as error:
            if code_of(error) in DAMAGED:
                return True
            raise


def _has_bad_rows(path: Path) -> bool:
    try:
        with translated(path), closing(sqlite3.connect(path)) as connection:
            if schema.version_of(connection) != len(schema.MIGRATIONS):
                return False  # nobody reads these rows before they are brought up to date
            connection.row_factory = sqlite3.Row
            if has_spoiled_rows(connection):
                return True
        with closing(Store(path)) as store:
            store.incidents()
    except StoreError as error:
        if error.cause is not Cause.STORE_DAMAGED:
            raise
        return True
    return False


def _begin_anew(path: Path, aside: Path, now: datetime, known: Sequence[Incident]) -> Salvaged:
    """Put a new file in the place of the damaged one, with what can be saved."""
    new = aside / f"salvaged-{path.name}"
    saved = Salvaged(0, complete=False)
    # Damage may make anything of what is read; then what was read before it counts, and at worst nothing.
    for source, incidents in ((aside / path.name, known), (None, known), (None, ())):
        for suffix in _PARTS:
            new.with_name(new.name + suffix).unlink(missing_ok=True)
        try:
            saved = salvage(source, new, now, incidents)
            if not is_damaged(new):
                break
        except StoreError as error:
            if error.cause is not Cause.STORE_DAMAGED:
                raise
        except Exception:
            log.exception("what can be read of %s cannot be used", source)
    if os.path.lexists(path):
        raise StoreError(
            say("{path} was made by somebody else while the damaged one was set aside. Move it away.", path=path)
        )
    new.rename(path)
    # Before the note of it goes: without both, all would begin with nothing.
    sync_folder(aside)
    sync_folder(path.parent)
    return saved


def _write(marker: Path, text: str) -> None:
    with marker.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(marker.parent)
