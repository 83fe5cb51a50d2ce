"""Which alerts belong to the same affair, and which do not."""

from dataclasses import replace

import pytest

from builders import actor, before, finding, incident, instance_finding, machine, numbered, takeover_steps
from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding, Lane, Theme, Trust
from trayapp.core.history import matches
from trayapp.core.incidents import Decision, Incident
from trayapp.core.response import around, relatives
from trayapp.core.severity import Severity

ELSEWHERE = "999988887777"


def by(number: int, user: str = "deploy", address: str = "", **changes: object) -> Finding:
    """Give one of many findings that share nothing but who did it."""
    who = actor(name=user, key_id=f"ASIAEXAMPLE{number:04d}")
    return numbered(number, lane=Lane.CLOUDTRAIL, actor=who, address=address, **changes)


def chosen(first: Incident, *others: Incident) -> list[int]:
    found = relatives(first, others)
    assert relatives(first, reversed(others)) == found, "the order in which they are looked at counts for nothing"
    assert all(matches(around(first), each) for each in found), "the search finds them all"
    return [each.id for each in found]


def test_what_the_same_user_did_belongs_together() -> None:
    assert chosen(incident(1, by(1)), incident(2, by(2)), incident(3, by(3, "alice"))) == [2]


def test_what_came_from_the_same_address_belongs_together() -> None:
    there = "198.51.100.23"
    assert chosen(incident(1, by(1, "a", there)), incident(2, by(2, "b", there)), incident(3, by(3, "c"))) == [2]


def test_the_name_of_a_service_of_aws_is_no_address() -> None:
    service = "autoscaling.amazonaws.com"
    assert chosen(incident(1, by(1, "a", service)), incident(2, by(2, "b", service))) == []
    scaling = actor(kind=ActorKind.SERVICE, name=service, key_id="")
    ones = [incident(n, replace(machine(n), links=frozenset(), actor=scaling)) for n in (1, 2)]
    assert chosen(*ones) == []


def test_what_a_new_user_does_belongs_to_its_making_also_by_way_of_a_third() -> None:
    made = numbered(1, links=frozenset({"thing:AWS::IAM::User:eve"}))
    by_eve = by(2, "eve", "198.51.100.23")
    from_there = by(3, "mallory", "198.51.100.23")
    assert chosen(incident(1, made), incident(3, from_there), incident(2, by_eve)) == [2, 3]


def test_what_is_in_a_region_never_used_before_belongs_to_it() -> None:
    first = instance_finding(signal="ec2-region", region="sa-east-1", severity=Severity.CRITICAL, links=frozenset())
    opened = finding(signal="sg-open", theme=Theme.NETWORK, region="sa-east-1", links=frozenset(), fingerprint="sg")
    at_home = replace(opened, region="eu-central-1", fingerprint="sg:home")
    assert chosen(incident(1, first), incident(2, opened), incident(3, at_home)) == [2]


def test_critical_ones_belong_together_and_lesser_ones_do_not() -> None:
    made, gone, _ = takeover_steps()
    assert chosen(incident(1, made), incident(2, gone), incident(3, numbered(3))) == [2]
    assert chosen(incident(3, numbered(3)), incident(1, made)) == []


def test_the_steps_of_a_takeover_lead_to_what_they_share_with_others() -> None:
    pattern = finding(signal="takeover", severity=Severity.CRITICAL, links=frozenset())
    whole = incident(1, pattern, steps=(by(2), by(3)))
    assert chosen(whole, incident(2, by(4))) == [2]


@pytest.mark.parametrize(
    "changes",
    [
        {"decision": Decision.MINE},
        {"findings": (by(2, trust=Trust.FORGED),)},
        {"findings": (by(2, muted="a rule"),)},
        {"findings": (by(2, account_id=ELSEWHERE),)},
        {"findings": (by(2, happened=before(days=3)),)},
    ],
)
def test_what_is_his_own_forged_muted_elsewhere_or_long_ago_does_not_belong(changes: dict[str, object]) -> None:
    other = replace(incident(2, by(2)), **changes)  # type: ignore[arg-type]
    assert relatives(incident(1, by(1)), [other]) == ()


def test_what_its_owner_has_said_was_not_him_belongs_to_whatever_else_happened_then() -> None:
    denied = incident(2, numbered(2), decision=Decision.NOT_MINE)
    assert chosen(incident(1, numbered(1)), denied) == [2]


def test_nothing_is_related_to_itself() -> None:
    one = incident(1, by(1))
    assert chosen(one, one) == []
