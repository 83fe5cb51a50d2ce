"""What a record of CloudTrail says of a call."""

import json
from datetime import UTC, datetime

import pytest

from builders import ACCOUNT_ID, Json, body
from inbox.samples import (
    API_CALL,
    INTRUDER,
    KEY_ID,
    ROLE,
    ROLE_ARN,
    ROOT,
    SERVICE,
    SERVICE_EVENT,
    SIGN_IN,
    USER,
    called,
    record,
    service_event,
    sign_in,
)
from trayapp.core.facts import Actor, ActorKind, ApiCall
from trayapp.inbox.read import read

WHEN = datetime(2026, 11, 23, 11, 12, 13, tzinfo=UTC)


def call_of(message: object) -> ApiCall:
    (fact,) = read(json.dumps(message)).facts
    assert isinstance(fact, ApiCall)
    return fact


def test_every_field_of_a_call_is_read() -> None:
    made = record()
    assert call_of(called(made)) == ApiCall(
        account_id=ACCOUNT_ID,
        region="us-east-1",
        service="iam",
        action="CreateUser",
        happened=WHEN,
        event_id="7c9e4d20-aaaa-4bbb-8ccc-ddddeeeeffff",
        actor=Actor(ActorKind.USER, "anna", "", KEY_ID, f"arn:aws:iam::{ACCOUNT_ID}:user/anna", ACCOUNT_ID, mfa=None),
        address=INTRUDER,
        agent="aws-cli/2.31.0",
        error="",
        request={"userName": "helpdesk2"},
        response=made["responseElements"],
        extra={},
        read_only=False,
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (f"event:{API_CALL}", body(called(record()))),
        (f"event:{API_CALL}", json.dumps(called(record()))),
        (f"event:{SIGN_IN}", body(called(sign_in(), SIGN_IN))),
        (f"event:{SERVICE_EVENT}", body(called(service_event(), SERVICE_EVENT))),
        ("event:what we call it", body(called(record(), "what we call it"))),
        ("cloudtrail", json.dumps(record())),
        ("cloudtrail", body(record())),
        ("cloudtrail", json.dumps({"Records": [record()]})),
        ("cloudtrail", body({"detail": record()})),
    ],
)
def test_a_call_is_read_however_it_comes(kind: str, text: str) -> None:
    reading = read(text)
    assert (reading.kind, len(reading.facts), reading.unreadable) == (kind, 1, "")


def test_a_file_of_records_gives_every_call() -> None:
    reading = read(json.dumps({"Records": [record(), sign_in(), service_event()]}))
    assert [fact.action for fact in reading.facts if isinstance(fact, ApiCall)] == [
        "CreateUser",
        "ConsoleLogin",
        "RotateKey",
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({}, ""),
        ({"errorCode": "AccessDenied", "errorMessage": "no"}, "AccessDenied"),
        ({"errorCode": "Client.UnauthorizedOperation", "responseElements": None}, "Client.UnauthorizedOperation"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Failure"}}, "Failure"),
        ({"eventName": "ConsoleLogin", "responseElements": {"ConsoleLogin": "Success"}}, ""),
        ({"eventName": "SwitchRole", "responseElements": {"SwitchRole": "Failure"}}, "Failure"),
        ({"errorCode": None}, ""),
    ],
)
def test_what_failed_is_not_taken_for_done(changes: Json, error: str) -> None:
    assert call_of(record(**changes)).error == error


