"""The names of the types of things, as AWS Config writes them; for what it does not know, of the same form."""

from trayapp.core.facts import EC2_INSTANCE, IAM_USER

INSTANCE = EC2_INSTANCE
USER = IAM_USER

GROUP = "AWS::IAM::Group"
ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::Policy"
SAML_PROVIDER = "AWS::IAM::SAMLProvider"
OIDC_PROVIDER = "AWS::IAM::OIDCProvider"
TRUST_ANCHOR = "AWS::RolesAnywhere::TrustAnchor"
ANYWHERE_PROFILE = "AWS::RolesAnywhere::Profile"
ACCESS_KEY = "AWS::IAM::AccessKey"
MFA_DEVICE = "AWS::IAM::MFADevice"
LOGIN_PROFILE = "AWS::IAM::LoginProfile"
ACCOUNT = "AWS::Account"

HOST = "AWS::EC2::Host"
SECURITY_GROUP = "AWS::EC2::SecurityGroup"
VPC = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"
VOLUME = "AWS::EC2::Volume"
INTERFACE = "AWS::EC2::NetworkInterface"
ADDRESS = "AWS::EC2::EIP"
INTERNET_GATEWAY = "AWS::EC2::InternetGateway"
NAT_GATEWAY = "AWS::EC2::NatGateway"
ROUTE_TABLE = "AWS::EC2::RouteTable"
LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
EC2_FLEET = "AWS::EC2::EC2Fleet"
SPOT_REQUEST = "AWS::EC2::SpotInstanceRequest"
SPOT_FLEET = "AWS::EC2::SpotFleet"
SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup"
LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC_BALANCER = "AWS::ElasticLoadBalancing::LoadBalancer"

ECS_CLUSTER = "AWS::ECS::Cluster"
ECS_TASK = "AWS::ECS::TaskDefinition"
ECS_SERVICE = "AWS::ECS::Service"
FUNCTION = "AWS::Lambda::Function"
BATCH = "AWS::Batch::ComputeEnvironment"
EKS_CLUSTER = "AWS::EKS::Cluster"
APP_RUNNER = "AWS::AppRunner::Service"
SAGEMAKER_DOMAIN = "AWS::SageMaker::Domain"
NOTEBOOK = "AWS::SageMaker::NotebookInstance"
LIGHTSAIL_INSTANCE = "AWS::Lightsail::Instance"
LIGHTSAIL_CONTAINERS = "AWS::Lightsail::Container"
LIGHTSAIL_DISK = "AWS::Lightsail::Disk"
LIGHTSAIL_IP = "AWS::Lightsail::StaticIp"

TOPIC = "AWS::SNS::Topic"
QUEUE = "AWS::SQS::Queue"
RULE = "AWS::Events::Rule"
DETECTOR = "AWS::GuardDuty::Detector"
TRAIL = "AWS::CloudTrail::Trail"
RECORDER = "AWS::Config::ConfigurationRecorder"
CHANNEL = "AWS::Config::DeliveryChannel"
BUDGET = "AWS::Budgets::Budget"
ANOMALY_SUBSCRIPTION = "AWS::CE::AnomalySubscription"
QUOTA = "AWS::ServiceQuotas::Quota"
IDENTITY = "AWS::SES::EmailIdentity"
MODEL = "AWS::Bedrock::FoundationModel"

TIMED = frozenset(
    {USER, GROUP, ROLE, POLICY, INSTANCE, HOST, VOLUME, LAUNCH_TEMPLATE, SCALING_GROUP, LOAD_BALANCER, CLASSIC_BALANCER}
)
"""The types whose items tell when the thing came to be. Where one of these does not, its message was cut short (it was
oversized, or the type is not recorded), which does not make it old. Of the other types the first inventory of a
recorder cannot be told from news."""
