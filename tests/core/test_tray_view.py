"""What the tray shows."""

from datetime import timedelta

from builders import (
    NOW,
    before,
    clock,
    finding,
    incident,
    instance_finding,
    machine,
    numbered,
    situation,
    user_subject,
    watch,
)
from trayapp.core.causes import Cause
from trayapp.core.commands import OpenAlert, OpenAlerts, Pause, Quit, Resume, ReviewAll, ShowWindow, TellStatus
from trayapp.core.severity import Severity
from trayapp.core.status import summary
from trayapp.core.tray import MENU_ALERTS, tray_view
from trayapp.core.view import Icon, Light, MenuEntry, Separator, TrayView

LATER = NOW + timedelta(minutes=30)


def labels(view: TrayView) -> list[str]:
    return [entry.label if isinstance(entry, MenuEntry) else "-" for entry in view.menu]


def test_with_nothing_to_review_the_menu_is_short() -> None:
    view = tray_view(situation(), clock())
    assert view.menu == (
        MenuEntry("Watching work", TellStatus()),
        MenuEntry("Show the window", ShowWindow()),
        MenuEntry("Pause notifications for an hour", Pause()),
        Separator(),
        MenuEntry("Quit", Quit()),
    )
    assert view.icon == Icon(Light.WATCHING, 0, None)


def test_alerts_stand_first_newest_on_top_and_open_their_own_page() -> None:
    view = tray_view(situation(to_review=(incident(7), incident(3, instance_finding()))), clock())
    assert view.menu[:4] == (
        MenuEntry("New user “helpdesk2” · work · 20:11", OpenAlert(7)),
        MenuEntry("New instance t3.micro in Tokyo · work · 20:11", OpenAlert(3)),
        MenuEntry("Mark all reviewed", ReviewAll()),
        Separator(),
    )
    assert view.icon == Icon(Light.TO_REVIEW, 2, Severity.HIGH)


def test_an_incident_is_one_line_however_much_it_has_grown() -> None:
    now = situation(to_review=(incident(7, *(machine(number) for number in range(30))),))
    view = tray_view(now, clock())
    assert view.menu[0] == MenuEntry("Stack web: 30 instances · work · 20:11", OpenAlert(7))
    assert view.icon == Icon(Light.TO_REVIEW, 1, Severity.CRITICAL)


def test_the_icon_and_its_tooltip_tell_the_same_situation() -> None:
    now = situation(to_review=(incident(),), watches=(watch(), watch("home", Cause.KEY_REFUSED)))
    view = tray_view(now, clock())
    assert view.icon == Icon(Light.NOT_WATCHING, 1, Severity.HIGH)
    assert view.tooltip == summary(now, clock())


def test_a_click_on_the_icon_opens_the_heaviest() -> None:
    assert tray_view(situation(), clock()).activate == OpenAlerts()


def test_a_full_menu_holds_every_alert() -> None:
    alerts = tuple(incident(number, numbered(number)) for number in range(MENU_ALERTS, 0, -1))
    view = tray_view(situation(to_review=alerts), clock())
    assert labels(view)[MENU_ALERTS] == "Mark all reviewed"


def test_what_is_too_much_for_the_menu_is_counted() -> None:
    alerts = tuple(incident(number, numbered(number)) for number in range(MENU_ALERTS + 30, 0, -1))
    view = tray_view(situation(to_review=alerts), clock())
    opened = [entry.command for entry in view.menu if isinstance(entry, MenuEntry)]
    assert opened[:MENU_ALERTS] == [OpenAlert(each.id) for each in alerts[:MENU_ALERTS]]
    assert view.menu[MENU_ALERTS] == MenuEntry("and 30 more: trayapp alerts")
    assert labels(view)[MENU_ALERTS + 1] == "Mark all reviewed"
    assert view.icon.count == MENU_ALERTS + 30


def test_alerts_go_by_the_labels_of_their_accounts() -> None:
    now = situation(watches=(watch("work", label="The office"),), to_review=(incident(),))
    assert labels(tray_view(now, clock()))[0] == "New user “helpdesk2” · The office · 20:11"


def test_a_pause_can_be_ended() -> None:
    assert tray_view(situation(paused_until=LATER), clock()).menu[:3] == (
        MenuEntry("Watching work; paused until 20:44", TellStatus()),
        MenuEntry("Show the window", ShowWindow()),
        MenuEntry("Resume notifications", Resume()),
    )


def test_trouble_stands_in_the_menu_even_during_a_pause() -> None:
    ill = watch("home", Cause.NO_NETWORK, since=before(minutes=4))
    view = tray_view(situation(watches=(watch(), ill), paused_until=LATER), clock())
    assert labels(view)[0] == "Not watching home since 20:10: no connection to AWS"


def test_without_an_account_the_menu_says_so() -> None:
    assert labels(tray_view(situation(watches=()), clock()))[0] == "Not watching: no account is set up"


def test_the_menu_names_every_account_and_a_server_that_is_not_aws() -> None:
    now = situation(watches=(watch(), watch("demo", endpoint="localhost:4566")))
    assert labels(tray_view(now, clock()))[0] == "Watching work, demo (at localhost:4566, not AWS)"


def test_no_label_of_the_menu_breaks_its_line() -> None:
    evil = finding(subject=user_subject(name="a\nb\u2028c\t\x1b[2J"))
    view = tray_view(situation(watches=(watch(label="x\ny"),), to_review=(incident(1, evil),)), clock())
    assert all(label.isprintable() for label in labels(view))
