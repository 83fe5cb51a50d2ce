"""Machines as AWS Config describes them: an instance is always three resources, itself, its interface, its volume."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.interfaces import INTERFACE, attachment, interface_configuration, interface_resource, primary_address
from trayapp.demo.messages import JsonObject, Resource, related, stamp, tag_list
from trayapp.demo.network import Group, Place, ec2_arn, in_subnet, in_vpc, with_group

_INSTANCE = "AWS::EC2::Instance"
_VOLUME = "AWS::EC2::Volume"
_ROOT_DEVICE = "/dev/xvda"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a machine is made by.

    Attributes:
        size: The instance type.
        cores: Its cores, each of two threads.
        image: The machine image's id.
        launched: When it was started last; AWS Config gives this as its time of creation.
        first_launched: When it was started first, if that was another time.
        tags: Its tags.
        profile_arn: Its instance profile, or empty.
        key_name: Its SSH key's name, or ``None``.
        detailed_monitoring: ``disabled``, ``pending`` or ``enabled``.
        disk_gib: Its root volume's size.
    """

    size: str
    cores: int
    image: str
    launched: datetime
    first_launched: datetime | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    profile_arn: str = ""
    key_name: str | None = None
    detailed_monitoring: str = "disabled"
    disk_gib: int = 8


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance with its network interface and its root volume."""

    instance: Resource
    interface: Resource
    volume: Resource

    def monitored(self, state: str) -> "Machine":
        """Give the same machine with its detailed monitoring in another state."""
        configuration = self.instance.configuration | {"monitoring": {"state": state}}
        return replace(self, instance=replace(self.instance, configuration=configuration))


def machine(identifiers: Identifiers, label: str, plan: Plan, where: Place, group: Group) -> Machine:
    """Describe a running machine."""
    attached = plan.first_launched or plan.launched
    address = where.address(identifiers.host_number(label))
    parts = _Parts(
        instance_id=identifiers.ec2("i", label),
        interface_id=identifiers.ec2("eni", label),
        attachment_id=identifiers.ec2("eni-attach", label),
        volume_id=identifiers.ec2("vol", label),
        snapshot_id=identifiers.ec2("snap", plan.image),
        address=address,
        dns_name=f"ip-{address.replace('.', '-')}.{where.region}.compute.internal",
        mac=identifiers.mac(label),
        attached=attached,
        disk_attached=attached + timedelta(seconds=1),
        profile_id=identifiers.iam("AIPA", plan.profile_arn),
    )
    return Machine(_instance(parts, plan, where, group), _interface(parts, where, group), _volume(parts, plan, where))


@dataclass(frozen=True, slots=True)
class _Parts:
    instance_id: str
    interface_id: str
    attachment_id: str
    volume_id: str
    snapshot_id: str
    address: str
    dns_name: str
    mac: str
    attached: datetime
    disk_attached: datetime
    profile_id: str


def _instance(parts: _Parts, plan: Plan, where: Place, group: Group) -> Resource:
    groups = [{"groupName": group.name, "groupId": group.id}]
    configuration: JsonObject = {
        "amiLaunchIndex": 0,
        "imageId": plan.image,
        "instanceId": parts.instance_id,
        "instanceType": plan.size,
        "kernelId": None,
        "keyName": plan.key_name,
        "launchTime": stamp(plan.launched),
        "monitoring": {"state": plan.detailed_monitoring},
        "placement": {
            "availabilityZone": where.zone,
            "affinity": None,
            "groupName": "",
            "partitionNumber": None,
            "hostId": None,
            "tenancy": "default",
            "spreadDomain": None,
        },
        "platform": None,
        "privateDnsName": parts.dns_name,
        "privateIpAddress": parts.address,
        "productCodes": [],
        "publicDnsName": "",
        "publicIpAddress": None,
        "ramdiskId": None,
        "state": {"code": 16, "name": "running"},
        "stateTransitionReason": "",
        "subnetId": where.subnet_id,
        "vpcId": where.vpc_id,
        "architecture": "x86_64",
        "blockDeviceMappings": [
            {
                "deviceName": _ROOT_DEVICE,
                "ebs": {
                    "attachTime": stamp(parts.disk_attached),
                    "deleteOnTermination": True,
                    "status": "attached",
                    "volumeId": parts.volume_id,
                },
            }
        ],
        "clientToken": "",
        "ebsOptimized": False,
        "enaSupport": True,
        "hypervisor": "xen",
        "iamInstanceProfile": {"arn": plan.profile_arn, "id": parts.profile_id} if plan.profile_arn else None,
        "instanceLifecycle": None,
        "elasticGpuAssociations": [],
        "elasticInferenceAcceleratorAssociations": [],
        "networkInterfaces": [
            {
                "association": None,
                "attachment": attachment(parts.attachment_id, parts.attached, deletes=True, index=0),
                "description": "",
                "groups": groups,
                "ipv6Addresses": [],
                "macAddress": parts.mac,
                "networkInterfaceId": parts.interface_id,
                "ownerId": ACCOUNT,
                "privateDnsName": parts.dns_name,
                "privateIpAddress": parts.address,
                "privateIpAddresses": [primary_address(parts.address, parts.dns_name)],
                "sourceDestCheck": True,
                "status": "in-use",
                "subnetId": where.subnet_id,
                "vpcId": where.vpc_id,
            }
        ],
        "rootDeviceName": _ROOT_DEVICE,
        "rootDeviceType": "ebs",
        "securityGroups": groups,
        "sourceDestCheck": True,
        "spotInstanceRequestId": None,
        "sriovNetSupport": None,
        "stateReason": None,
        "tags": tag_list(plan.tags),
        "virtualizationType": "hvm",
        "cpuOptions": {"coreCount": plan.cores, "threadsPerCore": 2},
        "capacityReservationId": None,
        "capacityReservationSpecification": None,
        "hibernationOptions": {"configured": False},
        "licenses": [],
    }
    return Resource(
        type=_INSTANCE,
        id=parts.instance_id,
        name=None,
        arn=ec2_arn(where.region, "instance", parts.instance_id),
        region=where.region,
        zone=where.zone,
        created=plan.launched,
        configuration=configuration,
        tags=plan.tags,
        relationships=(
            related("Contains NetworkInterface", INTERFACE, parts.interface_id),
            with_group(group),
            in_subnet(where),
            related("Is attached to Volume", _VOLUME, parts.volume_id),
            in_vpc(where),
        ),
    )


def _interface(parts: _Parts, where: Place, group: Group) -> Resource:
    configuration = interface_configuration(parts.interface_id, where, group, parts.address, parts.dns_name) | {
        "attachment": attachment(parts.attachment_id, parts.attached, deletes=True, index=0)
        | {"instanceId": parts.instance_id, "instanceOwnerId": ACCOUNT},
        "macAddress": parts.mac,
    }
    relationships = (
        related("Is attached to Instance", _INSTANCE, parts.instance_id),
        with_group(group),
        in_subnet(where),
        in_vpc(where),
    )
    return interface_resource(configuration, where, relationships)


def _volume(parts: _Parts, plan: Plan, where: Place) -> Resource:
    configuration: JsonObject = {
        "attachments": [
            {
                "attachTime": stamp(parts.disk_attached),
                "device": _ROOT_DEVICE,
                "instanceId": parts.instance_id,
                "state": "attached",
                "volumeId": parts.volume_id,
                "deleteOnTermination": True,
            }
        ],
        "availabilityZone": where.zone,
        "createTime": stamp(parts.disk_attached),
        "encrypted": False,
        "kmsKeyId": None,
        "size": plan.disk_gib,
        "snapshotId": parts.snapshot_id,
        "state": "in-use",
        "volumeId": parts.volume_id,
        "iops": 3000,
        "tags": [],
        "volumeType": "gp3",
    }
    return Resource(
        type=_VOLUME,
        id=parts.volume_id,
        name=None,
        arn=ec2_arn(where.region, "volume", parts.volume_id),
        region=where.region,
        zone=where.zone,
        created=parts.disk_attached,
        configuration=configuration,
        relationships=(related("Is attached to Instance", _INSTANCE, parts.instance_id),),
    )
