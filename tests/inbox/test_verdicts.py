"""What AWS's own judgements say, and its word about an instance's state."""

import json
from datetime import UTC, datetime

import pytest

from builders import ACCOUNT_ID, INSTANCE_ID, Json, body, envelope, event
from inbox.samples import (
    ABUSE,
    BUDGET,
    FINDING,
    HEALTH,
    INSTANCE_STATE,
    KEY_ID,
    abuse,
    alarm,
    alarm_event,
    anomaly,
    attack_sequence,
    finding_of_guardduty,
    health,
    instance_state,
)
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Fact, InstanceState, Judge, Verdict
from trayapp.inbox.read import read

WHEN = datetime(2026, 11, 23, 11, 12, 13, tzinfo=UTC)


def fact_in(kind: str, text: str) -> Fact:
    reading = read(text)
    assert (reading.kind, reading.unreadable) == (kind, "")
    (fact,) = reading.facts
    return fact


def verdict_in(kind: str, text: str) -> Verdict:
    fact = fact_in(kind, text)
    assert isinstance(fact, Verdict)
    return fact


@pytest.mark.parametrize("change", [{}, {"instance-id": f" {INSTANCE_ID}"}])
def test_an_instances_state_is_read(change: Json) -> None:
    assert fact_in(f"event:{INSTANCE_STATE}", body(instance_state("pending", **change))) == InstanceState(
        ACCOUNT_ID, "eu-north-1", INSTANCE_ID, "pending", datetime(2026, 11, 23, 11, 13, 42, tzinfo=UTC)
    )


@pytest.mark.parametrize("change", [{"instance-id": None}, {"state": 7.5}, {"instance-id": " "}])
def test_a_state_of_no_instance_is_unreadable(change: Json) -> None:
    assert "not of which instance" in read(body(instance_state(**change))).unreadable


def test_every_field_of_an_exposed_key_is_read() -> None:
    assert verdict_in(f"event:{HEALTH}", body(health())) == Verdict(
        judge=Judge.HEALTH,
        account_id=ACCOUNT_ID,
        region="global",
        verdict_id="arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/EXAMPLE-1",
        kind="AWS_RISK_CREDENTIALS_EXPOSED",
        weight=0.0,
        text="Your key was found in public.",
        happened=datetime(2026, 11, 23, 11, 10, 9, tzinfo=UTC),
        key_id=KEY_ID,
    )


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (KEY_ID, "AWS_RISK_IAM_QUARANTINE", (KEY_ID, "", "", "")),
        ("a key as nobody writes it", "AWS_RISK_CREDENTIALS_COMPROMISED", ("a key as nobody writes it", "", "", "")),
        (INSTANCE_ID, "AWS_EC2_X", ("", EC2_INSTANCE, INSTANCE_ID, "")),
        (f"arn:aws:ec2:eu-west-1:{ACCOUNT_ID}:instance/{INSTANCE_ID}", "AWS_X", ("", EC2_INSTANCE, INSTANCE_ID, "")),
        (ACCOUNT_ID, "AWS_RISK_CREDENTIALS_EXPOSED", ("", "AWS::Account", ACCOUNT_ID, "")),
        (
            f"arn:aws:iam::{ACCOUNT_ID}:user/staff/anna",
            "AWS_RISK_CREDENTIALS_EXPOSED",
            ("", IAM_USER, f"arn:aws:iam::{ACCOUNT_ID}:user/staff/anna", "anna"),
        ),
        ("vol-0123456789abcdef0", "AWS_EBS_VOLUME_LOST", ("", "", "vol-0123456789abcdef0", "")),
    ],
)
def test_what_an_affected_entity_is_shows_in_its_form(value: str, code: str, expected: tuple[str, ...]) -> None:
    said = verdict_in(f"event:{HEALTH}", body(health(eventTypeCode=code, affectedEntities=[{"entityValue": value}])))
    assert (said.key_id, said.resource_type, said.resource_id, said.user_name) == expected


def test_every_affected_entity_has_its_own_verdict() -> None:
    entities = [{"entityValue": "i-0000000000000001"}, {"entityValue": "i-0000000000000002"}, {}, None]
    facts = read(body(health(affectedEntities=entities))).facts
    assert [fact.resource_id for fact in facts if isinstance(fact, Verdict)] == [
        "i-0000000000000001",
        "i-0000000000000002",
    ]


@pytest.mark.parametrize("entities", [None, [], [{}], "text"])
def test_an_event_that_affects_nothing_named_is_a_verdict_all_the_same(entities: object) -> None:
    assert verdict_in(f"event:{HEALTH}", body(health(affectedEntities=entities))).resource_id == ""


