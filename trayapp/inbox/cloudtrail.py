"""CloudTrail's records of calls, of sign-ins to the console, and of what services do by themselves.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html,
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html.
"""

from trayapp.core.facts import ApiCall
from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.actor import actor
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, account, embedded, first_string, pure, string, truth
from trayapp.inbox.reading import Reading, Unreadable
from trayapp.inbox.times import instant

_DETAIL_TYPES = (
    "AWS API Call via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Service Event via CloudTrail",
)
_FAILURE = "Failure"


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read a record; ``None`` for what is none.

    Raises:
        Unreadable: It says that somebody called, but not what.
    """
    source, action = string(message, "eventSource"), string(message, "eventName")
    # The records of S3 and other services in Lambda's form have the same keys, but say "aws:s3".
    is_record = bool(source and action) and not source.startswith("aws:")
    if not is_record:
        if event.detail_type not in _DETAIL_TYPES:
            return None
        raise Unreadable(mark("it tells of a call but not of which"))
    kind = kinds.event(event.detail_type) if event.detail_type else kinds.CLOUDTRAIL
    return Reading(kind, (_call(message, source, action, event),))


def _call(record: JsonObject, source: str, action: str, event: Event) -> ApiCall:
    who = actor(record)
    response = embedded(record, "responseElements")
    # Sign-ins, and what else the sign-in page does, answer {"ConsoleLogin": "Failure"} and have no error's code.
    failed = _FAILURE if string(response, action) == _FAILURE else ""
    return ApiCall(
        account_id=first_string(account(record, "recipientAccountId"), event.account_id, who.account_id),
        region=first_string(string(record, "awsRegion"), event.region),
        service=source.partition(".")[0],
        action=action,
        happened=instant(record, "eventTime") or event.happened,
        event_id=string(record, "eventID"),
        actor=who,
        address=string(record, "sourceIPAddress"),
        agent=string(record, "userAgent"),
        error=first_string(string(record, "errorCode"), failed),
        request=pure(embedded(record, "requestParameters")),
        response=pure(response),
        # What a service did by itself stands here, such as the key that it rotated.
        extra=pure(embedded(record, "serviceEventDetails") | embedded(record, "additionalEventData")),
        read_only=truth(record, "readOnly") is True,
    )
