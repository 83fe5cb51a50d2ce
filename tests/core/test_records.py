"""The machine-readable forms: an interface that other people's scripts rely on."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from builders import (
    NOW,
    actor,
    before,
    clock,
    finding,
    incident,
    instance_finding,
    instance_subject,
    machine,
    situation,
    takeover_steps,
    user_subject,
    watch,
)
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome
from trayapp.core.facts import ActorKind
from trayapp.core.finding import Certainty, Lane
from trayapp.core.records import alert_record, status_record, utc
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE
from trayapp.core.status import summary
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.view import Light

URL = "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/users/details/helpdesk2?section=permissions"


def test_an_alert_has_exactly_these_fields() -> None:
    record = alert_record(incident(7, shown=before(seconds=30), reviewed=None), "Office", clock())
    assert record == {
        "id": 7,
        "account": "123456789012",
        "account_name": "work",
        "account_label": "Office",
        "region": "global",
        "severity": "high",
        "signal": "iam-user-new",
        "trust": "trusted",
        "title": "New user “helpdesk2”",
        "text": "Office · 1234-5678-9012 · AWS Config does not say by whom · 20:11, 3 min ago",
        "resource_type": "AWS::IAM::User",
        "resource_id": "AIDAEXAMPLE7USER0001",
        "resource_name": "helpdesk2",
        "url": URL,
        "count": 1,
        "happened": "2026-11-23T11:11:40.000Z",
        "last": "2026-11-23T11:11:40.000Z",
        "created": "2026-11-23T11:13:40.000Z",
        "shown": "2026-11-23T11:14:10.000Z",
        "reviewed": None,
        "muted": None,
        "parts": [
            {
                "signal": "iam-user-new",
                "severity": "high",
                "certainty": "new",
                "lane": "config",
                "trust": "trusted",
                "title": "New user “helpdesk2”",
                "region": "global",
                "resource_type": "AWS::IAM::User",
                "resource_id": "AIDAEXAMPLE7USER0001",
                "resource_name": "helpdesk2",
                "url": URL,
                "happened": "2026-11-23T11:11:40.000Z",
                "actor": None,
                "address": "",
                "agent": "",
            }
        ],
    }
    assert json.loads(json.dumps(record)) == record


def test_a_part_says_who_did_it_and_from_where_as_far_as_aws_says_it() -> None:
    told = finding(lane=Lane.CLOUDTRAIL, actor=actor(), address="198.51.100.23", agent="aws-cli/2")
    [part] = alert_record(incident(1, finding(), told), "work", clock())["parts"]
    assert part["actor"] == {
        "kind": "user",
        "name": "deploy",
        "session": "",
        "key_id": "AKIAEXAMPLE7XYZABC",
        "arn": "arn:aws:iam::123456789012:user/deploy",
    }
    assert (part["lane"], part["address"], part["agent"]) == ("cloudtrail", "198.51.100.23", "aws-cli/2")


def test_an_alert_of_several_parts_counts_them_and_says_from_when_to_when() -> None:
    parts = [machine(number, happened=before(minutes=number)) for number in (9, 6, 3)]
    record = alert_record(incident(1, *parts, machine(3, lane=Lane.CLOUDTRAIL)), "work", clock())
    assert (record["count"], len(record["parts"])) == (3, 3)
    assert (record["happened"], record["last"]) == ("2026-11-23T11:05:40.000Z", "2026-11-23T11:11:40.000Z")
    assert record["title"] == "Stack web: 3 instances"
    assert [part["resource_id"][-1] for part in record["parts"]] == ["9", "6", "3"]


def test_an_alert_that_is_muted_names_the_rule() -> None:
    quiet = incident(1, machine(1, muted="muted by your rule: stack web, forever"))
    assert alert_record(quiet, "work", clock())["muted"] == "muted by your rule: stack web, forever"


def test_the_parts_of_a_takeover_are_its_steps() -> None:
    pattern = finding(signal=TAKEOVER, lane=Lane.CLIENT, severity=Severity.CRITICAL)
    record = alert_record(incident(1, pattern, steps=takeover_steps()), "work", clock())
    assert (record["signal"], record["severity"]) == ("takeover", "critical")
    assert [part["signal"] for part in record["parts"]] == ["iam-user-admin", "iam-user-gone", "ec2-large"]


def test_what_an_alert_does_not_know_is_null() -> None:
    secret = instance_finding(happened=None, subject=instance_subject(arn=""), region="us-iso-east-1")
    record = alert_record(incident(1, secret, reviewed=NOW), "work", clock())
    assert (record["url"], record["happened"], record["last"], record["shown"]) == (None, None, None, None)
    assert (record["parts"][0]["url"], record["parts"][0]["happened"]) == (None, None)
    assert record["reviewed"] == "2026-11-23T11:14:40.000Z"


def test_the_status_of_a_calm_moment_has_exactly_these_fields() -> None:
    check = Checked(Check.RECORDER, Outcome.NOT_GRANTED, "eu-west-1", None, "this key may not ask", "AccessDenied")
    now = situation(watches=(watch("work", label="Office", checks=(check,)),))
    record = status_record(now, {"text": 2}, 41, clock())
    assert record == {
        "state": "watching",
        "to_review": 0,
        "cause": None,
        "since": "2026-11-23T09:14:40.000Z",
        "text": summary(now, clock()),
        "paused_until": None,
        "quarantined": 0,
        "unverified": 0,
        "accounts": [
            {
                "account": "work",
                "label": "Office",
                "endpoint": None,
                "watching": True,
                "cause": None,
                "sentence": None,
                "way_out": None,
                "since": "2026-11-23T09:14:40.000Z",
                "detail": "",
                "last_answer": "2026-11-23T11:14:20.000Z",
                "checks": [
                    {
                        "check": "recorder",
                        "outcome": "not-granted",
                        "region": "eu-west-1",
                        "cause": None,
                        "sentence": "this key may not ask",
                        "detail": "AccessDenied",
                    }
                ],
                "checked": "2026-11-23T11:04:40.000Z",
            }
        ],
        "counts": {"text": 2},
        "existing": 41,
    }
    assert json.loads(json.dumps(record)) == record


def test_the_status_of_a_troubled_moment_says_what_and_why() -> None:
    ill = watch("home", Cause.SECRET_WRONG, since=before(minutes=4), endpoint="localhost:1", last_answer=None)
    now = situation(
        watches=(watch(), ill),
        to_review=(incident(),),
        quarantined=3,
        paused_until=NOW + timedelta(minutes=30),
    )
    record = status_record(now, {}, 0, clock())
    assert (record["state"], record["cause"], record["since"]) == (
        "not-watching",
        "secret-wrong",
        "2026-11-23T11:10:40.000Z",
    )
    assert (record["to_review"], record["quarantined"]) == (1, 3)
    assert record["paused_until"] == "2026-11-23T11:44:40.000Z"
    assert record["accounts"][1] == {
        "account": "home",
        "label": "home",
        "endpoint": "localhost:1",
        "watching": False,
        "cause": "secret-wrong",
        "sentence": "the secret key is wrong",
        "way_out": "Run: trayapp login home",
        "since": "2026-11-23T11:10:40.000Z",
        "detail": "",
        "last_answer": None,
        "checks": [],
        "checked": "2026-11-23T11:04:40.000Z",
    }


def test_without_an_account_the_status_is_not_watching() -> None:
    record = status_record(situation(watches=()), {}, 0, clock())
    assert (record["state"], record["cause"], record["accounts"]) == ("not-watching", "no-account", [])


def test_the_values_that_scripts_compare_with_stay_what_they_are() -> None:
    assert {light.value for light in Light} == {"watching", "to-review", "not-watching", "paused"}
    assert [severity.word for severity in Severity] == ["low", "medium", "high", "critical"]
    assert {signal.id for signal in CATALOGUE} >= {"iam-user-new", "ec2-new", "iam-user-admin", "root-login"}
    assert {certainty.value for certainty in Certainty} == {"new", "first-seen", "refused", "aws-says"}
    assert {lane.value for lane in Lane} == {"config", "cloudtrail", "aws", "client"}
    assert {kind.value for kind in ActorKind} == {"root", "user", "role", "service", "account", "other"}


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (None, None),
        (datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), "2026-01-02T03:04:05.678Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=9))), "2026-01-01T18:04:05.000Z"),
    ],
)
def test_a_time_is_written_in_utc_to_the_millisecond(when: datetime | None, text: str | None) -> None:
    assert utc(when) == text


def test_a_name_that_others_chose_stands_in_its_field_as_it_is() -> None:
    record = alert_record(incident(1, finding(subject=user_subject(name="a“b”\n"))), "work", clock())
    assert record["resource_name"] == "a“b”\n"
    assert "\n" not in record["title"] + record["text"]
