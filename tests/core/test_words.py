"""The sentences about incidents."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    NOW,
    QUICK,
    STACK,
    actor,
    before,
    clock,
    finding,
    incident,
    instance_finding,
    instance_subject,
    machine,
    numbered,
    takeover_steps,
    user_subject,
)
from trayapp.core import words
from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.incidents import Incident
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.text import clean

FIRST_SEEN = Certainty.FIRST_SEEN
HUGE = {"size": "p5.48xlarge", "vcpus": "192"}
GROUP = frozenset({"group:web-asg"})


def part(resource_type: str, number: int) -> Finding:
    return replace(machine(number), subject=Subject(resource_type, f"sg-{number}"), details={})


def takeover() -> Incident:
    pattern = finding(
        signal=TAKEOVER,
        severity=Severity.CRITICAL,
        lane=Lane.CLIENT,
        subject=Subject("AWS::Account", "123456789012"),
        fingerprint="takeover:1",
    )
    return incident(1, pattern, steps=takeover_steps())


# Titles


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (finding(), "New user “helpdesk2”"),
        (finding(certainty=FIRST_SEEN), "User “helpdesk2”, seen for the first time"),
        (finding(subject=user_subject(name="")), "New user “AIDAEXAMPLE7USER0001”"),
        (instance_finding(), "New instance t3.micro in Tokyo"),
        (instance_finding(region="global"), "New instance t3.micro"),
        (instance_finding(region="xx-new-1"), "New instance t3.micro in xx-new-1"),
    ],
)
def test_of_a_single_finding_the_title_alone_says_what_happened(found: Finding, title: str) -> None:
    assert words.title(incident(1, found), "private") == title


def test_what_both_lanes_tell_is_still_a_single_finding() -> None:
    both = incident(1, finding(), finding(lane=Lane.CLOUDTRAIL, actor=actor()))
    assert words.title(both, "private") == "New user “helpdesk2”"


def test_of_a_deployment_the_title_names_the_stack_and_counts_what_it_made() -> None:
    parts = (machine(1), machine(2), part("AWS::EC2::SecurityGroup", 3), part("AWS::EC2::SecurityGroup", 4))
    assert words.title(incident(1, *parts), "private") == "Stack web: 2 instances, 2 security groups"


def test_a_part_that_does_not_say_its_stack_belongs_to_it_as_well() -> None:
    parts = (machine(1, happened=before(minutes=9)), machine(2, links=frozenset({"event:1"})))
    assert words.title(incident(1, *parts), "private") == "Stack web: 2 instances"


def test_of_two_stacks_neither_names_the_incident() -> None:
    other = STACK.replace("/web/", "/db/")
    parts = (machine(1, happened=before(minutes=9)), machine(2, links=frozenset({other}), details={"size": "m5.large"}))
    assert words.title(incident(1, *parts), "private") == "New instance t3.micro in Tokyo, and 1 more"


def test_a_part_of_several_stacks_is_always_called_by_the_same_one() -> None:
    links = frozenset(STACK.replace("/web/", f"/{name}/") for name in "hgfedcba")
    assert words.title(incident(1, machine(1, links=links), machine(2, links=links)), "private").startswith("Stack a:")


def test_of_a_scaling_group_the_title_names_the_group() -> None:
    title = words.title(incident(1, machine(1, links=GROUP), machine(2, links=GROUP)), "private")
    assert title.endswith("group web-asg: 2 instances")


def burst(*regions: str, links: frozenset[str] = frozenset({"key:AKIA1"})) -> tuple[Finding, ...]:
    return tuple(machine(number, region=each, details=HUGE, links=links) for number, each in enumerate(regions))


def test_of_many_machines_of_one_size_the_title_says_how_many_and_where() -> None:
    assert words.title(incident(1, *burst(*["sa-east-1"] * 8)), "private") == "8 × p5.48xlarge in São Paulo"
    assert words.title(incident(1, *burst("sa-east-1", "us-east-1")), "private") == "2 × p5.48xlarge in 2 Regions"


@pytest.mark.parametrize("earlier", [0, 1, -1])
def test_that_the_region_was_never_used_is_said_in_the_body_of_what_was_made_there(earlier: int) -> None:
    large = instance_finding("p5.48xlarge", severity=Severity.CRITICAL)
    place = replace(large, signal="ec2-region", fingerprint="region", happened=before(minutes=3 + earlier))
    told = incident(1, large, place)
    assert words.title(told, "private") == "New instance p5.48xlarge in Tokyo"
    assert "in a Region you have never used" in words.body(told, "private", clock())
    assert words.title(incident(1, *burst(*["sa-east-1"] * 2), place), "private") == "2 × p5.48xlarge in São Paulo"


def test_an_unused_region_is_told_by_itself_where_nothing_else_is_known() -> None:
    place = instance_finding(signal="ec2-region", severity=Severity.CRITICAL)
    assert words.title(incident(1, place), "private").startswith("First instance in Tokyo")


def test_one_machine_that_two_signals_tell_of_is_one() -> None:
    large = instance_finding("p5.48xlarge", severity=Severity.HIGH)
    other = replace(large, signal="ec2-role-swap", fingerprint="swap", severity=Severity.MEDIUM)
    title = words.title(incident(1, large, other), "private")
    assert title == "New instance p5.48xlarge in Tokyo, and 1 more"


def test_of_anything_else_the_title_is_that_of_the_heaviest_and_counts_the_rest() -> None:
    parts = (numbered(1, happened=before(hours=1)), numbered(2), numbered(3))
    assert words.title(incident(1, *parts), "private") == "New user “user1”, and 2 more"


def test_the_title_of_a_takeover_names_the_account() -> None:
    assert words.title(takeover(), "private") == "This looks like a takeover of private"


# Bodies


def test_the_body_of_a_new_user_says_account_actor_and_time() -> None:
    told = words.body(incident(), "private", clock())
    assert told == "private · 1234-5678-9012 · AWS Config does not say by whom · 20:11, 3 min ago"


def test_who_did_it_is_said_where_cloudtrail_says_it() -> None:
    found = finding(lane=Lane.CLOUDTRAIL, actor=actor(), address="198.51.100.23")
    told = words.body(incident(1, finding(), found), "private", clock())
    assert told == ("private · 1234-5678-9012 · by user “deploy”, key …XYZABC, from 198.51.100.23 · 20:11, 3 min ago")


def test_the_first_of_several_actors_is_named_and_the_others_are_mentioned() -> None:
    by = [replace(actor(), name=name) for name in ("first", "second", "first")]
    parts = [numbered(number, lane=Lane.CLOUDTRAIL, actor=each) for number, each in enumerate(by)]
    told = words.body(incident(1, *parts), "private", clock())
    assert "by user “first”, key …XYZABC and others" in told
    assert "others" not in words.body(incident(1, *parts[::2]), "private", clock())


def test_whoever_can_be_named_is_named_before_those_who_cannot() -> None:
    by = [actor(kind=ActorKind.OTHER, name="", arn=""), actor()]
    parts = [numbered(number, lane=Lane.CLOUDTRAIL, actor=each) for number, each in enumerate(by)]
    assert "by user “deploy”, key …XYZABC and others" in words.body(incident(1, *parts), "private", clock())
    assert "others" not in words.body(incident(1, parts[0]), "private", clock())


def test_the_body_of_a_new_instance_says_which_and_where() -> None:
    told = words.body(incident(1, instance_finding(subject=instance_subject(name="web"))), "private", clock())
    assert told == "private · 1234-5678-9012 · “web” · i-0abc1…567890 · ap-northeast-1 · 20:11, 3 min ago"


def test_the_body_of_several_says_from_when_to_when() -> None:
    parts = (machine(1, happened=before(minutes=9)), machine(2))
    told = words.body(incident(1, *parts), "private", clock())
    assert told == "private · 1234-5678-9012 · 20:05 to 20:11"


def test_what_is_not_known_is_left_out_of_the_body() -> None:
    found = instance_finding(account_id="", region="", happened=before(hours=5))
    assert words.body(incident(1, found), "private", clock()) == "private · i-0abc1…567890 · 15:14"


def test_what_is_the_same_is_said_once() -> None:
    found = instance_finding(subject=instance_subject("xx-new-1"), region="xx-new-1")
    assert words.body(incident(1, found), "private", clock()).count("xx-new-1") == 1


def test_the_body_says_when_aws_does_not_say_since_when() -> None:
    told = words.body(incident(1, finding(certainty=FIRST_SEEN, happened=None)), "private", clock())
    assert told.endswith(" · AWS does not say since when; told 20:13, 1 min ago")


def test_the_body_of_a_takeover_tells_its_steps_in_order() -> None:
    told = words.body(takeover(), "private", clock())
    account, administrator, removed, large = told.split(" · ")
    assert account == "private"
    assert administrator == "19:54 “helpdesk2” is now an administrator"
    assert removed == "19:56 User “alice” was deleted"
    assert large.startswith("20:06 ")
    assert "p5.48xlarge in São Paulo" in large


def test_the_body_of_a_takeover_names_who_did_it_where_a_step_knows() -> None:
    first, *others = takeover_steps()
    steps = (replace(first, actor=actor(), address="198.51.100.23"), *others)
    told = words.body(replace(takeover(), steps=steps), "private", clock())
    assert told.endswith(f" · {words.by_whom(actor())}, from 198.51.100.23")


def test_steps_of_a_takeover_that_are_alike_are_told_together() -> None:
    removed = tuple(numbered(number, happened=before(minutes=20 - number)) for number in range(3))
    started = burst(*["sa-east-1"] * 8)
    told = words.body(replace(takeover(), steps=(*removed, *started)), "private", clock())
    assert told == "private · 19:54 New user “user0”, and 2 more · 20:11 8 × p5.48xlarge in São Paulo"


def test_of_many_steps_of_a_takeover_the_first_are_told_and_the_rest_counted() -> None:
    places = ("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-1", "sa-east-1")
    told = words.body(replace(takeover(), steps=burst(*places)), "private", clock()).split(" · ")
    assert len(told) == 6
    assert told[-1] == "and 3 more"


def test_a_line_says_title_account_and_time() -> None:
    assert words.line(incident(), "private", clock()) == "New user “helpdesk2” · private · 20:11"
    assert words.line(incident(1, finding(happened=None)), "private", clock()).endswith(" · 20:13")
    growing = incident(1, machine(1, happened=before(minutes=9)), machine(2, happened=NOW))
    assert words.line(growing, "private", clock()).endswith(" · 20:14")


# Who


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (actor(), "by user “deploy”, key …XYZABC"),
        (actor(key_id=""), "by user “deploy”"),
        (actor(kind=ActorKind.ROOT), "by the root user, key …XYZABC"),
        (actor(kind=ActorKind.ROOT, key_id=""), "by the root user"),
        (actor(kind=ActorKind.ROLE, name="admin", session="me"), "by role “admin”, session “me”"),
        (actor(kind=ActorKind.ROLE, name="admin"), "by role “admin”"),
        (actor(kind=ActorKind.SERVICE, name="autoscaling.amazonaws.com"), "by autoscaling.amazonaws.com"),
        (actor(kind=ActorKind.OTHER, name="somebody", key_id=""), "by somebody"),
        (actor(kind=ActorKind.ACCOUNT, name="", arn="arn:x", key_id=""), "by arn:x"),
        (actor(kind=ActorKind.OTHER, name="", arn=""), ""),
        (actor(kind=ActorKind.SERVICE, name="", arn=""), ""),
    ],
)
def test_everybody_who_acts_is_named_as_far_as_aws_names_him(who: Actor, said: str) -> None:
    assert words.by_whom(who) == said


# Names that others chose


HOSTILE = st.text(st.characters(exclude_categories=()), min_size=100, max_size=128)
SOME = st.sampled_from(["“", "”, and nothing else happened", "\u202e", "\n", ":stack/", "a/b:c", " · "]) | HOSTILE


def spoilt(found: Finding, text: str, link: str) -> Finding:
    return replace(
        found,
        account_id=text,
        region=text,
        subject=replace(found.subject, id=f"{found.subject.id}{text}", name=text, arn=text),
        links=frozenset({f"{link}:{text}"}),
        address=text,
        details=dict.fromkeys(found.details, text) | {"case": found.details.get("case", "")},
        actor=actor(name=text, session=text, key_id=text, arn=text, account_id=text),
    )


@given(
    text=SOME,
    label=SOME,
    found=st.lists(
        st.sampled_from([finding(), instance_finding(), machine(1), machine(2), machine(3, theme=Theme.NETWORK)]),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each.fingerprint,
    ),
    sure=st.sampled_from(Certainty),
    kind=st.sampled_from(ActorKind),
    link=st.sampled_from(["stack", "group", "event"]),
)
@settings(QUICK, max_examples=300)
def test_no_name_of_128_characters_bends_or_spoils_a_sentence(
    text: str, label: str, found: list[Finding], sure: Certainty, kind: ActorKind, link: str
) -> None:
    evil = [replace(spoilt(each, text, link), certainty=sure) for each in found]
    evil = [replace(each, actor=replace(each.actor, kind=kind)) for each in evil if each.actor]
    told = incident(1, *evil)
    for sentence, limit in (
        (words.title(told, label), 170),
        (words.body(told, label, clock()), 330),
        (words.line(told, label, clock()), 210),
    ):
        assert_unspoilt(sentence, limit)


@given(text=SOME, label=SOME)
@settings(QUICK, max_examples=100)
def test_no_name_bends_or_spoils_the_story_of_a_takeover(text: str, label: str) -> None:
    told = replace(takeover(), steps=tuple(spoilt(step, text, "event") for step in takeover_steps()))
    assert_unspoilt(words.title(told, label), 60)
    assert_unspoilt(words.body(told, label, clock()), 600)


def assert_unspoilt(sentence: str, limit: int) -> None:
    assert clean(sentence) == sentence
    assert len(sentence) <= limit
    opened = 0
    for char in sentence:
        opened += {"“": 1, "”": -1}.get(char, 0)
        assert opened in (0, 1), "no name closes or opens quotation marks"
    assert opened == 0
