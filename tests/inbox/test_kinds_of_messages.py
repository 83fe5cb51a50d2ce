"""What each message that such a queue carries turns out to be."""

import json
import math

import pytest

from builders import ACCOUNT_ID, Json, body, envelope, event, instance_item, notification, oversized, user_item
from inbox.samples import ROLE, S3_RECORD, S3_TEST, called, heartbeat, record
from trayapp.core.facts import ApiCall, Change, ResourceChange
from trayapp.inbox.read import read

ITEM = "config:ConfigurationItemChangeNotification"
MADE = notification(user_item())
HISTORY = {
    "s3ObjectKey": "AWSLogs/x.json.gz",
    "s3Bucket": "bucket",
    "notificationCreationTime": "2026-11-23T11:13:42.000Z",
    "messageType": "ConfigurationHistoryDeliveryCompleted",
    "recordVersion": "1.1",
}
CONFIRMATION = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "0f2a3b4c-aaaa-bbbb-cccc-ddddeeeeffff",
    "Token": "2336412f37",
    "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:config-topic",
    "Message": "You have chosen to subscribe to the topic. To confirm, visit the SubscribeURL.",
    "SubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
}
ALARM = {"AlarmName": "too many", "NewStateValue": "ALARM", "Trigger": {"MetricName": "Errors"}}
EMAIL_FORM = (
    "View the Timeline for this Resource in AWS Config Management Console:\n"
    "https://console.aws.amazon.com/config/home?region=us-east-1#/timeline/AWS::IAM::User/x\n\n"
    "New State and Change Record:\n----------------------------\n"
)

SHAPES_WITH_A_CREATION = {
    "in SNS's envelope": body(MADE),
    "in an envelope written over many lines": json.dumps(envelope(MADE), indent=2).replace('":', '" :'),
    "bare, as raw delivery gives it": json.dumps(MADE),
    "bare, after blank lines": "\r\n \t" + json.dumps(MADE, indent=4) + "\n",
    "bare, after a byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}" + json.dumps(MADE),
    "as an object in the envelope": json.dumps(envelope("") | {"Message": MADE}),
    "in an envelope without the optional keys": json.dumps({"Type": "Notification", "Message": json.dumps(MADE)}),
    "in an event of EventBridge": json.dumps(event(MADE)),
    "in an event of EventBridge through SNS": body(event(MADE)),
    "in an event whose type somebody spelt his own way": body(event(MADE, **{"detail-type": "config change"})),
    "under detail alone": body({"detail": MADE}),
    "under a second detail": body(event({"detail": MADE})),
    "without the rest of its notification": body({"detail": {"configurationItem": user_item()}}),
    "as JSON in a string of JSON": json.dumps(json.dumps(MADE)),
    "in an envelope without a type": json.dumps({"TopicArn": "arn", "Message": json.dumps(MADE)}),
    "in an envelope in an envelope": body(envelope(MADE)),
    "in a message of SQS in an envelope": body({"ReceiptHandle": "x", "Body": body(MADE)}),
    "as Lambda is given it by SNS": json.dumps({"Records": [{"EventSource": "aws:sns", "Sns": envelope(MADE)}]}),
    "as Lambda is given it by SQS": json.dumps({"Records": [{"receiptHandle": "x", "body": body(event(MADE))}]}),
    "in the e-mail form": EMAIL_FORM + json.dumps(MADE, indent=1),
    "in the e-mail form through SNS": body(EMAIL_FORM + json.dumps(MADE)),
    "in the e-mail form with a footer": EMAIL_FORM + json.dumps(MADE) + "\n\n--\nIf you wish to stop receiving these",
    "in the list of the first version": body(MADE | {"configurationItem": [user_item()]}),
}


@pytest.mark.parametrize("text", SHAPES_WITH_A_CREATION.values(), ids=SHAPES_WITH_A_CREATION.keys())
def test_a_new_user_is_read_however_the_notification_travels(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.unreadable) == (ITEM, "")
    (fact,) = reading.facts
    assert isinstance(fact, ResourceChange)
    assert (fact.resource_name, fact.change) == ("helpdesk2", Change.CREATED)


