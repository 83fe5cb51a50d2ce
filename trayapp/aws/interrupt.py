"""Ending a request that waits in another thread.

Closing a botocore client, or its pools, does not wake a thread that is blocked in a read. Shutting the socket down
does, and at once; but once TLS wraps the socket, urllib3 no longer holds it. So every connection keeps a duplicate of
its socket's descriptor from the moment of its making, and that is what gets shut down.
"""

import contextlib
import socket
import threading
import weakref
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)


class Interrupter:
    """Ends whatever one client has under way, from any thread. Make it before the client's first request."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - each service's client has a type of its own
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.interrupted = False
        pools = {
            "http": _pool(AWSHTTPConnectionPool, self._tracked(AWSHTTPConnection)),
            "https": _pool(AWSHTTPSConnectionPool, self._tracked(AWSHTTPSConnection)),
        }
        http_session = client._endpoint.http_session  # noqa: SLF001 - there is no public way; a test holds the behaviour
        http_session._pool_classes_by_scheme = pools  # noqa: SLF001 - proxy managers, made later, copy this one
        http_session._manager.pool_classes_by_scheme = pools  # noqa: SLF001 - same
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{service}", self._keep_from_retrying)

    def interrupt(self) -> None:
        """End what is under way, and every request made later. The exception that comes of it varies."""
        with self._lock:
            self.interrupted = True
            sockets = list(self._sockets)
        for duplicate in sockets:
            with contextlib.suppress(OSError):
                duplicate.shutdown(socket.SHUT_RDWR)

    def _keep_from_retrying(self, **_: object) -> bool | None:
        # The first handler with an opinion decides, and botocore's own would have it wait and try again.
        return False if self.interrupted else None

    def _keep(self, sock: socket.socket) -> socket.socket:
        duplicate = sock.dup()
        with self._lock:
            self._sockets.add(duplicate)
            interrupted = self.interrupted
        if interrupted:  # it came between the request's start and this line
            duplicate.close()
            sock.close()
            raise OSError("interrupted")
        return duplicate

    def _tracked(self, base: type[Any]) -> type[Any]:
        interrupter = self

        class Tracked(base):  # type: ignore[misc]  # the base is one of two classes of botocore's
            _duplicate: socket.socket | None = None
            _answering = False

            def _new_conn(self) -> socket.socket:
                # Called before TLS and before a proxy's CONNECT, so those can be interrupted as well.
                self._let_go()
                sock: socket.socket = super()._new_conn()
                self._duplicate = interrupter._keep(sock)
                return sock

            def getresponse(self) -> Any:  # noqa: ANN401 - urllib3's response
                self._answering = True
                try:
                    return super().getresponse()
                finally:
                    self._answering = False

            def close(self) -> None:
                super().close()
                # After the headers of a last answer, http.client closes here and leaves the socket to the response,
                # whose body may yet be waited for; urllib3 closes once more when that is through.
                if not self._answering:
                    self._let_go()

            def _let_go(self) -> None:
                if self._duplicate is not None:
                    self._duplicate.close()
                    self._duplicate = None

        return Tracked


def _pool(base: type[Any], connection: type[Any]) -> type[Any]:
    return type(base.__name__, (base,), {"ConnectionCls": connection})
