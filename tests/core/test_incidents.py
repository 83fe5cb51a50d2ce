"""What belongs together, how heavy it is, and what it is named by."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    ACCOUNT_ID,
    NOW,
    QUICK,
    STACK,
    before,
    finding,
    incident,
    instance_finding,
    machine,
    numbered,
    takeover_steps,
)
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER_WITHIN, takeover
from trayapp.core.tellings import distinct
from trayapp.core.ties import group, ties
from trayapp.core.weighing import BURST_MACHINES, BURST_VCPUS, mute, weigh

LINKS = (STACK, "group:web-asg", "event:e-1", "key:AKIA1", "session:role/1", "thing:x:1", "unknown:1")


def groups(*findings: Finding) -> list[set[str]]:
    """Group findings that were all received now; give the fingerprints."""
    return [{each.fingerprint for each in members} for members in group([(each, NOW) for each in findings])]


def sharing(link: str, *minutes: float) -> list[Finding]:
    """Give findings that share a link and nothing else, so many minutes after each other."""
    return [
        instance_finding(
            fingerprint=f"at-{minute}",
            links=frozenset({link, f"event:{minute}"}),
            happened=before(days=1) + timedelta(minutes=minute),
        )
        for minute in minutes
    ]


# What joins


@pytest.mark.parametrize(
    ("link", "minutes"),
    [
        (STACK, 60),
        ("group:web-asg", 60),
        ("thing:AWS::EC2::Instance:i-1", 60),
        ("key:AKIAEXAMPLE", 30),
        ("session:arn:aws:iam::1:role/x/me", 30),
        ("event:0a1b", 24 * 60),
    ],
)
def test_what_shares_a_link_is_one_incident_while_it_happens_close_together(link: str, minutes: int) -> None:
    assert len(groups(*sharing(link, 0, minutes))) == 1
    assert len(groups(*sharing(link, 0, minutes + 1))) == 2


def test_a_chain_of_near_ones_is_one_incident_however_long_it_is() -> None:
    assert len(groups(*sharing(STACK, *range(0, 600, 59)))) == 1


def test_a_link_of_no_known_kind_joins_nothing() -> None:
    assert len(groups(*sharing("unknown:1", 0, 1))) == 2


def test_two_lanes_that_tell_the_same_are_one_incident_however_late_the_second_is() -> None:
    early = finding(links=frozenset({"event:e-1"}))
    late = finding(lane=Lane.CLOUDTRAIL, links=frozenset({"key:AKIA1"}), happened=before(days=20))
    assert len(groups(early, late)) == 1


def test_one_that_ties_two_incidents_makes_them_one() -> None:
    one, another = machine(1), instance_finding(fingerprint="b", links=frozenset({"event:e-1"}))
    both = instance_finding(fingerprint="c", links=frozenset({STACK, "event:e-1"}))
    assert len(groups(one, another)) == 2
    assert len(groups(one, another, both)) == 1


def test_machines_and_the_network_around_them_are_one_incident() -> None:
    opened = machine(2, signal="sg-open", theme=Theme.NETWORK)
    assert len(groups(machine(1), opened)) == 1


@pytest.mark.parametrize("theme", [Theme.IDENTITY, Theme.GUARD, Theme.MONEY])
def test_people_the_guard_and_money_never_hide_in_a_deployment(theme: Theme) -> None:
    assert len(groups(machine(1), machine(2, theme=theme))) == 2


def test_what_is_critical_does_not_grow_quietly_inside_something_harmless() -> None:
    assert len(groups(machine(1), machine(2, severity=Severity.CRITICAL))) == 2
    assert len(groups(machine(1, severity=Severity.CRITICAL), machine(2, severity=Severity.CRITICAL))) == 1


@pytest.mark.parametrize("link", ["key:AKIA1", "session:role/x/me"])
def test_critical_acts_of_one_caller_are_one_incident_only_where_they_are_alike(link: str) -> None:
    made, gone, _ = (replace(step, links=frozenset({link})) for step in takeover_steps())
    another = replace(gone, fingerprint="gone:2")
    assert groups(made, gone, another) == [{"admin:1"}, {"gone:1", "gone:2"}]
    plain = [replace(each, severity=Severity.HIGH) for each in (made, gone)]
    assert len(groups(*plain)) == 1


def test_accounts_do_not_mix() -> None:
    assert len(groups(machine(1), machine(2, account_id="210987654321"))) == 2


def test_alike_ones_without_stack_event_or_actor_are_one_incident_within_ten_minutes() -> None:
    plain = frozenset({"thing:x:1"})
    first = instance_finding(fingerprint="1", links=plain, happened=before(minutes=30))
    near = instance_finding(fingerprint="2", links=frozenset({"thing:x:2"}), happened=before(minutes=20))
    far = instance_finding(fingerprint="3", links=frozenset({"thing:x:3"}), happened=before(minutes=9))
    elsewhere = replace(near, fingerprint="4", links=frozenset({"thing:x:4"}), region="eu-west-1")
    assert groups(first, near, far, elsewhere) == [{"1", "2"}, {"4"}, {"3"}]


def test_what_has_no_time_of_its_own_counts_from_when_it_was_received() -> None:
    timeless = [machine(number, happened=None) for number in (1, 2)]
    received = [(timeless[0], NOW), (timeless[1], before(hours=2))]
    assert len(group(received)) == 2
    assert len(group([(each, NOW) for each in timeless])) == 1


def test_no_text_in_a_link_leads_into_another_account_or_scope() -> None:
    # The parts of a tie's key are ours but for the last, so that a bar in a name opens no other part.
    evil = machine(2, account_id="1", links=frozenset({f"stack:x|{STACK}"}))
    assert not {tie.key for tie in ties(machine(1))} & {tie.key for tie in ties(evil)}


findings = st.builds(
    lambda number, **changes: instance_finding(fingerprint=f"f{number}", **changes),
    st.integers(1, 9),
    lane=st.sampled_from([Lane.CONFIG, Lane.CLOUDTRAIL]),
    severity=st.sampled_from([Severity.LOW, Severity.MEDIUM, Severity.CRITICAL]),
    theme=st.sampled_from([Theme.COMPUTE, Theme.NETWORK, Theme.IDENTITY]),
    links=st.lists(st.sampled_from(LINKS), max_size=2).map(frozenset),
    happened=st.none() | st.integers(0, 200).map(lambda minutes: before(minutes=minutes)),
    region=st.sampled_from(["eu-west-1", "us-east-1"]),
)
some = st.lists(findings, max_size=12, unique_by=lambda each: (each.fingerprint, each.lane))


@given(some, st.randoms())
@settings(QUICK, max_examples=200)
def test_the_same_findings_make_the_same_incidents_in_whatever_order(found: list[Finding], random: Random) -> None:
    expected = group([(each, NOW) for each in found])
    shuffled = found.copy()
    random.shuffle(shuffled)
    assert group([(each, NOW) for each in shuffled]) == expected
    assert sorted(map(repr, (each for members in expected for each in members))) == sorted(map(repr, found))


@given(some, findings)
@settings(QUICK, max_examples=200)
def test_one_more_finding_only_ever_joins(found: list[Finding], more: Finding) -> None:
    without = group([(each, NOW) for each in found])
    together = [set(map(id, members)) for members in group([(each, NOW) for each in (*found, more)])]
    for members in without:
        assert any(set(map(id, members)) <= each for each in together)


# How heavy


def test_an_incident_is_as_heavy_as_its_heaviest_part() -> None:
    assert weigh([machine(1, severity=Severity.LOW), machine(2, severity=Severity.HIGH)]) is Severity.HIGH
    assert weigh([]) is Severity.LOW


def test_so_many_machines_are_critical_together() -> None:
    many = [machine(number) for number in range(BURST_MACHINES)]
    assert weigh(many[1:]) is Severity.MEDIUM
    assert weigh(many) is Severity.CRITICAL


def test_so_many_vcpus_are_critical_together() -> None:
    half = {"size": "m6i.8xlarge", "vcpus": str(BURST_VCPUS // 2)}
    assert weigh([machine(1, details=half)]) is Severity.MEDIUM
    assert weigh([machine(1, details=half), machine(2, details=half)]) is Severity.CRITICAL


def test_a_machine_that_both_lanes_tell_counts_once_by_the_lane_that_knows_more() -> None:
    half = {"size": "m6i.8xlarge", "vcpus": str(BURST_VCPUS // 2)}
    both = [machine(1, details=half), machine(1, lane=Lane.CLOUDTRAIL, details={})]
    assert weigh(both) is Severity.MEDIUM
    assert weigh([*both, machine(2, details=half)]) is Severity.CRITICAL


@pytest.mark.parametrize("vcpus", ["", "-64", "64.0", "６４x", "a lot", "1e9"])
def test_a_number_of_vcpus_that_is_none_counts_as_nothing(vcpus: str) -> None:
    assert weigh([machine(1, details={"vcpus": vcpus})]) is Severity.MEDIUM


def test_a_machine_that_two_signals_tell_of_counts_once() -> None:
    half = {"size": "m6i.8xlarge", "vcpus": str(BURST_VCPUS // 2)}
    again = machine(1, signal="ec2-region", fingerprint="region", details=half)
    assert weigh([machine(1, details=half), again]) is Severity.MEDIUM


def test_only_machines_add_up() -> None:
    assert weigh([machine(number, signal="sg-open") for number in range(30)]) is Severity.MEDIUM


@given(st.lists(findings, max_size=12), findings)
@QUICK
def test_weight_never_falls_when_a_finding_joins(found: list[Finding], more: Finding) -> None:
    assert weigh([*found, more]) >= weigh(found)
    assert weigh([*found, more]) >= more.severity


# Muted


def test_an_incident_is_muted_only_while_each_part_of_it_is() -> None:
    muted = [machine(1, muted="a rule"), machine(2, muted="a rule")]
    assert mute(muted) == "a rule"
    assert mute([*muted, machine(3)]) == ""
    assert mute([]) == ""


# One takeover


def test_a_takeover_is_an_administrator_made_an_owner_removed_and_a_large_machine_started() -> None:
    made, gone, large = takeover_steps()
    assert takeover([(each, NOW) for each in (large, made, gone)]) == (made, gone, large)


@pytest.mark.parametrize("missing", range(3))
def test_two_of_the_three_steps_are_no_takeover(missing: int) -> None:
    steps = list(takeover_steps())
    del steps[missing]
    assert takeover([(each, NOW) for each in steps]) == ()


@pytest.mark.parametrize("refused", range(3))
def test_a_step_that_aws_refused_is_none(refused: int) -> None:
    steps = list(takeover_steps())
    steps[refused] = replace(steps[refused], certainty=Certainty.REFUSED)
    assert takeover([(each, NOW) for each in steps]) == ()


@pytest.mark.parametrize("apart", [TAKEOVER_WITHIN, -TAKEOVER_WITHIN])
def test_the_steps_lie_within_hours_of_the_administrator(apart: timedelta) -> None:
    made, gone, large = takeover_steps()
    assert made.happened
    at_last = replace(large, happened=made.happened + apart)
    assert len(takeover([(each, NOW) for each in (made, gone, at_last)])) == 3
    too_late = replace(large, happened=made.happened + apart * 1.001)
    assert takeover([(each, NOW) for each in (made, gone, too_late)]) == ()


def test_what_lies_elsewhere_in_time_is_no_step_of_it() -> None:
    made, gone, large = takeover_steps()
    old = replace(gone, fingerprint="gone:old", happened=before(days=2))
    assert takeover([(each, NOW) for each in (old, made, gone, large)]) == (made, gone, large)


def test_a_step_that_two_lanes_tell_stands_there_once() -> None:
    made, gone, large = takeover_steps()
    again = replace(gone, lane=Lane.CLOUDTRAIL)
    assert takeover([(each, NOW) for each in (made, gone, again, large)]) == (made, again, large)


# The second telling, the name, the times


def test_of_two_tellings_the_one_that_knows_the_actor_stays() -> None:
    config, cloudtrail = finding(), finding(lane=Lane.CLOUDTRAIL)
    assert distinct([config, cloudtrail]) == distinct([cloudtrail, config]) == (cloudtrail,)
    assert incident(1, config, cloudtrail).parts == (cloudtrail,)


def gone(name: str, *, call: bool, minutes: float = 0, certainty: Certainty = Certainty.NEW) -> Finding:
    """Tell of a user deleted, as a call does, by name, or as AWS Config does, here by an id alone."""
    fingerprint = f"iam-user-gone:{ACCOUNT_ID}:{name if call else f'AIDA{name}'}"
    return finding(
        signal="iam-user-gone",
        severity=Severity.CRITICAL,
        lane=Lane.CLOUDTRAIL if call else Lane.CONFIG,
        subject=Subject("AWS::IAM::User", "" if call else f"AIDA{name}", name if call else ""),
        fingerprint=fingerprint,
        links=frozenset(),
        happened=NOW + timedelta(minutes=minutes),
        certainty=certainty,
    )


def test_a_deleted_user_known_by_id_alone_is_the_one_whom_a_call_deleted_about_then() -> None:
    call, report = gone("alice", call=True), gone("alice", call=False, minutes=5)
    assert len(groups(call, report)) == 1
    assert distinct([report, call]) == (call,)


def test_a_deleted_user_without_a_call_of_his_own_stands_by_himself() -> None:
    calls = [gone("alice", call=True)]
    reports = [gone("alice", call=False, minutes=5), gone("bob", call=False, minutes=6)]
    assert len(distinct([*calls, *reports])) == 2
    assert len(groups(gone("alice", call=True), gone("bob", call=False, minutes=60))) == 2
    refused = gone("alice", call=True, certainty=Certainty.REFUSED)
    assert len(groups(refused, gone("alice", call=False))) == 2


@given(st.lists(findings, max_size=12), st.randoms())
@QUICK
def test_each_happening_stands_once_and_in_the_same_order(found: list[Finding], random: Random) -> None:
    parts = distinct(found)
    assert sorted(each.fingerprint for each in parts) == sorted({each.fingerprint for each in found})
    assert [each.happened for each in parts if each.happened] == sorted(
        each.happened for each in parts if each.happened
    )
    if len({(each.fingerprint, each.lane) for each in found}) == len(found):
        shuffled = found.copy()
        random.shuffle(shuffled)
        assert distinct(shuffled) == parts


def test_an_incident_is_named_by_its_heaviest_part_and_of_several_by_the_first() -> None:
    light = numbered(1, severity=Severity.LOW, happened=before(hours=2))
    first = numbered(2, happened=before(hours=1))
    second = numbered(3, happened=before(minutes=1))
    assert incident(1, second, light, first).main is first


def test_an_incident_lasts_from_its_first_to_its_last_happening() -> None:
    whole = incident(1, machine(1, happened=before(minutes=9)), machine(2, happened=None), machine(3, happened=NOW))
    assert (whole.first, whole.last) == (before(minutes=9), NOW)
    timeless = incident(1, machine(1, happened=None))
    assert (timeless.first, timeless.last) == (None, None)


def test_there_is_something_to_say_until_it_was_shown_and_again_when_it_is_heavier() -> None:
    assert incident().unspoken
    assert not incident(shown=NOW, told=Severity.HIGH).unspoken
    assert not incident(shown=NOW, told=Severity.CRITICAL).unspoken
    assert incident(shown=NOW, told=Severity.MEDIUM).unspoken
