"""The rows about users, roles, groups and policies, and whom they let in."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import iam_conditions as iam
from trayapp.core.signals import types
from trayapp.core.signals.looks import call, created, deleted, held, updated
from trayapp.core.signals.model import SameBy, Signal, says
from trayapp.core.signals.things import answered, asked

_USER = asked(types.USER, "userName")
_ROLE = asked(types.ROLE, "roleName")
_GROUP = asked(types.GROUP, "groupName")
_POLICY = asked(types.POLICY, "policyArn")

IDENTITY = (
    Signal(
        id="iam-user-new",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(created(types.USER),),
        calls=(
            call(
                "iam",
                "CreateUser",
                answered(types.USER, "user", id_="userId", name="userName", arn="arn", asked="userName"),
            ),
        ),
        says=says(
            "New user {name}",
            first_seen="User {name}, seen for the first time",
            refused="Somebody tried to make a user {name}",
        ),
        source="Stratus persistence.iam-create-admin-user; Panther aws_iam_create_user; survival kit 4",
    ),
    Signal(
        id="iam-user-admin",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        config=(held(types.USER, iam.becomes_admin("userPolicyList")),),
        calls=(
            call("iam", "AttachUserPolicy", _USER, iam.ADMIN_ATTACHED),
            call("iam", "PutUserPolicy", _USER, iam.ADMIN_WRITTEN),
        ),
        same_by=SameBy.NAME,
        again=True,
        # An inline policy that allows everything is the same as AdministratorAccess, so it is told as that.
        instead_of=frozenset({"iam-user-inline"}),
        says=says(
            {"": "{name} is now an administrator", "nearly": "{name} may now do nearly everything"},
            refused="Somebody tried to make {name} an administrator",
        ),
        source="Elastic privilege_escalation_iam_administratoraccess_policy_attached_to_user; survival kit 5",
    ),
    Signal(
        id="iam-user-inline",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(held(types.USER, iam.INLINE_GAINED),),
        calls=(call("iam", "PutUserPolicy", _USER, iam.INLINE_PUT),),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            "User {name} was given inline policy {policy}",
            refused="Somebody tried to give user {name} inline policy {policy}",
        ),
        source="Prowler's list for privilege escalation (PutUserPolicy); Panther aws_iam_policy_modified",
    ),
    Signal(
        id="iam-user-group",
        theme=Theme.IDENTITY,
        severity=Severity.MEDIUM,
        config=(held(types.USER, iam.GROUP_GAINED),),
        calls=(call("iam", "AddUserToGroup", _USER, iam.GROUP_JOINED),),
        same_by=SameBy.NAME,
        again=True,
        says=says("User {name} was added to group {group}"),
        source="Elastic credential_access_iam_user_addition_to_group",
    ),
    Signal(
        id="iam-user-gone",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        config=(deleted(types.USER),),
        calls=(call("iam", "DeleteUser", _USER),),
        # The call knows only the name. AWS Config knows it, too, unless its message was cut short; then the id stands
        # in, and the two lanes tell it twice.
        same_by=SameBy.NAME,
        again=True,
        says=says("User {name} was deleted", refused="Somebody tried to delete user {name}"),
        source="Survival kit 4; the lock-out of the owner that no public rule set has",
    ),
    Signal(
        id="iam-quarantine",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        config=(held(types.USER, iam.QUARANTINE_GAINED),),
        calls=(
            call("iam", "AttachUserPolicy", _USER, iam.QUARANTINE_ASKED),
            call("iam", "PutUserPolicy", _USER, iam.QUARANTINE_ASKED),
        ),
        same_by=SameBy.NAME,
        again=True,
        instead_of=frozenset({"iam-user-inline"}),
        says=says(
            "AWS says a key of user {name} is exposed, and has limited it",
            refused="Somebody tried to put user {name} under AWS's policy for exposed keys",
        ),
        source="Elastic credential_access_iam_compromisedkeyquarantine_policy_attached_to_user",
    ),
    Signal(
        id="iam-role-admin",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(held(types.ROLE, iam.becomes_admin("rolePolicyList")),),
        calls=(
            call("iam", "AttachRolePolicy", _ROLE, iam.ADMIN_ATTACHED),
            call("iam", "PutRolePolicy", _ROLE, iam.ADMIN_WRITTEN),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {"": "Role {name} is now an administrator", "nearly": "Role {name} may now do nearly everything"},
            refused="Somebody tried to make role {name} an administrator",
        ),
        source="Elastic privilege_escalation_iam_administratoraccess_policy_attached_to_role; survival kit 5",
    ),
    Signal(
        id="iam-role-trust",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(held(types.ROLE, iam.TRUST_RECORDED),),
        calls=(
            call("iam", "UpdateAssumeRolePolicy", _ROLE, iam.TRUST_UPDATED),
            call(
                "iam",
                "CreateRole",
                answered(types.ROLE, "role", id_="roleId", name="roleName", arn="arn", asked="roleName"),
                iam.TRUST_CREATED,
            ),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "outside": "Role {name} can now be used from outside: {trusts}",
                "anyone": "Role {name} can now be used by anyone",
                "federated": "Role {name} can now be used through identity provider {trusts}",
            },
            refused="Somebody tried to let others use role {name}",
        ),
        source="Panther aws_iam_backdoor_role; Stratus persistence.iam-backdoor-role",
    ),
    Signal(
        id="iam-group-admin",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(held(types.GROUP, iam.becomes_admin("groupPolicyList")),),
        calls=(
            call("iam", "AttachGroupPolicy", _GROUP, iam.ADMIN_ATTACHED),
            call("iam", "PutGroupPolicy", _GROUP, iam.ADMIN_WRITTEN),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "": "Everybody in group {name} is now an administrator",
                "nearly": "Everybody in group {name} may now do nearly everything",
            },
            refused="Somebody tried to make everybody in group {name} an administrator",
        ),
        source="Elastic privilege_escalation_iam_administratoraccess_policy_attached_to_group",
    ),
    Signal(
        id="iam-policy-version",
        theme=Theme.IDENTITY,
        # Critical where the text is known and allows everything: all who have the policy are administrators then.
        severity=Severity.MEDIUM,
        config=(updated(types.POLICY, iam.DEFAULT_CHANGED),),
        calls=(call("iam", ("CreatePolicyVersion", "SetDefaultPolicyVersion"), _POLICY, iam.DEFAULT_ASKED),),
        same_by=SameBy.ARN,
        again=True,
        says=says(
            {
                "changed": "Policy {name} was changed: version {version} is in force",
                "everything": "Policy {name} now allows everything: version {version} is in force",
            }
        ),
        source="Elastic privilege_escalation_iam_customer_managed_policy_version_created_or_set_default",
    ),
    Signal(
        id="iam-federation",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(created((types.SAML_PROVIDER, types.OIDC_PROVIDER)),),
        calls=(
            call(
                "iam",
                "CreateSAMLProvider",
                answered(types.SAML_PROVIDER, "", arn="sAMLProviderArn", asked="name"),
            ),
            call(
                "iam",
                "CreateOpenIDConnectProvider",
                answered(types.OIDC_PROVIDER, "", arn="openIDConnectProviderArn", asked="url"),
            ),
            # Other metadata in an old provider lets others in as well as a new one.
            call("iam", "UpdateSAMLProvider", asked(types.SAML_PROVIDER, "sAMLProviderArn")),
        ),
        same_by=SameBy.ARN,
        again=True,
        says=says(
            {"": "New identity provider {name}", "UpdateSAMLProvider": "Identity provider {name} was replaced"},
            first_seen="Identity provider {name}, seen for the first time",
            refused="Somebody tried to add or replace identity provider {name}",
        ),
        source="Elastic persistence_iam_saml_provider_created, persistence_iam_oidc_provider_created",
    ),
    Signal(
        id="iam-anywhere",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        config=(created((types.TRUST_ANCHOR, types.ANYWHERE_PROFILE)),),
        calls=(
            call(
                "rolesanywhere",
                "CreateTrustAnchor",
                answered(
                    types.TRUST_ANCHOR,
                    "trustAnchor",
                    id_="trustAnchorId",
                    name="name",
                    arn="trustAnchorArn",
                    asked="name",
                ),
            ),
            call(
                "rolesanywhere",
                "CreateProfile",
                answered(
                    types.ANYWHERE_PROFILE, "profile", id_="profileId", name="name", arn="profileArn", asked="name"
                ),
            ),
        ),
        says=says(
            "Machines outside AWS can now get in, through Roles Anywhere {name}",
            first_seen="Roles Anywhere {name}, seen for the first time",
            refused="Somebody tried to let machines outside AWS in, through Roles Anywhere {name}",
        ),
        source="Elastic persistence_iam_roles_anywhere_profile_created; survival kit 23",
    ),
)
"""The rows about who may do what."""
