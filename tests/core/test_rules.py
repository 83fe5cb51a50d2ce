"""What is news, and what was there all along."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trayapp.core.alerts import Certainty, Finding, Signal
from trayapp.core.rules import NEW_WITHIN, NEW_WITHIN_DAILY, Existing, judge

from builders import ACCOUNT_ID, INSTANCE_ID, NOW, QUICK, USER_ID, before, fact
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Change, ResourceChange
from trayapp.core.severity import Severity


def found_in(resource: ResourceChange) -> Finding:
    verdict = judge(resource, NOW)
    assert isinstance(verdict, Finding)
    return verdict


def test_a_new_user_is_heavy_news() -> None:
    found = found_in(fact())
    assert (found.signal, found.severity, found.certainty) == (Signal.IAM_USER_NEW, Severity.HIGH, Certainty.NEW)


def test_a_new_instance_is_news() -> None:
    found = found_in(fact(resource_type=EC2_INSTANCE, resource_id=INSTANCE_ID, size="t3.micro"))
    assert (found.signal, found.severity, found.certainty) == (Signal.EC2_NEW, Severity.MEDIUM, Certainty.NEW)
    assert found.size == "t3.micro"


def test_a_finding_carries_what_the_fact_says() -> None:
    told, found = fact(region="eu-west-1"), found_in(fact(region="eu-west-1"))
    for field in ("account_id", "region", "resource_type", "resource_id", "resource_name", "arn", "size"):
        assert getattr(found, field) == getattr(told, field)
    assert found.happened == told.born


@pytest.mark.parametrize("change", [Change.UPDATED, Change.DELETED])
@pytest.mark.parametrize("resource_type", [IAM_USER, EC2_INSTANCE])
def test_updates_and_deletions_are_no_news(change: Change, resource_type: str) -> None:
    assert judge(fact(change=change, resource_type=resource_type), NOW) is None


@pytest.mark.parametrize("resource_type", ["AWS::EC2::Volume", "AWS::IAM::Role", "aws::iam::user", ""])
def test_other_resources_are_no_news(resource_type: str) -> None:
    assert judge(fact(resource_type=resource_type), NOW) is None


@pytest.mark.parametrize(
    ("age", "daily", "certainty"),
    [
        (timedelta(0), False, Certainty.NEW),
        (timedelta(minutes=13), False, Certainty.NEW),
        (NEW_WITHIN, False, Certainty.NEW),
        (NEW_WITHIN + timedelta(microseconds=1), False, None),
        (timedelta(days=127), False, None),
        (NEW_WITHIN + timedelta(seconds=1), True, Certainty.NEW),
        (NEW_WITHIN_DAILY, True, Certainty.NEW),
        (NEW_WITHIN_DAILY + timedelta(microseconds=1), True, None),
        (timedelta(minutes=-5), False, Certainty.NEW),
    ],
)
def test_its_age_when_aws_config_looked_tells_new_from_existing(
    age: timedelta, certainty: Certainty | None, *, daily: bool
) -> None:
    captured = before(days=3)
    verdict = judge(fact(captured=captured, born=captured - age, daily=daily), NOW)
    assert (verdict.certainty if isinstance(verdict, Finding) else None) is certainty
    assert isinstance(verdict, Finding if certainty else Existing)


def test_a_late_message_does_not_make_its_news_old() -> None:
    captured = before(days=14)
    assert found_in(fact(captured=captured, born=captured - timedelta(minutes=5))).certainty is Certainty.NEW


def test_without_a_time_of_creation_it_is_seen_for_the_first_time() -> None:
    found = found_in(fact(born=None))
    assert (found.certainty, found.happened) == (Certainty.FIRST_SEEN, None)


@pytest.mark.parametrize(("born", "kind"), [(before(minutes=59), Finding), (before(minutes=61), Existing)])
def test_without_a_capture_time_the_time_of_receiving_stands_in(born: datetime, kind: type) -> None:
    assert isinstance(judge(fact(captured=None, born=born), NOW), kind)


def test_a_user_reported_from_many_regions_has_one_fingerprint() -> None:
    verdicts = {found_in(fact(region=region)).fingerprint for region in ("global", "us-east-1", "eu-west-1", "")}
    assert verdicts == {f"new:{ACCOUNT_ID}:{IAM_USER}:{USER_ID}"}


def test_new_and_existing_share_their_fingerprint() -> None:
    verdict = judge(fact(born=before(days=9)), NOW)
    assert verdict == Existing(found_in(fact()).fingerprint)


@given(parts=st.lists(st.sampled_from(["a", "b", ":"]), min_size=3, max_size=3), other_type=st.booleans())
@QUICK
def test_different_resources_have_different_fingerprints(parts: list[str], *, other_type: bool) -> None:
    account, one, another = parts
    resource_type = EC2_INSTANCE if other_type else IAM_USER
    same = (one, IAM_USER) == (another, resource_type)
    first = found_in(fact(account_id=account, resource_id=one))
    second = found_in(fact(account_id=account, resource_id=another, resource_type=resource_type))
    assert (first.fingerprint == second.fingerprint) is same
