"""The sentences about alerts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import QUICK, alert, before, clock, finding, instance_finding
from trayapp.core import words
from trayapp.core.alerts import Certainty, Finding
from trayapp.core.text import clean

FIRST_SEEN = Certainty.FIRST_SEEN
HOSTILE = st.text(st.characters(exclude_categories=()), min_size=100, max_size=128)


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (finding(), "New user “helpdesk2”"),
        (finding(certainty=FIRST_SEEN), "User “helpdesk2”, seen for the first time"),
        (finding(resource_name=""), "New user “AIDAEXAMPLE7USER0001”"),
        (finding(resource_name="backup-" + "x" * 60 + "-admin"), "New user “backup-xxxxxxxxxxxxx…xxxxxxxxxxxxx-admin”"),
        (instance_finding(), "New instance t3.micro in Tokyo"),
        (instance_finding(certainty=FIRST_SEEN), "Instance t3.micro in Tokyo, seen for the first time"),
        (instance_finding(size=""), "New instance in Tokyo"),
        (instance_finding(size="", certainty=FIRST_SEEN), "Instance in Tokyo, seen for the first time"),
        (instance_finding(region=""), "New instance t3.micro"),
        (instance_finding(region="global"), "New instance t3.micro"),
        (instance_finding(region="xx-new-1"), "New instance t3.micro in xx-new-1"),
    ],
)
def test_the_title_alone_says_what_happened(found: Finding, title: str) -> None:
    assert words.title(found) == title


def test_the_body_of_a_new_user_says_account_actor_and_time() -> None:
    told = words.body(alert(), "private", clock())
    assert told == "private · 1234-5678-9012 · AWS Config does not say by whom · made 20:11, 3 min ago"


def test_the_body_of_a_new_instance_says_which_and_where() -> None:
    told = words.body(alert(found=instance_finding(resource_name="web")), "private", clock())
    assert told == ("private · 1234-5678-9012 · “web” · i-0abc1…567890 · ap-northeast-1 · started 20:11, 3 min ago")


def test_what_is_not_known_is_left_out_of_the_body() -> None:
    found = instance_finding(account_id="", region="", resource_name="", happened=before(hours=5))
    assert words.body(alert(found=found), "private", clock()) == "private · i-0abc1…567890 · started 15:14"


def test_what_is_the_same_is_said_once() -> None:
    found = instance_finding(resource_id="xx-new-1", region="xx-new-1")
    assert words.body(alert(found=found), "private", clock()).count("xx-new-1") == 1


def test_the_body_says_when_aws_does_not_say_since_when() -> None:
    told = words.body(alert(found=finding(certainty=FIRST_SEEN, happened=None)), "private", clock())
    assert told.endswith(" · AWS does not say since when; told 20:13, 1 min ago")


def test_a_line_says_title_account_and_time() -> None:
    assert words.line(alert(), "private", clock()) == "New user “helpdesk2” · private · 20:11"
    assert words.line(alert(found=finding(happened=None)), "private", clock()).endswith(" · 20:13")


@given(HOSTILE, HOSTILE, st.sampled_from([finding(), instance_finding()]), st.sampled_from(Certainty))
@settings(QUICK, max_examples=200)
def test_no_name_of_128_characters_spoils_a_sentence(text: str, label: str, found: Finding, sure: Certainty) -> None:
    said = replace(found, certainty=sure, account_id=text, region=text, resource_id=text, resource_name=text, size=text)
    told = alert(found=said)
    for sentence, limit in (
        (words.title(told.finding), 100),
        (words.body(told, label, clock()), 220),
        (words.line(told, label, clock()), 140),
    ):
        assert clean(sentence) == sentence
        assert len(sentence) <= limit
        assert sentence.count("“") == sentence.count("”") <= 1
