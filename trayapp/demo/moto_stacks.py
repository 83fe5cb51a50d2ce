"""The CloudFormation types that our template needs and moto lacks.

moto's CloudFormation passes over the types below with a mere log line and still reports ``CREATE_COMPLETE``
(seen with moto 5.2.5), so that no message would ever travel. Importing this module teaches them to it. Each class
knows only the properties that our own template uses.
"""

import json
from typing import Any, ClassVar, Self

from moto.budgets.models import budgets_backends
from moto.cloudformation import parsing
from moto.config.models import config_backends
from moto.core.common_models import CloudFormationModel
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.utils import get_partition

Properties = dict[str, Any]


class _Taught:
    """A resource that exists as an attribute of another one, or by a call to its service's backend."""

    TYPE: ClassVar[str]

    def __init__(self, physical_id: str) -> None:
        self.physical_resource_id = physical_id

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Make the resource in moto's backends and give its physical id."""
        raise NotImplementedError

    def delete(self, account_id: str, region_name: str) -> None:
        """Undo ``make`` where the resource does not go with another one."""

    @classmethod
    def cloudformation_type(cls) -> str:
        """Give CloudFormation's name of the type."""
        return cls.TYPE

    @staticmethod
    def cloudformation_name_type() -> str:
        """Give the property that names the resource: none here, so that moto makes a name up."""
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Tell whether ``Fn::GetAtt`` knows an attribute: no template of ours asks for one."""
        del attr
        return False

    def is_created(self) -> bool:
        """Tell whether the resource is ready: at once."""
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Properties, account_id: str, region_name: str, **_: object
    ) -> Self:
        """Make the resource for moto's CloudFormation."""
        return cls(cls.make(resource_name, cloudformation_json["Properties"], account_id, region_name))


class SqsQueuePolicy(_Taught, CloudFormationModel):
    """``AWS::SQS::QueuePolicy``."""

    TYPE = "AWS::SQS::QueuePolicy"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Set the policy of every queue named by its URL."""
        for url in properties["Queues"]:
            policy = {"Policy": _policy(properties)}
            sqs_backends[account_id][region].set_queue_attributes(url.rsplit("/", 1)[1], policy)
        return name


class SnsTopicPolicy(_Taught, CloudFormationModel):
    """``AWS::SNS::TopicPolicy``."""

    TYPE = "AWS::SNS::TopicPolicy"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Set the policy of every topic named by its ARN."""
        for arn in properties["Topics"]:
            sns_backends[account_id][region].set_topic_attribute(arn, "policy", _policy(properties))
        return name


class SnsSubscription(_Taught, CloudFormationModel):
    """``AWS::SNS::Subscription``."""

    TYPE = "AWS::SNS::Subscription"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Subscribe the endpoint, in the topic's own Region."""
        del name
        backend = sns_backends[account_id][properties.get("Region", region)]
        subscription = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
        return str(subscription.arn)

    def delete(self, account_id: str, region_name: str) -> None:
        """End the subscription."""
        del region_name
        sns_backends[account_id][self.physical_resource_id.split(":")[3]].unsubscribe(self.physical_resource_id)


class S3BucketPolicy(_Taught, CloudFormationModel):
    """``AWS::S3::BucketPolicy``."""

    TYPE = "AWS::S3::BucketPolicy"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Set the policy of the bucket."""
        backend = s3_backends[account_id][get_partition(region)]
        backend.put_bucket_policy(properties["Bucket"], _policy(properties).encode())
        return name


class ConfigRecorder(_Taught, CloudFormationModel):
    """``AWS::Config::ConfigurationRecorder``."""

    TYPE = "AWS::Config::ConfigurationRecorder"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Make the recorder; it starts with its delivery channel, as in AWS."""
        group = {key[0].lower() + key[1:]: value for key, value in properties["RecordingGroup"].items()}
        config_backends[account_id][region].put_configuration_recorder(
            {"name": name, "roleARN": properties["RoleARN"], "recordingGroup": group}
        )
        return name

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the recorder."""
        config_backends[account_id][region_name].delete_configuration_recorder(self.physical_resource_id)


class ConfigDeliveryChannel(_Taught, CloudFormationModel):
    """``AWS::Config::DeliveryChannel``."""

    TYPE = "AWS::Config::DeliveryChannel"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Make the channel and start the recorder, as CloudFormation does."""
        backend = config_backends[account_id][region]
        backend.put_delivery_channel(
            {"name": name, "s3BucketName": properties["S3BucketName"], "snsTopicARN": properties["SnsTopicARN"]}
        )
        for recorder in backend.recorders:
            backend.start_configuration_recorder(recorder)
        return name

    def delete(self, account_id: str, region_name: str) -> None:
        """Stop the recorder, since a channel in use cannot be deleted, and delete the channel."""
        backend = config_backends[account_id][region_name]
        for recorder in backend.recorders:
            backend.stop_configuration_recorder(recorder)
        backend.delete_delivery_channel(self.physical_resource_id)


class BudgetsBudget(_Taught, CloudFormationModel):
    """``AWS::Budgets::Budget``. It never sends anything: nothing has a price in moto."""

    TYPE = "AWS::Budgets::Budget"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Make the budget, which belongs to the account and to no Region."""
        budget = {**properties["Budget"], "BudgetName": name}
        backend = budgets_backends[account_id][get_partition(region)]
        backend.create_budget(account_id, budget, properties["NotificationsWithSubscribers"])
        return name

    def delete(self, account_id: str, region_name: str) -> None:
        """Delete the budget."""
        budgets_backends[account_id][get_partition(region_name)].delete_budget(account_id, self.physical_resource_id)


class CostAnomalySubscription(_Taught, CloudFormationModel):
    """``AWS::CE::AnomalySubscription``. moto has no cost anomalies: it is a resource of its stack and nothing else."""

    TYPE = "AWS::CE::AnomalySubscription"

    @classmethod
    def make(cls, name: str, properties: Properties, account_id: str, region: str) -> str:
        """Give the ARN that it would have."""
        del properties
        return f"arn:{get_partition(region)}:ce::{account_id}:anomalysubscription/{name}"


TAUGHT = (
    SqsQueuePolicy,
    SnsTopicPolicy,
    SnsSubscription,
    S3BucketPolicy,
    ConfigRecorder,
    ConfigDeliveryChannel,
    BudgetsBudget,
    CostAnomalySubscription,
)


def _policy(properties: Properties) -> str:
    """Write the policy document, without the nothings that moto makes of ``AWS::NoValue`` in lists."""
    document = properties["PolicyDocument"]
    statements = [statement for statement in document["Statement"] if statement is not None]
    return json.dumps({**document, "Statement": statements})


# moto remembers the list of types at its first look.
for _remembered in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
    _remembered.cache_clear()
