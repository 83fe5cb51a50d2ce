"""The notifiers beside that of the freedesktop.org desktops: terminal, plyer, and desktop-notifier."""

import asyncio
import enum
import io
import os
import pty
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TextIO

import pytest

from trayapp.core.commands import OpenAlert, ReviewAlert
from trayapp.core.notes import Button, Note, Urgency
from trayapp.desktop.events import Asked, DesktopEvent, NoteFailed, NoteShown
from trayapp.desktop.notify import native, plyer_fallback
from trayapp.desktop.notify.base import Notifier
from trayapp.desktop.notify.native import NativeNotifier, Unavailable
from trayapp.desktop.notify.plyer_fallback import PlyerNotifier
from trayapp.desktop.notify.terminal import TerminalNotifier

NOTE = Note(
    "alert:1",
    "New user “helpdesk2”",
    "private · by user deploy\n20:14, 40 s ago",
    Urgency.CRITICAL,
    stays=True,
    default=Button("Open in console", OpenAlert(1)),
    buttons=(Button("That was me", ReviewAlert(1)), Button("Open in console", OpenAlert(1))),
    link="https://us-east-1.console.aws.amazon.com/iam/home",
)


def note(key: str = "alert:1", title: str = "New user", body: str = "", **more: object) -> Note:
    return Note(key, title, body, Urgency.NORMAL, stays=False, **more)  # type: ignore[arg-type] # as each test says


class Told:
    """Takes down events, and waits for them."""

    def __init__(self) -> None:
        self._events: SimpleQueue[DesktopEvent] = SimpleQueue()

    def __call__(self, event: DesktopEvent) -> None:
        self._events.put(event)

    def next(self) -> DesktopEvent:
        return self._events.get(timeout=10)

    def nothing(self) -> bool:
        return self._events.empty()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def closing() -> Iterator[Callable[[Notifier], None]]:
    """Close notifiers at the end of the test."""
    notifiers: list[Notifier] = []
    yield notifiers.append
    for notifier in notifiers:
        notifier.close()


# ---- terminal


def at_20_14() -> datetime:
    return datetime(2026, 11, 23, 20, 14).astimezone()


@pytest.fixture
def terminal(told: Told, closing: Callable[[Notifier], None]) -> Callable[[TextIO], TerminalNotifier]:
    def make(stream: TextIO) -> TerminalNotifier:
        notifier = TerminalNotifier(told, stream, at_20_14)
        closing(notifier)
        return notifier

    return make


