"""Notifications of AWS Config, made up in the shape of real ones.

The fields are those of
https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html and of
https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html in the spelling that notifications
use. Ids are made at random unless given, so that every message is about another resource.
"""

import secrets as random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict, Unpack

ACCOUNT = "123456789012"

NEW = timedelta(minutes=4)
"""How old a new resource is when AWS Config sees it."""

OLD = timedelta(days=200)
"""How old one of the baseline is, which a recorder reports when it is switched on."""

_SUBJECT_LIMIT = 100
_USER_ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class ConfigMessage:
    """A notification.

    Attributes:
        subject: The e-mail subject that AWS Config gives it.
        body: The message.
    """

    subject: str
    body: dict[str, Any]

    @property
    def item(self) -> dict[str, Any]:
        """The configuration item."""
        item: dict[str, Any] = self.body["configurationItem"]
        return item


class UserOptions(TypedDict, total=False):
    """What ``iam_user_created`` may be told beside the name."""

    user_id: str
    age: timedelta
    captured: datetime | None
    account_id: str
    recorded_in: str


class InstanceOptions(TypedDict, total=False):
    """What ``ec2_instance_created`` may be told beside the id."""

    instance_type: str
    tags: dict[str, str] | None
    age: timedelta
    captured: datetime | None
    account_id: str
    region: str


def iam_user_created(
    name: str = "build-agent",
    *,
    user_id: str = "",
    age: timedelta = NEW,
    captured: datetime | None = None,
    account_id: str = ACCOUNT,
    recorded_in: str = "eu-west-1",
) -> ConfigMessage:
    """Make the notification of a user that AWS Config has just seen for the first time.

    Args:
        name: The user's name.
        user_id: ``AIDA`` and 17 characters.
        age: How long it existed then.
        captured: When AWS Config looked; now when not given.
        account_id: Whose it is.
        recorded_in: The Region whose recorder sent it: users are global, and every recording Region reports them.
    """
    user_id = user_id or "AIDA" + "".join(random.choice(_USER_ID_ALPHABET) for _ in range(17))
    seen = captured or datetime.now(UTC)
    arn = f"arn:aws:iam::{account_id}:user/{name}"
    return _created(
        subject_region=recorded_in,
        seen=seen,
        born=seen - age,
        item={
            "relationships": [],
            "configuration": {
                "path": "/",
                "userName": name,
                "userId": user_id,
                "arn": arn,
                "createDate": _stamp(seen - age),
                "userPolicyList": None,
                "groupList": [],
                "attachedManagedPolicies": [],
                "permissionsBoundary": None,
                "tags": [],
            },
            "supplementaryConfiguration": {},
            "tags": {},
            "awsAccountId": account_id,
            "resourceType": "AWS::IAM::User",
            "resourceId": user_id,
            "resourceName": name,
            "ARN": arn,
            "awsRegion": "global",
            "availabilityZone": "Not Applicable",
        },
    )


def iam_user_baseline(name: str = "founder", **options: Unpack[UserOptions]) -> ConfigMessage:
    """Make the notification of a user that was there all along; see ``iam_user_created``."""
    old: UserOptions = {"age": OLD, **options}
    return iam_user_created(name, **old)


