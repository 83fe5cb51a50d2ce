"""What is made of the news, and how the systems other than Linux tell theirs, by stand-ins for their libraries."""

import ctypes
import os
import sys
import threading
import time
import types
from collections.abc import Callable
from typing import Any

import pytest

from desktop.bus_fakes import Events, wait_until
from trayapp.desktop.events import Woken
from trayapp.desktop.wake.gather import Gather
from trayapp.desktop.wake.macos import MacWakes
from trayapp.desktop.wake.windows import WindowsWakes

Argument = Any
"""What ctypes hands to a library; its types have no public names."""

# ---- many pieces of news, told as one


def test_a_burst_is_told_once_with_each_of_its_reasons(events: Events) -> None:
    gather = Gather(events, settle=0.1, spacing=0.2)
    for _ in range(20):
        gather("the network has changed")
    gather("the computer has woken")
    assert events.all == []
    events.wait(Woken("the network has changed; the computer has woken"))
    gather("the network has changed")
    events.wait(Woken("the network has changed"))
    assert len(events.all) == 2


def test_what_comes_later_is_told_later_and_never_dropped(events: Events) -> None:
    gather = Gather(events, settle=0.01, spacing=0.5)
    gather("one")
    events.wait(Woken("one"))
    told = time.monotonic()
    gather("two")
    events.wait(Woken("two"))
    assert time.monotonic() - told > 0.4


def test_it_has_no_timer_while_there_is_nothing_to_tell(events: Events) -> None:
    before = threading.active_count()
    gather = Gather(events, settle=0.01, spacing=0.5)
    assert threading.active_count() == before
    gather("one")
    events.wait(Woken("one"))
    wait_until(lambda: threading.active_count() == before)


def test_once_closed_nothing_is_told(events: Events) -> None:
    gather = Gather(events, settle=0.05)
    gather("one")
    before = threading.active_count()
    gather.close()
    wait_until(lambda: threading.active_count() < before, "the timer ends")
    gather("two")
    gather.close()
    assert threading.active_count() < before
    assert events.all == []


# ---- Windows


class Powrprof:
    """Calls back through the pointer it was given, as C does."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.callback: Callable[..., int] | None = None

    def PowerRegisterSuspendResumeNotification(self, flags: Argument, recipient: Argument, handle: Argument) -> int:  # noqa: N802
        assert flags.value == 2
        if not self.code:
            pointer = ctypes.cast(recipient, ctypes.POINTER(ctypes.c_void_p))[0]
            prototype = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p)
            self.callback = prototype(pointer)
            ctypes.cast(handle, ctypes.POINTER(ctypes.c_void_p))[0] = 7
        return self.code

    def PowerUnregisterSuspendResumeNotification(self, handle: Argument) -> int:  # noqa: N802
        assert handle.value == 7
        self.callback = None
        return 0


class Iphlpapi:
    """As ``Powrprof``."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.callback: Any = None

    def NotifyUnicastIpAddressChange(  # noqa: N802
        self, family: Argument, callback: Argument, context: object, at_once: Argument, handle: Argument
    ) -> int:
        assert (family.value, context, at_once.value) == (0, None, 0)
        if not self.code:
            self.callback = callback
            ctypes.cast(handle, ctypes.POINTER(ctypes.c_void_p))[0] = 8
        return self.code

    def CancelMibChangeNotify2(self, handle: Argument) -> int:  # noqa: N802
        assert handle.value == 8
        self.callback = None
        return 0


Windows = tuple[Powrprof, Iphlpapi]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    libraries: dict[str, Any] = {"powrprof": Powrprof(), "iphlpapi": Iphlpapi()}
    monkeypatch.setattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE, raising=False)
    monkeypatch.setattr(ctypes, "WinDLL", libraries.__getitem__, raising=False)
    return libraries["powrprof"], libraries["iphlpapi"]


def test_on_windows_waking_is_told_once(windows: Windows) -> None:
    news: list[str] = []
    wakes = WindowsWakes(news.append)
    power, _ = windows
    assert power.callback
    for kind in (0x04, 0x12, 0x07, 0x0A):  # falls asleep, wakes, the owner is there, the battery has changed
        assert power.callback(None, kind, None) == 0
    assert news == ["the computer has woken"]
    wakes.close()


