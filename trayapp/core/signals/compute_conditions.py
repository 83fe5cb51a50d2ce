"""The conditions of the compute and network rows."""

import re

from trayapp.core.facts import ApiCall, Change, ResourceChange
from trayapp.core.severity import Severity
from trayapp.core.signals.changes import changed, gained, value_now
from trayapp.core.signals.machines import chips_of_family, machine
from trayapp.core.signals.model import HOLDS, Condition, Context, Evidence, Thing, of_fact, of_thing
from trayapp.core.signals.ports import open_ways_in, rules_asked_for, written_ports
from trayapp.core.signals.reading import items, last_part, number, pick, text

Born = ResourceChange | ApiCall
"""Either lane's fact, where a condition asks the same of both."""

_STACK_TAG = "aws:cloudformation:stack-name"
_GROUP_TAG = "aws:autoscaling:groupName"
_BY_STACKS = "cloudformation.amazonaws.com"
_CPU_UNITS = 1024
_PRIVATE_IMAGE = re.compile(r"([0-9]{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/.+")


def size_of(fact: Born, thing: Thing) -> str:
    """Give the instance type, from wherever the fact says it."""
    if isinstance(fact, ResourceChange) and fact.size:
        return fact.size
    places = (thing.body, fact.request) if isinstance(fact, ApiCall) else (thing.body,)
    # Spot requests hold what they are to launch apart.
    spellings = ("instanceType", "launchSpecification.instanceType")
    return next((size for at in spellings for place in places if (size := text(place, at))), "")


def _sized(fact: Born, thing: Thing) -> Evidence:
    size = size_of(fact, thing)
    seen = machine(size)
    # The vCPU also stand here so that an incident can add up those of many small ones.
    details = {"size": size, "vcpus": str(seen.vcpus) if seen.vcpus else ""}
    return Evidence(details)


def _large(fact: Born, thing: Thing, context: Context) -> Evidence | str:
    size = size_of(fact, thing)
    seen = machine(size)
    limit = context.known.limits.vcpus
    if not seen.accelerated and seen.vcpus < limit:
        return f"{size or 'an unknown type'} has no accelerator and {seen.vcpus} vCPU, fewer than {limit}"
    case = "chips" if seen.accelerated else "large"
    return Evidence({"size": size, "vcpus": str(seen.vcpus), "chips": seen.chips, "case": case}, key=(size,))


def _resized(fact: ResourceChange, thing: Thing, context: Context) -> Evidence | str:
    if changed(fact, "instanceType") is None:
        return "its instance type did not change"
    return _resize(value_now(fact, "instanceType", "value") or size_of(fact, thing), context)


def _resize_asked(fact: ApiCall, thing: Thing, context: Context) -> Evidence | str:  # noqa: ARG001 - a condition's form
    return _resize(text(fact.request, "instanceType"), context)


def _resize(size: str, context: Context) -> Evidence | str:
    seen = machine(size)
    if not seen.accelerated and seen.vcpus < context.known.limits.vcpus:
        return f"{size or 'the unchanged type'} is not large"
    return Evidence({"size": size, "vcpus": str(seen.vcpus), "chips": seen.chips, "case": "resized"}, key=(size,))


SIZE_SEEN: Condition[ResourceChange] = of_thing("whatever its size", _sized)
SIZE_ASKED: Condition[ApiCall] = of_thing("whatever its size", _sized)
LARGE_SEEN: Condition[ResourceChange] = Condition("has GPUs, accelerators or many vCPU", _large)
LARGE_ASKED: Condition[ApiCall] = Condition("has GPUs, accelerators or many vCPU", _large)
RESIZED = Condition("gets a large instance type", _resized)
RESIZE_ASKED = Condition("gets a large instance type", _resize_asked)


def _unused_region(fact: Born, thing: Thing, context: Context) -> Evidence | str:
    known = context.known
    if not any(account == fact.account_id for account, _ in known.regions):
        return "no Region is known yet in which the account computes"
    if (fact.account_id, fact.region) in known.regions:
        return "the account has computed in this Region before"
    return Evidence({"size": size_of(fact, thing)})


REGION_SEEN: Condition[ResourceChange] = Condition("in a Region with nothing before", _unused_region)
REGION_ASKED: Condition[ApiCall] = Condition("in a Region with nothing before", _unused_region)


def _big_group_seen(fact: ResourceChange, thing: Thing, context: Context) -> Evidence | str:
    if fact.change is Change.UPDATED and all(changed(fact, name) is None for name in ("maxSize", "desiredCapacity")):
        return "its capacity did not change"
    return _big_group(thing.body, context)


def _big_group_asked(fact: ApiCall, thing: Thing, context: Context) -> Evidence | str:  # noqa: ARG001 - a condition's form
    return _big_group(fact.request, context)


def _big_group(body: object, context: Context) -> Evidence | str:
    capacity = int(max(number(body, "maxSize"), number(body, "desiredCapacity")))
    limit = context.known.limits.group
    if capacity < limit:
        return f"it may grow to {capacity} instances, fewer than {limit}"
    return Evidence({"count": str(capacity)})


BIG_GROUP_SEEN = Condition("may grow large", _big_group_seen)
BIG_GROUP_ASKED = Condition("may grow large", _big_group_asked)


