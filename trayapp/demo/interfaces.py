"""Network interfaces as AWS Config describes them: a machine's own, and those that a load balancer keeps."""

from datetime import datetime

from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.messages import JsonObject, Resource, stamp
from trayapp.demo.network import Group, Place, ec2_arn, in_subnet, in_vpc, with_group

INTERFACE = "AWS::EC2::NetworkInterface"


def balancer_interface(identifiers: Identifiers, balancer: str, where: Place, group: Group, now: datetime) -> Resource:
    """Describe an interface that a load balancer keeps in one zone."""
    label = f"{balancer} {where.letter}"
    address = where.address(identifiers.host_number(label))
    interface_id = identifiers.ec2("eni", label)
    configuration = interface_configuration(
        interface_id, where, group, address, f"ip-{address.replace('.', '-')}.{where.region}.compute.internal"
    ) | {
        "attachment": attachment(identifiers.ec2("eni-attach", label), now, deletes=False, index=1)
        | {"instanceId": None, "instanceOwnerId": "amazon-elb"},
        "description": f"ELB {balancer}",
        "macAddress": identifiers.mac(label),
        "requesterId": "amazon-elb",
        "requesterManaged": True,
    }
    return interface_resource(configuration, where, (with_group(group), in_subnet(where), in_vpc(where)))


def interface_configuration(interface_id: str, where: Place, group: Group, address: str, dns_name: str) -> JsonObject:
    """Give the configuration of an interface in use, still without its attachment and MAC address."""
    return {
        "association": None,
        "attachment": None,
        "availabilityZone": where.zone,
        "description": "",
        "groups": [{"groupName": group.name, "groupId": group.id}],
        "interfaceType": "interface",
        "ipv6Addresses": [],
        "macAddress": "",
        "networkInterfaceId": interface_id,
        "outpostArn": None,
        "ownerId": ACCOUNT,
        "privateDnsName": dns_name,
        "privateIpAddress": address,
        "privateIpAddresses": [primary_address(address, dns_name)],
        "requesterId": None,
        "requesterManaged": False,
        "sourceDestCheck": True,
        "status": "in-use",
        "subnetId": where.subnet_id,
        "tagSet": [],
        "vpcId": where.vpc_id,
    }


def interface_resource(configuration: JsonObject, where: Place, relationships: tuple[JsonObject, ...]) -> Resource:
    """Describe an interface from its configuration; AWS Config does not say when one was made."""
    interface_id = configuration["networkInterfaceId"]
    return Resource(
        type=INTERFACE,
        id=interface_id,
        name=None,
        arn=ec2_arn(where.region, "network-interface", interface_id),
        region=where.region,
        zone=where.zone,
        created=None,
        configuration=configuration,
        relationships=relationships,
    )


def attachment(attachment_id: str, attached: datetime, *, deletes: bool, index: int) -> JsonObject:
    """Give an attachment, as it stands within an interface and within an instance."""
    return {
        "attachTime": stamp(attached),
        "attachmentId": attachment_id,
        "deleteOnTermination": deletes,
        "deviceIndex": index,
        "status": "attached",
    }


def primary_address(address: str, dns_name: str) -> JsonObject:
    """Give an interface's own address."""
    return {"association": None, "primary": True, "privateDnsName": dns_name, "privateIpAddress": address}
