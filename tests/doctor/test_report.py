"""Whatever names somebody or something of theirs, and whatever is secret, is in no report; what helps is."""

import logging
import os
import re
import socket
import stat
import string
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import QUICK
from trayapp.cli.log import CarefulFormatter
from trayapp.core.records import StatusRecord
from trayapp.doctor.disguise import Disguise
from trayapp.doctor.report import Facts, report, save
from trayapp.doctor.steps import Outcome, Step
from trayapp.settings import Account, Settings

BASE64 = string.ascii_letters + string.digits + "+/"
KINDS = ["AKIA", "ASIA", "AIDA", "AROA"]
NAMED = [
    "account",
    "label",
    "queue",
    "user",
    "host",
    "domain",
    "iam_user",
    "role",
    "proxy",
    "mail",
    "instance",
    "topic",
]
CAPITALS = string.ascii_uppercase + "234567"


def word(size: int = 12) -> st.SearchStrategy[str]:
    """Give names that are no words of ours, so that finding one in a report means that it was not replaced."""
    return st.text("bcdfghjklmnpqrstvwxz", min_size=size, max_size=size)


digits = st.text(string.digits, min_size=12, max_size=12)
secret = st.builds(lambda a, b: f"aB3{a}/{b}"[:40], *[st.text(BASE64, min_size=30, max_size=30)] * 2)
key_id = st.builds(
    lambda kind, rest: kind + rest,
    st.sampled_from(["AKIA", "ASIA", "AIDA", "AROA"]),
    st.text(CAPITALS, min_size=16, max_size=16),
)
ipv4 = st.ip_addresses(v=4).map(str)
ipv6 = st.ip_addresses(v=6).map(str).filter(lambda address: len(address) > 8)


@st.composite
def owners(draw: st.DrawFn) -> dict[str, str]:
    """Give somebody: all that can tell who they are, and what must stay their secret."""
    names = draw(st.lists(word(), min_size=len(NAMED), max_size=len(NAMED), unique=True))
    found = dict(zip(NAMED, names, strict=True))
    found |= {
        "number": draw(digits),
        "other_number": draw(digits),
        "key_id": draw(key_id),
        "secret": draw(secret),
        "token": draw(st.text(BASE64, min_size=80, max_size=200)),
        "ipv4": draw(ipv4),
        "ipv6": draw(ipv6),
        "password": draw(word(10)),
        "instance_id": "i-" + draw(st.text("0123456789abcdef", min_size=17, max_size=17)),
    }
    return found


LINES = (
    "{account}: not-permitted (AccessDenied: User: arn:aws:iam::{number}:user/{iam_user} is not authorized to perform",
    "sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:{other_number}:{queue}), failure 1 in a row",
    'Could not connect to the endpoint URL: "https://sqs.{domain}.example/{number}/{queue}?x=1"',
    "HTTPSConnectionPool(host='{host}.{domain}.example', port=443): Max retries exceeded",
    "{host}.{domain}.example does not answer; nor does {ipv4}, {ipv4}:443, [{ipv6}]:443, {ipv6}",
    "assumed arn:aws:sts::{number}:assumed-role/{role}/{iam_user}; then {iam_user} and {role} went on",
    "the account is {grouped} or {number}, the instance {instance_id} “{instance}”",
    "[Errno 13] Permission denied: '/home/{user}/.local/share/trayapp/alerts.sqlite3'",
    "{home}/.config/trayapp/settings.toml, line 2: there is no setting 'x{label}'",
    r"C:\Users\{user}\AppData\Local\trayapp\trayapp.log",
    "/Users/{user}/Library/Logs/trayapp/trayapp.log and /var/home/{user}/x",
    "mail to {mail}@{domain}.example",
    "proxy http://{user}:{password}@{mail}:3128/ was asked before",
    "proxy http://{user}:{password}@{proxy}.{domain}.example:3128/ refused; {proxy}.{domain}.example asked",
    "key {key_id} with secret {secret}; X-Amz-Security-Token: {token}",
    "Signature={token}",
    "shortened: “{instance}…{iam_user}” on {host}…{domain}",
    "ip-10-1-2-3.eu-west-1.compute.internal of {user}",
    '{{"Type": "Notification", "Message": "{instance} {token}", "TopicArn": "arn:aws:sns:eu-west-1:{number}:{queue}"}}',
)
"""What may stand in a log or in what AWS refuses, with somebody's things in it."""


