"""Whole stories as AWS tells them, message by message: what the program is there for, and what it must not fall for."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from builders import ACCOUNT_ID, Json, Value, notification, user_item, written
from trayapp.demo.calls import Caller
from trayapp.demo.identifiers import Identifiers
from trayapp.demo.messages import Notification
from trayapp.demo.scenarios import SCENARIOS, Scenario

STACK_LAUNCH, EVENING = SCENARIOS
STACK_TITLE = "Stack web: {}, 1 load balancer"
"""What the launch's notification is called once all of it has been reported, with however many instances."""
STACK_REST = "1 auto-scaling group, 2 security groups, 1 launch template"
"""With what its text begins, as it does not fit above."""
SCALE_OUT_AFTER = timedelta(minutes=30)
ASLEEP = timedelta(days=3)

EVENING_IDS = Identifiers(EVENING.title)
_IDS = Identifiers("scenarios")
_LONG_AGO = "2024-02-03T04:05:06.000Z"
_ON_ITS_WAY = timedelta(seconds=2)
_BEAT = timedelta(seconds=1)
_INSTANCE = "AWS::EC2::Instance"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message body, and when it reaches the queue."""

    body: str
    at: datetime


def watched_for_long(began: datetime) -> list[Arrival]:
    """Give what was reported two days before: the owners' users and an old instance in the Region that is used."""
    long_ago = began - timedelta(days=2)
    stories = [*_played(STACK_LAUNCH, began), *_played(EVENING, began)]
    used = next(arrival.body for arrival in stories if _told_of(arrival) == (_INSTANCE, "CREATE"))
    item = json.loads(json.loads(used)["Message"])["configurationItem"]
    item |= {"resourceId": "i-00000000000000001", "tags": {}}
    users = [user_item(resourceId=EVENING_IDS.iam("AIDA", name), resourceName=name) for name in ("alice", "bob")]
    return [
        Arrival(
            _config(each | {"configurationItemCaptureTime": written(long_ago), "resourceCreationTime": _LONG_AGO}),
            long_ago,
        )
        for each in (*users, item)
    ]


def stack_launch(began: datetime) -> list[Arrival]:
    """Give what a stack of a load balancer and two instances is reported by: about thirty messages."""
    return _played(STACK_LAUNCH, began)


def scale_out(began: datetime) -> list[Arrival]:
    """Give what the same stack's scaling group is reported by when it starts one instance more, half an hour later."""
    later = _played(STACK_LAUNCH, began + SCALE_OUT_AFTER)
    starts = [place for place, arrival in enumerate(later) if _told_of(arrival) == (_INSTANCE, "CREATE")]
    six = later[starts[1] : starts[1] + 6]
    return [Arrival(_with_other_ids(arrival.body), arrival.at) for arrival in six]


def evening(began: datetime) -> list[Arrival]:
    """Give an intruder's evening by both lanes."""
    return _played(EVENING, began)


def evening_inside_a_launch(began: datetime) -> list[Arrival]:
    """Give an intruder's evening whose messages come in between those of a stack launch."""
    return sorted([*stack_launch(began), *evening(began)], key=lambda arrival: arrival.at)


def recorder_switched_on(began: datetime, count: int = 500) -> list[Arrival]:
    """Give the first inventory of a recorder: what was there for long, and in the middle one user made just now."""
    old = [_existing(number, began + number * _BEAT / 10) for number in range(count)]
    middle = began + count // 2 * _BEAT / 10
    made = written(middle - timedelta(minutes=3))
    new = user_item(configurationItemCaptureTime=written(middle), resourceCreationTime=made)
    new["configuration"]["createDate"] = made
    arrivals = [*old, Arrival(_config(new), middle + _ON_ITS_WAY)]
    return sorted(arrivals, key=lambda arrival: arrival.at)


def small_things(began: datetime) -> list[Arrival]:
    """Give what is worth a look but never critical: users made by hand, each by somebody else."""
    arrivals = []
    for number, name in enumerate(("carol", "dave", "erin")):
        admin = Caller(_IDS, f"admin{number}", f"AKIAEXAMPLE7ADMIN00{number}", "203.0.113.7", "aws-cli/2.31.3")
        when = began + number * timedelta(hours=2)
        user = {"userName": name, "userId": _IDS.iam("AIDA", name), "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/{name}"}
        call = admin.calls("iam", "CreateUser", when, asked={"userName": name}, answered={"user": user})
        arrivals.append(Arrival(call.message, when + timedelta(seconds=30)))
    return arrivals


def everything(began: datetime) -> list[Arrival]:
    """Give a launch, an evening and small things, one after the other."""
    return [
        *stack_launch(began),
        *evening(began + timedelta(hours=1)),
        *small_things(began + timedelta(hours=3)),
    ]


def only(lane: str, arrivals: Iterable[Arrival]) -> list[Arrival]:
    """Give only what came by one lane, ``config`` or ``cloudtrail``."""
    return [arrival for arrival in arrivals if ("via CloudTrail" in arrival.body) == (lane == "cloudtrail")]


