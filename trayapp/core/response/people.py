"""The rows about keeping others out: keys, passwords, sessions and rights."""

from collections.abc import Iterable, Iterator

from trayapp.core.finding import Finding
from trayapp.core.language import say
from trayapp.core.regions import GLOBAL
from trayapp.core.response import pages, sources, who
from trayapp.core.response.model import Row, Target
from trayapp.core.response.scene import Scene
from trayapp.core.text import name, quoted


def _users(users: Iterable[str]) -> Iterator[Target]:
    for user in users:
        yield Target((user,), {"user": quoted(user)}, {"name": user})


def _keys(scene: Scene) -> Iterator[Target]:
    for key in who.keys(scene):
        words = {
            "key": f"…{name(key.id[-6:], 6)}",
            "of": " " + say("of user {name}", name=quoted(key.user)) if key.user else "",
            "id": name(key.id, 40),
        }
        yield Target((key.id,), words, {"name": key.user})


def _powered(scene: Scene) -> Iterator[Target]:
    for user, by in who.powered(scene).items():
        words = {"user": quoted(user), "by": name(by, 80) or say("new rights")}
        yield Target((user,), words, {"name": user})


def _exposed(scene: Scene) -> Iterator[Target]:
    others = {*who.powered(scene), *who.made(scene)}
    return _users(user for user in who.exposed(scene) if user not in others)


def _passwords(scene: Scene) -> Iterator[Target]:
    return _users(user for user in who.in_the_console(scene) if user not in who.made(scene))


def _named(findings: Iterable[Finding]) -> Iterator[Target]:
    things = {who.called(each): each for each in findings if who.called(each)}
    for thing, finding in things.items():
        policy, arn = finding.details.get("policy", ""), finding.subject.arn
        words = {
            "thing": quoted(thing),
            "by": f": {name(policy, 80)}" if policy else "",
            "trusts": name(finding.details.get("trusts", ""), 80) or say("somebody outside"),
        }
        parts = {"name": finding.subject.name, "arn": arn}
        # IAM is shown at home, whichever Region has told of it.
        at_home = finding.subject.resource_type.startswith("AWS::IAM::")
        yield Target((thing,), words, parts, GLOBAL if at_home else finding.region)


def _strangers(scene: Scene) -> Iterator[Target]:
    for account in who.strangers(scene):
        yield Target((account,), {"account": quoted(account)})


