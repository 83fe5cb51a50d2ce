"""The threads that watch the accounts: begun, renewed and ended as the settings say."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from trayapp.aws.patrol import Patrol
from trayapp.aws.poller import Poller
from trayapp.settings import Account
from trayapp.verifier import Verifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watcher:
    """What watches one account.

    Attributes:
        account: As the settings say.
        poller: Waits at its queue.
        patrol: Looks after those who report.
        verifier: Says which of its messages to believe.
    """

    account: Account
    poller: Poller
    patrol: Patrol
    verifier: Verifier

    def start(self) -> None:
        """Begin."""
        self.poller.start()
        self.patrol.start()
        # Not after the first answer only: "watching" needs both, and each takes several ways there and back.
        self.patrol.look()

    def renew(self) -> None:
        """Ask everything anew on new connections."""
        self.poller.renew()
        self.patrol.look()

    def stop(self) -> None:
        """End what is under way, and stop."""
        self.poller.stop()
        self.patrol.stop()

    def join(self, deadline: float) -> bool:
        """Wait until a moment of ``time.monotonic()``; tell whether both have ended."""
        return all(part.join(max(0.0, deadline - time.monotonic())) for part in (self.poller, self.patrol))


class Watchers:
    """The watchers of all accounts. Any thread may use it.

    Args:
        make: Makes the watcher of an account.
        watched: Told which accounts are watched from now on, before anything is heard of them.
    """

    def __init__(self, make: Callable[[Account], Watcher], watched: Callable[[tuple[Account, ...]], None]) -> None:
        self._make, self._watched = make, watched
        self._watchers: dict[str, Watcher] = {}
        self._changing = threading.Lock()

    def watch(self, accounts: tuple[Account, ...], anew: str = "") -> None:
        """Watch these from now on.

        Args:
            accounts: All that are to be watched.
            anew: Start anew with this one, also where its settings are the same.
        """
        with self._changing:
            wanted = {account.name: account for account in accounts}
            for name, watcher in list(self._watchers.items()):
                if name == anew or wanted.get(name) != watcher.account:
                    watcher.stop()
                    del self._watchers[name]
            self._watched(accounts)
            for watcher in self._watchers.values():
                watcher.renew()  # nothing is known of any account from here on
            for name, account in wanted.items():
                if name not in self._watchers:
                    self._watchers[name] = watcher = self._make(account)
                    watcher.start()

    def look(self, account: str = "") -> None:
        """Look after those who report, now: of one account, or of all."""
        for name, watcher in list(self._watchers.items()):
            if account in ("", name):
                watcher.patrol.look()

    def renew(self) -> None:
        """Ask everything anew on new connections: those that there are may be dead."""
        for watcher in list(self._watchers.values()):
            watcher.renew()

    def verifiers(self) -> dict[str, Verifier]:
        """Give every account's verifier by the account's name, as they are now."""
        return {name: watcher.verifier for name, watcher in list(self._watchers.items())}

    def end(self, deadline: float) -> None:
        """Stop all, and wait for them until a moment of ``time.monotonic()``."""
        with self._changing:
            watchers = list(self._watchers.values())
            self._watchers.clear()
        for watcher in watchers:
            watcher.stop()
        for watcher in watchers:
            if not watcher.join(deadline):
                log.info("a request is still looking for AWS; it ends with the program")
