"""What things are called, and how several are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import QUICK, instance_subject, user_subject
from trayapp.core.facts import EC2_INSTANCE, IAM_USER
from trayapp.core.finding import Subject
from trayapp.core.nouns import census, noun

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
SECURITY_GROUP = "AWS::EC2::SecurityGroup"


def things(resource_type: str, count: int) -> list[Subject]:
    return [Subject(resource_type, f"{resource_type}-{number}") for number in range(count)]


def test_a_thing_is_called_what_the_console_calls_it() -> None:
    assert (noun(EC2_INSTANCE), noun(EC2_INSTANCE, 2)) == ("instance", "instances")
    assert (noun("AWS::IAM::Policy"), noun("AWS::IAM::Policy", 3)) == ("policy", "policies")


@pytest.mark.parametrize("resource_type", ["AWS::New::Thing", "", "::", "x\nEVIL::y"])
def test_what_we_have_no_word_for_has_a_name_all_the_same(resource_type: str) -> None:
    for count in (1, 2):
        assert noun(resource_type, count).isprintable()
        assert noun(resource_type, count)


def test_what_costs_or_matters_most_is_counted_first() -> None:
    counted = census(things(SECURITY_GROUP, 3) + things(EC2_INSTANCE, 2) + things(BALANCER, 1) + things(IAM_USER, 1))
    assert counted == "1 user, 2 instances, 1 load balancer, 3 security groups"


def test_both_kinds_of_load_balancers_are_counted_together() -> None:
    assert census(things(BALANCER, 1) + things(CLASSIC, 1)) == "2 load balancers"


def test_the_same_thing_is_counted_once_however_much_each_lane_knows_of_it() -> None:
    assert census([instance_subject(), instance_subject(name="web"), instance_subject(arn="")]) == "1 instance"
    assert census([user_subject(id=""), user_subject(id="", name="other")]) == "2 users"


def test_what_only_some_accounts_have_is_counted_by_its_name_too() -> None:
    assert census(things("AWS::ECS::Cluster", 1) + things("AWS::EC2::NatGateway", 2)) == "2 NAT gateways, 1 ECS cluster"


def test_nothing_counts_as_nothing() -> None:
    assert census([]) == ""


@given(st.lists(st.sampled_from([EC2_INSTANCE, BALANCER, CLASSIC, SECURITY_GROUP, "AWS::New::Thing"]), max_size=12))
@QUICK
def test_everything_is_counted_in_whatever_order_it_comes(types: list[str]) -> None:
    subjects = [Subject(resource_type, f"id-{number}") for number, resource_type in enumerate(types)]
    counted = census(subjects)
    assert counted == census(reversed(subjects))
    assert sum(int(part.split()[0]) for part in counted.split(", ") if part) == len(subjects)