def _role_swapped(fact: ResourceChange) -> Evidence | str:
    arn = value_now(fact, "iamInstanceProfile", "arn")
    return _profile(last_part(arn)) if arn else "it was given no other role"


def _role_asked(fact: ApiCall, thing: Thing) -> Evidence | str:  # noqa: ARG001 - a condition's form
    profile = pick(thing.body, "iamInstanceProfile")
    return _profile(last_part(text(profile, "arn")) or text(profile, "name"))


def _profile(name: str) -> Evidence:
    return Evidence({"profile": name}, key=(name,))


ROLE_SWAPPED = of_fact("gets an instance profile", _role_swapped)
ROLE_ASKED = of_thing("gets an instance profile", _role_asked)


def _opened_seen(fact: ResourceChange) -> Evidence | str:
    return _opened(gained(fact, "ipPermissions"))


def _opened_asked(fact: ApiCall) -> Evidence | str:
    return _opened(rules_asked_for(fact.request))


def _opened(rules: tuple[object, ...]) -> Evidence | str:
    ports = open_ways_in(rules)
    if not ports:
        return "no new rule opens a way in to the whole internet"
    written = written_ports(ports)
    return Evidence({"ports": written}, key=(written,))


OPENED_SEEN = of_fact("newly opens a port for signing in to the whole internet", _opened_seen)
OPENED_ASKED = of_fact("opens a port for signing in to the whole internet", _opened_asked)


def _task_seen(fact: ResourceChange, thing: Thing, context: Context) -> Evidence:
    return _task(thing.body, fact.account_id, context)


def _task_asked(fact: ApiCall, thing: Thing, context: Context) -> Evidence:  # noqa: ARG001 - a condition's form
    return _task(fact.request, fact.account_id, context)


def _task(body: object, account_id: str, context: Context) -> Evidence:
    containers = items(pick(body, "containerDefinitions"))
    units = max(number(body, "cpu"), sum(number(container, "cpu") for container in containers))
    images = [text(container, "image") for container in containers]
    public = next((image for image in images if _is_public(image, account_id)), "")
    if units < context.known.limits.task_cpu or not public:
        return HOLDS
    details = {"case": "mining", "vcpus": str(int(units // _CPU_UNITS)), "image": public}
    return Evidence(details, Severity.CRITICAL)


TASK_SEEN = Condition("heavier with many vCPU and a public image", _task_seen)
TASK_ASKED = Condition("heavier with many vCPU and a public image", _task_asked)


def _function_created(fact: Born) -> Evidence:  # noqa: ARG001 - a condition's form
    return Evidence({"case": "created"}, key=("created",))


def _function_changed(fact: ResourceChange) -> Evidence | str:
    if changed(fact, "codeSha256") is not None:
        return Evidence({"case": "code"}, key=("code",))
    if gained(fact, "layers"):
        return Evidence({"case": "layers"}, key=("layers",))
    return "neither its code nor its layers changed"


def _function_asked(fact: ApiCall) -> Evidence | str:
    if fact.action == "UpdateFunctionCode":
        return Evidence({"case": "code"}, key=("code",))
    if items(pick(fact.request, "layers")):
        return Evidence({"case": "layers"}, key=("layers",))
    return "it sets no layers"


FUNCTION_SEEN: Condition[ResourceChange] = of_fact("whatever it does", _function_created)
FUNCTION_MADE: Condition[ApiCall] = of_fact("whatever it does", _function_created)
FUNCTION_CHANGED = of_fact("its code or layers change", _function_changed)
FUNCTION_ASKED = of_fact("changes its code or layers", _function_asked)


def _first_of_type(fact: Born, thing: Thing, context: Context) -> Evidence | str:
    had_before = (fact.account_id, thing.subject.resource_type) in context.known.types
    return Evidence(severity=Severity.MEDIUM if had_before else None)


FIRST_SEEN: Condition[ResourceChange] = Condition("lighter when not the first of its type", _first_of_type)
FIRST_ASKED: Condition[ApiCall] = Condition("lighter when not the first of its type", _first_of_type)


def _host(fact: Born, thing: Thing) -> Evidence:
    body = fact.request if isinstance(fact, ApiCall) else pick(thing.body, "hostProperties")
    size = text(body, "instanceType")
    family = text(body, "instanceFamily") or machine(size).family
    heavy = bool(chips_of_family(family))
    return Evidence({"size": size or family}, Severity.CRITICAL if heavy else None)


HOST_SEEN: Condition[ResourceChange] = of_thing("heavier with GPUs or accelerators", _host)
HOST_ASKED: Condition[ApiCall] = of_thing("heavier with GPUs or accelerators", _host)


def _in_stack(fact: Born, thing: Thing) -> Evidence | str:
    by_stacks = isinstance(fact, ApiCall) and fact.address == _BY_STACKS
    if not (by_stacks or {_STACK_TAG, _GROUP_TAG} & set(thing.tags)):
        return "it belongs to no stack and to no auto-scaling group"
    return HOLDS


STACK_SEEN: Condition[ResourceChange] = of_thing("belongs to a stack or an auto-scaling group", _in_stack)
STACK_ASKED: Condition[ApiCall] = of_thing("belongs to a stack or an auto-scaling group", _in_stack)


def _is_public(image: str, account_id: str) -> bool:
    private = _PRIVATE_IMAGE.fullmatch(image)
    return bool(image) and not (private is not None and private[1] == account_id)
