"""What a message says has changed, for reading."""

import json
from urllib.parse import quote

from builders import body, event, notification, user_item
from review.seeding import started
from trayapp.review.difference import Change, differing, readable, told


def test_what_changed_is_told_value_by_value_and_without_the_names_of_wrappings() -> None:
    assert told(started()).changes == (
        Change("State › Name", "stopped", "running"),
        Change("Security Groups › Group Id", None, "sg-0a1b2c3d"),
        Change("Security Groups › Group Name", None, "open-to-all"),
        Change("Tags › Owner", "alice", None),
    )


def test_of_two_documents_only_what_differs_is_told() -> None:
    before = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*"]}]}
    after = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:Get*", "iam:*"]}]}
    expected = [Change("Policy › Statement › Action", "s3:Get*", "s3:Get*, iam:*")]
    assert differing("Policy", before, after) == expected
    assert differing("Policy", json.dumps(before), json.dumps(after)) == expected
    assert differing("Policy", quote(json.dumps(before)), quote(json.dumps(after))) == expected


def test_equal_values_do_not_differ() -> None:
    assert differing("Configuration.State", {"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []


def test_of_several_things_in_a_list_each_keeps_its_number() -> None:
    assert differing("Rules", [{"Port": 22}, {"Port": 80}], [{"Port": 22}, {"Port": 443}]) == [
        Change("Rules › 2 › Port", "80", "443")
    ]


def test_a_value_cannot_hide_or_reorder_anything() -> None:
    (change,) = differing("Tags.0", None, "a\u202eb\nc")
    assert change.after == "a\ufffdb\ufffdc"


def test_a_long_value_is_cut_in_its_middle() -> None:
    (change,) = differing("X", None, "a" * 5000)
    assert change.after is not None
    assert len(change.after) == 400


def test_what_a_call_asked_for_is_told() -> None:
    call = {
        "eventVersion": "1.08",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateUser",
        "eventTime": "2026-11-23T11:13:42Z",
        "awsRegion": "us-east-1",
        "userIdentity": {"type": "Root", "accountId": "123456789012"},
        "requestParameters": {"userName": "helpdesk2", "tags": [{"key": "team", "value": "x"}]},
        "eventID": "e-1",
        "recipientAccountId": "123456789012",
        "eventType": "AwsApiCall",
    }
    detail = event(call, **{"detail-type": "AWS API Call via CloudTrail", "source": "aws.iam"})
    assert told(json.dumps(detail)).asked == (
        ("User Name", "helpdesk2"),
        ("Tags › Key", "team"),
        ("Tags › Value", "x"),
    )


def test_nothing_is_told_of_what_cannot_be_read() -> None:
    assert told('{"half":').changes == ()
    assert told("only words").asked == ()


def test_a_message_is_unfolded_for_reading() -> None:
    text = readable(body(notification(user_item())))
    assert '  "Message": {\n    "configurationItemDiff"' in text
    assert "\\" not in text


def test_what_is_no_json_is_shown_as_it_is_but_harmless() -> None:
    assert readable("one\u202e\ntwo") == "one\ufffd\ntwo"
