"""Amazon S3's events, which are only counted.

Shapes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html.
"""

from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject
from trayapp.inbox.reading import Reading


def read(message: JsonObject, _event: Event) -> Reading | None:
    """Tell a record of S3, and the test that S3 sends first; ``None`` for all else."""
    if message.get("Event") == "s3:TestEvent":
        return Reading(kinds.S3_TEST)
    if message.get("eventSource") == "aws:s3" or isinstance(message.get("s3"), dict):
        return Reading(kinds.S3)
    return None
