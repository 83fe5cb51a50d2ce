"""GuardDuty's findings, those about whole sequences of attacks among them.

Shapes: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html,
https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html,
https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Sequence.html.
"""

from trayapp.core.facts import EC2_INSTANCE, IAM_USER, Judge, Verdict
from trayapp.core.language import mark
from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, account, first_string, mapping, number, objects, string
from trayapp.inbox.reading import Reading, Unreadable
from trayapp.inbox.times import instant

_DETAIL_TYPE = "GuardDuty Finding"
_RESOURCES = (
    ("instanceDetails", "instanceId", EC2_INSTANCE),
    ("eksClusterDetails", "name", "AWS::EKS::Cluster"),
    ("ecsClusterDetails", "name", "AWS::ECS::Cluster"),
    ("lambdaDetails", "functionName", "AWS::Lambda::Function"),
    ("rdsDbInstanceDetails", "dbInstanceIdentifier", "AWS::RDS::DBInstance"),
)
"""Where the thing stands that a finding is about, by which key it is known, and what AWS Config calls its type."""


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read the detail of a finding; ``None`` for what is none.

    Raises:
        Unreadable: It says that it is a finding, but not which or of what type.
    """
    by_shape = "severity" in message and "type" in message and "detectorId" in mapping(message, "service")
    if not by_shape and event.detail_type != _DETAIL_TYPE:
        return None
    if not string(message, "id") and not string(message, "type"):
        raise Unreadable(mark("it is a finding that does not say what was found"))
    return Reading(kinds.event(_DETAIL_TYPE), (_verdict(message, event),))


def _verdict(message: JsonObject, event: Event) -> Verdict:
    service = mapping(message, "service")
    key = mapping(mapping(message, "resource"), "accessKeyDetails")
    key_id, user_type = string(key, "accessKeyId"), string(key, "userType")
    user_name = string(key, "userName") if user_type == "IAMUser" else ""
    sequence = mapping(mapping(service, "detection"), "sequence")
    if sequence:
        key_id, user_name = _of_sequence(sequence)
    resource_type, resource_id = _resource(message)
    return Verdict(
        judge=Judge.GUARDDUTY,
        account_id=first_string(account(message, "accountId"), event.account_id),
        region=first_string(string(message, "region"), event.region),
        verdict_id=string(message, "id"),
        kind=string(message, "type"),
        weight=number(message, "severity"),
        text=first_string(string(message, "title"), string(message, "description")),
        happened=instant(service, "eventLastSeen") or instant(message, "updatedAt") or event.happened,
        key_id=key_id,
        resource_type=resource_type,
        resource_id=resource_id,
        user_name=user_name,
    )


def _resource(message: JsonObject) -> tuple[str, str]:
    """Find the thing that a finding is about: AWS Config's type and the id, or two empty texts."""
    resource = mapping(message, "resource")
    for place, key, resource_type in _RESOURCES:
        if found := string(mapping(resource, place), key):
            return resource_type, found
    for bucket in objects(resource, "s3BucketDetails"):
        if found := string(bucket, "name"):
            return "AWS::S3::Bucket", found
    credentials = mapping(resource, "accessKeyDetails")
    principal = string(credentials, "principalId").partition(":")[0]
    # AWS Config knows a user and a role by these; root has no such id.
    by_type = {"IAMUser": IAM_USER, "Role": "AWS::IAM::Role", "AssumedRole": "AWS::IAM::Role"}
    resource_type = by_type.get(string(credentials, "userType"), "")
    return (resource_type, principal) if resource_type and principal else ("", "")


def _of_sequence(sequence: JsonObject) -> tuple[str, str]:
    """Give the access key and the user behind a sequence; either may be empty."""
    users = [mapping(each, "user") for each in objects(sequence, "actors")]
    keys = [
        string(each, "uid")
        for each in objects(sequence, "resources")
        if string(each, "resourceType").replace("_", "").upper() == "ACCESSKEY"
    ]
    key_id = first_string(*(string(user, "credentialUid") for user in users), *keys)
    return key_id, first_string(*(string(user, "name") for user in users if string(user, "type") == "IAMUser"))
