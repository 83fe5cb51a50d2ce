"""The rows about what computes: machines, and whatever else runs code for money."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import compute_conditions as compute
from trayapp.core.signals import types
from trayapp.core.signals.looks import call, created, held, updated
from trayapp.core.signals.model import SameBy, Signal, says
from trayapp.core.signals.things import answered, asked, profile_holder

_INSTANCES = answered(types.INSTANCE, "instancesSet", id_="instanceId")
_SCALING_GROUP = asked(types.SCALING_GROUP, "autoScalingGroupName")
_ECS_CLUSTER = answered(types.ECS_CLUSTER, "cluster", name="clusterName", arn="clusterArn", asked="clusterName")
_ECS_SERVICE = answered(types.ECS_SERVICE, "service", name="serviceName", arn="serviceArn", asked="serviceName")
_ECS_TASK = answered(types.ECS_TASK, "taskDefinition", name="family", arn="taskDefinitionArn", asked="family")
_FUNCTION = answered(types.FUNCTION, "", name="functionName", arn="functionArn", asked="functionName")
_SPOT_REQUESTS = answered(types.SPOT_REQUEST, "spotInstanceRequestSet", id_="spotInstanceRequestId")
_HOSTS = answered(types.HOST, "hostIdSet", id_="hostId")

_OTHERS = (
    (
        "batch",
        "CreateComputeEnvironment",
        answered(
            types.BATCH,
            "",
            name="computeEnvironmentName",
            arn="computeEnvironmentArn",
            asked="computeEnvironmentName",
        ),
    ),
    ("eks", "CreateCluster", answered(types.EKS_CLUSTER, "cluster", name="name", arn="arn", asked="name")),
    (
        "apprunner",
        "CreateService",
        answered(types.APP_RUNNER, "service", name="serviceName", arn="serviceArn", asked="serviceName"),
    ),
    ("sagemaker", "CreateDomain", answered(types.SAGEMAKER_DOMAIN, "", arn="domainArn", asked="domainName")),
    (
        "sagemaker",
        "CreateNotebookInstance",
        answered(types.NOTEBOOK, "", arn="notebookInstanceArn", asked="notebookInstanceName"),
    ),
    ("ec2", "CreateFleet", answered(types.EC2_FLEET, "CreateFleetResponse", id_="fleetId")),
    ("ec2", "RequestSpotInstances", _SPOT_REQUESTS),
    ("ec2", "RequestSpotFleet", answered(types.SPOT_FLEET, "", id_="spotFleetRequestId")),
    ("lightsail", "CreateInstances", answered(types.LIGHTSAIL_INSTANCE, "operations", name="resourceName")),
    ("lightsail", "CreateInstancesFromSnapshot", answered(types.LIGHTSAIL_INSTANCE, "operations", name="resourceName")),
    ("lightsail", "CreateContainerService", asked(types.LIGHTSAIL_CONTAINERS, "serviceName")),
    ("lightsail", "CreateDisk", asked(types.LIGHTSAIL_DISK, "diskName")),
    ("lightsail", "AllocateStaticIp", asked(types.LIGHTSAIL_IP, "staticIpName")),
)
_OTHER_TYPES = (
    types.BATCH,
    types.EKS_CLUSTER,
    types.APP_RUNNER,
    types.SAGEMAKER_DOMAIN,
    types.NOTEBOOK,
    types.EC2_FLEET,
    types.SPOT_FLEET,
    types.LIGHTSAIL_DISK,
    types.LIGHTSAIL_IP,
)

COMPUTE = (
    Signal(
        id="ec2-new",
        theme=Theme.COMPUTE,
        severity=Severity.MEDIUM,
        config=(created(types.INSTANCE, compute.SIZE_SEEN),),
        calls=(call("ec2", "RunInstances", _INSTANCES, compute.SIZE_ASKED),),
        says=says("New instance {size}{where}", first_seen="Instance {size}{where}, seen for the first time"),
        source="Panther aws_ec2_monitoring",
    ),
    Signal(
        id="ec2-large",
        theme=Theme.COMPUTE,
        severity=Severity.CRITICAL,
        config=(created(types.INSTANCE, compute.LARGE_SEEN), updated(types.INSTANCE, compute.RESIZED)),
        calls=(
            call("ec2", "RunInstances", _INSTANCES, compute.LARGE_ASKED),
            call("ec2", "RequestSpotInstances", _SPOT_REQUESTS, compute.LARGE_ASKED),
            # A small instance that is stopped, given a large type and started again is a large one.
            call("ec2", "ModifyInstanceAttribute", asked(types.INSTANCE, "instanceId"), compute.RESIZE_ASKED),
        ),
        instead_of=frozenset({"ec2-new", "compute-other"}),
        says=says(
            {
                "chips": "New {size}{where}: {vcpus} vCPU with {chips}",
                "large": "New {size}{where}: {vcpus} vCPU",
                "resized": "Instance {name} became a {size}{where}: {vcpus} vCPU",
            },
            first_seen="{size}{where}, {vcpus} vCPU, seen for the first time",
            refused={
                "resized": "Somebody tried to make instance {name} a {size}",
                "": "Somebody tried to start {size}{where}",
            },
        ),
        source="Panther aws_ec2_launch_unusual_ec2_instances; Stratus execution.ec2-launch-unusual-instances",
    ),
    Signal(
        id="ec2-region",
        theme=Theme.COMPUTE,
        severity=Severity.CRITICAL,
        config=(
            created(
                (
                    types.INSTANCE,
                    types.HOST,
                    types.SCALING_GROUP,
                    types.ECS_CLUSTER,
                    types.ECS_SERVICE,
                    types.FUNCTION,
                    *_OTHER_TYPES,
                ),
                compute.REGION_SEEN,
            ),
        ),
        calls=(
            call("ec2", "RunInstances", _INSTANCES, compute.REGION_ASKED),
            call("ec2", "AllocateHosts", _HOSTS, compute.REGION_ASKED),
            call("autoscaling", "CreateAutoScalingGroup", _SCALING_GROUP, compute.REGION_ASKED),
            call("ecs", "CreateCluster", _ECS_CLUSTER, compute.REGION_ASKED),
            call("ecs", "CreateService", _ECS_SERVICE, compute.REGION_ASKED),
            call("lambda", "CreateFunction", _FUNCTION, compute.REGION_ASKED),
            *(call(service, action, finder, compute.REGION_ASKED) for service, action, finder in _OTHERS),
        ),
        # Once for a Region: what is made there is told by itself, too, since it takes the place of no other signal.
        same_by=SameBy.REGION,
        says=says(
            "First {noun}{where}, a Region you have not used before",
            first_seen="First {noun}{where}, a Region you have not used before",
            refused="Somebody tried to start computing{where}, a Region you have not used before",
        ),
        source="Panther aws_unused_region",
    ),
    Signal(
        id="ec2-burst",
        theme=Theme.COMPUTE,
        severity=Severity.CRITICAL,
        # What one fact can show: a group that may grow large. Many creations in a short time are for incidents to add
        # up, from the findings of ec2-new and ec2-large, whose details hold the vCPU.
        config=(held(types.SCALING_GROUP, compute.BIG_GROUP_SEEN),),
        calls=(
            call(
                "autoscaling",
                ("CreateAutoScalingGroup", "UpdateAutoScalingGroup", "SetDesiredCapacity"),
                _SCALING_GROUP,
                compute.BIG_GROUP_ASKED,
            ),
        ),
        same_by=SameBy.NAME,
        again=True,
        instead_of=frozenset({"stack-part"}),
        says=says(
            "Auto-scaling group {name}{where} may grow to {count} instances",
            refused="Somebody tried to let auto-scaling group {name}{where} grow to {count} instances",
        ),
        source="Reports of mining campaigns, whose groups were set to 20 to 999 instances",
    ),
    Signal(
        id="ec2-role-swap",
        theme=Theme.COMPUTE,
        severity=Severity.HIGH,
        config=(updated(types.INSTANCE, compute.ROLE_SWAPPED),),
        calls=(
            call(
                "ec2",
                ("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation"),
                profile_holder,
                compute.ROLE_ASKED,
            ),
        ),
        again=True,
        says=says(
            "Instance {name}{where} was given role {profile}",
            refused="Somebody tried to give instance {name}{where} role {profile}",
        ),
        source="Elastic privilege_escalation_ec2_instance_profile_associated_with_running_instance",
    ),
    Signal(
        id="ecs-new",
        theme=Theme.COMPUTE,
        severity=Severity.HIGH,
        config=(created((types.ECS_CLUSTER, types.ECS_TASK, types.ECS_SERVICE), compute.TASK_SEEN),),
        calls=(
            call("ecs", "CreateCluster", _ECS_CLUSTER, compute.TASK_ASKED),
            call("ecs", "RegisterTaskDefinition", _ECS_TASK, compute.TASK_ASKED),
            call("ecs", "CreateService", _ECS_SERVICE, compute.TASK_ASKED),
        ),
        same_by=SameBy.ARN,
        again=True,
        says=says(
            {
                "": "New {noun} {name}{where}",
                "mining": "New {noun} {name}{where}: {vcpus} vCPU for public image {image}",
            },
            first_seen="{Noun} {name}{where}, seen for the first time",
            refused="Somebody tried to make {noun} {name}{where}",
        ),
        source="Elastic impact_ecs_cryptomining_task_definition_deployment",
    ),
    Signal(
        id="lambda-change",
        theme=Theme.COMPUTE,
        severity=Severity.MEDIUM,
        config=(created(types.FUNCTION, compute.FUNCTION_SEEN), updated(types.FUNCTION, compute.FUNCTION_CHANGED)),
        calls=(
            call("lambda", "CreateFunction", _FUNCTION, compute.FUNCTION_MADE),
            call("lambda", ("UpdateFunctionCode", "UpdateFunctionConfiguration"), _FUNCTION, compute.FUNCTION_ASKED),
        ),
        same_by=SameBy.NAME,
        again=True,
        says=says(
            {
                "created": "New function {name}{where}",
                "code": "Function {name}{where} runs other code now",
                "layers": "Function {name}{where} runs with other layers now",
            },
            first_seen="Function {name}{where}, seen for the first time",
        ),
        source="Panther aws_overwrite_lambda_code; Stratus persistence.lambda-overwrite-code",
    ),
    Signal(
        id="compute-other",
        theme=Theme.COMPUTE,
        severity=Severity.HIGH,
        config=(created(_OTHER_TYPES, compute.FIRST_SEEN),),
        calls=tuple(call(service, action, finder, compute.FIRST_ASKED) for service, action, finder in _OTHERS),
        same_by=SameBy.ARN,
        again=True,
        says=says(
            "New {noun} {name}{where}",
            first_seen="{Noun} {name}{where}, seen for the first time",
            refused="Somebody tried to make {noun} {name}{where}",
        ),
        source="Sigma aws_eks_cluster_created_or_deleted; Lightsail from reports, in no rule set",
    ),
    Signal(
        id="host-new",
        theme=Theme.COMPUTE,
        # A dedicated host is paid by the hour whether used or not, from 1 to more than 100 USD an hour, and a private
        # account has none; critical with GPUs or accelerators.
        severity=Severity.HIGH,
        config=(created(types.HOST, compute.HOST_SEEN),),
        calls=(call("ec2", "AllocateHosts", _HOSTS, compute.HOST_ASKED),),
        says=says(
            "New dedicated host {size}{where}",
            first_seen="Dedicated host {size}{where}, seen for the first time",
            refused="Somebody tried to get a dedicated host {size}{where}",
        ),
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-billing.html",
    ),
)
"""The rows about what computes."""
