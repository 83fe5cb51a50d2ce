"""The rows about what else there may be, who helps, and what comes after."""

from collections.abc import Iterator

from trayapp.core import console
from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding
from trayapp.core.language import say
from trayapp.core.regions import GLOBAL
from trayapp.core.response import pages, sources, who
from trayapp.core.response.machines import compute_regions, instances
from trayapp.core.response.model import Row, Target, once
from trayapp.core.response.scene import Scene
from trayapp.core.signals import types
from trayapp.core.text import name, quoted


def _histories(scene: Scene) -> Iterator[Target]:
    """Give where the rest of what each caller did stands: by the key, else by the name of user or session."""
    for key in who.keys(scene):
        region = _where_used(scene, key.id)
        url = console.page_link(pages.BY_KEY, scene.partition, region, id=key.id)
        yield Target((key.id,), {"caller": say("key …{key}", key=name(key.id[-6:], 6))}, {}, region, url)
    for actor in scene.callers:
        called = "root" if actor.kind is ActorKind.ROOT else actor.session or actor.name
        if called and not actor.key_id.startswith(who.LASTING):
            region = next(each.region for each in scene.all if each.actor == actor)
            url = console.page_link(pages.BY_USER, scene.partition, region, name=called)
            words = {"caller": say("root") if actor.kind is ActorKind.ROOT else quoted(called)}
            yield Target((called,), words, {}, region, url)


def _where_used(scene: Scene, key: str) -> str:
    used = (each.region for each in scene.all if each.actor and each.actor.key_id == key)
    return next(used, GLOBAL)


def _unnamed(scene: Scene) -> Iterator[Target]:
    """Give where it stands who did what no lane has named anybody for."""
    if scene.callers or who.keys(scene) or not scene.real:
        return
    found = next((each for each in scene.all if who.called(each) and each.subject.resource_type != types.ACCOUNT), None)
    region = found.region if found else next((each.region for each in scene.all), GLOBAL)
    named = who.called(found) if found else ""
    page = pages.BY_THING if named else pages.HISTORY
    yield Target(region=region, url=console.page_link(page, scene.partition, region, name=named))


def _where_it_runs(scene: Scene) -> Iterator[Target]:
    """Give the Region in which most was started, for pages that show one Region alone."""
    if scene.heavy and scene.real:
        regions = (*instances(scene), *compute_regions(scene))
        yield Target(region=next(iter(regions), GLOBAL))


def _gone(scene: Scene) -> Iterator[Target]:
    users = [who.called(each) for each in scene.of("iam-user-gone")]
    closed = [who.user_of(each) for each in scene.of("password-new") if _took_password(each)]
    without = [who.user_of(each) for each in scene.of("mfa-off")]
    for user in dict.fromkeys(each for each in (*users, *closed, *without, *who.without_keys(scene)) if each):
        yield Target((user,), {"user": quoted(user)}, {"name": user})


def _took_password(finding: Finding) -> bool:
    return finding.details.get("action") == "DeleteLoginProfile"


WHO = (
    Row(
        id="who",
        targets=_unnamed,
        title="Find out who did it",
        why="The alert does not say by whom. CloudTrail does: look for the call that fits in time, and at its user, "
        "access key and address. If it was a service of AWS or a stack of your own, it was you after all; else "
        "deactivate that key on the user's page.",
        done_when="You know the user or role, and it is shut out or it was you.",
        page=pages.HISTORY,
        source=sources.PLAYBOOK,
    ),
)
"""The row for what nobody is named for: whoever it was may go on until that is known."""

