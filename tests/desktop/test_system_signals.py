"""What logind and NetworkManager tell, over a real bus that stands in for the system's."""

from collections.abc import Iterator

import pytest

from desktop.bus_fakes import Peer, wait_until
from desktop.conftest import BusDaemon
from trayapp.desktop.linux.system_signals import SystemSignals
from trayapp.desktop.linux.thread import EventThread


class Services(Peer):
    """Sends what the two services send, as their documentation has it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.own("org.freedesktop.login1")
        self.own("org.freedesktop.NetworkManager")

    def sleep(self, *, starts: bool) -> None:
        self._logind("PrepareForSleep", "b", starts)

    def shut_down(self) -> None:
        self._logind("PrepareForShutdown", "b", False)

    def _logind(self, member: str, signature: str, *args: object) -> None:
        path, interface = "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
        self.do(self.send_signal(path, interface, member, signature, *args))

    def state(self, state: int) -> None:
        path, interface = "/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager"
        self.do(self.send_signal(path, interface, "StateChanged", "u", state))


@pytest.fixture
def thread(daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventThread]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", daemon.address)
    thread = EventThread()
    yield thread
    thread.close()


@pytest.fixture
def services(daemon: BusDaemon) -> Iterator[Services]:
    services = Services(daemon.address)
    yield services
    services.close()


@pytest.fixture
def heard(thread: EventThread, services: Services) -> list[str]:
    """Takes down what is told, once it is known that something would be."""
    heard: list[str] = []
    SystemSignals(thread, lambda: heard.append("woken"), lambda: heard.append("online"))

    def listens() -> bool:
        services.state(70)
        return bool(heard)

    wait_until(listens)
    services.sleep(starts=False)
    wait_until(lambda: heard[-1] == "woken")
    heard.clear()
    return heard


def test_waking_is_told_and_falling_asleep_is_not(heard: list[str], services: Services) -> None:
    services.sleep(starts=True)
    services.shut_down()
    services.sleep(starts=False)
    wait_until(lambda: heard)
    assert heard == ["woken"]


def test_only_the_internets_being_there_again_is_told_of_the_network(heard: list[str], services: Services) -> None:
    for state in (20, 40, 50, 60, 70):
        services.state(state)
    services.sleep(starts=False)
    wait_until(lambda: len(heard) == 2)
    assert heard == ["online", "woken"]


def test_the_systems_bus_may_start_anew(heard: list[str], services: Services, daemon: BusDaemon) -> None:
    daemon.kill()
    daemon.start()
    again = Services(daemon.address)

    def listens() -> bool:
        again.sleep(starts=False)
        return bool(heard)

    wait_until(listens)
    assert set(heard) == {"woken"}
    again.close()


def test_where_there_is_no_such_bus_it_says_so_and_goes_on(
    thread: EventThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    heard: list[str] = []
    SystemSignals(thread, lambda: heard.append("woken"), lambda: heard.append("online"))
    wait_until(lambda: "Nobody tells when the computer wakes: The system bus at" in caplog.text)
    assert heard == []


def test_nobody_is_started_or_asked(heard: list[str], daemon: BusDaemon) -> None:
    # A service would see a connection that has asked it for something; the bus alone has been asked for its signals.
    other = Peer(daemon.address)
    bus = "org.freedesktop.DBus"
    names = other.call(bus, "/org/freedesktop/DBus", bus, "ListNames").body[0]
    assert len([name for name in names if name.startswith(":")]) == 3  # ours, the services', and the one that asks
    other.close()
