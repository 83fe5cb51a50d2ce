"""Servers that do one wrong thing each, as the real world does between a laptop and AWS."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

JSON = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "5f1e4c52-6f0d-4f5c-9c0e-0d8f3b6f2a11"}
"""The headers that every answer of SQS carries."""

HTML = {"Content-Type": "text/html"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        status: The status code.
        body: The body, as it goes over the line.
        headers: The headers, apart from ``Content-Length``.
        missing: How many more bytes the header promises than there are.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, as a server saw it."""

    line: str
    headers: Mapping[str, str]
    body: bytes


class AnsweringServer:
    """Answers every HTTP request alike; ``None`` hangs up instead.

    Args:
        answer: What it answers.
        tls: Its certificate, for one that speaks TLS.
    """

    def __init__(self, answer: Answer | None, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._server = _server(answer, self.requests)
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Serve until the block ends."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _server(answer: Answer | None, requests: list[Request]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # so that connections are kept open, as AWS keeps them
        disable_nagle_algorithm = True  # or headers and body would be 40 ms apart

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Keep quiet."""

        def _reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            requests.append(Request(self.requestline, dict(self.headers), body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            self.end_headers()
            self.wfile.write(answer.body)
            if answer.missing:
                self.close_connection = True

        do_GET = do_POST = do_CONNECT = _reply  # noqa: N815 - the names are http.server's

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet: clients that go away, or do not like our certificate, are what the tests are about."""

    return Server(("127.0.0.1", 0), Handler)


class SilentServer:
    """Takes connections, listens to what is said, and never answers; or begins to, and falls silent.

    Args:
        tls: Its certificate, for one that shakes hands before it falls silent.
        beginning: What it says before it falls silent.

    Attributes:
        heard: Released for every connection on which something was said.
        peers: The ports that connections came from, in turn.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, beginning: bytes = b"") -> None:
        self.heard = threading.Semaphore(0)
        self.peers: list[int] = []
        self._tls, self._beginning = tls, beginning
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._connections: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """Where it is on this machine."""
        return int(self._listener.getsockname()[1])

    @property
    def address(self) -> str:
        """Where it is, without a scheme."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Serve until the block ends."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accept(2) that close(2) would leave waiting
        self._listener.close()
        self._thread.join(5)
        for connection in self._connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            self.peers.append(peer[1])
            threading.Thread(target=self._listen, args=(connection,), daemon=True).start()

    def _listen(self, connection: socket.socket) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._connections.append(connection)
            if connection.recv(65536):
                self._say(connection)
        except OSError:
            connection.close()

    def _say(self, connection: socket.socket) -> None:
        connection.sendall(self._beginning)
        self.heard.release()


class DrippingServer(SilentServer):
    """Answers as AWS does, but so slowly that it will never be through: a byte every 20 ms, for ever.

    Args:
        in_headers: Drip in the midst of the headers already.
        tls: Its certificate, for one that speaks TLS.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, *, in_headers: bool = False) -> None:
        lines = ["HTTP/1.1 200 OK", *(f"{name}: {text}" for name, text in JSON.items())]
        end = "\r\nX-Drip: " if in_headers else "\r\nContent-Length: 100000\r\n\r\n"
        super().__init__(tls, "\r\n".join(lines).encode() + end.encode())

    def _say(self, connection: socket.socket) -> None:
        super()._say(connection)
        while True:
            connection.sendall(b" ")
            time.sleep(0.02)  # not a wait for anything: it is the fault


class ResettingServer(SilentServer):
    """Resets every connection as soon as something was said on it, after an answer where it is given one."""

    def _say(self, connection: socket.socket) -> None:
        connection.sendall(self._beginning)
        # Closing such a socket sends a reset: https://man7.org/linux/man-pages/man7/socket.7.html (SO_LINGER)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()


class HangingUpServer(SilentServer):
    """Listens to what is said and hangs up, without a word or in the midst of what it says."""

    def _say(self, connection: socket.socket) -> None:
        connection.sendall(self._beginning)
        connection.close()


class BlackHole:
    """Takes no connection: who connects is neither answered nor refused, as behind many a firewall."""

    def __init__(self) -> None:
        # Linux ignores who comes when as many wait as may (listen(2), tcp_abort_on_overflow).
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        self._waiting: list[socket.socket] = []

    @property
    def address(self) -> str:
        """Where it is, without a scheme."""
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        """Fill it up."""
        for _ in range(2):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(self._listener.getsockname())
            self._waiting.append(waiting)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        for waiting in self._waiting:
            waiting.close()
        self._listener.close()


def closed_port() -> str:
    """Give the address of a port at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{bound.getsockname()[1]}"
