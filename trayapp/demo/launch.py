"""A stack is launched: a website behind a load balancer, on two instances in two zones.

It must give one alert, at its first instance, which then grows without a sound: by the load balancer, the security
groups, the template and the scaling group, which are no news by themselves, and by the second instance. Role,
interfaces, volumes, the stack itself and every update are no news at all.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from trayapp.demo import iam, stacks
from trayapp.demo.identifiers import Identifiers
from trayapp.demo.interfaces import balancer_interface
from trayapp.demo.machines import Machine, Plan, machine
from trayapp.demo.messages import Notification, Resource, discovered, related, updated
from trayapp.demo.network import ANYWHERE, place, security_group, subnet, vpc

REGION = "ap-northeast-1"
LAG = timedelta(seconds=185)
"""From the call to AWS Config's look at what it made; measured once between a launch and its notification."""

_IDS = Identifiers("a stack launch")
_STACK = stacks.StackName("web", REGION, _IDS)
_PLACES = (place(_IDS, REGION, "a", 0), place(_IDS, REGION, "c", 1))
_BALANCER = "web-balancer"
_BALANCER_GROUP = _STACK.group("BalancerSecurityGroup")
_INSTANCE_GROUP = _STACK.group("InstanceSecurityGroup")
_FREE_ADDRESSES = 251

_LABELS = ("web 1", "web 2")

EXPECTED = frozenset(_IDS.ec2("i", label) for label in _LABELS)
"""The ids of the two instances."""


