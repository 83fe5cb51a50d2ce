"""What comes while the disk takes nothing is shown all the same, and rings once."""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from builders import NOW, notification, user_item
from program import ACCOUNT, Program
from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered, CommitFailed, Failed
from trayapp.core.causes import Cause
from trayapp.core.commands import ReviewAlert
from trayapp.core.judged import Judged
from trayapp.decider import Decider
from trayapp.desktop.events import Asked
from trayapp.events import Watched
from trayapp.intake import Intake
from trayapp.store import Store, StoreError
from trayapp.store.overflow import Overflow

MESSAGE = json.dumps(notification(user_item()))
OTHER = json.dumps(notification(user_item(resourceId="AIDAEXAMPLE7USER0009", resourceName="backup")))


class Full(Program):
    """The program on a disk that may be full for those who commit."""

    def __init__(self, store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(store_path)
        self.now, self.full = NOW, True
        overflow, real = Overflow(), Store.commit

        def commit(store: Store, watch: str, messages: Sequence[Judged], received: datetime) -> list[int]:
            if self.full:
                raise StoreError("database or disk is full", Cause.DISK_FULL)
            return real(store, watch, messages, received)

        monkeypatch.setattr(Store, "commit", commit)
        self.intake = Intake(ACCOUNT.name, store_path, self.events.put, lambda: self.now, overflow=overflow)
        self.decider = Decider(
            events=self.events,
            store_path=store_path,
            notifier=self.screen,
            show=lambda _: None,
            opener=self.opener,
            shower=self.shower,
            now=lambda: self.now,
            quit_program=lambda: None,
            rounds=self.rounds,
            overflow=overflow,
        )

    def come(self, *bodies: str) -> None:
        """Receive messages as the poller does: what is not on disk is received again."""
        try:
            self.intake.commit(bodies)
        except CommitFailed as failure:
            self.events.put(Failed(ACCOUNT.name, failure.cause, str(failure)))
        else:
            self.events.put(Answered(ACCOUNT.name))
        self.settle()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Full]:
    program = Full(tmp_path / "alerts.sqlite3", monkeypatch)
    thread = threading.Thread(target=program.decider.run)
    thread.start()
    for event in (Watched((ACCOUNT,)), Patrolled(ACCOUNT.name, ()), Answered(ACCOUNT.name)):
        program.events.put(event)
    program.settle()
    try:
        yield program
    finally:
        program.intake.close()
        program.events.put(None)
        thread.join(5)


def rang(program: Full) -> list[str]:
    return [note.title for note in program.screen.raised]


def test_an_alert_is_told_from_memory_and_does_not_ring_again_when_the_disk_takes_it(program: Full) -> None:
    for _ in range(3):
        program.come(MESSAGE)
    assert rang(program) == ["New user “helpdesk2”", "Not watching: the disk is full"]
    assert program.settle()["cause"] == "disk-full"
    assert program.settle()["to_review"] == 1

    program.full = False
    program.come(MESSAGE, OTHER)
    assert rang(program)[2:] == ["New user “backup”"]
    assert (program.settle()["state"], program.settle()["to_review"]) == ("to-review", 2)
    assert len(program.incidents()) == 2


def test_what_was_reviewed_from_memory_stays_reviewed(program: Full) -> None:
    program.come(MESSAGE)
    [key] = [key for key in program.screen.notes if key.startswith("alert:")]
    program.events.put(Asked(ReviewAlert(int(key.partition(":")[2]))))
    assert program.settle()["to_review"] == 0

    program.full = False
    program.come(MESSAGE)
    assert program.settle()["to_review"] == 0
    assert len(rang(program)) == 2
