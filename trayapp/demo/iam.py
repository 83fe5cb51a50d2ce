"""Users, roles and policies as AWS Config describes them: in the Region ``global``, reported by each recorder alike."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from trayapp.core.regions import GLOBAL
from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.messages import JsonObject, Resource, related, stamp, tag_list

ADMINISTRATOR = "AdministratorAccess"

_NO_ZONE = "Not Applicable"


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A managed policy, as users and roles refer to it."""

    name: str
    arn: str

    def as_attached(self) -> JsonObject:
        """Give the form within ``attachedManagedPolicies``."""
        return {"policyName": self.name, "policyArn": self.arn}


def aws_policy(name: str) -> AttachedPolicy:
    """Refer to a policy that AWS itself manages."""
    return AttachedPolicy(name, f"arn:aws:iam::aws:policy/{name}")


def user(
    identifiers: Identifiers,
    name: str,
    created: datetime,
    *,
    policies: Sequence[AttachedPolicy] = (),
    groups: Sequence[str] = (),
) -> Resource:
    """Describe an IAM user. Its keys, password and MFA devices never show in AWS Config."""
    user_id = identifiers.iam("AIDA", name)
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    return Resource(
        type="AWS::IAM::User",
        id=user_id,
        name=name,
        arn=arn,
        region=GLOBAL,
        zone=_NO_ZONE,
        created=created,
        configuration={
            "path": "/",
            "userName": name,
            "userId": user_id,
            "arn": arn,
            "createDate": stamp(created),
            "userPolicyList": [],
            "groupList": list(groups),
            "attachedManagedPolicies": [policy.as_attached() for policy in policies],
            "permissionsBoundary": None,
            "tags": [],
        },
        relationships=tuple(
            related("Is attached to Group", "AWS::IAM::Group", identifiers.iam("AGPA", group), group)
            for group in groups
        ),
        reported_from="us-east-1",
    )


def role(
    identifiers: Identifiers,
    name: str,
    created: datetime,
    *,
    trusted_service: str,
    policies: Sequence[AttachedPolicy],
    tags: Mapping[str, str],
) -> Resource:
    """Describe a role that a service of AWS may take."""
    role_id = identifiers.iam("AROA", name)
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": trusted_service}, "Action": "sts:AssumeRole"}],
    }
    return Resource(
        type="AWS::IAM::Role",
        id=role_id,
        name=name,
        arn=arn,
        region=GLOBAL,
        zone=_NO_ZONE,
        created=created,
        configuration={
            "path": "/",
            "roleName": name,
            "roleId": role_id,
            "arn": arn,
            "createDate": stamp(created),
            "assumeRolePolicyDocument": _document(trust),
            "instanceProfileList": [],
            "rolePolicyList": [],
            "attachedManagedPolicies": [policy.as_attached() for policy in policies],
            "permissionsBoundary": None,
            "tags": tag_list(tags),
            "roleLastUsed": None,
        },
        tags=tags,
        reported_from="us-east-1",
    )


def managed_policy(
    identifiers: Identifiers, name: str, created: datetime, *, actions: Sequence[str], attachments: int
) -> Resource:
    """Describe a policy of the account's own; attaching it somewhere changes its count and so the policy as well."""
    policy_id = identifiers.iam("ANPA", name)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    return Resource(
        type="AWS::IAM::Policy",
        id=policy_id,
        name=name,
        arn=arn,
        region=GLOBAL,
        zone=_NO_ZONE,
        created=created,
        configuration={
            "policyName": name,
            "policyId": policy_id,
            "arn": arn,
            "path": "/",
            "defaultVersionId": "v1",
            "attachmentCount": attachments,
            "permissionsBoundaryUsageCount": 0,
            "isAttachable": True,
            "description": None,
            "createDate": stamp(created),
            "updateDate": stamp(created),
            "tags": [],
            "policyVersionList": [
                {
                    "document": _document(allowed),
                    "versionId": "v1",
                    "isDefaultVersion": True,
                    "createDate": stamp(created),
                }
            ],
        },
        reported_from="us-east-1",
    )


def as_seen_from(resource: Resource, region: str) -> Resource:
    """Give the same global resource as the recorder of another Region reports it."""
    return replace(resource, reported_from=region)


def _document(policy: JsonObject) -> str:
    """Write a policy as IAM's API does: JSON, percent-encoded."""
    return quote(json.dumps(policy, separators=(",", ":")))
