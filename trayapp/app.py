"""The composition root of the running program: builds the parts, wires them, owns the threads and the stopping.

The main thread belongs to the tray (macOS insists). Beside it run one thread for each queue, one that decides, one
for the control channel, and on Linux one for the session bus. They meet in the decider's queue and nowhere else.
"""

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any

from trayapp.aws.failures import AwsFailure
from trayapp.aws.key_store import KeyStore, KeyStoreProblem
from trayapp.aws.poller import Poller
from trayapp.aws.queue import SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.core.commands import Quit
from trayapp.core.policy import Policy
from trayapp.core.records import StatusRecord
from trayapp.decider import Decider
from trayapp.desktop.browser import Browser, BrowserFailed
from trayapp.desktop.choose import Desktop
from trayapp.desktop.events import Asked, Emit, LinkFailed
from trayapp.desktop.instance import Instance
from trayapp.events import Events, StatusWanted, StoreChanged, Watched
from trayapp.intake import Intake
from trayapp.settings import Account, Settings, SettingsError
from trayapp.store import StoreError

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 2.0
_STOP_SECONDS = 0.5
"""How long stopping waits for the workers together. What they have under way is ended at once; what they have
committed stays, and what they have not comes again."""


class App:
    """The running program.

    Args:
        store_path: The store.
        load: Reads the settings; called at start and whenever they may have changed.
        keys: Where the access keys are.
        desktop: Makes the desktop's parts, given where their events go.
    """

    def __init__(
        self,
        *,
        store_path: Path,
        load: Callable[[], Settings],
        keys: KeyStore,
        desktop: Callable[[Emit], Desktop],
    ) -> None:
        self._store_path, self._load, self._keys = store_path, load, keys
        self._settings = load()
        self._events: Events = SimpleQueue()
        self._desktop = desktop(self._events.put)
        self._decider = Decider(
            events=self._events,
            store_path=store_path,
            notifier=self._desktop.notifier,
            show=self._desktop.tray.update,
            opener=Browser(self._settings.browser_command, self._unopened),
            now=_now,
            quit_program=self._desktop.tray.stop,
            policy=self._policy,
        )
        self._deciding = threading.Thread(target=self._decide, name="decider", daemon=True)
        self._failure: StoreError | None = None
        self._pollers: dict[str, tuple[Account, Poller]] = {}
        self._rewatching = threading.Lock()

    def run(self) -> None:
        """Run until it is asked to quit; call from the main thread.

        Raises:
            StoreError: The store cannot be opened.
        """
        with _signals(self.stop):
            self._desktop.tray.run(self._begin)
        self._end()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ask it to quit; from any thread, also from a signal handler."""
        self._events.put(Asked(Quit()))

    def serve(self, instance: Instance) -> None:
        """Answer on the control channel."""
        instance.serve(self.answer)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request of the control channel: ``status``, ``changed``, ``reload`` or ``quit``."""
        match request.get("ask"):
            case "status":
                status = self.status()
                return {"status": status} if status else {"error": "no answer in time"}
            case "changed":
                self._events.put(StoreChanged())
            case "reload":
                self.reload(str(request.get("account", "")))
            case "quit":
                self.stop()
            case _:
                return {"error": "that cannot be asked"}
        return {"done": True}

    def status(self) -> StatusRecord | None:
        """Ask the decider how things stand; ``None`` if it does not answer in time."""
        reply: SimpleQueue[StatusRecord] = SimpleQueue()
        self._events.put(StatusWanted(reply))
        with contextlib.suppress(Empty):
            return reply.get(timeout=_ANSWER_SECONDS)
        return None

    def reload(self, account: str = "") -> None:
        """Read the settings again and watch what they say now.

        Args:
            account: Start anew with this one, also where its settings are the same: its key may be another.
        """
        try:
            self._settings = self._load()
        except SettingsError as error:
            log.warning("the settings are left as they were: %s", error)
            return
        self._rewatch(account)

    def _policy(self) -> Policy:
        return self._settings.policy

    def _unopened(self, failure: BrowserFailed) -> None:
        self._events.put(LinkFailed(str(failure)))

    def _begin(self) -> None:
        self._rewatch()
        self._deciding.start()

    def _decide(self) -> None:
        try:
            self._decider.run()
        except StoreError as error:
            self._failure = error
            self._desktop.tray.stop()

    def _rewatch(self, anew: str = "") -> None:
        with self._rewatching:
            wanted = {account.name: account for account in self._settings.accounts}
            for name, (account, poller) in list(self._pollers.items()):
                if name == anew or wanted.get(name) != account:
                    poller.stop()
                    del self._pollers[name]
            self._events.put(Watched(self._settings.accounts))
            for name, account in wanted.items():
                if name not in self._pollers:
                    poller = self._poller(account)
                    self._pollers[name] = (account, poller)
                    poller.start()

    def _poller(self, account: Account) -> Poller:
        return Poller(
            account=account.name,
            connect=lambda: self._connect(account),
            sink=Intake(
                account.name, self._store_path, self._events.put, _now, frozenset({account.queue_url}), self._policy
            ),
            emit=self._events.put,
        )

    def _connect(self, account: Account) -> SqsQueue:
        try:
            key = self._keys.load(account.name)
        except KeyStoreProblem as problem:
            raise AwsFailure(problem.cause, str(problem)) from None
        if key is None:
            raise AwsFailure(Cause.SIGNED_OUT, "there is no key in the keyring")
        return SqsQueue(Endpoint(account.region, key, account.endpoint_url), account.queue_url)

    def _end(self) -> None:
        with self._rewatching:
            pollers = [poller for _, poller in self._pollers.values()]
            self._pollers.clear()
        for poller in pollers:
            poller.stop()
        deadline = time.monotonic() + _STOP_SECONDS
        for poller in pollers:
            if not poller.join(max(0.0, deadline - time.monotonic())):
                log.info("a poll is still looking for AWS; it ends with the program")
        self._events.put(None)
        if self._deciding.ident is not None:
            self._deciding.join(_STOP_SECONDS)
        self._desktop.close()


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let the system's ways of ending a program end this one in good order."""

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a handler
        stop()

    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _now() -> datetime:
    return datetime.now(UTC)
