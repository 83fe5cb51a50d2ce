"""The users, keys, roles and groups of a scene."""

from collections.abc import Iterable
from dataclasses import dataclass

from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding
from trayapp.core.language import listed
from trayapp.core.response.scene import Scene
from trayapp.core.signals import types

LASTING = "AKIA"
"""What the id of a key begins with that works until it is switched off; others belong to sessions.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html"""

_POWERED = ("iam-user-admin", "iam-user-inline", "iam-user-group")
_JUDGED = ("aws-key-exposed", "iam-quarantine", "aws-guardduty")
_OF_AWS = "AWSServiceRoleFor"
_SINGLE_SIGN_ON = "AWSReservedSSO_"


@dataclass(frozen=True, slots=True)
class Key:
    """An access key.

    Attributes:
        user: Whose; empty where nobody says, or for root.
        id: Its id.
    """

    user: str
    id: str


def keys(scene: Scene) -> tuple[Key, ...]:
    """Give the lasting keys of users that did it, that were made or switched on, and that AWS says are public."""
    used = [
        Key(actor.name, actor.key_id)
        for actor in scene.own_callers
        if actor.kind is not ActorKind.ROOT and actor.key_id.startswith(LASTING)
    ]
    made = [
        Key(user_of(finding), finding.subject.id)
        for finding in (*scene.of("key-new", *_JUDGED), *_switched_on(scene))
        if finding.subject.resource_type == types.ACCESS_KEY and finding.subject.id.startswith(LASTING)
    ]
    owners = {key.id: key.user for key in (*used, *made) if key.user}
    return tuple(dict.fromkeys(Key(owners.get(key.id, ""), key.id) for key in (*used, *made)))


def _switched_on(scene: Scene) -> Iterable[Finding]:
    return (finding for finding in scene.of("key-changed") if finding.details.get("case") == "on")


def without_keys(scene: Scene) -> tuple[str, ...]:
    """Give the users that lost a key."""
    return _once(user_of(finding) for finding in scene.of("key-changed") if finding.details.get("case") != "on")


def root_keys(scene: Scene) -> tuple[str, ...]:
    """Give the lasting keys of root that did it or were made."""
    used = [actor.key_id for actor in scene.own_callers if actor.kind is ActorKind.ROOT]
    made = [finding.subject.id for finding in scene.of("root-key")]
    return _once(key for key in (*used, *made) if key.startswith(LASTING))


def made(scene: Scene) -> tuple[str, ...]:
    """Give the users that were made."""
    return _once(called(finding) for finding in scene.of("iam-user-new"))


def powered(scene: Scene) -> dict[str, str]:
    """Give the users that gained power, each with the policies and groups that they have it by."""
    found: dict[str, list[str]] = {}
    for finding in scene.of(*_POWERED):
        by = finding.details.get("policy") or finding.details.get("group") or ""
        found.setdefault(called(finding), []).extend([by] if by else [])
    return {user: listed(dict.fromkeys(by)) for user, by in found.items() if user}


def exposed(scene: Scene) -> tuple[str, ...]:
    """Give the users in whose name somebody else works: the callers, and those whose keys are in wrong hands."""
    callers = [actor.name for actor in scene.own_callers if actor.kind is ActorKind.USER]
    judged = [user_of(finding) for finding in scene.of(*_JUDGED)]
    signed_in = [called(finding) for finding in scene.of("login-no-mfa")]
    return _once((*callers, *judged, *signed_in))


def in_the_console(scene: Scene) -> tuple[str, ...]:
    """Give the users whose console password is in wrong hands or was set by somebody else."""
    without_key = [
        actor.name
        for actor in scene.own_callers
        if actor.kind is ActorKind.USER and not actor.key_id.startswith(LASTING)
    ]
    signed_in = [called(finding) for finding in scene.of("login-no-mfa")]
    given = [
        user_of(finding)
        for finding in scene.of("password-new")
        if finding.details.get("action") != "DeleteLoginProfile"
    ]
    return _once((*without_key, *signed_in, *given))


def roles(scene: Scene) -> tuple[str, ...]:
    """Give the roles in whose sessions it was done, and that their owner can end."""
    return _once(
        actor.name
        for actor in scene.own_callers
        if actor.kind is ActorKind.ROLE and not actor.name.startswith((_OF_AWS, _SINGLE_SIGN_ON))
    )


def single_sign_on(scene: Scene) -> tuple[str, ...]:
    """Give who had signed in by IAM Identity Center, by the names of the sessions."""
    return _once(
        actor.session or actor.name
        for actor in scene.own_callers
        if actor.kind is ActorKind.ROLE and actor.name.startswith(_SINGLE_SIGN_ON)
    )


def strangers(scene: Scene) -> tuple[str, ...]:
    """Give the other accounts that called into this one."""
    own = scene.own_callers
    return _once(actor.account_id for actor in scene.callers if actor not in own)


def called(finding: Finding) -> str:
    """Give a finding's thing by its name, else by its id."""
    return finding.subject.name or finding.subject.id


def user_of(finding: Finding) -> str:
    """Give the user that a key, a password, an MFA device or a judgement belongs to; empty where nothing says."""
    if finding.details.get("user"):
        return finding.details["user"]
    if finding.subject.resource_type == types.USER:
        return called(finding)
    prefix = f"thing:{types.USER}:"
    return next((link.removeprefix(prefix) for link in sorted(finding.links) if link.startswith(prefix)), "")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
