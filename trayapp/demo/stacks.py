"""What CloudFormation makes around machines, as AWS Config describes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.machines import Machine
from trayapp.demo.messages import JsonObject, Resource, american, related, stamp, tag_list
from trayapp.demo.network import Group, Place, in_vpc, with_group

_EVERYWHERE = "Multiple Availability Zones"


@dataclass(frozen=True, slots=True)
class StackName:
    """A stack's name, and the names and tags that CloudFormation derives from it."""

    name: str
    region: str
    identifiers: Identifiers

    @property
    def arn(self) -> str:
        """The stack's id, which is its ARN."""
        unique = self.identifiers.uuid(f"stack {self.name}")
        return f"arn:aws:cloudformation:{self.region}:{ACCOUNT}:stack/{self.name}/{unique}"

    def physical(self, logical_id: str) -> str:
        """Give the name that CloudFormation makes for a resource."""
        return f"{self.name}-{logical_id}-{self.identifiers.suffix(self.name + logical_id)}"

    def group(self, logical_id: str) -> Group:
        """Give the id and the name of one of the stack's security groups."""
        return Group(self.identifiers.ec2("sg", f"{self.name} {logical_id}"), self.physical(logical_id))

    def tags(self, logical_id: str) -> dict[str, str]:
        """Give the tags that CloudFormation puts on a resource."""
        return {
            "aws:cloudformation:stack-name": self.name,
            "aws:cloudformation:stack-id": self.arn,
            "aws:cloudformation:logical-id": logical_id,
        }


def stack(named: StackName, created: datetime, *, status: str, resources: Sequence[JsonObject] = ()) -> Resource:
    """Describe the stack itself.

    Args:
        named: Its name.
        created: When its creation began.
        status: Its status, such as ``CREATE_COMPLETE``.
        resources: What it contains so far, each made by ``summary``.
    """
    return Resource(
        type="AWS::CloudFormation::Stack",
        id=named.arn,
        name=named.name,
        arn=named.arn,
        region=named.region,
        zone="Not Applicable",
        created=created,
        configuration={
            "stackId": named.arn,
            "stackName": named.name,
            "description": "A website behind a load balancer, on instances that scale",
            "parameters": [{"parameterKey": "InstanceType", "parameterValue": "t3.micro"}],
            "creationTime": american(created),
            "stackStatus": status,
            "disableRollback": False,
            "notificationARNs": [],
            "outputs": [],
            "tags": [],
        },
        relationships=tuple(related("Contains ", one["resourceType"], one["physicalResourceId"]) for one in resources),
        supplementary={"StackResourceSummaries": list(resources)},
    )


def summary(logical_id: str, physical_id: str, resource_type: str, made: datetime) -> JsonObject:
    """Describe one resource of a stack within the stack."""
    return {
        "logicalResourceId": logical_id,
        "physicalResourceId": physical_id,
        "resourceType": resource_type,
        "lastUpdatedTimestamp": american(made),
        "resourceStatus": "CREATE_COMPLETE",
    }


