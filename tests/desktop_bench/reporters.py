"""Those who report, set up in the emulated AWS as a well-kept account has them."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_cloudtrail import CloudTrailClient
    from types_boto3_config import ConfigServiceClient

_BUCKET = "reports"
RECORDER = "default"
CHANNEL = "default"
TRAIL = "calls"
RULE = "calls"
EVERYTHING = {"allSupported": True, "includeGlobalResourceTypes": True}


def policy(queue_arn: str, topic_arn: str) -> str:
    """Write the policy of a queue that lets in one topic, and a rule that brings what CloudTrail logs."""
    _, partition, _, region, account, _ = queue_arn.split(":")
    rule = f"arn:{partition}:events:{region}:{account}:rule/{RULE}"
    allowed = [("sns", topic_arn), ("events", rule)]
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        for service, source in allowed
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class Reporters:
    """AWS Config and CloudTrail of the emulated account, in one Region.

    Attributes:
        config: AWS Config's client.
        trails: CloudTrail's client.
    """

    def __init__(self, clients: Any, account_id: str, region: str) -> None:  # noqa: ANN401 - makes a client of a service
        self.config: ConfigServiceClient = clients("config")
        self.trails: CloudTrailClient = clients("cloudtrail")
        self._s3: Any = clients("s3")
        self._role = f"arn:aws:iam::{account_id}:role/recorder"
        self._region = region

    def record(self, topic_arn: str, **group: Any) -> None:  # noqa: ANN401 - a recording group as AWS has it
        """Let AWS Config record and send to a topic: there is one recorder and one channel, whoever asked last."""
        recorder: Any = {"name": RECORDER, "roleARN": self._role, "recordingGroup": group or EVERYTHING}
        self.config.put_configuration_recorder(ConfigurationRecorder=recorder)
        self.config.put_delivery_channel(
            DeliveryChannel={"name": CHANNEL, "s3BucketName": _BUCKET, "snsTopicARN": topic_arn}
        )
        self.config.start_configuration_recorder(ConfigurationRecorderName=RECORDER)

    def stop_recording(self) -> None:
        """Switch the recorder off, as an intruder does first."""
        self.config.stop_configuration_recorder(ConfigurationRecorderName=RECORDER)

    def log_calls(self) -> None:
        """Let CloudTrail log, in every Region, global services included."""
        try:
            self.trails.get_trail_status(Name=TRAIL)
        except ClientError:
            self._s3.create_bucket(Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": self._region})
            self.trails.create_trail(Name=TRAIL, S3BucketName=_BUCKET, IsMultiRegionTrail=True)
        self.trails.start_logging(Name=TRAIL)
