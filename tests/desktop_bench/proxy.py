"""Stands between clients and an emulated AWS, as the network does, and can be as bad as one.

It also takes the long polls upon itself. An emulator goes on polling for a client that has hung up, and hands it the
next message, which is then in flight for nobody; here a poll ends with its connection, and takes nothing along.
"""

import http.client
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import ThreadingHTTPServer

from desktop_bench.fault_book import FaultBook
from desktop_bench.faults import Answer, Fault
from desktop_bench.proxy_handler import HOP_HEADERS, ProxyHandler, cut, is_gone

_UPSTREAM_TIMEOUT_S = 60
_LOOK_AGAIN_S = 0.25
"""A waiting poll is woken by what passes through here; this often it looks for what comes back by itself, such as a
message whose visibility timeout has ended."""


class FaultProxy:
    """An HTTP server on a port of its own, forwarding to ``upstream``.

    Args:
        upstream: ``host:port`` of the emulator.
        tls: Its certificate, for one that speaks TLS.
        look_again: Seconds between looks at a queue that nobody rang the bell for.

    Attributes:
        upstream: As given.
        tls: As given, or as presented since.
        look_again: As given.
        port: Where it listens, or did before ``refuse``.
        book: The faults to come and the requests that came.
    """

    def __init__(self, upstream: str, tls: ssl.SSLContext | None = None, look_again: float = _LOOK_AGAIN_S) -> None:
        self.upstream, self.tls, self.look_again = upstream, tls, look_again
        self.book = FaultBook()
        self._lock = threading.Lock()
        self._cleared = threading.Event()
        self._waiting: set[socket.socket] = set()
        self._connections: set[socket.socket] = set()
        self._server: ProxyServer | None = None
        self.port = 0
        self.accept()

    # ---- the network

    def accept(self) -> None:
        """Listen, on the same port as before."""
        if self._server is None:
            self._server = ProxyServer(self, self.port)
            self.port = self._server.server_port
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def refuse(self) -> None:
        """Stop listening and cut all connections: whoever connects is refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
        self.cut()

    def present(self, tls: ssl.SSLContext | None) -> None:
        """Show another certificate from now on, or speak no TLS at all; all connections are cut."""
        self.tls = tls
        self.cut()

    def cut(self) -> None:
        """Cut all connections; whoever connects anew is served."""
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            cut(connection)

    # ---- faults

    def inject(self, fault: Fault, action: str = "", times: int = 1, delay: float = 0.0) -> None:
        """Let something go wrong, also for a poll that is already waiting; see ``FaultBook.inject``."""
        self.book.inject(fault, action, times, delay)
        self.wake()

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

    def wake(self) -> None:
        """Let all waiting polls look at their queues."""
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
            kept = tuple((name, text) for name, text in response.getheaders() if name.lower() not in HOP_HEADERS)
            answer = Answer(response.status, kept, response.read())
        finally:
            connection.close()
        if not headers.get("X-Amz-Target", "").endswith(".ReceiveMessage"):
            self.wake()
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

    def hang(self, client: socket.socket, seconds: float | None, *, outlasting: bool = False) -> bool:
        """Wait for some time, for ever with ``None``; tells whether the client is still there and nothing cleared.

        Args:
            client: Who waits.
            seconds: How long.
            outlasting: Go on waiting when faults are cleared.
        """
        cleared = threading.Event() if outlasting else self._cleared
        end = time.monotonic() + seconds if seconds is not None else None
        while end is None or time.monotonic() < end:
            if is_gone(client) or cleared.wait(0.02):
                return False
        return True


class ProxyServer(ThreadingHTTPServer):
    """Listens for a proxy.

    Args:
        proxy: Whose clients come.
        port: Where; 0 for any.
    """

    daemon_threads = True
    # What is cut must not be waited for.
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, proxy: "FaultProxy", port: int) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", port), ProxyHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet of clients that went away, or did not like our certificate: that is what proxies see."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants more than is used
