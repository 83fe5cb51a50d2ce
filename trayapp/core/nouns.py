"""The console's own nouns for the types of things."""

from collections import Counter
from collections.abc import Iterable

from trayapp.core.finding import Subject
from trayapp.core.language import listed, say_count

NOUNS = {
    "AWS::AppRunner::Service": ("App Runner service", "App Runner services"),
    "AWS::AutoScaling::AutoScalingGroup": ("auto-scaling group", "auto-scaling groups"),
    "AWS::Batch::ComputeEnvironment": ("Batch compute environment", "Batch compute environments"),
    "AWS::CloudFormation::Stack": ("stack", "stacks"),
    "AWS::CloudTrail::Trail": ("trail", "trails"),
    "AWS::EC2::EC2Fleet": ("EC2 fleet", "EC2 fleets"),
    "AWS::EC2::EIP": ("Elastic IP address", "Elastic IP addresses"),
    "AWS::EC2::Host": ("dedicated host", "dedicated hosts"),
    "AWS::EC2::Instance": ("instance", "instances"),
    "AWS::EC2::InternetGateway": ("internet gateway", "internet gateways"),
    "AWS::EC2::LaunchTemplate": ("launch template", "launch templates"),
    "AWS::EC2::NatGateway": ("NAT gateway", "NAT gateways"),
    "AWS::EC2::NetworkInterface": ("network interface", "network interfaces"),
    "AWS::EC2::RouteTable": ("route table", "route tables"),
    "AWS::EC2::SecurityGroup": ("security group", "security groups"),
    "AWS::EC2::SpotFleet": ("Spot fleet", "Spot fleets"),
    "AWS::EC2::SpotInstanceRequest": ("Spot request", "Spot requests"),
    "AWS::EC2::Subnet": ("subnet", "subnets"),
    "AWS::EC2::VPC": ("VPC", "VPCs"),
    "AWS::EC2::Volume": ("volume", "volumes"),
    "AWS::ECS::Cluster": ("ECS cluster", "ECS clusters"),
    "AWS::ECS::Service": ("ECS service", "ECS services"),
    "AWS::ECS::TaskDefinition": ("ECS task definition", "ECS task definitions"),
    "AWS::EKS::Cluster": ("EKS cluster", "EKS clusters"),
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
    "AWS::Lightsail::Container": ("Lightsail container service", "Lightsail container services"),
    "AWS::Lightsail::Disk": ("Lightsail disk", "Lightsail disks"),
    "AWS::Lightsail::Instance": ("Lightsail instance", "Lightsail instances"),
    "AWS::Lightsail::StaticIp": ("Lightsail static IP", "Lightsail static IPs"),
    "AWS::SageMaker::Domain": ("SageMaker domain", "SageMaker domains"),
    "AWS::SageMaker::NotebookInstance": ("SageMaker notebook", "SageMaker notebooks"),
}
"""By AWS Config's name of the type: for one, and for several."""

OTHER = ("resource", "resources")
"""For what we have no word for."""

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
    """Name a type of thing in words, for so many of it."""
    return say_count(*NOUNS.get(resource_type, OTHER), count)


def census(subjects: Iterable[Subject]) -> str:
    """Count things by what they are: ``2 instances, 1 load balancer, 3 security groups``."""
    # By its id alone: of the same thing one lane may know the name and another not.
    things = {(subject.resource_type, subject.id or subject.name) for subject in subjects}
    counts = Counter(resource_type for resource_type, _ in things)
    order = sorted(counts, key=lambda each: (_FIRST.index(each) if each in _FIRST else len(_FIRST), each))
    by_noun: Counter[tuple[str, str]] = Counter()
    for resource_type in order:
        by_noun[NOUNS.get(resource_type, OTHER)] += counts[resource_type]
    return listed(say_count(*counted(called), count) for called, count in by_noun.items())


def counted(called: tuple[str, str]) -> tuple[str, str]:
    """Give the texts that count a noun; which word a number takes is another with every noun in some languages."""
    one, several = called
    return f"{{count}} {one}", f"{{count}} {several}"
