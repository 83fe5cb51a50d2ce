"""What policies allow, and whom a role's trust lets in."""

import json
import re
from urllib.parse import unquote

from trayapp.core.signals.reading import items, last_part, mapping, pick

ADMIN_POLICIES = frozenset({"AdministratorAccess", "IAMFullAccess", "PowerUserAccess"})
"""AWS's own policies that make whoever has them master of the account, by the last part of their ARN: the part before
it differs between the partitions. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"""

QUARANTINE_PREFIX = "AWSCompromisedKeyQuarantine"
"""AWS attaches ``AWSCompromisedKeyQuarantine``, ``…V2`` or ``…V3`` to a user whose key it found in public.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html"""

QUARANTINE_INLINE = "AWSExposedCredentialPolicy_DO_NOT_REMOVE"
"""The inline policy that did the same before."""

_ACCOUNT = re.compile(r"[0-9]{12}")
_OF_THE_DELETED = re.compile(r"(AIDA|AROA)[A-Z0-9]+")
_ARN_ACCOUNT = 4
ANYONE = "*"


def policy_name(policy: object) -> str:
    """Give the name of a managed policy, from its ARN or from AWS Config's ``{policyArn, policyName}``."""
    if isinstance(policy, str):
        return last_part(policy)
    arn = pick(policy, "policyArn")
    named = pick(policy, "policyName")
    return last_part(arn) if isinstance(arn, str) and arn else named if isinstance(named, str) else ""


def is_quarantine(name: str) -> bool:
    """Tell whether a policy of this name is one with which AWS locks up an exposed key."""
    return name.startswith(QUARANTINE_PREFIX) or name == QUARANTINE_INLINE


def document(written: object) -> object:
    """Read a policy document, which may be an object, JSON, or JSON percent-encoded; ``None`` if it cannot be read."""
    if not isinstance(written, str):
        return written
    for form in (written, unquote(written)):
        try:
            read: object = json.loads(form)
        except (ValueError, RecursionError):
            continue
        return read
    return None


def allows_everything(written: object) -> bool:
    """Tell whether a policy document gives mastery of the account: every action, or all of IAM's, on everything."""
    return any(
        pick(statement, "Effect") == "Allow"
        and any(action in ("*", "*:*", "iam:*") for action in map(_lower, items(pick(statement, "Action"))))
        and ANYONE in items(pick(statement, "Resource"))
        for statement in items(pick(document(written), "Statement"))
    )


def strangers(written: object, account_id: str) -> tuple[str, ...]:
    """Give those whom a role's trust lets in from outside its account, sorted.

    Args:
        written: The trust document, as ``document`` reads it.
        account_id: The role's own account; empty if unknown, and then every account is a stranger.

    Returns:
        ``*`` for anyone, account numbers, ``federated:<provider>``, or whatever else stands there that is neither of
        the account itself nor a service of AWS. Empty for a document that cannot be read.
    """
    found: set[str] = set()
    for statement in items(pick(document(written), "Statement")):
        if pick(statement, "Effect") != "Allow":
            continue
        if pick(statement, "NotPrincipal") is not None:
            # Whoever is not excluded is allowed: in effect anyone.
            found.add(ANYONE)
        found |= _of_principal(pick(statement, "Principal"), account_id)
    return tuple(sorted(found))


def _of_principal(principal: object, account_id: str) -> set[str]:
    if isinstance(principal, str):
        return {principal}
    found: set[str] = set()
    for kind, named in mapping(principal).items():
        for who in items(named):
            if isinstance(who, str):
                found |= _of_one(str(kind), who, account_id)
    return found


def _of_one(kind: str, who: str, account_id: str) -> set[str]:
    if kind == "Service":
        return set()
    if kind == "Federated":
        return {f"federated:{last_part(who)}"}
    if kind != "AWS" or who == ANYONE:
        return {who}
    if _OF_THE_DELETED.fullmatch(who):
        # IAM shows who was deleted by id. It could have got in before, and now nobody can.
        return set()
    parts = who.split(":")
    account = who if _ACCOUNT.fullmatch(who) else parts[_ARN_ACCOUNT] if len(parts) > _ARN_ACCOUNT else ""
    return set() if account and account == account_id else {account or who}


def _lower(value: object) -> str:
    return value.casefold() if isinstance(value, str) else ""
