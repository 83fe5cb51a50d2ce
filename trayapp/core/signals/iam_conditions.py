"""The conditions of the identity rows."""

from collections.abc import Callable

from trayapp.core.arns import account_of
from trayapp.core.facts import ActorKind, ApiCall, Change, ResourceChange
from trayapp.core.finding import Certainty
from trayapp.core.severity import Severity
from trayapp.core.signals import types
from trayapp.core.signals.changes import changed, gained
from trayapp.core.signals.model import HOLDS, Condition, Evidence, Thing, of_fact, of_thing
from trayapp.core.signals.policies import (
    ADMIN_POLICIES,
    ANYONE,
    allows_everything,
    is_quarantine,
    policy_name,
    strangers,
)
from trayapp.core.signals.reading import items, pick, says_yes, text

ATTACHED = "attachedManagedPolicies"
_ADMIN_GROUP = "admin"


def becomes_admin(inline: str) -> Condition[ResourceChange]:
    """It gains one of the policies that make master of the account, or its own that allows everything.

    Args:
        inline: The list of inline policies: ``userPolicyList``, ``rolePolicyList``, ``groupPolicyList``.
    """

    def check(fact: ResourceChange) -> Evidence | str:
        new = {policy_name(policy) for policy in gained(fact, ATTACHED)} & ADMIN_POLICIES
        own = {text(policy, "policyName") for policy in gained(fact, inline) if _is_everything(policy)}
        return _admin(new | own) if new | own else "it gained no policy that makes an administrator"

    return of_fact("gains a policy that makes an administrator", check)


def _asks_for_admin(fact: ApiCall) -> Evidence | str:
    name = policy_name(text(fact.request, "policyArn"))
    return _admin({name}) if name in ADMIN_POLICIES else f"the policy {name} makes no administrator"


def _asks_for_everything(fact: ApiCall) -> Evidence | str:
    if not allows_everything(pick(fact.request, "policyDocument")):
        return "the inline policy does not allow everything"
    return _admin({text(fact.request, "policyName")})


ADMIN_ATTACHED = of_fact("attaches a policy that makes an administrator", _asks_for_admin)
ADMIN_WRITTEN = of_fact("writes an inline policy that allows everything", _asks_for_everything)


def _inline_gained(fact: ResourceChange) -> Evidence | str:
    new = gained(fact, "userPolicyList")
    return _inline({text(policy, "policyName") for policy in new}) if new else "no inline policy was added"


def _inline_put(fact: ApiCall) -> Evidence | str:
    return _inline({text(fact.request, "policyName")})


INLINE_GAINED = of_fact("gains an inline policy", _inline_gained)
INLINE_PUT = of_fact("whatever it allows", _inline_put)


def _group_gained(fact: ResourceChange) -> Evidence | str:
    new = {group for group in gained(fact, "groupList") if isinstance(group, str)}
    return _group(new) if new else "it joined no group"


def _group_joined(fact: ApiCall) -> Evidence | str:
    return _group({text(fact.request, "groupName")})


GROUP_GAINED = of_fact("joins a group", _group_gained)
GROUP_JOINED = of_fact("whatever the group may do", _group_joined)


def _quarantine_gained(fact: ResourceChange) -> Evidence | str:
    policies = (*gained(fact, ATTACHED), *gained(fact, "userPolicyList"))
    return _quarantine({policy_name(policy) for policy in policies})


def _quarantine_asked(fact: ApiCall) -> Evidence | str:
    return _quarantine({policy_name(text(fact.request, "policyArn")) or text(fact.request, "policyName")})


QUARANTINE_GAINED = of_fact("gains the policy with which AWS locks up an exposed key", _quarantine_gained)
QUARANTINE_ASKED = of_fact("the policy is the one with which AWS locks up an exposed key", _quarantine_asked)


def _trust_recorded(fact: ResourceChange, thing: Thing) -> Evidence | str:
    own = fact.account_id or account_of(fact.arn)
    if fact.change is Change.CREATED:
        return _trust(strangers(pick(fact.configuration, "assumeRolePolicyDocument"), own), thing)
    change = changed(fact, "assumeRolePolicyDocument")
    if change is None:
        return "its trust did not change"
    before = strangers(change.before, own)
    return _trust(tuple(who for who in strangers(change.after, own) if who not in before), thing)


def _trust_asked(document: str) -> Callable[[ApiCall, Thing], Evidence | str]:
    def check(fact: ApiCall, thing: Thing) -> Evidence | str:
        return _trust(strangers(pick(fact.request, document), fact.account_id), thing)

    return check


TRUST_RECORDED = of_thing("newly trusts somebody outside the account", _trust_recorded)
TRUST_UPDATED = of_thing("trusts somebody outside the account", _trust_asked("policyDocument"))
TRUST_CREATED = of_thing("trusts somebody outside the account", _trust_asked("assumeRolePolicyDocument"))


def _default_changed(fact: ResourceChange) -> Evidence | str:
    change = changed(fact, "defaultVersionId")
    version = change.after if change is not None else None
    if not isinstance(version, str):
        return "its version in force did not change"
    versions = items(pick(fact.configuration, "policyVersionList"))
    now = next((item for item in versions if text(item, "versionId") == version), None)
    return _version(version, everything=allows_everything(pick(now, "document")))


