"""The steps on the desktop: where the icon goes, who shows notifications, and whether one gets through."""

import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from io import StringIO
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from trayapp.core.language import listed, mark, say
from trayapp.core.notes import Note, Urgency
from trayapp.desktop.app_icon import app_icon
from trayapp.desktop.choose import choose
from trayapp.desktop.events import DesktopEvent, NoteFailed, NoteShown
from trayapp.doctor.steps import Ill, NotAsked

if TYPE_CHECKING:
    from trayapp.desktop.linux.bus import Bus

_BUS_SECONDS = 3.0
_ANSWER_SECONDS = 6.0
_SHOWN_SECONDS = 10.0
_TEST_KEY = "test"
_NO_TRAY = mark(
    "Give the panel a tray for status icons; GNOME needs the AppIndicator extension. Notifications work without, and "
    "trayapp status."
)
_NO_NOTIFICATIONS = mark(
    "Start a notification service, such as xfce4-notifyd, dunst or mako. trayapp status works without."
)

_Answer = TypeVar("_Answer")


def look_for_tray_host() -> str:
    """See whether there is a tray that takes our icon.

    Raises:
        Ill: There is a desktop without one.
        NotAsked: There is no desktop, or its tray needs no asking.
    """
    _only_where_asked()
    from trayapp.desktop.linux.connection import BusError  # noqa: PLC0415 - Linux only
    from trayapp.desktop.linux.messages import Remote  # noqa: PLC0415 - same
    from trayapp.desktop.tray.status_notifier_host import WATCHER  # noqa: PLC0415 - same

    properties = Remote(WATCHER.name, WATCHER.path, "org.freedesktop.DBus.Properties")
    try:
        [there] = _on_bus(
            lambda bus: bus.call(properties, "Get", "ss", WATCHER.interface, "IsStatusNotifierHostRegistered")
        )
    except BusError as error:
        raise Ill(say("there is no tray to put the icon in"), say(_NO_TRAY), str(error)) from None
    if not there.value:
        raise Ill(
            say("nobody shows the icons of the tray"), say(_NO_TRAY), say("{service} has no host", service=WATCHER.name)
        )
    return say("a tray takes status icons")


def look_for_notifications() -> str:
    """See who shows notifications, and what it can.

    Raises:
        Ill: There is a desktop without a notification service.
        NotAsked: There is no desktop, or its notifications need no asking.
    """
    _only_where_asked()
    from trayapp.desktop.linux.connection import BusError  # noqa: PLC0415 - Linux only
    from trayapp.desktop.notify.freedesktop import NOTIFICATIONS  # noqa: PLC0415 - same

    try:
        [called, _, version, _] = _on_bus(lambda bus: bus.call(NOTIFICATIONS, "GetServerInformation"))
        [capabilities] = _on_bus(lambda bus: bus.call(NOTIFICATIONS, "GetCapabilities"))
    except BusError as error:
        raise Ill(say("nobody shows notifications"), say(_NO_NOTIFICATIONS), str(error)) from None
    buttons = say("with buttons") if "actions" in capabilities else say("without buttons")
    kept = (
        say("keeps what was missed")
        if "persistence" in capabilities
        else say("does not say that it keeps what was missed")
    )
    return listed((f"{called} {version}", buttons, kept))


def show_test_note() -> str:
    """Show a notification by ourselves, and wait until the desktop has accepted it.

    Raises:
        Ill: It was not accepted.
        NotAsked: There is no desktop.
    """
    events: SimpleQueue[DesktopEvent] = SimpleQueue()
    desktop = choose(events.put, stream=StringIO(), icon=app_icon())
    try:
        if desktop.notifier.name == "terminal":
            raise NotAsked(say("there is no desktop here; alerts come as lines where trayapp runs"))
        desktop.notifier.show(
            Note(
                key=_TEST_KEY,
                title=say("This is a test of trayapp"),
                body=say("You see what trayapp doctor shows. Nothing has happened in your account."),
                urgency=Urgency.NORMAL,
                stays=False,
            )
        )
        return _accepted(events)
    finally:
        desktop.close()


def _accepted(events: "SimpleQueue[DesktopEvent]") -> str:
    while True:
        try:
            event = events.get(timeout=_SHOWN_SECONDS)
        except Empty:
            raise Ill(
                say("a test notification was given to the desktop, which does not answer"), say(_NO_NOTIFICATIONS)
            ) from None
        match event:
            case NoteShown(key) if key == _TEST_KEY:
                return say("the desktop has accepted a test notification; see that it is on the screen")
            case NoteFailed(key, reason) if key == _TEST_KEY:
                raise Ill(say("a test notification was not shown"), say(_NO_NOTIFICATIONS), reason)


def _only_where_asked() -> None:
    if sys.platform != "linux":
        raise NotAsked(say("this system has its own, always there"))
    from trayapp.desktop.linux.connection import NoBus  # noqa: PLC0415 - Linux only
    from trayapp.desktop.linux.places import session_bus  # noqa: PLC0415 - same

    try:
        session_bus()
    except NoBus as error:
        raise NotAsked(say("there is no desktop here: no session bus")) from error


def _on_bus(work: "Callable[[Bus], Coroutine[Any, Any, _Answer]]") -> _Answer:
    """Ask something on the session bus. Raises ``BusError``."""
    from trayapp.desktop.linux.bus import Bus  # noqa: PLC0415 - Linux only
    from trayapp.desktop.linux.connection import BusError  # noqa: PLC0415 - same
    from trayapp.desktop.linux.places import session_bus  # noqa: PLC0415 - same
    from trayapp.desktop.linux.thread import EventThread  # noqa: PLC0415 - same

    thread = EventThread()
    answer: Future[_Answer] = Future()
    try:
        bus = Bus.connect(thread, session_bus(), _BUS_SECONDS)

        async def run() -> None:
            try:
                answer.set_result(await work(bus))
            except BusError as error:
                answer.set_exception(error)

        thread.spawn(run)
        return answer.result(_ANSWER_SECONDS)
    except TimeoutError:
        raise BusError(say("The {bus} does not answer.", bus=say("session bus"))) from None
    finally:
        thread.close()
