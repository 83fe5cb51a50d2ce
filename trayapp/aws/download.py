"""Getting one small public file: no redirects, not a byte too many, and never longer than allowed.

Nothing secret is sent and no key is used. The way out of the network is that of every other request of ours: the
proxy variables and the CA bundle (``trayapp.aws.session``).
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
    AWSRequest,
)
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies
from urllib3.exceptions import HTTPError

from trayapp.aws.session import CONNECT_SECONDS, ca_bundle
from trayapp.core.text import name

_OK = 200
_CHUNK = 4096
_TOO_LONG = "it takes too long"


class DownloadFailed(Exception):  # noqa: N818 - named after what happened
    """The file could not be had just now; the text says why, for the log."""


def download(url: str, *, most_bytes: int, most_seconds: float) -> bytes:
    """Get a file.

    Args:
        url: Where it is; ``https://`` is verified, ``http://`` is for what proves itself by its content.
        most_bytes: How large it may be.
        most_seconds: How long the whole may take, apart from looking the name up.

    Raises:
        DownloadFailed: It is not there, or something else is, or it takes too long.
    """
    with _deadline(most_seconds) as deadline:
        try:
            with _session(url, deadline) as session:
                return _body(session, url, most_bytes, deadline)
        except (BotoCoreError, HTTPError, OSError, ValueError) as error:
            why = _TOO_LONG if deadline.over else name(str(error), 200)
            raise DownloadFailed(why or type(error).__name__) from None


class _Deadline:
    """Ends, when it comes, what goes over any of the sockets that it was given."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._come)
        self._timer.daemon = True
        self._timer.start()

    @property
    def over(self) -> bool:
        """Whether it has come."""
        return time.monotonic() >= self._end

    def hold(self, sock: socket.socket) -> None:
        """Take a socket before TLS wraps it, since then nobody else holds the real one any more."""
        duplicate = sock.dup()
        with self._lock:
            self._sockets.append(duplicate)
        if self.over:
            raise OSError(_TOO_LONG)

    def close(self) -> None:
        """Let go of everything."""
        self._timer.cancel()
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()

    def _come(self) -> None:
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


@contextmanager
def _deadline(seconds: float) -> Iterator[_Deadline]:
    deadline = _Deadline(seconds)
    try:
        yield deadline
    finally:
        deadline.close()


@contextmanager
def _session(url: str, deadline: _Deadline) -> Iterator[URLLib3Session]:
    options: dict[str, Any] = {"verify": ca_bundle() or True, "timeout": (CONNECT_SECONDS, CONNECT_SECONDS)}
    session = URLLib3Session(proxies=get_environ_proxies(url), max_pool_connections=1, **options)
    pools = {
        "http": _pool(AWSHTTPConnectionPool, _held(AWSHTTPConnection, deadline)),
        "https": _pool(AWSHTTPSConnectionPool, _held(AWSHTTPSConnection, deadline)),
    }
    reach: Any = session  # there is no public way; tests hold the behaviour
    reach._pool_classes_by_scheme = pools  # noqa: SLF001 - proxy managers, made later, copy this one
    reach._manager.pool_classes_by_scheme = pools  # noqa: SLF001 - same
    try:
        yield session
    finally:
        session.close()


def _body(session: URLLib3Session, url: str, most_bytes: int, deadline: _Deadline) -> bytes:
    request = AWSRequest(method="GET", url=url, headers={"Accept-Encoding": "identity"}).prepare()
    request.stream_output = True
    response = session.send(request)
    try:
        # Redirects are not followed: an honest server has none, and a portal's leads anywhere.
        if response.status_code != _OK:
            raise DownloadFailed(f"the server answers {response.status_code}")
        body = bytearray()
        while chunk := response.raw.read(_CHUNK):
            body += chunk
            if len(body) > most_bytes:
                raise DownloadFailed("it is too large")
    finally:
        response.raw.close()
    if deadline.over:  # the end of the stream was ours
        raise DownloadFailed(_TOO_LONG)
    return bytes(body)


def _held(base: type[Any], deadline: _Deadline) -> type[Any]:
    class Held(base):  # type: ignore[misc]  # the base is one of two classes of botocore's
        def _new_conn(self) -> socket.socket:
            sock: socket.socket = super()._new_conn()
            try:
                deadline.hold(sock)
            except OSError:
                sock.close()
                raise
            return sock

    return Held


def _pool(base: type[Any], connection: type[Any]) -> type[Any]:
    return type(base.__name__, (base,), {"ConnectionCls": connection})