@pytest.mark.parametrize("change_type", ["CREATE", "UPDATE", "DELETE"])
@pytest.mark.parametrize(
    "message_type", ["OversizedConfigurationItemChangeNotification", "OversizedConfigurationItemChangeDeliveryFailed"]
)
def test_an_item_too_large_to_be_sent_is_read_from_its_summary(message_type: str, change_type: str) -> None:
    reading = read(body(oversized(instance_item(), change_type, messageType=message_type)))
    assert reading.kind == f"config:{message_type}"
    (fact,) = reading.facts
    assert isinstance(fact, ResourceChange)
    assert fact.change is {"CREATE": Change.CREATED, "UPDATE": Change.UPDATED, "DELETE": Change.DELETED}[change_type]
    assert fact.resource_id.startswith("i-")
    assert fact.born is not None


def test_an_item_too_large_to_be_sent_is_read_from_its_e_mail_form_too() -> None:
    (fact,) = read(EMAIL_FORM + json.dumps(oversized(user_item()))).facts
    assert isinstance(fact, ResourceChange)
    assert fact.change is Change.CREATED


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", ""),
        ("text", "   \n"),
        ("text", "Hello from the SNS console"),
        ("text", '"a text in quotation marks"'),
        ("text", "42"),
        ("text", "null"),
        ("text", body("Hello from the SNS console")),
        ("sns:SubscriptionConfirmation", json.dumps(CONFIRMATION)),
        ("sns:UnsubscribeConfirmation", json.dumps(CONFIRMATION | {"Type": "UnsubscribeConfirmation"})),
        ("config:ConfigurationHistoryDeliveryCompleted", body(HISTORY)),
        ("config:ConfigRulesEvaluationStarted", body({"messageType": "ConfigRulesEvaluationStarted"})),
        ("config:ComplianceChangeNotification", body({"messageType": "ComplianceChangeNotification"})),
        ("config:SomethingOfNextYear", body({"messageType": "SomethingOfNextYear", "x": 1})),
        ("event:EBS Snapshot Notification", body(event({}, **{"detail-type": "EBS Snapshot Notification"}))),
        ("event:", json.dumps(event({}, **{"detail-type": None}))),
        ("event:x", json.dumps(event({}, **{"detail-type": "x"}) | {"detail": "text"})),
        ("heartbeat", json.dumps(heartbeat())),
        ("heartbeat", body(heartbeat())),
        ("records", json.dumps({"Records": []})),
        ("records", json.dumps({"Records": [{"eventSource": "aws:dynamodb", "eventName": "INSERT"}]})),
        ("records", json.dumps({"Records": [S3_RECORD, {"x": 1}]})),
        ("records", json.dumps({"Records": [1, None, "x"]})),
        ("s3", json.dumps({"Records": [S3_RECORD]})),
        ("s3", body({"Records": [S3_RECORD, S3_RECORD]})),
        ("s3-test", json.dumps(S3_TEST)),
        ("cloudwatch-alarm", body(ALARM)),
        ("other", "{}"),
        ("other", json.dumps({"hello": "world"})),
        ("other", json.dumps({"Type": "Notification"})),
        ("other", json.dumps({"Type": "Something else", "Message": "x"})),
        ("other", json.dumps({"detail": "no object", "messageType": None})),
        ("other", body({"message": "hello world", "username": "lessa"})),
    ],
)
def test_what_says_nothing_of_a_changed_resource_is_told_apart_and_passed_over(kind: str, text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.facts, reading.unreadable) == (kind, (), "")


TOO_DEEP = 200_000


