"""What each message that such a queue carries turns out to be."""

import json
import math

import pytest

from builders import ACCOUNT_ID, Json, body, envelope, event, instance_item, notification, oversized, user_item
from trayapp.core.facts import Change
from trayapp.inbox import read

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
CLOUDTRAIL = {
    "eventVersion": "1.08",
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreateUser",
    "requestParameters": {"userName": "helpdesk2"},
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
    "in the e-mail form": EMAIL_FORM + json.dumps(MADE, indent=1),
    "in the e-mail form through SNS": body(EMAIL_FORM + json.dumps(MADE)),
    "in the e-mail form with a footer": EMAIL_FORM + json.dumps(MADE) + "\n\n--\nIf you wish to stop receiving these",
    "in the list of the first version": body(MADE | {"configurationItem": [user_item()]}),
}


@pytest.mark.parametrize("text", SHAPES_WITH_A_CREATION.values(), ids=SHAPES_WITH_A_CREATION.keys())
def test_a_new_user_is_read_however_the_notification_travels(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.unreadable) == (ITEM, "")
    assert [(fact.resource_name, fact.change) for fact in reading.facts] == [("helpdesk2", Change.CREATED)]


@pytest.mark.parametrize("change_type", ["CREATE", "UPDATE", "DELETE"])
@pytest.mark.parametrize(
    "message_type", ["OversizedConfigurationItemChangeNotification", "OversizedConfigurationItemChangeDeliveryFailed"]
)
def test_an_item_too_large_to_be_sent_is_read_from_its_summary(message_type: str, change_type: str) -> None:
    reading = read(body(oversized(instance_item(), change_type, messageType=message_type)))
    assert reading.kind == f"config:{message_type}"
    (fact,) = reading.facts
    assert fact.change is {"CREATE": Change.CREATED, "UPDATE": Change.UPDATED, "DELETE": Change.DELETED}[change_type]
    assert fact.resource_id.startswith("i-")
    assert fact.born is not None


def test_an_item_too_large_to_be_sent_is_read_from_its_e_mail_form_too() -> None:
    (fact,) = read(EMAIL_FORM + json.dumps(oversized(user_item()))).facts
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
        (
            "event:AWS API Call via CloudTrail",
            body(event(CLOUDTRAIL, **{"detail-type": "AWS API Call via CloudTrail"})),
        ),
        ("event:", json.dumps(event(CLOUDTRAIL, **{"detail-type": None}))),
        ("cloudtrail", json.dumps(CLOUDTRAIL)),
        ("records", json.dumps({"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}}}]})),
        ("s3-test", json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "b"})),
        ("cloudwatch-alarm", body(ALARM)),
        ("other", "{}"),
        ("other", json.dumps({"hello": "world"})),
        ("other", json.dumps({"Type": "Notification"})),
        ("other", json.dumps({"Type": "Something else", "Message": "x"})),
        ("other", json.dumps({"detail": "no object", "messageType": None})),
    ],
)
def test_what_says_nothing_of_a_changed_resource_is_told_apart_and_passed_over(kind: str, text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.facts, reading.unreadable) == (kind, (), "")


TOO_DEEP = 200_000


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
