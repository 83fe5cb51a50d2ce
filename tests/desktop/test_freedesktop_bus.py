import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.bus_fakes import NOTIFICATIONS, NotificationServer, Peer, session, wait_until
from desktop.conftest import BusDaemon
from trayapp.desktop.linux.bus import Bus, BusState
from trayapp.desktop.linux.connection import BusError, NoBus
from trayapp.desktop.linux.messages import DAEMON, Remote, Signal, wire_text

NAME = "org.example.Somebody"


@pytest.fixture
def peer(daemon: BusDaemon) -> Iterator[Peer]:
    peer = Peer(daemon.address)
    yield peer
    peer.close()


def seconds_of_closing(bus: Bus) -> float:
    start = time.monotonic()
    bus.thread.close()
    return time.monotonic() - start


def test_the_users_own_socket_is_found_when_the_variable_is_unset(
    daemon: BusDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(daemon.socket.parent))
    bus = session()
    assert bus.unique_name.startswith(":1.")
    bus.thread.close()


def test_a_socket_with_unusual_characters_in_its_path_is_found(
    daemon: BusDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "ärger, ~ 100%=x"
    odd.symlink_to(daemon.socket.parent)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(odd))
    session().thread.close()


def test_without_a_bus_a_sentence_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(NoBus, match="DBUS_SESSION_BUS_ADDRESS is not set and there is no"):
        session()


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", "autolaunch:", "unix:path=/tmp"])
def test_an_address_that_leads_nowhere_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    with pytest.raises(NoBus, match=address):
        session()


def test_a_bus_that_does_not_answer_is_given_up_in_time(daemon: BusDaemon) -> None:
    daemon.stop()
    start = time.monotonic()
    with pytest.raises(NoBus, match=r"does not answer within 0\.3 s"):
        session(0.3)
    assert time.monotonic() - start < 2


def test_it_knows_who_is_there(bus: Bus, peer: Peer) -> None:
    assert not bus.has_owner(NAME, 5)
    peer.own(NAME)
    assert bus.has_owner(NAME, 5)


def test_asking_a_stopped_bus_ends_in_time(bus: Bus, daemon: BusDaemon) -> None:
    daemon.stop()
    with pytest.raises(BusError, match="does not answer"):
        bus.has_owner(NAME, 0.2)


def test_a_lost_bus_is_told_also_to_who_asks_later(bus: Bus, daemon: BusDaemon) -> None:
    early: list[BusState] = []
    late: list[BusState] = []
    bus.follow(early.append)
    daemon.kill()
    wait_until(lambda: early)
    bus.follow(late.append)
    wait_until(lambda: late)
    assert early == late == [BusState.LOST]
    with pytest.raises(BusError, match="gone"):
        bus.has_owner(NAME, 5)
    daemon.start()


def test_closing_is_no_loss(bus: Bus) -> None:
    told: list[BusState] = []
    bus.follow(told.append)
    bus.thread.close()
    assert not bus.thread._thread.is_alive()
    assert told == []


def test_closing_is_quick(bus: Bus) -> None:
    assert seconds_of_closing(bus) < 0.3
    assert not bus.thread._thread.is_alive()


def test_closing_is_quick_when_the_bus_is_stopped_in_the_middle_of_calls(bus: Bus, daemon: BusDaemon) -> None:
    daemon.stop()

    async def ask() -> None:
        await bus.call(DAEMON, "GetId", patience=None)

    for _ in range(3):
        bus.thread.spawn(ask)
    assert seconds_of_closing(bus) < 0.3
    assert not bus.thread._thread.is_alive()


def test_closing_is_quick_after_the_bus_died(bus: Bus, daemon: BusDaemon) -> None:
    told: list[BusState] = []
    bus.follow(told.append)
    daemon.kill()
    wait_until(lambda: told)
    assert seconds_of_closing(bus) < 0.3


def test_closing_from_its_own_thread_does_not_wait_for_itself(bus: Bus) -> None:
    bus.thread.post(bus.thread.close)
    wait_until(lambda: not bus.thread._thread.is_alive(), "the thread ends")


def test_after_closing_nothing_runs_and_nothing_raises(bus: Bus) -> None:
    ran: list[int] = []

    async def work(number: int) -> None:
        ran.append(number)

    bus.thread.spawn(work, 1)
    wait_until(lambda: ran)
    bus.thread.close()
    bus.thread.close()
    bus.thread.post(ran.append, 2)
    bus.thread.spawn(work, 3)
    bus.follow(lambda _: ran.append(4))
    assert ran == [1]


def test_what_is_posted_runs_in_order_whoever_posts(bus: Bus) -> None:
    ran: list[int] = []
    for number in range(200):
        bus.thread.post(ran.append, number)
    wait_until(lambda: len(ran) == 200)
    assert ran == list(range(200))