@pytest.mark.parametrize(
    ("written", "happened"),
    [
        ("2026-11-23T11:12:13Z", WHEN),
        ("Nov 23, 2026 11:12:13 AM", WHEN),
        ("Nov 23, 2026, 11:12:13\N{NARROW NO-BREAK SPACE}AM", WHEN),
        ("Nov 23, 2026 11:12:13 PM", WHEN.replace(hour=23)),
        ("Nov 3, 2026 1:02:03 PM", datetime(2026, 11, 3, 13, 2, 3, tzinfo=UTC)),
        ("Nov 23, 2026 12:00:00 AM", datetime(2026, 11, 23, tzinfo=UTC)),
        ("Nov 23, 2026 12:00:00 PM", datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ("2026-11-23 11:12:13.000000000", WHEN),
        ("Nov 31, 2026 11:12:13 AM", None),
        ("Foo 23, 2026 11:12:13 AM", None),
        (None, None),
    ],
)
def test_the_time_is_read_as_cloudtrail_writes_it(written: object, happened: datetime | None) -> None:
    assert call_of(record(eventTime=written)).happened == happened


def test_what_the_record_leaves_out_is_taken_from_the_event_around_it() -> None:
    bare = record(recipientAccountId=None, awsRegion=None, eventTime=None)
    fact = call_of(called(bare))
    assert (fact.account_id, fact.region, fact.happened) == (
        ACCOUNT_ID,
        "us-east-1",
        datetime(2026, 11, 23, 11, 13, 42, tzinfo=UTC),
    )
    assert call_of(record(recipientAccountId=None)).account_id == ACCOUNT_ID


def test_an_account_written_as_a_number_gets_its_zeros_back() -> None:
    assert call_of(record(recipientAccountId=12345678901)).account_id == "012345678901"


def test_what_a_service_did_by_itself_is_read() -> None:
    fact = call_of(service_event())
    assert (fact.actor.kind, fact.actor.name) == (ActorKind.SERVICE, "AWS Internal")
    assert fact.extra == {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}


@pytest.mark.parametrize(("read_only", "expected"), [(True, True), ("true", True), (False, False), (None, False)])
def test_a_call_only_reads_if_the_record_says_so(read_only: object, expected: object) -> None:
    assert call_of(record(readOnly=read_only)).read_only is expected


def test_parameters_may_be_a_text_of_json() -> None:
    assert call_of(record(requestParameters='{"userName": "x"}')).request == {"userName": "x"}
    assert call_of(record(requestParameters="hidden")).request == {}


def without(identity: Json, *keys: str) -> Json:
    return {key: value for key, value in identity.items() if key not in keys}


@pytest.mark.parametrize(
    ("identity", "kind", "name", "session", "arn"),
    [
        (USER, ActorKind.USER, "anna", "", USER["arn"]),
        (USER | {"invokedBy": "signin.amazonaws.com"}, ActorKind.USER, "anna", "", USER["arn"]),
        (ROOT, ActorKind.ROOT, "", "", ROOT["arn"]),
        (ROOT | {"invokedBy": "signin.amazonaws.com"}, ActorKind.ROOT, "", "", ROOT["arn"]),
        (ROLE, ActorKind.ROLE, "deploy", "laptop", ROLE_ARN),
        (without(ROLE, "sessionContext", "principalId"), ActorKind.ROLE, "deploy", "laptop", ROLE["arn"]),
        (ROLE | {"invokedBy": "autoscaling.amazonaws.com"}, ActorKind.ROLE, "deploy", "laptop", ROLE_ARN),
        (SERVICE, ActorKind.SERVICE, "autoscaling.amazonaws.com", "", ""),
        ({"invokedBy": "AWS Internal"}, ActorKind.SERVICE, "AWS Internal", "", ""),
        ({"type": "AWSAccount", "accountId": "999999999999"}, ActorKind.ACCOUNT, "", "", ""),
        ({"type": "SAMLUser", "userName": "anna@example.com"}, ActorKind.OTHER, "anna@example.com", "", ""),
        ({"type": "WebIdentityUser", "userName": "x"}, ActorKind.OTHER, "x", "", ""),
        ({"type": "Something of next year"}, ActorKind.OTHER, "", "", ""),
        ({}, ActorKind.OTHER, "", "", ""),
    ],
)
def test_who_called_is_read(identity: Json, kind: ActorKind, name: str, session: str, arn: str) -> None:
    actor = call_of(record(userIdentity=identity)).actor
    assert (actor.kind, actor.name, actor.session, actor.arn) == (kind, name, session, arn)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"invokedBy": "autoscaling.amazonaws.com"}, ActorKind.SERVICE),
        ({"invokedBy": "cloudformation.amazonaws.com", "accessKeyId": "ASIAEXAMPLE0KEY00003"}, ActorKind.ROOT),
        ({"invokedBy": "cloudformation.amazonaws.com", "sessionContext": {"attributes": {}}}, ActorKind.ROOT),
    ],
)
def test_a_service_that_acts_for_the_account_is_not_root_but_root_behind_a_service_is(
    changes: Json, kind: ActorKind
) -> None:
    assert call_of(record(userIdentity=ROOT | changes)).actor.kind is kind


@pytest.mark.parametrize(
    ("issuer", "kind", "name"),
    [
        ({"type": "IAMUser", "userName": "anna", "arn": USER["arn"]}, ActorKind.USER, "anna"),
        ({"type": "Root", "arn": ROOT["arn"]}, ActorKind.ROOT, ""),
    ],
)
def test_a_federated_user_is_the_one_whose_keys_he_was_given_with(issuer: Json, kind: ActorKind, name: str) -> None:
    federated = {
        "type": "FederatedUser",
        "principalId": f"{ACCOUNT_ID}:guest",
        "arn": f"arn:aws:sts::{ACCOUNT_ID}:federated-user/guest",
        "sessionContext": {"sessionIssuer": issuer | {"accountId": ACCOUNT_ID}},
    }
    actor = call_of(record(userIdentity=federated)).actor
    assert (actor.kind, actor.name, actor.account_id) == (kind, name, ACCOUNT_ID)


@pytest.mark.parametrize(
    ("message", "mfa"),
    [
        (record(), None),
        (record(userIdentity=ROLE), True),
        (record(userIdentity=USER | {"sessionContext": {"attributes": {"mfaAuthenticated": "false"}}}), False),
        (record(userIdentity=USER | {"sessionContext": {"attributes": {"mfaAuthenticated": True}}}), True),
        (sign_in(), False),
        (sign_in(additionalEventData={"MFAUsed": "Yes"}), True),
        (sign_in(additionalEventData=None), None),
    ],
)
def test_mfa_is_told_by_the_session_or_by_the_sign_in(message: Json, mfa: object) -> None:
    assert call_of(message).actor.mfa is mfa


@pytest.mark.parametrize("message", [called({}), called(record(eventName=None)), called({}, SIGN_IN)])
def test_a_call_that_does_not_say_which_is_unreadable(message: Json) -> None:
    assert read(body(message)).unreadable == "it tells of a call but not of which"


def test_an_insight_is_no_call() -> None:
    insight = event_of_insight()
    reading = read(body(insight))
    assert (reading.kind, reading.facts, reading.unreadable) == ("event:AWS Insight via CloudTrail", (), "")


def event_of_insight() -> Json:
    details = {"insightDetails": {"state": "Start", "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}}
    return called({"eventType": "AwsCloudTrailInsight", **details}, "AWS Insight via CloudTrail")
