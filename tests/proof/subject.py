"""One running trayapp with a home, a queue and a way to AWS of its own, and what can be learnt of it from outside."""

import json
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from desktop_bench.confined import SmallWorld, disk_of, name_host
from desktop_bench.errors import BenchError
from desktop_bench.messages import ConfigMessage, iam_user_created
from desktop_bench.processes import Process
from desktop_bench.proxy import FaultProxy
from desktop_bench.waiting import wait_until
from desktop_bench.web_proxy import WebProxy
from inbox.samples import heartbeat
from proof.bed import Bed
from trayapp.desktop.instance import NoAnswer, NotRunning, ask
from trayapp.store import Store, StoreError

HOST = "aws.emulator.invalid"
"""A name that nobody has but whom we give it to (RFC 6761, 6.4)."""

_START_SECONDS = 60.0
_ASK_SECONDS = 3.0
_STOLEN_SECONDS = 7
_TOLD = re.compile(r"^\d\d:\d\d  New user “([^”]+)”", re.MULTILINE)
_NOTE = re.compile(r"^\d\d:\d\d  (?!New user “|\d+ happenings|While you were away)[^\n]* · ", re.MULTILINE)
"""A note that is of none of ours; states have no dots between their parts."""

_COMMAND = [sys.executable, "-P", "-m", "trayapp"]


class Route(Enum):
    """How the subject reaches AWS."""

    PLAIN = "plain"
    TLS = "tls"
    """Over TLS, by the name ``localhost``."""
    COMPANY = "company"
    """Over TLS through a company's web proxy, which alone knows the name."""
    NAMED = "named"
    """Over TLS, by a name out of a table of hosts that can be changed."""