def test_a_call_tells_what_the_other_side_refused(bus: Bus) -> None:
    errors: list[BusError] = []

    async def ask() -> None:
        try:
            await bus.call(Remote(NAME, "/", "org.example.I"), "Hello")
        except BusError as error:
            errors.append(error)

    bus.thread.spawn(ask)
    wait_until(lambda: errors)
    assert errors[0].name == "org.freedesktop.DBus.Error.ServiceUnknown"
    assert "org.example.Somebody refused Hello" in str(errors[0])


def test_a_call_that_nobody_answers_ends(bus: Bus, daemon: BusDaemon) -> None:
    server = NotificationServer(daemon.address)
    server.hold()
    errors: list[BusError] = []

    async def ask() -> None:
        try:
            await bus.call(
                Remote(NOTIFICATIONS, "/org/freedesktop/Notifications", NOTIFICATIONS),
                "GetCapabilities",
                patience=0.1,
            )
        except BusError as error:
            errors.append(error)

    bus.thread.spawn(ask)
    wait_until(lambda: errors)
    assert "does not answer GetCapabilities" in str(errors[0])
    server.close()


def test_an_owner_is_told_at_first_and_at_every_change(bus: Bus, daemon: BusDaemon, peer: Peer) -> None:
    owners: list[str] = []
    bus.thread.spawn(bus.watch_owner, NAME, owners.append)
    wait_until(lambda: owners)
    peer.own(NAME)
    wait_until(lambda: len(owners) == 2)
    peer.vanish()
    wait_until(lambda: len(owners) == 3)
    assert owners == ["", peer.connection.unique_name, ""]


def test_an_owner_that_comes_while_we_ask_is_not_missed(bus: Bus, peer: Peer) -> None:
    owners: list[list[str]] = [[] for _ in range(30)]
    for number, seen in enumerate(owners):
        bus.thread.spawn(bus.watch_owner, f"{NAME}{number}", seen.append)
        peer.own(f"{NAME}{number}")
    wait_until(lambda: all(seen and seen[-1] == peer.connection.unique_name for seen in owners))
    assert all(seen in ([peer.connection.unique_name], ["", peer.connection.unique_name]) for seen in owners)


def test_signals_name_their_true_sender_also_when_sent_to_us_alone(bus: Bus, peer: Peer) -> None:
    heard: list[Signal] = []
    remote = Remote(NAME, "/x", "org.example.I")
    subscribed = threading.Event()

    async def listen() -> None:
        await bus.subscribe(remote, heard.append)
        subscribed.set()

    bus.thread.spawn(listen)
    assert subscribed.wait(5)
    peer.do(peer.send_signal("/x", "org.example.I", "Fake", "s", "here", to=bus.unique_name))
    peer.do(peer.send_signal("/x", "org.example.I", "NotTheOwner", "s", "here"))
    peer.own(NAME)
    peer.do(peer.send_signal("/x", "org.example.I", "Real", "s", "here"))
    wait_until(lambda: len(heard) == 2)
    sender = peer.connection.unique_name or ""
    assert heard == [Signal(sender, "/x", "Fake", ["here"]), Signal(sender, "/x", "Real", ["here"])]


def test_a_failing_task_takes_nothing_else_down(bus: Bus, caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("just so")

    bus.thread.spawn(fail)
    wait_until(lambda: "just so" in caplog.text)
    assert not bus.has_owner(NAME, 5)


def test_text_that_the_bus_would_throw_us_out_for_is_made_fit() -> None:
    assert wire_text("a\0b\ud800c ü 💥") == "a\ufffdb?c ü 💥"


def test_nothing_wakes_the_thread_while_nothing_happens(bus: Bus) -> None:
    status = Path(f"/proc/{os.getpid()}/task/{bus.thread._thread.native_id}/status")

    def wake_ups() -> list[str]:
        return [line for line in status.read_text().splitlines() if line.startswith("voluntary")]

    bus.has_owner(NAME, 5)
    time.sleep(0.2)  # the answer is on its way through that thread's last lines
    before = wake_ups()
    time.sleep(1)
    assert wake_ups() == before


def test_a_bus_that_takes_no_more_for_a_while_is_waited_for_and_nothing_is_lost(daemon: BusDaemon, bus: Bus) -> None:
    told: list[BusState] = []
    bus.follow(told.append)
    daemon.stop()
    # More than the socket's buffers hold, in pieces that leave it full just behind a whole message sooner or later.
    for number in range(600):
        bus.thread.post(bus.send, DAEMON, "NameHasOwner", "s", "x" * (2000 + number))
    daemon.resume()
    assert bus.has_owner(DAEMON.name, 5)
    assert told == []
