"""What is offered when its owner says "that was me, and always": never what a rule may not hide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    ACCOUNT_ID,
    NOW,
    QUICK,
    STACK,
    Value,
    actor,
    finding,
    incident,
    instance_finding,
    machine,
    takeover_steps,
)
from trayapp.core import rule_words
from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Finding, Lane, Theme, Trust
from trayapp.core.history import matches
from trayapp.core.incidents import Incident
from trayapp.core.offering import By, Offer, Refusal, Trial, covering, keeps_quiet, offers, refusal, tried_on
from trayapp.core.policy import TAG, Mute, Policy
from trayapp.core.severity import Severity
from trayapp.core.weighing import mute
from trayapp.settings.rules import check_rules, mute_values

TAGGED = {f"{TAG}env": "dev", f"{TAG}team": "web", f"{TAG}aws:autoscaling:groupName": "workers"}
ONE = instance_finding(links=frozenset({STACK}), details=TAGGED, actor=actor(), lane=Lane.CLOUDTRAIL)
OTHER = replace(ONE, signal="sg-open", fingerprint="other", details={f"{TAG}env": "dev"}, theme=Theme.NETWORK)
HERE = Mute(account=ACCOUNT_ID)


def offered(*findings: Finding, **changes: Value) -> set[tuple[By, str]]:
    return {(offer.by, offer.value) for offer in offers(incident(1, *findings, **changes))}


def test_a_rule_by_stack_by_actor_and_by_each_tag_is_offered_within_the_account() -> None:
    assert offers(incident(1, ONE)) == (
        Offer(By.STACK, "web", replace(HERE, stack="web")),
        Offer(By.ACTOR, "deploy", replace(HERE, actor="deploy", signal="ec2-new")),
        Offer(By.TAG, "env=dev", replace(HERE, tag="env=dev")),
        Offer(By.TAG, "team=web", replace(HERE, tag="team=web")),
    )


def test_it_goes_by_what_all_parts_share() -> None:
    assert offered(ONE, OTHER) == {(By.STACK, "web"), (By.ACTOR, "deploy"), (By.TAG, "env=dev")}
    assert offered(ONE, replace(OTHER, links=frozenset(), details={f"{TAG}env": "prod"}, actor=None)) == set()


def test_what_an_actor_did_in_several_ways_is_kept_quiet_whatever_the_signal() -> None:
    (rule,) = [offer.rule for offer in offers(incident(1, ONE, OTHER)) if offer.by is By.ACTOR]
    assert rule == replace(HERE, actor="deploy")


def test_a_rule_takes_names_literally() -> None:
    wild = replace(ONE, details={f"{TAG}a*": "[x]?"}, links=frozenset(), actor=None)
    (offer,) = offers(incident(1, wild))
    assert (offer.value, offer.rule.tag) == ("a*=[x]?", "a[*]=[[]x][?]")
    assert offer.rule.hides(wild)
    assert not offer.rule.hides(replace(wild, details={f"{TAG}ab": "[x]y"}))


def test_what_no_line_of_the_settings_could_say_is_not_offered() -> None:
    details = {f"{TAG}a=b": "c", f"{TAG}long": "x" * 200, f"{TAG}bidi": "\u202eabc"}
    assert offered(replace(ONE, details=details, links=frozenset(), actor=None)) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"severity": Severity.CRITICAL}, Refusal.CRITICAL),
        ({"severity": Severity.LOW}, Refusal.QUIET),
        ({"muted": "by a rule"}, Refusal.QUIET),
        ({"theme": Theme.GUARD}, Refusal.GUARD),
        ({"lane": Lane.CLIENT}, Refusal.GUARD),
        ({"trust": Trust.UNVERIFIED}, Refusal.UNPROVED),
        ({"trust": Trust.FORGED}, Refusal.UNPROVED),
    ],
)
def test_of_some_no_rule_is_made_at_all(changes: dict[str, Value], expected: Refusal) -> None:
    single = incident(1, replace(ONE, **changes))
    assert offers(single) == ()
    assert {refusal(single, by) for by in (None, *By)} == {expected}


def test_what_adds_up_to_something_critical_is_not_offered() -> None:
    machines = incident(1, *(replace(machine(number), links=frozenset({STACK})) for number in range(10)))
    assert machines.severity is Severity.CRITICAL
    assert refusal(machines) is Refusal.CRITICAL


def test_one_unproved_part_is_enough_to_make_no_rule() -> None:
    assert refusal(incident(1, ONE, replace(OTHER, trust=Trust.FORGED))) is Refusal.UNPROVED


@pytest.mark.parametrize(
    ("who", "by", "expected"),
    [
        (None, By.STACK, Refusal.IDENTITY_CHOSEN),
        (None, By.TAG, Refusal.IDENTITY_CHOSEN),
        (None, By.ACTOR, Refusal.NO_ACTOR),
        (None, None, Refusal.IDENTITY_UNKNOWN),
        (actor(kind=ActorKind.ROOT), By.ACTOR, Refusal.ROOT),
        (actor(kind=ActorKind.ROOT), None, Refusal.ROOT),
        (actor(account_id="210987654321"), By.ACTOR, Refusal.FOREIGN),
        (actor(account_id="210987654321"), None, Refusal.FOREIGN),
        (actor(), By.STACK, Refusal.IDENTITY_CHOSEN),
        (actor(), By.ACTOR, None),
        (actor(), None, None),
    ],
)
def test_what_is_about_identities_is_kept_quiet_by_a_known_actor_alone(
    who: Actor | None, by: By | None, expected: Refusal | None
) -> None:
    user = finding(actor=who, links=frozenset({STACK}), details=TAGGED, lane=Lane.CLOUDTRAIL)
    assert refusal(incident(1, user), by) is expected


def test_an_actor_who_did_several_things_to_identities_is_not_kept_quiet() -> None:
    first = finding(actor=actor(), lane=Lane.CLOUDTRAIL)
    both = incident(1, first, replace(first, signal="iam-key-new", fingerprint="key"))
    assert (offers(both), refusal(both), refusal(both, By.ACTOR)) == (
        (),
        Refusal.IDENTITY_MIXED,
        Refusal.IDENTITY_MIXED,
    )


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (By.STACK, Refusal.NO_STACK),
        (By.ACTOR, Refusal.NO_ACTOR),
        (By.TAG, Refusal.NO_TAG),
        (None, Refusal.NOTHING),
    ],
)
def test_what_has_nothing_to_go_by_says_so(by: By | None, expected: Refusal) -> None:
    assert refusal(incident(1, instance_finding(links=frozenset(), details={})), by) is expected


def test_a_takeover_is_never_kept_quiet() -> None:
    assert not any(offered(step) for step in takeover_steps())


texts = st.text(st.characters(codec="utf-8"), max_size=12)
tags_of = st.dictionaries(texts.map(TAG.__add__), texts, max_size=3)
stacks = st.frozensets(texts.map("stack:{}".format), max_size=2)
actors = st.none() | st.builds(
    actor,
    kind=st.sampled_from(ActorKind),
    name=texts,
    account_id=st.sampled_from([ACCOUNT_ID, "210987654321", ""]),
)
parts = st.builds(
    lambda number, **changes: replace(ONE, fingerprint=str(number), **changes),
    st.integers(0, 9),
    signal=st.sampled_from(["ec2-new", "iam-user-new", "sg-open"]),
    theme=st.sampled_from(Theme),
    severity=st.sampled_from(Severity),
    lane=st.sampled_from(Lane),
    trust=st.sampled_from(Trust),
    account_id=st.sampled_from([ACCOUNT_ID, ""]),
    links=stacks,
    details=tags_of,
    actor=actors,
)


@given(st.lists(parts, min_size=1, max_size=3))
@QUICK
def test_every_offer_is_taken_by_the_settings_and_keeps_quiet_what_it_was_made_of(findings: list[Finding]) -> None:
    happened = incident(1, *findings)
    made = offers(happened)
    assert bool(made) is (refusal(happened) is None)
    for offer in made:
        rule = replace(offer.rule, until=date(2026, 12, 24))
        (read,) = check_rules({"mute": [mute_values(rule)]}).mutes
        assert read == rule
        policy = Policy(mutes=(rule,))
        assert mute(policy.apply(each, NOW) for each in findings)
        assert not any(each.theme is Theme.GUARD or each.severity is Severity.CRITICAL for each in findings)
        assert rule_words.sentence(offer)


# What it would have done


def test_a_trial_counts_what_was_told_and_what_would_not_have_been() -> None:
    rule = Mute(stack="web")
    told = [incident(1, ONE), incident(2, replace(ONE, severity=Severity.CRITICAL)), incident(3, finding())]
    untold = [incident(4, replace(ONE, severity=Severity.LOW)), incident(5, replace(ONE, muted="by another"))]
    assert Trial().further(rule, told).further(rule, untold) == Trial(1, 3)


def test_it_is_tried_on_what_was_told_in_thirty_days() -> None:
    ago = {days: incident(1, replace(ONE, happened=NOW - timedelta(days=days))) for days in (29, 31)}
    assert [days for days, each in ago.items() if matches(tried_on(NOW), each)] == [29]
    assert not matches(tried_on(NOW), incident(1, replace(ONE, severity=Severity.LOW)))
    assert not matches(tried_on(NOW), incident(1, replace(ONE, muted="by another")))


def test_a_rule_completes_what_another_mutes_already() -> None:
    half: Incident = incident(1, ONE, replace(OTHER, muted="by another", details={}, links=frozenset()))
    assert keeps_quiet(Mute(stack="web"), half)


def test_a_rule_that_covers_it_already_is_found_as_long_as_it_holds() -> None:
    rule = Mute(stack="web", until=date(2026, 11, 23))
    assert covering([Mute(stack="x"), rule], incident(1, ONE), NOW) is rule
    assert covering([rule], incident(1, ONE), NOW + timedelta(days=1)) is None


# In words


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (
            Offer(By.STACK, "web", replace(HERE, stack="web")),
            "Keeps quiet whatever belongs to the stack “web” in account 1234-5678-9012.",
        ),
        (Offer(By.STACK, "web", Mute(stack="web")), "Keeps quiet whatever belongs to the stack “web”."),
        (
            Offer(By.TAG, "env=dev", replace(HERE, tag="env=dev")),
            "Keeps quiet whatever has the tag “env=dev” in account 1234-5678-9012.",
        ),
        (Offer(By.TAG, "env=dev", Mute(tag="env=dev")), "Keeps quiet whatever has the tag “env=dev”."),
        (
            Offer(By.ACTOR, "deploy", replace(HERE, actor="deploy", signal="ec2-new")),
            "Keeps quiet the signal ec2-new where “deploy” causes it in account 1234-5678-9012.",
        ),
        (
            Offer(By.ACTOR, "deploy", Mute(actor="deploy", signal="ec2-new")),
            "Keeps quiet the signal ec2-new where “deploy” causes it.",
        ),
        (
            Offer(By.ACTOR, "deploy", replace(HERE, actor="deploy")),
            "Keeps quiet whatever “deploy” does in account 1234-5678-9012.",
        ),
        (Offer(By.ACTOR, "deploy", Mute(actor="deploy")), "Keeps quiet whatever “deploy” does."),
    ],
)
def test_a_rule_says_what_it_keeps_quiet(offer: Offer, said: str) -> None:
    assert rule_words.sentence(offer) == said


def test_a_rule_says_what_it_does_not_keep_quiet() -> None:
    by_signal = Offer(By.ACTOR, "deploy", Mute(actor="deploy", signal="iam-user-new"))
    assert rule_words.exception(by_signal) == rule_words.CRITICAL_STAYS
    assert rule_words.exception(Offer(By.STACK, "web", Mute(stack="web"))) == rule_words.IDENTITY_STAYS


def test_an_end_is_told_as_it_is_meant() -> None:
    assert rule_words.ending(None) == "It holds for good."
    assert rule_words.ending(date(2026, 12, 24)) == "It holds until the end of 2026-12-24."
    assert rule_words.ending(NOW) == "It holds until 2026-11-23 11:14."


def test_a_trial_is_told_in_numbers() -> None:
    assert rule_words.trial(Trial(3, 41)) == ("Of the alerts of the last 30 days it would have kept quiet: 3 of 41.")
