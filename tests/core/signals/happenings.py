"""The same happenings, as both lanes tell them."""

import json

from core.signals.building import (
    ADMIN,
    STACK_TAGS,
    STRANGER,
    allowing,
    call,
    deleted,
    encoded,
    gains,
    group,
    inline,
    instance,
    item,
    role,
    rule,
    run_instances,
    security_group,
    trust,
    updated,
    user,
)
from core.signals.shared import (
    ANCHOR,
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
    NAMED,
    OUR_QUEUE,
    POLICY,
    PROFILE,
    QUEUE_URL,
    SAML,
    TASK_DEFINITION,
    TRAIL,
    USER_MADE,
    ingress,
    role_association,
)
from trayapp.core.facts import PropertyChange

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
        updated(DEVELOPERS, PropertyChange("Configuration.DefaultVersionId", "v2", "v3")),
        call("iam", "SetDefaultPolicyVersion", {"policyArn": POLICY, "versionId": "v3"}),
    ),
    (
        "iam-federation",
        item("AWS::IAM::SAMLProvider", resource_id=SAML, resource_name="okta", arn=SAML),
        call("iam", "CreateSAMLProvider", {"name": "okta"}, {"sAMLProviderArn": SAML}),
    ),
    (
        "iam-anywhere",
        ANCHOR_SEEN,
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
        BIG_GROUP,
        call("autoscaling", "CreateAutoScalingGroup", {"autoScalingGroupName": "web-asg", "maxSize": 999}),
    ),
    (
        "ec2-role-swap",
        updated(instance(), gains("IamInstanceProfile", {"arn": PROFILE, "id": "AIPAEXAMPLE"})),
        call("ec2", "AssociateIamInstanceProfile", role_association()),
    ),
    (
        "ecs-new",
        TASK_DEFINITION,
        call(
            "ecs",
            "RegisterTaskDefinition",
            {"family": "miner"},
            {"taskDefinition": {"taskDefinitionArn": TASK_DEFINITION.arn}},
        ),
    ),
    ("lambda-change", FUNCTION, call("lambda", "CreateFunction20150331", {"functionName": "thumbnails"})),
    (
        "lambda-change",
        updated(FUNCTION, PropertyChange("Configuration.CodeSha256", "a", "b")),
        call("lambda", "UpdateFunctionCode20150331v2", {"functionName": "thumbnails"}),
    ),
    (
        "compute-other",
        EKS_CLUSTER,
        call("eks", "CreateCluster", {"name": "jobs"}, {"cluster": {"arn": EKS_CLUSTER.arn, "name": "jobs"}}),
    ),
    (
        "host-new",
        HOST,
        call("ec2", "AllocateHosts", {"instanceType": "mac2.metal"}, {"hostIdSet": {"item": ["h-0123456789abcdef0"]}}),
    ),
    (
        "sg-open",
        updated(security_group(rule(22)), gains("IpPermissions.0", rule(22))),
        call("ec2", "AuthorizeSecurityGroupIngress", ingress(22)),
    ),
    ("lb-new", BALANCER, BALANCER_MADE),
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
    ("watch-path", deleted(OUR_QUEUE), call("sqs", "DeleteQueue", {"queueUrl": QUEUE_URL})),
    ("trail-off", deleted(TRAIL), call("cloudtrail", "DeleteTrail", {"name": TRAIL.arn})),
    ("guardduty-off", deleted(DETECTOR), call("guardduty", "DeleteDetector", {"detectorId": DETECTOR_ID})),
)
"""The same happening, as AWS Config and as CloudTrail tell it."""
