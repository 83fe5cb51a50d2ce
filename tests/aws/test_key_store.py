"""Keys live in the operating system's keyring or nowhere, and no state of that keyring makes anybody wait."""

import json
import os
import secrets as random
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from keyring.errors import InitError

from desktop_bench import parts
from desktop_bench.dbus_client import DBusClient, bus_config
from desktop_bench.keyring_service import KeyringService
from desktop_bench.processes import Supervisor
from desktop_bench.waiting import wait_until
from trayapp.aws import key_store
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.key_store import MemoryKeyStore, OsKeyStore, _within
from trayapp.aws.keys import AccessKey
from trayapp.core.causes import Cause

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux's")

PROBE = Path(__file__).with_name("key_store_probe.py")
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CHAIN = "keyring.backends.chainer.ChainerBackend"
PROMPTER = "org.gnome.keyring.SystemPrompter"


@dataclass
class Seat:
    """A home and a session bus, with or without a Secret Service on it."""

    env: dict[str, str]
    supervisor: Supervisor
    bus: DBusClient
    keyring: KeyringService

    def probe(self, *verbs: str, env: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Run the probe, and give what came of each verb; the secret may be nowhere in what it wrote."""
        process = self.supervisor.start([sys.executable, PROBE, *verbs], {**self.env, **(env or {})}, name="probe")
        assert process.wait(30) == 0, process.tail()
        written = process.stdout() + process.stderr()
        assert SECRET not in written
        outcomes: list[dict[str, Any]] = json.loads(process.stdout())
        return outcomes


@pytest.fixture
def make_seat(tmp_path: Path) -> Iterator[Callable[..., Seat]]:
    """Give what makes a seat; ``activation`` lets the bus start what is asked for, such as the password dialog."""
    stack = ExitStack()

    def make(*, activation: bool = False, display: bool = False) -> Seat:
        log = tmp_path / "log"
        log.mkdir()
        supervisor = Supervisor(random.token_hex(8), log)
        stack.callback(supervisor.stop_all)
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "NO_AT_BRIDGE": "1"}
        for folder in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            env[folder] = str(tmp_path / folder.lower())
            Path(env[folder]).mkdir(mode=0o700)
        if display:
            env["DISPLAY"] = _display(supervisor, env)
        socket, config = tmp_path / "bus", tmp_path / "bus.conf"
        config.write_text(bus_config(socket, activation=activation))
        daemon = supervisor.start(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"], env)
        supervisor.await_ready(daemon, socket.exists, 15, "listen")
        env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
        bus = DBusClient(env["DBUS_SESSION_BUS_ADDRESS"])
        stack.callback(bus.close)
        return Seat(env, supervisor, bus, KeyringService(supervisor, bus, env))

    with stack:
        yield make


def _display(supervisor: Supervisor, env: Mapping[str, str]) -> str:
    reading, writing = os.pipe()
    try:
        supervisor.start(parts.xvfb(640, 480, writing), env, pass_fds=(writing,))
    finally:
        os.close(writing)
    with os.fdopen(reading) as number:
        return f":{number.readline().strip()}"


@pytest.fixture
def seat(make_seat: Callable[..., Seat]) -> Seat:
    """Give a seat with an open keyring."""
    seat = make_seat()
    seat.keyring.start("opensesame")
    return seat


def refused(outcome: dict[str, Any], cause: Cause) -> str:
    """Make sure that an outcome is a refusal of one kind, and give its words."""
    assert outcome.get("cause") == cause.value, outcome
    problem: str = outcome["problem"]
    return problem


# ---- an open keyring


def test_a_key_is_saved_loaded_and_removed(seat: Seat) -> None:
    outcomes = seat.probe("load", "save", "load", "remove", "load", "remove")
    assert [outcome.get("result") for outcome in outcomes] == ["none", "Secret Service", "same", True, "none", False]
    assert max(outcome["seconds"] for outcome in outcomes) < 3


def test_a_key_is_still_there_for_the_next_process_and_after_the_keyring_was_away(seat: Seat) -> None:
    seat.probe("save")
    assert seat.probe("load")[0]["result"] == "same"
    seat.keyring.kill()
    refused(seat.probe("load")[0], Cause.KEYRING_MISSING)
    seat.keyring.start("opensesame")
    assert seat.probe("load")[0]["result"] == "same"


def test_a_keyring_that_comes_after_the_program_is_used(make_seat: Callable[..., Seat]) -> None:
    seat = make_seat()
    argv: list[str | Path] = [sys.executable, PROBE, "load", "await-line", "save", "load"]
    process = seat.supervisor.start(argv, seat.env, name="probe", stdin=True)
    wait_until(lambda: "waiting" in process.stderr(), 15, "the first attempt")
    seat.keyring.start("opensesame")
    with process.stdin as line:
        line.write(b"on\n")
    assert process.wait(30) == 0, process.tail()
    first, _, *others = json.loads(process.stdout())
    refused(first, Cause.KEYRING_MISSING)
    assert [each.get("result") for each in others] == ["Secret Service", "same"]


def test_the_secret_is_on_disk_nowhere_in_plain(seat: Seat, tmp_path: Path) -> None:
    seat.probe("save")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".keyring" for path in files)
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_an_entry_that_is_not_ours_is_not_taken_for_a_key(seat: Seat) -> None:
    store = f"import keyring; keyring.set_password('trayapp', 'acme', '{SECRET[:20]}')"
    process = seat.supervisor.start([sys.executable, "-c", store], seat.env, name="other")
    assert process.wait(30) == 0, process.tail()
    words = refused(seat.probe("load")[0], Cause.SIGNED_OUT)
    assert "trayapp login acme" in words
    assert SECRET[:20] not in words


def test_of_several_back_ends_only_the_systems_is_given_the_key(seat: Seat, tmp_path: Path) -> None:
    chain = {"PYTHON_KEYRING_BACKEND": CHAIN, "PYTHONPATH": str(_plain_text_keyring(tmp_path))}
    assert [each.get("result") for each in seat.probe("save", "load", env=chain)] == ["Secret Service", "same"]
    assert not (tmp_path / "told").exists()


# ---- a locked one


def test_a_locked_keyring_is_told_at_once_and_read_when_it_is_open_again(seat: Seat) -> None:
    seat.probe("save")
    seat.keyring.lock()
    for outcome in seat.probe("check", "load", "save", "remove"):
        assert "locked" in refused(outcome, Cause.KEYRING_LOCKED)
        assert "Unlock it" in outcome["problem"]
        assert outcome["seconds"] < 3
    seat.keyring.unlock("opensesame")
    assert seat.probe("load")[0]["result"] == "same"


def test_a_locked_keyring_puts_up_no_dialog(make_seat: Callable[..., Seat]) -> None:
    seat = make_seat(activation=True, display=True)
    seat.keyring.start("opensesame")
    seat.probe("save")
    seat.keyring.lock()
    (outcome,) = seat.probe("load")
    refused(outcome, Cause.KEYRING_LOCKED)
    assert outcome["seconds"] < 3
    assert not seat.bus.has_owner(PROMPTER)
    # What any other program gets here: the dialog, and a wait for somebody to answer it.
    plain = seat.supervisor.start([sys.executable, PROBE, "plain-load"], seat.env, name="plain")
    wait_until(lambda: seat.bus.has_owner(PROMPTER), 15, "the dialog")
    assert plain.alive


def test_a_keyring_that_does_not_answer_is_given_up_within_seconds(seat: Seat) -> None:
    daemon = seat.keyring._daemon
    assert daemon
    daemon.signal(signal.SIGSTOP)
    (outcome,) = seat.probe("load")
    daemon.signal(signal.SIGCONT)
    assert "does not answer" in refused(outcome, Cause.KEYRING_LOCKED)
    assert outcome["seconds"] < 6


def test_work_that_hangs_is_given_up() -> None:
    answered = threading.Event()
    with pytest.raises(KeyStoreProblem) as caught:
        _within(0.1, answered.wait)
    answered.set()
    assert caught.value.cause is Cause.KEYRING_LOCKED


def test_while_it_hangs_asking_again_and_again_does_not_pile_up() -> None:
    def waiting() -> int:
        return sum(thread.name == "keyring" for thread in threading.enumerate())

    answered = threading.Event()
    for _ in range(50):
        with pytest.raises(KeyStoreProblem, match="does not answer"):
            _within(0.001, answered.wait)
    assert 0 < waiting() < 10
    answered.set()
    wait_until(lambda: not waiting(), 5, "them to end")
    assert _within(5, lambda: "there again") == "there again"


def test_what_a_keyring_says_in_refusing_is_not_told() -> None:
    def refuse() -> None:
        raise RuntimeError(f"cannot store {SECRET}")

    with pytest.raises(KeyStoreProblem) as caught:
        _within(5, refuse)
    assert caught.value.cause is Cause.KEYRING_MISSING
    assert "RuntimeError" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


# ---- none at all


def test_a_bus_without_a_secret_service_is_told(make_seat: Callable[..., Seat]) -> None:
    for outcome in make_seat().probe("check", "load", "save", "remove"):
        assert "There is no keyring on this system" in refused(outcome, Cause.KEYRING_MISSING)
        assert "GNOME Keyring" in outcome["problem"]
        assert outcome["seconds"] < 3


def test_no_bus_at_all_is_told(make_seat: Callable[..., Seat]) -> None:
    nowhere = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"}
    (outcome,) = make_seat().probe("load", env=nowhere)
    assert "There is no keyring on this system" in refused(outcome, Cause.KEYRING_MISSING)


def test_a_keyring_without_a_collection_is_told(make_seat: Callable[..., Seat]) -> None:
    seat = make_seat()
    daemon = seat.supervisor.start([parts.keyring()[0], "--foreground", "--components=secrets"], seat.env)
    seat.supervisor.await_ready(daemon, lambda: seat.bus.has_owner(parts.SECRETS), 15, "own its name")
    (outcome,) = seat.probe("save")
    assert "no default collection yet" in refused(outcome, Cause.KEYRING_MISSING)
    assert outcome["seconds"] < 3


# ---- ones that are none of the system's


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        ("keyring.backends.null.Keyring", "null back end, which keeps nothing"),
        ("keyring.backends.fail.Keyring", "There is no keyring on this system"),
        ("plain_text_keyring.Keyring", "Keyring would use plain_text_keyring.Keyring, which is not a keyring of the"),
    ],
)
def test_a_back_end_that_is_not_the_systems_is_refused_and_given_nothing(
    backend: str, words: str, seat: Seat, tmp_path: Path
) -> None:
    env = {"PYTHON_KEYRING_BACKEND": backend, "PYTHONPATH": str(_plain_text_keyring(tmp_path))}
    outcomes = seat.probe("check", "save", "load", "remove", env=env)
    for outcome in outcomes:
        assert words in refused(outcome, Cause.KEYRING_MISSING)
        assert "leave PYTHON_KEYRING_BACKEND unset" in outcome["problem"]
    assert not (tmp_path / "told").exists()


def test_a_back_end_chosen_in_keyrings_own_file_is_refused_as_well(seat: Seat) -> None:
    folder = Path(seat.env["XDG_CONFIG_HOME"]) / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    refused(seat.probe("save")[0], Cause.KEYRING_MISSING)


def test_a_chain_of_back_ends_none_of_which_is_the_systems_is_refused(
    make_seat: Callable[..., Seat], tmp_path: Path
) -> None:
    env = {"PYTHON_KEYRING_BACKEND": CHAIN, "PYTHONPATH": str(_plain_text_keyring(tmp_path))}
    for outcome in make_seat().probe("check", "save", env=env):
        assert CHAIN in refused(outcome, Cause.KEYRING_MISSING)
    assert not (tmp_path / "told").exists()


def _plain_text_keyring(folder: Path) -> Path:
    """Write a back end that keeps what it is told in a plain file, as some that can be installed do."""
    modules = folder / "modules"
    modules.mkdir()
    (modules / "plain_text_keyring.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username): return None\n"
        "    def set_password(self, service, username, password):\n"
        f"        open({str(folder / 'told')!r}, 'w').write(password)\n"
        "    def delete_password(self, service, username): pass\n"
    )
    # What a distribution that is installed tells "keyring" to look for.
    info = modules / "plain_text_keyring-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plain-text-keyring\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[keyring.backends]\nplain = plain_text_keyring\n")
    return modules


def test_keys_in_memory_are_given_by_account() -> None:
    key = AccessKey("AKIAIOSFODNN7EXAMPLE", SECRET)
    store = MemoryKeyStore({"acme": key})
    assert store.load("acme") == key
    assert store.load("other") is None


class Busy:
    """A keyring that refuses some times before it gives what it holds, as one does while it reads its files anew."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def get_password(self, service: str, username: str) -> str | None:
        assert (service, username) == ("trayapp", "work")
        if self.refusals:
            self.refusals -= 1
            raise InitError(SECRET)
        return AccessKey("AKIAEXAMPLE", SECRET).to_json()


def test_a_keyring_that_refuses_once_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(1)
    monkeypatch.setattr(key_store, "_found", lambda: (busy, "busy"))

    assert OsKeyStore().load("work") == AccessKey("AKIAEXAMPLE", SECRET)


def test_a_keyring_that_goes_on_refusing_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(9)
    monkeypatch.setattr(key_store, "_found", lambda: (busy, "busy"))

    with pytest.raises(KeyStoreProblem, match=r"refused \(InitError\)") as told:
        OsKeyStore().load("work")
    assert told.value.cause is Cause.KEYRING_MISSING
    assert SECRET not in str(told.value)
    assert busy.refusals == 7
