"""The parts that are chosen on Linux, together."""

import io
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.bus_fakes import Events, wait_until
from desktop.conftest import BusDaemon
from desktop.test_system_signals import Services
from trayapp.desktop.choose import Desktop, choose
from trayapp.desktop.events import Woken
from trayapp.desktop.linux.bus import Bus
from trayapp.desktop.linux.connection import BusError

Choose = Callable[..., Desktop]


@pytest.fixture
def services(daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """One bus is both the session's and the system's."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", daemon.address)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    services = Services(daemon.address)
    yield services
    services.close()


@pytest.fixture
def chosen(events: Events) -> Iterator[Choose]:
    desktops: list[Desktop] = []

    def make(*, desktop: bool) -> Desktop:
        desktops.append(choose(events, stream=io.StringIO(), icon="trayapp", desktop=desktop))
        return desktops[-1]

    yield make
    for each in desktops:
        each.close()


def wake_until_told(services: Services, events: Events) -> None:
    """Wake the computer again and again until somebody listens and has told of it."""

    def told() -> bool:
        services.sleep(starts=False)
        return Woken("the computer has woken") in events.all

    wait_until(told)


@pytest.mark.parametrize("desktop", [True, False], ids=["on a desktop", "in a terminal"])
def test_waking_is_told_where_everything_else_is_told(
    desktop: bool,  # noqa: FBT001 - by name
    services: Services,
    chosen: Choose,
    events: Events,
) -> None:
    chosen(desktop=desktop)
    wake_until_told(services, events)


def test_waking_is_told_also_without_a_session_bus(
    services: Services, chosen: Choose, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    assert chosen(desktop=True).tray.name == "terminal"
    wake_until_told(services, events)


def test_once_closed_nothing_is_told_and_no_thread_is_left(services: Services, chosen: Choose, events: Events) -> None:
    before = _threads()
    desktop = chosen(desktop=True)
    wake_until_told(services, events)
    start = time.monotonic()
    desktop.close()
    assert time.monotonic() - start < 0.5
    told = len(events.all)
    services.sleep(starts=False)
    wait_until(lambda: _threads() == before, "all threads end")
    assert len(events.all) == told


def test_a_bus_that_does_not_say_who_is_there_is_no_obstacle(
    services: Services, chosen: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> bool:
        raise BusError("The session bus does not answer.")

    monkeypatch.setattr(Bus, "has_owner", silent)
    assert chosen(desktop=True).tray.name == "StatusNotifierItem and terminal"


def test_nothing_wakes_any_of_its_threads_while_nothing_happens(
    services: Services, daemon: BusDaemon, chosen: Choose, events: Events
) -> None:
    others = _threads()
    chosen(desktop=True)
    wake_until_told(services, events)
    wait_until(lambda: len(_threads() - others) <= 2, "the news to be told")
    ours = _threads() - others
    settled = _switches(ours)

    def is_quiet() -> bool:
        # What was asked for at the start is still being answered until a fifth of a second brings nothing.
        nonlocal settled
        before, settled = settled, _switches(ours)
        time.sleep(0.2)
        return before == settled == _switches(ours)

    wait_until(is_quiet)
    before = _switches(ours)
    time.sleep(1.5)
    assert _switches(ours) == before


def _threads() -> set[str]:
    return {task.name for task in Path(f"/proc/{os.getpid()}/task").iterdir()}


def _switches(threads: set[str]) -> list[str]:
    """Give how often each of these threads has gone to sleep by itself."""
    statuses = [Path(f"/proc/{os.getpid()}/task/{thread}/status").read_text() for thread in sorted(threads)]
    return [line for status in statuses for line in status.splitlines() if line.startswith("voluntary")]
