"""Power cuts: every write of a process is recorded, and the disk is made as a cut at any instant may have left it.

Then the file is opened as at the next start, and what the process had said to be done has to be there.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from builders import NOW
from durability import writer
from durability.disk import Disk
from durability.happenings import fingerprints, message
from durability.tracing import Call, replay, trace
from durability.writer import PER_BATCH, alone
from trayapp.store import Store, StoreError
from trayapp.store.healing import heal, is_damaged
from trayapp.store.schema import version_of

FILE = "alerts.sqlite3"
_FIRST = Path(__file__).parents[1] / "store" / "version_1.sql"
_FIRST_INCIDENTS = 6
_TABLE_LEAF = 0x0D
"""The first byte of a page on which rows of a table are."""
AVAILABLE = shutil.which("strace") is not None


@dataclass
class Figures:
    """What came out.

    Attributes:
        calls: Recorded calls that changed something.
        cuts: Simulated power cuts.
        acknowledged: Things that had been said to be done, summed over all cuts.
        lost: Of those, how many were not there.
        torn: Batches that were there in part; of damaged files, cuts after which what a whole page had told was not
            there, or no message of what the spoiled one had told.
        damaged: Cuts after which the file was not whole, or could not be opened.
    """

    calls: int = 0
    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    torn: int = 0
    damaged: int = 0


def commits(cuts: int, seed: int, batches: int = 90, *, careless: bool = False) -> Figures:
    """Cut the power while batches are committed into a file, from its making on."""
    with TemporaryDirectory() as name:
        folder = Path(name, "data")
        folder.mkdir()
        calls = trace(
            ["durability.writer", "careless" if careless else "commit", str(folder / FILE), str(batches)],
            Path(name, "trace"),
        )
        figures = Figures(calls=len(calls))
        for after, said in _cut(calls, folder, Disk(), cuts, Random(seed), figures):
            _check_commits(after / FILE, said, figures)
        return figures


def migrations(cuts: int | None, seed: int) -> Figures:
    """Cut the power while a file of the first version is brought up to date: it is there as it was, or a copy is.

    Args:
        cuts: How often; ``None`` for every fate of every change of a name.
        seed: Decides the rest.
    """

    def check(after: Path, said: Sequence[str], figures: Figures) -> None:
        with closing(sqlite3.connect(after / FILE)) as connection:
            untouched = version_of(connection) == 1
        copies = [copy for copy in after.glob("*.bak") if not is_damaged(copy)]
        figures.damaged += not untouched and not copies
        with Store(after / FILE) as store:
            store.check()
            figures.lost += store.count() < _FIRST_INCIDENTS
            figures.lost += "committed" in said and not fingerprints(9) <= store.holds(fingerprints(9))
        figures.acknowledged += 1 + ("committed" in said)

    return _on_a_given_file(["migrate"], first_version, check, cuts, seed)


def first_version(path: Path) -> None:
    """Make a file of the first version."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_FIRST.read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    path.chmod(0o600)


def healings(cuts: int | None, seed: int) -> Figures:
    """Cut the power while a damaged file is set aside: it is whole somewhere, and what its other pages tell is there.

    Of what the zeroed page told, the messages are there to be judged again.

    Args:
        cuts: How often; ``None`` for every fate of every change of a name.
        seed: Decides the rest.
    """
    damaged = b""
    told: dict[str, list[str]] = {}
    on_the_page: set[str] = set()

    def prepare(path: Path) -> None:
        nonlocal damaged
        writer.commit(path, 12, say=lambda _: None)
        with Store(path) as store:
            for each in store.incidents():
                bodies = [kept.body for kept in store.bodies(each.id)]
                told.update((finding.fingerprint, bodies) for finding in each.findings)
        page = writer.damage(path, seed)
        if page[0] == _TABLE_LEAF:
            on_the_page.update(each for each in told if f'"fingerprint":"{each}"'.encode() in page)
        damaged = path.read_bytes()

    def check(after: Path, said: Sequence[str], figures: Figures) -> None:
        heal(after / FILE, NOW)
        kept = [each.read_bytes() for each in after.glob(f"*.damaged-*/{FILE}")]
        figures.damaged += damaged not in kept
        with Store(after / FILE) as store:
            store.check()
            missing = told.keys() - store.holds(told)
            aside = {each.body for each in store.quarantine()}
            figures.torn += not missing <= on_the_page
            figures.torn += not all(aside.intersection(told[each]) for each in missing)
            figures.lost += "committed" in said and not fingerprints(9) <= store.holds(fingerprints(9))
            figures.acknowledged += 1 + ("committed" in said)

    return _on_a_given_file(["mend"], prepare, check, cuts, seed)


