"""Stands between clients and an emulated AWS, as the network does, and can be as bad as one.

It also takes the long polls upon itself. An emulator goes on polling for a client that has hung up, and hands it the
next message, which is then in flight for nobody; here a poll ends with its connection, and takes nothing along.
"""

import http.client
import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from desktop_bench.fault_book import FaultBook
from desktop_bench.faults import Answer, Fault, answer_for

_UPSTREAM_TIMEOUT_S = 60
_LOOK_AGAIN_S = 0.25
"""A waiting poll is woken by what passes through here; this often it looks for what comes back by itself, such as a
message whose visibility timeout has ended."""

_HOP_HEADERS = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive", "accept-encoding"})


class FaultProxy:
    """An HTTP server on a port of its own, forwarding to ``upstream``.

    Args:
        upstream: ``host:port`` of the emulator.

    Attributes:
        upstream: As given.
        port: Where it listens, or did before ``refuse``.
        book: The faults to come and the requests that came.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = upstream
        self.book = FaultBook()
        self._lock = threading.Lock()
        self._cleared = threading.Event()
        self._waiting: set[socket.socket] = set()
        self._connections: set[socket.socket] = set()
        self._server: _Server | None = None
        self.port = 0
        self.accept()

    # ---- the network

    def accept(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = _Server(self, self.port)
            self.port = self._server.server_port
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def refuse(self) -> None:
        """Stop listening and cut all connections: whoever connects is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _cut(connection)

    # ---- faults

    def inject(self, fault: Fault, action: str = "", times: int = 1, delay: float = 0.0) -> None:
        """Let something go wrong, also for a poll that is already waiting; see ``FaultBook.inject``."""
        self.book.inject(fault, action, times, delay)
        self._wake()

    def clear(self) -> None:
        """Forget all faults and let go of what hangs."""
        self.book.clear()
        self._cleared.set()
        self._cleared = threading.Event()

    # ---- what happens

    @property
    def polls_waiting(self) -> int:
        """How many clients wait in a long poll at this moment."""
        with self._lock:
            return len(self._waiting)

    # ---- waking

    def _wake(self) -> None:
        with self._lock:
            for bell in self._waiting:
                # A bell that is already ringing takes no more, and need not.
                with suppress(BlockingIOError):
                    bell.send(b"!")

    @contextmanager
    def waiting(self) -> Iterator[socket.socket]:
        """Count as a waiting poll; gives a socket that becomes readable when something may have changed."""
        listener, bell = socket.socketpair()
        bell.setblocking(False)
        with listener, bell:
            with self._lock:
                self._waiting.add(bell)
            try:
                yield listener
            finally:
                with self._lock:
                    self._waiting.discard(bell)

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """Let the emulator execute a request."""
        connection = http.client.HTTPConnection(self.upstream, timeout=_UPSTREAM_TIMEOUT_S)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            kept = tuple((name, text) for name, text in response.getheaders() if name.lower() not in _HOP_HEADERS)
            answer = Answer(response.status, kept, response.read())
        finally:
            connection.close()
        if not headers.get("X-Amz-Target", "").endswith(".ReceiveMessage"):
            self._wake()
        return answer

    @contextmanager
    def connection(self, client: socket.socket) -> Iterator[None]:
        """Count a client's connection as one that ``refuse`` cuts."""
        with self._lock:
            self._connections.add(client)
        try:
            yield
        finally:
            with self._lock:
                self._connections.discard(client)

    def hang(self, client: socket.socket, seconds: float | None) -> bool:
        """Wait for some time, for ever with ``None``; tells whether the client is still there and nothing cleared."""
        cleared = self._cleared
        end = time.monotonic() + seconds if seconds is not None else None
        while end is None or time.monotonic() < end:
            if is_gone(client) or cleared.wait(0.02):
                return False
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # What is cut must not be waited for.
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, proxy: FaultProxy, port: int) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests are on record."""

    def handle(self) -> None:
        with self.server.proxy.connection(self.connection), suppress(OSError):
            super().handle()

    def do_POST(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        action = self._action(body)
        if struck := proxy.book.take(action):
            self._strike(*struck, action, body)
            return
        proxy.book.note(action, None)
        wait = _wait_seconds(action, body)
        if wait:
            self._poll(action, body, wait)
        else:
            self._answer(self._forward(body))

    do_GET = do_POST  # noqa: N815 - the names that the base class looks for

    # ---- good weather

    def _poll(self, action: str, body: bytes, wait: float) -> None:
        proxy = self.server.proxy
        question = json.dumps({**json.loads(body), "WaitTimeSeconds": 0}).encode()
        end = time.monotonic() + wait
        with proxy.waiting() as bell:
            while True:
                if struck := proxy.book.take(action):
                    self._strike(*struck, action, body)
                    return
                answer = self._forward(question)
                left = end - time.monotonic()
                if answer.status != http.client.OK or b'"Messages"' in answer.body or left <= 0:
                    break
                ready, _, _ = select.select([bell, self.connection], [], [], min(left, _LOOK_AGAIN_S))
                if bell in ready:
                    bell.recv(4096)
                if self.connection in ready and is_gone(self.connection):
                    self.close_connection = True
                    return
        if is_gone(self.connection):
            self._put_back(question, answer)
            self.close_connection = True
            return
        self._answer(answer)

    def _put_back(self, question: bytes, answer: Answer) -> None:
        """Make messages visible again that were taken for a client that is gone."""
        queue = json.loads(question)["QueueUrl"]
        for message in json.loads(answer.body).get("Messages", []) if answer.status == http.client.OK else []:
            change = {"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
            self._forward(json.dumps(change).encode(), {"X-Amz-Target": "AmazonSQS.ChangeMessageVisibility"})

    def _forward(self, body: bytes, other: dict[str, str] | None = None) -> Answer:
        headers = {name: text for name, text in self.headers.items() if name.lower() not in _HOP_HEADERS}
        return self.server.proxy.forward(self.command, self.path, {**headers, **(other or {})}, body)

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, text in answer.headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    # ---- bad weather

    def _strike(self, fault: Fault, delay: float, action: str, body: bytes) -> None:
        proxy = self.server.proxy
        proxy.book.note(action, fault)
        answer = answer_for(fault, speaks_json="json" in self.headers.get("Content-Type", ""))
        there = proxy.hang(self.connection, delay)
        if there and answer is not None:
            self._answer(answer)
            return
        if there and fault is Fault.LOSE_REPLY:
            self._forward(body)
        elif there and fault is Fault.HANG:
            proxy.hang(self.connection, None)
        self.close_connection = True
        _cut(self.connection)

    def _action(self, body: bytes) -> str:
        if target := self.headers.get("X-Amz-Target"):
            return target.rpartition(".")[2]
        if "urlencoded" in self.headers.get("Content-Type", ""):
            return parse_qs(body.decode("ascii", "replace")).get("Action", [""])[0]
        return ""


def is_gone(client: socket.socket) -> bool:
    """Tell whether a client has closed its end."""
    if not select.select([client], [], [], 0)[0]:
        return False
    try:
        return client.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _cut(connection: socket.socket) -> None:
    # The client may have been quicker.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _wait_seconds(action: str, body: bytes) -> float:
    return float(json.loads(body).get("WaitTimeSeconds", 0)) if action == "ReceiveMessage" else 0.0
