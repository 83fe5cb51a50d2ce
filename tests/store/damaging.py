"""Ways in which a file of alerts gets damaged, for real."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from builders import NOW, judged, numbered, takeover_steps, unreadable
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store import Store

PAGE = 4096
MANY = 120

_TABLE_LEAF = 0x0D
_GOES_ON = 0x80
"""A byte of a number from here on says that another one follows."""


def filled(path: Path, *, log: bool = False) -> list[Incident]:
    """Make a file with much in it, some of it shown and some reviewed; give its incidents.

    Args:
        path: The file.
        log: Leave most of it in the write-ahead log, as a program does that was killed.
    """
    store = Store(path)
    for first in range(0, MANY, 10):
        store.commit(
            "work",
            [judged(*map(numbered, range(first, first + 10)), existing=(f"old:{first}",)), unreadable(f"{{{first}")],
            NOW,
        )
    store.commit("work", [judged(*takeover_steps(), seen=(("123456789012", "region:eu-west-1"),))], NOW)
    store.mark_all_shown(dict.fromkeys(range(1, 60), Severity.HIGH), NOW)
    store.review(list(range(1, 30)), NOW)
    incidents = store.incidents()
    if log:
        parts = {part: part.read_bytes() for part in (path, log_of(path))}
        store.close()
        for part, content in parts.items():
            part.write_bytes(content)
    else:
        store.close()
    return incidents


def talked_about(path: Path) -> list[Incident]:
    """Make a file in which much was said of its incidents, with the messages that they came from; give them."""
    filled(path)
    with Store(path) as store:
        told = [judged(numbered(number), source=f"{{message {number}}}") for number in range(500, 540)]
        first = store.commit("work", told, NOW)[0]
        store.decide(range(first, first + 20), Decision.NOT_MINE, NOW, "who is this?")
        store.decide(range(first, first + 10), Decision.MINE, NOW + timedelta(minutes=1), "it was me")
        store.snooze(range(first + 30, first + 35), NOW + timedelta(days=1), NOW)
        for number in range(first, first + 20):
            store.tick(number, "root-password", NOW, done=True)
        return store.incidents()


def pages(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[start : start + PAGE] for start in range(0, len(content), PAGE)]


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def truncate(path: Path, random: Random) -> None:
    os.truncate(path, random.randrange(1, path.stat().st_size // PAGE) * PAGE)


def truncate_anywhere(path: Path, random: Random) -> None:
    os.truncate(path, random.randrange(1, path.stat().st_size - 1))


def zero_pages(path: Path, random: Random) -> None:
    for page in random.sample(range(1, path.stat().st_size // PAGE), 3):
        _write(path, page * PAGE, bytes(PAGE))


def overwrite_header(path: Path, random: Random) -> None:
    _write(path, 0, random.randbytes(100))


def scribble(path: Path, random: Random) -> None:
    _write(path, random.randrange(path.stat().st_size - 2 * PAGE), random.randbytes(2 * PAGE))


def flip_bytes(path: Path, random: Random) -> None:
    for _ in range(40):
        _write(path, random.randrange(path.stat().st_size), random.randbytes(1))


def flip_bits(path: Path, random: Random) -> None:
    content = path.read_bytes()
    for _ in range(12):
        place = random.randrange(len(content))
        _write(path, place, bytes([content[place] ^ 1 << random.randrange(8)]))


def misplace_pages(path: Path, random: Random) -> None:
    """Write pages over others, as a disk does that mistakes their places."""
    found = pages(path)
    for _ in range(3):
        _write(path, random.randrange(1, len(found)) * PAGE, random.choice(found[1:]))


def renumber(path: Path, words: str, number: int) -> None:
    """Give the one row that holds some words another number, of the same length, as a flipped bit may."""
    content = bytearray(path.read_bytes())
    for start in range(PAGE, len(content), PAGE):
        if content[start] != _TABLE_LEAF:
            continue
        for at in range(start + 8, start + 8 + 2 * int.from_bytes(content[start + 3 : start + 5], "big"), 2):
            cell = start + int.from_bytes(content[at : at + 2], "big")
            length = next(index for index in range(9) if content[cell + index] < _GOES_ON) + 1
            if words.encode() in content[cell : cell + PAGE // 8]:
                assert content[cell + length] < _GOES_ON
                assert number < _GOES_ON
                content[cell + length] = number
                path.write_bytes(content)
                return
    raise AssertionError(words)


def break_log(log: Path) -> None:
    """Spoil a frame in the middle of a write-ahead log, with whole transactions behind it."""
    middle = log.stat().st_size // 3
    before = log.read_bytes()[middle : middle + 64]
    _write(log, middle, bytes(255 - byte for byte in before))


def another_file(path: Path, random: Random) -> None:
    path.write_bytes(b"this is no database, it is a letter\n" * random.randrange(1, 500))


def a_folder(path: Path, random: Random) -> None:
    path.unlink()
    path.mkdir()
    (path / "letter").write_text(f"dear {random.random()}")


PAGE_WAYS: tuple[Callable[[Path, Random], None], ...] = (
    truncate,
    truncate_anywhere,
    zero_pages,
    overwrite_header,
    scribble,
    flip_bytes,
    flip_bits,
    misplace_pages,
)
"""Those that leave some of the pages as they were."""

WAYS = (*PAGE_WAYS, another_file, a_folder)


def _write(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
