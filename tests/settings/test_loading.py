"""What the settings may say; what is wrong is named with its file, its line and what to do."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from builders import ACCOUNT_ID
from settings.mistakes import IN_GENERAL, QUEUE, TOPIC_LINE, WORK, in_work
from trayapp.settings import Account, Settings, SettingsError, load
from trayapp.settings.load import line_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def problem(path: Path, text: str) -> str:
    """Load a text that is wrong, and give what is said of it after the name of the file."""
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path)
    said = str(caught.value)
    assert said.startswith(str(path)), "every error names the file"
    return said.removeprefix(str(path))


def test_without_a_file_there_is_nothing_to_watch(path: Path) -> None:
    assert load(path) == Settings((), ())


def test_an_empty_file_is_as_good_as_none(path: Path) -> None:
    path.write_text("# nothing yet\n")
    assert load(path) == Settings((), ())


def test_an_account_needs_only_a_region_and_a_queue(path: Path) -> None:
    path.write_text(WORK)
    (account,) = load(path).accounts
    assert account == Account("work", "eu-central-1", QUEUE)
    assert (account.called, account.endpoint_host) == ("work", "")


def test_accounts_come_in_the_order_of_the_file_with_all_they_say(path: Path) -> None:
    path.write_text(
        'browser_command = ["firefox", "--new-tab={url}"]\n'
        + WORK
        + '\n[accounts."demo.local"]\nregion = "us-east-1"\nqueue_url = "http://localhost:4566/000000000000/q"\n'
        + f'endpoint_url = "http://localhost:4566"\nlabel = "Démo"\naccount_id = "{ACCOUNT_ID}"\n'
    )
    settings = load(path)
    assert [account.name for account in settings.accounts] == ["work", "demo.local"]
    assert settings.browser_command == ("firefox", "--new-tab={url}")
    demo = settings.accounts[1]
    assert (demo.called, demo.endpoint_host, demo.account_id) == ("Démo", "localhost:4566", ACCOUNT_ID)


def test_unless_said_otherwise_aws_config_is_expected_where_the_queue_is_and_no_heartbeat(path: Path) -> None:
    path.write_text(WORK)
    (account,) = load(path).accounts
    assert (account.topics, account.config_regions, account.trail) == ((), ("eu-central-1",), None)
    assert account.heartbeat_period is None


def test_an_account_can_say_who_reports_to_it(path: Path) -> None:
    path.write_text(
        WORK
        + f'topics = [{TOPIC_LINE}, "arn:aws-us-gov:sns:us-gov-west-1:210987654321:other_Topic-1", {TOPIC_LINE}]\n'
        + 'regions = ["eu-central-1", "us-east-1"]\ntrail = true\nheartbeat = "1h"\n'
    )
    (account,) = load(path).accounts
    assert account.topics == (TOPIC_LINE[1:-1], "arn:aws-us-gov:sns:us-gov-west-1:210987654321:other_Topic-1")
    assert account.config_regions == ("eu-central-1", "us-east-1")
    assert account.trail is True
    assert account.heartbeat_period == timedelta(hours=1)


def test_an_account_can_be_without_aws_config_and_without_a_trail_on_purpose(path: Path) -> None:
    path.write_text(WORK + "regions = []\ntrail = false\n")
    (account,) = load(path).accounts
    assert account.config_regions == ()
    assert account.trail is False


@pytest.mark.parametrize(
    ("text", "period"),
    [("15m", timedelta(minutes=15)), ("6h", timedelta(hours=6)), ("1d", timedelta(days=1))],
)
def test_a_heartbeat_comes_every_so_many_minutes_hours_or_days(path: Path, text: str, period: timedelta) -> None:
    path.write_text(in_work(f'heartbeat = "{text}"'))
    (account,) = load(path).accounts
    assert account.heartbeat_period == period


@pytest.mark.parametrize(("text", "said"), IN_GENERAL)
def test_what_is_wrong_is_named_with_its_line_and_what_to_do(path: Path, text: str, said: str) -> None:
    assert problem(path, text) == said


@pytest.mark.parametrize(
    "url",
    [
        "https://sqs.eu-central-1.amazonaws.com.evil.example/1/q",
        "https://sqs.eu-central-1.amazonaws.evil/1/q",
        "https://sqs.eu-central-1.amazonaws.com@evil.example/1/q",
        "https://evil.example/sqs.eu-central-1.amazonaws.com/1/q",
        "http://sqs.eu-central-1.amazonaws.com/1/q",
        "ftp://sqs.eu-central-1.amazonaws.com/1/q",
        "arn:aws:sqs:eu-central-1:1:q",
        "q",
    ],
)
def test_a_queue_that_is_not_at_aws_is_refused(path: Path, url: str) -> None:
    said = problem(path, WORK.replace(QUEUE, url))
    assert said.startswith(", line 4: queue_url ")


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("sqs.eu-central-1.amazonaws.com", "eu-central-1"),
        ("SQS.EU-CENTRAL-1.AMAZONAWS.COM", "eu-central-1"),
        ("eu-central-1.queue.amazonaws.com", "eu-central-1"),
        ("queue.amazonaws.com", "us-east-1"),
        ("sqs.eu-central-1.api.aws", "eu-central-1"),
        ("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("sqs.cn-north-1.api.amazonwebservices.com.cn", "cn-north-1"),
        ("sqs.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("sqs.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
    ],
)
def test_a_queue_may_be_in_any_partition_under_any_of_its_hosts(path: Path, host: str, region: str) -> None:
    path.write_text(WORK.replace(QUEUE, f"https://{host}/{ACCOUNT_ID}/q").replace("eu-central-1", region, 1))
    assert load(path).accounts[0].region == region


@pytest.mark.parametrize("name", ["a", "Work-2", "x.y_z", "0" * 40])
def test_an_ordinary_name_can_name_an_account(path: Path, name: str) -> None:
    path.write_text(WORK.replace("accounts.work", f'accounts."{name}"'))
    assert load(path).accounts[0].name == name


@pytest.mark.parametrize("name", ["", " ", "-x", ".x", "a b", "ä", "a/b", "a:b", "x" * 41, "a\\nb"])
def test_a_name_that_no_command_line_or_keyring_would_take_is_refused(path: Path, name: str) -> None:
    assert "cannot name an account" in problem(path, WORK.replace("accounts.work", f'accounts."{name}"'))


@pytest.mark.parametrize(
    "endpoint", ["http://localhost:4566", "http://127.0.0.1:1", "http://[::1]:4566", "https://aws.example:8443/path"]
)
def test_a_server_of_ones_own_may_be_anywhere_over_https_and_on_this_computer_over_http(
    path: Path, endpoint: str
) -> None:
    path.write_text(in_work(f'endpoint_url = "{endpoint}"').replace(QUEUE, f"{endpoint}/000000000000/q"))
    assert load(path).accounts[0].endpoint_url == endpoint


def test_the_queue_of_a_server_of_ones_own_is_still_an_address_of_the_web(path: Path) -> None:
    text = in_work('endpoint_url = "http://localhost:4566"').replace(QUEUE, "file://localhost/q")
    assert problem(path, text) == ", line 4: queue_url must be the queue's address, beginning with https://."


@pytest.mark.parametrize(("text", "line"), [('a = "\n"', 1), ("\n\n[accounts.work\n", 3), (WORK + WORK, 6)])
def test_what_is_not_toml_is_named_with_its_line(path: Path, text: str, line: int) -> None:
    said = problem(path, text)
    assert said.startswith(": this is not TOML: ")
    assert f"(at line {line}, " in said
    assert said.endswith(". Mend that line.")


def test_what_is_not_utf_8_is_named(path: Path) -> None:
    path.write_bytes(b'[accounts.work]\nlabel = "B\xfcro"\n')
    with pytest.raises(
        SettingsError, match=r"settings\.toml: .*utf-8.*\. Make it readable UTF-8 text, or move it away\."
    ):
        load(path)


def test_what_cannot_be_read_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(SettingsError, match=r"settings\.toml: .*directory.*\. Make it readable UTF-8 text"):
        load(path)


LAID_OUT = """\
browser_command = [
  "firefox",
  "{url}",
]
[accounts."x.y"]
  region = "eu-central-1"