def _on_a_given_file(
    command: Sequence[str],
    prepare: Callable[[Path], None],
    check: Callable[[Path, Sequence[str], Figures], None],
    cuts: int | None,
    seed: int,
) -> Figures:
    with TemporaryDirectory() as name:
        folder = Path(name, "data")
        folder.mkdir()
        prepare(folder / FILE)
        disk = Disk()
        for path in folder.iterdir():
            inode = disk.create(path.name)
            disk.write(inode, 0, path.read_bytes())
            disk.flush(inode)
        disk.flush_names()
        calls = trace(["durability.writer", *command, str(folder / FILE)], Path(name, "trace"))
        figures = Figures(calls=len(calls))
        for after, said in _cut(calls, folder, disk, cuts, Random(seed), figures):
            try:
                check(after, said, figures)
            except StoreError as error:
                print(f"after {said}: {error}")
                figures.damaged += 1
        return figures


def _cut(
    calls: Sequence[Call], folder: Path, disk: Disk, cuts: int | None, random: Random, figures: Figures
) -> Iterator[tuple[Path, list[str]]]:
    """Cut the power; give what is there then, and what had been said."""
    instants = Counter(random.choices(range(len(calls)), k=cuts or 0))
    spoken, unflushed = "", 0
    for number, words in enumerate(replay(calls, folder, disk)):
        spoken += words
        fates: list[Sequence[bool] | None] = [None] * instants[number]
        if cuts is None and disk.unflushed_names > unflushed:
            fates += product((False, True), repeat=disk.unflushed_names)
        unflushed = disk.unflushed_names
        for each in fates:
            figures.cuts += 1
            with TemporaryDirectory() as name:
                disk.after_power_cut(random, Path(name), each)
                yield Path(name), spoken.split("\n")[:-1]


def _check_commits(path: Path, said: Sequence[str], figures: Figures) -> None:
    figures.acknowledged += len(said)
    try:
        with Store(path) as store:
            rows = store._connection.execute("PRAGMA integrity_check").fetchall()
            figures.damaged += [row[0] for row in rows] != ["ok"]
            there = {row["fingerprint"] for row in store._connection.execute("SELECT fingerprint FROM finding")}
            bodies = {kept.body for kept in store.quarantine()}
            states = {each.main.fingerprint: each for each in store.incidents()}
    except (StoreError, sqlite3.DatabaseError) as error:
        print(f"after {len(said)} words: {error}")
        figures.damaged += 1
        figures.lost += len(said)
        return
    for word, number in (each.split() for each in said):
        incident = states.get(alone(int(number)))
        if word == "committed":
            figures.lost += _is_there(int(number), there, bodies) != 1.0
        elif word == "shown":
            figures.lost += incident is None or incident.shown is None
        else:
            figures.lost += incident is None or incident.reviewed is None
    committed = sum(each.startswith("committed") for each in said)
    figures.torn += 0.0 < _is_there(committed, there, bodies) < 1.0


def _is_there(batch: int, there: set[str], bodies: set[str]) -> float:
    """Give how much of a batch is there, of what no other batch brings."""
    numbers = range(batch * PER_BATCH, (batch + 1) * PER_BATCH)
    own = {f"new:{number}" for number in numbers} & {each for number in numbers for each in fingerprints(number)}
    parts = [fingerprint in there for fingerprint in own]
    parts += [message(number).body in bodies for number in numbers if message(number).unreadable]
    return sum(parts) / len(parts)
