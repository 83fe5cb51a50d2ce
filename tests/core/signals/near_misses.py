"""For every row of the catalogue and each of its lanes a fact that almost fires it, and why it does not."""

import json
from dataclasses import replace

from builders import ACCOUNT_ID
from core.signals.building import (
    ADMIN,
    READER,
    REGION,
    ROLE,
    ROOT,
    STRANGER,
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
from core.signals.shared import (
    ANCHOR_SEEN,
    BALANCER,
    BALANCER_MADE,
    BIG_GROUP,
    DETECTOR,
    DETECTOR_ID,
    DEVELOPERS,
    EKS_CLUSTER,
    FUNCTION,
    HOST,
    KEY,
    NAMED,
    OUR_PATH,
    POLICY,
    PROFILE,
    SAML,
    TASK_DEFINITION,
    TOKYO_ONLY,
    TOPIC,
    TRAIL,
    ingress,
    recorder,
    role_association,
)
from trayapp.core.facts import Judge, PropertyChange

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
        "iam-role-trust",
        role(
            arn=f"arn:aws:iam::{ACCOUNT_ID}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0a1b",
            configuration={
                "assumeRolePolicyDocument": trust(
                    {"Federated": f"arn:aws:iam::{ACCOUNT_ID}:saml-provider/AWSSSO_0a1b_DO_NOT_DELETE"}
                )
            },
        ),
        "it trusts nobody outside the account but services of AWS",
    ),
    NearMiss(
        "iam-user-group",
        updated(
            user(),
            PropertyChange("Configuration.GroupList.0", "team", None),
            PropertyChange("Configuration.GroupList.1", None, "team"),
        ),
        "it joined no group",
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
        updated(DEVELOPERS, PropertyChange("Configuration.AttachmentCount", 1, 2)),
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
    NearMiss("iam-anywhere", updated(ANCHOR_SEEN), "it was changed, not created"),
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
    NearMiss("key-changed", call("iam", "DeleteAccessKey", KEY, actor=ROOT), "root made it for itself"),
    NearMiss(
        "key-changed",
        call("iam", "UpdateAccessKey", NAMED | KEY),
        "it says neither that the key is on nor that it is off",
    ),
    NearMiss(
        "key-changed",
        call("iam", "DeleteAccessKey", NAMED | KEY, error="NoSuchEntityException"),
        "the call failed, and not for want of permission: NoSuchEntityException",
    ),
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
        replace(BIG_GROUP, configuration={"maxSize": 3, "desiredCapacity": 2}),
        "it may grow to 3 instances, fewer than 20",
    ),
    NearMiss(
        "ec2-burst",
        updated(BIG_GROUP, PropertyChange("Configuration.Instances.0", None, {"instanceId": "i-1"})),
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
        call("ec2", "AssociateIamInstanceProfile", role_association(), error="IncorrectState.NotFound"),
        "the call failed, and not for want of permission: IncorrectState.NotFound",
    ),
    NearMiss("ecs-new", updated(TASK_DEFINITION), "it was changed, not created"),
    NearMiss(
        "ecs-new",
        call("ecs", "CreateCluster", {"clusterName": "jobs"}, error="InvalidParameterException"),
        "the call failed, and not for want of permission: InvalidParameterException",
    ),
    NearMiss(
        "lambda-change",
        updated(FUNCTION, PropertyChange("Configuration.MemorySize", 128, 256)),
        "neither its code nor its layers changed",
    ),
    NearMiss(
        "lambda-change",
        call("lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": "thumbnails", "memorySize": 256}),
        "it sets no layers",
    ),
    NearMiss("compute-other", updated(EKS_CLUSTER), "it was changed, not created"),
    NearMiss(
        "compute-other",
        call("eks", "CreateCluster", {"name": "jobs"}, error="ResourceInUseException.AlreadyExists"),
        "the call failed, and not for want of permission: ResourceInUseException.AlreadyExists",
    ),
    NearMiss("host-new", old(HOST), "it existed before: made 127 days before AWS Config saw it"),
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
        call("ec2", "AuthorizeSecurityGroupIngress", ingress(22, "10.0.0.0/8")),
        "no new rule opens a way in to the whole internet",
    ),
    NearMiss(
        "sg-open",
        call("ec2", "AuthorizeSecurityGroupIngress", ingress(22), error="Client.UnauthorizedOperation"),
        "the call failed: Client.UnauthorizedOperation",
    ),
    NearMiss("lb-new", old(BALANCER), "it existed before: made 127 days before AWS Config saw it"),
    NearMiss("lb-new", replace(BALANCER_MADE, error="AccessDenied", response={}), "the call failed: AccessDenied"),
    NearMiss("stack-part", security_group(), "it belongs to no stack and to no auto-scaling group"),
    NearMiss(
        "stack-part",
        call("ec2", "CreateVpc", {"cidrBlock": "10.0.0.0/16"}, {"vpc": {"vpcId": "vpc-0a1b"}}),
        "it belongs to no stack and to no auto-scaling group",
    ),
    NearMiss(
        "watch-recorder",
        call("config", "PutConfigurationRecorder", recorder(allSupported=True, includeGlobalResourceTypes=True)),
        "it records everything",
    ),
    NearMiss(
        "watch-recorder",
        call("config", "PutDeliveryChannel", {"deliveryChannel": {"name": "default", "snsTopicARN": TOPIC}}),
        "it sends to a topic",
    ),
    NearMiss(
        "watch-path",
        call("sqs", "DeleteQueue", {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{STRANGER}/trayapp"}),
        "it is not on the way by which we are told",
        OUR_PATH,
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
    NearMiss(
        "watch-path",
        call("events", "PutRule", {"name": "nightly", "scheduleExpression": "rate(1 day)", "state": "ENABLED"}),
        "it is not known to be on the way by which we are told, and stays switched on",
    ),
    NearMiss("guardduty-off", updated(DETECTOR), "it was changed, not deleted"),
    NearMiss(
        "guardduty-off",
        call("guardduty", "UpdateDetector", {"detectorId": DETECTOR_ID, "enable": True}),
        "it looks at no less",
    ),
    NearMiss(
        "guardduty-off",
        call(
            "guardduty",
            "UpdateDetector",
            {"detectorId": DETECTOR_ID, "features": [{"name": "S3_DATA_EVENTS", "status": "ENABLED"}]},
        ),
        "it looks at no less",
    ),
    NearMiss("trail-off", updated(TRAIL), "it was changed, not deleted"),
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
    NearMiss(
        "cost-alarm-off",
        call("budgets", "DeleteBudget", {"budgetName": "monthly"}, error="AccessDeniedException"),
        "the call failed: AccessDeniedException",
    ),
    NearMiss("spend-prep", call("ses", "CreateEmailIdentity", error="AccessDenied"), "the call failed: AccessDenied"),
    NearMiss(
        "aws-key-exposed",
        verdict(Judge.HEALTH, "AWS_EC2_MAINTENANCE_SCHEDULED"),
        "AWS Health's AWS_EC2_MAINTENANCE_SCHEDULED is not about an exposed key",
    ),
)
"""Facts that almost fire."""

NEVER_MISSED = frozenset({"aws-abuse", "aws-guardduty", "aws-cost"})
"""What is told whatever it says, so that nothing can almost fire."""
