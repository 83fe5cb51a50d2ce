"""The rows about money: what was asked for, and what it costs."""

from collections.abc import Iterator

from trayapp.core.finding import Theme
from trayapp.core.language import listed
from trayapp.core.response import pages, sources
from trayapp.core.response.machines import where
from trayapp.core.response.model import Row, Target, once
from trayapp.core.response.scene import Scene
from trayapp.core.signals import types
from trayapp.core.text import name


def _prepared(scene: Scene, resource_type: str) -> Iterator[Target]:
    found = [each for each in scene.of("spend-prep") if each.subject.resource_type == resource_type]
    for region in dict.fromkeys(each.region for each in found):
        whats = dict.fromkeys(each.details.get("what", "") for each in found if each.region == region)
        said = listed(name(what, 40) for what in whats if what)
        yield Target((region,), {"what": f" ({said})" if said else "", "where": where(region)}, {}, region)


def _costs(scene: Scene) -> bool:
    return scene.heavy or scene.computes or any(each.theme is Theme.MONEY for each in scene.done)


MONEY = (
    Row(
        id="quota",
        targets=lambda scene: _prepared(scene, types.QUOTA),
        title="Take back the request for higher limits{where}",
        why="Somebody asked AWS to allow more machines{what}. Answer in the case of that request that it was not you.",
        done_when="The request is closed or refused.",
        page=pages.QUOTAS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="mail",
        targets=lambda scene: _prepared(scene, types.IDENTITY),
        title="Stop the sending of mail{where}",
        why="Somebody prepares to send mail in your name{what}. Delete senders that you do not know, and pause "
        "sending.",
        done_when="Only senders of yours are listed.",
        page=pages.MAIL,
        source="https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/Responding_to_SES_Events.md",
    ),
    Row(
        id="models",
        targets=lambda scene: _prepared(scene, types.MODEL),
        title="Take back access to AI models{where}",
        why="Somebody prepares to use AI models at your cost{what}. Remove access to those that you do not use.",
        done_when="No model is open that you do not use.",
        page=pages.MODELS,
        source="https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/Bedrock_Response.md",
    ),
    Row(
        id="bill",
        targets=lambda scene: once(when=_costs(scene)),
        title="Look at the bill, by Region and by service",
        why="It names what no other page shows: a service or a Region that you do not use. It runs some hours late, "
        "so look again tomorrow.",
        done_when="You know every service and every Region on it.",
        page=pages.BILLS,
        outside=pages.STANDARD_BILLS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="budget",
        targets=lambda scene: once(when=_costs(scene)),
        title="Set a budget that writes to you",
        why="A budget stops nothing, but tells you on the same day. A few dollars above what you pay in a month are "
        "right.",
        done_when="The list shows a budget with an alert to an address of yours.",
        page=pages.BUDGETS,
        outside=pages.STANDARD_BUDGETS,
        source="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
    ),
)
"""The rows about money."""