[accounts.'work']
queue_url="https://..."
[accounts]
home.region = "eu-west-1"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("browser_command",), 1),
        (("accounts", "x.y"), 5),
        (("accounts", "x.y", "region"), 6),
        (("accounts", "x.y", "queue_url"), 5),
        (("accounts", "work", "queue_url"), 8),
        (("accounts", "home", "region"), 10),
        (("accounts", "home", "queue_url"), 9),
        (("accounts", "gone"), 9),
        (("elsewhere",), None),
        ((), None),
    ],
)
def test_a_line_is_found_or_that_of_the_nearest_table(key: tuple[str, ...], line: int | None) -> None:
    assert line_of(LAID_OUT, key) == line


@pytest.mark.parametrize("language", ["auto", "en", "ja"])
def test_the_language_is_the_desktops_or_one_that_trayapp_speaks(path: Path, language: str) -> None:
    assert load(path).language == "auto"
    path.write_text(f'language = "{language}"\n')
    assert load(path).language == language


@pytest.mark.parametrize("said", ['"xx"', '"EN"', "true", '["en"]'])
def test_a_language_that_trayapp_does_not_speak_is_named_with_those_it_does(path: Path, said: str) -> None:
    message = problem(path, f"history_days = 90\nlanguage = {said}\n")
    assert message.startswith(", line 2: ")
    assert message.endswith('is no language of trayapp; write one of "auto", "en", "ja".')


def test_a_language_below_a_table_is_named_with_the_place_where_it_belongs(path: Path) -> None:
    assert "move it up, before the first line in brackets" in problem(path, WORK + 'language = "ja"\n')


def test_a_line_is_a_line_of_toml_whatever_else_a_value_may_hold(path: Path) -> None:
    label = b'label = "one\\u2028[accounts.other]\\u0085two"'.decode("unicode_escape")
    assert problem(path, f"{WORK}{label}\nheartbeat = 7\n") == ", line 6: heartbeat must be text in quotation marks."


def test_an_account_has_plain_digits(path: Path) -> None:
    path_to = problem(path, WORK + 'account_id = "１２３４５６７８９０１２"\n')
    assert path_to == ", line 5: account_id must be the twelve digits of an account."


def test_who_only_reads_settings_does_not_wait_for_the_library_that_writes_them() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, trayapp.settings; print('tomlkit' in sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert loaded.stdout == "False\n"
