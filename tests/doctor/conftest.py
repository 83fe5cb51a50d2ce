"""Surroundings without a network's settings in them, one emulated AWS, and what a walk is given."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_bench.cloud import Cloud, Inbox
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.keys import AccessKey
from trayapp.desktop.instance import NotRunning
from trayapp.doctor.surroundings import Surroundings
from trayapp.settings import Account, Paths


class Ring:
    """A keyring in memory, that fails when it is told to."""

    def __init__(self, **keys: AccessKey) -> None:
        self.keys = keys
        self.problem: KeyStoreProblem | None = None

    def check(self) -> str:
        if self.problem:
            raise self.problem
        return "Secret Service"

    def load(self, account: str) -> AccessKey | None:
        self.check()
        return self.keys.get(account)


class Program:
    """The running program's side of the control channel; nobody runs until it is given answers."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.silence: Exception = NotRunning("trayapp is not running.")

    def __call__(self, question: str) -> dict[str, Any]:
        self.asked.append(question)
        if not self.answers:
            raise self.silence
        return self.answers.get(question, {"error": "that cannot be asked"})


@pytest.fixture(autouse=True)
def _bare_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine itself says about networks and desktops."""
    for variable in os.environ:
        if variable.upper().endswith(("_PROXY", "_CA_BUNDLE")) or variable.startswith(("AWS_", "XDG_", "DBUS_")):
            monkeypatch.delenv(variable)
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="session")
def cloud_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud"), "eu-west-1") as cloud:
        yield cloud


@pytest.fixture
def cloud(cloud_process: Cloud) -> Cloud:
    """Give the emulated AWS, as new."""
    cloud_process.reset()
    return cloud_process


@pytest.fixture
def inbox(cloud: Cloud) -> Inbox:
    return cloud.inbox()


@pytest.fixture
def account(cloud: Cloud, inbox: Inbox) -> Account:
    return Account("private", cloud.region, inbox.queue_url, endpoint_url=cloud.endpoint_url)


@pytest.fixture
def ring(cloud: Cloud) -> Ring:
    return Ring(private=AccessKey(cloud.access_key_id, cloud.secret_access_key))


@pytest.fixture
def program() -> Program:
    return Program()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.inside(tmp_path)


@pytest.fixture
def surroundings(paths: Paths, program: Program) -> Callable[..., Surroundings]:
    """Give what makes the surroundings of a walk."""

    def make(ring: Ring | None = None, *, notify: bool = True) -> Surroundings:
        return Surroundings(paths, ring or Ring(), program, lambda: datetime.now(UTC), notify=notify)

    return make