@contextmanager
def home_of(owner: dict[str, str]) -> Iterator[str]:
    """Let this process be the owner's, for the length of a block."""
    home = f"/home/{owner['user']}"
    changed = {
        "HOME": home,
        "USER": owner["user"],
        "LOGNAME": owner["user"],
        "HTTPS_PROXY": f"http://{owner['user']}:{owner['password']}@{owner['proxy']}.{owner['domain']}.example:3128",
    }
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield home
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def logged(lines: list[str]) -> str:
    """Write lines as the program's log does, each also as the text of an exception with its traceback."""
    formatter = CarefulFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    written = []
    for line in lines:
        try:
            raise_it(line)
        except ValueError:
            info = sys.exc_info()
        for argument, exception in ((line, None), ("it failed", info)):
            record = logging.LogRecord("trayapp.aws.poller", logging.WARNING, __file__, 1, "%s", (argument,), exception)
            written.append(formatter.format(record))
    return "\n".join(written)


def raise_it(line: str) -> None:
    """Raise an exception with this text."""
    raise ValueError(line)


def status_of(owner: dict[str, str], detail: str) -> StatusRecord:
    watch: dict[str, Any] = {
        "account": owner["account"],
        "label": owner["label"],
        "endpoint": f"{owner['host']}.{owner['domain']}.example:8443",
        "watching": False,
        "cause": "not-permitted",
        "sentence": "this key may not read the queue",
        "way_out": f"run: trayapp login {owner['account']}",
        "since": "2026-11-23T11:14:40.000Z",
        "detail": detail,
        "last_answer": None,
        "checks": [
            {
                "check": "trail",
                "outcome": "not-granted",
                "region": "eu-west-1",
                "cause": None,
                "sentence": f"the key belongs to account {owner['number']}",
                "detail": detail,
            }
        ],
        "checked": None,
    }
    return {  # type: ignore[typeddict-item] # as it comes over the control channel
        "state": "not-watching",
        "to_review": 1,
        "cause": "not-permitted",
        "since": "2026-11-23T11:14:40.000Z",
        "text": f"1 to review: New user “{owner['iam_user']}”.",
        "paused_until": None,
        "quarantined": 0,
        "accounts": [watch],
        "counts": {},
        "existing": 0,
    }


@given(owner=owners())
@QUICK
def test_nothing_of_anybodys_is_in_a_report(tmp_path_factory: pytest.TempPathFactory, owner: dict[str, str]) -> None:
    grouped = f"{owner['number'][:4]}-{owner['number'][4:8]}-{owner['number'][8:]}"
    with home_of(owner) as home:
        lines = [line.format(**owner, grouped=grouped, home=home) for line in LINES]
        log = tmp_path_factory.mktemp("log") / "trayapp.log"
        log.write_text(logged(lines), "utf-8")
        account = Account(
            owner["account"],
            "eu-west-1",
            f"https://sqs.eu-west-1.amazonaws.com/{owner['number']}/{owner['queue']}",
            label=owner["label"],
            endpoint_url=f"https://{owner['host']}.{owner['domain']}.example:8443",
            account_id=owner["number"],
            topics=(f"arn:aws:sns:eu-west-1:{owner['number']}:{owner['queue']}",),
        )
        steps = [Step("queue", Outcome.ILL, line, line, line, owner["account"], "eu-west-1") for line in lines]
        counts = {f"event:{line}": 1 for line in lines}
        text = report(Facts(steps, Settings((account,)), status_of(owner, lines[0]), counts, log))
    for what, value in {**owner, "grouped": grouped}.items():
        assert value.casefold() not in text.casefold(), f"{what}: {value}\n{text}"
    assert not re.search(rf"\\b{re.escape(socket.gethostname())}\\b", text)
    for helpful in (
        "not-permitted",
        "sqs:ReceiveMessage",
        "eu-west-1",
        "trayapp.aws.poller",
        "ValueError",
        "not-granted",
    ):
        assert helpful in text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("privateを監視しています", "<name-1>を監視しています"),
        ("アカウントprivateと本番", "アカウント<name-1>と<label-1>"),
        ("本番workの件、networkは別", "<label-1>の件、networkは別"),
        ("203.0.113.5から", "<address-1>から"),
        ("キー「backup-admin」が作成されました", "キー<text-1>が作成されました"),
        ("123456789012のアカウント", "<account-1>のアカウント"),
        ("db.internal.corp に接続", "<host-1> に接続"),
        ("i-0abcdef1234567890が起動", "<resource-1>が起動"),
    ],
)
def test_what_stands_in_a_japanese_sentence_is_replaced_though_no_space_parts_it(said: str, kept: str) -> None:
    disguise = Disguise({"name": ["private", "work"], "label": ["本番", "本番work"]})

    assert disguise(said) == kept


