"""The console's own nouns for the types of resources."""

from collections import Counter
from collections.abc import Iterable

from trayapp.core.finding import Subject

_NOUNS = {
    "AWS::AutoScaling::AutoScalingGroup": ("auto-scaling group", "auto-scaling groups"),
    "AWS::CloudFormation::Stack": ("stack", "stacks"),
    "AWS::CloudTrail::Trail": ("trail", "trails"),
    "AWS::EC2::Host": ("dedicated host", "dedicated hosts"),
    "AWS::EC2::Instance": ("instance", "instances"),
    "AWS::EC2::LaunchTemplate": ("launch template", "launch templates"),
    "AWS::EC2::NetworkInterface": ("network interface", "network interfaces"),
    "AWS::EC2::SecurityGroup": ("security group", "security groups"),
    "AWS::EC2::Subnet": ("subnet", "subnets"),
    "AWS::EC2::VPC": ("VPC", "VPCs"),
    "AWS::EC2::Volume": ("volume", "volumes"),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("load balancer", "load balancers"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("load balancer", "load balancers"),
    "AWS::IAM::AccessKey": ("access key", "access keys"),
    "AWS::IAM::Group": ("group", "groups"),
    "AWS::IAM::LoginProfile": ("console password", "console passwords"),
    "AWS::IAM::MFADevice": ("MFA device", "MFA devices"),
    "AWS::IAM::Policy": ("policy", "policies"),
    "AWS::IAM::Role": ("role", "roles"),
    "AWS::IAM::User": ("user", "users"),
    "AWS::Lambda::Function": ("function", "functions"),
}

# What costs or matters most comes first in a census.
_FIRST = (
    "AWS::IAM::User",
    "AWS::EC2::Host",
    "AWS::EC2::Instance",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::SecurityGroup",
)


def noun(resource_type: str, count: int = 1) -> str:
    """Name a type of resource in words, for so many of it."""
    known = _NOUNS.get(resource_type)
    if known is not None:
        return known[0] if count == 1 else known[1]
    return "resource" if count == 1 else "resources"


def census(subjects: Iterable[Subject]) -> str:
    """Count things by what they are: ``2 instances, 1 load balancer, 3 security groups``."""
    # By its id alone: of the same thing one lane may know the name and another not.
    things = {(subject.resource_type, subject.id or subject.name) for subject in subjects}
    counts = Counter(resource_type for resource_type, _ in things)
    order = sorted(counts, key=lambda each: (_FIRST.index(each) if each in _FIRST else len(_FIRST), each))
    by_noun: dict[str, int] = {}
    for resource_type in order:
        by_noun[noun(resource_type)] = by_noun.get(noun(resource_type), 0) + counts[resource_type]
    plural = {noun(each): noun(each, 2) for each in order}
    return ", ".join(f"{count} {one if count == 1 else plural[one]}" for one, count in by_noun.items())
