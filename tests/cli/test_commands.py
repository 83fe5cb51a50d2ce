"""The commands as a program or a person calls them, on a computer without a desktop and without a keyring."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trayapp.core.judged import Judged
from trayapp.inbox import judge
from trayapp.settings import Paths
from trayapp.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

ALERT_FIELDS = {
    "id", "account", "account_name", "account_label", "region", "severity", "signal", "title", "text",
    "resource_type", "resource_id", "resource_name", "url", "happened", "created", "shown", "reviewed",
}  # fmt: skip
STATUS_FIELDS = {
    "state", "to_review", "cause", "since", "text", "paused_until", "quarantined", "accounts", "counts", "existing",
}  # fmt: skip


class Computer:
    """A home of its own, and the command."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home / "run"),
            "PATH": os.environ["PATH"],
            "TZ": "Asia/Tokyo",
            "LANG": "C.UTF-8",
        }
        (home / "run").mkdir(mode=0o700)

    def run(
        self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "trayapp", *arguments],
            input=stdin,
            env={**self.env, **(env or {})},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    @property
    def store(self) -> Path:
        return self.home / ".local" / "share" / "trayapp" / "alerts.sqlite3"

    def settings(self, text: str) -> Path:
        path = self.home / ".config" / "trayapp" / "settings.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text)
        return path


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def commit_user(store_path: Path, name: str) -> None:
    item = {
        "awsAccountId": "123456789012",
        "awsRegion": "global",
        "resourceType": "AWS::IAM::User",
        "resourceId": f"AIDA{name.upper()}",
        "resourceName": name,
        "configurationItemStatus": "ResourceDiscovered",
        "configurationItemCaptureTime": "2026-11-23T12:00:00.000Z",
        "configuration": {"createDate": "2026-11-23T11:57:00.000Z"},
    }
    body = json.dumps({"messageType": "ConfigurationItemChangeNotification", "configurationItem": item})
    judged: Judged = judge(body, NOW)
    with Store(store_path) as store:
        store.commit("private", [judged], NOW)


def test_every_command_has_help(computer: Computer) -> None:
    overview = computer.run("--help")
    assert overview.returncode == 0
    for command in ("login", "logout", "run", "alerts", "review", "status", "template", "demo"):
        assert f"  {command} " in overview.stdout
        helped = computer.run(command, "--help")
        assert (helped.returncode, helped.stderr) == (0, "")
        assert helped.stdout.startswith(f"Usage: trayapp {command}")


def test_alerts_in_json_are_an_array_with_the_documented_fields(computer: Computer) -> None:
    assert json.loads(computer.run("alerts", "--json").stdout) == []
    commit_user(computer.store, "helpdesk2")
    [alert] = json.loads(computer.run("alerts", "--json").stdout)
    assert set(alert) == ALERT_FIELDS
    assert alert["title"] == "New user “helpdesk2”"
    assert alert["created"] == "2026-11-23T12:00:00.000Z"
    assert (alert["shown"], alert["reviewed"]) == (None, None)


def test_alerts_for_a_person_stand_newest_first(computer: Computer) -> None:
    assert computer.run("alerts").stdout == "There has been no alert yet.\n"
    commit_user(computer.store, "first")
    commit_user(computer.store, "second")
    listed = computer.run("alerts").stdout
    assert listed.index("“second”") < listed.index("“first”")
    assert "https://us-east-1.console.aws.amazon.com/" in listed


def test_reviewing_marks_by_number_or_all_and_refuses_what_is_not_there(computer: Computer) -> None:
    for name in ("first", "second", "third"):
        commit_user(computer.store, name)
    assert computer.run("review", "2").stdout == "1 alert is reviewed now.\n"
    unknown = computer.run("review", "2", "99")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "no alert 99" in unknown.stderr
    assert computer.run("review", "--all").stdout == "2 alerts are reviewed now.\n"
    assert computer.run("alerts", "--to-review").stdout == "Nothing to review.\n"
    assert computer.run("review", "--all").returncode == 0


@pytest.mark.parametrize("arguments", [("review",), ("review", "1", "--all"), ("review", "one"), ("reviews",)])
def test_a_wrong_command_line_is_exit_code_2(computer: Computer, arguments: tuple[str, ...]) -> None:
    assert computer.run(*arguments).returncode == 2


def test_status_without_a_running_tray_is_not_watching(computer: Computer) -> None:
    told = computer.run("status", "--json")
    status = json.loads(told.stdout)
    assert told.returncode == 3
    assert set(status) == STATUS_FIELDS
    assert (status["state"], status["cause"], status["since"]) == ("not-watching", "no-account", None)
    computer.settings(
        '[accounts.private]\nregion = "eu-west-1"\nqueue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"\n'
    )
    status = json.loads(computer.run("status", "--json").stdout)
    assert status["cause"] == "not-running"
    assert "trayapp run" in computer.run("status").stdout


def test_wrong_settings_are_told_with_file_line_and_fix_by_every_command_that_reads_them(computer: Computer) -> None:
    path = computer.settings("# mine\nbrowser_comand = []\n")
    for arguments in (("alerts",), ("status",), ("run",), ("login",), ("logout",)):
        told = computer.run(*arguments)
        assert (told.returncode, told.stdout) == (1, "")
        assert f"{path}, line 2: there is no setting 'browser_comand'; did you mean browser_command?" in told.stderr


def test_the_template_is_printed_as_it_is(computer: Computer) -> None:
    printed = computer.run("template")
    assert printed.returncode == 0
    assert "AWSTemplateFormatVersion" in printed.stdout


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", None])
def test_a_key_is_not_trusted_to_a_keyring_that_is_none(computer: Computer, backend: str | None) -> None:
    given = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "very/secret/indeed"}
    env = {"PYTHON_KEYRING_BACKEND": backend} if backend else {}
    refused = computer.run("login", "private", "--stdin", stdin=json.dumps(given), env=env)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "gnome-keyring" in refused.stderr
    assert "secret/indeed" not in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not list(computer.home.rglob("*.cfg"))


def test_a_damaged_store_is_told_and_left_as_it_is(computer: Computer) -> None:
    computer.store.parent.mkdir(parents=True)
    computer.store.write_bytes(b"this is no database, but somebody may want it" * 100)
    told = computer.run("alerts")
    assert (told.returncode, told.stdout) == (1, "")
    assert str(computer.store) in told.stderr
    assert "Traceback" not in told.stderr
    assert computer.store.read_bytes().startswith(b"this is no database")


def test_places_follow_the_xdg_base_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name))
    paths = Paths.platform()
    assert paths.settings == tmp_path / "CONFIG_HOME" / "trayapp" / "settings.toml"
    assert paths.store == tmp_path / "DATA_HOME" / "trayapp" / "alerts.sqlite3"
    assert paths.log == tmp_path / "STATE_HOME" / "trayapp" / "log" / "trayapp.log"
    assert paths.runtime == tmp_path / "RUNTIME_DIR" / "trayapp"
