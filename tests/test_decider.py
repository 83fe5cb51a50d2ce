"""What the one place that decides makes of events. The store is real; notifier, browser and tray only note and obey."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from trayapp.aws.poller import Answered, Failed
from trayapp.core.alerts import Certainty, Finding, Signal
from trayapp.core.commands import OpenAlert, OpenHeaviest, Pause, Quit, Resume, ReviewAll, TellStatus
from trayapp.core.guard import Cause
from trayapp.core.judged import Judged
from trayapp.core.notes import Note
from trayapp.core.records import StatusRecord
from trayapp.core.severity import Severity
from trayapp.core.view import Light, TrayView
from trayapp.decider import Committed, Decider, Events, StatusWanted, StoreChanged, Watched
from trayapp.desktop.browser import BrowserFailed
from trayapp.desktop.events import Asked, LinkFailed, NoteFailed, NoteShown, NotifierBack
from trayapp.settings import Account
from trayapp.store import Store

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACCOUNT = Account("private", "eu-central-1", "https://sqs.eu-central-1.amazonaws.com/123456789012/inbox")


class Notifier:
    """Accepts notes, or refuses them as a desktop without a notification service does."""

    name = "noting"

    def __init__(self, events: Events) -> None:
        self.events, self.accepts = events, True
        self.shown: list[Note] = []
        self.refused: list[str] = []
        self.withdrawn: list[str] = []

    def show(self, note: Note) -> None:
        if self.accepts:
            self.shown.append(note)
            self.events.put(NoteShown(note.key))
        else:
            self.refused.append(note.key)
            self.events.put(NoteFailed(note.key, "nobody there"))

    def withdraw(self, key: str) -> None:
        self.withdrawn.append(key)

    def close(self) -> None:
        pass

    def told(self) -> list[str]:
        return [note.key for note in self.shown]


class Opener:
    """Notes what it opens, or fails as a missing browser does."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, str]] = []
        self.fails = False

    def open(self, url: str, activation_token: str = "") -> None:
        if self.fails:
            raise BrowserFailed(f"no browser; open {url} yourself")
        self.opened.append((url, activation_token))


class Bench:
    """A running decider with everything around it within reach."""

    def __init__(self, store_path: Path) -> None:
        self.events: Events = SimpleQueue()
        self.store_path = store_path
        self.notifier, self.opener = Notifier(self.events), Opener()
        self.views: list[TrayView] = []
        self.now = NOON
        self.quit = threading.Event()
        self.decider = Decider(
            events=self.events,
            store_path=store_path,
            notifier=self.notifier,
            show=self.views.append,
            opener=self.opener,
            now=lambda: self.now,
            quit_program=self.quit.set,
        )

    def settle(self) -> StatusRecord:
        """Wait until all that was put so far, and what came of it, is handled; give the status then."""
        for _ in range(3):
            reply: SimpleQueue[StatusRecord] = SimpleQueue()
            self.events.put(StatusWanted(reply))
            record = reply.get(timeout=5)
        return record

    def tell(self, *events: object) -> StatusRecord:
        for event in events:
            self.events.put(event)  # type: ignore[arg-type]  # any of the events
        return self.settle()

    @property
    def light(self) -> Light:
        return self.views[-1].icon.light


@contextmanager
def running(store_path: Path, before: Callable[[Bench], None] | None = None) -> Iterator[Bench]:
    bench = Bench(store_path)
    if before:
        before(bench)
    thread = threading.Thread(target=bench.decider.run)
    thread.start()
    try:
        bench.settle()
        yield bench
    finally:
        bench.events.put(None)
        thread.join(5)
        assert not thread.is_alive()


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def bench(store_path: Path) -> Iterator[Bench]:
    with running(store_path) as bench:
        bench.tell(Watched((ACCOUNT,)), Answered("private"))
        yield bench


def user(name: str = "helpdesk2", severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        fingerprint=f"new:123456789012:AWS::IAM::User:AIDA{name.upper()}",
        signal=Signal.IAM_USER_NEW,
        severity=severity,
        certainty=Certainty.NEW,
        account_id="123456789012",
        region="global",
        resource_type="AWS::IAM::User",
        resource_id=f"AIDA{name.upper()}",
        resource_name=name,
        arn=f"arn:aws:iam::123456789012:user/{name}",
        size="",
        happened=NOON,
    )


def commit(path: Path, *findings: Finding) -> None:
    with Store(path) as store:
        store.commit("private", [Judged("config", (finding,)) for finding in findings], NOON)


def test_a_new_alert_is_shown_once_and_lights_the_icon(bench: Bench) -> None:
    commit(bench.store_path, user())
    status = bench.tell(Committed(), Committed(), Answered("private"))
    assert bench.notifier.told() == ["alert:1"]
    assert (status["state"], status["to_review"], bench.light) == ("to-review", 1, Light.TO_REVIEW)


def test_what_was_never_shown_is_shown_at_the_next_start(store_path: Path) -> None:
    commit(store_path, user("first"), user("second"))
    with running(store_path) as bench:
        assert bench.notifier.told() == ["alert:1", "alert:2"]
    with running(store_path) as bench:
        assert bench.notifier.told() == []
        assert bench.views[-1].icon.count == 2


def test_what_the_desktop_refused_is_shown_when_a_notifier_comes(bench: Bench) -> None:
    bench.notifier.accepts = False
    commit(bench.store_path, user())
    bench.tell(Committed())
    assert bench.notifier.refused == ["alert:1"]
    bench.notifier.accepts = True
    bench.tell(NotifierBack())
    assert bench.notifier.told() == ["alert:1"]


