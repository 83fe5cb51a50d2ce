"""For every row of the catalogue and each of its lanes a fact that fires it, and what comes of it."""

import json
from dataclasses import replace

from builders import ACCOUNT_ID, USER_ID
from core.signals.building import (
    ADMIN,
    REGION,
    ROOT,
    STACK_TAGS,
    STRANGER,
    Example,
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
    role,
    rule,
    run_instances,
    security_group,
    trust,
    updated,
    user,
    verdict,
)
from core.signals.shared import (
    ANCHOR,
    ANCHOR_SEEN,
    BALANCER,
    BALANCER_MADE,
    BIG_GROUP,
    DEVELOPERS,
    EKS_CLUSTER,
    FUNCTION,
    HOST,
    NAMED,
    OUR_PATH,
    OUR_QUEUE,
    POLICY,
    PROFILE,
    PUBLIC_TASK,
    SAML,
    SETTLED,
    TASK_DEFINITION,
    TOKYO_ONLY,
    TOPIC,
    TRAIL,
    USER_MADE,
    ingress,
    recorder,
    role_association,
)
from trayapp.core.facts import Judge, PropertyChange
from trayapp.core.severity import Severity
from trayapp.core.signals import Known

LOW, MEDIUM, HIGH, CRITICAL = Severity

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
        updated(DEVELOPERS, PropertyChange("Configuration.DefaultVersionId", "v2", "v3")),
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
    Example("iam-anywhere", ANCHOR_SEEN, HIGH, "Roles Anywhere “mine”, seen for the first time", SETTLED),
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
    Example("ec2-burst", BIG_GROUP, CRITICAL, "Auto-scaling group “web-asg” in Tokyo may grow to 999 instances"),
    Example(
        "ec2-burst",
        updated(BIG_GROUP, PropertyChange("Configuration.MaxSize", 2, 999)),
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
        call("ec2", "AssociateIamInstanceProfile", role_association()),
        HIGH,
        "Instance “i-0abc1234def567890” in Tokyo was given role “admin-box”",
    ),
    Example(
        "ecs-new",
        replace(TASK_DEFINITION, configuration={"Cpu": "256", "ContainerDefinitions": [{"Image": "nginx"}]}),
        HIGH,
        "New ECS task definition “miner” in Tokyo",
    ),
    Example(
        "ecs-new",
        call("ecs", "RegisterTaskDefinition", {"family": "miner", **PUBLIC_TASK}),
        CRITICAL,
        "New ECS task definition “miner” in Tokyo: 16 vCPU for public image “docker.io/xmrig/xmrig:6”",
    ),
    Example(
        "ecs-new",
        call(
            "ecs",
            "RegisterTaskDefinition",
            {
                "family": "render",
                "cpu": "16384",
                "containerDefinitions": [{"image": f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/render:1"}],
            },
        ),
        HIGH,
        "New ECS task definition “render” in Tokyo",
    ),
    Example(
        "ecs-new",
        call(
            "ecs",
            "RegisterTaskDefinition",
            {
                "family": "render",
                "cpu": "8192",
                "containerDefinitions": [{"image": f"{STRANGER}.dkr.ecr.{REGION}.amazonaws.com/render:1"}],
            },
        ),
        CRITICAL,
        "New ECS task definition “render” in Tokyo: "
        f"8 vCPU for public image “{STRANGER}.dkr.ecr.{REGION}.amazonaws.com/render:1”",
    ),
    Example("lambda-change", FUNCTION, MEDIUM, "New function “thumbnails” in Tokyo"),
    Example(
        "lambda-change",
        updated(FUNCTION, PropertyChange("Configuration.CodeSha256", "a", "b")),
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
    Example("compute-other", EKS_CLUSTER, LOW, "EKS cluster “jobs” in Tokyo, seen for the first time"),
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
    Example("host-new", HOST, HIGH, "New dedicated host mac2.metal in Tokyo"),
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
        call("ec2", "AuthorizeSecurityGroupIngress", ingress(22)),
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
    Example("lb-new", BALANCER, LOW, "New load balancer “web” in Tokyo"),
    Example("lb-new", BALANCER_MADE, LOW, "New load balancer “web” in Tokyo"),
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
        call("config", "PutConfigurationRecorder", recorder(allSupported=False, resourceTypes=["AWS::S3::Bucket"])),
        CRITICAL,
        "AWS Config in Tokyo now records only a part",
    ),
    Example(
        "watch-recorder",
        call("config", "PutConfigurationRecorder", recorder(allSupported=True, includeGlobalResourceTypes=False)),
        CRITICAL,
        "AWS Config in Tokyo now records only a part",
    ),
    Example(
        "watch-recorder",
        call("config", "DeleteDeliveryChannel", {"deliveryChannelName": "default"}, error="AccessDenied"),
        HIGH,
        "Somebody tried to switch off or narrow AWS Config in Tokyo",
    ),
    Example(
        "watch-recorder",
        call(
            "config",
            "PutConfigurationRecorder",
            recorder(exclusionByResourceTypes={"resourceTypes": ["AWS::IAM::User"]}),
        ),
        CRITICAL,
        "AWS Config in Tokyo now records only a part",
    ),
    Example(
        "watch-recorder",
        call(
            "config",
            "PutConfigurationRecorder",
            {"configurationRecorder": {"name": "default", "recordingMode": {"recordingFrequency": "DAILY"}}},
        ),
        CRITICAL,
        "AWS Config in Tokyo now records only once a day",
    ),
    Example(
        "watch-recorder",
        call("config", "PutDeliveryChannel", {"deliveryChannel": {"name": "default", "s3BucketName": "logs"}}),
        CRITICAL,
        "AWS Config in Tokyo no longer sends to a topic",
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
        deleted(OUR_QUEUE),
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
    Example(
        "trail-off",
        call("cloudtrail", "UpdateTrail", {"name": "audit", "s3BucketName": "elsewhere"}),
        CRITICAL,
        "CloudTrail “audit” was changed",
    ),
    Example(
        "trail-off",
        call(
            "cloudtrail",
            "PutEventSelectors",
            {"trailName": TRAIL.arn, "eventSelectors": [{"readWriteType": "All", "includeManagementEvents": False}]},
        ),
        CRITICAL,
        "CloudTrail “audit” now records something else",
    ),
    Example("trail-off", deleted(TRAIL), CRITICAL, "CloudTrail “audit” was deleted"),
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