def ec2_instance_created(
    instance_id: str = "",
    *,
    instance_type: str = "t3.micro",
    tags: dict[str, str] | None = None,
    age: timedelta = NEW,
    captured: datetime | None = None,
    account_id: str = ACCOUNT,
    region: str = "eu-west-1",
) -> ConfigMessage:
    """Make the notification of an instance that AWS Config has just seen for the first time.

    Args:
        instance_id: ``i-`` and 17 hexadecimal digits.
        instance_type: Its size.
        tags: Its tags; ``Name`` is the name that the console shows.
        age: How long it existed then.
        captured: When AWS Config looked; now when not given.
        account_id: Whose it is.
        region: Where it is.
    """
    instance_id = instance_id or _id("i")
    seen = captured or datetime.now(UTC)
    born, zone = seen - age, f"{region}a"
    network, subnet, volume, vpc, group = _id("eni"), _id("subnet"), _id("vol"), _id("vpc"), _id("sg")
    related = (
        ("NetworkInterface", network, "Contains NetworkInterface"),
        ("SecurityGroup", group, "Is associated with SecurityGroup"),
        ("Subnet", subnet, "Is contained in Subnet"),
        ("Volume", volume, "Is attached to Volume"),
        ("VPC", vpc, "Is contained in Vpc"),
    )
    attached = {"attachTime": _stamp(born), "deleteOnTermination": True, "status": "attached"}
    groups = [{"groupName": "default", "groupId": group}]
    return _created(
        subject_region=region,
        seen=seen,
        born=born,
        item={
            "relationships": [
                {"resourceId": other, "resourceName": None, "resourceType": f"AWS::EC2::{kind}", "name": how}
                for kind, other, how in related
            ],
            "configuration": {
                "amiLaunchIndex": 0,
                "imageId": _id("ami"),
                "instanceId": instance_id,
                "instanceType": instance_type,
                "keyName": None,
                "launchTime": _stamp(born),
                "monitoring": {"state": "disabled"},
                "placement": {"availabilityZone": zone, "groupName": "", "tenancy": "default"},
                "privateIpAddress": "10.0.0.12",
                "publicIpAddress": None,
                "state": {"code": 16, "name": "running"},
                "subnetId": subnet,
                "vpcId": vpc,
                "architecture": "x86_64",
                "blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {**attached, "volumeId": volume}}],
                "iamInstanceProfile": None,
                "networkInterfaces": [
                    {
                        "attachment": {**attached, "attachmentId": _id("eni-attach"), "deviceIndex": 0},
                        "groups": groups,
                        "networkInterfaceId": network,
                        "ownerId": account_id,
                        "privateIpAddress": "10.0.0.12",
                        "status": "in-use",
                        "subnetId": subnet,
                        "vpcId": vpc,
                    }
                ],
                "rootDeviceName": "/dev/xvda",
                "rootDeviceType": "ebs",
                "securityGroups": groups,
                "tags": [{"key": key, "value": text} for key, text in (tags or {}).items()],
                "virtualizationType": "hvm",
            },
            "supplementaryConfiguration": {},
            "tags": tags or {},
            "awsAccountId": account_id,
            "resourceType": "AWS::EC2::Instance",
            "resourceId": instance_id,
            "resourceName": None,
            "ARN": f"arn:aws:ec2:{region}:{account_id}:instance/{instance_id}",
            "awsRegion": region,
            "availabilityZone": zone,
        },
    )


def ec2_instance_baseline(instance_id: str = "", **options: Unpack[InstanceOptions]) -> ConfigMessage:
    """Make the notification of an instance that ran all along; see ``ec2_instance_created``."""
    old: InstanceOptions = {"age": OLD, **options}
    return ec2_instance_created(instance_id, **old)


def _created(*, subject_region: str, seen: datetime, born: datetime, item: dict[str, Any]) -> ConfigMessage:
    name = item["resourceName"] or item["resourceId"]
    subject = (
        f"[AWS Config:{subject_region}] {item['resourceType']} {name} Discovered in Account {item['awsAccountId']}"
    )
    header = {
        "relatedEvents": [],
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": _stamp(seen),
        "configurationStateId": int(seen.timestamp() * 1000),
        "configurationItemStatus": "ResourceDiscovered",
        "configurationStateMd5Hash": "",
        "resourceCreationTime": _stamp(born),
    }
    body = {
        "configurationItemDiff": {"changedProperties": {}, "changeType": "CREATE"},
        "configurationItem": header | item,
        "notificationCreationTime": _stamp(seen + timedelta(seconds=1)),
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
    }
    return ConfigMessage(subject if len(subject) <= _SUBJECT_LIMIT else subject[: _SUBJECT_LIMIT - 3] + "...", body)


def _id(prefix: str) -> str:
    return f"{prefix}-0{random.token_hex(8)}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
