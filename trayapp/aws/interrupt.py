"""Ending a request that waits in another thread.

Closing a botocore client, or its pools, does not wake a thread that is blocked in a read. Shutting the socket down
does, and at once; but once TLS wraps the socket, urllib3 no longer holds it. So every connection keeps a duplicate of
its socket's descriptor from the moment of its making, and that is what gets shut down.
"""

import contextlib
import socket
import threading
import weakref
from typing import Any, Self

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.httpsession import URLLib3Session

from trayapp.aws.connection import Tracked
from trayapp.aws.dialing import Found, Left, LookUp


class Interrupter:
    """Ends whatever goes over one HTTP session, from any thread. Make it before the session's first request.

    Args:
        session: botocore's.

    Attributes:
        interrupted: Whether it has; there is no way back.
    """

    def __init__(self, session: URLLib3Session) -> None:
        self._lock = threading.Lock()
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self._look_ups: set[LookUp] = set()
        self.interrupted = False
        pools = {
            "http": self._pool(AWSHTTPConnectionPool, AWSHTTPConnection),
            "https": self._pool(AWSHTTPSConnectionPool, AWSHTTPSConnection),
        }
        reach: Any = session  # there is no public way; tests hold the behaviour
        reach._pool_classes_by_scheme = pools  # noqa: SLF001 - proxy managers, made later, copy this one
        reach._manager.pool_classes_by_scheme = pools  # noqa: SLF001 - same

    @classmethod
    def of(cls, client: Any) -> Self:  # noqa: ANN401 - each service's client has a type of its own
        """Make one for whatever a client has under way, before the client's first request."""
        interrupter = cls(client._endpoint.http_session)  # noqa: SLF001 - as above
        service = client.meta.service_model.service_id.hyphenize()
        client.meta.events.register_first(f"needs-retry.{service}", interrupter._keep_from_retrying)
        return interrupter

    def interrupt(self) -> None:
        """End what is under way, and every request made later. The exception that comes of it varies."""
        with self._lock:
            self.interrupted = True
            sockets, look_ups = list(self._sockets), list(self._look_ups)
        for look_up in look_ups:
            look_up.leave()
        for duplicate in sockets:
            with contextlib.suppress(OSError):
                duplicate.shutdown(socket.SHUT_RDWR)

    # ---- what the connections ask for

    def look_up(self, look_up: LookUp) -> list[Found]:
        """Wait for a look-up, as long as nobody interrupts.

        Raises:
            OSError: Somebody did.
            socket.gaierror: The name has no address, or nobody could be asked.
        """
        with self._lock:
            self._look_ups.add(look_up)
            if self.interrupted:
                look_up.leave()
        try:
            return look_up.wait()
        except Left:
            raise OSError("interrupted") from None
        finally:
            with self._lock:
                self._look_ups.discard(look_up)

    def keep(self, sock: socket.socket) -> socket.socket:
        """Give a duplicate of a socket, which is shut down when somebody interrupts."""
        duplicate = sock.dup()
        with self._lock:
            self._sockets.add(duplicate)
        return duplicate

    def go_on(self) -> None:
        """Make sure that nobody has interrupted.

        Raises:
            OSError: Somebody has.
        """
        if self.interrupted:
            raise OSError("interrupted")

    # ---- what botocore is given

    def _keep_from_retrying(self, **_: object) -> bool | None:
        # The first handler with an opinion decides, and botocore's own would have it wait and try again.
        return False if self.interrupted else None

    def _pool(self, pool: type[Any], connection: type[Any]) -> type[Any]:
        tracked = type(connection.__name__, (Tracked, connection), {"keeper": self})
        return type(pool.__name__, (pool,), {"ConnectionCls": tracked})
