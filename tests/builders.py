"""Ordinary values and messages for tests: every builder takes what should be different from the ordinary."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import HealthCheck, settings

from trayapp.core.causes import Cause
from trayapp.core.clock import Clock
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Actor, ActorKind, Change, ResourceChange
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme
from trayapp.core.guard import Watch
from trayapp.core.incidents import Incident
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.core.tellings import in_order

Json = dict[str, Any]
Value = Any
"""What a field is set to; which type it is, the field says."""

NOW = datetime(2026, 11, 23, 11, 14, 40, tzinfo=UTC)
TOKYO_TIME = timezone(timedelta(hours=9))
ACCOUNT_ID = "123456789012"
USER_ID = "AIDAEXAMPLE7USER0001"
INSTANCE_ID = "i-0abc1234def567890"
STACK = f"stack:arn:aws:cloudformation:ap-northeast-1:{ACCOUNT_ID}:stack/web/0a1b2c3d"
"""The link of what the stack ``web`` made."""

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How properties are looked for: without limits of time, since the machine may be busy with other things."""


def before(**ago: float) -> datetime:
    """Give a moment before ``NOW``; takes what ``timedelta`` takes."""
    return NOW - timedelta(**ago)


def written(when: datetime) -> str:
    """Write a moment as AWS does."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def clock(now: datetime = NOW) -> Clock:
    """Give a clock whose reader is in Tokyo, where it is 20:14 on a Monday."""
    return Clock(now, lambda when: when.astimezone(TOKYO_TIME))


# Values


def fact(**changes: Value) -> ResourceChange:
    """Give the fact that a user was made two minutes before AWS Config looked."""
    user = ResourceChange(
        account_id=ACCOUNT_ID,
        region="global",
        resource_type=IAM_USER,
        resource_id=USER_ID,
        resource_name="helpdesk2",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
        change=Change.CREATED,
        captured=before(minutes=1),
        born=before(minutes=3),
    )
    return replace(user, **changes)


def finding(**changes: Value) -> Finding:
    """Give the finding of a new user, as AWS Config tells it."""
    user = Finding(
        signal="iam-user-new",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        certainty=Certainty.NEW,
        lane=Lane.CONFIG,
        account_id=ACCOUNT_ID,
        region="global",
        subject=user_subject(),
        fingerprint=f"iam-user-new:{ACCOUNT_ID}:{USER_ID}",
        links=frozenset({f"thing:{IAM_USER}:{USER_ID}"}),
        happened=before(minutes=3),
    )
    return replace(user, **changes)


def user_subject(**changes: Value) -> Subject:
    """Give the user that most findings are about."""
    user = Subject(IAM_USER, USER_ID, "helpdesk2", f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2")
    return replace(user, **changes)


def instance_finding(size: str = "t3.micro", **changes: Value) -> Finding:
    """Give the finding of a new instance."""
    instance = finding(
        signal="ec2-new",
        theme=Theme.COMPUTE,
        severity=Severity.MEDIUM,
        region="ap-northeast-1",
        subject=instance_subject(),
        fingerprint=f"ec2-new:{ACCOUNT_ID}:{INSTANCE_ID}",
        links=frozenset({f"thing:{EC2_INSTANCE}:{INSTANCE_ID}"}),
        details={"size": size, "vcpus": "2", "what": "instance"},
    )
    return replace(instance, **changes)


def instance_subject(instance_id: str = INSTANCE_ID, **changes: Value) -> Subject:
    """Give the instance that findings about instances are about."""
    arn = f"arn:aws:ec2:ap-northeast-1:{ACCOUNT_ID}:instance/{instance_id}"
    return replace(Subject(EC2_INSTANCE, instance_id, "", arn), **changes)


def numbered(number: int, **changes: Value) -> Finding:
    """Give one of many findings that share nothing, so that each is an incident of its own."""
    user = finding(
        subject=user_subject(name=f"user{number}"), fingerprint=f"new:{number}", links=frozenset({f"event:{number}"})
    )
    return replace(user, **changes)


def machine(number: int, **changes: Value) -> Finding:
    """Give one of many instances that one stack started."""
    instance = instance_finding(
        subject=instance_subject(f"i-{number:017x}"), fingerprint=f"ec2-new:{number}", links=frozenset({STACK})
    )
    return replace(instance, **changes)


def actor(**changes: Value) -> Actor:
    """Give the user who is behind most calls."""
    deploy = Actor(
        kind=ActorKind.USER,
        name="deploy",
        session="",
        key_id="AKIAEXAMPLE7XYZABC",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:user/deploy",
        account_id=ACCOUNT_ID,
        mfa=False,
    )
    return replace(deploy, **changes)


def takeover_steps() -> tuple[Finding, Finding, Finding]:
    """Give an administrator made, an owner removed and a large machine started, within a quarter of an hour."""
    return (
        finding(
            signal="iam-user-admin",
            severity=Severity.CRITICAL,
            fingerprint="admin:1",
            links=frozenset({"event:e-admin"}),
            happened=before(minutes=20),
            details={"policy": "AdministratorAccess"},
        ),
        finding(
            signal="iam-user-gone",
            severity=Severity.CRITICAL,
            subject=user_subject(id="AIDAEXAMPLE7USER0002", name="alice"),
            fingerprint="gone:1",
            links=frozenset({"event:e-gone"}),
            happened=before(minutes=18),
        ),
        instance_finding(
            "p5.48xlarge",
            signal="ec2-large",
            severity=Severity.CRITICAL,
            region="sa-east-1",
            fingerprint="large:1",
            links=frozenset({"event:e-large"}),
            happened=before(minutes=8),
            details={"size": "p5.48xlarge", "vcpus": "192", "chips": "GPUs", "case": "chips"},
        ),
    )


def incident(number: int = 1, *findings: Finding, **changes: Value) -> Incident:
    """Give an incident, of a new user unless told otherwise, that is committed and no more."""
    plain = Incident(
        id=number,
        watch="work",
        findings=tuple(in_order(findings or (finding(),))),
        created=before(minutes=1),
        shown=None,
        told=None,
        reviewed=None,
    )
    return replace(plain, **changes)


def watch(account: str = "work", cause: Cause | None = None, **changes: Value) -> Watch:
    """Give a watch that has been well for two hours, or, with a cause, ill for as long."""
    plain = Watch(
        account, account, "", cause, before(hours=2), last_answer=before(seconds=20), checked=before(minutes=10)
    )
    return replace(plain, **changes)


def situation(**changes: Value) -> Situation:
    """Give the best of situations: one account, watched, with nothing to review."""
    calm = Situation((watch(),), to_review=(), quarantined=0, paused_until=None, began=before(hours=3))
    return replace(calm, **changes)


def judged(*findings: Finding, **changes: Value) -> Judged:
    """Give a judged message with these findings."""
    return replace(Judged("config:ConfigurationItemChangeNotification", findings), **changes)


def unreadable(body: str, reason: str = "it is not whole JSON") -> Judged:
    """Give a message that could not be read."""
    return Judged("unreadable", body=body, unreadable=reason)


# Messages, as AWS Config and Amazon SNS write them


def user_item(**changes: Value) -> Json:
    """Give the configuration item of a user that was made two minutes before AWS Config looked."""
    return {
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": written(before(minutes=1)),
        "configurationStateId": 1795432420000,
        "awsAccountId": ACCOUNT_ID,
        "configurationItemStatus": "ResourceDiscovered",
        "resourceType": IAM_USER,
        "resourceId": USER_ID,
        "resourceName": "helpdesk2",
        "ARN": f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
        "awsRegion": "global",
        "availabilityZone": "Not Applicable",
        "configurationStateMd5Hash": "",
        "resourceCreationTime": written(before(minutes=3)),
        "relatedEvents": [],
        "tags": {},
        "relationships": [],
        "configuration": {
            "path": "/",
            "userName": "helpdesk2",
            "userId": USER_ID,
            "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
            "createDate": written(before(minutes=3)),
            "userPolicyList": None,
            "groupList": [],
            "attachedManagedPolicies": [],
            "permissionsBoundary": None,
            "tags": [],
        },
        "supplementaryConfiguration": {},
    } | changes


def instance_configuration(launched: datetime, attached: datetime, **changes: Value) -> Json:
    """Give the configuration of an instance that was last started at ``launched`` and made at ``attached``."""
    return {
        "imageId": "ami-0123456789abcdef0",
        "instanceId": INSTANCE_ID,
        "instanceType": "t3.micro",
        "keyName": None,
        "launchTime": written(launched),
        "state": {"code": 16, "name": "running"},
        "rootDeviceName": "/dev/xvda",
        "networkInterfaces": [
            {
                "networkInterfaceId": "eni-0123456789abcdef0",
                "attachment": {"attachTime": written(attached), "deviceIndex": 0, "status": "attached"},
            }
        ],
        "blockDeviceMappings": [
            {"deviceName": "/dev/xvda", "ebs": {"attachTime": written(attached), "volumeId": "vol-0123456789abcdef0"}}
        ],
    } | changes


def instance_item(**changes: Value) -> Json:
    """Give the configuration item of an instance that was made three minutes before now."""
    return (
        user_item(
            resourceType=EC2_INSTANCE,
            resourceId=INSTANCE_ID,
            resourceName=None,
            ARN=f"arn:aws:ec2:ap-northeast-1:{ACCOUNT_ID}:instance/{INSTANCE_ID}",
            awsRegion="ap-northeast-1",
            availabilityZone="ap-northeast-1a",
            tags={"Name": "web"},
            configuration=instance_configuration(before(minutes=3), before(minutes=3)),
        )
        | changes
    )


def notification(item: Json, change_type: str = "CREATE", **changes: Value) -> Json:
    """Give the notification that carries an item."""
    return {
        "configurationItemDiff": {"changedProperties": {}, "changeType": change_type},
        "configurationItem": item,
        "notificationCreationTime": written(before(seconds=58)),
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
    } | changes


def oversized(item: Json, change_type: str = "CREATE", **changes: Value) -> Json:
    """Give the notification of an item that is too large to be sent, and lies in S3."""
    left_out = ("configuration", "supplementaryConfiguration", "tags", "relationships", "relatedEvents")
    header = {key: value for key, value in item.items() if key not in left_out}
    return {
        "configurationItemSummary": {"changeType": change_type, **header},
        "s3DeliverySummary": {"s3BucketLocation": "bucket/key.json.gz", "errorCode": None, "errorMessage": None},
        "notificationCreationTime": written(before(seconds=58)),
        "messageType": "OversizedConfigurationItemChangeNotification",
        "recordVersion": "1.0",
    } | changes


def event(detail: Json, **changes: Value) -> Json:
    """Give an event of EventBridge; AWS Config's unless told otherwise."""
    return {
        "version": "0",
        "id": "5b8f1f3e-1111-2222-3333-444455556666",
        "detail-type": "Config Configuration Item Change",
        "source": "aws.config",
        "account": ACCOUNT_ID,
        "time": "2026-11-23T11:13:42Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    } | changes


def envelope(message: object, **changes: Value) -> Json:
    """Give SNS's envelope around a message; what is no text becomes JSON first, as its sender does it."""
    return {
        "Type": "Notification",
        "MessageId": "0f2a3b4c-aaaa-bbbb-cccc-ddddeeeeffff",
        "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:config-topic",
        "Subject": f"[AWS Config:us-east-1] AWS::IAM::User helpdesk2 Created in Account {ACCOUNT_ID}",
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-23T11:13:43.001Z",
        "SignatureVersion": "1",
        "Signature": "c2lnbmF0dXJl",
        "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
        "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
    } | changes


def body(message: object) -> str:
    """Give the body, as it stands in the queue, of a message that travelled through SNS."""
    return json.dumps(envelope(message))
