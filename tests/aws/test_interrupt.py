"""A request that waits can be ended from another thread, at once, wherever it waits."""

import gc
import random
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from aws.certificates import self_signed
from aws.servers import Answer, AnsweringServer, BlackHole, ResettingServer, SilentServer
from desktop_bench.waiting import wait_until
from trayapp.aws.failures import AwsFailure
from trayapp.aws.queue import Interrupted, Message, SqsQueue
from trayapp.aws.session import Endpoint

AT_ONCE = 0.1
"""Seconds within which an interruption must have ended the request."""

A_MISS = 1.0
"""Seconds: more than a busy machine costs, and less than a missed interruption, which costs a whole time-out."""

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"

MakeEndpoint = Callable[[str], Endpoint]


class Waiting:
    """A request under way in a thread of its own."""

    def __init__(self, queue: SqsQueue, call: Callable[[], object] | None = None) -> None:
        self._queue, self._call = queue, call or queue.receive
        self.outcome: object = None
        self._ended = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> float:
        """Close the queue and give the seconds until the request had ended."""
        begin = time.perf_counter()
        self._queue.close()
        self._thread.join(10)
        assert not self._thread.is_alive()
        return max(0.0, self._ended - begin)

    def _run(self) -> None:
        try:
            self.outcome = self._call()
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is the outcome
            self.outcome = problem
        self._ended = time.perf_counter()


def ends_at_once(queue: SqsQueue, server: SilentServer) -> None:
    waiting = Waiting(queue)
    assert server.heard.acquire(timeout=10)
    assert waiting.close() < AT_ONCE
    assert isinstance(waiting.outcome, Interrupted)


def test_a_poll_that_is_not_answered_ends_at_once(endpoint_at: MakeEndpoint) -> None:
    with SilentServer() as server:
        ends_at_once(SqsQueue(endpoint_at(f"http://{server.address}"), QUEUE_URL), server)


