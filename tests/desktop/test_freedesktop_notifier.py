import time
from collections.abc import Callable, Iterator

import pytest

from desktop.bus_fakes import NOTIFICATIONS, Events, NotificationServer, Peer, Popup, wait_until
from desktop.conftest import BusDaemon
from trayapp.core.commands import OpenAlert, ReviewAlert, ReviewAll
from trayapp.core.notes import Button, Note, Urgency
from trayapp.desktop.events import Asked, DesktopEvent, NoteFailed, NoteShown, NotifierBack
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.notify import freedesktop
from trayapp.desktop.notify.freedesktop import FreedesktopNotifier
from trayapp.desktop.tray.drawing import draw

Serve = Callable[..., NotificationServer]
Notify = Callable[[], FreedesktopNotifier]

OPEN = Button("Open in console", OpenAlert(7))
MINE = Button("That was me", ReviewAlert(7))


def note(
    key: str = "a",
    title: str = "New user",
    body: str = "private",
    *,
    stays: bool = False,
    default: Button | None = OPEN,
    quiet: bool = False,
) -> Note:
    return Note(key, title, body, Urgency.NORMAL, stays, default, (MINE,), quiet=quiet)


@pytest.fixture
def serve(daemon: BusDaemon) -> Iterator[Serve]:
    servers: list[NotificationServer] = []

    def start(*capabilities: str, first_id: int = 1) -> NotificationServer:
        servers.append(NotificationServer(daemon.address, *capabilities, first_id=first_id))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def notify(bus: Bus, events: Events) -> Iterator[Notify]:
    """Start the notifier, once the test has set the scene."""
    notifiers: list[FreedesktopNotifier] = []

    def start() -> FreedesktopNotifier:
        notifiers.append(FreedesktopNotifier(bus, events, "/icons/trayapp.png", draw))
        return notifiers[-1]

    yield start
    for notifier in notifiers:
        notifier.close()


def one(server: NotificationServer) -> tuple[int, Popup]:
    [(popup_id, popup)] = server.on_screen.items()
    return popup_id, popup


