"""What things are called, in the console's own words."""

NOUNS = {
    "AWS::AppRunner::Service": ("App Runner service", "App Runner services"),
    "AWS::AutoScaling::AutoScalingGroup": ("Auto Scaling group", "Auto Scaling groups"),
    "AWS::Batch::ComputeEnvironment": ("Batch compute environment", "Batch compute environments"),
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
    "AWS::EC2::Subnet": ("subnet", "subnets"),
    "AWS::EC2::VPC": ("VPC", "VPCs"),
    "AWS::EC2::Volume": ("volume", "volumes"),
    "AWS::ECS::Cluster": ("ECS cluster", "ECS clusters"),
    "AWS::ECS::Service": ("ECS service", "ECS services"),
    "AWS::ECS::TaskDefinition": ("ECS task definition", "ECS task definitions"),
    "AWS::EKS::Cluster": ("EKS cluster", "EKS clusters"),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("load balancer", "load balancers"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("load balancer", "load balancers"),
    "AWS::IAM::Group": ("user group", "user groups"),
    "AWS::IAM::Role": ("role", "roles"),
    "AWS::IAM::User": ("user", "users"),
    "AWS::Lambda::Function": ("function", "functions"),
    "AWS::Lightsail::Disk": ("Lightsail disk", "Lightsail disks"),
    "AWS::Lightsail::Instance": ("Lightsail instance", "Lightsail instances"),
    "AWS::Lightsail::StaticIp": ("Lightsail static IP", "Lightsail static IPs"),
    "AWS::SNS::Topic": ("topic", "topics"),
    "AWS::SQS::Queue": ("queue", "queues"),
    "AWS::SageMaker::Domain": ("SageMaker domain", "SageMaker domains"),
    "AWS::SageMaker::NotebookInstance": ("SageMaker notebook", "SageMaker notebooks"),
}
"""By AWS Config's type name: one, and several."""


def noun(resource_type: str, count: int = 1) -> str:
    """Name a type of thing, for one or for several of it; the type's own last part where we have no word."""
    words = NOUNS.get(resource_type)
    if words is None:
        return resource_type.rpartition("::")[2] or "resource"
    return words[0] if count == 1 else words[1]


def counted(resource_type: str, count: int) -> str:
    """Count things for a person: ``2 security groups``."""
    return f"{count:,} {noun(resource_type, count)}"
