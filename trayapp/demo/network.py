"""Networks as AWS Config describes them: VPC, subnets, security groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.messages import JsonObject, Resource, related, tag_list

ANYWHERE = "0.0.0.0/0"

_VPC = "AWS::EC2::VPC"
_SUBNET = "AWS::EC2::Subnet"
_GROUP = "AWS::EC2::SecurityGroup"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a machine stands: one subnet of a VPC with addresses ``10.0.<number>.0/24``.

    Attributes:
        region: The Region's code.
        letter: The availability zone's letter.
        number: Makes the subnet's addresses.
        vpc_id: The VPC's id.
        subnet_id: The subnet's id.
    """

    region: str
    letter: str
    number: int
    vpc_id: str
    subnet_id: str

    @property
    def zone(self) -> str:
        """The availability zone."""
        return f"{self.region}{self.letter}"

    def address(self, host_number: int) -> str:
        """Give the private address of a host."""
        return f"10.0.{self.number}.{host_number}"


@dataclass(frozen=True, slots=True)
class Group:
    """A security group, as others refer to it."""

    id: str
    name: str


def place(identifiers: Identifiers, region: str, letter: str, number: int) -> Place:
    """Give the subnet of one zone within the demo's only VPC of a Region."""
    return Place(
        region,
        letter,
        number,
        identifiers.ec2("vpc", f"vpc {region}"),
        identifiers.ec2("subnet", f"subnet {region}{letter}"),
    )


def vpc(where: Place, interfaces: Sequence[str] = ()) -> Resource:
    """Describe the VPC.

    Args:
        where: A place in it.
        interfaces: The ids of the network interfaces in it, which its relationships list.
    """
    configuration: JsonObject = {
        "cidrBlock": "10.0.0.0/16",
        "dhcpOptionsId": "default",
        "state": "available",
        "vpcId": where.vpc_id,
        "ownerId": ACCOUNT,
        "instanceTenancy": "default",
        "ipv6CidrBlockAssociationSet": [],
        "cidrBlockAssociationSet": [],
        "isDefault": True,
        "tags": [],
    }
    return Resource(
        type=_VPC,
        id=where.vpc_id,
        name=None,
        arn=ec2_arn(where.region, "vpc", where.vpc_id),
        region=where.region,
        zone="Multiple Availability Zones",
        created=None,
        configuration=configuration,
        relationships=tuple(contained_interfaces(interfaces)),
    )


def subnet(where: Place, *, free_addresses: int, interfaces: Sequence[str] = ()) -> Resource:
    """Describe a subnet, with what is left of its 251 addresses."""
    configuration: JsonObject = {
        "availabilityZone": where.zone,
        "availabilityZoneId": f"demo-az{where.number}",
        "availableIpAddressCount": free_addresses,
        "cidrBlock": f"10.0.{where.number}.0/24",
        "defaultForAz": True,
        "mapPublicIpOnLaunch": True,
        "mapCustomerOwnedIpOnLaunch": False,
        "customerOwnedIpv4Pool": None,
        "state": "available",
        "subnetId": where.subnet_id,
        "vpcId": where.vpc_id,
        "ownerId": ACCOUNT,
        "assignIpv6AddressOnCreation": False,
        "ipv6CidrBlockAssociationSet": [],
        "tags": [],
        "subnetArn": ec2_arn(where.region, "subnet", where.subnet_id),
        "outpostArn": None,
    }
    return Resource(
        type=_SUBNET,
        id=where.subnet_id,
        name=None,
        arn=configuration["subnetArn"],
        region=where.region,
        zone=where.zone,
        created=None,
        configuration=configuration,
        relationships=(*contained_interfaces(interfaces), in_vpc(where)),
    )


def security_group(
    group: Group,
    where: Place,
    *,
    port: int,
    source: Group | str,
    description: str,
    tags: Mapping[str, str],
    members: Sequence[JsonObject] = (),
) -> Resource:
    """Describe a security group that lets in one port.

    Args:
        group: Its id and name.
        where: A place in its VPC.
        port: The TCP port.
        source: From where: another group, or a range of addresses.
        description: Its description.
        tags: Its tags.
        members: Relationships to what it is used by.
    """
    ranges = [source] if isinstance(source, str) else []
    pairs = [] if isinstance(source, str) else [{"groupId": source.id, "userId": ACCOUNT}]
    configuration: JsonObject = {
        "description": description,
        "groupName": group.name,
        "ipPermissions": [_permission("tcp", ranges, pairs) | {"fromPort": port, "toPort": port}],
        "ownerId": ACCOUNT,
        "groupId": group.id,
        "ipPermissionsEgress": [_permission("-1", [ANYWHERE], [])],
        "tags": tag_list(tags),
        "vpcId": where.vpc_id,
    }
    return Resource(
        type=_GROUP,
        id=group.id,
        name=group.name,
        arn=ec2_arn(where.region, "security-group", group.id),
        region=where.region,
        zone="Not Applicable",
        created=None,
        configuration=configuration,
        tags=tags,
        relationships=(*members, in_vpc(where)),
    )


def in_vpc(where: Place) -> JsonObject:
    """Relate to the VPC that contains it."""
    return related("Is contained in Vpc", _VPC, where.vpc_id)


def in_subnet(where: Place) -> JsonObject:
    """Relate to the subnet that contains it."""
    return related("Is contained in Subnet", _SUBNET, where.subnet_id)


def with_group(group: Group) -> JsonObject:
    """Relate to a security group."""
    return related("Is associated with SecurityGroup", _GROUP, group.id)


def contained_interfaces(ids: Sequence[str]) -> list[JsonObject]:
    """Relate to the network interfaces that it contains."""
    return [related("Contains NetworkInterface", "AWS::EC2::NetworkInterface", one) for one in ids]


def _permission(protocol: str, ranges: list[str], pairs: list[dict[str, str]]) -> JsonObject:
    return {
        "ipProtocol": protocol,
        "ipv6Ranges": [],
        "prefixListIds": [],
        "userIdGroupPairs": pairs,
        "ipv4Ranges": [{"cidrIp": one} for one in ranges],
        "ipRanges": ranges,
    }


def ec2_arn(region: str, kind: str, identifier: str) -> str:
    """Give the ARN of something in EC2."""
    return f"arn:aws:ec2:{region}:{ACCOUNT}:{kind}/{identifier}"