def again_and_in_disorder(arrivals: Sequence[Arrival], times: int, seed: int) -> list[Arrival]:
    """Give every message so many times, in an order drawn from a seed, when the last of them has come."""
    shuffled = [*arrivals] * times
    random.Random(seed).shuffle(shuffled)
    late = max(arrival.at for arrival in arrivals)
    return [Arrival(arrival.body, late) for arrival in shuffled]


def _played(scenario: Scenario, began: datetime) -> list[Arrival]:
    times = _Ticking(began)
    return [
        Arrival(_config_text(step.sent) if isinstance(step.sent, Notification) else step.message, times.now)
        for step in scenario.steps(times)
    ]


class _Ticking:
    """A clock that goes on by a second with each look."""

    def __init__(self, began: datetime) -> None:
        self.now = began

    def __call__(self) -> datetime:
        self.now += _BEAT
        return self.now


def _config_text(sent: Notification) -> str:
    """Put a notification into SNS's envelope."""
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": _IDS.uuid(sent.message),
            "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:config-topic",
            "Subject": sent.subject,
            "Message": sent.message,
        }
    )


def _config(item: Json) -> str:
    return _config_text(Notification("[AWS Config] a resource", json.dumps(notification(item))))


def _told_of(arrival: Arrival) -> tuple[str, str]:
    """Give the type and the change that AWS Config tells of; two empty texts where it tells of something else."""
    message = json.loads(json.loads(arrival.body).get("Message", "{}"))
    item, difference = message.get("configurationItem", {}), message.get("configurationItemDiff", {})
    return item.get("resourceType", ""), difference.get("changeType", "")


def _with_other_ids(body: str) -> str:
    """Make another machine of the same kind out of a message: instance, interface and volume get ids of their own."""
    return re.sub(r"\b(i|eni|vol|eni-attach)-0([0-9a-f]{16})\b", lambda found: f"{found[1]}-0{found[2][::-1]}", body)


_DATED = (
    ("AWS::IAM::User", "AIDAOLD{:013d}"),
    ("AWS::IAM::Role", "AROAOLD{:013d}"),
    ("AWS::EC2::Instance", "i-{:017x}"),
    ("AWS::EC2::Volume", "vol-{:017x}"),
    ("AWS::Lambda::Function", "function-{}"),
    ("AWS::S3::Bucket", "bucket-{}"),
    ("AWS::RDS::DBInstance", "db-{}"),
    ("AWS::CloudFormation::Stack", "arn:aws:cloudformation:us-east-1:123456789012:stack/old-{}/0a1b"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/old/{}"),
    ("AWS::AutoScaling::AutoScalingGroup", "group-{}"),
    ("AWS::IAM::Group", "AGPAOLD{:013d}"),
    ("AWS::ECS::Cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/old-{}"),
)
DATED_AND_TOLD = (
    "AWS::IAM::User",
    "AWS::EC2::Instance",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::ECS::Cluster",
)
"""Of what exists already, what would be told if it were new, and is counted instead."""

_UNDATED = (
    ("AWS::EC2::SecurityGroup", "sg-{:017x}"),
    ("AWS::EC2::VPC", "vpc-{:017x}"),
    ("AWS::EC2::Subnet", "subnet-{:017x}"),
    ("AWS::EC2::RouteTable", "rtb-{:017x}"),
    ("AWS::EC2::InternetGateway", "igw-{:017x}"),
    ("AWS::EC2::LaunchTemplate", "lt-{:017x}"),
    ("AWS::EC2::EIP", "eipalloc-{:017x}"),
    ("AWS::EC2::NatGateway", "nat-{:017x}"),
)


def _existing(number: int, captured: datetime) -> Arrival:
    """Give the first report of something that has been there for long; what AWS Config never dates has no date."""
    kinds = (*_DATED, *_UNDATED)
    resource_type, form = kinds[number % len(kinds)]
    resource_id = form.format(number + 1)
    long_ago = captured - timedelta(days=200 + number)
    is_global = resource_type.startswith("AWS::IAM::")
    changes: dict[str, Value] = {
        "resourceType": resource_type,
        "resourceId": resource_id,
        "resourceName": f"old-{number}",
        "ARN": f"arn:aws:any:us-east-1:{ACCOUNT_ID}:old/{number}",
        "awsRegion": "global" if is_global else "eu-central-1",
        "configurationItemCaptureTime": written(captured),
        "resourceCreationTime": written(long_ago) if (resource_type, form) in _DATED else None,
        "configuration": _configuration(resource_type),
    }
    return Arrival(_config(user_item(**changes)), captured + _ON_ITS_WAY)


def _configuration(resource_type: str) -> Json:
    if resource_type == "AWS::EC2::SecurityGroup":
        anywhere = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}]}
        return {"ipPermissions": [anywhere]}
    if resource_type == _INSTANCE:
        return {"instanceType": "p3.16xlarge"}
    return {}


def batches(arrivals: Iterable[Arrival], size: int) -> Iterator[list[Arrival]]:
    """Part messages into batches of a size, the last of which may be smaller."""
    waiting = list(arrivals)
    for first in range(0, len(waiting), size):
        yield waiting[first : first + size]