def test_a_note_says_who_it_is_and_how_it_may_interrupt(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve("actions", first_id=2)
    notifier = notify()
    notifier.show(Note("a", "Title", "Body", Urgency.CRITICAL, stays=True, default=OPEN, buttons=(MINE,)))
    events.wait(NoteShown("a"))
    popup_id, popup = one(server)
    assert popup_id == 2
    assert (popup.app, popup.replaces, popup.icon) == ("trayapp", 0, "/icons/trayapp.png")
    assert (popup.summary, popup.body, popup.expire) == ("Title", "Body", 0)
    assert popup.actions == ["default", "Open in console", "0", "That was me"]
    assert {name: (hint.signature, hint.value) for name, hint in popup.hints.items()} == {
        "urgency": ("y", 2),
        "desktop-entry": ("s", "trayapp"),
    }


def test_a_note_that_does_not_stay_goes_when_the_service_likes(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note(stays=False))
    events.wait(NoteShown("a"))
    assert one(server)[1].expire == -1


@pytest.mark.parametrize(
    ("capabilities", "body"),
    [
        (["body-markup"], "&lt;a href=\"x\"&gt;b&lt;/a&gt; &amp;amp; 'c'"),
        (["body-hyperlinks"], "<a href=\"x\">b</a> &amp; 'c'"),
        ([], "<a href=\"x\">b</a> &amp; 'c'"),
    ],
)
def test_only_the_body_is_escaped_and_only_where_it_is_read_as_markup(
    capabilities: list[str], body: str, serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve(*capabilities)
    notifier = notify()
    notifier.show(note(title="<b> & co", body="<a href=\"x\">b</a> &amp; 'c'"))
    events.wait(NoteShown("a"))
    assert one(server)[1].summary == "<b> & co"
    assert one(server)[1].body == body


def test_text_that_the_bus_would_not_carry_is_shown_nevertheless(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note(title="a\0b", body="\udcff"))
    events.wait(NoteShown("a"))
    assert (one(server)[1].summary, one(server)[1].body) == ("a\ufffdb", "?")


def test_no_buttons_for_a_service_that_has_none(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve("body-markup")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    assert one(server)[1].actions == []


def test_a_note_without_a_default_has_no_default_action(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note(default=None))
    events.wait(NoteShown("a"))
    assert one(server)[1].actions == ["0", "That was me"]
    server.click(1, "default", closes=False)
    server.click(1, "9", closes=False)
    server.click(1, "0")
    events.wait(Asked(ReviewAlert(7)))
    assert events.of(Asked) == [Asked(ReviewAlert(7))]


def test_the_same_key_replaces_in_place_and_another_does_not(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note("a", "one"))
    notifier.show(note("b", "other"))
    notifier.show(note("a", "two"))
    events.wait(NoteShown("a"), times=2)
    assert {popup_id: popup.summary for popup_id, popup in server.on_screen.items()} == {1: "two", 2: "other"}
    assert server.asked_capabilities == 1


def test_a_quiet_note_takes_the_place_of_one_that_is_on_screen(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note("a", "one"))
    notifier.show(note("a", "two", quiet=True))
    events.wait(NoteShown("a"), times=2)
    assert {popup_id: popup.summary for popup_id, popup in server.on_screen.items()} == {1: "two"}
    assert [popup.replaces for popup in server.popups] == [0, 1]


def test_a_quiet_note_that_has_no_place_on_screen_is_neither_shown_nor_told(
    serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note("a", quiet=True))
    notifier.show(note("b"))
    events.wait(NoteShown("b"))
    server.dismiss(1)
    server.run(lambda: None)
    notifier.show(note("c"))  # behind the signal, so that it has arrived
    events.wait(NoteShown("c"))
    notifier.show(note("b", quiet=True))
    notifier.withdraw("c")
    notifier.show(note("c", quiet=True))
    notifier.show(note("d"))
    events.wait(NoteShown("d"))
    assert events.all == [NoteShown("b"), NoteShown("c"), NoteShown("d")]
    assert len(server.popups) == 3


def test_without_a_service_a_quiet_note_is_nothing_to_tell(notify: Notify, events: Events) -> None:
    notifier = notify()
    notifier.show(note("a", quiet=True))
    notifier.show(note("b"))
    events.wait(NoteFailed("b", "No notification service is running."))
    assert len(events.all) == 1


def test_after_a_restart_of_the_service_a_quiet_note_has_no_place(serve: Serve, notify: Notify, events: Events) -> None:
    first = serve()
    notifier = notify()
    notifier.show(note("a"))
    events.wait(NoteShown("a"))
    first.vanish()
    second = serve()
    events.wait(NotifierBack())
    notifier.show(note("a", quiet=True))
    notifier.show(note("b"))
    events.wait(NoteShown("b"))
    assert len(second.popups) == 1


def test_a_dismissed_note_pops_up_anew(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    server.dismiss(1)
    server.run(lambda: None)
    notifier.show(note("b"))  # behind the signal, so that it has arrived
    events.wait(NoteShown("b"))
    notifier.show(note())
    events.wait(NoteShown("a"), times=2)
    assert [popup.replaces for popup in server.popups] == [0, 0, 0]


def test_a_note_that_is_closed_together_with_its_answer_is_not_replaced(
    serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve()
    notifier = notify()
    server.closed_at_once = True
    for times in range(1, 6):
        notifier.show(note())
        events.wait(NoteShown("a"), times)
        wait_until(lambda: not server.on_screen)
        notifier.show(note("barrier"))
        events.wait(NoteShown("barrier"), times)
    assert {popup.replaces for popup in server.popups} == {0}


def test_withdrawing_takes_away_what_is_there_and_nothing_else(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    notifier.show(note("a"))
    notifier.show(note("b"))
    notifier.withdraw("a")
    notifier.withdraw("a")
    notifier.withdraw("never shown")
    notifier.show(note("c"))
    events.wait(NoteShown("c"))
    assert {popup_id: popup.summary for popup_id, popup in server.on_screen.items()}.keys() == {2, 3}
    assert server.close_calls == [1]


def test_show_replace_and_withdraw_end_right_when_the_first_answer_is_late(
    serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve()
    notifier = notify()
    server.hold()
    notifier.show(note("a", "one"))
    notifier.show(note("a", "two"))
    notifier.withdraw("a")
    notifier.show(note("b"))
    server.release()
    events.wait(NoteShown("b"))
    assert [popup.summary for popup in server.popups[:2]] == ["one", "two"]
    assert [popup.replaces for popup in server.popups] == [0, 1, 0]
    assert list(server.on_screen) == [2]


def test_without_a_service_a_note_fails_at_once(notify: Notify, events: Events) -> None:
    notifier = notify()
    notifier.show(note())
    events.wait(NoteFailed("a", "No notification service is running."), within=2)


def test_a_service_that_comes_later_is_told_and_used(serve: Serve, notify: Notify, events: Events) -> None:
    notifier = notify()
    notifier.show(note())
    events.wait(NoteFailed("a", "No notification service is running."))
    serve()
    events.wait(NotifierBack())
    notifier.show(note())
    events.wait(NoteShown("a"))
    assert events.all.count(NotifierBack()) == 1


def test_a_service_that_is_there_at_the_start_is_not_back(serve: Serve, bus: Bus, events: Events) -> None:
    serve()
    notifier = FreedesktopNotifier(bus, events, "", draw)
    notifier.show(note())
    events.wait(NoteShown("a"))
    assert events.all == [NoteShown("a")]


def test_after_a_restart_ids_are_forgotten_and_capabilities_asked_again(
    serve: Serve, notify: Notify, events: Events
) -> None:
    first = serve()
    notifier = notify()
    notifier.show(note(body="<"))
    events.wait(NoteShown("a"))
    first.vanish()
    second = serve("body-markup", "actions", first_id=1)
    events.wait(NotifierBack())
    assert second.popups == []  # nothing is shown again by itself
    notifier.withdraw("a")
    notifier.show(note(body="<"))
    events.wait(NoteShown("a"), times=2)
    assert second.popups[0].replaces == 0
    assert second.popups[0].body == "&lt;"
    assert second.popups[0].actions
    assert second.close_calls == []


def test_a_service_that_vanishes_while_it_is_asked_fails_the_note(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve()
    notifier = notify()
    server.hold()
    notifier.show(note())
    server.vanish()
    wait_until(lambda: events.of(NoteFailed))
    serve()
    events.wait(NotifierBack())


def test_a_stuck_service_fails_notes_and_is_back_when_it_answers(
    serve: Serve, notify: Notify, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freedesktop, "PATIENCE", 0.1)
    server = serve()
    notifier = notify()
    notifier.show(note("warm-up"))
    events.wait(NoteShown("warm-up"))
    server.hold()
    start = time.monotonic()
    for key in "abcdefgh":
        notifier.show(note(key))
    wait_until(lambda: len(events.of(NoteFailed)) == 8)
    assert time.monotonic() - start < 2  # not eight times the patience one after the other
    server.release()
    events.wait(NotifierBack())
    assert list(server.on_screen) == [1, 2]
    notifier.show(note("a", "shown again"))
    events.wait(NoteShown("a"))
    assert server.on_screen[2].summary == "shown again"
    assert list(server.on_screen) == [1, 2]


def test_a_note_withdrawn_while_its_service_was_stuck_does_not_stay(
    serve: Serve, notify: Notify, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freedesktop, "PATIENCE", 0.1)
    server = serve()
    notifier = notify()
    server.hold()
    notifier.show(note())
    wait_until(lambda: events.of(NoteFailed))
    notifier.withdraw("a")
    server.release()
    events.wait(NotifierBack())
    wait_until(lambda: server.close_calls)
    assert server.on_screen == {}


@pytest.mark.parametrize(("action", "command"), [("default", OpenAlert(7)), ("0", ReviewAlert(7))])
def test_a_click_asks_for_the_buttons_command(
    action: str, command: DesktopEvent, serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    server.click(1, action)
    events.wait(Asked(command))  # type: ignore[arg-type]
    assert len(events.of(Asked)) == 1


def test_the_activation_token_goes_with_the_command_that_opens_something(
    serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note("a"))
    notifier.show(note("b"))
    events.wait(NoteShown("b"))
    server.click(1, "default", token="token-1")
    server.click(2, "0", token="token-2")
    events.wait(Asked(ReviewAlert(7)))
    assert events.of(Asked) == [Asked(OpenAlert(7, "token-1")), Asked(ReviewAlert(7))]


def test_a_service_that_leaves_a_clicked_note_open_is_asked_to_close_it(
    serve: Serve, notify: Notify, events: Events
) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    server.click(1, "default", closes=False)
    wait_until(lambda: not server.on_screen)
    server.click(1, "default", closes=False)
    notifier.show(note())
    events.wait(NoteShown("a"), times=2)
    assert server.popups[-1].replaces == 0
    assert events.of(Asked) == [Asked(OpenAlert(7))]


def test_only_the_services_own_signals_count(
    serve: Serve, bus: Bus, notify: Notify, events: Events, daemon: BusDaemon
) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    stranger = Peer(daemon.address)
    for to in (None, bus.unique_name):
        for member, signature, value in (
            ("ActivationToken", "us", "stolen"),
            ("ActionInvoked", "us", "default"),
            ("NotificationClosed", "uu", 2),
        ):
            path = "/org/freedesktop/Notifications"
            stranger.do(stranger.send_signal(path, NOTIFICATIONS, member, signature, 1, value, to=to))
    stranger.close()
    notifier.show(note("a", "two"))
    events.wait(NoteShown("a"), times=2)
    assert server.popups[-1].replaces == 1
    assert events.of(Asked) == []


def test_signals_of_an_unexpected_shape_are_ignored(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    for member in ("ActionInvoked", "NotificationClosed", "ActivationToken", "SomethingNew"):
        server.do(server.send_signal("/org/freedesktop/Notifications", NOTIFICATIONS, member, "s", "1"))
    server.click(1, "default")
    events.wait(Asked(OpenAlert(7)))


def test_after_closing_nothing_is_told_any_more(serve: Serve, notify: Notify, events: Events) -> None:
    server = serve("actions")
    notifier = notify()
    notifier.show(note())
    events.wait(NoteShown("a"))
    notifier.close()
    notifier.show(note("b"))
    server.click(1, "default")
    server.vanish()
    serve().run(lambda: None)
    notifier.close()
    assert events.all == [NoteShown("a")]


def test_whoever_hears_of_a_click_may_close_at_once(serve: Serve, bus: Bus, events: Events) -> None:
    server = serve("actions")
    opened: list[FreedesktopNotifier] = []

    def emit(event: DesktopEvent) -> None:
        events(event)
        if isinstance(event, Asked):
            opened[0].close()
            bus.thread.close()

    opened.append(FreedesktopNotifier(bus, emit, "", draw))
    opened[0].show(note(default=Button("All", ReviewAll())))
    events.wait(NoteShown("a"))
    server.click(1, "default")
    wait_until(lambda: not bus.thread._thread.is_alive())
    assert events.all[-1] == Asked(ReviewAll())


def test_on_a_bus_that_died_notes_fail(notify: Notify, events: Events, daemon: BusDaemon) -> None:
    notifier = notify()
    daemon.kill()
    notifier.show(note())
    wait_until(lambda: events.of(NoteFailed))


def test_showing_never_blocks_while_the_bus_is_stopped(notify: Notify, daemon: BusDaemon) -> None:
    notifier = notify()
    daemon.stop()
    start = time.monotonic()
    for number in range(100):
        notifier.show(note(str(number)))
        notifier.withdraw(str(number))
    assert time.monotonic() - start < 0.5