@pytest.mark.parametrize("message", [abuse(), abuse() | {"detail-type": "complaints"}, abuse()["detail"]])
def test_abuse_is_told_by_its_type_or_its_service(message: Json) -> None:
    said = verdict_in(f"event:{ABUSE}", body(message))
    assert (said.judge, said.resource_id, said.region) == (Judge.ABUSE, INSTANCE_ID, "us-west-2")


def test_without_an_affected_account_it_is_the_events_own() -> None:
    assert verdict_in(f"event:{HEALTH}", body(health(affectedAccount=None))).account_id == "999999999999"


def test_every_field_of_a_finding_is_read() -> None:
    assert verdict_in(f"event:{FINDING}", body(finding_of_guardduty())) == Verdict(
        judge=Judge.GUARDDUTY,
        account_id=ACCOUNT_ID,
        region="eu-west-1",
        verdict_id="e0c1example0finding0000000000001",
        kind="UnauthorizedAccess:IAMUser/TorIPCaller",
        weight=5.3,
        text="An API was called from a Tor exit node.",
        happened=WHEN,
        key_id=KEY_ID,
        resource_type=IAM_USER,
        resource_id="AIDAEXAMPLE7USER0009",
        user_name="anna",
    )


def test_a_sequence_of_attacks_names_the_key_and_the_user_behind_it() -> None:
    said = verdict_in(f"event:{FINDING}", body(attack_sequence()))
    assert (said.kind, said.weight) == ("AttackSequence:IAM/CompromisedCredentials", 9.0)
    assert (said.key_id, said.user_name) == (KEY_ID, "anna")


ROLE_KEY = {"accessKeyId": "ASIAEXAMPLE0KEY00002", "principalId": "AROAEXAMPLE0ROLE0001:x", "userName": "deploy"}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"instanceDetails": {"instanceId": INSTANCE_ID}}, (EC2_INSTANCE, INSTANCE_ID)),
        ({"instanceDetails": {"instanceId": INSTANCE_ID}, "accessKeyDetails": ROLE_KEY}, (EC2_INSTANCE, INSTANCE_ID)),
        ({"s3BucketDetails": [{}, {"name": "example"}]}, ("AWS::S3::Bucket", "example")),
        ({"eksClusterDetails": {"name": "pets"}}, ("AWS::EKS::Cluster", "pets")),
        ({"lambdaDetails": {"functionName": "f"}}, ("AWS::Lambda::Function", "f")),
        ({"accessKeyDetails": ROLE_KEY | {"userType": "AssumedRole"}}, ("AWS::IAM::Role", "AROAEXAMPLE0ROLE0001")),
        ({"accessKeyDetails": {"principalId": ACCOUNT_ID, "userType": "Root", "userName": "Root"}}, ("", "")),
        ({"resourceType": "of next year"}, ("", "")),
        (None, ("", "")),
    ],
)
def test_the_thing_that_a_finding_is_about_is_read(resource: object, expected: tuple[str, str]) -> None:
    said = verdict_in(f"event:{FINDING}", body(finding_of_guardduty(resource=resource)))
    assert (said.resource_type, said.resource_id) == expected
    assert said.user_name == ""


@pytest.mark.parametrize(("severity", "weight"), [(8, 8.0), (None, 0.0), ("9", 0.0), (True, 0.0), (10**400, 0.0)])
def test_a_severity_that_is_no_number_weighs_nothing(severity: object, weight: float) -> None:
    assert verdict_in(f"event:{FINDING}", body(finding_of_guardduty(severity=severity))).weight == weight


def test_a_finding_is_told_by_its_shape_alone() -> None:
    assert verdict_in(f"event:{FINDING}", json.dumps(finding_of_guardduty()["detail"])).weight == 5.3


@pytest.mark.parametrize("detail_type", [HEALTH, ABUSE, FINDING])
@pytest.mark.parametrize("detail", [{}, {"x": 1}, None, "text", [1]])
def test_an_event_that_names_a_judge_but_says_nothing_is_unreadable(detail_type: str, detail: Json) -> None:
    assert "does not say what" in read(body(event(detail, **{"detail-type": detail_type}))).unreadable


def test_every_field_of_a_cost_anomaly_is_read() -> None:
    assert verdict_in("cost-anomaly", body(anomaly())) == Verdict(
        judge=Judge.COST_ANOMALY,
        account_id=ACCOUNT_ID,
        region="ap-east-1",
        verdict_id="11112222-aaaa-bbbb-cccc-333344445555",
        kind="DIMENSIONAL",
        weight=0.0,
        text="Amazon Elastic Compute Cloud - Compute",
        happened=datetime(2026, 11, 22, tzinfo=UTC),
        amount="$1,212.20",
    )


def test_a_cost_anomaly_may_come_as_an_event() -> None:
    message = event(anomaly(accountId=None), **{"detail-type": "Anomaly Detected", "source": "aws.ce"})
    assert verdict_in("cost-anomaly", body(message)).account_id == ACCOUNT_ID


