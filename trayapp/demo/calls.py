"""Calls as CloudTrail records them and EventBridge hands them on: who did what, within a minute.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html and
https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from trayapp.demo.identifiers import ACCOUNT, Identifiers
from trayapp.demo.messages import JsonObject

DETAIL_TYPE = "AWS API Call via CloudTrail"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of EventBridge.

    Attributes:
        id: Its id.
        source: Who it is from, such as ``aws.iam``.
        region: The Region's code.
        happened: When, aware; EventBridge knows seconds.
        detail: CloudTrail's record.
    """

    id: str
    source: str
    region: str
    happened: datetime
    detail: JsonObject

    @property
    def message(self) -> str:
        """The whole event as EventBridge writes it into a queue, with nothing around it: JSON text."""
        return json.dumps(
            {
                "version": "0",
                "id": self.id,
                "detail-type": DETAIL_TYPE,
                "source": self.source,
                "account": ACCOUNT,
                "time": _second(self.happened),
                "region": self.region,
                "resources": [],
                "detail": self.detail,
            },
            separators=(",", ":"),
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """A user at work with one of their access keys.

    Attributes:
        identifiers: Where the ids come from.
        name: The user's name.
        key_id: The access key's id.
        address: Where the calls come from.
        agent: What the calls are made with.
    """

    identifiers: Identifiers
    name: str
    key_id: str
    address: str
    agent: str

    def calls(
        self,
        service: str,
        action: str,
        when: datetime,
        *,
        asked: JsonObject,
        answered: JsonObject | None = None,
        region: str = "us-east-1",
    ) -> Event:
        """Make a call that succeeds.

        Args:
            service: The service as it stands in its address, such as ``iam``.
            action: The call.
            when: The time of the call.
            asked: The request's parameters.
            answered: The response's elements; ``None`` for a call that answers nothing.
            region: The Region called; IAM is in ``us-east-1``.
        """
        label = f"{action} {when.isoformat()} {json.dumps(asked, sort_keys=True)}"
        host = f"{service}.amazonaws.com"
        record: JsonObject = {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "IAMUser",
                "principalId": self.identifiers.iam("AIDA", self.name),
                "arn": f"arn:aws:iam::{ACCOUNT}:user/{self.name}",
                "accountId": ACCOUNT,
                "accessKeyId": self.key_id,
                "userName": self.name,
            },
            "eventTime": _second(when),
            "eventSource": host,
            "eventName": action,
            "awsRegion": region,
            "sourceIPAddress": self.address,
            "userAgent": self.agent,
            "requestParameters": asked,
            "responseElements": answered,
            "requestID": self.identifiers.uuid(f"request {label}"),
            "eventID": self.identifiers.uuid(f"record {label}"),
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
            "tlsDetails": {
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": host if service == "iam" else f"{service}.{region}.amazonaws.com",
            },
        }
        return Event(self.identifiers.uuid(f"event {label}"), f"aws.{service}", region, when, record)


def _second(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
