"""The desktop's Secret Service (https://specifications.freedesktop.org/secret-service/latest/), by gnome-keyring."""

from collections.abc import Mapping

from dbus_fast import Variant

from desktop_bench import parts
from desktop_bench.dbus_client import DBusCallError, DBusClient
from desktop_bench.errors import BenchError
from desktop_bench.parts import SECRETS
from desktop_bench.processes import Process, Supervisor
from desktop_bench.waiting import wait_until

_PATH = "/org/freedesktop/secrets"
_SERVICE = "org.freedesktop.Secret.Service"
_COLLECTION = "org.freedesktop.Secret.Collection"
_GNOME = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
_START_S = 15.0


class KeyringService:
    """Starts, locks, unlocks and kills the Secret Service.

    Args:
        supervisor: Starts the daemon.
        bus: A connection to the session bus.
        env: The daemon's environment.
    """

    def __init__(self, supervisor: Supervisor, bus: DBusClient, env: Mapping[str, str]) -> None:
        self._supervisor = supervisor
        self._bus = bus
        self._env = env
        self._daemon: Process | None = None

    def start(self, password: str) -> None:
        """Start the daemon and unlock the login keyring, which is made with this password if there is none yet.

        Raises:
            BenchError: The keyring is still locked: a wrong password is no error for the daemon itself.
        """
        self.launch(password)
        self.await_unlocked()

    def launch(self, password: str) -> None:
        """Start the daemon and return at once; ``await_unlocked`` has to follow."""
        self._daemon = self._supervisor.start(parts.keyring(), self._env, stdin=True)
        _say(self._daemon, password)

    def await_unlocked(self) -> None:
        """Wait for the launched daemon to serve, and make sure that the keyring is open.

        Raises:
            BenchError: See ``start``.
        """
        if self._daemon is None:
            raise BenchError("there is no keyring daemon to wait for")
        daemon = self._daemon
        self._supervisor.await_ready(daemon, lambda: self._bus.has_owner(SECRETS), _START_S, f"own {SECRETS}")
        # The daemon owns its name a moment before the keyring is open; a wrong password never opens it.
        wait_until(lambda: self.collection() is not None, _START_S, "a default keyring")
        if self.locked():
            raise BenchError(f"the keyring is still locked (wrong password?): {daemon.tail()}")

    def collection(self) -> str | None:
        """Give the object path of the default collection, ``None`` while there is none."""
        path: str = self._bus.call(SECRETS, _PATH, _SERVICE, "ReadAlias", "s", "default")[0]
        return None if path == "/" else path

    def locked(self) -> bool:
        """Tell whether the default collection is locked.

        Raises:
            BenchError: There is no default collection.
        """
        return bool(self._bus.get(SECRETS, self._required(), _COLLECTION, "Locked"))

    def lock(self) -> None:
        """Lock the default collection, as a desktop does when it goes to sleep."""
        self._bus.call(SECRETS, _PATH, _SERVICE, "Lock", "ao", [self._required()])
        wait_until(self.locked, _START_S, "the keyring to be locked")

    def unlock(self, password: str) -> None:
        """Unlock the default collection of the running daemon without a dialogue, as logging in does.

        gnome-keyring's own interface for that is not in the specification:
        https://gitlab.gnome.org/GNOME/gnome-keyring/-/blob/master/daemon/dbus/org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.xml

        Raises:
            BenchError: It is still locked.
        """
        _output, session = self._bus.call(SECRETS, _PATH, _SERVICE, "OpenSession", "sv", "plain", Variant("s", ""))
        secret = [session, b"", password.encode(), "text/plain"]
        try:
            member = "UnlockWithMasterPassword"
            self._bus.call(SECRETS, _PATH, _GNOME, member, "o(oayays)", self._required(), secret)
        except DBusCallError as error:
            raise BenchError(f"the keyring is still locked (wrong password?): {error}") from error
        wait_until(lambda: not self.locked(), _START_S, "the keyring to be open")

    def kill(self) -> None:
        """Kill the daemon and wait until its bus name is free."""
        if self._daemon is not None:
            self._daemon.kill()
            self._daemon = None
        wait_until(lambda: not self._bus.has_owner(SECRETS), _START_S, "the Secret Service to leave the bus")

    def _required(self) -> str:
        try:
            path = self.collection()
        except DBusCallError as error:
            raise BenchError(f"no Secret Service: {error}") from error
        if path is None:
            raise BenchError("the Secret Service has no default collection")
        return path


def _say(process: Process, password: str) -> None:
    # The password ends with the input, not with a line: a line feed would become part of it.
    process.stdin.write(password.encode())
    process.stdin.close()
