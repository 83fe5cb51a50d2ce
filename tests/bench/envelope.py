"""Messages as Amazon SNS delivers them to a queue."""

import json
import secrets
import uuid
from datetime import UTC, datetime

from desktop_bench.messages import ACCOUNT

_TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:config-topic"


def enveloped(subject: str, message: str) -> str:
    """Put a notification into the envelope of SNS, with a signature of the right length.

    https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html

    Args:
        subject: Its subject.
        message: What was published, mostly JSON text.
    """
    host = "https://sns.eu-west-1.amazonaws.com"
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": str(uuid.uuid4()),
            "TopicArn": _TOPIC,
            "Subject": subject,
            "Message": message,
            "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "SignatureVersion": "1",
            "Signature": secrets.token_urlsafe(258),
            "SigningCertURL": f"{host}/SimpleNotificationService-{secrets.token_hex(16)}.pem",
            "UnsubscribeURL": f"{host}/?Action=Unsubscribe&SubscriptionArn={_TOPIC}:{uuid.uuid4()}",
        },
        indent=2,
    )
