"""What policies allow, whom a trust lets in, what a rule opens, and whose queue it is."""

import json

import pytest

from builders import ACCOUNT_ID
from core.signals.building import STRANGER, Json, Value, allowing, encoded, rule, trust
from trayapp.core.signals.places import place_of
from trayapp.core.signals.policies import allows_everything, is_quarantine, policy_name, strangers
from trayapp.core.signals.ports import WAYS_IN, open_ways_in, spoken_ports, written_ports


@pytest.mark.parametrize(
    ("action", "resource", "everything"),
    [
        ("*", "*", True),
        (["s3:GetObject", "*"], ["*"], True),
        ("IAM:*", "*", True),
        ("*", "arn:aws:s3:::bucket/*", False),
        ("s3:*", "*", False),
        ([], "*", False),
    ],
)
def test_mastery_of_the_account_is_recognised(action: Value, resource: Value, *, everything: bool) -> None:
    document = allowing(action, resource)
    for written in (document, json.dumps(document), encoded(document)):
        assert allows_everything(written) is everything


def test_what_is_denied_is_not_allowed() -> None:
    assert not allows_everything({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})


@pytest.mark.parametrize(
    ("principal", "outside"),
    [
        ("*", ("*",)),
        ({"AWS": "*"}, ("*",)),
        ({"AWS": STRANGER}, (STRANGER,)),
        ({"AWS": f"arn:aws:iam::{STRANGER}:user/x"}, (STRANGER,)),
        ({"AWS": [f"arn:aws:iam::{ACCOUNT_ID}:root", ACCOUNT_ID]}, ()),
        ({"AWS": "AIDAEXAMPLE7USER0001"}, ()),
        ({"Service": "ec2.amazonaws.com"}, ()),
        ({"CanonicalUser": "79a59df900b949e5"}, ("79a59df900b949e5",)),
        ({"Federated": f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/okta"}, ("federated:okta",)),
        ({"Federated": "accounts.google.com"}, ("federated:accounts.google.com",)),
        ({}, ()),
    ],
)
def test_strangers_are_told_from_the_accounts_own(principal: Value, outside: tuple[str, ...]) -> None:
    assert strangers(encoded(trust(principal)), ACCOUNT_ID) == outside


def test_whoever_is_not_excluded_is_anyone() -> None:
    document = {"Statement": {"Effect": "Allow", "NotPrincipal": {"AWS": STRANGER}, "Action": "sts:AssumeRole"}}
    assert strangers(document, ACCOUNT_ID) == ("*",)


def test_whom_a_trust_denies_it_lets_not_in() -> None:
    assert strangers(trust("*", Effect="Deny"), ACCOUNT_ID) == ()


@pytest.mark.parametrize("document", [None, "", "{", 7, [], {"Statement": "x"}])
def test_a_document_that_cannot_be_read_lets_nobody_in(document: object) -> None:
    assert strangers(document, ACCOUNT_ID) == ()
    assert not allows_everything(document)


@pytest.mark.parametrize(
    ("policy", "name"),
    [
        ("arn:aws-us-gov:iam::aws:policy/AdministratorAccess", "AdministratorAccess"),
        ("arn:aws:iam::aws:policy/job-function/Billing", "Billing"),
        ({"policyName": "own", "policyArn": ""}, "own"),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_policy_is_known_by_the_last_part_of_its_arn(policy: object, name: str) -> None:
    assert policy_name(policy) == name


@pytest.mark.parametrize("name", ["AWSCompromisedKeyQuarantine", "AWSCompromisedKeyQuarantineV3"])
def test_aws_quarantine_is_recognised(name: str) -> None:
    assert is_quarantine(name)
    assert not is_quarantine(f"My{name}")


@pytest.mark.parametrize(
    ("written", "ports"),
    [
        (rule(22), (22,)),
        (rule(22, "::/0"), (22,)),
        (rule(22, "0.0.0.0/1"), (22,)),
        (rule(22, "10.0.0.0/8"), ()),
        (rule(443), ()),
        (rule(20, toPort=23), (21, 22, 23)),
        (rule(None, ipProtocol="-1"), tuple(WAYS_IN)),
        (rule(0, toPort=65535), tuple(WAYS_IN)),
        (rule(22, ipProtocol="udp"), ()),
        (rule(22, ipProtocol="6"), (22,)),
        ({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["0.0.0.0/0"]}, (22,)),
        ({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "userIdGroupPairs": [{"groupId": "sg-1"}]}, ()),
        ({}, ()),
    ],
)
def test_ways_in_for_the_whole_internet_are_found(written: Json, ports: tuple[int, ...]) -> None:
    assert open_ways_in([written]) == ports


def test_ports_are_named() -> None:
    assert spoken_ports(written_ports([22])) == "SSH (22)"
    assert spoken_ports(written_ports([22, 23, 3389])) == "SSH (22), Telnet (23) and Remote Desktop (3389)"
    assert spoken_ports(written_ports(WAYS_IN)) == "every port"
    assert not spoken_ports(written_ports([]))
    assert not spoken_ports("SSH, 222 or so")


@pytest.mark.parametrize(
    ("named", "place"),
    [
        (f"https://sqs.eu-west-1.amazonaws.com/{ACCOUNT_ID}/trayapp", (ACCOUNT_ID, "trayapp")),
        (f"http://127.0.0.1:5000/{ACCOUNT_ID}/trayapp", (ACCOUNT_ID, "trayapp")),
        (f"arn:aws:sqs:eu-west-1:{ACCOUNT_ID}:trayapp", (ACCOUNT_ID, "trayapp")),
        (f"arn:aws:sns:eu-west-1:{ACCOUNT_ID}:topic:0a1b2c3d", (ACCOUNT_ID, "topic")),
        (f"arn:aws:events:eu-west-1:{ACCOUNT_ID}:rule/bus/calls", (ACCOUNT_ID, "calls")),
        ("calls", ("", "calls")),
        ("https://[", ("", "https://[")),
    ],
)
def test_a_queue_is_the_same_however_it_is_named(named: str, place: tuple[str, str]) -> None:
    assert place_of(named) == place