class Subject:
    """Use it as a context manager: it runs inside, and watches when the block begins.

    Args:
        bed: Where it lives.
        name: Its account's name.
        route: How it reaches AWS.
        small_disk: Whether its store is on a disk that can be filled.
        settings: Further settings of its account.

    Attributes:
        name: As given.
        bed: As given.
        desk: Its bus and its keyring.
        place: The Region that it watches, nobody else's.
        inbox: Its topic and queue.
        proxy: Stands between it and AWS.
        company: The company's proxy, where the route has one.
        hosts: Its table of hosts, where the route has one.
        published: The users it has to tell of.
    """

    process: Process

    def __init__(
        self,
        bed: Bed,
        name: str,
        route: Route = Route.PLAIN,
        *,
        small_disk: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.bed, self.name, self.route, self._settings = bed, name, route, settings or {}
        self._stack = ExitStack()
        self.desk = self._stack.enter_context(bed.new_desk())
        self.place = bed.places.take()
        self._stack.callback(self.place.close)
        self.inbox = self.place.inbox
        self.home, self._env = bed.home(name)
        tls = None if route is Route.PLAIN else bed.authority.server(self._host)
        self.proxy = FaultProxy(bed.upstream, tls)
        self._stack.callback(self.proxy.refuse)
        self.company = self._stack.enter_context(WebProxy(self.proxy.port)) if route is Route.COMPANY else None
        self.hosts = self.home / "hosts"
        name_host(self.hosts, HOST)
        self._small_disk = small_disk
        self._world = SmallWorld(self.hosts if route is Route.NAMED else None, self._data if small_disk else None)
        self.published: list[str] = []

    def __enter__(self) -> Self:
        """Sign in, start, and wait until it watches."""
        try:
            self._sign_in()
            self.start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.process.stop()
        self._stack.close()

    # ---- running

    def start(self) -> None:
        """Start it and wait until it watches."""
        self.process = self._launch("run", "--no-desktop")
        self._stack.callback(self.process.stop)
        wait_until(lambda: self.well() or not self.process.alive, _START_SECONDS, f"{self.name} to watch")
        if not self.process.alive:
            raise BenchError(self.process.tail())

    def _sign_in(self) -> None:
        cloud = self.bed.cloud
        account = {
            "access_key_id": cloud.access_key_id,
            "secret_access_key": cloud.secret_access_key,
            "region": self.place.region,
            "queue_url": self.inbox.queue_url,
            "endpoint_url": self._endpoint,
            **self._settings,
        }
        login = self._launch("login", self.name, "--stdin", stdin=True)
        login.stdin.write(json.dumps(account).encode())
        login.stdin.close()
        if login.wait(_START_SECONDS):
            raise BenchError(login.tail())

    def _launch(self, *words: str, stdin: bool = False) -> Process:
        argv: list[str] = [*_COMMAND, *words]
        if self._world != SmallWorld():
            argv = self._world.command(argv)
        env = dict(self._env)
        if self.route is not Route.PLAIN:
            env["AWS_CA_BUNDLE"] = str(self.bed.authority.bundle)
        if self.company is not None:
            env["HTTPS_PROXY"] = self.company.url
        # The bus is the system's as well: what wakes the program comes from there.
        env["DBUS_SYSTEM_BUS_ADDRESS"] = self.desk.env["DBUS_SESSION_BUS_ADDRESS"]
        return self.desk.start(argv, name=f"{self.name}-{words[0]}", env=env, cwd=self.home, stdin=stdin)

    @property
    def _host(self) -> str:
        return "localhost" if self.route is Route.TLS else HOST

    @property
    def _endpoint(self) -> str:
        if self.route is Route.PLAIN:
            return f"http://127.0.0.1:{self.proxy.port}"
        return f"https://{self._host}:{self.proxy.port}"

    @property
    def _data(self) -> Path:
        folder = Path(self._env["XDG_DATA_HOME"], "trayapp")
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def disk(self) -> Path:
        """The folder of its store, seen from outside."""
        return disk_of(self.process.pid, self._data) if self._small_disk else self._data

    @property
    def store_path(self) -> Path:
        """Its store, seen from outside."""
        return self.disk / "alerts.sqlite3"

    def log(self) -> str:
        """Read its log."""
        return (self.home / "state" / "trayapp" / "log" / "trayapp.log").read_text("utf-8")

    # ---- what it says of itself

    def status(self) -> dict[str, Any] | None:
        """Ask for the status, as ``trayapp status --json`` does; ``None`` where it gives none just now."""
        try:
            answer = ask(self.home / "run" / "trayapp", {"ask": "status"}, _ASK_SECONDS)
        except (NotRunning, NoAnswer):
            return None
        status: dict[str, Any] | None = answer.get("status")
        return status

    def cause(self) -> str | None:
        """Give the cause of not watching, empty when it watches; ``None`` where it gives no status just now."""
        status = self.status()
        return None if status is None else status["cause"] or ""

    def well(self) -> bool:
        """Tell whether it watches."""
        return self.cause() == ""

    def ask(self, **request: str) -> dict[str, Any]:
        """Ask something else on the control channel."""
        return ask(self.home / "run" / "trayapp", dict(request), _ASK_SECONDS)

    def wake(self) -> None:
        """Say that the computer has woken from sleep, as systemd-logind does."""
        # Who listens asks the bus for what the owner of this name says.
        bus = "org.freedesktop.DBus"
        self.desk.bus.call(bus, "/org/freedesktop/DBus", bus, "RequestName", "su", "org.freedesktop.login1", 0)
        self.desk.bus.emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", "b", False)

    # ---- happenings

    def publish(self, user: str, *, past_the_topic: bool = False) -> None:
        """Let a user be made in the account.

        Args:
            user: The user's name, which no other has.
            past_the_topic: Put it straight into the queue, for where the topic does not reach it.
        """
        self.announce(iam_user_created(user), past_the_topic=past_the_topic)
        self.published.append(user)

    def announce(self, message: ConfigMessage, *, past_the_topic: bool = False) -> None:
        """Let AWS Config report something."""
        if past_the_topic:
            self.inbox.send_raw(json.dumps(message.body))
        else:
            self.inbox.publish(message)
        self.proxy.wake()

    def steal(self, user: str) -> bool:
        """Let a user be made, and somebody else receive the message of it first and keep it for some seconds.

        Returns:
            Whether he was the first: the subject may have been quicker.
        """
        self.inbox.publish(iam_user_created(user))
        self.published.append(user)
        queue: Any = {"QueueUrl": self.inbox.queue_url, "VisibilityTimeout": _STOLEN_SECONDS, "WaitTimeSeconds": 1}
        return bool(self.place.sqs.receive_message(**queue).get("Messages"))

    def send_heartbeat(self) -> None:
        """Send the scheduled message that proves the way."""
        self.inbox.publish(heartbeat() | {"time": datetime.now(UTC).isoformat(timespec="seconds")})
        self.proxy.wake()

    def told(self) -> Counter[str]:
        """Count the alerts it told of, by user."""
        return Counter(_TOLD.findall(self.process.stdout()))

    def told_of_trouble(self) -> int:
        """Count how often it told of what became of the watching, by an alert or by a notification of its own."""
        return len(_NOTE.findall(self.process.stdout()))

    def stored(self) -> Counter[str]:
        """Count the findings in its store, by user; a store that cannot be opened has none."""
        # A copy: SQLite would take the way into a small world for a way out of it, and open another file.
        seen = self.home / "seen"
        seen.mkdir(exist_ok=True)
        for file in self.disk.glob(f"{self.store_path.name}*"):
            if file.is_file():  # and no folder of what was set aside
                shutil.copy(file, seen)
        with suppress(StoreError), Store(seen / self.store_path.name) as store:
            return Counter(finding.subject.name for incident in store.incidents() for finding in incident.findings)
        return Counter()

    def await_told(self, user: str, seconds: float) -> None:
        """Wait until it has told of a user."""
        wait_until(lambda: self.told()[user], seconds, f"{self.name} to tell of {user}")

    def await_empty_queue(self, seconds: float) -> None:
        """Wait until nothing is in its queue any more."""

        def empty() -> bool:
            depth = self.inbox.depth()
            return not depth.visible and not depth.in_flight

        slowly_until(empty, seconds, f"the queue of {self.name} to be empty")


def slowly_until(predicate: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask five times a second until the answer is yes."""

    def asked() -> bool:
        time.sleep(0.2)
        return predicate()

    wait_until(asked, seconds, what)