LOOKING = (
    Row(
        id="other-regions",
        targets=lambda scene: once(
            when=scene.heavy or bool(compute_regions(scene)) or scene.has("aws-cost", "aws-abuse")
        ),
        title="Look at every other Region",
        why="The console shows one Region at a time; AWS Global View shows the instances and disks of all. Regions "
        "that you never use are where others hide. It does not show containers, functions and databases: for "
        "these see the bill.",
        done_when="You know everything that the page shows, in every Region.",
        page=pages.GLOBAL_VIEW,
        source=sources.COMPROMISED,
    ),
    Row(
        id="answer-aws",
        targets=lambda scene: once(when=scene.has("aws-key-exposed", "aws-abuse", "iam-quarantine")),
        title="Answer the message of AWS",
        why="AWS has written to you, also in the Support Center. It may close the account if nobody answers within "
        "some days. Say what you have done; it lifts its limits when you have.",
        done_when="You have answered, and AWS has closed the case.",
        page=pages.CASES,
        source=sources.QUARANTINE,
    ),
    Row(
        id="ask-support",
        targets=lambda scene: once(when=(scene.heavy or scene.has("aws-cost", "aws-abuse")) and scene.real),
        title="Open a case with AWS Support",
        why="It is free. Choose Account and billing, then Account, Security. Paste the text of “trayapp respond ID "
        "--export”: it holds the time line, the ids and what you have done. Ask to look at the charges; AWS may "
        "take back what was not yours. Never write passwords or secret keys.",
        done_when="You have a case number.",
        page=pages.NEW_CASE,
        source=sources.SUPPORT,
    ),
    Row(
        id="keep-evidence",
        targets=_where_it_runs,
        title="Keep what shows what happened",
        why="Delete no log, no trail, no bucket with logs. Make a snapshot of each disk of a machine that was not "
        "yours before it goes. Write down names and ids before you delete a user, a key or a role. CloudTrail's "
        "own history ends after 90 days.",
        done_when="Each disk has a snapshot, and the text of “trayapp respond ID --export” is kept outside this "
        "account.",
        page=pages.VOLUMES,
        source=sources.EVIDENCE,
    ),
    Row(
        id="what-else",
        targets=_histories,
        title="Look at everything else that {caller} did",
        why="These are the calls of the last 90 days in this Region. Look for what begins with Create, Put, Attach, "
        "Run, Update and Delete. Then choose US East (N. Virginia), where the calls about users stand, and each "
        "Region you use.",
        done_when="You know each of the calls, or have undone what it did.",
        page=pages.HISTORY,
        source=sources.PLAYBOOK,
    ),
    Row(
        id="look-users",
        targets=lambda scene: once(when=scene.heavy and scene.real),
        title="Look through all users, their keys and passwords",
        why="Whoever has been in leaves a second way back. Look for users, keys and passwords that you did not make, "
        "and for two keys where there was one. Deactivate what you do not know. Replace every key that was there.",
        done_when="Each user, key and password is yours, and each key is new.",
        page=pages.USERS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="look-roles",
        targets=lambda scene: once(when=scene.heavy and scene.real),
        title="Look through all roles and whom they trust",
        why="Sort by creation time. A role that trusts an account number that is not yours, or everybody, is an open "
        "door. Roles whose names begin with AWSServiceRoleFor are AWS's own.",
        done_when="Each role is yours, and trusts nobody whom you do not know.",
        page=pages.ROLES,
        source=sources.COMPROMISED,
    ),
    Row(
        id="look-providers",
        targets=lambda scene: once(when=scene.heavy and scene.real),
        title="Look at identity providers",
        why="By a provider that you do not know somebody signs in without a user of yours. Look at IAM Identity "
        "Center and Roles Anywhere, too, if you have them.",
        done_when="The list shows those that you made, or none.",
        page=pages.PROVIDERS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="look-functions",
        targets=_where_it_runs,
        title="Look for code that was left behind",
        why="A function that runs on a schedule can make new users when all is clean. Look at functions, schedules "
        "and rules, in every Region that you use or that an alert named.",
        done_when="Each function and schedule is yours.",
        page=pages.FUNCTIONS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="look-sharing",
        targets=lambda scene: once(when=scene.heavy and scene.real),
        title="Look at what is open to other accounts",
        why="Access Analyzer lists roles, buckets, keys and functions that somebody outside can use. Making an "
        "analyzer for external access costs nothing.",
        done_when="You know everything that it lists.",
        page=pages.ACCESS_ANALYZER,
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
    ),
)
"""The rows about what else there may be, and who helps."""

AFTERWARDS = (
    Row(
        id="give-back",
        targets=_gone,
        title="Give user {user} back what was taken",
        why="A user that was deleted does not come back: make it anew, with MFA and a new key. One that lost its "
        "password, its MFA or a key gets them anew. Do it only when all doors are shut.",
        done_when="The user can sign in again, with MFA.",
        page=pages.USERS,
        source=sources.HANDLING,
    ),
    Row(
        id="afterwards",
        targets=lambda scene: once(when=scene.real),
        title="When it is quiet: find out how it began",
        why="Keys come from public code, a lost computer, mail that asks for a password, or a program that was broken "
        "into. Search your code and computers for the key. Then delete what you have only deactivated, and mark "
        "the alert as reviewed.",
        done_when="You know how it began, and that it cannot begin so again.",
        source=sources.HANDLING,
    ),
)
"""The rows for later."""
