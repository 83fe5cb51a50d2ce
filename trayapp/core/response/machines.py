"""The rows about what costs money by the hour, and about what lets the world reach it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trayapp.core import console
from trayapp.core.finding import Finding, Theme
from trayapp.core.language import listed, say
from trayapp.core.nouns import census, noun
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.response import pages, sources, who
from trayapp.core.response.model import Row, Target
from trayapp.core.response.scene import Scene
from trayapp.core.signals import types
from trayapp.core.signals.ports import spoken_ports
from trayapp.core.text import name, quoted

_STARTED = ("ec2-new", "ec2-large", "ec2-region", "aws-guardduty")
_CONTAINERS = frozenset({types.ECS_CLUSTER, types.ECS_SERVICE, types.ECS_TASK})
_BY_OTHER_ROWS = _CONTAINERS | {types.INSTANCE, types.HOST, types.SCALING_GROUP, types.FUNCTION}
_IDS_NAMED = 10


def where(region: str) -> str:
    """Say in which Region, by its name and with its code; nothing for what has none."""
    if region in ("", GLOBAL):
        return ""
    code = name(region, 24)
    place = spoken(code)
    said = say("in {region}", region=code) if place == code else say("in {region} ({code})", region=place, code=code)
    # Apart from the word before it, where one stands there.
    return f" {said}"


@dataclass(slots=True)
class _Machines:
    """The instances of one Region: by id what is known of the size."""

    sizes: dict[str, str] = field(default_factory=dict)
    vcpus: dict[str, int] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        """Add one, or what another lane knows of it."""
        size, vcpus = finding.details.get("size", ""), finding.details.get("vcpus", "")
        machine = finding.subject.id
        self.sizes[machine] = size or self.sizes.get(machine, "")
        self.vcpus[machine] = max(int(vcpus) if vcpus.isdecimal() else 0, self.vcpus.get(machine, 0))


def instances(scene: Scene) -> dict[str, dict[str, str]]:
    """Give the instances that were started, by Region and id with their sizes; the Region that costs most first."""
    regions: dict[str, _Machines] = {}
    for finding in scene.of(*_STARTED):
        if finding.subject.resource_type == types.INSTANCE:
            regions.setdefault(finding.region, _Machines()).add(finding)
    heaviest = sorted(regions.items(), key=lambda each: (-sum(each[1].vcpus.values()), -len(each[1].sizes), each[0]))
    return {region: machines.sizes for region, machines in heaviest}


def _instances(scene: Scene) -> Iterator[Target]:
    for region, sizes in instances(scene).items():
        ids, count = [each for each in sizes if each], len(sizes)
        kinds = listed(dict.fromkeys(name(size, 24) for size in sizes.values() if size))
        words = {
            "many": say("{count} instances", count=count) if count > 1 else say("the instance"),
            "where": where(region),
            "which": ": ".join(part for part in (kinds, _listed(ids)) if part)
            or say("not named; stop what you do not know"),
        }
        alone = ids[0] if count == 1 and ids else ""
        url = console.page_link(pages.INSTANCE, scene.partition, region, id=alone) if alone else None
        yield Target((region, str(count)), words, {}, region, url)


def _listed(ids: list[str]) -> str:
    told, rest = [name(each, 24) for each in ids[:_IDS_NAMED]], len(ids) - _IDS_NAMED
    return listed([*told, say("and {count} more", count=rest)] if rest > 0 else told)


def _groups(scene: Scene) -> Iterator[Target]:
    found: dict[tuple[str, str], None] = {}
    for finding in scene.done:
        group = finding.details.get("scaling_group", "")
        if finding.subject.resource_type == types.SCALING_GROUP:
            group = group or who.called(finding)
        if group:
            found[(finding.region, group)] = None
    for region, group in found:
        yield Target((region, group), {"group": quoted(group), "where": where(region)}, {"name": group}, region)


def _by_region(findings: Iterable[Finding], page: str = "", scene: Scene | None = None) -> Iterator[Target]:
    """Give one target for each Region, with a count of what is there."""
    regions: dict[str, list[Finding]] = {}
    for finding in findings:
        regions.setdefault(finding.region, []).append(finding)
    for region, found in regions.items():
        things = dict.fromkeys(who.called(each) for each in found if who.called(each))
        words = {
            "what": census(each.subject for each in found),
            "where": where(region),
            "which": _listed(list(things)) or say("(not named)"),
        }
        link = console.page_link(page, scene.partition, region) if page and scene else console.link_of(found[0])
        yield Target((region, str(len(things))), words, {}, region, link)


def _each(findings: Iterable[Finding]) -> Iterator[Target]:
    things = {(each.region, who.called(each)): each for each in findings}
    for (region, thing), finding in things.items():
        words = {
            "thing": quoted(thing) if thing else say("(not named)"),
            "kind": noun(finding.subject.resource_type),
            "where": where(region),
            "ports": spoken_ports(finding.details.get("ports", "")) or say("the ports named in the alert"),
            "profile": quoted(finding.details.get("profile", "")),
        }
        parts = {"id": finding.subject.id, "name": finding.subject.name or thing}
        url = None if finding.subject.resource_type in _BY_OTHER_ROWS else console.link_of(finding)
        yield Target((region, thing), words, parts, region, url)


def _others(scene: Scene) -> Iterator[Target]:
    found = scene.of("compute-other", "ec2-region", "ec2-large")
    return _each(each for each in found if each.subject.resource_type not in _BY_OTHER_ROWS)


def _containers(scene: Scene) -> Iterator[Target]:
    found = (each for each in scene.done if each.subject.resource_type in _CONTAINERS)
    return _by_region(found, pages.CLUSTERS, scene)


def _hosts(scene: Scene) -> Iterator[Target]:
    found = (each for each in scene.done if each.subject.resource_type == types.HOST)
    return _by_region(found, pages.HOSTS, scene)


def _functions(scene: Scene) -> Iterator[Target]:
    found = (each for each in scene.done if each.subject.resource_type == types.FUNCTION)
    return _each(found)


def _rest(scene: Scene) -> Iterator[Target]:
    found = [each for each in scene.of("lb-new", "stack-part") if each.subject.resource_type not in _BY_OTHER_ROWS]
    stacked = any(each.details.get("stack") for each in found)
    return _by_region(found, pages.STACKS if stacked else "", scene)


def _looked_at(scene: Scene) -> Iterator[Target]:
    """Give the machines and the like that only a word of GuardDuty is about, and no other row."""
    found = scene.of("aws-guardduty")
    return _by_region(found, pages.GUARDDUTY, scene)


MACHINES = (
    Row(
        id="empty-group",
        targets=_groups,
        title="Set auto-scaling group {group}{where} to 0",
        why="It starts a new instance for each that is stopped. Choose Edit, and set desired, minimum and maximum "
        "capacity to 0. That ends its instances, with their disks; where money runs away that is right. "
        "Whoever may need a disk as evidence makes a snapshot of it first.",
        done_when="The group has no instances.",
        page=pages.SCALING_GROUP,
        source=sources.SCALING,
    ),
    Row(
        id="stop-instances",
        targets=_instances,
        title="Stop {many}{where}",
        why="To be stopped: {which}. Stop, do not terminate: what is on the disks shows what was done. If AWS "
        "refuses, switch off stop protection first (Actions, Instance settings). A spot instance cannot always be "
        "stopped: make a snapshot of its disk, then terminate it. Leave what you know to be yours.",
        done_when="None of them is running.",
        page=pages.RUNNING,
        source=sources.STOPPING,
    ),
    Row(
        id="release-hosts",
        targets=_hosts,
        title="Release the dedicated hosts{where}",
        why="To be released: {which}. A dedicated host costs money by the hour whether it is used or not. Stop the "
        "instances on it, then release it.",
        done_when="The list shows them as released.",
        page=pages.HOSTS,
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-billing.html",
    ),
    Row(
        id="stop-containers",
        targets=_containers,
        title="Stop the containers{where}",
        why="What is new: {which}. In each cluster that you do not know, set every service's desired tasks to 0 and "
        "stop every task.",
        done_when="No cluster that you do not know has a running task.",
        page=pages.CLUSTERS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="stop-other",
        targets=_others,
        title="Stop the new {kind} {thing}{where}",
        why="It runs and costs money. Open its service in the console, in this Region, and stop or disable it. Delete "
        "it only when you have written down what it was.",
        done_when="It is shown as stopped, disabled or gone.",
        source=sources.COMPROMISED,
    ),
    Row(
        id="stop-function",
        targets=_functions,
        title="Stop function {thing}{where}",
        why="Code that somebody else has put there runs with the rights of its role, also when all keys are gone. "
        "Choose Throttle: it stops at once and nothing is lost. If the function is your own, put your own code "
        "back.",
        done_when="The function is throttled, or runs your own code again.",
        page=pages.FUNCTION,
        rest=pages.FUNCTIONS,
        source=sources.COMPROMISED,
    ),
    Row(
        id="take-role",
        targets=lambda scene: _each(scene.of("ec2-role-swap")),
        title="Take role {profile} from instance {thing}{where}",
        why="Whoever is on that machine works with the rights of the role. Choose Actions, Security, Modify IAM role.",
        done_when="The instance has the role that you know, or none.",
        page=pages.INSTANCE,
        rest=pages.RUNNING,
        source=sources.COMPROMISED,
    ),
    Row(
        id="close-group",
        targets=lambda scene: _each(scene.of("sg-open")),
        title="Close security group {thing}{where}",
        why="The whole internet reaches {ports} of every machine in it. Choose Edit inbound rules, and delete the "
        "rules whose source is 0.0.0.0/0 or ::/0. Then look which machines use it, and whether you know them.",
        done_when="No rule from 0.0.0.0/0 or ::/0 is left that you did not make.",
        page=pages.SECURITY_GROUP,
        source=sources.COMPROMISED,
    ),
    Row(
        id="read-guardduty",
        targets=_looked_at,
        title="Read what GuardDuty has found{where}",
        why="It says which user, key or machine it is about, and from where it was used. What it names is in wrong "
        "hands until you know better.",
        done_when="You know each user, key and machine that it names, and have stopped those in wrong hands.",
        page=pages.GUARDDUTY,
        source=sources.GUARDDUTY,
    ),
    Row(
        id="remove-rest",
        targets=_rest,
        title="Remove what was built around it{where}: {what}",
        why="What is new: {which}. It costs little by the hour, and for as long as it is there. Delete it when the "
        "machines are stopped; where a stack has made it, delete the stack.",
        done_when="Nothing of it is left.",
        page=pages.STACKS,
        source=sources.COMPROMISED,
    ),
)
"""The rows about machines and whatever else runs, in the order of what it costs."""


def compute_regions(scene: Scene) -> tuple[str, ...]:
    """Give the Regions in which something was started."""
    return tuple(dict.fromkeys(each.region for each in scene.done if each.theme in (Theme.COMPUTE, Theme.NETWORK)))
