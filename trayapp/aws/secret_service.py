"""The Secret Service, over one connection for whatever is asked of it at a time, and never with a dialog.

keyring's own back end asks the owner to unlock, and waits for him. And gnome-keyring forgets who is calling, and ends,
where one program leaves the bus while another one calls
(https://github.com/jkoestinger/omarchy-vpn/issues/42): who comes less often does that to his keyring less often.

Specification: https://specifications.freedesktop.org/secret-service-spec/latest/
"""

import time
from typing import Any

import secretstorage
from keyring.backends.SecretService import Keyring
from secretstorage.defines import SS_PATH, SS_PREFIX
from secretstorage.util import DBusAddressWrapper

from trayapp.aws.key_problems import KeyStoreProblem, way_out
from trayapp.core.causes import Cause
from trayapp.core.language import say

_SERVICE = f"{SS_PREFIX}Service"
_MOMENT_SECONDS = 0.5


class SecretService(Keyring):
    """keyring's back end, that refuses what is locked instead of asking for the password."""

    def check(self) -> None:
        """Make sure that the collection is there and open.

        Raises:
            KeyStoreProblem: It is not, or nobody answers.
        """
        self.get_preferred_collection().connection.close()

    def get_preferred_collection(self) -> secretstorage.Collection:
        """Give the collection that keys are in, open; whoever takes it closes its connection.

        Raises:
            KeyStoreProblem: It is locked or missing, or nobody answers.
        """
        try:
            connection = secretstorage.dbus_init()
        except (secretstorage.SecretStorageException, OSError):
            unreached = say("The keyring cannot be reached. {way_out}", way_out=way_out())
            raise KeyStoreProblem(Cause.KEYRING_MISSING, unreached) from None
        try:
            return self._opened(connection)
        except secretstorage.SecretStorageException:
            connection.close()
            silent = say("The keyring does not answer. {way_out}", way_out=way_out())
            raise KeyStoreProblem(Cause.KEYRING_MISSING, silent) from None
        except BaseException:
            connection.close()
            raise

    def _opened(self, connection: Any) -> secretstorage.Collection:  # noqa: ANN401 - of jeepney, which is untyped
        path = getattr(self, "preferred_collection", None) or _default_collection(connection)
        if path == "/":
            raise KeyStoreProblem(
                Cause.KEYRING_MISSING,
                say(
                    "The keyring has no default collection yet. Sign in to the desktop once with a password, or make a "
                    'keyring called "Login" or "Default" in Passwords and Keys (seahorse).'
                ),
            )
        collection = secretstorage.Collection(connection, path)
        if collection.is_locked():
            raise KeyStoreProblem(
                Cause.KEYRING_LOCKED,
                say(
                    "The keyring is locked. Unlock it (Passwords and Keys, or sign in to the desktop again) and try "
                    "again."
                ),
            )
        return collection


def _default_collection(connection: Any) -> str:  # noqa: ANN401 - as above
    """Give the path of the default collection, ``/`` if there is none.

    GNOME Keyring reads its files again when one has changed, and says for a moment that there is none.
    """
    service = DBusAddressWrapper(SS_PATH, _SERVICE, connection)
    give_up = time.monotonic() + _MOMENT_SECONDS
    while True:
        (path,) = service.call("ReadAlias", "s", "default")
        if path != "/" or time.monotonic() > give_up:
            return str(path)
        time.sleep(0.05)
