"""Ordinary messages of the services beside AWS Config, as they write them; every builder takes what differs."""

from builders import ACCOUNT_ID, INSTANCE_ID, NOW, Json, Value, before, event, user_item, written

KEY_ID = "AKIAEXAMPLE0KEY00001"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/deploy"
INTRUDER = "203.0.113.66"

USER: Json = {
    "type": "IAMUser",
    "principalId": "AIDAEXAMPLE7USER0009",
    "arn": f"arn:aws:iam::{ACCOUNT_ID}:user/anna",
    "accountId": ACCOUNT_ID,
    "accessKeyId": KEY_ID,
    "userName": "anna",
}
ROOT: Json = {
    "type": "Root",
    "principalId": ACCOUNT_ID,
    "arn": f"arn:aws:iam::{ACCOUNT_ID}:root",
    "accountId": ACCOUNT_ID,
    "accessKeyId": "",
}
ROLE: Json = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE0ROLE0001:laptop",
    "arn": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/deploy/laptop",
    "accountId": ACCOUNT_ID,
    "accessKeyId": "ASIAEXAMPLE0KEY00002",
    "sessionContext": {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROAEXAMPLE0ROLE0001",
            "arn": ROLE_ARN,
            "accountId": ACCOUNT_ID,
            "userName": "deploy",
        },
        "attributes": {"creationDate": "2026-11-23T10:00:00Z", "mfaAuthenticated": "true"},
    },
}
SERVICE: Json = {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}

API_CALL = "AWS API Call via CloudTrail"
SIGN_IN = "AWS Console Sign In via CloudTrail"
SERVICE_EVENT = "AWS Service Event via CloudTrail"
INSTANCE_STATE = "EC2 Instance State-change Notification"
HEALTH = "AWS Health Event"
ABUSE = "AWS Health Abuse Event"
FINDING = "GuardDuty Finding"


def record(**changes: Value) -> Json:
    """Give CloudTrail's record of a user being made."""
    return {
        "eventVersion": "1.09",
        "userIdentity": USER,
        "eventTime": "2026-11-23T11:12:13Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateUser",
        "awsRegion": "us-east-1",
        "sourceIPAddress": INTRUDER,
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": {"userName": "helpdesk2"},
        "responseElements": {
            "user": {
                "path": "/",
                "userName": "helpdesk2",
                "userId": "AIDAEXAMPLE7USER0001",
                "createDate": "Nov 23, 2026 11:12:13 AM",
            }
        },
        "requestID": "3a6b2f10-1111-4222-8333-444455556666",
        "eventID": "7c9e4d20-aaaa-4bbb-8ccc-ddddeeeeffff",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT_ID,
    } | changes


def sign_in(outcome: str = "Success", **changes: Value) -> Json:
    """Give CloudTrail's record of a user signing in to the console without MFA."""
    return (
        record(
            eventSource="signin.amazonaws.com",
            eventName="ConsoleLogin",
            eventType="AwsConsoleSignIn",
            requestParameters=None,
            responseElements={"ConsoleLogin": outcome},
            additionalEventData={"LoginTo": "https://console.aws.amazon.com/console/home", "MFAUsed": "No"},
        )
        | changes
    )


def service_event(**changes: Value) -> Json:
    """Give CloudTrail's record of a service rotating a key by itself."""
    return (
        record(
            userIdentity={"accountId": ACCOUNT_ID, "invokedBy": "AWS Internal"},
            eventSource="kms.amazonaws.com",
            eventName="RotateKey",
            eventType="AwsServiceEvent",
            requestParameters=None,
            responseElements=None,
            serviceEventDetails={"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"},
        )
        | changes
    )


def called(detail: Json, detail_type: str = API_CALL) -> Json:
    """Give the event of EventBridge that carries a record."""
    return event(detail, **{"detail-type": detail_type, "source": "aws.iam"})


def instance_state(state: str = "running", **changes: Value) -> Json:
    """Give the event of an instance that changed its state."""
    detail = {"instance-id": INSTANCE_ID, "state": state} | changes
    return event(detail, **{"detail-type": INSTANCE_STATE, "source": "aws.ec2", "region": "eu-north-1"})


