"""For every row of the catalogue and each of its lanes a fact that fires it, and one that almost does."""

import json
from dataclasses import replace

from builders import ACCOUNT_ID, USER_ID
from core.signals.building import (
    ADMIN,
    READER,
    REGION,
    ROLE,
    ROOT,
    STACK_TAGS,
    STRANGER,
    Example,
    NearMiss,
    allowing,
    call,
    deleted,
    encoded,
    gains,
    group,
    inline,
    instance,
    item,
    login,
    old,
    role,
    rule,
    run_instances,
    security_group,
    trust,
    updated,
    user,
    verdict,
)

from trayapp.core.facts import Judge, PropertyChange
from trayapp.core.severity import Severity
from trayapp.core.signals import Known

LOW, MEDIUM, HIGH, CRITICAL = Severity

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

_policy = item(
    "AWS::IAM::Policy",
    resource_id="ANPAEXAMPLEPOLICY001",
    resource_name="developers",
    arn=POLICY,
    configuration={"policyVersionList": [{"versionId": "v3", "document": encoded(allowing("s3:GetObject"))}]},
)
_balancer_arn = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT_ID}:loadbalancer/app/web/5be197427c282f61"
_balancer = item(
    "AWS::ElasticLoadBalancingV2::LoadBalancer", resource_id=_balancer_arn, resource_name="web", arn=_balancer_arn
)
_balancer_made = call(
    "elasticloadbalancing",
    "CreateLoadBalancer",
    {"name": "web", "subnets": ["subnet-1", "subnet-2"]},
    {"loadBalancers": [{"loadBalancerArn": _balancer_arn, "loadBalancerName": "web", "type": "application"}]},
)
_big_group = item(
    "AWS::AutoScaling::AutoScalingGroup",
    resource_id=SCALING_GROUP_ARN,
    resource_name="web-asg",
    arn=SCALING_GROUP_ARN,
    configuration={"autoScalingGroupName": "web-asg", "maxSize": 999, "desiredCapacity": 20},
)
_host = item(
    "AWS::EC2::Host",
    resource_id="h-0123456789abcdef0",
    resource_name="",
    configuration={"hostId": "h-0123456789abcdef0", "hostProperties": {"instanceType": "mac2.metal"}},
)
_function = item(
    "AWS::Lambda::Function",
    resource_id="thumbnails",
    resource_name="thumbnails",
    arn=f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:thumbnails",
)
_trail = item(
    "AWS::CloudTrail::Trail",
    resource_id="audit",
    resource_name="audit",
    arn=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT_ID}:trail/audit",
)
_queue = item("AWS::SQS::Queue", resource_id=QUEUE_URL, resource_name="trayapp", arn=QUEUE)
_eks = item(
    "AWS::EKS::Cluster",
    resource_id="jobs",
    resource_name="jobs",
    arn=f"arn:aws:eks:{REGION}:{ACCOUNT_ID}:cluster/jobs",
    born=None,
)
_ecs = item(
    "AWS::ECS::TaskDefinition",
    resource_id=f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/miner:1",
    resource_name="miner",
    arn=f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/miner:1",
)
_settled = Known(settled=frozenset({ACCOUNT_ID}))
_anchor = item("AWS::RolesAnywhere::TrustAnchor", resource_id=ANCHOR, resource_name="mine", born=None)


def _recorder(**recording: object) -> dict[str, object]:
    return {"configurationRecorder": {"name": "default", "recordingGroup": recording}}


def _role_association(action: str = "AssociateIamInstanceProfile") -> dict[str, object]:
    profile = {"Name": "admin-box"}
    return {f"{action}Request": {"IamInstanceProfile": profile, "InstanceId": "i-0abc1234def567890"}}


def _ingress(port: int, cidr: str = "0.0.0.0/0") -> dict[str, object]:
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