def script(now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield each message and the seconds before it."""
    began = now() - LAG
    yield 0.5, discovered(stacks.stack(_STACK, began, status="CREATE_IN_PROGRESS"), now())
    yield from _surroundings(began, now)
    template = stacks.launch_template(
        _IDS, _STACK.physical("Template"), REGION, {**_STACK.tags("Template"), "Name": "web"}
    )
    yield 0.3, discovered(template, now())
    yield 0.4, discovered(_scaling_group(began, template), now())
    machines: list[Machine] = []
    for label in _LABELS:
        machines.append(_machine(label, began + timedelta(seconds=12), template))
        yield from _launched(machines, now, 0.6 if len(machines) == 1 else 3.0)
    yield (
        0.8,
        updated(
            _scaling_group(began, template, machines),
            now(),
            {
                f"Relationships.{index}": (None, related("Contains Instance", one.instance.type, one.instance.id))
                for index, one in enumerate(machines)
            },
        ),
    )
    yield 1.0, updated(_balancer(began, "active"), now(), {"Configuration.State.Code": ("provisioning", "active")})
    for one in machines:
        change = {"Configuration.Monitoring.State": ("pending", "enabled")}
        yield 0.3, updated(one.monitored("enabled").instance, now(), change)
    yield 1.0, _completed(began, machines, template, now)


def _surroundings(began: datetime, now: Callable[[], datetime]) -> Iterator[tuple[float, Notification]]:
    """Yield what stands before the first instance: groups, role, load balancer and its interfaces."""
    yield 0.4, discovered(_balancer_group(), now())
    yield 0.3, discovered(_instance_group([]), now())
    for group in (_BALANCER_GROUP, _INSTANCE_GROUP):
        contained = related("Contains SecurityGroup", "AWS::EC2::SecurityGroup", group.id)
        yield 0.2, updated(vpc(_PLACES[0]), now(), {"Relationships.0": (None, contained)})
    yield 0.3, discovered(_role(began), now())
    yield 0.4, discovered(_balancer(began, "provisioning"), now())
    interfaces = _balancer_interfaces(began)
    for index, interface in enumerate(interfaces):
        yield 0.2, discovered(interface, now())
        yield (
            0.1,
            updated(
                subnet(_PLACES[index], free_addresses=_FREE_ADDRESSES - 1, interfaces=[interface.id]),
                now(),
                {"Configuration.AvailableIpAddressCount": (_FREE_ADDRESSES, _FREE_ADDRESSES - 1)},
            ),
        )
    members = [related("Is associated with NetworkInterface", one.type, one.id) for one in interfaces]
    changes = {f"Relationships.{index}": (None, member) for index, member in enumerate(members)}
    yield 0.3, updated(_balancer_group(interfaces), now(), changes)


def _launched(
    machines: list[Machine], now: Callable[[], datetime], delay: float
) -> Iterator[tuple[float, Notification]]:
    """Yield, after a delay, the six messages that the newest of the machines brings, within half a second in truth."""
    newest, where = machines[-1], _PLACES[len(machines) - 1]
    yield delay, discovered(newest.instance, now())
    yield 0.1, discovered(newest.interface, now())
    yield 0.1, discovered(newest.volume, now())
    joined = related("Is associated with Instance", newest.instance.type, newest.instance.id)
    yield 0.1, updated(_instance_group(machines), now(), {"Relationships.0": (None, joined)})
    yield (
        0.1,
        updated(
            subnet(where, free_addresses=_FREE_ADDRESSES - 2, interfaces=[newest.interface.id]),
            now(),
            {"Configuration.AvailableIpAddressCount": (_FREE_ADDRESSES - 1, _FREE_ADDRESSES - 2)},
        ),
    )
    contained = related("Contains NetworkInterface", newest.interface.type, newest.interface.id)
    interfaces = [one.interface.id for one in machines]
    yield 0.1, updated(vpc(where, interfaces), now(), {"Relationships.0": (None, contained)})


def _completed(
    began: datetime, machines: list[Machine], template: Resource, now: Callable[[], datetime]
) -> Notification:
    parts = {
        "BalancerSecurityGroup": _balancer_group(),
        "InstanceSecurityGroup": _instance_group([]),
        "InstanceRole": _role(began),
        "Balancer": _balancer(began, "active"),
        "Template": template,
        "ScalingGroup": _scaling_group(began, template, machines),
    }
    summaries = [stacks.summary(logical, part.name or part.id, part.type, began) for logical, part in parts.items()]
    whole = stacks.stack(_STACK, began, status="CREATE_COMPLETE", resources=summaries)
    return updated(whole, now(), {"Configuration.StackStatus": ("CREATE_IN_PROGRESS", "CREATE_COMPLETE")})


def _machine(label: str, launched: datetime, template: Resource) -> Machine:
    group_name = _STACK.physical("ScalingGroup")
    plan = Plan(
        size="t3.micro",
        cores=1,
        image=_IDS.ec2("ami", "web"),
        launched=launched.replace(microsecond=0),
        tags={
            **_STACK.tags("ScalingGroup"),
            "Name": "web",
            "aws:autoscaling:groupName": group_name,
            "aws:ec2launchtemplate:id": template.id,
            "aws:ec2launchtemplate:version": "1",
        },
        profile_arn=f"{_role(launched).arn.rpartition(':')[0]}:instance-profile/{_STACK.physical('InstanceProfile')}",
        detailed_monitoring="pending",
    )
    return machine(_IDS, label, plan, _PLACES[_LABELS.index(label)], _INSTANCE_GROUP)


def _role(created: datetime) -> Resource:
    return iam.role(
        _IDS,
        _STACK.physical("InstanceRole"),
        created,
        trusted_service="ec2.amazonaws.com",
        policies=[iam.aws_policy("AmazonSSMManagedInstanceCore")],
        tags=_STACK.tags("InstanceRole"),
    )


def _balancer(created: datetime, state: str) -> Resource:
    return stacks.load_balancer(
        _IDS,
        _BALANCER,
        created,
        places=_PLACES,
        group=_BALANCER_GROUP,
        state=state,
        tags=_STACK.tags("Balancer"),
    )


def _balancer_interfaces(created: datetime) -> list[Resource]:
    return [balancer_interface(_IDS, f"app/{_BALANCER}", where, _BALANCER_GROUP, created) for where in _PLACES]


def _balancer_group(interfaces: list[Resource] | None = None) -> Resource:
    return security_group(
        _BALANCER_GROUP,
        _PLACES[0],
        port=443,
        source=ANYWHERE,
        description="HTTPS from anywhere",
        tags=_STACK.tags("BalancerSecurityGroup"),
        members=[related("Is associated with NetworkInterface", one.type, one.id) for one in interfaces or ()],
    )


def _instance_group(machines: list[Machine]) -> Resource:
    return security_group(
        _INSTANCE_GROUP,
        _PLACES[0],
        port=8080,
        source=_BALANCER_GROUP,
        description="From the load balancer only",
        tags=_STACK.tags("InstanceSecurityGroup"),
        members=[related("Is associated with Instance", one.instance.type, one.instance.id) for one in machines],
    )


def _scaling_group(created: datetime, template: Resource, machines: list[Machine] | None = None) -> Resource:
    return stacks.scaling_group(
        _IDS,
        _STACK.physical("ScalingGroup"),
        created,
        places=_PLACES,
        template=template,
        machines=machines or (),
        tags={**_STACK.tags("ScalingGroup"), "Name": "web"},
    )
