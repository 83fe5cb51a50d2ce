"""What is looked at on this computer: settings, store, keyring, and what the network's settings say."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from doctor.conftest import Ring
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.doctor import computer
from trayapp.doctor.steps import Ill, NotAsked
from trayapp.store import Store

ACCOUNT = '[accounts.private]\nregion = "eu-west-1"\nqueue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"\n'


def test_settings_are_read_and_wrong_ones_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with pytest.raises(Ill) as caught:
        computer.read_settings(path)
    assert (str(caught.value), caught.value.way_out) == (
        PROBLEMS[Cause.NO_ACCOUNT].what,
        "Set one up with: trayapp login",
    )
    path.write_text(ACCOUNT)
    assert [account.name for account in computer.read_settings(path).accounts] == ["private"]
    path.write_text("nonsense = 1\n")
    with pytest.raises(Ill, match="the settings are wrong") as caught:
        computer.read_settings(path)
    assert f"{path}, line 1" in caught.value.way_out


def test_a_store_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite3"
    with pytest.raises(NotAsked, match="none yet"):
        computer.look_at_store(path)
    assert not path.exists()


def test_a_whole_store_is_well(tmp_path: Path) -> None:
    Store(tmp_path / "alerts.sqlite3").close()
    assert "is whole" in computer.look_at_store(tmp_path / "alerts.sqlite3")


def test_a_damaged_store_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "alerts.sqlite3"
    with Store(path) as store:
        store.pause_until(datetime(2026, 11, 23, tzinfo=UTC))
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(Ill) as caught:
        computer.look_at_store(path)
    assert str(caught.value) == PROBLEMS[Cause.STORE_DAMAGED].what
    assert path.read_bytes() == bytes(content)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store(tmp_path / "alerts.sqlite3").close()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=4_000_000))
    with pytest.raises(Ill) as caught:
        computer.look_at_store(tmp_path / "alerts.sqlite3")
    assert str(caught.value) == PROBLEMS[Cause.DISK_FULL].what
    assert caught.value.detail.startswith("4 MB are free")


def test_a_keyring_says_what_it_is_or_what_is_wrong_with_it() -> None:
    ring = Ring()
    assert computer.look_at_keyring(ring) == "Secret Service, open"
    ring.problem = KeyStoreProblem(Cause.KEYRING_LOCKED, "The keyring is locked. Unlock it.")
    with pytest.raises(Ill) as caught:
        computer.look_at_keyring(ring)
    assert (str(caught.value), caught.value.detail) == (PROBLEMS[Cause.KEYRING_LOCKED].what, str(ring.problem))


def test_proxies_are_named_without_anybodys_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert computer.look_at_network_settings() == "no proxy; the usual authorities"
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("https_proxy", "http://alice:hunter2@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "localhost")
    said = computer.look_at_network_settings()
    assert said == f"https by http://proxy.example:3128; CA bundle {bundle}"


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_a_bundle_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "/nowhere/ca.pem")
    with pytest.raises(Ill, match=f"{variable} names a file that is not there") as caught:
        computer.look_at_network_settings()
    assert caught.value.detail == "/nowhere/ca.pem"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_store_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "alerts.sqlite3"
    Store(path).close()
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    with pytest.raises(Ill, match="cannot be written") as caught:
        computer.look_at_store(path)
    assert str(path) in caught.value.way_out
