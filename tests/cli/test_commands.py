"""The commands as a program or a person calls them, on a computer without a desktop and without a keyring."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from builders import NOW, body, judged, machine, notification, numbered, user_item
from cli.computer import Computer
from trayapp.core.finding import Finding
from trayapp.core.severity import Severity
from trayapp.inbox import judge
from trayapp.settings import Paths
from trayapp.store import Store

COMMANDS = (
    *("login", "logout", "run", "alerts", "review", "status", "quarantine", "doctor", "explain", "template", "demo"),
)
ALERT_FIELDS = {
    "id", "account", "account_name", "account_label", "region", "severity", "signal", "title", "text",
    "resource_type", "resource_id", "resource_name", "url", "count", "happened", "last", "created", "shown",
    "reviewed", "muted", "parts", "trust",
}  # fmt: skip
PART_FIELDS = {
    "signal", "severity", "certainty", "lane", "title", "region", "resource_type", "resource_id", "resource_name",
    "url", "happened", "actor", "address", "agent", "trust",
}  # fmt: skip
EXPLANATION_FIELDS = {
    "input", "kind", "unreadable", "facts", "signals", "considered", "incident", "severity", "title", "text", "url",
}  # fmt: skip
STATUS_FIELDS = {
    "state", "to_review", "cause", "since", "text", "paused_until", "quarantined", "accounts", "counts", "existing",
    "unverified",
}  # fmt: skip


def message(name: str) -> str:
    """Give the body of the message that tells of a new user."""
    return body(notification(user_item(resourceName=name, resourceId=f"AIDA{name.upper()}")))


def commit(store_path: Path, *findings: Finding) -> None:
    with Store(store_path) as store:
        store.commit("private", [judged(*findings)], NOW)


def commit_user(store_path: Path, name: str) -> None:
    """Commit an incident of its own, straight from the message."""
    [found] = judge(message(name), NOW).findings
    commit(store_path, replace(found, links=frozenset({f"event:{name}"})))


def test_every_command_has_help(computer: Computer) -> None:
    overview = computer.run("--help")
    assert overview.returncode == 0
    for command in COMMANDS:
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
    assert alert["created"] == "2026-11-23T11:14:40.000Z"
    assert (alert["shown"], alert["reviewed"], alert["muted"]) == (None, None, None)
    [part] = alert["parts"]
    assert set(part) == PART_FIELDS
    assert (alert["count"], part["signal"]) == (1, "iam-user-new")


def test_what_belongs_together_is_one_alert_with_its_parts(computer: Computer) -> None:
    commit(computer.store, *(machine(number) for number in range(3)))
    [alert] = json.loads(computer.run("alerts", "--json").stdout)
    assert (alert["count"], len(alert["parts"])) == (3, 3)
    assert alert["title"] == "Stack web: 3 instances"
    assert "Stack web: 3 instances" in computer.run("alerts").stdout


def test_alerts_say_whether_there_is_anything_to_review_about_them(computer: Computer) -> None:
    light, muted = numbered(1, severity=Severity.LOW), numbered(2, muted="muted by your rule: signal *, forever")
    commit(computer.store, light, muted, numbered(3), numbered(4))
    computer.run("review", "4")
    states = [line[7:16].strip() for line in computer.run("alerts").stdout.splitlines() if line[:5].strip()]
    assert states == ["reviewed", "to review", "muted", "noted"]
    assert [each["id"] for each in json.loads(computer.run("alerts", "--json", "--to-review").stdout)] == [3]
    assert computer.run("review", "--all").stdout == "1 alert is reviewed now.\n"


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


def test_a_message_is_explained_without_touching_anything(computer: Computer, tmp_path: Path) -> None:
    told = computer.run("explain", "-", stdin=message("helpdesk2"))
    assert (told.returncode, told.stderr) == (0, "")
    for said in ("AWS::IAM::User", "iam-user-new (high)", "New user “helpdesk2”", "https://us-east-1.console.aws."):
        assert said in told.stdout
    assert not computer.store.exists()


def test_explanations_in_json_are_an_object_a_line_with_the_documented_fields(
    computer: Computer, tmp_path: Path
) -> None:
    bodies = tmp_path / "bodies.jsonl"
    old = body(notification(user_item(configuration={"createDate": "2020-01-01T00:00:00.000Z"}, resourceName="old")))
    bodies.write_text("\n".join([message("helpdesk2"), old, json.dumps({"hello": "world"})]))
    told = computer.run("explain", "--json", str(bodies))
    new, existing, other = map(json.loads, told.stdout.splitlines())
    assert set(new) == set(existing) == set(other) == EXPLANATION_FIELDS
    assert [each["input"] for each in (new, existing, other)] == [f"{bodies}:{number}" for number in (1, 2, 3)]
    assert (new["severity"], new["title"]) == ("high", "New user “helpdesk2”")
    assert [each["id"] for each in new["signals"]] == ["iam-user-new"]
    assert (existing["title"], other["title"], other["facts"]) == (None, None, [])
    assert "existed before" in next(each["reason"] for each in existing["considered"] if each["id"] == "iam-user-new")


def test_what_cannot_be_read_is_explained_too(computer: Computer) -> None:
    told = computer.run("explain", stdin='{"messageType": "Configuration')
    assert told.returncode == 0
    assert "It cannot be read: " in told.stdout
    missing = computer.run("explain", "nowhere.json")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "nowhere.json cannot be read: " in missing.stderr


def test_no_message_steers_the_terminal_that_it_is_explained_on(computer: Computer) -> None:
    evil = "a\x1b]0;owned\x07\x9b2J\u202eb\r"
    item = user_item(resourceName=evil, resourceId=evil, awsRegion=evil, resourceType=f"AWS::{evil}::x")
    for hostile in (body(notification(item)), body(notification(user_item(resourceName=evil, awsRegion=evil)))):
        told = computer.run("explain", stdin=hostile)
        assert told.returncode == 0
        assert all(line.isprintable() for line in told.stdout.split("\n"))


def test_wrong_settings_are_told_with_file_line_and_fix_by_every_command_that_reads_them(computer: Computer) -> None:
    path = computer.settings("# mine\nbrowser_comand = []\n")
    for arguments in (("alerts",), ("status",), ("run",), ("login",), ("logout",), ("quarantine", "retry", "--all")):
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
