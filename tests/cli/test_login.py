"""Signing in writes what the account's owner gave, and learns from the queue who reports to it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desktop_bench.cloud import Cloud, Inbox
from trayapp.aws.keys import AccessKey
from trayapp.cli import accounts
from trayapp.desktop.autostart import autostart
from trayapp.settings import Account, Paths, load

Login = Callable[..., Result]


class Keyring:
    """A keyring that takes everything."""

    def check(self) -> str:
        return "keyring of the test"

    def save(self, account: str, key: AccessKey) -> str:
        assert account
        assert key.secret
        return self.check()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture
def inbox(cloud: Cloud) -> Inbox:
    cloud.reset()
    return cloud.inbox()


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("CONFIG_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name))
    monkeypatch.setattr(accounts, "OsKeyStore", Keyring)
    return Paths.platform()


@pytest.fixture
def login(cloud: Cloud, inbox: Inbox, paths: Paths) -> Login:
    """Give what signs in, with these settings beside those that have to be."""

    def sign_in(**given: Any) -> Result:  # noqa: ANN401 - whatever JSON has
        details = {
            "access_key_id": cloud.access_key_id,
            "secret_access_key": cloud.secret_access_key,
            "region": cloud.region,
            "queue_url": inbox.queue_url,
            "endpoint_url": cloud.endpoint_url,
            **given,
        }
        return CliRunner().invoke(accounts.login, ["work", "--stdin"], input=json.dumps(details))

    return sign_in


def written(paths: Paths) -> Account:
    (account,) = load(paths.settings).accounts
    return account


def test_the_topics_are_learned_from_the_queues_policy_and_told(login: Login, inbox: Inbox, paths: Paths) -> None:
    done = login()

    assert done.exit_code == 0, done.output
    assert f"It listens to {inbox.topic_arn}." in done.stdout
    assert written(paths).topics == (inbox.topic_arn,)
    assert written(paths).account_id == "123456789012"


def test_topics_that_the_owner_names_are_not_learned(login: Login, paths: Paths) -> None:
    own = "arn:aws:sns:eu-west-1:123456789012:own"

    assert login(topics=[own]).exit_code == 0
    assert written(paths).topics == (own,)
    assert login().exit_code == 0
    assert written(paths).topics == (own,), "what was named stays named"


def test_an_empty_list_of_topics_has_them_learned_anew(login: Login, inbox: Inbox, paths: Paths) -> None:
    login(topics=["arn:aws:sns:eu-west-1:123456789012:own"])

    assert login(topics=[]).exit_code == 0
    assert written(paths).topics == (inbox.topic_arn,)


def test_every_setting_of_the_watch_can_be_given_and_stays(login: Login, cloud: Cloud, paths: Paths) -> None:
    assert login(regions=[cloud.region, "us-east-1"], trail=False, heartbeat="1h").exit_code == 0
    assert login(label="Work").exit_code == 0

    account = written(paths)
    assert (account.regions, account.trail, account.heartbeat) == ((cloud.region, "us-east-1"), False, "1h")
    assert account.label == "Work"


def test_no_aws_config_at_all_can_be_given(login: Login, paths: Paths) -> None:
    assert login(regions=[]).exit_code == 0
    assert written(paths).config_regions == ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"heartbeat": "hourly"}, "'hourly' is no period; write 15m, 1h or 1d, as in the stack."),
        ({"trail": "no"}, "trail must be true or false, without quotation marks."),
        ({"topics": "config"}, "topics must be a list of texts"),
        ({"label": 7}, "label must be text in quotation marks."),
        ({"secret_access_key": 7}, "secret_access_key is missing or is not one word"),
        ({"topic": []}, "there is no setting 'topic'; did you mean topics?"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    login: Login, paths: Paths, given: dict[str, Any], said: str
) -> None:
    refused = login(**given)

    assert refused.exit_code == 1
    assert said in refused.stderr
    assert not paths.settings.exists()


def test_what_is_no_object_is_refused(paths: Paths) -> None:
    refused = CliRunner().invoke(accounts.login, ["--stdin"], input='["AKIA"]')

    assert refused.exit_code == 1
    assert "one JSON object" in refused.stderr


@pytest.mark.parametrize(("answer", "kept"), [("", ""), ("no", ""), ("6h", "6h")])
def test_the_heartbeat_is_asked_for(cloud: Cloud, inbox: Inbox, paths: Paths, answer: str, kept: str) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text(
        f'[accounts.work]\nregion = "{cloud.region}"\nqueue_url = "{inbox.queue_url}"\n'
        f'endpoint_url = "{cloud.endpoint_url}"\n'
    )
    answers = [cloud.access_key_id, cloud.secret_access_key, "", "", "", answer, "n"]

    done = CliRunner().invoke(accounts.login, ["work"], input="\n".join(answers) + "\n")

    assert done.exit_code == 0, done.output
    assert written(paths).heartbeat == kept


@pytest.mark.skipif(sys.platform != "linux", reason="the switch is looked for where Linux desktops have it")
@pytest.mark.parametrize(("answer", "on"), [("", True), ("y", True), ("n", False)])
def test_whoever_signs_in_by_hand_is_asked_whether_it_shall_start_at_login(
    cloud: Cloud,
    inbox: Inbox,
    paths: Paths,
    answer: str,
    on: bool,  # noqa: FBT001 - a table's column
) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text(
        f'[accounts.work]\nregion = "{cloud.region}"\nqueue_url = "{inbox.queue_url}"\n'
        f'endpoint_url = "{cloud.endpoint_url}"\n'
    )
    answers = [cloud.access_key_id, cloud.secret_access_key, "", "", "", "", answer]

    done = CliRunner().invoke(accounts.login, ["work"], input="\n".join(answers) + "\n")

    assert done.exit_code == 0, done.output
    assert autostart().status().on is on


def test_what_signs_in_by_a_program_is_not_asked(login: Login) -> None:
    assert login().exit_code == 0
    assert not autostart().status().on
