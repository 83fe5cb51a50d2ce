"""What is news and what was there before, what becomes of refusals, and what findings share."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import ACCOUNT_ID, INSTANCE_ID, NOW, QUICK, USER_ID, actor, before
from core.signals.building import (
    ADMIN,
    REGION,
    ROLE,
    ROOT,
    STACK_TAGS,
    STRANGER,
    allowing,
    call,
    encoded,
    found,
    gains,
    inline,
    instance,
    item,
    old,
    role,
    rule,
    run_instances,
    security_group,
    signals_of,
    trust,
    updated,
    user,
    verdict,
)
from trayapp.core.facts import InstanceState, Judge, PropertyChange
from trayapp.core.finding import Certainty
from trayapp.core.severity import Severity
from trayapp.core.signals import NEW_WITHIN, NEW_WITHIN_DAILY, Known, Limits, explain, judge
from trayapp.core.signals.verdict_conditions import guardduty_severity

SETTLED = Known(settled=frozenset({ACCOUNT_ID}))


@pytest.mark.parametrize(
    ("age", "daily", "is_new"),
    [
        (timedelta(0), False, True),
        (timedelta(minutes=13), False, True),
        (NEW_WITHIN, False, True),
        (NEW_WITHIN + timedelta(microseconds=1), False, False),
        (timedelta(days=127), False, False),
        (NEW_WITHIN_DAILY, True, True),
        (NEW_WITHIN_DAILY + timedelta(microseconds=1), True, False),
        (timedelta(minutes=-5), False, True),
    ],
)
def test_its_age_when_aws_config_looked_tells_new_from_existing(age: timedelta, *, daily: bool, is_new: bool) -> None:
    captured = before(days=3)
    judgement = judge(user(captured=captured, born=captured - age, daily=daily), NOW, Known())
    assert bool(judgement.findings) is is_new
    assert bool(judgement.existing) is not is_new


def test_new_and_existing_share_their_fingerprint() -> None:
    assert judge(old(user()), NOW, Known()).existing == (found(user(), "iam-user-new").fingerprint,)


def test_a_thing_that_was_there_before_is_counted_once_however_many_signals_it_would_be() -> None:
    many = old(user(configuration={"attachedManagedPolicies": [ADMIN], "groupList": ["team"]}))
    assert len(judge(many, NOW, Known()).existing) == 1
    assert len(judge(old(instance("p5.48xlarge")), NOW, Known()).existing) == 1


def test_what_is_not_about_beginning_is_not_counted_as_existing() -> None:
    assert not judge(old(role(configuration={"assumeRolePolicyDocument": trust("*")})), NOW, Known()).existing


def test_without_a_capture_time_the_time_of_receiving_stands_in() -> None:
    assert judge(user(captured=None, born=before(minutes=59)), NOW, Known()).findings
    assert judge(user(captured=None, born=before(minutes=61)), NOW, Known()).existing


def test_a_user_without_a_time_of_creation_is_seen_for_the_first_time_and_weighs_as_much() -> None:
    finding = found(user(born=None), "iam-user-new")
    assert (finding.certainty, finding.severity, finding.happened) == (Certainty.FIRST_SEEN, Severity.HIGH, None)


def test_a_type_that_never_tells_its_time_is_light_until_the_first_inventory_is_over() -> None:
    opened = security_group(rule(22))
    assert found(opened, "sg-open").severity is Severity.LOW
    assert found(opened, "sg-open").certainty is Certainty.FIRST_SEEN
    assert found(opened, "sg-open", SETTLED).severity is Severity.HIGH


def test_a_user_made_and_made_administrator_before_aws_config_looked_is_both() -> None:
    both = user(configuration={"attachedManagedPolicies": [ADMIN], "userPolicyList": None, "groupList": None})
    assert signals_of(both) == ["iam-user-new", "iam-user-admin"]


def test_a_user_from_many_regions_is_one_happening() -> None:
    prints = {found(user(region=region), "iam-user-new").fingerprint for region in ("global", "us-east-1", "")}
    assert len(prints) == 1


def test_a_large_instance_is_told_instead_of_a_new_one() -> None:
    assert signals_of(instance("p5.48xlarge")) == ["ec2-large"]
    considered = {each.signal: each for each in explain(instance("p5.48xlarge"), NOW, Known())}
    assert considered["ec2-new"].reason == "ec2-large says it, and more"


def test_root_making_itself_a_key_is_told_once() -> None:
    made = call("iam", "CreateAccessKey", None, {"accessKey": {"accessKeyId": "AKIAEXAMPLEROOT00001"}}, actor=ROOT)
    assert signals_of(made) == ["root-key"]


def test_root_making_a_user_is_told_as_both() -> None:
    assert signals_of(call("iam", "CreateUser", {"userName": "x"}, actor=ROOT)) == ["iam-user-new", "root-login"]


def test_an_inline_policy_that_allows_everything_is_told_as_administrator_alone() -> None:
    written = updated(user(), gains("UserPolicyList.0", inline("all", allowing("*"))))
    assert signals_of(written) == ["iam-user-admin"]


def test_one_call_that_starts_instances_gives_a_finding_for_each() -> None:
    started = run_instances("i-00000000000000001", "i-00000000000000002", size="g5.xlarge")
    findings = judge(started, NOW, Known()).findings
    assert [each.subject.id for each in findings] == ["i-00000000000000001", "i-00000000000000002"]
    assert len({each.fingerprint for each in findings}) == 2
    assert {each.signal for each in findings} == {"ec2-large"}
    assert {each.details["vcpus"] for each in findings} == {"4"}


def test_a_region_is_told_once_and_what_is_made_there_each_time() -> None:
    known = Known(regions=frozenset({(ACCOUNT_ID, REGION)}))
    findings = judge(run_instances("i-1", "i-2", region="sa-east-1"), NOW, known).findings
    assert [each.signal for each in findings] == ["ec2-new", "ec2-new", "ec2-region", "ec2-region"]
    assert len({each.fingerprint for each in findings if each.signal == "ec2-region"}) == 1


def test_limits_can_be_set() -> None:
    assert signals_of(instance("t3.2xlarge"), Known(limits=Limits(vcpus=8))) == ["ec2-large"]


def test_a_refused_attempt_is_one_step_lighter_and_names_the_error() -> None:
    refused = found(call("iam", "DeleteUser", {"userName": "alice"}, error="AccessDenied"), "iam-user-gone")
    assert (refused.certainty, refused.severity) == (Certainty.REFUSED, Severity.HIGH)
    assert refused.details["error"] == "AccessDenied"


def test_a_refused_attempt_is_not_the_happening_itself() -> None:
    done = call("iam", "DeleteUser", {"userName": "alice"})
    prints = {found(each, "iam-user-gone").fingerprint for each in (done, replace(done, error="AccessDenied"))}
    assert len(prints) == 2


def test_the_same_attempt_over_and_over_is_one() -> None:
    attempts = [
        call("iam", "DeleteUser", {"userName": "alice"}, error="AccessDenied", event_id=str(number))
        for number in range(3)
    ]
    assert len({found(each, "iam-user-gone").fingerprint for each in attempts}) == 1


@given(
    error=st.text(st.characters(codec="utf-8"), min_size=1),
    action=st.sampled_from(["DeleteUser", "CreateUser", "CreateAccessKey", "DeactivateMFADevice"]),
)
@QUICK
def test_a_failed_call_is_never_told_as_done(error: str, action: str) -> None:
    for finding in judge(call("iam", action, {"userName": "alice"}, error=error), NOW, Known()).findings:
        assert finding.certainty is Certainty.REFUSED


def test_the_same_on_another_day_is_told_again() -> None:
    first = updated(user(), gains("AttachedManagedPolicies.0", ADMIN))
    prints = {found(each, "iam-user-admin").fingerprint for each in (first, replace(first, captured=before(days=2)))}
    assert len(prints) == 2


def test_messages_about_the_same_state_are_the_same_happening() -> None:
    first = updated(user(), gains("AttachedManagedPolicies.0", ADMIN))
    again = replace(first, captured=before(seconds=20), region="us-east-1")
    assert found(first, "iam-user-admin").fingerprint == found(again, "iam-user-admin").fingerprint


@given(parts=st.lists(st.sampled_from(["a", "b", ":", "%", "%3A"]), min_size=6, max_size=6))
@QUICK
def test_different_things_have_different_fingerprints(parts: list[str]) -> None:
    one, another = parts[:3], parts[3:]
    prints = [
        found(
            item("AWS::EC2::Instance", account_id=account, resource_id=name + end, size="t3.micro"), "ec2-new"
        ).fingerprint
        for account, name, end in (one, another)
    ]
    assert (prints[0] == prints[1]) is ((one[0], one[1] + one[2]) == (another[0], another[1] + another[2]))


def test_a_stack_and_its_group_are_links() -> None:
    tags = STACK_TAGS | {"aws:autoscaling:groupName": "web-asg", "env": "dev"}
    for started in (instance(tags=tags), run_instances(tags=tags)):
        finding = found(started, "ec2-new")
        assert f"stack:{STACK_TAGS['aws:cloudformation:stack-id']}" in finding.links
        assert "group:web-asg" in finding.links
        assert (finding.details["stack"], finding.details["tag:env"]) == ("web", "dev")


def test_the_tags_that_a_call_asks_for_tell_its_stack() -> None:
    tags = [{"key": key, "value": value} for key, value in STACK_TAGS.items()]
    made = call(
        "ec2",
        "CreateVpc",
        {"tagSpecificationSet": {"items": [{"resourceType": "vpc", "tags": tags}]}},
        {"vpc": {"vpcId": "vpc-0a1b"}},
    )
    assert found(made, "stack-part").details["stack"] == "web"


def test_an_auto_scaling_group_is_linked_to_its_instances() -> None:
    grown = call("autoscaling", "SetDesiredCapacity", {"autoScalingGroupName": "web-asg", "desiredCapacity": 50})
    assert "group:web-asg" in found(grown, "ec2-burst").links


def test_the_event_joins_the_call_and_what_aws_config_saw_of_it() -> None:
    made = run_instances()
    seen = instance(events=(made.event_id,))
    assert f"event:{made.event_id}" in found(made, "ec2-new").links & found(seen, "ec2-new").links


def test_a_user_is_linked_by_id_and_by_name() -> None:
    assert found(user(), "iam-user-new").links == {f"thing:AWS::IAM::User:{USER_ID}", "thing:AWS::IAM::User:helpdesk2"}


def test_who_acts_with_a_new_key_is_linked_to_its_making() -> None:
    made = call(
        "iam",
        "CreateAccessKey",
        {"userName": "helpdesk2"},
        {"accessKey": {"accessKeyId": "AKIAEXAMPLE000000009", "userName": "helpdesk2"}},
    )
    used = run_instances(actor=actor(name="helpdesk2", key_id="AKIAEXAMPLE000000009"))
    assert found(made, "key-new").links & found(used, "ec2-new").links >= {"key:AKIAEXAMPLE000000009"}
    assert "thing:AWS::IAM::User:helpdesk2" in found(made, "key-new").links


def test_the_calls_of_one_session_are_linked() -> None:
    link = f"session:arn:aws:sts::{ACCOUNT_ID}:assumed-role/deployer/ci-17"
    assert link in found(run_instances(actor=ROLE), "ec2-new").links


def test_a_call_carries_who_from_where_and_with_what() -> None:
    finding = found(run_instances(), "ec2-new")
    assert (finding.actor, finding.address, finding.agent) == (actor(), "198.51.100.23", "aws-cli/2.17.60")


def test_what_aws_says_is_its_own_judgement() -> None:
    finding = found(verdict(Judge.GUARDDUTY, "x", weight=7.0), "aws-guardduty")
    assert (finding.certainty, finding.severity) == (Certainty.AWS_SAYS, Severity.HIGH)


def test_repeats_of_one_finding_of_guardduty_are_one() -> None:
    one, other = verdict(Judge.GUARDDUTY, "x", weight=5.0), verdict(Judge.GUARDDUTY, "x", weight=8.0, text="more")
    assert found(one, "aws-guardduty").fingerprint == found(other, "aws-guardduty").fingerprint


def test_warnings_of_costs_without_an_id_are_told_apart_by_what_they_say() -> None:
    one, other = (verdict(Judge.BUDGET, "", verdict_id="", text=text) for text in ("80 % used", "100 % used"))
    assert found(one, "aws-cost").fingerprint != found(other, "aws-cost").fingerprint


@pytest.mark.parametrize(
    ("weight", "severity"),
    [
        (10.0, Severity.CRITICAL),
        (9.0, Severity.CRITICAL),
        (8.9, Severity.HIGH),
        (7.0, Severity.HIGH),
        (6.9, Severity.MEDIUM),
        (4.0, Severity.MEDIUM),
        (3.9, Severity.LOW),
        (0.0, Severity.LOW),
    ],
)
def test_guardduty_is_taken_at_its_word(weight: float, severity: Severity) -> None:
    assert guardduty_severity(weight) is severity


def test_that_an_instance_changes_its_state_is_no_signal() -> None:
    state = InstanceState(ACCOUNT_ID, REGION, INSTANCE_ID, "pending", NOW)
    assert judge(state, NOW, Known()).findings == ()
    assert explain(state, NOW, Known()) == ()


def test_a_trust_that_grows_names_only_whom_it_lets_in_newly() -> None:
    before_it, after = trust({"AWS": STRANGER}), trust({"AWS": [STRANGER, "111122223333"]})
    change = PropertyChange("Configuration.AssumeRolePolicyDocument", encoded(before_it), encoded(after))
    assert found(updated(role(), change), "iam-role-trust").details["trusts"] == "111122223333"


@given(
    ports=st.lists(st.sampled_from([22, 80, 443, 3389]), max_size=4),
    more=st.lists(st.sampled_from([22, 445]), max_size=2),
)
@QUICK
def test_more_rules_never_make_a_group_lighter(ports: list[int], more: list[int]) -> None:
    def weight(chosen: list[int]) -> int:
        opened = updated(
            security_group(), *(gains(f"IpPermissions.{at}", rule(port)) for at, port in enumerate(chosen))
        )
        return max((finding.severity for finding in judge(opened, NOW, Known()).findings), default=0)

    assert weight(ports + more) >= weight(ports)


@given(policies=st.sets(st.sampled_from(["AdministratorAccess", "ReadOnlyAccess", "PowerUserAccess"])), more=st.text())
@QUICK
def test_more_policies_never_make_a_user_lighter(policies: set[str], more: str) -> None:
    def weight(names: set[str]) -> int:
        attached = [{"policyArn": f"arn:aws:iam::aws:policy/{name}", "policyName": name} for name in names]
        holder = user(configuration={"attachedManagedPolicies": attached})
        return max((finding.severity for finding in judge(holder, NOW, Known()).findings), default=0)

    assert weight(policies | {more}) >= weight(policies)


def test_explaining_says_of_a_match_what_it_became() -> None:
    considered = {each.signal: each for each in explain(user(), NOW, Known())}
    matched = considered["iam-user-new"]
    assert (matched.matched, matched.reason, matched.severity) == (True, "new: helpdesk2", Severity.HIGH)
    assert considered["iam-user-gone"].reason == "it was created, not deleted"
    assert all(each.looks_for for each in considered.values())
