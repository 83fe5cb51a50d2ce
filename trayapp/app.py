"""The composition root of the running program: builds the parts, wires them, owns the threads and the stopping.

The main thread belongs to the tray (macOS insists). Beside it run two threads for each account, one that waits at the
queue and one that looks after those who report, then one that decides, one for the control channel, and on Linux one
for the session bus. They meet in the decider's queue and nowhere else.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from trayapp import languages
from trayapp.aws.certificates import Certificates
from trayapp.aws.checks import Rounds
from trayapp.aws.failures import AwsFailure
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.key_store import KeyStore
from trayapp.aws.patrol import Patrol
from trayapp.aws.poller import Poller
from trayapp.aws.queue import SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.commands import Quit
from trayapp.core.language import say
from trayapp.core.policy import Policy
from trayapp.core.records import StatusRecord
from trayapp.decider import Decider
from trayapp.desktop.browser import Browser, BrowserFailed
from trayapp.desktop.choose import Desktop
from trayapp.desktop.ending import ending
from trayapp.desktop.events import Asked, Emit, LinkFailed, WindowGone
from trayapp.desktop.instance import Instance
from trayapp.desktop.windows import WindowFailed, Windows
from trayapp.events import Events, StatusWanted, StoreChanged, TestWanted, TimeCame, Watched
from trayapp.intake import Intake
from trayapp.settings import Account, Settings, SettingsError
from trayapp.store import Store, StoreError
from trayapp.store.overflow import Overflow
from trayapp.verifier import Verifier
from trayapp.verifying import Verification
from trayapp.watchers import Watcher, Watchers
from trayapp.watching import expected

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
        languages.use(self._settings.language)
        self._events: Events = SimpleQueue()
        self._events.put(Watched(self._settings.accounts))  # before anything that the desktop has to say
        self._desktop = desktop(self._events.put)
        self._overflow = Overflow()
        self._decider = Decider(
            events=self._events,
            store_path=store_path,
            notifier=self._desktop.notifier,
            show=self._desktop.tray.update,
            shower=Windows(self._unshown),
            opener=self,
            now=_now,
            quit_program=self._desktop.tray.stop,
            rounds=self,
            policy=self._policy,
            overflow=self._overflow,
        )
        self._deciding = threading.Thread(target=self._decider.run, name="decider", daemon=True)
        self._watchers = Watchers(self._watcher, self._tell_watched)
        self._certificates = Certificates(store_path.with_name("certificates"))
        self._verification = Verification(
            store_path, self._certificates, self._watchers.verifiers, self._events.put, _now
        )

    def run(self) -> None:
        """Run until it is asked to quit; call from the main thread.

        Raises:
            StoreError: The store cannot be opened, for a reason that trayapp can do nothing about.
        """
        self._try_store()
        with ending(self.stop):
            self._desktop.tray.run(self._begin)
        self._end()

    def stop(self) -> None:
        """Ask it to quit; from any thread, also from a signal handler."""
        self._events.put(Asked(Quit()))

    def serve(self, instance: Instance) -> None:
        """Answer on the control channel."""
        instance.serve(self.answer)

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer one request of the control channel: ``status``, ``test``, ``changed``, ``reload``, ``quit``."""
        match request.get("ask"):
            case "status":
                status = self.status()
                return {"status": status} if status else {"error": say("no answer in time")}
            case "test":
                return self._test()
            case "changed":
                self._events.put(StoreChanged())
            case "reload":
                self.reload(str(request.get("account", "")))
            case "quit":
                self.stop()
            case _:
                return {"error": say("that cannot be asked")}
        return {"done": True}

    def status(self) -> StatusRecord | None:
        """Ask the decider how things stand; ``None`` if it does not answer in time."""
        reply: SimpleQueue[StatusRecord] = SimpleQueue()
        self._events.put(StatusWanted(reply))
        with contextlib.suppress(Empty):
            return reply.get(timeout=_ANSWER_SECONDS)
        return None

    def _test(self) -> dict[str, Any]:
        reply: SimpleQueue[int] = SimpleQueue()
        self._events.put(TestWanted(reply))
        with contextlib.suppress(Empty):
            return {"alert": reply.get(timeout=_ANSWER_SECONDS)}
        return {"error": say("no answer in time")}

    def reload(self, account: str = "") -> None:
        """Read the settings again and watch what they say now.

        Args:
            account: Start anew with this one, also where its settings are the same: its key may be another.
        """
        watched, spoken = self._settings.accounts, self._settings.language
        try:
            self._settings = self._load()
        except SettingsError as error:
            log.warning("the settings are left as they were: %s", error)
            return
        if self._settings.language != spoken:
            languages.use(self._settings.language)
            self.look()  # what the checks have found is said in words
        if account or self._settings.accounts != watched:
            self._watchers.watch(self._settings.accounts, account)
        else:
            self._events.put(TimeCame())  # the quiet hours may be over by the rules as they are now

    def open(self, url: str, activation_token: str = "") -> None:
        """Open a link by the owner's command as it is now.

        Raises:
            BrowserFailed: It cannot be opened.
        """
        Browser(self._settings.browser_command, self._unopened).open(url, activation_token)

    def _policy(self) -> Policy:
        return self._settings.policy

    def _unopened(self, failure: BrowserFailed) -> None:
        self._events.put(LinkFailed(str(failure)))

    def _unshown(self, failure: WindowFailed) -> None:
        self._events.put(WindowGone(str(failure)))

    def _begin(self) -> None:
        self._watchers.watch(self._settings.accounts)
        self._verification.start()
        self._deciding.start()

    def _try_store(self) -> None:
        """Refuse to start on a file of a newer version, or of somebody else; a full or damaged one is lived with."""
        try:
            with Store(self._store_path) as store:
                store.prune(_now() - self._settings.policy.keep)
        except StoreError as error:
            if error.cause is Cause.STORE_FAILING:
                raise

    def look(self, account: str = "") -> None:
        """Look after those who report, now: of one account, or of all."""
        self._watchers.look(account)

    def renew(self) -> None:
        """Ask everything anew on new connections: those that there are may be dead."""
        self._watchers.renew()
        self._verification.look()

    def _tell_watched(self, accounts: tuple[Account, ...]) -> None:
        self._events.put(Watched(accounts))

    def _watcher(self, account: Account) -> Watcher:
        verifier = Verifier(self._certificates.at_hand, account.topics, enabled=not account.endpoint_url)
        path = frozenset({account.queue_url, *account.topics})
        poller = Poller(
            account=account.name,
            connect=lambda: SqsQueue(self._endpoint(account), account.queue_url),
            sink=Intake(
                account.name,
                self._store_path,
                self._events.put,
                _now,
                path,
                self._policy,
                verifier,
                self._verification.waits,
                self._overflow,
            ),
            emit=self._events.put,
            # Signing in proves a key before it is kept.
            worked_before=bool(account.account_id),
        )
        patrol = Patrol(
            account.name, Rounds(lambda: self._endpoint(account), expected(account), poller.idle_for), self._events.put
        )
        return Watcher(account, poller, patrol, verifier)

    def _endpoint(self, account: Account) -> Endpoint:
        try:
            key = self._keys.load(account.name)
        except KeyStoreProblem as problem:
            raise AwsFailure(problem.cause, str(problem)) from None
        if key is None:
            raise AwsFailure(Cause.SIGNED_OUT, say(PROBLEMS[Cause.SIGNED_OUT].what))
        return Endpoint(account.region, key, account.endpoint_url)

    def _end(self) -> None:
        self._verification.stop()
        deadline = time.monotonic() + _STOP_SECONDS
        self._watchers.end(deadline)
        self._verification.join(max(0.0, deadline - time.monotonic()))
        self._events.put(None)
        if self._deciding.ident is not None:
            self._deciding.join(_STOP_SECONDS)
        self._desktop.close()


def _now() -> datetime:
    return datetime.now(UTC)
