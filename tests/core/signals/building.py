"""Ordinary facts about an account, as the inbox makes them of AWS's messages."""

import json
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from builders import ACCOUNT_ID, INSTANCE_ID, NOW, USER_ID, actor, before
from trayapp.core.facts import (
    Actor,
    ActorKind,
    ApiCall,
    Change,
    Fact,
    Judge,
    PropertyChange,
    ResourceChange,
    Verdict,
)
from trayapp.core.finding import Finding
from trayapp.core.severity import Severity
from trayapp.core.signals import Known, judge

Json = dict[str, Any]
Value = Any

STRANGER = "999988887777"
REGION = "ap-northeast-1"
ROOT = Actor(ActorKind.ROOT, "", "", "ASIAEXAMPLEROOT", f"arn:aws:iam::{ACCOUNT_ID}:root", ACCOUNT_ID, mfa=True)
ROLE = Actor(
    ActorKind.ROLE,
    "deployer",
    "ci-17",
    "ASIAEXAMPLEROLE",
    f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/deployer/ci-17",
    ACCOUNT_ID,
    mfa=None,
)
ADMIN = {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess", "policyName": "AdministratorAccess"}
READER = {"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "policyName": "ReadOnlyAccess"}
STACK_TAGS = {
    "aws:cloudformation:stack-id": f"arn:aws:cloudformation:{REGION}:{ACCOUNT_ID}:stack/web/0a1b2c3d",
    "aws:cloudformation:stack-name": "web",
}


@dataclass(frozen=True)
class Example:
    """A fact that fires a signal, with what comes of it."""

    signal: str
    fact: Fact
    severity: Severity
    title: str
    known: Known = field(default_factory=Known)


@dataclass(frozen=True)
class NearMiss:
    """A fact that looks much like one that fires a signal, and why it does not."""

    signal: str
    fact: Fact
    reason: str
    known: Known = field(default_factory=Known)


def found(fact: Fact, signal: str, known: Known | None = None) -> Finding:
    """Give the one finding that a fact gives of a signal."""
    findings = [each for each in judge(fact, NOW, known or Known()).findings if each.signal == signal]
    assert len(findings) == 1, f"{len(findings)} findings of {signal}"
    return findings[0]


def signals_of(fact: Fact, known: Known | None = None) -> list[str]:
    """Give the signals that a fact fires."""
    return [each.signal for each in judge(fact, NOW, known or Known()).findings]


def item(resource_type: str, **changes: Value) -> ResourceChange:
    """Give a resource that was made two minutes before AWS Config looked."""
    is_iam = resource_type.startswith("AWS::IAM::")
    plain = ResourceChange(
        account_id=ACCOUNT_ID,
        region="global" if is_iam else REGION,
        resource_type=resource_type,
        resource_id="thing-1",
        resource_name="thing",
        arn="",
        change=Change.CREATED,
        captured=before(minutes=1),
        born=before(minutes=3),
    )
    return replace(plain, **changes)


def user(**changes: Value) -> ResourceChange:
    """Give a user."""
    plain = item(
        "AWS::IAM::User",
        resource_id=USER_ID,
        resource_name="helpdesk2",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
        configuration={
            "path": "/",
            "userName": "helpdesk2",
            "userId": USER_ID,
            "userPolicyList": None,
            "groupList": [],
            "attachedManagedPolicies": [],
            "permissionsBoundary": None,
            "tags": [],
        },
    )
    return replace(plain, **changes)


def role(**changes: Value) -> ResourceChange:
    """Give a role that EC2 can use."""
    plain = item(
        "AWS::IAM::Role",
        resource_id="AROAEXAMPLEROLE00001",
        resource_name="ci-runner",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:role/ci-runner",
        configuration={
            "roleName": "ci-runner",
            "roleId": "AROAEXAMPLEROLE00001",
            "assumeRolePolicyDocument": encoded(trust({"Service": "ec2.amazonaws.com"})),
            "attachedManagedPolicies": [],
            "rolePolicyList": [],
        },
    )
    return replace(plain, **changes)


def group(**changes: Value) -> ResourceChange:
    """Give a group of users."""
    plain = item(
        "AWS::IAM::Group",
        resource_id="AGPAEXAMPLEGROUP0001",
        resource_name="team",
        arn=f"arn:aws:iam::{ACCOUNT_ID}:group/team",
        configuration={"groupName": "team", "attachedManagedPolicies": [], "groupPolicyList": []},
    )
    return replace(plain, **changes)


def instance(size: str = "t3.micro", **changes: Value) -> ResourceChange:
    """Give an instance."""
    plain = item(
        "AWS::EC2::Instance",
        resource_id=INSTANCE_ID,
        resource_name="",
        arn=f"arn:aws:ec2:{REGION}:{ACCOUNT_ID}:instance/{INSTANCE_ID}",
        size=size,
        configuration={"instanceId": INSTANCE_ID, "instanceType": size, "iamInstanceProfile": None},
    )
    return replace(plain, **changes)


def security_group(*rules: Json, **changes: Value) -> ResourceChange:
    """Give a security group with these rules; AWS Config never says since when there is one."""
    plain = item(
        "AWS::EC2::SecurityGroup",
        resource_id="sg-0123456789abcdef0",
        resource_name="web",
        arn=f"arn:aws:ec2:{REGION}:{ACCOUNT_ID}:security-group/sg-0123456789abcdef0",
        born=None,
        configuration={"groupName": "web", "groupId": "sg-0123456789abcdef0", "ipPermissions": list(rules)},
    )
    return replace(plain, **changes)


def rule(port: int | None, cidr: str = "0.0.0.0/0", **changes: Value) -> Json:
    """Give a rule of a security group, as AWS Config writes it."""
    return {
        "fromPort": port,
        "toPort": port,
        "ipProtocol": "tcp",
        "ipv6Ranges": [],
        "prefixListIds": [],
        "userIdGroupPairs": [],
        "ipv4Ranges": [{"cidrIp": cidr}],
        "ipRanges": [cidr],
    } | changes


def updated(fact: ResourceChange, *changes: PropertyChange) -> ResourceChange:
    """Give the change of a resource that was made long ago."""
    return replace(fact, change=Change.UPDATED, born=before(days=127), properties=changes)


def gains(path: str, value: object) -> PropertyChange:
    """Give a property that was not there before."""
    return PropertyChange(f"Configuration.{path}", None, value)


def old(fact: ResourceChange) -> ResourceChange:
    """Give the same resource, made 127 days before AWS Config looked."""
    return replace(fact, born=before(days=127, minutes=1))


def deleted(fact: ResourceChange, **changes: Value) -> ResourceChange:
    """Give the end of a resource."""
    return replace(fact, change=Change.DELETED, born=None, configuration={}, **changes)


def call(
    service: str, action: str, request: Json | None = None, response: Json | None = None, **changes: Value
) -> ApiCall:
    """Give a call that somebody made two minutes before now."""
    plain = ApiCall(
        account_id=ACCOUNT_ID,
        region="us-east-1" if service in ("iam", "signin", "account", "organizations") else REGION,
        service=service,
        action=action,
        happened=before(minutes=2),
        event_id="5b8f1f3e-1111-2222-3333-444455556666",
        actor=actor(),
        address="198.51.100.23",
        agent="aws-cli/2.17.60",
        error="",
        request=request or {},
        response=response or {},
    )
    return replace(plain, **changes)


def run_instances(*instance_ids: str, size: str = "t3.micro", tags: Json | None = None, **changes: Value) -> ApiCall:
    """Give a call that started instances."""
    tag_set = {"items": [{"key": key, "value": value} for key, value in (tags or {}).items()]} if tags else {}
    items = [
        {
            "instanceId": each,
            "imageId": "ami-0123456789abcdef0",
            "instanceState": {"code": 0, "name": "pending"},
            "instanceType": size,
            "tagSet": tag_set,
        }
        for each in instance_ids or (INSTANCE_ID,)
    ]
    request = {
        "instancesSet": {"items": [{"imageId": "ami-0123456789abcdef0", "minCount": 1, "maxCount": len(items)}]},
        "instanceType": size,
        "blockDeviceMapping": {},
    }
    response = {"reservationId": "r-0123456789abcdef0", "ownerId": ACCOUNT_ID, "instancesSet": {"items": items}}
    return replace(call("ec2", "RunInstances", request, response), **changes)


def login(mfa: str, **changes: Value) -> ApiCall:
    """Give a sign-in to the console."""
    extra = {"LoginTo": "https://console.aws.amazon.com/console/home", "MobileVersion": "No", "MFAUsed": mfa}
    return replace(call("signin", "ConsoleLogin", None, {"ConsoleLogin": "Success"}, extra=extra), **changes)


def verdict(judge: Judge, kind: str, **changes: Value) -> Verdict:
    """Give something that AWS says."""
    plain = Verdict(
        judge=judge,
        account_id=ACCOUNT_ID,
        region="us-east-1",
        verdict_id=f"arn:aws:{judge.value}:us-east-1::event/1",
        kind=kind,
        weight=0.0,
        text="Something looks wrong",
        happened=before(minutes=2),
    )
    return replace(plain, **changes)


def trust(principal: Value, **changes: Value) -> Json:
    """Give a trust document that lets one principal in."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"} | changes
    return {"Version": "2012-10-17", "Statement": [statement]}


def allowing(action: Value, resource: Value = "*") -> Json:
    """Give a policy document that allows an action."""
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": action, "Resource": resource}}


def encoded(document: Json) -> str:
    """Write a document as IAM answers it, percent-encoded."""
    return quote(json.dumps(document), safe="")


def inline(name: str, document: Json) -> Json:
    """Give an inline policy, as AWS Config writes it."""
    return {"policyName": name, "policyDocument": encoded(document)}
