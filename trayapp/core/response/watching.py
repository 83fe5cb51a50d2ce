"""The rows about what watches: without it nobody hears of what comes next."""

from collections.abc import Iterator

from trayapp.core import console
from trayapp.core.language import say
from trayapp.core.response import pages, sources, who
from trayapp.core.response.machines import where
from trayapp.core.response.model import Row, Target, once
from trayapp.core.response.scene import Scene
from trayapp.core.signals import types
from trayapp.core.text import quoted

_WAYS = {types.TOPIC: pages.TOPICS, types.QUEUE: pages.QUEUES, types.RULE: pages.RULES}


def _in_each_region(scene: Scene, signal: str) -> Iterator[Target]:
    for region in dict.fromkeys(each.region for each in scene.of(signal)):
        yield Target((region,), {"where": where(region)}, {}, region)


def _ways(scene: Scene) -> Iterator[Target]:
    found = {(each.region, each.subject.resource_type, who.called(each)) for each in scene.of("watch-path")}
    for region, resource_type, thing in sorted(found):
        words = {"what": _called(resource_type, thing), "where": where(region)}
        url = console.page_link(_WAYS.get(resource_type, pages.QUEUES), scene.partition, region)
        yield Target((region, resource_type, thing), words, {}, region, url)


def _called(resource_type: str, thing: str) -> str:
    named = quoted(thing)
    match resource_type:
        case types.TOPIC:
            return say("the topic {name}", name=named) if thing else say("the topic")
        case types.QUEUE:
            return say("the queue {name}", name=named) if thing else say("the queue")
        case types.RULE:
            return say("the rule {name}", name=named) if thing else say("the rule")
        case _:
            return say("the way {name}", name=named) if thing else say("the way")


WATCHING = (
    Row(
        id="recorder-on",
        targets=lambda scene: _in_each_region(scene, "watch-recorder"),
        title="Switch AWS Config back on{where}",
        why="While it is off, nothing that is made there is told. Choose Edit: recording on, all resource types, and "
        "the delivery channel with its topic as they were. “trayapp doctor” says whether it is right.",
        done_when="The page says that recording is on, and trayapp doctor has nothing against it.",
        page=pages.RECORDER,
        source="https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
    ),
    Row(
        id="trail-on",
        targets=lambda scene: _in_each_region(scene, "trail-off"),
        title="Switch CloudTrail back on{where}",
        why="It is the record of who did what, for you and for AWS. Start logging again, or make the trail anew: all "
        "Regions, management events, read and write.",
        done_when="The trail is shown as logging.",
        page=pages.TRAILS,
        source=sources.EVIDENCE,
    ),
    Row(
        id="way-back",
        targets=_ways,
        title="Put {what} back in order{where}",
        why="By it trayapp hears. If it is gone, roll out the template again (trayapp template); if it was changed, "
        "take out what you do not know. “trayapp doctor” says where the way breaks off.",
        done_when="trayapp doctor shows a test alert.",
        source="",
    ),
    Row(
        id="own-key",
        targets=lambda scene: once(when=scene.has("watch-key")),
        title="Give trayapp its key back",
        why="Look whether trayapp's own user is still there and has its policy. If not, roll out the template again "
        "(trayapp template). Make a new key, and run: trayapp login",
        done_when="trayapp status says that it is watching.",
        page=pages.USERS,
    ),
    Row(
        id="heartbeat",
        targets=lambda scene: once(when=scene.has("watch-silent")),
        title="Find out why nothing comes any more",
        why="Run: trayapp doctor. It walks the whole way from AWS to your screen, and says where it breaks off. "
        "Silence may be a fault, or somebody who has cut the way.",
        done_when="trayapp doctor shows a test alert.",
    ),
    Row(
        id="guardduty-on",
        targets=lambda scene: once(when=scene.heavy or scene.has("guardduty-off")),
        title="Switch GuardDuty on",
        why="It knows the patterns of those who take accounts over, and looks at what trayapp cannot see. It is "
        "switched on for each Region by itself; the first 30 days cost nothing. If it was on and is off now, "
        "somebody has switched it off.",
        done_when="The page shows findings, or says that there are none.",
        page=pages.GUARDDUTY,
        source="https://aws.amazon.com/guardduty/pricing/",
    ),
)
"""The rows about what watches."""
