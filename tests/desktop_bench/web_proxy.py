"""A company's web proxy: it opens a way to one server, asks for a sign-in first, or is not there."""

import select
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from desktop_bench.proxy_handler import cut

_CHUNK = 65536
_LOOK_SECONDS = 0.5


class WebProxy:
    """Opens tunnels (HTTP ``CONNECT``), all to the same port of this computer, whatever host is named.

    Args:
        target: The port that tunnels lead to.

    Attributes:
        target: As given.
        port: Where it listens, or did before ``refuse``.
        asks_sign_in: Whether it answers 407 to everybody.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port, self.asks_sign_in = target, 0, False
        self._tunnels: set[socket.socket] = set()
        self._server: _Server | None = None
        self.accept()

    def __enter__(self) -> Self:
        """Serve until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self.refuse()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def accept(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = _Server(self, self.port)
            self.port = self._server.server_port
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def refuse(self) -> None:
        """Stop listening and cut all tunnels: whoever connects is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.cut()

    def ask_sign_in(self, *, wanted: bool) -> None:
        """Want a sign-in from everybody, or from nobody any more; all tunnels are cut."""
        self.asks_sign_in = wanted
        self.cut()

    def cut(self) -> None:
        """Cut all tunnels."""
        for client in list(self._tunnels):
            cut(client)

    def tunnel(self, client: socket.socket) -> None:
        """Carry bytes to and fro until one side is through."""
        self._tunnels.add(client)
        try:
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                _carry(client, server)
        finally:
            self._tunnels.discard(client)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, proxy: WebProxy, port: int) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_CONNECT(self) -> None:
        self.close_connection = True
        if self.server.proxy.asks_sign_in:
            self.send_response_only(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="company"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response_only(200)
        self.end_headers()
        with suppress(OSError):
            self.server.proxy.tunnel(self.connection)


def _carry(one: socket.socket, other: socket.socket) -> None:
    ways = {one: other, other: one}
    while True:
        ready, _, _ = select.select(list(ways), [], [], _LOOK_SECONDS)
        for source in ready:
            if not (chunk := source.recv(_CHUNK)):
                return
            ways[source].sendall(chunk)