def load_balancer(
    identifiers: Identifiers,
    name: str,
    created: datetime,
    *,
    places: Sequence[Place],
    group: Group,
    state: str,
    tags: Mapping[str, str],
) -> Resource:
    """Describe an application load balancer; its id is its ARN."""
    region = places[0].region
    unique = identifiers.digits(f"balancer {name}", 16)
    arn = f"arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:loadbalancer/app/{name}/{unique}"
    number = int(identifiers.digits(f"number {name}", 7), 16)
    attributes = {
        "access_logs.s3.enabled": "false",
        "access_logs.s3.bucket": "",
        "access_logs.s3.prefix": "",
        "idle_timeout.timeout_seconds": "60",
        "deletion_protection.enabled": "false",
        "routing.http2.enabled": "true",
    }
    return Resource(
        type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        id=arn,
        name=name,
        arn=arn,
        region=region,
        zone=_EVERYWHERE,
        created=created,
        configuration={
            "loadBalancerArn": arn,
            "dNSName": f"{name}-{number}.{region}.elb.amazonaws.com",
            "canonicalHostedZoneId": f"Z{identifiers.suffix(region)}",
            "createdTime": stamp(created),
            "loadBalancerName": name,
            "scheme": "internet-facing",
            "vpcId": places[0].vpc_id,
            "state": {"code": state, "reason": None},
            "type": "application",
            "availabilityZones": [
                {"zoneName": where.zone, "subnetId": where.subnet_id, "loadBalancerAddresses": []} for where in places
            ],
            "securityGroups": [group.id],
            "ipAddressType": "ipv4",
        },
        tags=tags,
        relationships=(
            with_group(group),
            *(related("Is attached to Subnet", "AWS::EC2::Subnet", where.subnet_id) for where in places),
            in_vpc(places[0]),
        ),
        supplementary={
            "LoadBalancerAttributes": [{"key": key, "value": value} for key, value in attributes.items()],
            "Tags": tag_list(tags),
        },
    )


def launch_template(identifiers: Identifiers, name: str, region: str, tags: Mapping[str, str]) -> Resource:
    """Describe a launch template: a newer type, whose configuration has keys in capitals and no time of creation."""
    template_id = identifiers.ec2("lt", name)
    return Resource(
        type="AWS::EC2::LaunchTemplate",
        id=template_id,
        name=name,
        arn=f"arn:aws:ec2:{region}:{ACCOUNT}:launch-template/{template_id}",
        region=region,
        zone="Regional",
        created=None,
        configuration={
            "LaunchTemplateId": template_id,
            "LaunchTemplateName": name,
            "DefaultVersionNumber": "1",
            "LatestVersionNumber": "1",
        },
        tags=tags,
    )


def scaling_group(
    identifiers: Identifiers,
    name: str,
    created: datetime,
    *,
    places: Sequence[Place],
    template: Resource,
    machines: Sequence[Machine] = (),
    tags: Mapping[str, str],
) -> Resource:
    """Describe an auto-scaling group of two machines, of which ``machines`` run already."""
    region = places[0].region
    arn = (
        f"arn:aws:autoscaling:{region}:{ACCOUNT}:autoScalingGroup:{identifiers.uuid(name)}:autoScalingGroupName/{name}"
    )
    specification = {"launchTemplateId": template.id, "launchTemplateName": template.name, "version": "1"}
    return Resource(
        type="AWS::AutoScaling::AutoScalingGroup",
        id=arn,
        name=name,
        arn=arn,
        region=region,
        zone=_EVERYWHERE,
        created=created,
        configuration={
            "autoScalingGroupName": name,
            "autoScalingGroupARN": arn,
            "launchConfigurationName": None,
            "launchTemplate": specification,
            "mixedInstancesPolicy": None,
            "minSize": 2,
            "maxSize": 4,
            "desiredCapacity": 2,
            "defaultCooldown": 300,
            "availabilityZones": [where.zone for where in places],
            "loadBalancerNames": [],
            "targetGroupARNs": [],
            "healthCheckType": "ELB",
            "healthCheckGracePeriod": 120,
            "instances": [
                {
                    "instanceId": one.instance.id,
                    "availabilityZone": one.instance.zone,
                    "lifecycleState": "InService",
                    "healthStatus": "Healthy",
                    "launchConfigurationName": None,
                    "launchTemplate": specification,
                    "protectedFromScaleIn": False,
                }
                for one in machines
            ],
            "createdTime": stamp(created),
            "suspendedProcesses": [],
            "placementGroup": None,
            "vpczoneIdentifier": ",".join(where.subnet_id for where in places),
            "enabledMetrics": [],
            "status": None,
            "tags": tag_list(tags),
            "terminationPolicies": ["Default"],
            "newInstancesProtectedFromScaleIn": False,
        },
        tags=tags,
        relationships=tuple(related("Contains Instance", "AWS::EC2::Instance", one.instance.id) for one in machines),
    )
