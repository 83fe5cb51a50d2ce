"""Whoever holds the account chooses names, ids and Regions: none of them bends a link, a sentence or the text."""

import unicodedata
from dataclasses import replace
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, QUICK, actor, clock, finding, incident
from core.signals.building import found
from core.signals.examples import EXAMPLES
from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme, Trust
from trayapp.core.incidents import Incident
from trayapp.core.regions import PARTITIONS
from trayapp.core.response import steps, support_text
from trayapp.core.response.support import LONGEST
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
HOSTS = tuple(partition.console_domain for partition in PARTITIONS.values())
TEXT = st.text(st.characters(exclude_categories=()), max_size=80) | st.sampled_from(
    [
        "",
        "{name}",
        "{}",
        "@evil.example",
        "//evil.example/",
        "../..",
        "#",
        "?x=",
        "&y",
        "\r\nHost: x",
        "“”",
        "a/b",
        "%2f",
        "x" * 400,
    ]
)
REGIONS = (
    st.sampled_from(["us-east-1", "sa-east-1", "global", "", "cn-north-1", "us-gov-west-1", "us-iso-east-1"]) | TEXT
)
ARNS = TEXT | st.builds("arn:{}:iam::1:user/{}".format, st.sampled_from([*PARTITIONS, "aws-iso", "evil"]), TEXT)
TYPES = (
    st.sampled_from(sorted({"AWS::Account", "AWS::EC2::Instance", "AWS::IAM::User", "AWS::Lambda::Function"})) | TEXT
)
ACTIONS = st.sampled_from(["DeleteLoginProfile", "EnableRegion", "CloseAccount", "PutAlternateContact"]) | TEXT
ACTORS = st.builds(
    Actor,
    kind=st.sampled_from(ActorKind),
    name=TEXT,
    session=TEXT,
    key_id=TEXT | st.just("AKIAEXAMPLE7XYZABC"),
    arn=ARNS,
    account_id=st.sampled_from([ACCOUNT_ID, "999988887777", ""]),
    mfa=st.none(),
)
NAMED = ("policy", "group", "user", "trusts", "size", "vcpus", "ports", "profile", "what", "scaling_group", "stack")
DETAILS = st.fixed_dictionaries({}, optional={**dict.fromkeys(NAMED, TEXT), "action": ACTIONS})
FINDINGS = st.builds(
    Finding,
    signal=st.sampled_from([signal.id for signal in CATALOGUE]) | TEXT,
    theme=st.sampled_from(Theme),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    lane=st.sampled_from(Lane),
    account_id=st.sampled_from([ACCOUNT_ID, ""]) | TEXT,
    region=REGIONS,
    subject=st.builds(Subject, TYPES, TEXT, TEXT, ARNS),
    fingerprint=st.uuids().map(str),
    links=st.frozensets(TEXT | TEXT.map("thing:AWS::IAM::User:{}".format) | TEXT.map("event:{}".format), max_size=3),
    happened=st.just(finding().happened) | st.none(),
    actor=st.none() | ACTORS,
    address=TEXT,
    agent=TEXT,
    trust=st.sampled_from(Trust),
    details=DETAILS,
)
AFFAIRS = st.lists(FINDINGS, min_size=1, max_size=8)


@given(AFFAIRS)
@settings(QUICK, max_examples=300)
def test_every_step_leads_to_aws_alone_and_says_nothing_that_hides(findings: list[Finding]) -> None:
    todo = steps(incident(1, *findings))
    assert todo
    assert len({step.id for step in todo}) == len(todo)
    for step in todo:
        _harmless(step.title, step.why, step.done_when, step.id)
        assert len(step.title) < 300
        assert len(step.id) < 400
        assert step.id.isascii()
        assert " " not in step.id
        if step.url is not None:
            address = urlsplit(step.url)
            assert address.scheme == "https"
            assert address.username is None
            assert address.port is None
            assert address.hostname == "support.aws.amazon.com" or str(address.hostname).endswith(HOSTS)
            assert step.url.isascii()
            assert not set(step.url) & set(" \r\n\"'<>\\")


@given(AFFAIRS, TEXT)
@settings(QUICK, max_examples=150)
def test_the_text_for_support_is_plain_and_fits_into_a_case(findings: list[Finding], label: str) -> None:
    one = incident(1, *findings)
    todo = steps(one)
    text = support_text(one, (), {step.id for step in todo[::2]}, clock(), label)
    assert 0 < len(text) <= LONGEST
    for line in text.splitlines():
        _harmless(line)
    assert text.count("\n") == len(text.splitlines()), "no other character ends a line"


def test_how_findings_are_spread_over_incidents_changes_nothing() -> None:
    every = [found(example.fact, example.signal, example.known) for example in EXAMPLES]
    apart = [incident(number, each) for number, each in enumerate(every, 1)]
    assert steps(incident(1, *every)) == steps(apart[0], apart[1:])


def test_a_name_that_looks_like_two_is_no_other_names_step() -> None:
    def made(*names: str) -> Incident:
        users = [finding(subject=Subject("AWS::IAM::User", name, name), fingerprint=name) for name in names]
        return incident(1, *users)

    shut = [step.id for step in steps(made("a/b", "a%2Fb", "a")) if step.id.startswith("shut-user")]
    assert sorted(shut) == ["shut-user/a", "shut-user/a%252Fb", "shut-user/a%2Fb"]
    long = ["x" * 300 + end for end in "ab"]
    assert len({step.id for step in steps(made(*long)) if step.id.startswith("shut-user")}) == 2


def test_where_no_console_is_public_there_is_no_link() -> None:
    secret = replace(finding(), region="us-iso-east-1", actor=actor(), severity=Severity.CRITICAL)
    assert {step.url for step in steps(incident(1, secret))} == {None}


def test_steps_stay_in_the_partition_of_the_account() -> None:
    chinese = replace(finding(), region="cn-northwest-1", actor=actor(), severity=Severity.CRITICAL)
    urls = [step.url for step in steps(incident(1, chinese)) if step.url]
    assert all(str(urlsplit(url).hostname).endswith(".console.amazonaws.cn") for url in urls)


def test_what_a_govcloud_account_costs_stands_in_its_standard_account() -> None:
    secret = replace(finding(), region="us-gov-east-1", actor=actor(), severity=Severity.CRITICAL)
    urls = {step.id: str(step.url) for step in steps(incident(1, secret))}
    assert urls["bill"] == "https://us-east-1.console.aws.amazon.com/billing/home?region=us-east-1#/bills"
    assert urlsplit(urls["look-users"]).hostname == "us-gov-west-1.console.amazonaws-us-gov.com"


def _harmless(*texts: str) -> None:
    for text in texts:
        assert not {unicodedata.category(char) for char in text} & UNSAFE, text