def test_a_poll_that_is_not_answered_over_tls_ends_at_once(
    endpoint_at: MakeEndpoint, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = self_signed(bundle)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with SilentServer(tls) as server:
        ends_at_once(SqsQueue(endpoint_at(f"https://{server.address}"), QUEUE_URL), server)


def test_a_tls_handshake_that_is_not_answered_ends_at_once(endpoint_at: MakeEndpoint) -> None:
    with SilentServer() as server:
        ends_at_once(SqsQueue(endpoint_at(f"https://{server.address}"), QUEUE_URL), server)


def test_a_proxy_that_does_not_answer_connect_is_left_at_once(
    endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SilentServer() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        ends_at_once(SqsQueue(endpoint_at(""), QUEUE_URL), proxy)


def test_tls_inside_a_proxys_tunnel_ends_at_once(endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    with SilentServer(beginning=b"HTTP/1.1 200 Connection established\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        ends_at_once(SqsQueue(endpoint_at(""), QUEUE_URL), proxy)


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_an_answer_that_stops_halfway_is_left_at_once(endpoint_at: MakeEndpoint, connection: str) -> None:
    beginning = f"HTTP/1.1 200 OK\r\nConnection: {connection}\r\nContent-Length: 99\r\n\r\n{{".encode()
    with SilentServer(beginning=beginning) as server:
        ends_at_once(SqsQueue(endpoint_at(f"http://{server.address}"), QUEUE_URL), server)


@pytest.mark.parametrize("over_tls", [False, True])
def test_an_interruption_is_never_missed_however_early_it_comes(
    endpoint_at: MakeEndpoint, bundle: Path, monkeypatch: pytest.MonkeyPatch, *, over_tls: bool
) -> None:
    tls = self_signed(bundle) if over_tls else None
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with SilentServer(tls) as server:
        scheme = "https" if over_tls else "http"
        for turn in range(50):
            waiting = Waiting(SqsQueue(endpoint_at(f"{scheme}://{server.address}"), QUEUE_URL))
            # Not a wait for anything: the moment at which the interruption strikes is what is tried out.
            time.sleep(random.uniform(0, 0.03))
            assert waiting.close() < A_MISS, f"turn {turn}"
            assert isinstance(waiting.outcome, Interrupted), f"turn {turn}"
        del waiting
        # What was left to the garbage would be an error here: a ResourceWarning that nobody can catch.
        gc.collect()


def test_a_connection_that_is_reset_before_its_handshake_leaves_no_socket_to_the_garbage(
    endpoint_at: MakeEndpoint, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., ssl.SSLSocket] = ssl.SSLContext.wrap_socket

    def wrap_after_the_reset(context: ssl.SSLContext, sock: socket.socket, **options: object) -> ssl.SSLSocket:
        poll = select.poll()
        poll.register(sock, 0)  # hang-up and error are always told
        assert poll.poll(5000)
        return real(context, sock, **options)

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap_after_the_reset)
    process = psutil.Process()
    with ResettingServer(beginning=b"HTTP/1.1 200 Connection established\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        queue = SqsQueue(endpoint_at(""), QUEUE_URL)
        before = process.num_fds()
        for _ in range(20):
            with pytest.raises(AwsFailure):
                queue.receive()
        wait_until(lambda: process.num_fds() <= before, 5, "the connections to be gone")
        gc.collect()


def test_a_name_that_is_being_looked_up_is_left_at_once(
    endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = threading.Event(), threading.Event()

    def hang(*_: object) -> None:
        asked.set()
        assert answer.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answers")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    waiting = Waiting(SqsQueue(endpoint_at("https://sqs.example"), QUEUE_URL))
    assert asked.wait(10)
    assert waiting.close() < AT_ONCE
    assert isinstance(waiting.outcome, Interrupted)
    answer.set()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a connection that is being made ends by its time-out")
def test_a_connection_that_is_being_made_is_left_at_once(endpoint_at: MakeEndpoint) -> None:
    with BlackHole() as hole:
        before = connecting_to(hole.address)
        waiting = Waiting(SqsQueue(endpoint_at(f"http://{hole.address}"), QUEUE_URL))
        wait_until(lambda: connecting_to(hole.address) > before, 5, "it to connect")
        assert waiting.close() < AT_ONCE
        assert isinstance(waiting.outcome, Interrupted)


def connecting_to(address: str) -> int:
    host, port = address.split(":")
    mine = psutil.Process().net_connections("tcp4")
    return len([one for one in mine if one.status == psutil.CONN_SYN_SENT and one.raddr == (host, int(port))])


def test_an_interruption_before_the_request_keeps_it_from_being_sent(endpoint_at: MakeEndpoint) -> None:
    with AnsweringServer(Answer()) as server:
        queue = SqsQueue(endpoint_at(server.url), QUEUE_URL)
        queue.close()
        with pytest.raises(Interrupted):
            queue.receive()
        with pytest.raises(Interrupted):
            queue.delete([Message("id", "receipt", "body")])
        assert server.requests == []


def test_a_connection_kept_open_is_not_used_again_after_an_interruption(endpoint_at: MakeEndpoint) -> None:
    with AnsweringServer(Answer()) as server:
        queue = SqsQueue(endpoint_at(server.url), QUEUE_URL)
        assert queue.receive() == []
        queue.close()
        with pytest.raises(Interrupted):
            queue.receive()
        assert len(server.requests) == 1


def test_a_delete_that_waits_ends_too_and_is_not_tried_again(endpoint_at: MakeEndpoint) -> None:
    with SilentServer() as server:
        queue = SqsQueue(endpoint_at(f"http://{server.address}"), QUEUE_URL)
        waiting = Waiting(queue, lambda: queue.delete([Message("id", "receipt", "body")]))
        assert server.heard.acquire(timeout=10)
        assert waiting.close() < AT_ONCE
        assert isinstance(waiting.outcome, Interrupted)
        # Connections are accepted in turn, so a second try would be counted before this one.
        with socket.create_connection(("127.0.0.1", server.port)) as last:
            wait_until(lambda: last.getsockname()[1] in server.peers, 5, "this connection")
        assert len(server.peers) == 2


def test_two_hundred_connections_leave_no_descriptor_behind(endpoint_at: MakeEndpoint) -> None:
    process = psutil.Process()
    with AnsweringServer(Answer(headers={**dict(Answer().headers), "Connection": "close"})) as server:
        queue = SqsQueue(endpoint_at(server.url), QUEUE_URL)
        queue.receive()
        before = process.num_fds()
        for _ in range(200):
            queue.receive()
        wait_until(lambda: process.num_fds() <= before, 5, "the connections to be gone")


def test_queues_that_are_let_go_leave_no_descriptor_behind(endpoint_at: MakeEndpoint) -> None:
    process = psutil.Process()
    with AnsweringServer(Answer()) as server:
        SqsQueue(endpoint_at(server.url), QUEUE_URL).receive()
        gc.collect()
        before = process.num_fds()
        for _ in range(20):
            SqsQueue(endpoint_at(server.url), QUEUE_URL).receive()
        gc.collect()
        wait_until(lambda: process.num_fds() <= before, 5, "the connections to be gone")


def test_refused_connections_leave_no_descriptor_behind(endpoint_at: MakeEndpoint, bundle: Path) -> None:
    process = psutil.Process()
    with AnsweringServer(Answer(), self_signed(bundle)) as untrusted:
        queue = SqsQueue(endpoint_at(untrusted.url), QUEUE_URL)
        before = process.num_fds()
        for _ in range(20):
            with pytest.raises(Exception, match="certificate"):
                queue.receive()
        wait_until(lambda: process.num_fds() <= before, 5, "the connections to be gone")


def test_the_servers_of_these_tests_do_hold_a_plain_socket_up() -> None:
    with SilentServer() as server, socket.create_connection(("127.0.0.1", server.port)) as plain:
        plain.sendall(b"anybody there?")
        assert server.heard.acquire(timeout=10)
        plain.settimeout(0.2)
        with pytest.raises(TimeoutError):
            plain.recv(1)