CREDENTIALS = (
    Row(
        id="stop-key",
        targets=_keys,
        title="Deactivate access key {key}{of}",
        why="{id} is in wrong hands, or was made by them. Programs of yours that use it stop working; that is the "
        "smaller harm. Deactivate it and do not delete it yet: AWS finds by its id what was done with it.",
        done_when="The key is shown as inactive.",
        page=pages.USER_SECRETS,
        rest=pages.USERS,
        source=sources.PLAYBOOK,
    ),
    Row(
        id="strip-user",
        targets=_powered,
        title="Take all rights from {user}",
        why="The user has {by}; while that lasts, every other step can be undone. Add the policy AWSDenyAll: it "
        "counts at once, for every key, password and session of this user. Then detach what was given. A user of "
        "your own that you need keeps the rest of its rights. Do not be signed in as this user.",
        done_when="The list of permissions shows AWSDenyAll, or no longer shows what was given.",
        page=pages.USER_POWERS,
        rest=pages.USERS,
        source=sources.TEMPORARY,
    ),
    Row(
        id="deny-user",
        targets=_exposed,
        title="Deny user {user} everything",
        why="Sessions that were begun with a key or a password live on for up to 36 hours after it is off. Add the "
        "policy AWSDenyAll: it ends them. A policy of AWS whose name has Quarantine or DO_NOT_REMOVE in it stays. "
        "Do not be signed in as this user.",
        done_when="The list of permissions shows AWSDenyAll.",
        page=pages.USER_POWERS,
        rest=pages.USERS,
        source=sources.TEMPORARY,
    ),
    Row(
        id="shut-user",
        targets=lambda scene: _users(who.made(scene)),
        title="Shut out the new user {user}",
        why="Disable console access, and deactivate every access key on this page. Add the policy AWSDenyAll on the "
        "tab Permissions. Do not delete the user yet: what it did is found by its name.",
        done_when="Console access is disabled, and no key is active.",
        page=pages.USER_SECRETS,
        rest=pages.USERS,
        source=sources.PLAYBOOK,
    ),
    Row(
        id="change-password",
        targets=_passwords,
        title="Disable the console password of user {user}",
        why="Somebody else signs in with it, or has set it. If the user is your own, give it a new password when all "
        "is over, and MFA.",
        done_when="Console access is shown as disabled.",
        page=pages.USER_SECRETS,
        rest=pages.USERS,
        source=sources.PLAYBOOK,
    ),
    Row(
        id="sign-out-role",
        targets=lambda scene: _users(who.roles(scene)),
        title="Sign out everybody who works in role {user}",
        why="Choose the tab Revoke sessions, then Revoke active sessions. Programs of yours that use the role sign in "
        "again by themselves. Somebody else can do so, too, while the key or password behind it works: stop that "
        "as well.",
        done_when="The role has the policy AWSRevokeOlderSessions.",
        page=pages.ROLE_POWERS,
        rest=pages.ROLES,
        source=sources.SESSIONS,
    ),
    Row(
        id="sign-out-person",
        targets=lambda scene: _users(who.single_sign_on(scene)),
        title="Sign out {user} of IAM Identity Center",
        why="Open Users, choose this one, disable its access, and delete its sessions under Active sessions. What it "
        "has opened already goes on for hours: to end that at once, add to its permission sets an inline policy "
        "that denies everything (to everybody who has these sets, so not to one of your own). Then reset its password "
        "and look at its MFA devices.",
        done_when="The user is disabled and has no active session.",
        page=pages.IDENTITY_CENTER,
        source=sources.SINGLE_SIGN_ON,
    ),
    Row(
        id="close-trust",
        targets=lambda scene: _named(scene.of("iam-role-trust")),
        title="Close role {thing} to those outside",
        why="It lets others in: {trusts}. Edit the trust policy and take out whom you do not know. Then choose the "
        "tab Revoke sessions, and Revoke active sessions.",
        done_when="The trust policy names nobody whom you do not know.",
        page=pages.ROLE_TRUST,
        rest=pages.ROLES,
        source=sources.SESSIONS,
    ),
    Row(
        id="remove-provider",
        targets=lambda scene: _named(scene.of("iam-federation")),
        title="Remove identity provider {thing}",
        why="Whoever runs it can sign in here at any time. Write down its name and its ARN or URL first. If it is your "
        "own and was only changed, put the old metadata back.",
        done_when="The list no longer shows it.",
        page=pages.PROVIDERS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="remove-anywhere",
        targets=lambda scene: _named(scene.of("iam-anywhere")),
        title="Disable Roles Anywhere {thing}",
        why="With it, machines outside AWS get in by a certificate, without any key.",
        done_when="Trust anchor and profile are shown as disabled.",
        page=pages.ROLES_ANYWHERE,
        source=sources.COMPROMISED,
    ),
    Row(
        id="strip-role",
        targets=lambda scene: _named(scene.of("iam-role-admin")),
        title="Take the new rights from role {thing}",
        why="Detach what was given{by}. Then choose the tab Revoke sessions, and Revoke active sessions.",
        done_when="The list of permissions no longer shows what was given.",
        page=pages.ROLE_POWERS,
        rest=pages.ROLES,
        source=sources.SESSIONS,
    ),
    Row(
        id="strip-group",
        targets=lambda scene: _named(scene.of("iam-group-admin")),
        title="Take the new rights from group {thing}",
        why="Everybody in it has them. Detach what was given{by}, and look who is in the group.",
        done_when="The list of permissions no longer shows what was given, and you know every member.",
        page=pages.GROUP,
        rest=pages.GROUPS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="restore-policy",
        targets=lambda scene: _named(scene.of("iam-policy-version")),
        title="Put policy {thing} back to its old version",
        why="Everybody who has this policy has what the new version allows. Choose the tab Policy versions, and set "
        "the version before as default.",
        done_when="The version that you know is the default.",
        page=pages.POLICY,
        rest=pages.POLICIES,
        source=sources.COMPROMISED,
    ),
    Row(
        id="other-account",
        targets=_strangers,
        title="Find out how account {account} gets in",
        why="The call came from another account. Some role or policy of yours lets it in: look at the trust "
        "relationships of your roles for its number, and take it out.",
        done_when="No role names that account.",
        page=pages.ROLES,
        source=sources.COMPROMISED,
    ),
)
"""The rows about keys, passwords, sessions and rights."""
