"""What our own looking has found is told once, whenever the program is killed and whatever the disk does."""

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.notes import Note
from trayapp.settings import Account
from trayapp.store import Store, StoreError
from trayapp.store.database import Database
from trayapp.store.ledger import Ledger
from trayapp.store.overflow import Overflow
from trayapp.teller import Teller
from trayapp.watching import Watching

ACCOUNT = Account("private", "eu-central-1", "https://sqs.eu-central-1.amazonaws.com/123456789012/inbox")
WELL = (Checked(Check.RECORDER, Outcome.PASSED, ACCOUNT.region),)
OFF = (Checked(Check.RECORDER, Outcome.FAILED, ACCOUNT.region, Cause.RECORDER_OFF),)

PROCESSES = multiprocessing.get_context("forkserver")


class Silent:
    """Shows nothing, and goes nowhere."""

    name = "silent"

    def show(self, note: Note) -> None:
        """Take a note."""

    def withdraw(self, key: str) -> None:
        """Take one away."""

    def close(self) -> None:
        """End."""

    def look(self, account: str) -> None:
        """Look."""

    def renew(self) -> None:
        """Ask anew."""


@dataclass
class Life:
    """One life of the program, which ends without a word right after so many commits."""

    path: Path
    commits: int = -1
    full: bool = False

    def live(self, what: Callable[["Life"], None]) -> None:
        """Let something happen to it."""
        writing = Database.writing

        @contextmanager
        def counted(database: Database) -> Iterator[sqlite3.Connection]:
            if self.full and database.path == self.path:
                raise StoreError("no room", Cause.DISK_FULL)
            with writing(database) as connection:
                yield connection
            self.commits -= database.path == self.path
            if self.commits == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Database, "writing", counted)
            self.ledger = Ledger(self.path, Overflow(), lambda: NOW, pause=0)
            self.guard = Watching(self.ledger, Teller(Silent()), Silent())
            self.guard.expect([ACCOUNT], NOW)
            what(self)
            self.ledger.close()

    def looked(self, checks: tuple[Checked, ...], hours: int = 0) -> None:
        self.guard.patrolled(ACCOUNT.name, checks, NOW + timedelta(hours=hours))


def recorder_stops(life: Life) -> None:
    life.looked(WELL)
    life.looked(OFF, 1)


def recorder_stops_while_the_disk_is_full(life: Life) -> None:
    life.looked(WELL)
    life.full = True
    life.looked(OFF, 1)
    life.full = False
    assert len(life.ledger.to_review()) == 1


def recorder_is_off(life: Life) -> None:
    life.looked(OFF, 2)


def key_is_revoked(life: Life) -> None:
    life.guard.failed(ACCOUNT.name, Cause.KEY_REVOKED, "", NOW)


@pytest.mark.parametrize("commits", range(1, 6))
@pytest.mark.parametrize(
    ("what", "afterwards"),
    [
        (recorder_stops, recorder_is_off),
        (recorder_stops_while_the_disk_is_full, recorder_is_off),
        (key_is_revoked, key_is_revoked),
    ],
)
def test_what_was_found_is_told_once_however_soon_the_program_is_killed(
    tmp_path: Path, what: Callable[[Life], None], afterwards: Callable[[Life], None], commits: int
) -> None:
    path = tmp_path / "alerts.sqlite3"
    process = PROCESSES.Process(target=Life(path, commits).live, args=(what,))
    process.start()
    process.join()
    assert process.exitcode in {0, -signal.SIGKILL}
    for _ in range(2):
        Life(path).live(afterwards)
    with Store(path) as store:
        found = [finding for incident in store.incidents() for finding in incident.findings]
    # Of a life that has not known yet that all was well, what comes after it is the first round, and no news.
    known = what is key_is_revoked or commits >= 1
    assert len(found) == known


def test_the_first_commits_do_kill(tmp_path: Path) -> None:
    for what, last in ((recorder_stops, 2), (recorder_stops_while_the_disk_is_full, 3), (key_is_revoked, 1)):
        ends = []
        for commits in (last, last + 1):
            process = PROCESSES.Process(
                target=Life(tmp_path / f"{what.__name__}-{commits}.sqlite3", commits).live, args=(what,)
            )
            process.start()
            process.join()
            ends.append(process.exitcode)
        assert ends == [-signal.SIGKILL, 0], f"{what.__name__} is {last} commits"