def test_on_windows_addresses_that_come_or_go_are_told_and_prolonged_ones_are_not(windows: Windows) -> None:
    news: list[str] = []
    wakes = WindowsWakes(news.append)
    _, addresses = windows
    for kind in (1, 0, 0, 2):
        addresses.callback(None, None, kind)
    assert news == ["the network has changed"] * 2
    wakes.close()


def test_on_windows_closing_ends_both(windows: Windows) -> None:
    wakes = WindowsWakes(lambda _: None)
    wakes.close()
    wakes.close()
    assert [library.callback for library in windows] == [None, None]


def test_on_windows_what_cannot_be_heard_is_said_and_the_rest_is_heard(
    windows: Windows, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    power, addresses = windows
    power.code = 5
    wakes = WindowsWakes(lambda _: None)
    assert "Waking cannot be heard: Windows error 5." in caplog.text
    assert addresses.callback
    wakes.close()


# ---- macOS


class Notify:
    """The part of the C library that notifies: a descriptor that can be read when something was posted."""

    def __init__(self, status: int = 0) -> None:
        self.status = status
        self.cancelled: list[int] = []

    def notify_register_file_descriptor(self, name: bytes, descriptor: Argument, flags: int, token: Argument) -> int:
        assert (name, flags) == (b"com.apple.system.config.network_change", 0)
        if not self.status:
            self.reading, self.writing = os.pipe()
            ctypes.cast(descriptor, ctypes.POINTER(ctypes.c_int))[0] = self.reading
            ctypes.cast(token, ctypes.POINTER(ctypes.c_int))[0] = 3
        return self.status

    def notify_cancel(self, token: Argument) -> int:
        os.close(self.reading)
        os.close(self.writing)
        self.cancelled.append(token.value)
        return 0

    def post(self) -> None:
        os.write(self.writing, (3).to_bytes(4, "big"))


class Centre:
    """A notification centre."""

    def __init__(self) -> None:
        self.blocks: list[Callable[[object], None]] = []

    def addObserverForName_object_queue_usingBlock_(  # noqa: N802
        self, name: str, sender: object, queue: object, block: Callable[[object], None]
    ) -> Callable[[object], None]:
        assert (name, sender, queue) == ("woke", None, None)
        self.blocks.append(block)
        return block

    def removeObserver_(self, observer: Callable[[object], None]) -> None:  # noqa: N802
        self.blocks.remove(observer)


Mac = tuple[Notify, Centre]


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Mac:
    notify, centre = Notify(), Centre()
    workspace = types.SimpleNamespace(notificationCenter=lambda: centre)
    kit = types.ModuleType("AppKit")
    kit.NSWorkspace = types.SimpleNamespace(sharedWorkspace=lambda: workspace)  # type: ignore[attr-defined]
    kit.NSWorkspaceDidWakeNotification = "woke"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "AppKit", kit)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: notify)
    return notify, centre


def test_on_a_mac_waking_and_network_changes_are_told(mac: Mac) -> None:
    notify, centre = mac
    news: list[str] = []
    wakes = MacWakes(news.append)
    [woke] = centre.blocks
    woke(None)
    notify.post()
    wait_until(lambda: len(news) == 2)
    notify.post()
    wait_until(lambda: len(news) == 3)
    assert news == ["the computer has woken", "the network has changed", "the network has changed"]
    wakes.close()
    wait_until(lambda: notify.cancelled == [3])
    assert centre.blocks == []
    wakes.close()


def test_on_a_mac_what_cannot_be_heard_is_said_and_the_rest_is_heard(
    mac: Mac, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    notify, _ = mac
    notify.status = 1
    monkeypatch.setitem(sys.modules, "AppKit", None)
    wakes = MacWakes(lambda _: None)
    assert "Waking cannot be heard" in caplog.text
    assert "notify(3) says 1" in caplog.text
    wakes.close()
