"""The rows about what did not happen, and about who answers for the account."""

from collections.abc import Iterator

from trayapp.core.finding import Finding
from trayapp.core.language import say
from trayapp.core.response import pages, sources
from trayapp.core.response.model import Row, Target, once
from trayapp.core.response.scene import Scene
from trayapp.core.text import name


def _asked(scene: Scene, *actions: str) -> tuple[Finding, ...]:
    return tuple(each for each in scene.of("account-change") if each.details.get("action") in actions)


def _opened_regions(scene: Scene) -> Iterator[Target]:
    for region in dict.fromkeys(each.details.get("what", "") for each in _asked(scene, "EnableRegion")):
        yield Target((region,), {"region": name(region, 24) or say("that Region")})


FALSE_ALARMS = (
    Row(
        id="forged",
        targets=lambda scene: once(when=scene.forged),
        title="Look who may write into trayapp's queue",
        why="This message is not signed by AWS, so what it says need not have happened. Somebody could put it there: "
        "“trayapp doctor” says who may.",
        done_when="trayapp doctor says that only the topic may write into the queue.",
        page=pages.QUEUES,
    ),
    Row(
        id="test-alert",
        targets=lambda scene: once(when=not scene.forged and not scene.real),
        title="There is nothing to do",
        why="You have asked for a test alert. Nothing has happened in your account.",
        done_when="You have read this.",
    ),
)
"""The rows for what did not happen."""

OWNERSHIP = (
    Row(
        id="contacts",
        targets=lambda scene: once(
            when=scene.heavy
            or bool(_asked(scene, "PutAlternateContact", "DeleteAlternateContact", "PutContactInformation"))
        ),
        title="Check e-mail address, telephone and contacts of the account",
        why="AWS writes and calls there, and by them the account can be recovered. Look at name, e-mail address, "
        "telephone, and the alternate contacts for billing, operations and security.",
        done_when="Everything on the page is yours.",
        page=pages.ACCOUNT,
        outside=pages.STANDARD_ACCOUNT,
        source=sources.COMPROMISED,
    ),
    Row(
        id="close-region",
        targets=_opened_regions,
        title="Switch Region {region} off again",
        why="It was switched on, and nobody looks there. First see that nothing runs in it, then choose Disable.",
        done_when="The page shows the Region as disabled.",
        page=pages.ACCOUNT,
        outside=pages.STANDARD_ACCOUNT,
        source=sources.COMPROMISED,
    ),
    Row(
        id="left-organization",
        targets=lambda scene: once(when=bool(_asked(scene, "LeaveOrganization", "CloseAccount"))),
        title="Ask AWS to take back what was done to the account",
        why="A closed account can be opened again for 90 days, by AWS alone. An account that has left its "
        "organization pays for itself and has lost the organization's limits; its administrator can invite it "
        "back.",
        done_when="AWS has confirmed it.",
        page=pages.NEW_CASE,
        source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html",
    ),
    Row(
        id="leave-organization",
        targets=lambda scene: once(when=bool(_asked(scene, "AcceptHandshake"))),
        title="Leave the organization that the account was brought into",
        why="Whoever runs an organization can forbid its accounts anything, also to root, and sees what they cost. "
        "Sign in as root, open AWS Organizations, and choose Leave this organization. If that is refused, say so to "
        "AWS Support.",
        done_when="AWS Organizations says that the account is in no organization, or names your own.",
        page=pages.CONSOLE,
        source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_LeaveOrganization.html",
    ),
)
"""The rows about who answers for the account."""
