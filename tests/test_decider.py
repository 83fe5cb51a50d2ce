"""What the one place that decides makes of events. The store is real; notifier, browser and tray only note and obey."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from builders import STACK, finding, judged, machine, numbered, user_subject
from desktop_bench.waiting import wait_until
from trayapp import decider
from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered, Failed, Shared
from trayapp.core.alert_notes import AWAY, AWAY_KEY
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.commands import (
    OpenAlert,
    OpenAlerts,
    Page,
    Pause,
    Quit,
    Resume,
    ReviewAlert,
    ReviewAll,
    ShowWindow,
    SnoozeAlert,
    TellStatus,
    ThatWasMe,
)
from trayapp.core.finding import Finding
from trayapp.core.guard_notes import DISK_KEY
from trayapp.core.incidents import Decision
from trayapp.core.notes import Note, Urgency
from trayapp.core.policy import Policy, QuietHours, ReviewOnOpen
from trayapp.core.records import StatusRecord
from trayapp.core.severity import Severity
from trayapp.core.view import Light, TrayView
from trayapp.decider import Decider
from trayapp.desktop.browser import BrowserFailed
from trayapp.desktop.events import Asked, LinkFailed, NoteFailed, NoteShown, NotifierBack, WindowGone, Woken
from trayapp.desktop.windows import WindowFailed
from trayapp.events import Committed, Event, Events, StatusWanted, StoreChanged, TestWanted, TimeCame, Watched
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
        self.quiet: list[Note] = []
        self.refused: list[str] = []
        self.withdrawn: list[str] = []

    def show(self, note: Note) -> None:
        if self.accepts:
            if note.quiet:
                self.quiet.append(note)
            else:
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


class Shower:
    """Notes what it shows, or fails as a system without Tk does."""

    def __init__(self) -> None:
        self.shown: list[tuple[Page, int]] = []
        self.fails = False

    def show(self, page: Page, alert_id: int = 0) -> None:
        if self.fails:
            raise WindowFailed("Tk is missing. In a terminal: trayapp alerts")
        self.shown.append((page, alert_id))


class Rounds:
    """Notes where it was sent to look, and that everything was to be asked anew."""

    def __init__(self) -> None:
        self.looked: list[str] = []
        self.renewed = 0

    def look(self, account: str) -> None:
        self.looked.append(account)

    def renew(self) -> None:
        self.renewed += 1


class Bench:
    """A running decider with everything around it within reach."""

    def __init__(self, store_path: Path) -> None:
        self.events: Events = SimpleQueue()
        self.store_path = store_path
        self.notifier, self.opener = Notifier(self.events), Opener()
        self.views: list[TrayView] = []
        self.now = NOON
        self.quit = threading.Event()
        self.rounds, self.shower = Rounds(), Shower()
        self.policy = Policy()
        self.decider = Decider(
            events=self.events,
            store_path=store_path,
            notifier=self.notifier,
            show=self.views.append,
            opener=self.opener,
            shower=self.shower,
            now=lambda: self.now,
            quit_program=self.quit.set,
            rounds=self.rounds,
            policy=lambda: self.policy,
        )

    def settle(self) -> StatusRecord:
        """Wait until all that was put so far, and what came of it, is handled; give the status then."""
        for _ in range(3):
            reply: SimpleQueue[StatusRecord] = SimpleQueue()
            self.events.put(StatusWanted(reply))
            record = reply.get(timeout=5)
        return record

    def tell(self, *events: Event) -> StatusRecord:
        for event in events:
            self.events.put(event)
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
        bench.tell(Watched((ACCOUNT,)), Answered("private"), ALL_WELL)
        yield bench


COMMITTED = Committed("private")
ALL_WELL = Patrolled("private", (Checked(Check.RECORDER, Outcome.PASSED, ACCOUNT.region),))


def user(name: str = "helpdesk2", severity: Severity = Severity.HIGH) -> Finding:
    """Give the finding of a new user, which shares nothing with that of another."""
    return finding(
        subject=user_subject(id=f"AIDA{name.upper()}", name=name),
        severity=severity,
        fingerprint=f"iam-user-new:{name}",
        links=frozenset({f"event:{name}"}),
        happened=NOON,
    )


def commit(path: Path, *findings: Finding) -> list[int]:
    with Store(path) as store:
        return store.commit("private", [judged(each) for each in findings], NOON)


def test_a_new_incident_is_shown_once_and_lights_the_icon(bench: Bench) -> None:
    commit(bench.store_path, user())
    status = bench.tell(COMMITTED, COMMITTED, Answered("private"))
    assert bench.notifier.told() == ["alert:1"]
    assert (status["state"], status["to_review"], bench.light) == ("to-review", 1, Light.TO_REVIEW)


def test_an_incident_is_told_once_and_grows_quietly(bench: Bench) -> None:
    for number in range(5):
        commit(bench.store_path, machine(number, happened=NOON))
        status = bench.tell(COMMITTED)
    assert bench.notifier.told() == ["alert:1"]
    assert [note.title for note in bench.notifier.quiet][-1] == "Stack web: 5 instances"
    assert (status["to_review"], bench.views[-1].icon.count) == (1, 1)


def test_an_incident_speaks_again_when_it_has_become_heavier(bench: Bench) -> None:
    for first in (0, 5):
        commit(bench.store_path, *(machine(number, happened=NOON) for number in range(first, first + 5)))
        bench.tell(COMMITTED)
    assert bench.notifier.told() == ["alert:1", "alert:1"]
    with Store(bench.store_path) as store:
        assert [incident.told for incident in store.incidents()] == [Severity.CRITICAL]


def test_two_incidents_that_turn_out_to_be_one_leave_one_note(bench: Bench) -> None:
    apart = machine(2, happened=NOON, links=frozenset({"event:1"}))
    commit(bench.store_path, machine(1, happened=NOON), apart)
    bench.tell(COMMITTED)
    commit(bench.store_path, machine(3, happened=NOON, links=frozenset({STACK, "event:1"})))
    status = bench.tell(COMMITTED)
    assert bench.notifier.told() == ["alert:1", "alert:2"]
    assert bench.notifier.withdrawn == ["alert:2"]
    assert [note.key for note in bench.notifier.quiet] == ["alert:1"]
    assert status["to_review"] == 1


def test_what_grows_after_its_review_is_told_again(bench: Bench) -> None:
    commit(bench.store_path, machine(1, happened=NOON))
    bench.tell(COMMITTED, Asked(ReviewAlert(1)))
    commit(bench.store_path, machine(2, happened=NOON))
    bench.tell(COMMITTED)
    assert bench.notifier.told() == ["alert:1", "alert:1"]


def test_history_and_what_is_muted_are_kept_and_not_told(bench: Bench) -> None:
    commit(bench.store_path, user("light", Severity.LOW), numbered(1, muted="a rule", happened=NOON))
    status = bench.tell(COMMITTED)
    assert (bench.notifier.told(), status["state"], status["to_review"]) == ([], "watching", 0)


def test_what_gathered_while_nobody_was_there_is_told_together_but_for_what_is_critical(bench: Bench) -> None:
    commit(bench.store_path, *(user(f"user{number}") for number in range(AWAY)))
    bench.tell(Committed("private", more=True))
    assert bench.notifier.told() == []
    commit(bench.store_path, user("gravest", Severity.CRITICAL))
    bench.tell(Committed("private", more=True))
    assert bench.notifier.told() == [f"alert:{AWAY + 1}"]
    bench.tell(Committed("private"))
    assert bench.notifier.told() == [f"alert:{AWAY + 1}", AWAY_KEY]
    with Store(bench.store_path) as store:
        assert all(incident.shown for incident in store.incidents())


@pytest.mark.parametrize("end", [Answered("private"), Failed("private", Cause.NO_NETWORK, ""), Watched(())])
def test_a_queue_that_ends_in_whatever_way_holds_nothing_back(bench: Bench, end: Event) -> None:
    commit(bench.store_path, user())
    bench.tell(Committed("private", more=True))
    assert bench.notifier.told() == []
    bench.tell(end)
    assert "alert:1" in bench.notifier.told()


def test_a_note_of_many_that_was_refused_is_shown_when_a_notifier_comes(bench: Bench) -> None:
    bench.notifier.accepts = False
    commit(bench.store_path, *(user(f"user{number}") for number in range(AWAY)))
    bench.tell(COMMITTED)
    bench.settle()
    assert bench.notifier.refused == [AWAY_KEY]
    bench.notifier.accepts = True
    bench.tell(NotifierBack())
    assert bench.notifier.told() == [AWAY_KEY]


def test_what_was_told_together_is_not_told_again_at_the_next_start(store_path: Path) -> None:
    commit(store_path, *(user(f"user{number}") for number in range(AWAY)))
    with running(store_path) as bench:
        assert bench.notifier.told() == [AWAY_KEY]
    commit(store_path, user("new"))
    with running(store_path) as bench:
        assert bench.notifier.told() == [f"alert:{AWAY + 1}"]
        assert bench.notifier.quiet == []


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
    bench.tell(COMMITTED)
    assert bench.notifier.refused == ["alert:1"]
    bench.notifier.accepts = True
    bench.tell(NotifierBack())
    assert bench.notifier.told() == ["alert:1"]


def test_a_refusal_is_not_answered_by_asking_again_and_again(bench: Bench) -> None:
    bench.notifier.accepts = False
    commit(bench.store_path, user())
    bench.tell(COMMITTED)
    bench.settle()
    assert len(bench.notifier.refused) == 1
    bench.tell(Answered("private"))
    assert len(bench.notifier.refused) == 2


def test_opening_an_alert_opens_its_page_and_reviews_it(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.tell(COMMITTED)
    status = bench.tell(Asked(OpenAlert(1, "token")))
    url = "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2?section=permissions"
    assert bench.opener.opened == [(url, "token")]
    assert "alert:1" in bench.notifier.withdrawn
    assert status["state"] == "watching"


@pytest.mark.parametrize(
    ("rule", "severity", "reviewed"),
    [
        (ReviewOnOpen.ALL, Severity.CRITICAL, True),
        (ReviewOnOpen.NOT_CRITICAL, Severity.CRITICAL, False),
        (ReviewOnOpen.NOT_CRITICAL, Severity.HIGH, True),
        (ReviewOnOpen.NEVER, Severity.MEDIUM, False),
    ],
)
def test_what_opening_reviews_is_the_owners_choice(
    bench: Bench, rule: ReviewOnOpen, severity: Severity, *, reviewed: bool
) -> None:
    bench.policy = Policy(review_on_open=rule)
    [number] = commit(bench.store_path, user(severity=severity))
    status = bench.tell(COMMITTED, Asked(OpenAlert(number)))
    assert len(bench.opener.opened) == 1
    assert status["to_review"] == (0 if reviewed else 1)


def test_opening_what_was_not_its_owner_does_not_put_the_light_out(bench: Bench) -> None:
    [number] = commit(bench.store_path, user())
    with Store(bench.store_path) as store:
        store.decide([number], Decision.NOT_MINE, NOON)
    assert bench.tell(COMMITTED, Asked(OpenAlert(number)))["to_review"] == 1


def test_a_browser_that_fails_leaves_the_alert_to_review_and_says_so(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.opener.fails = True
    status = bench.tell(COMMITTED, Asked(OpenAlert(1)))
    assert status["state"] == "to-review"
    assert "https://us-east-1.console.aws.amazon.com/" in bench.notifier.shown[-1].body


def test_a_browser_that_fails_later_is_told_with_the_address(bench: Bench) -> None:
    bench.tell(LinkFailed("the browser ended at once; open https://example.com/ yourself"))
    assert "https://example.com/" in bench.notifier.shown[-1].body


def test_a_plain_click_with_one_alert_to_review_opens_it_in_the_console(bench: Bench) -> None:
    commit(bench.store_path, user("only"))
    bench.tell(COMMITTED, Asked(OpenAlerts()))
    assert ["only" in url for url, _ in bench.opener.opened] == [True]
    assert not bench.shower.shown


def test_a_plain_click_with_several_alerts_to_review_shows_them_all_in_the_window(bench: Bench) -> None:
    commit(bench.store_path, user("first"), user("gravest", Severity.CRITICAL), user("last"))
    status = bench.tell(COMMITTED, Asked(OpenAlerts()))
    assert bench.shower.shown == [(Page.LIST, 0)]
    assert not bench.opener.opened
    assert status["to_review"] == 3


def test_a_plain_click_with_nothing_to_review_tells_how_things_stand(bench: Bench) -> None:
    commit(bench.store_path, user("reviewed"))
    bench.tell(COMMITTED, Asked(ReviewAll()), Asked(OpenAlerts()))
    assert bench.notifier.shown[-1].key == "status"
    assert "Nothing to review" in bench.notifier.shown[-1].title
    assert not bench.opener.opened
    assert not bench.shower.shown


def test_an_alert_that_is_put_off_is_silent_for_an_hour_and_then_told_again(bench: Bench) -> None:
    [number] = commit(bench.store_path, user())
    bench.tell(COMMITTED)
    status = bench.tell(Asked(SnoozeAlert(number)))
    assert (status["to_review"], bench.notifier.withdrawn[-1]) == (0, f"alert:{number}")
    bench.now += timedelta(minutes=59)
    bench.tell(Answered("private"), COMMITTED)
    assert len(bench.notifier.shown) == 1
    bench.now += timedelta(minutes=1)
    assert bench.tell(Answered("private"))["to_review"] == 1
    assert bench.notifier.told() == [f"alert:{number}"] * 2
    bench.tell(Answered("private"), COMMITTED)
    assert len(bench.notifier.shown) == 2


def test_what_was_put_off_and_told_again_is_not_told_at_the_next_start(store_path: Path) -> None:
    [number] = commit(store_path, user())
    with running(store_path) as bench:
        bench.tell(Asked(SnoozeAlert(number)))
        bench.now += timedelta(hours=1)
        bench.tell(TimeCame())
        now = bench.now

    def later(bench: Bench) -> None:
        bench.now = now + timedelta(minutes=5)

    with running(store_path, later) as bench:
        assert bench.settle()["to_review"] == 1
        assert bench.notifier.told() == []


def test_that_was_me_is_kept_with_the_alert(bench: Bench) -> None:
    [number] = commit(bench.store_path, user())
    assert bench.tell(COMMITTED, Asked(ThatWasMe(number)))["to_review"] == 0
    with Store(bench.store_path) as store:
        alert = store.incident(number)
    assert alert is not None
    assert alert.decision is Decision.MINE


def test_the_window_is_shown_at_the_page_that_was_asked_for_or_the_way_round_is_told(bench: Bench) -> None:
    bench.tell(Asked(ShowWindow(Page.RESPOND, 7)), Asked(ShowWindow()))
    assert bench.shower.shown == [(Page.RESPOND, 7), (Page.LIST, 0)]
    bench.shower.fails = True
    bench.tell(Asked(ShowWindow()), WindowGone("there is no display. In a terminal: trayapp alerts"))
    assert [note.body for note in bench.notifier.shown] == [
        "Tk is missing. In a terminal: trayapp alerts",
        "there is no display. In a terminal: trayapp alerts",
    ]


def test_what_another_process_reviewed_calms_the_icon_and_takes_the_popup_away(bench: Bench) -> None:
    commit(bench.store_path, user())
    bench.tell(COMMITTED)
    with Store(bench.store_path) as store:
        store.review_all(NOON)
    bench.tell(StoreChanged())
    assert bench.light is Light.WATCHING
    assert bench.notifier.withdrawn == ["alert:1"]


def test_a_pause_holds_notes_back_but_neither_critical_ones_nor_the_count(bench: Bench) -> None:
    bench.tell(Asked(Pause()))
    commit(bench.store_path, user("quiet"), user("gravest", Severity.CRITICAL))
    status = bench.tell(COMMITTED)
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


def test_a_disk_that_fails_when_a_pause_ends_does_not_make_it_busy(store_path: Path) -> None:
    with Store(store_path) as store:
        store.pause_until(NOON + timedelta(minutes=30))
        store._connection.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON state BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
    with running(store_path) as bench:
        bench.now = NOON + timedelta(minutes=31)
        bench.settle()
        told = len(bench.notifier.told())
        for _ in range(20):
            bench.settle()
        assert len(bench.notifier.told()) == told
        assert bench.settle()["paused_until"] is None


def test_quiet_hours_hold_notes_back_and_give_them_free_at_their_end(bench: Bench) -> None:
    local = NOON.astimezone()
    bench.policy = Policy(quiet_hours=QuietHours((local - timedelta(hours=1)).time(), time(local.hour, 30)))
    commit(bench.store_path, user("quiet"), user("gravest", Severity.CRITICAL))
    bench.tell(COMMITTED)
    assert bench.notifier.told() == ["alert:2"]
    bench.now = NOON + timedelta(minutes=31)
    bench.tell(Answered("private"))
    assert bench.notifier.told() == ["alert:2", "alert:1"]


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


def patrolled(outcome: Outcome, cause: Cause | None = None) -> Patrolled:
    return Patrolled("private", (Checked(Check.RECORDER, outcome, ACCOUNT.region, cause),))


RECORDER_OFF = patrolled(Outcome.FAILED, Cause.RECORDER_OFF)


def test_watching_is_said_only_after_a_round_of_checks(store_path: Path) -> None:
    with running(store_path) as bench:
        status = bench.tell(Watched((ACCOUNT,)), Answered("private"))
        assert (status["state"], status["cause"]) == ("not-watching", "checking")
        assert bench.tell(ALL_WELL)["state"] == "watching"


def test_watching_is_said_only_after_an_answer_of_the_queue(store_path: Path) -> None:
    with running(store_path) as bench:
        status = bench.tell(Watched((ACCOUNT,)), ALL_WELL)
        assert (status["state"], status["cause"]) == ("not-watching", "starting")
        assert bench.tell(Answered("private"))["state"] == "watching"
        assert bench.rounds.looked == []  # whoever starts to watch looks by himself


def test_what_was_not_answered_is_not_taken_for_well(bench: Bench) -> None:
    status = bench.tell(patrolled(Outcome.UNANSWERED, Cause.UNCHECKED))
    assert (status["state"], status["cause"], bench.notifier.told()) == ("not-watching", "unchecked", [])


def test_a_recorder_that_is_switched_off_is_one_alert_and_turns_the_light_off_until_it_is_on(bench: Bench) -> None:
    status = bench.tell(RECORDER_OFF)
    assert (status["state"], status["cause"], status["to_review"]) == ("not-watching", "recorder-off", 1)
    assert [note.title for note in bench.notifier.shown] == ["AWS Config does not record in Frankfurt"]
    bench.tell(RECORDER_OFF, Answered("private"))
    assert len(bench.notifier.shown) == 1
    bench.tell(ALL_WELL)
    assert bench.light is Light.TO_REVIEW


def test_a_recorder_that_was_off_before_the_first_look_is_told_by_the_guard_and_is_no_change(store_path: Path) -> None:
    with running(store_path) as bench:
        status = bench.tell(Watched((ACCOUNT,)), Answered("private"), RECORDER_OFF)
        assert (status["to_review"], bench.notifier.told()) == (0, ["guard:private"])


def test_a_change_while_the_program_did_not_run_is_found_and_told_once(store_path: Path) -> None:
    with running(store_path) as bench:
        bench.tell(Watched((ACCOUNT,)), Answered("private"), ALL_WELL)
    for _ in range(2):
        with running(store_path) as bench:
            status = bench.tell(Watched((ACCOUNT,)), Answered("private"), RECORDER_OFF)
            assert status["to_review"] == 1


def test_a_key_that_worked_and_no_longer_does_is_one_critical_alert(store_path: Path) -> None:
    lost = Failed("private", Cause.KEY_REVOKED, "InvalidClientTokenId")
    with running(store_path) as bench:
        status = bench.tell(Watched((ACCOUNT,)), Answered("private"), ALL_WELL, lost, lost)
        assert (status["state"], status["cause"], status["to_review"]) == ("not-watching", "key-revoked", 1)
        [note] = bench.notifier.shown
        assert (note.title, note.urgency) == ("trayapp's own key no longer works", Urgency.CRITICAL)
        assert "sign in as the root user now" in note.body
    with running(store_path) as bench:
        assert bench.tell(Watched((ACCOUNT,)), lost)["to_review"] == 1
        bench.now += timedelta(minutes=1)
        bench.tell(Answered("private"), lost)
        assert bench.settle()["to_review"] == 2


def test_another_reader_of_the_queue_is_told(bench: Bench) -> None:
    status = bench.tell(Shared("private"), Shared("private"))
    assert (status["cause"], status["to_review"]) == ("queue-shared", 1)


def test_a_heartbeat_that_stops_is_told_after_two_periods_and_only_when_the_queue_is_empty(store_path: Path) -> None:
    with running(store_path) as bench:
        bench.tell(Watched((replace(ACCOUNT, heartbeat="1h"),)), Answered("private"), ALL_WELL)
        bench.tell(Committed("private", heartbeat=NOON))
        bench.now = NOON + timedelta(hours=2, minutes=1)
        assert bench.tell(Answered("private", more=True))["state"] == "watching"
        status = bench.tell(Answered("private"))
        assert (status["cause"], status["to_review"]) == ("heartbeat-missing", 1)
        (note,) = bench.notifier.shown
        assert note.title == "The heartbeat has stopped"
        assert note.body.startswith("nothing has come for 2 h · ")
        bench.tell(Committed("private", heartbeat=bench.now))
        assert bench.tell(Answered("private"))["state"] == "to-review"


def test_that_there_is_no_account_is_told_until_there_is_one(store_path: Path) -> None:
    with running(store_path) as bench:
        bench.tell(Watched(()))
        (note,) = bench.notifier.shown
        assert note.title == "Not watching: no account is set up"
        bench.tell(Watched((ACCOUNT,)))
        assert note.key in bench.notifier.withdrawn


def test_without_a_heartbeat_chosen_silence_is_no_trouble(bench: Bench) -> None:
    bench.now += timedelta(days=9)
    assert bench.tell(Answered("private"))["state"] == "watching"


def test_whoever_reports_is_looked_after_when_something_was_done_to_the_watch_and_after_an_outage(bench: Bench) -> None:
    bench.rounds.looked.clear()
    bench.tell(COMMITTED, Answered("private"))
    assert bench.rounds.looked == []
    bench.tell(Committed("private", guard=True))
    bench.tell(*[Failed("private", Cause.NO_NETWORK, "")] * 2, Answered("private"))
    assert bench.rounds.looked == ["private"] * 2


def test_waking_up_asks_everything_anew(bench: Bench) -> None:
    bench.tell(Woken("the computer has slept"))
    assert bench.rounds.renewed == 1


def test_an_alert_to_review_is_counted_also_while_nobody_watches(bench: Bench) -> None:
    commit(bench.store_path, user())
    status = bench.tell(COMMITTED, Failed("private", Cause.KEY_REFUSED, ""))
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


def test_a_disk_that_fails_is_told_once_and_turns_the_light_off_while_the_deciding_goes_on(bench: Bench) -> None:
    with sqlite3.connect(bench.store_path) as connection:
        connection.execute("ALTER TABLE quarantine RENAME TO elsewhere")
    status = bench.tell(COMMITTED, COMMITTED)
    assert bench.notifier.told() == [DISK_KEY]
    assert (status["state"], status["cause"]) == ("not-watching", "store-failing")
    with sqlite3.connect(bench.store_path) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO quarantine")
    connection.close()
    wait_until(lambda: bench.tell(Answered("private"))["state"] == "watching", 10, "the disk to be tried again")
    assert bench.notifier.withdrawn[-1] == DISK_KEY


def test_a_disk_that_does_its_part_again_is_found_to_without_any_news(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decider, "DISK_PAUSE", timedelta(seconds=0.1))
    with sqlite3.connect(bench.store_path) as connection:
        connection.execute("ALTER TABLE quarantine RENAME TO elsewhere")
    assert bench.tell(COMMITTED)["cause"] == "store-failing"
    with sqlite3.connect(bench.store_path) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO quarantine")
    connection.close()
    wait_until(lambda: DISK_KEY in bench.notifier.withdrawn, 10, "the disk to be tried again")
    assert bench.settle()["state"] == "watching"


def test_a_disk_that_fails_sends_nobody_to_look_after_the_reporters(bench: Bench) -> None:
    bench.rounds.looked.clear()
    bench.tell(Failed("private", Cause.DISK_FULL, ""), Answered("private"))
    assert bench.rounds.looked == []


def test_a_disk_that_a_queue_complains_of_is_told_once_for_all_accounts(bench: Bench) -> None:
    bench.tell(Watched((ACCOUNT, replace(ACCOUNT, name="work"))))
    full = [Failed(name, Cause.DISK_FULL, "") for name in ("private", "work")]
    assert bench.tell(*full, *full)["cause"] == "disk-full"
    assert bench.notifier.told() == [DISK_KEY]


@pytest.mark.parametrize("reviewed", [False, True])
def test_what_was_told_or_reviewed_before_the_file_was_damaged_does_not_ring_again(
    bench: Bench, *, reviewed: bool
) -> None:
    [number] = commit(bench.store_path, user())
    bench.tell(COMMITTED)
    if reviewed:
        bench.tell(Asked(ReviewAlert(number)))
    told = len(bench.notifier.shown)

    with closing(sqlite3.connect(bench.store_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that nothing of it stands anywhere else
    bench.store_path.write_bytes(b"not a database any more " * 4096)
    bench.tell(Failed("private", Cause.STORE_DAMAGED, "file is not a database"), Answered("private"))
    assert [note.title for note in bench.notifier.shown[told:]] == ["The file of alerts was damaged"]
    assert bench.settle()["to_review"] == (0 if reviewed else 1)


def test_a_test_alert_says_that_it_is_one(bench: Bench) -> None:
    reply: SimpleQueue[int] = SimpleQueue()
    bench.tell(TestWanted(reply))
    assert bench.notifier.told() == [f"alert:{reply.get(timeout=5)}"]
    assert bench.notifier.shown[-1].title == "This is a test alert; nothing has happened"


def test_a_pause_ends_when_the_clock_was_put_back(bench: Bench) -> None:
    bench.tell(Asked(Pause()))
    bench.now -= timedelta(days=1)
    assert bench.tell(Answered("private"))["state"] == "watching"
