"""Facts and names that several tables of examples share."""

from builders import ACCOUNT_ID, USER_ID
from core.signals.building import (
    REGION,
    allowing,
    call,
    encoded,
    item,
)
from trayapp.core.signals import Known

TOKYO_ONLY = Known(regions=frozenset({(ACCOUNT_ID, REGION)}))
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:trayapp"
QUEUE_URL = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/trayapp"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:config-topic"
OUR_PATH = Known(path=frozenset({QUEUE_URL, TOPIC, f"arn:aws:events:{REGION}:{ACCOUNT_ID}:rule/trayapp-calls"}))
PROFILE = f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/admin-box"
SAML = f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/okta"
ANCHOR = "0a1b2c3d-aaaa-bbbb-cccc-ddddeeeeffff"
POLICY = f"arn:aws:iam::{ACCOUNT_ID}:policy/developers"
PUBLIC_TASK = {"containerDefinitions": [{"name": "m", "image": "docker.io/xmrig/xmrig:6", "cpu": 0}], "cpu": "16384"}
SCALING_GROUP_ARN = f"arn:aws:autoscaling:{REGION}:{ACCOUNT_ID}:autoScalingGroup:0a1b:autoScalingGroupName/web-asg"

DEVELOPERS = item(
    "AWS::IAM::Policy",
    resource_id="ANPAEXAMPLEPOLICY001",
    resource_name="developers",
    arn=POLICY,
    configuration={"policyVersionList": [{"versionId": "v3", "document": encoded(allowing("s3:GetObject"))}]},
)
BALANCER_ARN = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT_ID}:loadbalancer/app/web/5be197427c282f61"
BALANCER = item(
    "AWS::ElasticLoadBalancingV2::LoadBalancer", resource_id=BALANCER_ARN, resource_name="web", arn=BALANCER_ARN
)
BALANCER_MADE = call(
    "elasticloadbalancing",
    "CreateLoadBalancer",
    {"name": "web", "subnets": ["subnet-1", "subnet-2"]},
    {"loadBalancers": [{"loadBalancerArn": BALANCER_ARN, "loadBalancerName": "web", "type": "application"}]},
)
BIG_GROUP = item(
    "AWS::AutoScaling::AutoScalingGroup",
    resource_id=SCALING_GROUP_ARN,
    resource_name="web-asg",
    arn=SCALING_GROUP_ARN,
    configuration={"autoScalingGroupName": "web-asg", "maxSize": 999, "desiredCapacity": 20},
)
HOST = item(
    "AWS::EC2::Host",
    resource_id="h-0123456789abcdef0",
    resource_name="",
    configuration={"hostId": "h-0123456789abcdef0", "hostProperties": {"instanceType": "mac2.metal"}},
)
FUNCTION = item(
    "AWS::Lambda::Function",
    resource_id="thumbnails",
    resource_name="thumbnails",
    arn=f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:thumbnails",
)
TRAIL = item(
    "AWS::CloudTrail::Trail",
    resource_id="audit",
    resource_name="audit",
    arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT_ID}:trail/audit",
)
DETECTOR_ID = "12abc34d567e8fa901bc2d34e56789f0"
DETECTOR = item(
    "AWS::GuardDuty::Detector",
    resource_id=DETECTOR_ID,
    resource_name="",
    arn=f"arn:aws:guardduty:{REGION}:{ACCOUNT_ID}:detector/{DETECTOR_ID}",
)
OUR_QUEUE = item("AWS::SQS::Queue", resource_id=QUEUE_URL, resource_name="trayapp", arn=QUEUE)
EKS_CLUSTER = item(
    "AWS::EKS::Cluster",
    resource_id="jobs",
    resource_name="jobs",
    arn=f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/jobs",
    born=None,
)
TASK_DEFINITION = item(
    "AWS::ECS::TaskDefinition",
    resource_id=f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/miner:1",
    resource_name="miner",
    arn=f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/miner:1",
)
SETTLED = Known(settled=frozenset({ACCOUNT_ID}))
ANCHOR_SEEN = item("AWS::RolesAnywhere::TrustAnchor", resource_id=ANCHOR, resource_name="mine", born=None)


def recorder(**recording: object) -> dict[str, object]:
    """Give the request that sets up a recorder."""
    return {"configurationRecorder": {"name": "default", "recordingGroup": recording}}


def role_association(action: str = "AssociateIamInstanceProfile") -> dict[str, object]:
    """Give the request that gives an instance a role."""
    profile = {"Name": "admin-box"}
    return {f"{action}Request": {"IamInstanceProfile": profile, "InstanceId": "i-0abc1234def567890"}}


def ingress(port: int, cidr: str = "0.0.0.0/0") -> dict[str, object]:
    """Give the request that opens a port of a security group."""
    permission = {
        "ipProtocol": "tcp",
        "fromPort": port,
        "toPort": port,
        "groups": {},
        "ipRanges": {"items": [{"cidrIp": cidr}]},
        "ipv6Ranges": {},
    }
    return {"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [permission]}}


USER_MADE = {
    "path": "/",
    "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/helpdesk2",
    "userId": USER_ID,
    "userName": "helpdesk2",
}
NAMED = {"userName": "helpdesk2"}
KEY = {"accessKeyId": "AKIAEXAMPLE7XYZABC"}
