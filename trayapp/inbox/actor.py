"""Who made a call, out of CloudTrail's ``userIdentity``.

Shape: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html.
"""

from trayapp.core.facts import Actor, ActorKind
from trayapp.inbox.jsonlike import JsonObject, account, first_string, mapping, string, truth

_KINDS = {
    "Root": ActorKind.ROOT,
    "IAMUser": ActorKind.USER,
    "AssumedRole": ActorKind.ROLE,
    "Role": ActorKind.ROLE,
    "AWSService": ActorKind.SERVICE,
    "AWSAccount": ActorKind.ACCOUNT,
}
_CONSOLE = "signin.amazonaws.com"
"""What older records name as the service behind a call when a person made it in the console."""


def actor(record: JsonObject) -> Actor:
    """Read who made the call of a record.

    Of a role, the ARN is the role's own, not that of the session; a federated user is the user whose keys gave him
    his own.
    """
    identity = mapping(record, "userIdentity")
    context = mapping(identity, "sessionContext")
    issuer = mapping(context, "sessionIssuer")
    arn, issuer_arn = string(identity, "arn"), string(issuer, "arn")
    kind = _kind(identity, context, issuer)
    name, session = "", ""
    if kind is ActorKind.ROLE:
        arn_name, arn_session = _of_session(arn)
        name = first_string(string(issuer, "userName"), arn_name)
        session = first_string(string(identity, "principalId").partition(":")[2], arn_session)
        arn = issuer_arn or arn
    elif kind is ActorKind.SERVICE:
        name = string(identity, "invokedBy")
    elif kind is not ActorKind.ROOT:
        name = first_string(string(identity, "userName"), string(issuer, "userName"))
        arn = issuer_arn or arn
    return Actor(
        kind=kind,
        name=name,
        session=session,
        key_id=string(identity, "accessKeyId"),
        arn=arn,
        account_id=first_string(account(identity, "accountId"), account(issuer, "accountId")),
        mfa=_mfa(record, context),
    )


def _kind(identity: JsonObject, context: JsonObject, issuer: JsonObject) -> ActorKind:
    kind = string(identity, "type")
    service = string(identity, "invokedBy")
    if kind == "FederatedUser":
        return ActorKind.ROOT if string(issuer, "type") == "Root" else ActorKind.USER
    if not kind and service:
        return ActorKind.SERVICE
    # A service that acts for the account by itself is written down as root; it has neither a key nor a session. The
    # CIS benchmark, too, takes no call that a service made for a use of root.
    if kind == "Root" and service not in ("", _CONSOLE) and not context and not string(identity, "accessKeyId"):
        return ActorKind.SERVICE
    return _KINDS.get(kind, ActorKind.OTHER)


def _of_session(arn: str) -> tuple[str, str]:
    """Give the role's and the session's name out of ``arn:aws:sts::123456789012:assumed-role/role/session``."""
    _, _, path = arn.partition(":assumed-role/")
    name, _, session = path.partition("/")
    return name, session


def _mfa(record: JsonObject, context: JsonObject) -> bool | None:
    """Read whether there was MFA: of the session, or of the sign-in that begins one."""
    of_session = truth(mapping(context, "attributes"), "mfaAuthenticated")
    return of_session if of_session is not None else truth(mapping(record, "additionalEventData"), "MFAUsed")
