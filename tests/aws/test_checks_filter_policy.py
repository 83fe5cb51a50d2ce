"""What the filter of a subscription does to our messages is told where it can be."""

import json

import pytest

from trayapp.aws.checks.filter_policy import lets_through

BODY = {"messageType": "ConfigurationItemChangeNotification", "configurationItem": {"resourceType": "AWS::IAM::User"}}


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        ("", True),
        ({}, True),
        ({"kind": ["alert"]}, False),
        ({"kind": [{"anything-but": "noise"}]}, False),
        ({"kind": [{"exists": False}]}, True),
        ({"kind": [{"exists": True}]}, False),
        ({"kind": ["alert", {"exists": False}]}, True),
        ({"kind": [{"exists": False}], "other": ["x"]}, False),
        ({"$or": [{"kind": ["alert"]}, {"other": [{"exists": False}]}]}, True),
        ({"$or": [{"kind": ["alert"]}, {"other": ["x"]}]}, False),
    ],
)
def test_a_filter_on_attributes_keeps_out_what_has_none(policy: object, *, passes: bool) -> None:
    text = json.dumps(policy) if policy else ""

    assert lets_through(text, "MessageAttributes", BODY) is passes
    assert lets_through(text, "", BODY) is passes


@pytest.mark.parametrize(
    ("policy", "passes"),
    [
        ({"messageType": ["ConfigurationItemChangeNotification"]}, True),
        ({"messageType": ["ComplianceChangeNotification"]}, False),
        ({"messageType": [{"prefix": "Configuration"}]}, True),
        ({"messageType": [{"prefix": "Compliance"}]}, False),
        ({"messageType": [{"suffix": "Notification"}]}, True),
        ({"messageType": [{"equals-ignore-case": "configurationitemchangenotification"}]}, True),
        ({"messageType": [{"anything-but": "ComplianceChangeNotification"}]}, True),
        ({"messageType": [{"anything-but": ["ConfigurationItemChangeNotification"]}]}, False),
        ({"messageType": [{"anything-but": {"prefix": "Configuration"}}]}, False),
        ({"messageType": [{"anything-but": {"wildcard": "Config*"}}]}, None),
        ({"messageType": [{"wildcard": "Config*"}]}, None),
        ({"messageType": [{"numeric": ["=", 1]}]}, None),
        ({"messageType": [{"exists": True}]}, True),
        ({"messageType": [{"exists": False}]}, False),
        ({"configurationItem": {"resourceType": ["AWS::IAM::User", "AWS::EC2::Instance"]}}, True),
        ({"configurationItem": {"resourceType": ["AWS::EC2::Instance"]}}, False),
        ({"configurationItem": {"resourceType": [1]}}, False),
        ({"configurationItem": {"resourceType": [{"prefix": "AWS::IAM"}]}}, True),
        ({"configurationItem": [{"prefix": "AWS"}]}, None),
        ({"configurationItem": {"awsRegion": ["eu-west-1"]}}, None),
        ({"configurationItem": {"awsRegion": [{"exists": False}]}}, None),
        ({"configurationItemDiff": {"changeType": ["CREATE"]}}, None),
        ({"configurationItem": {"resourceType": ["AWS::EC2::Instance"], "awsRegion": ["eu-west-1"]}}, False),
        ({"messageType": {"deeper": ["x"]}}, False),
        ({"configurationItem": ["x"]}, False),
        ({"$or": [{"messageType": ["x"]}, {"configurationItem": {"resourceType": ["AWS::IAM::User"]}}]}, True),
        ({"$or": [{"messageType": ["x"]}, {"configurationItemDiff": {"changeType": ["CREATE"]}}]}, None),
    ],
)
def test_a_filter_on_the_body_is_tried_on_bodies_like_ours(policy: object, *, passes: bool | None) -> None:
    assert lets_through(json.dumps(policy), "MessageBody", BODY) is passes


@pytest.mark.parametrize("text", ["no JSON", "[]", "1"])
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text is JSON's own in one case
        lets_through(text, "MessageBody", BODY)