def test_a_refusal_is_not_answered_by_asking_again_and_again(bench: Bench) -> None:
    bench.notifier.accepts = False
    commit(bench.store_path, user())
    bench.tell(Committed())
    bench.settle()
    assert len(bench.notifier.refused) == 1
    bench.tell(Answered("private"))
    assert len(bench.notifier.refused) == 2


def test_opening_an_alert_opens_its_page_and_reviews_it(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.tell(Committed())
    status = bench.tell(Asked(OpenAlert(1, "token")))
    url = "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2?section=permissions"
    assert bench.opener.opened == [(url, "token")]
    assert "alert:1" in bench.notifier.withdrawn
    assert status["state"] == "watching"


def test_a_browser_that_fails_leaves_the_alert_to_review_and_says_so(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.opener.fails = True
    status = bench.tell(Committed(), Asked(OpenAlert(1)))
    assert status["state"] == "to-review"
    assert "https://us-east-1.console.aws.amazon.com/" in bench.notifier.shown[-1].body


def test_a_browser_that_fails_later_is_told_with_the_address(bench: Bench) -> None:
    bench.tell(LinkFailed("the browser ended at once; open https://example.com/ yourself"))
    assert "https://example.com/" in bench.notifier.shown[-1].body


def test_a_plain_click_opens_the_heaviest_alert_or_else_tells_how_things_stand(bench: Bench) -> None:
    commit(bench.store_path, user("first"), user("gravest", Severity.CRITICAL), user("last"))
    bench.tell(Committed(), Asked(OpenHeaviest()))
    assert "gravest" in bench.opener.opened[0][0]
    bench.tell(Asked(ReviewAll()), Asked(OpenHeaviest()))
    assert bench.notifier.shown[-1].key == "status"
    assert "Nothing to review" in bench.notifier.shown[-1].title


def test_what_another_process_reviewed_calms_the_icon_and_takes_the_popup_away(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.tell(Committed())
    with Store(bench.store_path) as store:
        store.review_all(NOON)
    bench.tell(StoreChanged())
    assert bench.light is Light.WATCHING
    assert bench.notifier.withdrawn == ["alert:1"]


def test_a_pause_holds_notes_back_but_neither_critical_ones_nor_the_count(bench: Bench) -> None:
    bench.tell(Asked(Pause()))
    commit(bench.store_path, user("quiet"), user("gravest", Severity.CRITICAL))
    status = bench.tell(Committed())
    assert bench.notifier.told() == ["alert:2"]
    assert (status["state"], status["to_review"]) == ("paused", 2)
    assert status["paused_until"] == "2026-11-23T13:00:00.000Z"
    bench.tell(Asked(Resume()))
    assert bench.notifier.told() == ["alert:2", "alert:1"]


def test_a_pause_survives_a_restart_and_ends_when_its_time_has_come(store_path: Path) -> None:
    commit(store_path, user())
    with Store(store_path) as store:
        store.pause_until(NOON + timedelta(minutes=30))
    with running(store_path) as bench:
        assert bench.notifier.told() == []

    def later(bench: Bench) -> None:
        bench.now = NOON + timedelta(minutes=31)

    with running(store_path, later) as bench:
        assert bench.notifier.told() == ["alert:1"]


def test_a_refused_key_is_told_at_once_and_only_once(bench: Bench) -> None:
    bench.tell(*[Failed("private", Cause.KEY_REFUSED, "InvalidClientTokenId")] * 3)
    assert bench.notifier.told() == ["guard:private"]
    assert bench.light is Light.NOT_WATCHING
    bench.tell(Answered("private"))
    assert (bench.light, bench.notifier.withdrawn) == (Light.WATCHING, ["guard:private"])


def test_one_cut_connection_is_no_news_two_turn_the_light_off_and_five_minutes_are_told(bench: Bench) -> None:
    bench.tell(Failed("private", Cause.NO_NETWORK, ""))
    assert bench.light is Light.WATCHING
    status = bench.tell(Failed("private", Cause.NO_NETWORK, ""))
    assert (bench.light, status["cause"]) == (Light.NOT_WATCHING, "no-network")
    assert bench.notifier.told() == []
    bench.now += timedelta(minutes=5)
    bench.tell(Failed("private", Cause.NO_NETWORK, ""))
    assert bench.notifier.told() == ["guard:private"]


def test_an_alert_to_review_is_counted_also_while_nobody_watches(bench: Bench) -> None:
    commit(bench.store_path, user())
    status = bench.tell(Committed(), Failed("private", Cause.KEY_REFUSED, ""))
    assert (status["state"], status["to_review"], bench.views[-1].icon.count) == ("not-watching", 1, 1)


def test_the_light_is_not_green_before_the_first_answer(store_path: Path) -> None:
    with running(store_path) as bench:
        status = bench.tell(Watched((ACCOUNT,)))
        assert (status["state"], status["cause"]) == ("not-watching", "starting")


def test_without_any_account_it_says_how_to_set_one_up(store_path: Path) -> None:
    with running(store_path) as bench:
        status = bench.tell(Watched(()))
        assert (status["state"], status["cause"]) == ("not-watching", "no-account")
        assert "trayapp login" in bench.notifier.shown[-1].body


def test_quitting_is_passed_on(bench: Bench) -> None:
    bench.tell(Asked(TellStatus()), Asked(Quit()))
    assert bench.quit.is_set()


def test_a_store_that_fails_is_told_and_the_deciding_goes_on(bench: Bench) -> None:
    bench.store_path.chmod(0o600)
    with Store(bench.store_path) as store:
        store._connection.execute("DROP TABLE quarantine")
    bench.tell(Committed())
    assert "store" in bench.notifier.told()
