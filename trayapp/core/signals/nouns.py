"""What things are called: the nouns of the core, and those that only the signals speak of."""

from trayapp.core import nouns

_MORE = {
    "AWS::AppRunner::Service": "App Runner service",
    "AWS::Batch::ComputeEnvironment": "Batch compute environment",
    "AWS::EC2::EC2Fleet": "EC2 fleet",
    "AWS::EC2::EIP": "Elastic IP address",
    "AWS::EC2::InternetGateway": "internet gateway",
    "AWS::EC2::NatGateway": "NAT gateway",
    "AWS::EC2::RouteTable": "route table",
    "AWS::EC2::SpotFleet": "Spot fleet",
    "AWS::ECS::Cluster": "ECS cluster",
    "AWS::ECS::Service": "ECS service",
    "AWS::ECS::TaskDefinition": "ECS task definition",
    "AWS::EKS::Cluster": "EKS cluster",
    "AWS::Lightsail::Disk": "Lightsail disk",
    "AWS::Lightsail::Instance": "Lightsail instance",
    "AWS::Lightsail::StaticIp": "Lightsail static IP",
    "AWS::SageMaker::Domain": "SageMaker domain",
    "AWS::SageMaker::NotebookInstance": "SageMaker notebook",
}


def noun(resource_type: str) -> str:
    """Name a type of thing as the console does."""
    return _MORE.get(resource_type) or nouns.noun(resource_type)
