"""From a name to a socket: look-ups that can be left, and connections that notice when the other side is gone."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from aws.servers import closed_port
from desktop_bench.waiting import wait_until
from trayapp.aws import dialing
from trayapp.aws.dialing import MOST_LOOK_UPS, Found, Left, LookUp, connected


def address_of(port: int) -> Found:
    return socket.AF_INET, socket.SOCK_STREAM, 0, ("127.0.0.1", port)


def nobody(_: socket.socket) -> None:
    """Keep nothing."""


@contextmanager
def hanging_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no look-up come back until the block ends."""
    answer = threading.Event()

    def hang(*_: object) -> None:
        assert answer.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answers")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    try:
        yield
    finally:
        answer.set()
        wait_until(lambda: look_ups() == 0, 5, "the look-ups to be gone")


def look_ups() -> int:
    return sum(thread.name.startswith("look-up-") for thread in threading.enumerate())


def test_an_address_is_its_own_look_up() -> None:
    assert LookUp("127.0.0.1", 443).wait()[0][3] == ("127.0.0.1", 443)


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..example"])
def test_what_cannot_be_a_name_is_not_found(name: str) -> None:
    with pytest.raises(socket.gaierror):
        LookUp(name, 443).wait()


def test_a_look_up_that_was_left_before_it_began_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    with hanging_names(monkeypatch):
        look_up = LookUp("sqs.example", 443)
        look_up.leave()
        with pytest.raises(Left):
            look_up.wait()


def test_look_ups_that_hang_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with hanging_names(monkeypatch):
        for _ in range(MOST_LOOK_UPS):
            look_up = LookUp("sqs.example", 443)
            look_up.leave()
            with pytest.raises(Left):
                look_up.wait()
        with pytest.raises(socket.gaierror, match="too many"):
            LookUp("sqs.example", 443).wait()
        assert look_ups() == MOST_LOOK_UPS
    monkeypatch.undo()
    assert LookUp("127.0.0.1", 443).wait()


def test_the_next_address_is_tried_when_one_refuses() -> None:
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = int(closed_port().rpartition(":")[2])
        found = [address_of(closed), address_of(listener.getsockname()[1])]
        with connected(found, 5, [], kept.append) as sock:
            assert sock.getpeername() == listener.getsockname()
    assert len(kept) == 2
    assert all(sock.fileno() == -1 for sock in kept)


def test_the_last_refusal_is_told_when_all_refuse() -> None:
    closed = int(closed_port().rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        connected([address_of(closed)], 5, [], nobody)
    with pytest.raises(OSError, match="no address"):
        connected([], 5, [], nobody)


def test_the_system_looks_whether_the_other_side_is_still_there() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        connected([address_of(listener.getsockname()[1])], 5, [], nobody) as sock,
    ):
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if sys.platform == "linux":
            options = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
            assert [sock.getsockopt(socket.IPPROTO_TCP, option) for option in options] == [10, 3, 3, 15_000]


def test_a_system_that_does_not_know_an_option_is_done_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "TCP_KEEPCNT", 9999)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        connected([address_of(listener.getsockname()[1])], 5, [], nobody) as sock,
    ):
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)


def test_what_is_not_to_be_kept_is_not_connected() -> None:
    def refuse(_: socket.socket) -> None:
        raise OSError("interrupted")

    with pytest.raises(OSError, match="interrupted"):
        connected([address_of(1), address_of(2)], 5, [], refuse)


def test_the_look_ups_of_these_tests_are_all_back() -> None:
    assert [dialing._look_ups.acquire(blocking=False) for _ in range(MOST_LOOK_UPS)] == [True] * MOST_LOOK_UPS
    for _ in range(MOST_LOOK_UPS):
        dialing._look_ups.release()