def test_the_terminal_gets_a_note_as_one_line_with_its_address(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    stream = io.StringIO()
    terminal(stream).show(NOTE)
    assert told.next() == NoteShown("alert:1")
    assert stream.getvalue() == (
        "20:14  New user “helpdesk2” · private · by user deploy · 20:14, 40 s ago"
        " · https://us-east-1.console.aws.amazon.com/iam/home\n"
    )


def test_the_terminal_leaves_out_what_a_note_does_not_have(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    stream = io.StringIO()
    terminal(stream).show(note())
    told.next()
    assert stream.getvalue() == "20:14  New user\n"


def test_lines_that_are_no_notes_are_written_in_order_and_told_to_nobody(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    stream = io.StringIO()
    notifier = terminal(stream)
    notifier.line("Watching private.")
    notifier.show(note())
    notifier.line("1 to review.")
    notifier.close()
    assert stream.getvalue() == "20:14  Watching private.\n20:14  New user\n20:14  1 to review.\n"
    assert told.next() == NoteShown("alert:1")
    assert told.nothing()


def test_the_terminal_leaves_quiet_notes_out(terminal: Callable[[TextIO], TerminalNotifier], told: Told) -> None:
    stream = io.StringIO()
    notifier = terminal(stream)
    notifier.show(note(title="one"))
    notifier.show(note(title="one and more", quiet=True))
    notifier.show(note("alert:2", title="two"))
    notifier.close()
    assert stream.getvalue() == "20:14  one\n20:14  two\n"
    assert [told.next(), told.next()] == [NoteShown("alert:1"), NoteShown("alert:2")]
    assert told.nothing()


def test_no_control_or_direction_mark_reaches_the_terminal(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    stream = io.StringIO()
    notifier = terminal(stream)
    notifier.show(note(title="a\x1b]0;owned\x07b\u202ec", body="d\x1b[2J\r\nQuit\x9b5m", link="https://x/\x1b[0m"))
    notifier.line("e\x1bf\ng")
    notifier.close()
    assert stream.getvalue() == ("20:14  a�]0;owned�b�c · d�[2J · Quit�5m · https://x/�[0m\n20:14  e�f�g\n")


def test_a_terminal_of_another_encoding_gets_what_it_can_show(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    raw = io.BytesIO()
    terminal(io.TextIOWrapper(raw, encoding="ascii")).show(note(title="New user “漢字”"))
    assert told.next() == NoteShown("alert:1")
    assert raw.getvalue() == b"20:14  New user ????\n"


def test_a_pipe_that_nobody_reads_any_more_makes_notes_fail(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    notifier = terminal(stream)
    notifier.show(NOTE)
    failed = told.next()
    assert isinstance(failed, NoteFailed)
    assert failed.key == "alert:1"
    assert "Broken pipe" in failed.reason
    with pytest.raises(BrokenPipeError):
        stream.close()


def test_a_closed_stream_makes_notes_fail(terminal: Callable[[TextIO], TerminalNotifier], told: Told) -> None:
    stream = io.StringIO()
    stream.close()
    notifier = terminal(stream)
    notifier.line("nobody hears of this one")
    notifier.show(NOTE)
    assert isinstance(told.next(), NoteFailed)


def test_a_terminal_that_is_held_holds_up_neither_showing_nor_closing(
    terminal: Callable[[TextIO], TerminalNotifier], told: Told
) -> None:
    reading, writing = os.pipe()
    stream = os.fdopen(writing, "w")
    notifier = terminal(stream)
    done = threading.Event()

    def fill() -> None:
        for number in range(3000):  # far more than a pipe holds
            notifier.show(note(f"alert:{number}", "x" * 100))
        notifier.close()
        done.set()

    threading.Thread(target=fill, daemon=True).start()
    assert done.wait(5)
    # Whoever reads again gets the rest.
    with os.fdopen(reading, "rb") as rest:
        taking = threading.Thread(target=rest.read)
        taking.start()
        notifier._writing.join(5)
        assert not notifier._writing.is_alive()
        stream.close()
        taking.join(5)


def styled(told: Told, shown: Note) -> str:
    """Show a note on a real terminal's other side, and give what arrives there."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        notifier = TerminalNotifier(told, stream, at_20_14)
        notifier.show(shown)
        told.next()
        notifier.close()
        arrived = os.read(ours, 4096).decode()
    os.close(ours)
    return arrived


def test_a_terminal_that_knows_colours_shows_weight_by_them(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert styled(told, NOTE).startswith("20:14  \x1b[1;31mNew user “helpdesk2”\x1b[0m · private")


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_gets_none(told: Told, monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, value)
    assert "\x1b" not in styled(told, NOTE)


def test_the_terminal_takes_the_present_time_by_itself(told: Told, closing: Callable[[Notifier], None]) -> None:
    stream = io.StringIO()
    notifier = TerminalNotifier(told, stream)
    closing(notifier)
    before = f"{datetime.now().astimezone():%H:%M}"
    notifier.show(note())
    told.next()
    assert stream.getvalue()[:5] in {before, f"{datetime.now().astimezone():%H:%M}"}


# ---- plyer, over a notify-send that takes down what it is told

NOTIFY_SEND = """#!/bin/sh
for argument; do printf '%s\\0' "$argument"; done > {folder}/told
"""


@pytest.fixture
def notify_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Give a way to read what notify-send was told last."""
    if sys.platform != "linux":
        pytest.skip("plyer uses it on Linux alone")
    program = tmp_path / "notify-send"
    program.write_text(NOTIFY_SEND.format(folder=tmp_path))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(plyer_fallback, "_has_dbus_python", lambda: False)
    return lambda: (tmp_path / "told").read_text().split("\0")[:-1]


@pytest.fixture
def plyer(told: Told, closing: Callable[[Notifier], None]) -> PlyerNotifier:
    notifier = PlyerNotifier(told)
    closing(notifier)
    return notifier


def test_plyer_shows_title_and_body(plyer: PlyerNotifier, told: Told, notify_send: Callable[[], list[str]]) -> None:
    plyer.show(NOTE)
    assert told.next() == NoteShown("alert:1")
    assert notify_send()[:2] == [NOTE.title, NOTE.body]


def test_what_others_chose_is_neither_markup_nor_an_option(
    plyer: PlyerNotifier, told: Told, notify_send: Callable[[], list[str]]
) -> None:
    plyer.show(note(title="--help", body='-u <a href="https://evil.example">Open & sign in</a>'))
    told.next()
    assert notify_send()[:2] == [" --help", ' -u &lt;a href="https://evil.example"&gt;Open &amp; sign in&lt;/a&gt;']


def test_plyer_leaves_quiet_notes_out(plyer: PlyerNotifier, told: Told, notify_send: Callable[[], list[str]]) -> None:
    plyer.show(NOTE)
    plyer.show(note(title="quiet", quiet=True))
    plyer.show(note("alert:2", title="loud"))
    assert [told.next(), told.next()] == [NoteShown("alert:1"), NoteShown("alert:2")]
    assert notify_send()[0] == "loud"


def test_a_failure_that_plyer_reports_is_told(
    plyer: PlyerNotifier, told: Told, notify_send: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    plyer.show(NOTE)
    failed = told.next()
    assert isinstance(failed, NoteFailed)
    assert failed.key == "alert:1"
    assert "notify-send" in failed.reason


def test_plyer_is_viable_only_where_it_has_something_to_show_notes_with(
    notify_send: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plyer_fallback.viable()
    monkeypatch.setenv("PATH", "")
    assert not plyer_fallback.viable()
    monkeypatch.setattr(plyer_fallback, "_has_dbus_python", lambda: True)
    assert plyer_fallback.viable()


def test_a_closed_plyer_tells_nothing(told: Told, notify_send: Callable[[], list[str]]) -> None:
    notifier = PlyerNotifier(told)
    notifier.close()
    notifier.show(NOTE)
    notifier.withdraw("alert:1")
    for thread in threading.enumerate():
        if thread.name == "plyer":
            thread.join(5)
    assert told.nothing()


def test_texts_are_cut_to_what_windows_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    shown = plyer_fallback._arguments(note(title="t" * 80, body="\N{GRINNING FACE}" * 200))
    assert len(shown["title"]) == 63
    assert len(shown["message"].encode("utf-16-le")) // 2 <= 255
    assert shown["timeout"] == 0


# ---- desktop-notifier, by a stand-in that keeps its promises and its silences


class Centre:
    """What the owner has on the screen, and what the system answers."""

    def __init__(self) -> None:
        self.shown: dict[str, Notification] = {}
        self.order: list[str] = []
        self.cleared: list[str] = []
        self.authorised = True
        self.capable = True
        self.works = True
        self.notifier: DesktopNotifier | None = None

    def click(self, place: int = 0) -> None:
        self.in_its_thread("on_clicked", self.order[place])

    def press(self, button: int, place: int = 0) -> None:
        identifier = self.order[place]
        self.in_its_thread("on_button_pressed", identifier, self.shown[identifier].buttons[button].identifier)

    def in_its_thread(self, handler: str, *arguments: str) -> None:
        assert self.notifier
        self.notifier.loop.call_soon_threadsafe(getattr(self.notifier, handler), *arguments)


class LibraryUrgency(enum.Enum):
    Critical = "critical"
    Normal = "normal"
    Low = "low"


@dataclass(frozen=True)
class LibraryButton:
    title: str
    on_pressed: Callable[[], None] | None = None
    identifier: str = ""


@dataclass(frozen=True)
class LibraryIcon:
    path: Path


@dataclass(frozen=True)
class Notification:
    """The fields of desktop_notifier.Notification 6.2 that we use, under their names."""

    title: str
    message: str
    urgency: LibraryUrgency = LibraryUrgency.Normal
    buttons: tuple[LibraryButton, ...] = ()
    on_dispatched: Callable[[], None] | None = None
    sound: str | None = None
    identifier: str = field(default="")


class DesktopNotifier:
    """Takes notifications as desktop_notifier.DesktopNotifier 6.2 does: an error in sending is only logged."""

    centre: Centre

    def __init__(self, app_name: str = "Python", app_icon: LibraryIcon | None = None) -> None:
        self.app_name, self.app_icon = app_name, app_icon
        self.loop = asyncio.get_running_loop()
        self.centre.notifier = self
        self.on_clicked: Callable[[str], None] | None = None
        self.on_button_pressed: Callable[[str, str], None] | None = None

    async def request_authorisation(self) -> bool:
        return self.centre.authorised

    async def get_capabilities(self) -> frozenset[str]:
        return frozenset({"TITLE", "BUTTONS"}) if self.centre.capable else frozenset()

    async def send_notification(self, notification: Notification) -> str:
        if self.centre.works:
            self.centre.shown[notification.identifier] = notification
            self.centre.order.append(notification.identifier)
            if notification.on_dispatched:
                notification.on_dispatched()
        return notification.identifier

    async def get_current_notifications(self) -> list[str]:
        return list(self.centre.shown)

    async def clear(self, identifier: str) -> None:
        self.centre.cleared.append(identifier)
        del self.centre.shown[identifier]


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Centre:
    centre = Centre()
    monkeypatch.setattr(DesktopNotifier, "centre", centre, raising=False)
    library = types.ModuleType("desktop_notifier")
    vars(library).update(
        DesktopNotifier=DesktopNotifier,
        Notification=Notification,
        Button=LibraryButton,
        Icon=LibraryIcon,
        Urgency=LibraryUrgency,
        DEFAULT_SOUND="default",
    )
    monkeypatch.setitem(sys.modules, "desktop_notifier", library)
    return centre


@pytest.fixture
def notifier(centre: Centre, told: Told, closing: Callable[[Notifier], None]) -> NativeNotifier:
    notifier = NativeNotifier(told)
    closing(notifier)
    return notifier


def test_the_system_gets_the_whole_note(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    notifier.show(NOTE)
    assert told.next() == NoteShown("alert:1")
    [shown] = centre.shown.values()
    assert (shown.title, shown.message, shown.urgency) == (NOTE.title, NOTE.body, LibraryUrgency.Critical)
    assert [button.title for button in shown.buttons] == ["That was me", "Open in console"]
    assert shown.sound == "default"
    assert len(shown.identifier) == 16
    assert centre.notifier
    assert centre.notifier.app_name == "trayapp"


def test_only_what_is_critical_makes_a_sound(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    notifier.show(note())
    told.next()
    [shown] = centre.shown.values()
    assert shown.sound is None


def test_the_same_key_replaces_and_another_does_not(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    for key in ("alert:1", "alert:1", "alert:2"):
        notifier.show(note(key))
        told.next()
    assert len(centre.shown) == 2
    assert centre.order[0] == centre.order[1]


def test_a_quiet_note_takes_the_place_of_one_that_is_still_there(
    centre: Centre, notifier: NativeNotifier, told: Told
) -> None:
    notifier.show(note(title="one"))
    notifier.show(note(title="two", quiet=True))
    assert [told.next(), told.next()] == [NoteShown("alert:1")] * 2
    assert [shown.title for shown in centre.shown.values()] == ["two"]
    assert centre.order[0] == centre.order[1]


def test_a_quiet_note_comes_alone_neither_first_nor_after_the_owner_has_dismissed_it(
    centre: Centre, notifier: NativeNotifier, told: Told
) -> None:
    notifier.show(note(quiet=True))
    notifier.show(note("alert:2"))
    assert told.next() == NoteShown("alert:2")
    centre.shown.clear()
    notifier.show(note("alert:2", quiet=True))
    notifier.show(note("alert:3"))
    assert told.next() == NoteShown("alert:3")
    assert len(centre.order) == 2


def test_a_note_of_an_earlier_run_is_not_brought_up_to_date(
    centre: Centre, notifier: NativeNotifier, told: Told
) -> None:
    centre.shown[native._identifier("alert:1")] = Notification("earlier", "")
    notifier.show(note(quiet=True))
    notifier.show(note("alert:2"))
    assert told.next() == NoteShown("alert:2")
    assert centre.shown[native._identifier("alert:1")].title == "earlier"


def test_where_the_system_does_not_tell_what_is_there_a_quiet_note_stays_away(
    centre: Centre, notifier: NativeNotifier, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> list[str]:
        raise OSError("element not found")

    monkeypatch.setattr(DesktopNotifier, "get_current_notifications", fail)
    notifier.show(note())
    notifier.show(note(quiet=True))
    notifier.show(note("alert:2"))
    assert [told.next(), told.next()] == [NoteShown("alert:1"), NoteShown("alert:2")]


def test_clicks_and_buttons_ask_for_what_the_note_says(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    notifier.show(NOTE)
    told.next()
    centre.click()
    assert told.next() == Asked(OpenAlert(1))
    centre.press(0)
    assert told.next() == Asked(ReviewAlert(1))
    centre.press(1)
    assert told.next() == Asked(OpenAlert(1))


def test_a_click_on_a_note_without_a_default_or_of_an_earlier_run_asks_for_nothing(
    centre: Centre, notifier: NativeNotifier, told: Told
) -> None:
    notifier.show(note())
    told.next()
    centre.click()
    centre.in_its_thread("on_clicked", "unknown")
    centre.in_its_thread("on_button_pressed", "unknown", "0")
    centre.in_its_thread("on_button_pressed", centre.order[0], "7")
    notifier.show(note("alert:2"))
    assert told.next() == NoteShown("alert:2")


def test_withdrawing_takes_the_note_away(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    notifier.show(NOTE)
    told.next()
    notifier.withdraw("alert:1")
    notifier.withdraw("alert:2")
    notifier.show(note("alert:3"))
    assert told.next() == NoteShown("alert:3")
    assert centre.cleared == [centre.order[0], native._identifier("alert:2")]
    assert list(centre.shown) == [centre.order[1]]


def test_an_error_that_the_library_swallows_is_told(centre: Centre, notifier: NativeNotifier, told: Told) -> None:
    centre.works = False
    notifier.show(NOTE)
    assert isinstance(told.next(), NoteFailed)


def test_an_error_that_the_library_raises_is_told(
    centre: Centre, notifier: NativeNotifier, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> bool:
        raise OSError("class not registered")

    monkeypatch.setattr(DesktopNotifier, "request_authorisation", fail)
    notifier.show(NOTE)
    failed = told.next()
    assert isinstance(failed, NoteFailed)
    assert "class not registered" in failed.reason


def test_who_has_switched_notifications_off_is_not_taken_to_have_seen_them(
    centre: Centre, notifier: NativeNotifier, told: Told
) -> None:
    centre.authorised = False
    notifier.show(NOTE)
    failed = told.next()
    assert isinstance(failed, NoteFailed)
    assert "switched off" in failed.reason
    centre.authorised = True
    notifier.show(NOTE)
    assert told.next() == NoteShown("alert:1")


def test_where_the_library_would_show_nothing_it_is_not_used(centre: Centre, told: Told) -> None:
    centre.capable = False
    with pytest.raises(Unavailable, match="bundle"):
        NativeNotifier(told)


def test_without_the_library_it_is_not_used(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    with pytest.raises(Unavailable, match="not installed"):
        NativeNotifier(told)


def test_where_the_library_breaks_at_start_it_is_not_used(
    centre: Centre, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("class not registered")

    monkeypatch.setattr(DesktopNotifier, "__init__", fail)
    with pytest.raises(Unavailable, match="class not registered"):
        NativeNotifier(told)


def test_a_closed_notifier_shows_and_tells_nothing(centre: Centre, told: Told) -> None:
    notifier = NativeNotifier(told)
    notifier.show(NOTE)
    told.next()
    notifier.close()
    notifier.close()
    notifier.show(note("alert:2"))
    notifier.withdraw("alert:1")
    assert not notifier._running.is_alive()
    assert told.nothing()
    assert len(centre.shown) == 1


def test_closing_does_not_wait_for_an_owner_who_has_not_answered_yet(
    centre: Centre, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    async def ask_the_owner(_: object) -> bool:
        asked.set()
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(DesktopNotifier, "request_authorisation", ask_the_owner)
    notifier = NativeNotifier(told)
    notifier.show(NOTE)
    assert asked.wait(5)
    notifier.close()
    assert not notifier._running.is_alive()
    assert told.nothing()