def wrapped(message: object, times: int) -> str:
    for _ in range(times):
        message = envelope(message)
    return json.dumps(message)


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("it is not whole JSON", body(MADE)[:-40]),
        ("it is not whole JSON", json.dumps(envelope(json.dumps(MADE)[:300]))),
        ("it is not whole JSON", "{"),
        ("it is not whole JSON", "a set, {1, 2, 3}, in prose"),
        ("it is not whole JSON", "[AWS Config:us-east-1] a subject line"),
        ("NaN is not JSON", json.dumps(MADE | {"recordVersion": math.nan})),
        ("-Infinity is not JSON", json.dumps(MADE | {"recordVersion": -math.inf})),
        ("it is not whole JSON", '{"a": ' + "9" * 5000 + "}"),
        ("it is JSON but not an object", "[]"),
        ("it is JSON but not an object", json.dumps([MADE])),
        ("it is JSON but not an object", json.dumps(envelope(json.dumps([MADE])))),
        ("the envelope's message is neither text nor an object", json.dumps(envelope("") | {"Message": None})),
        ("the envelope's message is neither text nor an object", json.dumps(envelope("") | {"Message": [MADE]})),
        ("it is nested too deeply", '{"a":' * TOO_DEEP),
        ("it is nested too deeply", "[" * TOO_DEEP),
        ("it is nested too deeply", json.dumps(envelope('{"a":' * TOO_DEEP))),
        (
            "it tells of a changed resource but holds no",
            json.dumps({"messageType": "ConfigurationItemChangeNotification"}),
        ),
        ("it tells of a changed resource but holds no", json.dumps(MADE | {"configurationItem": "text"})),
        ("it tells of a changed resource but holds no", json.dumps(MADE | {"configurationItem": [1, None]})),
        ("it tells of a changed resource but holds no", json.dumps(oversized({}) | {"configurationItemSummary": 7})),
        ("its configuration item names no resource", json.dumps(notification(user_item(resourceType=None)))),
        (
            "its configuration item names no resource",
            json.dumps(notification(user_item(resourceId=None, ARN=None, resourceName=None))),
        ),
        ("it is in too many envelopes", wrapped(MADE, 8)),
        ("the envelope's message is neither text nor an object", json.dumps({"ReceiptHandle": "x", "Body": None})),
        ("it is not whole JSON", '"unended {'),
        ("it is not whole JSON", body({"Type": "Notification", "Message": "{"})),
    ],
)
def test_what_cannot_be_read_says_why(why: str, text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.facts) == ("unreadable", ())
    assert why in reading.unreadable


def test_the_reason_is_short_and_quotes_nothing_of_the_message() -> None:
    reading = read('{"secret": wJalrXUtnFEMI' + "x" * 5000)
    assert "wJalr" not in reading.unreadable
    assert len(reading.unreadable) < 120


@pytest.mark.parametrize("key", ["messageType", "detail-type"])
def test_a_kind_that_somebody_else_named_is_short_and_clean(key: str) -> None:
    message: Json = {"detail": {}, key: "\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}\ud800\n" + "x" * 500}
    kind = read(json.dumps(message)).kind
    assert len(kind) == 80
    assert kind.isprintable()
    kind.encode()


DAMAGED = [called({}), {"messageType": "ConfigurationItemChangeNotification"}, {"receiptHandle": "x", "body": "{"}]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_of_many_records_those_that_can_be_read_are_read_and_the_whole_is_kept(damaged: Json) -> None:
    reading = read(json.dumps({"Records": [record(), damaged, record(userIdentity=ROLE), 7]}))
    assert [fact.actor.name for fact in reading.facts if isinstance(fact, ApiCall)] == ["anna", "deploy"]
    assert reading.kind == "unreadable"
    assert reading.unreadable.startswith("of its 4 records 1 cannot be read: it ")


def test_records_of_several_kinds_are_all_read() -> None:
    reading = read(json.dumps({"Records": [record(), {"Sns": envelope(MADE)}]}))
    assert (reading.kind, len(reading.facts), reading.unreadable) == ("records", 2, "")


def test_a_confirmation_is_never_followed_even_from_within() -> None:
    reading = read(body(CONFIRMATION))
    assert (reading.kind, reading.facts) == ("sns:SubscriptionConfirmation", ())
