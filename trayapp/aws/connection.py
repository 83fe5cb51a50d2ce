"""Connections of botocore's that somebody else can end, wherever they wait."""

import socket
import ssl
import threading
import weakref
from typing import Any, ClassVar, Protocol, Self

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from trayapp.aws.dialing import Found, LookUp, connected


class Keeper(Protocol):
    """Who ends the connections; ``Interrupter`` is the real one."""

    def look_up(self, look_up: LookUp) -> list[Found]:
        """Wait for a look-up. Raises ``OSError`` when it was left."""

    def keep(self, sock: socket.socket) -> socket.socket:
        """Give a duplicate that is shut down when the connection is to end."""

    def go_on(self) -> None:
        """Raise ``OSError`` where the connection is to end."""


class Tracked(HTTPConnection):
    """Mixed into one of botocore's connections. Its keeper knows every socket from before it is connected."""

    keeper: ClassVar[Keeper]
    _duplicate: socket.socket | None = None
    _answering = False

    def _new_conn(self) -> socket.socket:
        # Called before TLS and before a proxy's CONNECT, so those can be ended as well.
        try:
            found = self.keeper.look_up(LookUp(self._dns_host, self.port))
            sock = connected(found, self.timeout, self.socket_options or (), self._hold)
            self._go_on_with(sock)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"no connection within {self.timeout} s") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error
        return sock

    def connect(self) -> None:
        """Connect, and leave nothing behind where that fails."""
        _made.latest = None
        if context := getattr(self, "ssl_context", None):
            context.sslsocket_class = _NotedSocket
        try:
            super().connect()
            self.keeper.go_on()
        except BaseException:
            if _made.latest is not None and (sock := _made.latest()) is not None:
                sock.close()
            raise
        finally:
            _made.latest = None

    def getresponse(self) -> Any:  # noqa: ANN401 - whatever the class beside this one gives
        """Wait for the headers of the answer."""
        self._answering = True
        try:
            return super().getresponse()
        finally:
            self._answering = False

    def close(self) -> None:
        """Let go of the connection."""
        super().close()
        # After the headers of a last answer, http.client closes here and leaves the socket to the response, whose body
        # may yet be waited for; urllib3 closes once more when that is through.
        if not self._answering:
            self._let_go()

    def _hold(self, sock: socket.socket) -> None:
        self._let_go()
        self._duplicate = self.keeper.keep(sock)
        self.keeper.go_on()

    def _go_on_with(self, sock: socket.socket) -> None:
        """Make sure that it was not told to end before there was anything to shut down."""
        try:
            self.keeper.go_on()
        except OSError:
            sock.close()
            raise

    def _let_go(self) -> None:
        if self._duplicate is not None:
            self._duplicate.close()
            self._duplicate = None


_made = threading.local()


class _NotedSocket(ssl.SSLSocket):
    """A TLS socket that is known from its making.

    Before it shakes hands, ``ssl`` looks whether the connection is still there. Where it was reset meanwhile, Python
    3.11 raises and leaves the new socket, which owns the descriptor by then, to nobody
    (``SSLSocket._create`` in https://github.com/python/cpython/blob/3.11/Lib/ssl.py).
    """

    def __new__(cls, *arguments: Any, **options: Any) -> Self:  # noqa: ANN401 - the arguments of a socket
        sock = super().__new__(cls, *arguments, **options)
        _made.latest = weakref.ref(sock)
        return sock