@pytest.mark.parametrize(
    ("impact", "amount"), [(0, ""), (None, ""), (-3, ""), (1e300, ""), (10**400, ""), (0.5, "$0.50"), ("12", "")]
)
def test_an_amount_that_cannot_be_is_left_out(impact: object, amount: str) -> None:
    assert verdict_in("cost-anomaly", body(anomaly(impact={"totalImpact": impact}))).amount == amount


def test_an_anomaly_in_several_regions_is_in_none_of_them() -> None:
    causes = [{"region": "us-east-1"}, {"region": "us-east-2"}]
    assert verdict_in("cost-anomaly", body(anomaly(rootCauses=causes))).region == "global"


def test_every_field_of_a_budget_is_read() -> None:
    said = verdict_in("budget", json.dumps(envelope(BUDGET)))
    assert said == Verdict(
        judge=Judge.BUDGET,
        account_id=ACCOUNT_ID,
        region="global",
        verdict_id="{pocket money}/ACTUAL/> $8.00/November 23, 2026",
        kind="ACTUAL",
        weight=0.0,
        text="You requested that we alert you when the ACTUAL Cost associated with your {pocket money} budget is "
        "greater than $8.00 for the current month.",
        happened=datetime(2026, 11, 23, 11, 13, 43, 1000, tzinfo=UTC),
        resource_type="AWS::Budgets::Budget",
        resource_id="{pocket money}",
        amount="$10.23",
    )


def test_a_budget_is_told_without_an_envelope_and_with_the_line_ends_of_another_system() -> None:
    said = verdict_in("budget", BUDGET.replace("\n", "\r\n"))
    assert (said.resource_id, said.amount, said.kind, said.account_id) == (
        "{pocket money}",
        "$10.23",
        "ACTUAL",
        ACCOUNT_ID,
    )


def test_a_forecast_names_what_is_to_come() -> None:
    text = BUDGET.replace("ACTUAL", "FORECASTED")
    said = verdict_in("budget", text)
    assert (said.kind, said.amount) == ("FORECASTED", "$10.23")


@pytest.mark.parametrize("text", ["AWS Budget Notification", "Re: AWS Budget Notification\nBudget Name: x"])
def test_what_only_speaks_of_budgets_is_plain_text(text: str) -> None:
    assert (read(text).kind, read(text).facts) == ("text", ())


def test_every_field_of_an_alarm_about_the_bill_is_read() -> None:
    assert verdict_in("cloudwatch-alarm", body(alarm())) == Verdict(
        judge=Judge.BILLING_ALARM,
        account_id=ACCOUNT_ID,
        region="us-east-1",
        verdict_id="bill above ten dollars@2026-11-23T11:12:13.456+0000",
        kind="EstimatedCharges",
        weight=0.0,
        text=alarm()["NewStateReason"],
        happened=WHEN.replace(microsecond=456000),
        resource_type="AWS::CloudWatch::Alarm",
        resource_id="bill above ten dollars",
        amount="21.37 USD",
    )


def test_an_alarm_is_the_same_happening_by_sns_and_by_eventbridge() -> None:
    by_sns, by_event = (verdict_in("cloudwatch-alarm", body(message)) for message in (alarm(), alarm_event()))
    assert (by_sns.verdict_id, by_sns.account_id) == (by_event.verdict_id, by_event.account_id)
    assert by_sns.amount == by_event.amount == "21.37 USD"


BY_EXPRESSION = {
    "Metrics": [
        {"Id": "sum", "Expression": "m1 + 1"},
        {"Id": "m1", "MetricStat": {"Metric": {"MetricName": "EstimatedCharges", "Namespace": "AWS/Billing"}}},
    ]
}


@pytest.mark.parametrize("message", [alarm_event(), alarm(Trigger=BY_EXPRESSION), alarm(NewStateReason="x")])
def test_an_alarm_about_the_bill_is_told_in_every_form(message: Json) -> None:
    said = verdict_in("cloudwatch-alarm", body(message))
    assert (said.judge, said.resource_id) == (Judge.BILLING_ALARM, "bill above ten dollars")
    assert said.amount in ("21.37 USD", "21.37", "")


@pytest.mark.parametrize(
    "message",
    [
        alarm(NewStateValue="OK"),
        alarm(NewStateValue="INSUFFICIENT_DATA"),
        alarm(Trigger={"MetricName": "Errors", "Namespace": "AWS/Lambda"}),
        alarm(Trigger=None),
        alarm_event(state={"value": "OK"}),
        alarm_event(configuration={}),
    ],
)
def test_other_alarms_and_good_news_are_only_counted(message: Json) -> None:
    reading = read(body(message))
    assert (reading.kind, reading.facts, reading.unreadable) == ("cloudwatch-alarm", (), "")