def test_the_same_thing_has_the_same_stand_in_everywhere() -> None:
    disguise = Disguise({"user": ["alice"]})
    assert disguise("123456789012 and 1234-5678-9012, 210987654321; alice, ALICE") == (
        "<account-1> and <account-1>, <account-2>; <user-1>, <user-1>"
    )
    assert disguise("again 210987654321") == "again <account-2>"


def test_what_helps_is_left_as_it_is() -> None:
    said = (
        "2026-11-23 21:00:00,123 WARNING trayapp.aws.poller: no-network, failure 3 in a row\n"
        "  botocore.exceptions.EndpointConnectionError: boto3 1.44.5 did not answer at 20:14\n"
        '  File "/opt/x/lib/python3.11/site-packages/botocore/httpsession.py", line 509, in send\n'
        '  File "/opt/x/trayapp/aws/poller.py", line 12, in _once\n'
        "  org.freedesktop.Notifications refused Notify; sqlite3.OperationalError: disk I/O error"
    )
    told = Disguise({})(said)
    assert told == said.replace('"/opt/x/lib/python3.11/site-packages', "site-packages").replace('.py"', ".py").replace(
        '"/opt/x/trayapp', "trayapp"
    )


@pytest.mark.parametrize(
    "host", ["trayapp.example.com", "botocore.corp", "sqlite3.alice.net", "asyncio.home", "alice.py"]
)
def test_a_host_that_looks_like_our_own_words_is_a_host(host: str) -> None:
    assert host not in Disguise({})(f"{host} does not answer")


def test_a_path_that_looks_like_our_own_is_not_kept() -> None:
    assert "secret" not in Disguise({})('File "/srv/trayapp/secretproject/x.py", line 1')


def test_no_text_can_bring_its_own_stand_ins() -> None:
    assert Disguise({})(chr(0xF0000) + "x 123456789012") == "�x <account-1>"


def test_an_amazon_host_is_known_as_one() -> None:
    assert Disguise({})("sqs.eu-west-1.amazonaws.com:443, nas.local") == "<aws-host-1>, <host-1>"


def test_a_report_without_anything_says_so(tmp_path: Path) -> None:
    text = report(Facts([], Settings(), None, {}, tmp_path / "none.log"))
    for said in ("== versions", "trayapp 0", "python 3", "boto3 1", "no running trayapp", "none yet", "there is none"):
        assert said in text


def test_a_report_takes_the_place_of_nothing_and_is_its_owners_alone(tmp_path: Path) -> None:
    path, victim = tmp_path / "report.txt", tmp_path / "victim"
    save(path, "well ✔\n")
    assert path.read_text("utf-8") == "well ✔\n"
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (tmp_path / "link").symlink_to(victim)
    for there in (path, tmp_path / "link"):
        with pytest.raises(FileExistsError):
            save(there, "other")
    assert not victim.exists()
