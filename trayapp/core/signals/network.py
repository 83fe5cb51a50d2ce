"""The rows about what lets the world reach the machines, and what stands around them."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import compute_conditions as compute
from trayapp.core.signals import types
from trayapp.core.signals.looks import call, created, held
from trayapp.core.signals.model import Signal, says
from trayapp.core.signals.things import answered, asked, balancer, opened_group

_MADE = (
    ("ec2", "CreateSecurityGroup", answered(types.SECURITY_GROUP, "", id_="groupId", asked="groupName")),
    ("ec2", "CreateVpc", answered(types.VPC, "vpc", id_="vpcId")),
    ("ec2", "CreateSubnet", answered(types.SUBNET, "subnet", id_="subnetId")),
    ("ec2", "CreateVolume", answered(types.VOLUME, "", id_="volumeId")),
    ("ec2", "CreateNetworkInterface", answered(types.INTERFACE, "networkInterface", id_="networkInterfaceId")),
    ("ec2", "AllocateAddress", answered(types.ADDRESS, "", id_="allocationId")),
    ("ec2", "CreateInternetGateway", answered(types.INTERNET_GATEWAY, "internetGateway", id_="internetGatewayId")),
    (
        "ec2",
        "CreateNatGateway",
        answered(types.NAT_GATEWAY, "CreateNatGatewayResponse.natGateway", id_="natGatewayId"),
    ),
    ("ec2", "CreateRouteTable", answered(types.ROUTE_TABLE, "routeTable", id_="routeTableId")),
    (
        "ec2",
        "CreateLaunchTemplate",
        answered(
            types.LAUNCH_TEMPLATE,
            "CreateLaunchTemplateResponse.launchTemplate",
            id_="launchTemplateId",
            name="launchTemplateName",
        ),
    ),
    ("autoscaling", "CreateAutoScalingGroup", asked(types.SCALING_GROUP, "autoScalingGroupName")),
)
_PART_TYPES = (
    types.SECURITY_GROUP,
    types.VPC,
    types.SUBNET,
    types.VOLUME,
    types.INTERFACE,
    types.ADDRESS,
    types.INTERNET_GATEWAY,
    types.NAT_GATEWAY,
    types.ROUTE_TABLE,
    types.LAUNCH_TEMPLATE,
    types.SCALING_GROUP,
)

NETWORK = (
    Signal(
        id="sg-open",
        theme=Theme.NETWORK,
        severity=Severity.HIGH,
        config=(held(types.SECURITY_GROUP, compute.OPENED_SEEN),),
        calls=(
            call(
                "ec2", ("AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"), opened_group, compute.OPENED_ASKED
            ),
        ),
        again=True,
        instead_of=frozenset({"stack-part"}),
        says=says(
            "Security group {name}{where} is open to the whole internet: {ports}",
            first_seen="Security group {name}{where} is open to the whole internet: {ports}; seen for the first time",
        ),
        source="Elastic defense_evasion_vpc_security_group_ingress_rule_added_for_remote_connections",
    ),
    Signal(
        id="lb-new",
        theme=Theme.NETWORK,
        severity=Severity.LOW,
        config=(created((types.LOAD_BALANCER, types.CLASSIC_BALANCER)),),
        calls=(call("elasticloadbalancing", "CreateLoadBalancer", balancer),),
        again=True,
        says=says("New load balancer {name}{where}", first_seen="Load balancer {name}{where}, seen for the first time"),
        source="The pieces of a stack that its owner counts",
    ),
    Signal(
        id="stack-part",
        theme=Theme.NETWORK,
        # To be counted in the title of a stack, never to be told alone: what belongs to no stack is no finding.
        severity=Severity.LOW,
        config=(created(_PART_TYPES, compute.STACK_SEEN),),
        calls=tuple(call(service, action, finder, compute.STACK_ASKED) for service, action, finder in _MADE),
        says=says("New {noun} {name}{where}", first_seen="{Noun} {name}{where}, seen for the first time"),
        source="The pieces of a stack that its owner counts",
    ),
)
"""The rows about what lets the world reach it, and what stands around it."""