def _default_asked(fact: ApiCall) -> Evidence | str:
    version = text(fact.response, "policyVersion.versionId") or text(fact.request, "versionId")
    if fact.action == "CreatePolicyVersion" and not says_yes(fact.request, "setAsDefault"):
        return "the new version is not in force"
    return _version(version, everything=allows_everything(pick(fact.request, "policyDocument")))


DEFAULT_CHANGED = of_fact("its version in force changes", _default_changed)
DEFAULT_ASKED = of_fact("the version is in force at once", _default_asked)


def _for_root_itself(fact: ApiCall) -> Evidence | str:
    if fact.actor.kind is not ActorKind.ROOT:
        return "root did not call it"
    return f"it is for user {text(fact.request, 'userName')}" if text(fact.request, "userName") else HOLDS


def _not_for_root(fact: ApiCall) -> Evidence | str:
    return HOLDS if isinstance(_for_root_itself(fact), str) else "root made it for itself"


FOR_ROOT = of_fact("root called it for itself", _for_root_itself)
NOT_FOR_ROOT = of_fact("not root for itself", _not_for_root)


def _user_of(thing: Thing) -> str:
    return next((name for kind, name in thing.related if kind == types.USER), "")


def _is_anothers(fact: ApiCall, user: str) -> bool:
    return bool(user) and not (fact.actor.kind is ActorKind.USER and fact.actor.name == user)


def _new_key(fact: ApiCall, thing: Thing) -> Evidence | str:
    user = _user_of(thing)
    foreign = _is_anothers(fact, user)
    key = text(thing.body, "accessKeyId")
    return Evidence(
        {"user": user, "case": "for another" if foreign else "own"},
        severity=Severity.CRITICAL if foreign else None,
        links=(f"key:{key}",) if key else (),
    )


NEW_KEY = of_thing("heavier when for another user than the caller", _new_key)


def _key_changed(fact: ApiCall, thing: Thing) -> Evidence | str:
    user, key, status = _user_of(thing), text(fact.request, "accessKeyId"), text(fact.request, "status")
    details = {"user": user, "key": key[-6:]}
    if status == "Active":
        return Evidence(details | {"case": "on"}, links=(f"key:{key}",) if key else ())
    if fact.action != "DeleteAccessKey" and status != "Inactive":
        return "it says neither that the key is on nor that it is off"
    # Who puts his own old key away does what is asked of everybody; who takes another's may be locking him out.
    severity = None if _is_anothers(fact, user) else Severity.MEDIUM
    return Evidence(details | {"case": "deleted" if fact.action == "DeleteAccessKey" else "off"}, severity)


KEY_CHANGED = of_thing("lighter when a user puts away a key of his own", _key_changed)


def _names_user(fact: ApiCall, thing: Thing) -> Evidence | str:
    user = _user_of(thing)
    return Evidence({"user": user}) if user else Evidence({"case": f"{fact.action} without user"})


NAMES_USER = of_thing("whosever it is", _names_user)


def _admin(policies: set[str]) -> Evidence:
    case = "nearly" if policies == {"PowerUserAccess"} else "admin"
    return Evidence({"policy": ", ".join(sorted(policies)), "case": case})


def _inline(names: set[str]) -> Evidence:
    named = ", ".join(sorted(names))
    return Evidence({"policy": named}, key=(named,))


def _group(groups: set[str]) -> Evidence:
    named = ", ".join(sorted(groups))
    # What a group may do stands neither in the user's item nor in the call: its name is all there is to go by.
    heavy = any(_ADMIN_GROUP in group.casefold() for group in groups)
    return Evidence({"group": named}, Severity.CRITICAL if heavy else None, key=(named,))


def _quarantine(names: set[str]) -> Evidence | str:
    found = sorted(name for name in names if is_quarantine(name))
    if not found:
        return "none of its new policies is AWS's quarantine"
    return Evidence({"policy": ", ".join(found)}, certainty=Certainty.AWS_SAYS)


def _trust(found: tuple[str, ...], thing: Thing) -> Evidence | str:
    # Only IAM Identity Center can make roles under this path, and all of them trust its own provider.
    reserved = ":role/aws-reserved/sso.amazonaws.com/" in thing.subject.arn
    found = tuple(who for who in found if not (reserved and who.startswith("federated:AWSSSO_")))
    if not found:
        return "it trusts nobody outside the account but services of AWS"
    if ANYONE in found:
        case = "anyone"
    elif all(who.startswith("federated:") for who in found):
        case = "federated"
    else:
        case = "outside"
    named = ", ".join(who.removeprefix("federated:") for who in found)
    # A provider must have been made in the account before, which is told by itself and heavily.
    severity = Severity.MEDIUM if case == "federated" else None
    return Evidence({"trusts": named, "case": case}, severity, key=(",".join(found),))


def _version(version: str, *, everything: bool) -> Evidence:
    details = {"version": version, "case": "everything" if everything else "changed"}
    return Evidence(details, Severity.CRITICAL if everything else None, key=(version,))


def _is_everything(policy: object) -> bool:
    return allows_everything(pick(policy, "policyDocument"))