EXAMPLES = (
    Example("iam-user-new", user(), HIGH, "New user “helpdesk2”"),
    Example("iam-user-new", call("iam", "CreateUser", NAMED, {"user": USER_MADE}), HIGH, "New user “helpdesk2”"),
    Example(
        "iam-user-new",
        call("iam", "CreateUser", error="AccessDenied"),
        MEDIUM,
        "Somebody tried to make a user (not named)",
    ),
    Example("iam-user-new", user(born=None), HIGH, "User “helpdesk2”, seen for the first time"),
    Example(
        "iam-user-admin",
        updated(user(), gains("AttachedManagedPolicies.0", ADMIN)),
        CRITICAL,
        "“helpdesk2” is now an administrator",
    ),
    Example(
        "iam-user-admin",
        updated(user(), gains("UserPolicyList", [inline("all", allowing("*"))])),
        CRITICAL,
        "“helpdesk2” is now an administrator",
    ),
    Example(
        "iam-user-admin",
        user(configuration={"attachedManagedPolicies": [{"policyArn": "arn:aws-cn:iam::aws:policy/PowerUserAccess"}]}),
        CRITICAL,
        "“helpdesk2” may now do nearly everything",
    ),
    Example(
        "iam-user-admin",
        call("iam", "AttachUserPolicy", NAMED | {"policyArn": ADMIN["policyArn"]}),
        CRITICAL,
        "“helpdesk2” is now an administrator",
    ),
    Example(
        "iam-user-admin",
        call("iam", "AttachUserPolicy", NAMED | {"policyArn": ADMIN["policyArn"]}, error="AccessDenied"),
        HIGH,
        "Somebody tried to make “helpdesk2” an administrator",
    ),
    Example(
        "iam-user-admin",
        call(
            "iam",
            "PutUserPolicy",
            NAMED | {"policyName": "x", "policyDocument": json.dumps(allowing(["s3:*", "iam:*"], ["*"]))},
        ),
        CRITICAL,
        "“helpdesk2” is now an administrator",
    ),
    Example(
        "iam-user-inline",
        updated(user(), gains("UserPolicyList.0", inline("logs", allowing("logs:*")))),
        HIGH,
        "User “helpdesk2” was given inline policy “logs”",
    ),
    Example(
        "iam-user-inline",
        call("iam", "PutUserPolicy", NAMED | {"policyName": "logs", "policyDocument": json.dumps(allowing("logs:*"))}),
        HIGH,
        "User “helpdesk2” was given inline policy “logs”",
    ),
    Example(
        "iam-user-group",
        updated(user(), gains("GroupList.0", "team")),
        MEDIUM,
        "User “helpdesk2” was added to group “team”",
    ),
    Example(
        "iam-user-group",
        call("iam", "AddUserToGroup", NAMED | {"groupName": "Administrators"}),
        CRITICAL,
        "User “helpdesk2” was added to group “Administrators”",
    ),
    Example("iam-user-gone", deleted(user()), CRITICAL, "User “helpdesk2” was deleted"),
    Example("iam-user-gone", deleted(user(), resource_name=""), CRITICAL, f"User “{USER_ID}” was deleted"),
    Example("iam-user-gone", call("iam", "DeleteUser", NAMED), CRITICAL, "User “helpdesk2” was deleted"),
    Example(
        "iam-user-gone",
        call("iam", "DeleteUser", NAMED, error="AccessDenied"),
        HIGH,
        "Somebody tried to delete user “helpdesk2”",
    ),
    Example(
        "iam-quarantine",
        updated(
            user(),
            gains("AttachedManagedPolicies.0", {"policyArn": "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"}),
        ),
        CRITICAL,
        "AWS says a key of user “helpdesk2” is exposed, and has limited it",
    ),
    Example(
        "iam-quarantine",
        call("iam", "PutUserPolicy", NAMED | {"policyName": "AWSExposedCredentialPolicy_DO_NOT_REMOVE"}),
        CRITICAL,
        "AWS says a key of user “helpdesk2” is exposed, and has limited it",
    ),
    Example(
        "iam-role-admin",
        updated(role(), gains("AttachedManagedPolicies.1", ADMIN)),
        HIGH,
        "Role “ci-runner” is now an administrator",
    ),
    Example(
        "iam-role-admin",
        call(
            "iam", "AttachRolePolicy", {"roleName": "ci-runner", "policyArn": "arn:aws:iam::aws:policy/IAMFullAccess"}
        ),
        HIGH,
        "Role “ci-runner” is now an administrator",
    ),
    Example(
        "iam-role-trust",
        role(
            configuration={
                "assumeRolePolicyDocument": encoded(trust({"AWS": [f"arn:aws:iam::{STRANGER}:root", ACCOUNT_ID]}))
            }
        ),
        HIGH,
        f"Role “ci-runner” can now be used from outside: “{STRANGER}”",
    ),
    Example(
        "iam-role-trust",
        updated(
            role(),
            PropertyChange(
                "Configuration.AssumeRolePolicyDocument",
                encoded(trust({"Service": "ec2.amazonaws.com"})),
                encoded(trust("*")),
            ),
        ),
        HIGH,
        "Role “ci-runner” can now be used by anyone",
    ),
    Example(
        "iam-role-trust",
        call(
            "iam",
            "UpdateAssumeRolePolicy",
            {"roleName": "ci-runner", "policyDocument": json.dumps(trust({"AWS": STRANGER}))},
        ),
        HIGH,
        f"Role “ci-runner” can now be used from outside: “{STRANGER}”",
    ),
    Example(
        "iam-role-trust",
        call(
            "iam",
            "CreateRole",
            {
                "roleName": "hub",
                "assumeRolePolicyDocument": json.dumps(
                    trust({"Federated": f"arn:aws:iam::{ACCOUNT_ID}:oidc-provider/token.actions.githubusercontent.com"})
                ),
            },
        ),
        MEDIUM,
        "Role “hub” can now be used through identity provider “token.actions.githubusercontent.com”",
    ),
    Example(
        "iam-group-admin",
        updated(group(), gains("AttachedManagedPolicies.0", ADMIN)),
        HIGH,
        "Everybody in group “team” is now an administrator",
    ),
    Example(
        "iam-group-admin",
        call("iam", "AttachGroupPolicy", {"groupName": "team", "policyArn": ADMIN["policyArn"]}),
        HIGH,
        "Everybody in group “team” is now an administrator",
    ),
    Example(
        "iam-policy-version",
        updated(_policy, PropertyChange("Configuration.DefaultVersionId", "v2", "v3")),
        MEDIUM,
        "Policy “developers” was changed: version v3 is in force",
    ),
    Example(
        "iam-policy-version",
        call(
            "iam",
            "CreatePolicyVersion",
            {"policyArn": POLICY, "setAsDefault": True, "policyDocument": json.dumps(allowing("*"))},
            {"policyVersion": {"versionId": "v3", "isDefaultVersion": True}},
        ),
        CRITICAL,
        "Policy “developers” now allows everything: version v3 is in force",
    ),
    Example(
        "iam-federation",
        item("AWS::IAM::SAMLProvider", resource_id=SAML, resource_name="okta", arn=SAML),
        HIGH,
        "New identity provider “okta”",
    ),
    Example(
        "iam-federation",
        call("iam", "CreateSAMLProvider", {"name": "okta"}, {"sAMLProviderArn": SAML}),
        HIGH,
        "New identity provider “okta”",
    ),
    Example(
        "iam-federation",
        call("iam", "UpdateSAMLProvider", {"sAMLProviderArn": SAML}),
        HIGH,
        "Identity provider “okta” was replaced",
    ),
    Example("iam-anywhere", _anchor, HIGH, "Roles Anywhere “mine”, seen for the first time", _settled),
    Example(
        "iam-anywhere",
        call(
            "rolesanywhere",
            "CreateTrustAnchor",
            {"name": "mine"},
            {"trustAnchor": {"trustAnchorId": ANCHOR, "name": "mine"}},
        ),
        HIGH,
        "Machines outside AWS can now get in, through Roles Anywhere “mine”",
    ),
    Example("root-login", login("Yes", actor=ROOT), CRITICAL, "Somebody signed in as root"),
    Example("root-login", login("No", actor=ROOT), CRITICAL, "Somebody signed in as root, without MFA"),
    Example(
        "root-login", login("No", actor=ROOT, error="Failure", response={}), HIGH, "Somebody tried to sign in as root"
    ),
    Example("root-login", call("s3", "CreateBucket", actor=ROOT), CRITICAL, "Root was used: CreateBucket"),
    Example(
        "root-recovery",
        call("signin", "PasswordRecoveryRequested", actor=ROOT),
        CRITICAL,
        "Somebody asked for a new root password",
    ),
    Example("root-recovery", call("iam", "CreateLoginProfile", actor=ROOT), CRITICAL, "The root password was changed"),
    Example(
        "root-key",
        call("iam", "CreateAccessKey", None, {"accessKey": {"accessKeyId": "AKIAEXAMPLEROOT00001"}}, actor=ROOT),
        CRITICAL,
        "New access key for root",
    ),
    Example(
        "key-new",
        call(
            "iam", "CreateAccessKey", None, {"accessKey": {"accessKeyId": "AKIAEXAMPLE000000001", "userName": "deploy"}}
        ),
        HIGH,
        "New access key for user “deploy”",
    ),
    Example(
        "key-new",
        call("iam", "CreateAccessKey", NAMED, {"accessKey": {"accessKeyId": "AKIAEXAMPLE000000001", **NAMED}}),
        CRITICAL,
        "New access key for user “helpdesk2”, made by somebody else",
    ),
    Example(
        "password-new",
        call("iam", "CreateLoginProfile", NAMED | {"passwordResetRequired": False}),
        HIGH,
        "User “helpdesk2” was given a console password",
    ),
    Example(
        "password-new",
        call("iam", "UpdateLoginProfile", NAMED, error="AccessDenied"),
        MEDIUM,
        "Somebody tried to change the console password of user “helpdesk2”",
    ),
    Example("login-no-mfa", login("No"), HIGH, "User “deploy” signed in to the console without MFA"),
    Example(
        "mfa-off",
        call("iam", "DeactivateMFADevice", NAMED | {"serialNumber": f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"}),
        HIGH,
        "MFA of user “helpdesk2” was switched off",
    ),
    Example(
        "mfa-off",
        call("iam", "DeleteVirtualMFADevice", {"serialNumber": f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"}),
        HIGH,
        "MFA device “phone” was deleted",
    ),
    Example("ec2-new", instance(), MEDIUM, "New instance t3.micro in Tokyo"),
    Example("ec2-new", run_instances(), MEDIUM, "New instance t3.micro in Tokyo"),
    Example("ec2-large", instance("p5.48xlarge"), CRITICAL, "New p5.48xlarge in Tokyo: 192 vCPU with GPUs"),
    Example("ec2-large", instance("c7i.4xlarge"), CRITICAL, "New c7i.4xlarge in Tokyo: 16 vCPU"),
    Example(
        "ec2-large",
        updated(instance("g5.xlarge"), PropertyChange("Configuration.InstanceType", "t3.micro", "g5.xlarge")),
        CRITICAL,
        "Instance “i-0abc1234def567890” became a g5.xlarge in Tokyo: 4 vCPU",
    ),
    Example(
        "ec2-large", run_instances(size="trn1.2xlarge"), CRITICAL, "New trn1.2xlarge in Tokyo: 8 vCPU with accelerators"
    ),
    Example(
        "ec2-large",
        run_instances(size="p5.48xlarge", response={}, error="Client.VcpuLimitExceeded"),
        HIGH,
        "Somebody tried to start p5.48xlarge in Tokyo",
    ),
    Example(
        "ec2-large",
        call(
            "ec2",
            "ModifyInstanceAttribute",
            {"instanceId": "i-0abc1234def567890", "instanceType": {"value": "p3.8xlarge"}},
        ),
        CRITICAL,
        "Instance “i-0abc1234def567890” became a p3.8xlarge in Tokyo: 32 vCPU",
    ),
    Example(
        "ec2-region",
        instance(region="sa-east-1"),
        CRITICAL,
        "First instance in São Paulo, a Region you have not used before",
        TOKYO_ONLY,
    ),
    Example(
        "ec2-region",
        call("ecs", "CreateCluster", {"clusterName": "jobs"}, region="sa-east-1"),
        CRITICAL,
        "First ECS cluster in São Paulo, a Region you have not used before",
        TOKYO_ONLY,
    ),
    Example("ec2-burst", _big_group, CRITICAL, "Auto-scaling group “web-asg” in Tokyo may grow to 999 instances"),
    Example(
        "ec2-burst",
        updated(_big_group, PropertyChange("Configuration.MaxSize", 2, 999)),
        CRITICAL,
        "Auto-scaling group “web-asg” in Tokyo may grow to 999 instances",
    ),
    Example(
        "ec2-burst",
        call("autoscaling", "UpdateAutoScalingGroup", {"autoScalingGroupName": "web-asg", "maxSize": 20}),
        CRITICAL,
        "Auto-scaling group “web-asg” in Tokyo may grow to 20 instances",
    ),
    Example(
        "ec2-role-swap",
        updated(instance(), gains("IamInstanceProfile", {"arn": PROFILE, "id": "AIPAEXAMPLE"})),
        HIGH,
        "Instance “i-0abc1234def567890” in Tokyo was given role “admin-box”",
    ),
    Example(
        "ec2-role-swap",
        call("ec2", "AssociateIamInstanceProfile", _role_association()),
        HIGH,
        "Instance “i-0abc1234def567890” in Tokyo was given role “admin-box”",
    ),
    Example(
        "ecs-new",
        replace(_ecs, configuration={"Cpu": "256", "ContainerDefinitions": [{"Image": "nginx"}]}),
        HIGH,
        "New ECS task definition “miner” in Tokyo",
    ),
    Example(
        "ecs-new",
        call("ecs", "RegisterTaskDefinition", {"family": "miner", **PUBLIC_TASK}),
        CRITICAL,
        "New ECS task definition “miner” in Tokyo: 16 vCPU for public image “docker.io/xmrig/xmrig:6”",
    ),
    Example("lambda-change", _function, MEDIUM, "New function “thumbnails” in Tokyo"),
    Example(
        "lambda-change",
        updated(_function, PropertyChange("Configuration.CodeSha256", "a", "b")),
        MEDIUM,
        "Function “thumbnails” in Tokyo runs other code now",
    ),
    Example(
        "lambda-change",
        call(
            "lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": "thumbnails", "layers": ["arn:aws:x"]}
        ),
        MEDIUM,
        "Function “thumbnails” in Tokyo runs with other layers now",
    ),
    Example(
        "lambda-change",
        call("lambda", "CreateFunction20150331", {"functionName": "thumbnails"}, {"functionName": "thumbnails"}),
        MEDIUM,
        "New function “thumbnails” in Tokyo",
    ),
    Example("compute-other", _eks, LOW, "EKS cluster “jobs” in Tokyo, seen for the first time"),
    Example(
        "compute-other",
        call("lightsail", "CreateDisk", {"diskName": "d"}),
        MEDIUM,
        "New Lightsail disk “d” in Tokyo",
        Known(types=frozenset({(ACCOUNT_ID, "AWS::Lightsail::Disk")})),
    ),
    Example(
        "compute-other",
        call("ec2", "CreateFleet", {}, {"CreateFleetResponse": {"fleetId": "fleet-0a1b"}}),
        HIGH,
        "New EC2 fleet “fleet-0a1b” in Tokyo",
    ),
    Example("host-new", _host, HIGH, "New dedicated host mac2.metal in Tokyo"),
    Example(
        "host-new",
        call(
            "ec2",
            "AllocateHosts",
            {"instanceFamily": "p5", "quantity": 1},
            {"hostIdSet": {"item": ["h-0123456789abcdef0"]}},
        ),
        CRITICAL,
        "New dedicated host p5 in Tokyo",
    ),
    Example(
        "sg-open",
        security_group(rule(22), rule(443)),
        LOW,
        "Security group “web” in Tokyo is open to the whole internet: SSH (22); seen for the first time",
    ),
    Example(
        "sg-open",
        updated(security_group(rule(22)), gains("IpPermissions.0", rule(3389, "::/0"))),
        HIGH,
        "Security group “web” in Tokyo is open to the whole internet: Remote Desktop (3389)",
    ),
    Example(
        "sg-open",
        call("ec2", "AuthorizeSecurityGroupIngress", _ingress(22)),
        HIGH,
        "Security group “sg-0123456789abcdef0” in Tokyo is open to the whole internet: SSH (22)",
    ),
    Example(
        "sg-open",
        call(
            "ec2",
            "ModifySecurityGroupRules",
            {
                "ModifySecurityGroupRulesRequest": {
                    "GroupId": "sg-0123456789abcdef0",
                    "SecurityGroupRule": {
                        "SecurityGroupRuleId": "sgr-0a1b",
                        "tag": 1,
                        "SecurityGroupRule": {"CidrIpv6": "::/0", "IpProtocol": "-1"},
                    },
                }
            },
        ),
        HIGH,
        "Security group “sg-0123456789abcdef0” in Tokyo is open to the whole internet: every port",
    ),
    Example("lb-new", _balancer, LOW, "New load balancer “web” in Tokyo"),
    Example("lb-new", _balancer_made, LOW, "New load balancer “web” in Tokyo"),
    Example(
        "lb-new",
        call("elasticloadbalancing", "CreateLoadBalancer", {"loadBalancerName": "old"}, {"dNSName": "old-1.elb"}),
        LOW,
        "New load balancer “old” in Tokyo",
    ),
    Example(
        "stack-part",
        security_group(tags=STACK_TAGS),
        LOW,
        "Security group “web” in Tokyo, seen for the first time",
    ),
    Example(
        "stack-part",
        call(
            "ec2",
            "CreateVpc",
            {"cidrBlock": "10.0.0.0/16"},
            {"vpc": {"vpcId": "vpc-0a1b"}},
            address="cloudformation.amazonaws.com",
        ),
        LOW,
        "New VPC “vpc-0a1b” in Tokyo",
    ),
    Example(
        "watch-recorder",
        call("config", "StopConfigurationRecorder", {"configurationRecorderName": "default"}),
        CRITICAL,
        "AWS Config was switched off in Tokyo",
    ),
    Example(
        "watch-recorder",
        call("config", "PutConfigurationRecorder", _recorder(allSupported=False, resourceTypes=["AWS::S3::Bucket"])),
        CRITICAL,
        "AWS Config now records only a part in Tokyo",
    ),
    Example(
        "watch-recorder",
        call("config", "PutConfigurationRecorder", _recorder(allSupported=True, includeGlobalResourceTypes=False)),
        CRITICAL,
        "AWS Config now records only a part in Tokyo",
    ),
    Example(
        "watch-recorder",
        call("config", "DeleteDeliveryChannel", {"deliveryChannelName": "default"}, error="AccessDenied"),
        HIGH,
        "Somebody tried to switch AWS Config off in Tokyo",
    ),
    Example(
        "watch-path",
        call("sns", "Unsubscribe", {"subscriptionArn": f"{TOPIC}:0a1b2c3d-0000"}),
        CRITICAL,
        "A subscription of topic “config-topic” was ended; trayapp may hear nothing any more",
        OUR_PATH,
    ),
    Example(
        "watch-path",
        call("events", "DisableRule", {"name": "trayapp-calls"}),
        CRITICAL,
        "Rule “trayapp-calls” was switched off; trayapp may hear nothing any more",
        OUR_PATH,
    ),
    Example(
        "watch-path",
        call("sqs", "PurgeQueue", {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/jobs"}),
        MEDIUM,
        "Queue “jobs” was emptied: what waited in it is lost",
    ),
    Example(
        "watch-path",
        deleted(_queue),
        CRITICAL,
        "“trayapp” was deleted; trayapp may hear nothing any more",
        OUR_PATH,
    ),
    Example(
        "trail-off",
        call("cloudtrail", "StopLogging", {"name": "audit"}),
        CRITICAL,
        "CloudTrail “audit” was switched off",
    ),
    Example(
        "trail-off",
        call("cloudtrail", "PutEventSelectors", {"trailName": "audit", "eventSelectors": [{"readWriteType": "All"}]}),
        HIGH,
        "CloudTrail “audit” now records something else",
    ),
    Example(
        "trail-off",
        call("cloudtrail", "UpdateTrail", {"name": "audit", "isMultiRegionTrail": False}),
        CRITICAL,
        "CloudTrail “audit” was changed",
    ),
    Example("trail-off", deleted(_trail), CRITICAL, "CloudTrail “audit” was deleted"),
    Example(
        "account-change",
        call("account", "EnableRegion", {"regionName": "ap-southeast-5"}),
        HIGH,
        "A Region was switched on: ap-southeast-5",
    ),
    Example("account-change", call("organizations", "LeaveOrganization"), HIGH, "The account left its organization"),
    Example(
        "spend-prep",
        call("servicequotas", "RequestServiceQuotaIncrease", {"serviceCode": "ec2", "quotaCode": "L-417A185B"}),
        HIGH,
        "Somebody asked AWS for higher limits: ec2",
    ),
    Example(
        "spend-prep",
        call("ses", "VerifyDomainIdentity", {"domain": "example.com"}),
        HIGH,
        "New sender of mail: example.com",
    ),
    Example(
        "aws-key-exposed",
        verdict(Judge.HEALTH, "AWS_RISK_CREDENTIALS_EXPOSED", key_id="AKIAEXAMPLE7XYZABC"),
        CRITICAL,
        "AWS says access key …XYZABC is public",
    ),
    Example(
        "aws-abuse",
        verdict(Judge.ABUSE, "AWS_ABUSE_PORT_SCANNING_REPORT"),
        HIGH,
        "AWS reports abuse coming from this account",
    ),
    Example(
        "aws-guardduty",
        verdict(Judge.GUARDDUTY, "AttackSequence:IAM/CompromisedCredentials", weight=9.3),
        CRITICAL,
        "GuardDuty says: “Something looks wrong”",
    ),
    Example(
        "aws-guardduty",
        verdict(Judge.GUARDDUTY, "Recon:EC2/PortProbeUnprotectedPort", weight=2.0, text="Unprotected port is probed"),
        LOW,
        "GuardDuty says: “Unprotected port is probed”",
    ),
    Example(
        "aws-cost",
        verdict(Judge.COST_ANOMALY, "DIMENSIONAL", amount="$812.00"),
        HIGH,
        "AWS says spending is unusual: “$812.00”",
    ),
    Example("aws-cost", verdict(Judge.BILLING_ALARM, "", text="over10"), HIGH, "AWS warns of costs: “over10”"),
)
"""Facts that fire."""

_narrow = "it records everything"
NEAR_MISSES = (
    NearMiss("iam-user-new", old(user()), "it existed before: made 127 days before AWS Config saw it"),
    NearMiss(
        "iam-user-new",
        call("iam", "CreateUser", NAMED, error="EntityAlreadyExistsException"),
        "the call failed, and not for want of permission: EntityAlreadyExistsException",
    ),
    NearMiss(
        "iam-user-admin",
        updated(user(), gains("AttachedManagedPolicies.0", READER)),
        "it gained no policy that makes an administrator",
    ),
    NearMiss(
        "iam-user-admin",
        updated(user(), PropertyChange("Configuration.AttachedManagedPolicies.0", ADMIN, None)),
        "it gained no policy that makes an administrator",
    ),
    NearMiss(
        "iam-user-admin",
        call("iam", "AttachUserPolicy", NAMED | {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess-Amplify"}),
        "the policy AdministratorAccess-Amplify makes no administrator",
    ),
    NearMiss(
        "iam-user-inline",
        updated(user(), PropertyChange("Configuration.UserPolicyList.0", inline("logs", allowing("logs:*")), None)),
        "no inline policy was added",
    ),
    NearMiss(
        "iam-user-inline",
        call("iam", "PutUserPolicy", NAMED | {"policyName": "x"}, error="MalformedPolicyDocument"),
        "the call failed, and not for want of permission: MalformedPolicyDocument",
    ),
    NearMiss(
        "iam-user-group",
        updated(user(), PropertyChange("Configuration.GroupList.0", "team", None)),
        "it joined no group",
    ),
    NearMiss(
        "iam-user-group",
        call("iam", "AddUserToGroup", NAMED | {"groupName": "team"}, error="AccessDenied"),
        "the call failed: AccessDenied",
    ),
    NearMiss("iam-user-gone", user(), "it was created, not deleted"),
    NearMiss(
        "iam-user-gone",
        call("iam", "DeleteUser", NAMED, error="NoSuchEntityException"),
        "the call failed, and not for want of permission: NoSuchEntityException",
    ),
    NearMiss(
        "iam-quarantine",
        updated(user(), gains("AttachedManagedPolicies.0", READER)),
        "none of its new policies is AWS's quarantine",
    ),
    NearMiss(
        "iam-quarantine",
        call("iam", "AttachUserPolicy", NAMED | {"policyArn": ADMIN["policyArn"]}),
        "none of its new policies is AWS's quarantine",
    ),
    NearMiss(
        "iam-role-admin",
        updated(role(), gains("AttachedManagedPolicies.0", READER)),
        "it gained no policy that makes an administrator",
    ),
    NearMiss(
        "iam-role-admin",
        call(
            "iam",
            "PutRolePolicy",
            {"roleName": "ci-runner", "policyDocument": json.dumps(allowing("*", "arn:aws:s3:::b"))},
        ),
        "the inline policy does not allow everything",
    ),
    NearMiss("iam-role-trust", role(), "it trusts nobody outside the account but services of AWS"),
    NearMiss(
        "iam-role-trust",
        updated(
            role(configuration={"assumeRolePolicyDocument": encoded(trust("*"))}),
            gains("AttachedManagedPolicies.0", READER),
        ),
        "its trust did not change",
    ),
    NearMiss(
        "iam-role-trust",
        call(
            "iam",
            "UpdateAssumeRolePolicy",
            {
                "roleName": "ci-runner",
                "policyDocument": json.dumps(
                    trust({"AWS": [f"arn:aws:iam::{ACCOUNT_ID}:root", ACCOUNT_ID], "Service": "lambda.amazonaws.com"})
                ),
            },
        ),
        "it trusts nobody outside the account but services of AWS",
    ),
    NearMiss(
        "iam-group-admin",
        updated(group(), gains("GroupPolicyList.0", inline("some", allowing("iam:GetUser")))),
        "it gained no policy that makes an administrator",
    ),
    NearMiss(
        "iam-group-admin",
        call("iam", "AttachGroupPolicy", {"groupName": "team", "policyArn": READER["policyArn"]}),
        "the policy ReadOnlyAccess makes no administrator",
    ),
    NearMiss(
        "iam-policy-version",
        updated(_policy, PropertyChange("Configuration.AttachmentCount", 1, 2)),
        "its version in force did not change",
    ),
    NearMiss(
        "iam-policy-version",
        call("iam", "CreatePolicyVersion", {"policyArn": POLICY, "setAsDefault": False}),
        "the new version is not in force",
    ),
    NearMiss(
        "iam-federation",
        old(item("AWS::IAM::SAMLProvider", resource_id=SAML, resource_name="okta", arn=SAML)),
        "it existed before: made 127 days before AWS Config saw it",
    ),
    NearMiss(
        "iam-federation",
        call("iam", "CreateSAMLProvider", {"name": "okta"}, error="EntityAlreadyExists"),
        "the call failed, and not for want of permission: EntityAlreadyExists",
    ),
    NearMiss("iam-anywhere", updated(_anchor), "it was changed, not created"),
    NearMiss(
        "iam-anywhere",
        call("rolesanywhere", "CreateTrustAnchor", {"name": "mine"}, error="ValidationException"),
        "the call failed, and not for want of permission: ValidationException",
    ),
    NearMiss("root-login", call("s3", "ListBuckets", actor=ROOT, read_only=True), "it changes nothing"),
    NearMiss("root-login", call("s3", "DescribeThings", actor=ROOT), "it changes nothing"),
    NearMiss(
        "root-login",
        call("ec2", "CreateVpc", actor=ROOT, address="cloudformation.amazonaws.com"),
        "cloudformation.amazonaws.com called it in root's name",
    ),
    NearMiss("root-login", login("No"), "root did not call it"),
    NearMiss("root-recovery", call("signin", "PasswordUpdated"), "it is not about root"),
    NearMiss("root-recovery", call("iam", "CreateLoginProfile", NAMED, actor=ROOT), "it is for user helpdesk2"),
    NearMiss("root-key", call("iam", "CreateAccessKey", NAMED, actor=ROOT), "it is for user helpdesk2"),
    NearMiss("key-new", call("iam", "CreateAccessKey", actor=ROOT), "root made it for itself"),
    NearMiss(
        "password-new",
        call("iam", "DeleteLoginProfile", NAMED, error="NoSuchEntityException"),
        "the call failed, and not for want of permission: NoSuchEntityException",
    ),
    NearMiss("login-no-mfa", login("Yes"), "MFA was used, or the record does not say"),
    NearMiss(
        "login-no-mfa",
        login("No", actor=ROLE),
        "it is no user's sign-in: roles and single sign-on ask for MFA elsewhere",
    ),
    NearMiss(
        "login-no-mfa",
        login("No", error="Failure", response={"ConsoleLogin": "Failure"}),
        "the sign-in did not succeed",
    ),
    NearMiss(
        "mfa-off",
        call("iam", "DeactivateMFADevice", NAMED, error="NoSuchEntity"),
        "the call failed, and not for want of permission: NoSuchEntity",
    ),
    NearMiss("ec2-new", old(instance()), "it existed before: made 127 days before AWS Config saw it"),
    NearMiss(
        "ec2-new",
        run_instances(error="Client.UnauthorizedOperation", response={}),
        "the call failed: Client.UnauthorizedOperation",
    ),
    NearMiss("ec2-large", instance("c7i.2xlarge"), "c7i.2xlarge has no accelerator and 8 vCPU, fewer than 16"),
    NearMiss(
        "ec2-large",
        updated(instance("t3.large"), PropertyChange("Configuration.InstanceType", "t3.micro", "t3.large")),
        "t3.large is not large",
    ),
    NearMiss("ec2-large", run_instances(), "t3.micro has no accelerator and 2 vCPU, fewer than 16"),
    NearMiss("ec2-region", instance(), "the account has computed in this Region before", TOKYO_ONLY),
    NearMiss("ec2-region", run_instances(region="sa-east-1"), "no Region is known yet in which the account computes"),
    NearMiss(
        "ec2-burst",
        replace(_big_group, configuration={"maxSize": 3, "desiredCapacity": 2}),
        "it may grow to 3 instances, fewer than 20",
    ),
    NearMiss(
        "ec2-burst",
        updated(_big_group, PropertyChange("Configuration.Instances.0", None, {"instanceId": "i-1"})),
        "its capacity did not change",
    ),
    NearMiss(
        "ec2-burst",
        call("autoscaling", "SetDesiredCapacity", {"autoScalingGroupName": "web-asg", "desiredCapacity": 4}),
        "it may grow to 4 instances, fewer than 20",
    ),
    NearMiss(
        "ec2-role-swap",
        updated(instance(), PropertyChange("Configuration.IamInstanceProfile", {"arn": PROFILE}, None)),
        "it was given no other role",
    ),
    NearMiss(
        "ec2-role-swap",
        call("ec2", "AssociateIamInstanceProfile", _role_association(), error="IncorrectState.NotFound"),
        "the call failed, and not for want of permission: IncorrectState.NotFound",
    ),
    NearMiss("ecs-new", updated(_ecs), "it was changed, not created"),
    NearMiss(
        "ecs-new",
        call("ecs", "CreateCluster", {"clusterName": "jobs"}, error="InvalidParameterException"),
        "the call failed, and not for want of permission: InvalidParameterException",
    ),
    NearMiss(
        "lambda-change",
        updated(_function, PropertyChange("Configuration.MemorySize", 128, 256)),
        "neither its code nor its layers changed",
    ),
    NearMiss(
        "lambda-change",
        call("lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": "thumbnails", "memorySize": 256}),
        "it sets no layers",
    ),
    NearMiss("compute-other", updated(_eks), "it was changed, not created"),
    NearMiss(
        "compute-other",
        call("eks", "CreateCluster", {"name": "jobs"}, error="ResourceInUseException.AlreadyExists"),
        "the call failed, and not for want of permission: ResourceInUseException.AlreadyExists",
    ),
    NearMiss("host-new", old(_host), "it existed before: made 127 days before AWS Config saw it"),
    NearMiss(
        "host-new",
        call("ec2", "AllocateHosts", {"instanceType": "m5.large"}, error="InvalidHostConfiguration"),
        "the call failed, and not for want of permission: InvalidHostConfiguration",
    ),
    NearMiss(
        "sg-open",
        security_group(rule(443), rule(22, "203.0.113.0/24")),
        "no new rule opens a way in to the whole internet",
    ),
    NearMiss(
        "sg-open",
        updated(security_group(rule(22)), PropertyChange("Relationships.0", None, {"resourceId": "i-1"})),
        "no new rule opens a way in to the whole internet",
    ),
    NearMiss(
        "sg-open",
        call("ec2", "AuthorizeSecurityGroupIngress", _ingress(22, "10.0.0.0/8")),
        "no new rule opens a way in to the whole internet",
    ),
    NearMiss(
        "sg-open",
        call("ec2", "AuthorizeSecurityGroupIngress", _ingress(22), error="Client.UnauthorizedOperation"),
        "the call failed: Client.UnauthorizedOperation",
    ),
    NearMiss("lb-new", old(_balancer), "it existed before: made 127 days before AWS Config saw it"),
    NearMiss("lb-new", replace(_balancer_made, error="AccessDenied", response={}), "the call failed: AccessDenied"),
    NearMiss("stack-part", security_group(), "it belongs to no stack and to no auto-scaling group"),
    NearMiss(
        "stack-part",
        call("ec2", "CreateVpc", {"cidrBlock": "10.0.0.0/16"}, {"vpc": {"vpcId": "vpc-0a1b"}}),
        "it belongs to no stack and to no auto-scaling group",
    ),
    NearMiss(
        "watch-recorder",
        call("config", "PutConfigurationRecorder", _recorder(allSupported=True, includeGlobalResourceTypes=True)),
        _narrow,
    ),
    NearMiss(
        "watch-recorder",
        call("config", "PutDeliveryChannel", {"deliveryChannel": {"name": "default", "snsTopicARN": TOPIC}}),
        "it sends to a topic",
    ),
    NearMiss(
        "watch-path",
        call("sqs", "DeleteQueue", {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT_ID}/jobs"}),
        "it is not on the way by which we are told",
        OUR_PATH,
    ),
    NearMiss(
        "watch-path",
        deleted(item("AWS::SNS::Topic", arn=f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:news")),
        "it is not on the way by which we are told",
        OUR_PATH,
    ),
    NearMiss("trail-off", updated(_trail), "it was changed, not deleted"),
    NearMiss(
        "trail-off",
        call("cloudtrail", "DeleteTrail", {"name": "audit"}, error="TrailNotFoundException"),
        "the call failed, and not for want of permission: TrailNotFoundException",
    ),
    NearMiss(
        "account-change",
        call("account", "EnableRegion", {"regionName": "x"}, error="ValidationException"),
        "the call failed, and not for want of permission: ValidationException",
    ),
    NearMiss("spend-prep", call("ses", "CreateEmailIdentity", error="AccessDenied"), "the call failed: AccessDenied"),
    NearMiss(
        "aws-key-exposed",
        verdict(Judge.HEALTH, "AWS_EC2_MAINTENANCE_SCHEDULED"),
        "AWS Health's AWS_EC2_MAINTENANCE_SCHEDULED is not about an exposed key",
    ),
)
"""Facts that almost fire."""

SAME_HAPPENING = (
    ("iam-user-new", user(), call("iam", "CreateUser", NAMED, {"user": USER_MADE})),
    (
        "iam-user-admin",
        updated(user(), gains("AttachedManagedPolicies.0", ADMIN)),
        call("iam", "AttachUserPolicy", NAMED | {"policyArn": ADMIN["policyArn"]}),
    ),
    (
        "iam-user-inline",
        updated(user(), gains("UserPolicyList.0", inline("logs", allowing("logs:*")))),
        call("iam", "PutUserPolicy", NAMED | {"policyName": "logs", "policyDocument": json.dumps(allowing("logs:*"))}),
    ),
    (
        "iam-user-group",
        updated(user(), gains("GroupList.0", "team")),
        call("iam", "AddUserToGroup", NAMED | {"groupName": "team"}),
    ),
    ("iam-user-gone", deleted(user()), call("iam", "DeleteUser", NAMED)),
    (
        "iam-quarantine",
        updated(user(), gains("UserPolicyList.0", inline("AWSExposedCredentialPolicy_DO_NOT_REMOVE", {}))),
        call("iam", "PutUserPolicy", NAMED | {"policyName": "AWSExposedCredentialPolicy_DO_NOT_REMOVE"}),
    ),
    (
        "iam-role-admin",
        updated(role(), gains("AttachedManagedPolicies.0", ADMIN)),
        call("iam", "AttachRolePolicy", {"roleName": "ci-runner", "policyArn": ADMIN["policyArn"]}),
    ),
    (
        "iam-role-trust",
        updated(
            role(), PropertyChange("Configuration.AssumeRolePolicyDocument", None, encoded(trust({"AWS": STRANGER})))
        ),
        call(
            "iam",
            "UpdateAssumeRolePolicy",
            {"roleName": "ci-runner", "policyDocument": json.dumps(trust({"AWS": STRANGER}))},
        ),
    ),
    (
        "iam-group-admin",
        updated(group(), gains("AttachedManagedPolicies.0", ADMIN)),
        call("iam", "AttachGroupPolicy", {"groupName": "team", "policyArn": ADMIN["policyArn"]}),
    ),
    (
        "iam-policy-version",
        updated(_policy, PropertyChange("Configuration.DefaultVersionId", "v2", "v3")),
        call("iam", "SetDefaultPolicyVersion", {"policyArn": POLICY, "versionId": "v3"}),
    ),
    (
        "iam-federation",
        item("AWS::IAM::SAMLProvider", resource_id=SAML, resource_name="okta", arn=SAML),
        call("iam", "CreateSAMLProvider", {"name": "okta"}, {"sAMLProviderArn": SAML}),
    ),
    (
        "iam-anywhere",
        _anchor,
        call("rolesanywhere", "CreateTrustAnchor", {"name": "mine"}, {"trustAnchor": {"trustAnchorId": ANCHOR}}),
    ),
    ("ec2-new", instance(), run_instances()),
    ("ec2-large", instance("p5.48xlarge"), run_instances(size="p5.48xlarge")),
    (
        "ec2-large",
        updated(instance("p3.8xlarge"), PropertyChange("Configuration.InstanceType", "t3.micro", "p3.8xlarge")),
        call(
            "ec2",
            "ModifyInstanceAttribute",
            {"instanceId": "i-0abc1234def567890", "instanceType": {"value": "p3.8xlarge"}},
        ),
    ),
    ("ec2-region", instance(region="sa-east-1"), run_instances(region="sa-east-1")),
    (
        "ec2-burst",
        _big_group,
        call("autoscaling", "CreateAutoScalingGroup", {"autoScalingGroupName": "web-asg", "maxSize": 999}),
    ),
    (
        "ec2-role-swap",
        updated(instance(), gains("IamInstanceProfile", {"arn": PROFILE, "id": "AIPAEXAMPLE"})),
        call("ec2", "AssociateIamInstanceProfile", _role_association()),
    ),
    (
        "ecs-new",
        _ecs,
        call("ecs", "RegisterTaskDefinition", {"family": "miner"}, {"taskDefinition": {"taskDefinitionArn": _ecs.arn}}),
    ),
    ("lambda-change", _function, call("lambda", "CreateFunction20150331", {"functionName": "thumbnails"})),
    (
        "lambda-change",
        updated(_function, PropertyChange("Configuration.CodeSha256", "a", "b")),
        call("lambda", "UpdateFunctionCode20150331v2", {"functionName": "thumbnails"}),
    ),
    (
        "compute-other",
        _eks,
        call("eks", "CreateCluster", {"name": "jobs"}, {"cluster": {"arn": _eks.arn, "name": "jobs"}}),
    ),
    (
        "host-new",
        _host,
        call("ec2", "AllocateHosts", {"instanceType": "mac2.metal"}, {"hostIdSet": {"item": ["h-0123456789abcdef0"]}}),
    ),
    (
        "sg-open",
        updated(security_group(rule(22)), gains("IpPermissions.0", rule(22))),
        call("ec2", "AuthorizeSecurityGroupIngress", _ingress(22)),
    ),
    ("lb-new", _balancer, _balancer_made),
    (
        "stack-part",
        security_group(tags=STACK_TAGS),
        call(
            "ec2",
            "CreateSecurityGroup",
            {"groupName": "web"},
            {"groupId": "sg-0123456789abcdef0"},
            address="cloudformation.amazonaws.com",
        ),
    ),
    ("watch-path", deleted(_queue), call("sqs", "DeleteQueue", {"queueUrl": QUEUE_URL})),
    ("trail-off", deleted(_trail), call("cloudtrail", "DeleteTrail", {"name": _trail.arn})),
)
"""The same happening, as AWS Config and as CloudTrail tell it."""

NEVER_MISSED = frozenset({"aws-abuse", "aws-guardduty", "aws-cost"})
"""What is told whatever it says, so that nothing can almost fire."""
