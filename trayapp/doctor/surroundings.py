"""What a walk looks at and asks, given to it from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from trayapp.aws.keys import AccessKey
from trayapp.settings import Paths


class Keys(Protocol):
    """The keyring; ``trayapp.aws.key_store.OsKeyStore`` is the real one."""

    def check(self) -> str:
        """Make sure that it can be used, and give what it is called. Raises ``KeyStoreProblem``."""

    def load(self, account: str) -> AccessKey | None:
        """Read an account's key, ``None`` if there is none. Raises ``KeyStoreProblem``."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a walk looks at and asks.

    Attributes:
        paths: Where things live.
        keys: The keyring.
        ask: Asks the running program on its control channel. Raises ``NotRunning`` or ``NoAnswer``.
        now: Gives the present moment, aware.
        notify: Whether something may be shown on the desktop.
    """

    paths: Paths
    keys: Keys
    ask: Callable[[str], dict[str, Any]]
    now: Callable[[], datetime]
    notify: bool = True