def health(**changes: Value) -> Json:
    """Give AWS Health's event of a key that was found in public."""
    detail = {
        "eventArn": "arn:aws:health:us-east-1::event/RISK/AWS_RISK_CREDENTIALS_EXPOSED/EXAMPLE-1",
        "service": "RISK",
        "eventTypeCode": "AWS_RISK_CREDENTIALS_EXPOSED",
        "eventTypeCategory": "issue",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
        "communicationId": "example-1",
        "startTime": "Mon, 23 Nov 2026 11:10:09 GMT",
        "statusCode": "open",
        "eventRegion": "global",
        "eventDescription": [
            {"language": "de_DE", "latestDescription": "Ein Schl\N{LATIN SMALL LETTER U WITH DIAERESIS}ssel"},
            {"language": "en_US", "latestDescription": "Your key was found in public."},
        ],
        "affectedEntities": [{"entityValue": KEY_ID, "status": "IMPAIRED"}],
        "affectedAccount": ACCOUNT_ID,
        "page": "1",
        "totalPages": "1",
    } | changes
    return event(detail, **{"detail-type": HEALTH, "source": "aws.health", "account": "999999999999"})


def abuse() -> Json:
    """Give AWS Health's event of an instance that others complain about."""
    event_of_abuse = health(
        eventArn="arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_EXAMPLE",
        service="ABUSE",
        eventTypeCode="AWS_ABUSE_DOS_REPORT",
        eventRegion="us-west-2",
        affectedEntities=[{"entityValue": f"arn:aws:ec2:us-west-2:{ACCOUNT_ID}:instance/{INSTANCE_ID}"}],
    )
    return event_of_abuse | {"detail-type": ABUSE}


def finding_of_guardduty(**changes: Value) -> Json:
    """Give GuardDuty's finding about a user's key."""
    detail = {
        "schemaVersion": "2.0",
        "accountId": ACCOUNT_ID,
        "region": "eu-west-1",
        "partition": "aws",
        "id": "e0c1example0finding0000000000001",
        "arn": f"arn:aws:guardduty:eu-west-1:{ACCOUNT_ID}:detector/example/finding/e0c1",
        "type": "UnauthorizedAccess:IAMUser/TorIPCaller",
        "resource": {
            "resourceType": "AccessKey",
            "accessKeyDetails": {
                "accessKeyId": KEY_ID,
                "principalId": "AIDAEXAMPLE7USER0009",
                "userType": "IAMUser",
                "userName": "anna",
            },
        },
        "service": {
            "serviceName": "guardduty",
            "detectorId": "example",
            "eventFirstSeen": "2026-11-23T11:00:00.000Z",
            "eventLastSeen": "2026-11-23T11:12:13.000Z",
            "archived": False,
            "count": 3,
        },
        "severity": 5.3,
        "createdAt": "2026-11-23T11:05:00.000Z",
        "updatedAt": "2026-11-23T11:13:00.000Z",
        "title": "An API was called from a Tor exit node.",
        "description": "The API ListUsers was called from the Tor exit node 203.0.113.66.",
    } | changes
    return event(detail, **{"detail-type": FINDING, "source": "aws.guardduty"})


def attack_sequence() -> Json:
    """Give GuardDuty's finding about a sequence of attacks."""
    sequence = {
        "uid": "example",
        "description": "A sequence of actions with a user's key.",
        "actors": [
            {"id": "service", "user": {"name": "Auto Scaling", "type": "AWSService"}},
            {"id": "user:anna", "user": {"name": "anna", "uid": "AIDAEXAMPLE7USER0009", "type": "IAMUser"}},
        ],
        "resources": [
            {"uid": "arn:aws:s3:::example", "resourceType": "S3_BUCKET"},
            {"uid": KEY_ID, "name": KEY_ID, "resourceType": "ACCESS_KEY", "data": {"accessKey": {"userName": "anna"}}},
        ],
        "signals": [{"uid": "1", "type": "FINDING"}],
    }
    return finding_of_guardduty(
        type="AttackSequence:IAM/CompromisedCredentials",
        severity=9,
        title="Potential credential compromise of anna indicated by a sequence of actions.",
        resource={"resourceType": "AttackSequence"},
        service={"serviceName": "guardduty", "detectorId": "example", "detection": {"sequence": sequence}},
    )


