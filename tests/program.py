"""The program from the queue to the screen, in one process and at times of the test's own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

from scenarios import Arrival, batches
from trayapp.aws.poller import Answered
from trayapp.core.commands import Page, ReviewAll
from trayapp.core.incidents import Incident
from trayapp.core.notes import Note
from trayapp.core.records import StatusRecord
from trayapp.decider import Decider
from trayapp.desktop.events import Asked, NoteShown
from trayapp.events import Events, StatusWanted
from trayapp.intake import Intake
from trayapp.settings import Account
from trayapp.store import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACCOUNT = Account("private", "us-east-1", "https://sqs.us-east-1.amazonaws.com/123456789012/inbox")


class Screen:
    """Shows notes as a desktop does: a quiet one only in the place of its own that is still there."""

    name = "screen"

    def __init__(self, events: Events) -> None:
        self._events = events
        self.notes: dict[str, Note] = {}
        self.raised: list[Note] = []
        self.replaced: list[Note] = []

    def show(self, note: Note) -> None:
        if note.quiet and note.key not in self.notes:
            return
        (self.replaced if note.quiet else self.raised).append(note)
        self.notes[note.key] = note
        self._events.put(NoteShown(note.key))

    def withdraw(self, key: str) -> None:
        self.notes.pop(key, None)

    def close(self) -> None:
        pass


class NoBrowser:
    """Nobody clicks here."""

    def open(self, url: str, activation_token: str = "") -> None:
        raise AssertionError(f"nobody asked for {url}, {activation_token}")


class NoWindow:
    """Nobody looks at the window here."""

    def show(self, page: Page, alert_id: int = 0) -> None:
        raise AssertionError(f"nobody asked for {page}, {alert_id}")


class NoRounds:
    """Nobody looks after those who report here."""

    def look(self, account: str) -> None:
        pass

    def renew(self) -> None:
        pass


class Program:
    """The program from the queue to the screen, at times of the test's own."""

    def __init__(self, store_path: Path) -> None:
        self.now = NOON - timedelta(days=30)
        self.store_path = store_path
        self.events: Events = SimpleQueue()
        self.screen = Screen(self.events)
        self.intake = Intake(ACCOUNT.name, store_path, self.events.put, lambda: self.now)
        self.opener, self.rounds, self.shower = NoBrowser(), NoRounds(), NoWindow()
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
        )
        self.received = 0

    def receive(self, arrivals: Sequence[Arrival], batch: int = 1) -> list[Note]:
        """Take messages in, as they come or in batches, until the queue is empty; give what was raised."""
        raised = len(self.screen.raised)
        for part in batches(arrivals, batch):
            self.now = max(self.now, *(arrival.at for arrival in part))
            self.intake.commit([arrival.body for arrival in part])
            self.received += len(part)
            self.settle()
        self.events.put(Answered(ACCOUNT.name))
        self.settle()
        return self.screen.raised[raised:]

    def settle(self) -> StatusRecord:
        """Wait until all that has happened, and what came of it, is handled; give the state then."""
        for _ in range(3):
            reply: SimpleQueue[StatusRecord] = SimpleQueue()
            self.events.put(StatusWanted(reply))
            record = reply.get(timeout=10)
        return record

    def review_all(self) -> None:
        self.events.put(Asked(ReviewAll()))
        self.settle()

    def incidents(self) -> list[Incident]:
        """Give all incidents, the oldest first."""
        with Store(self.store_path) as store:
            return store.incidents()[::-1]

    def report(self, story: str) -> None:
        """Print what became of a story."""
        screen = self.screen
        print(f"\n{story}: {self.received} messages, {len(screen.raised)} raised, {len(screen.replaced)} replaced")
        for incident in self.incidents():
            shown = "told" if incident.shown else "kept"
            titles = [note.title for note in screen.notes.values() if note.key == f"alert:{incident.id}"]
            print(f"  {incident.severity.word:8} {shown} {len(incident.parts):3} parts  {''.join(titles)}")
        for note in screen.raised:
            print(f"    rang: {note.title} | {note.body}")
