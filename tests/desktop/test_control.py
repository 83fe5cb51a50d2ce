"""The control channel, between real sockets."""

import contextlib
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from trayapp.desktop import control
from trayapp.desktop.control import LARGEST_REQUEST, Channel, NoAnswer, NotRunning, ask

pytestmark = pytest.mark.skipif(os.name != "posix", reason="speaks to the Unix socket directly")


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "control")


@pytest.fixture
def running(address: str) -> Iterator[Channel]:
    with closing(Channel(address)) as channel:
        channel.serve(lambda request: {"echo": request})
        yield channel


def connect(channel: Channel) -> socket.socket:
    """Give a client of the plainest kind."""
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(10)
    link.connect(channel.address)
    return link


def framed(said: bytes) -> bytes:
    return len(said).to_bytes(4, "big") + said


def heard(link: socket.socket) -> object:
    with link.makefile("rb") as file:
        return json.loads(file.read(int.from_bytes(file.read(4), "big")))


# ---- clients that behave badly


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x80\x00\x00\x00",
        b"\x00\x00",
        b"",
        framed(b"x" * LARGEST_REQUEST + b"x"),
    ],
    ids=["http", "minus one", "negative", "cut header", "nothing", "too large"],
)
def test_a_client_that_speaks_garbage_is_hung_up_on(address: str, running: Channel, said: bytes) -> None:
    with connect(running) as link, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        link.sendall(said)
        link.shutdown(socket.SHUT_WR)
        # No answer, or that this was no request.
        answer = link.recv(4096)
        assert not answer or b"error" in answer
    assert ask(address, {"still": "there"}, 5) == {"echo": {"still": "there"}}


@pytest.mark.parametrize(
    "said",
    [b"", b"hello", b"[]", b"null", b'"quit"', b"\xff\xfe", b"[" * 60_000, b"\x80\x04\x95", b'{"a": '],
    ids=["empty", "text", "list", "null", "string", "no utf-8", "deep", "pickle", "cut"],
)
def test_what_is_no_json_object_is_answered_with_an_error(address: str, running: Channel, said: bytes) -> None:
    with connect(running) as link:
        link.sendall(framed(said))
        assert heard(link) == {"error": "a request is a JSON object"}
    assert ask(address, {}, 5) == {"echo": {}}


def test_silent_clients_hold_up_nobody_and_are_hung_up_on(
    address: str, running: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "CLIENT_SECONDS", 0.4)
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(connect(running)) for _ in range(3)]
        stopping_short = stack.enter_context(connect(running))
        stopping_short.sendall(framed(b'{"a": 1}')[:-2])
        started = time.monotonic()
        assert ask(address, {"quick": True}, 5) == {"echo": {"quick": True}}
        assert time.monotonic() - started < 0.3
        for link in (*silent, stopping_short):
            assert link.recv(1) == b""
        assert time.monotonic() - started < 2


def test_a_client_that_takes_no_answer_is_hung_up_on(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "CLIENT_SECONDS", 0.3)
    with closing(Channel(address)) as channel:
        channel.serve(lambda _: {"much": "x" * 3_000_000})
        with connect(channel) as link:
            link.sendall(framed(b"{}"))
            clients = channel._clients
            for _ in range(control._MOST_CLIENTS):
                assert clients.acquire(timeout=3), "a client is still being served"


def test_more_clients_than_there_are_places_are_turned_away_and_later_ones_served(
    address: str, running: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(control._MOST_CLIENTS):
            stack.enter_context(connect(running))
        with pytest.raises(NoAnswer):
            ask(address, {}, 5)
    deadline = time.monotonic() + 5
    while True:
        with contextlib.suppress(NoAnswer):
            assert ask(address, {}, 5) == {"echo": {}}
            return
        assert time.monotonic() < deadline


def test_a_call_by_another_user_is_refused_unheard(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells whose process is on the other side")
    heard_requests: list[dict[str, Any]] = []
    with closing(Channel(address)) as channel:
        channel.serve(lambda request: heard_requests.append(request) or {})  # type: ignore[func-returns-value]
        # The peers are real, and whom the kernel names is; it is we who take ourselves for another.
        own = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: own + 1)
        # It hangs up without reading, maybe before we have written.
        with connect(channel) as link, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            link.sendall(framed(b"{}"))
            assert link.recv(1) == b""
        with pytest.raises(NotRunning, match="another user"):
            ask(address, {}, 5)
        monkeypatch.undo()
    assert not heard_requests
    assert "refused a call by another user" in caplog.text


# ---- answering


def test_what_goes_wrong_in_answering_is_told_and_logged(address: str, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("the decider is gone")

    with closing(Channel(address)) as channel:
        channel.serve(fail)
        assert "error" in ask(address, {}, 5)
    assert "the decider is gone" in caplog.text


def test_an_answer_that_is_no_json_is_our_mistake_and_told_as_such(address: str) -> None:
    with closing(Channel(address)) as channel:
        channel.serve(lambda _: {"when": object()})
        assert "error" in ask(address, {}, 5)


def test_answers_may_be_large(address: str) -> None:
    with closing(Channel(address)) as channel:
        channel.serve(lambda _: {"much": "x" * 3_000_000})
        assert len(ask(address, {}, 5)["much"]) == 3_000_000


def test_an_answer_above_the_limit_is_an_error(address: str) -> None:
    with closing(Channel(address)) as channel:
        channel.serve(lambda _: {"much": "x" * 5_000_000})
        assert "error" in ask(address, {}, 5)


def test_a_request_above_the_limit_is_not_sent(address: str, running: Channel) -> None:
    with pytest.raises(ValueError, match="65536"):
        ask(address, {"much": "x" * LARGEST_REQUEST}, 5)


def test_many_ask_at_once_and_each_gets_its_own_answer(address: str, running: Channel) -> None:
    answers: dict[int, dict[str, Any]] = {}

    def question(number: int) -> None:
        answers[number] = ask(address, {"number": number}, 10)

    threads = [threading.Thread(target=question, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == {number: {"echo": {"number": number}} for number in range(24)}
