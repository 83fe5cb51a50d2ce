"""A Region of the emulated AWS for one subject: its topic and queue, AWS Config's recorder, and a trail."""

import json
import uuid
from queue import SimpleQueue
from typing import Any

from botocore.config import Config

from desktop_bench.cloud import Cloud, Inbox, plain_session
from desktop_bench.reporters import CHANNEL, Reporters, policy

REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2"),
    *("eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-2"),
)
"""Regions in which AWS Config records IAM; there is one recorder in each, so that subjects would share it."""

_BUCKET = "reports"


class Places:
    """The Regions that nobody has.

    Args:
        cloud: The emulated AWS.
        upstream: ``host:port`` of the emulator itself.
    """

    def __init__(self, cloud: Cloud, upstream: str) -> None:
        self._cloud, self._url = cloud, f"http://{upstream}"
        self._free: SimpleQueue[str] = SimpleQueue()
        for region in REGIONS:
            self._free.put(region)
        self.client("us-east-1", "s3").create_bucket(Bucket=_BUCKET)

    def client(self, region: str, service: Any) -> Any:  # noqa: ANN401 - each service's has a type of its own
        """Make a client that asks the emulator itself: this is the account's owner at work, and no weather of ours."""
        session = plain_session(self._cloud.access_key_id, self._cloud.secret_access_key, region)
        config = Config(retries={"total_max_attempts": 1}, proxies={}, s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=self._url, config=config)

    def take(self) -> "Place":
        """Take a Region that nobody has, and set everything up in it."""
        return Place(self, self._free.get(timeout=60), self._cloud.account_id)

    def give_back(self, region: str) -> None:
        """Let somebody else have a Region."""
        self._free.put(region)


class Place:
    """One Region, set up as a well-kept account has it.

    Args:
        places: Where it is from.
        region: Its code.
        account_id: The account's number.

    Attributes:
        region: As given.
        inbox: A topic and its queue.
        reporters: AWS Config and CloudTrail.
        sns: SNS's client.
        sqs: SQS's client.
        trail: The trail's name.
    """

    def __init__(self, places: Places, region: str, account_id: str) -> None:
        self._places, self.region = places, region
        self._clients: list[Any] = []
        self.sns, self.sqs = self._client("sns"), self._client("sqs")
        self.inbox = Inbox(self.sns, self.sqs, f"config-{uuid.uuid4().hex[:8]}", raw=False)
        self.reporters = Reporters(self._client, account_id, region)
        self.reporters.record(self.inbox.topic_arn)
        # One for this Region alone: another subject's shall not log for us.
        self.trail = f"calls-{region}-{uuid.uuid4().hex[:8]}"
        self.reporters.trails.create_trail(Name=self.trail, S3BucketName=_BUCKET)
        self.reporters.trails.start_logging(Name=self.trail)

    def close(self) -> None:
        """Give the Region back."""
        self.reporters.trails.delete_trail(Name=self.trail)
        for client in self._clients:
            client.close()
        self._places.give_back(self.region)

    # ---- what an intruder does

    def deliver(self, topic_arn: str) -> None:
        """Let AWS Config deliver to a topic."""
        channel: Any = {"name": CHANNEL, "s3BucketName": _BUCKET, "snsTopicARN": topic_arn}
        self.reporters.config.put_delivery_channel(DeliveryChannel=channel)

    def unsubscribe(self) -> None:
        """End the subscription of the queue to the topic."""
        self.sns.unsubscribe(SubscriptionArn=self.subscription)

    def filter(self, policy: str) -> None:
        """Give the subscription a filter policy; an empty one lets everything through."""
        self.sns.set_subscription_attributes(
            SubscriptionArn=self.subscription, AttributeName="FilterPolicy", AttributeValue=policy
        )

    def let_in(self, statement: dict[str, str]) -> None:
        """Add a statement about sending to the queue's policy."""
        document = json.loads(policy(self.inbox.queue_arn, self.inbox.topic_arn))
        document["Statement"].append({**statement, "Action": "sqs:SendMessage", "Resource": self.inbox.queue_arn})
        self._set_policy(json.dumps(document))

    def restore_policy(self) -> None:
        """Put the queue's policy back."""
        self._set_policy(policy(self.inbox.queue_arn, self.inbox.topic_arn))

    def _set_policy(self, text: str) -> None:
        self.sqs.set_queue_attributes(QueueUrl=self.inbox.queue_url, Attributes={"Policy": text})

    @property
    def subscription(self) -> str:
        """The ARN of the subscription of the queue to the topic."""
        found = self.sns.list_subscriptions_by_topic(TopicArn=self.inbox.topic_arn)["Subscriptions"]
        return str(found[0]["SubscriptionArn"])

    def _client(self, service: str) -> Any:  # noqa: ANN401 - each service's has a type of its own
        made = self._places.client(self.region, service)
        self._clients.append(made)
        return made
