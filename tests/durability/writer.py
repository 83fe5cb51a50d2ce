"""The processes whose every write is recorded; each says what is done, and only when it is."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from builders import NOW
from durability.happenings import message
from trayapp.core.severity import Severity
from trayapp.store import Store
from trayapp.store.healing import heal

PER_BATCH = 10
PER_LIFE = 30
"""Batches between two openings of the file: closing it tidies up its log."""


PAGE = 4096
"""Bytes of a page of a file."""

ALONE = 6
"""Of ten numbers, that of the message which nothing ever joins."""


def say(words: str) -> None:
    """Say what is done, at once."""
    print(words, flush=True)


def commit(path: Path, batches: int, *, careless: bool = False, say: Callable[[str], None] = say) -> None:
    """Commit batches, and mark and review some of what they make.

    Args:
        path: The file.
        batches: How many.
        careless: Do not wait for the disk: what a proof has to find out.
        say: Takes what is done.
    """
    for first in range(0, batches, PER_LIFE):
        with Store(path) as store:
            if careless:
                store._connection.execute("PRAGMA synchronous=OFF")
            for batch in range(first, min(batches, first + PER_LIFE)):
                numbers = range(batch * PER_BATCH, (batch + 1) * PER_BATCH)
                store.commit("work", map(message, numbers), NOW + timedelta(seconds=batch))
                say(f"committed {batch}")
                [incident] = [each.id for each in store.to_review() if each.main.fingerprint == alone(batch)]
                store.mark_all_shown({incident: Severity.HIGH}, NOW)
                say(f"shown {batch}")
                if batch % 3 == 0:
                    store.review([incident], NOW)
                    say(f"reviewed {batch}")


def alone(batch: int) -> str:
    """Give the fingerprint of what is an incident by itself in a batch."""
    return f"new:{batch * PER_BATCH + ALONE}"


def migrate(path: Path) -> None:
    """Bring a file of the first version up to date, and commit into it."""
    with Store(path) as store:
        say("opened")
        store.commit("work", [message(9)], NOW)
        say("committed")


def mend(path: Path) -> None:
    """Set a damaged file aside, and commit into the new one."""
    healed = heal(path, NOW)
    if healed is None:
        raise RuntimeError("it was not damaged")
    say("healed")
    with Store(path) as store:
        store.commit("work", [message(9)], NOW)
        say("committed")


def damage(path: Path, seed: int) -> bytes:
    """Zero any page of a file; give what was on it."""
    with path.open("r+b") as file:
        start = Random(seed).randrange(path.stat().st_size // PAGE) * PAGE
        file.seek(start)
        content = file.read(PAGE)
        file.seek(start)
        file.write(bytes(PAGE))
    return content


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["commit", path, batches]:
            commit(Path(path), int(batches))
        case ["careless", path, batches]:
            commit(Path(path), int(batches), careless=True)
        case ["migrate", path]:
            migrate(Path(path))
        case ["mend", path]:
            mend(Path(path))
        case _:
            sys.exit("commit|careless PATH BATCHES, migrate|mend PATH")