def anomaly(**changes: Value) -> Json:
    """Give Cost Anomaly Detection's message about an hour of machines in a Region that had none."""
    return {
        "accountId": ACCOUNT_ID,
        "accountName": "home",
        "anomalyStartDate": "2026-11-22T00:00:00Z",
        "anomalyEndDate": "2026-11-23T00:00:00Z",
        "anomalyId": "11112222-aaaa-bbbb-cccc-333344445555",
        "dimensionalValue": "Amazon Elastic Compute Cloud - Compute",
        "monitorArn": f"arn:aws:ce::{ACCOUNT_ID}:anomalymonitor/11112222-aaaa-bbbb-cccc-999999999999",
        "monitorName": "services",
        "monitorType": "DIMENSIONAL",
        "anomalyScore": {"maxScore": 0.67, "currentScore": 0.51},
        "impact": {"maxImpact": 1203.45, "totalActualSpend": 1213.4, "totalExpectedSpend": 1.2, "totalImpact": 1212.2},
        "rootCauses": [
            {"service": "Amazon Elastic Compute Cloud - Compute", "region": "ap-east-1", "linkedAccount": ACCOUNT_ID},
            {"service": "Amazon Elastic Compute Cloud - Compute", "region": "ap-east-1", "usageType": "APE1-BoxUsage"},
        ],
        "anomalyDetailsLink": "https://console.aws.amazon.com/cost-management/home",
        "subscriptionId": "11112222-aaaa-bbbb-cccc-000000000000",
        "subscriptionName": "at once",
    } | changes


def alarm(**changes: Value) -> Json:
    """Give CloudWatch's message, by SNS, of an alarm about the bill that went on."""
    return {
        "AlarmName": "bill above ten dollars",
        "AlarmDescription": None,
        "AWSAccountId": ACCOUNT_ID,
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed: 1 datapoint [21.37 (23/11/26 05:12:00)] was greater than the threshold "
        "(10.0).",
        "StateChangeTime": "2026-11-23T11:12:13.456+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": f"arn:aws:cloudwatch:us-east-1:{ACCOUNT_ID}:alarm:bill above ten dollars",
        "OldStateValue": "OK",
        "Trigger": {
            "MetricName": "EstimatedCharges",
            "Namespace": "AWS/Billing",
            "StatisticType": "Statistic",
            "Statistic": "MAXIMUM",
            "Dimensions": [{"value": "USD", "name": "Currency"}],
            "Period": 21600,
            "Threshold": 10.0,
        },
    } | changes


def alarm_event(**changes: Value) -> Json:
    """Give CloudWatch's event of an alarm about the bill that went on."""
    metric = {"namespace": "AWS/Billing", "name": "EstimatedCharges", "dimensions": {"Currency": "USD"}}
    detail = {
        "alarmName": "bill above ten dollars",
        "state": {
            "value": "ALARM",
            "reason": "Threshold Crossed: 1 out of the last 1 datapoints [21.37 (23/11/26 05:12:00)] was greater than "
            "the threshold (10.0).",
            "timestamp": "2026-11-23T11:12:13.456+0000",
        },
        "previousState": {"value": "OK"},
        "configuration": {"metrics": [{"id": "m1", "metricStat": {"metric": metric, "period": 21600}}]},
    } | changes
    return event(detail, **{"detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch"})


BUDGET = f"""AWS Budget Notification November 23, 2026
AWS Account {ACCOUNT_ID}

Dear AWS Customer,

You requested that we alert you when the ACTUAL Cost associated with your {{pocket money}} budget is greater than \
$8.00 for the current month. The ACTUAL Cost associated with this budget is $10.23. You can find additional details \
below and by accessing the AWS Budgets dashboard [1].

Budget Name: {{pocket money}}
Budget Type: Cost
Budgeted Amount: $10.00
Alert Type: ACTUAL
Alert Threshold: > $8.00
ACTUAL Amount: $10.23

[1] https://console.aws.amazon.com/billing/home#/budgets
"""
"""The text of AWS Budgets, about a budget with a name that looks like the beginning of JSON."""

S3_RECORD: Json = {
    "eventVersion": "2.1",
    "eventSource": "aws:s3",
    "awsRegion": "us-east-2",
    "eventName": "ObjectCreated:Put",
    "s3": {"bucket": {"name": "example"}, "object": {"key": "a", "size": 1}},
}
S3_TEST: Json = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "example"}


def heartbeat() -> Json:
    """Give the event of a rule that runs by the clock."""
    return event({}, **{"detail-type": "Scheduled Event", "source": "aws.events"})


def deleted(**changes: Value) -> Json:
    """Give the item of a user who is gone, as AWS Config leaves it."""
    return (
        user_item(
            configurationItemStatus="ResourceDeleted",
            resourceName=None,
            ARN=None,
            availabilityZone=None,
            resourceCreationTime=None,
            configuration=None,
            tags={},
            configurationItemCaptureTime=written(before(minutes=1)),
        )
        | {"configurationStateId": int(NOW.timestamp() * 1000)}
        | changes
    )


def was(value: object) -> Json:
    """Give the difference of a property that is gone."""
    return {"previousValue": value, "updatedValue": None, "changeType": "DELETE"}
