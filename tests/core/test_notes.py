"""What notifications say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import (
    NOW,
    before,
    clock,
    finding,
    incident,
    instance_finding,
    instance_subject,
    machine,
    numbered,
    situation,
    watch,
)
from trayapp.core.alert_notes import AWAY_KEY, alert_key, alert_note, away_note, incident_of
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.commands import (
    OpenAlert,
    OpenAlerts,
    Page,
    ReviewAlert,
    ShowWindow,
    SnoozeAlert,
    TellStatus,
    ThatWasMe,
)
from trayapp.core.finding import Lane, Theme
from trayapp.core.guard_notes import (
    DISK_KEY,
    HEALED_KEY,
    disk_note,
    forged_note,
    guard_key,
    guard_note,
    healed_note,
    no_account_note,
    status_note,
)
from trayapp.core.notes import Button, Note, Urgency
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.core.status import summary
from trayapp.core.view import Icon, Light


def test_the_note_of_a_new_user_stays_until_it_is_seen() -> None:
    assert alert_note(incident(7), situation(watches=(watch(label="Office"),)), clock()) == Note(
        key="alert:7",
        title="New user “helpdesk2”",
        body="Office · 1234-5678-9012 · AWS Config does not say by whom · 20:11, 3 min ago",
        urgency=Urgency.NORMAL,
        stays=True,
        default=Button("Open in console", OpenAlert(7)),
        buttons=(Button("That was me", ThatWasMe(7)), Button("In an hour", SnoozeAlert(7))),
        icon=Icon(Light.TO_REVIEW, worst=Severity.HIGH),
        link="https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1"
        "#/users/details/helpdesk2?section=permissions",
    )


def test_what_is_critical_offers_what_to_do_now() -> None:
    note = alert_note(incident(7, finding(severity=Severity.CRITICAL)), situation(), clock())
    assert note.buttons == (Button("What now", ShowWindow(Page.RESPOND, 7)), Button("That was me", ThatWasMe(7)))


def test_what_our_own_looking_has_found_does_not_ask_whether_it_was_its_owner() -> None:
    found = finding(signal="watch-recorder", theme=Theme.GUARD, lane=Lane.CLIENT, details={"case": "recorder-off"})
    note = alert_note(incident(7, found), situation(), clock())
    assert note.buttons == (Button("Mark reviewed", ReviewAlert(7)), Button("In an hour", SnoozeAlert(7)))


@pytest.mark.parametrize(
    ("severity", "urgency", "stays"),
    [
        (Severity.LOW, Urgency.NORMAL, False),
        (Severity.MEDIUM, Urgency.NORMAL, False),
        (Severity.HIGH, Urgency.NORMAL, True),
        (Severity.CRITICAL, Urgency.CRITICAL, True),
    ],
)
def test_the_heavier_the_longer_it_stays(severity: Severity, urgency: Urgency, *, stays: bool) -> None:
    note = alert_note(incident(1, finding(severity=severity)), situation(), clock())
    assert (note.urgency, note.stays) == (urgency, stays)


def test_without_a_public_console_the_note_has_no_link() -> None:
    secret = instance_finding(subject=instance_subject(arn=""), region="us-iso-east-1")
    assert alert_note(incident(1, secret), situation(), clock()).link == ""


def test_a_quiet_note_differs_in_nothing_but_its_quiet() -> None:
    loud = alert_note(incident(7), situation(), clock())
    assert not loud.quiet
    assert alert_note(incident(7), situation(), clock(), quiet=True) == replace(loud, quiet=True)


def test_a_note_keeps_its_key_while_its_incident_grows() -> None:
    grown = alert_note(incident(7, machine(1), machine(2)), situation(), clock())
    assert grown.key == alert_note(incident(7, machine(1)), situation(), clock()).key
    assert grown.title == "Stack web: 2 instances"


@pytest.mark.parametrize("key", [AWAY_KEY, "status", "store", "browser", guard_key("7"), guard_key("")])
def test_a_key_names_the_incident_that_its_note_is_about_and_no_other(key: str) -> None:
    assert incident_of(alert_key(7)) == 7
    assert incident_of(key) == 0


def test_several_that_waited_are_told_together_the_oldest_first() -> None:
    waiting = [incident(number, numbered(number)) for number in range(1, 6)]
    note = away_note(waiting, situation(), clock())
    assert note == Note(
        key=AWAY_KEY,
        title="5 happenings at once",
        body="New user “user1” · New user “user2” · New user “user3” · and 2 more · since 20:11",
        urgency=Urgency.NORMAL,
        stays=True,
        default=Button("Review them", OpenAlerts()),
        icon=Icon(Light.TO_REVIEW, worst=Severity.HIGH),
    )


def test_what_happened_long_ago_happened_while_nobody_was_there() -> None:
    waiting = [incident(number, numbered(number, happened=before(hours=number))) for number in (3, 2, 1)]
    note = away_note(waiting, situation(), clock())
    assert note.title == "While you were away: 3 happenings"
    assert note.body == "New user “user3” · New user “user2” · New user “user1” · since 17:14"


def test_what_has_no_time_of_its_own_is_told_since_it_was_heard_of() -> None:
    waiting = [incident(1, numbered(1, happened=None), created=before(minutes=30)), incident(2, numbered(2))]
    assert away_note(waiting, situation(), clock()).body.endswith(" · since 19:44")


@pytest.mark.parametrize("cause", Cause)
def test_the_note_of_a_trouble_says_what_since_when_and_the_way_out(cause: Cause) -> None:
    note = guard_note(watch("home", cause, since=before(minutes=4), label="Home"), clock())
    assert note is not None
    assert note.key == "guard:home"
    assert len(note.title) <= 46
    way_out = PROBLEMS[cause].way_out.format(account="home").rstrip(".")
    what = PROBLEMS[cause].what
    if note.title == "Not watching Home":
        assert note.body == f"{what[0].upper()}{what[1:]} · {way_out} · since 20:10"
    else:
        assert note.title == f"Not watching: {what}"
        assert note.body == f"Home · {way_out} · since 20:10"
    passing = PROBLEMS[cause].passing
    assert (note.urgency, note.stays) == (Urgency.NORMAL if passing else Urgency.CRITICAL, not passing)
    assert note.icon == Icon(Light.NOT_WATCHING)


def test_the_note_of_a_trouble_names_a_server_that_is_not_aws() -> None:
    note = guard_note(watch(cause=Cause.NO_ANSWER, endpoint="localhost:4566"), clock())
    assert note is not None
    assert note.body.startswith("work (at localhost:4566, not AWS) · ")


def test_there_is_no_note_of_a_trouble_while_there_is_none() -> None:
    assert guard_note(watch(), clock()) is None


@pytest.mark.parametrize(
    ("now", "title"),
    [
        (situation(), "Watching. Nothing to review"),
        (situation(to_review=(incident(),)), "1 to review: New user “helpdesk2”"),
        (situation(watches=()), "Not watching"),
        (situation(paused_until=NOW + timedelta(minutes=1)), "Notifications are paused"),
    ],
)
def test_the_answer_to_how_things_stand_begins_with_the_light(now: Situation, title: str) -> None:
    icon = Icon(now.light, worst=now.worst)
    assert status_note(now, clock()) == Note(
        "status", title, summary(now, clock()), Urgency.NORMAL, stays=False, icon=icon
    )


@pytest.mark.parametrize(("carried", "many"), [(0, "0 alerts were"), (1, "1 alert was"), (1200, "1,200 alerts were")])
def test_the_note_of_a_damaged_file_says_what_was_carried_over_and_where_the_file_lies(carried: int, many: str) -> None:
    note = healed_note("/home/me/alerts.db.damaged", carried)
    assert note.body == (
        f"{many} carried over into a new one; some may be missing. "
        "The damaged one lies whole in /home/me/alerts.db.damaged"
    )
    assert (note.key, note.urgency, note.stays) == (HEALED_KEY, Urgency.CRITICAL, True)


def test_the_note_of_a_full_disk_says_the_way_out() -> None:
    note = disk_note(Cause.DISK_FULL)
    assert (note.key, note.title) == (DISK_KEY, "Not watching: the disk is full")
    assert note.body == PROBLEMS[Cause.DISK_FULL].way_out
    assert (note.urgency, note.stays, note.icon) == (Urgency.CRITICAL, True, Icon(Light.NOT_WATCHING))


def test_the_note_of_forged_messages_says_why_and_where_to_look() -> None:
    one, several = (forged_note("work", "Work", ["it is not signed"] * count) for count in (1, 3))
    assert (one.title, several.title) == ("A forged message was put aside", "3 forged messages were put aside")
    assert one.body == (
        "Work · it is not from AWS: it is not signed · Look who may write into the queue: trayapp doctor"
    )
    assert several.body.startswith("Work · they are not from AWS: it is not signed · ")
    assert (one.key, one.default) == ("forged:work", Button("How things stand", TellStatus()))


def test_the_note_that_no_account_is_set_up_says_how_to_set_one_up() -> None:
    note = no_account_note()
    assert (note.key, note.title, note.body) == (
        "guard:",
        "Not watching: no account is set up",
        "Set one up with: trayapp login",
    )
    assert note.stays
    assert note.icon == Icon(Light.NOT_WATCHING)
