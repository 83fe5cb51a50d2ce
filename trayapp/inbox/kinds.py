"""The kinds of messages: short stable names by which messages are counted.

===================================  ==========================================================  ==================
kind                                 what it is                                                  facts
===================================  ==========================================================  ==================
``config:<messageType>``             AWS Config's notification of that type, also in an event    changed resources
``cloudtrail``                       a record of CloudTrail by itself, or a file of them         calls
``event:<detail-type>``              an event of EventBridge that has no row of its own          see below
``heartbeat``                        a scheduled event of EventBridge                            none
``cost-anomaly``                     from Cost Anomaly Detection, by SNS or as an event          a verdict
``budget``                           AWS Budgets' text                                           a verdict
``cloudwatch-alarm``                 an alarm's new state, by SNS or as an event                 a verdict on bills
``s3``                               an event of Amazon S3                                       none
``s3-test``                          what Amazon S3 sends when its notifications are set up      none
``sns:SubscriptionConfirmation``     SNS asks whether the queue wants a topic; never answered    none
``sns:UnsubscribeConfirmation``      SNS says that the queue has left a topic; never answered    none
``records``                          ``Records`` of another service, of several kinds, of none   of those read
``text``                             plain text, such as a test from the console of SNS or SQS   none
``other``                            an object of JSON of a shape that none of these has         none
``forged``                           it says that it is from SNS, and is not                     none
``unreadable``                       it cannot be read; the reading says why                     of those read
===================================  ==========================================================  ==================

Of the events, these say something:

==========================================  =====================
detail-type                                 facts
==========================================  =====================
``AWS API Call via CloudTrail``             a call
``AWS Console Sign In via CloudTrail``      a call
``AWS Service Event via CloudTrail``        a call
``EC2 Instance State-change Notification``  an instance's state
``GuardDuty Finding``                       a verdict
``AWS Health Event``                        a verdict per entity
``AWS Health Abuse Event``                  a verdict per entity
==========================================  =====================

The detail of one of these that came without its event is counted under its detail-type all the same, but a record of
CloudTrail as ``cloudtrail``.
"""

from trayapp.core.text import clean

CLOUDTRAIL = "cloudtrail"
HEARTBEAT = "heartbeat"
COST_ANOMALY = "cost-anomaly"
BUDGET = "budget"
CLOUDWATCH_ALARM = "cloudwatch-alarm"
S3 = "s3"
S3_TEST = "s3-test"
RECORDS = "records"
TEXT = "text"
OTHER = "other"
FORGED = "forged"
UNREADABLE = "unreadable"

_LONGEST = 80


def config(message_type: str) -> str:
    """Name the kind of a notification of AWS Config."""
    return _short(f"config:{message_type}")


def event(detail_type: str) -> str:
    """Name the kind of an event of EventBridge."""
    return _short(f"event:{detail_type}")


def sns(message_type: str) -> str:
    """Name the kind of a message of Amazon SNS's own."""
    return _short(f"sns:{message_type}")


def _short(name: str) -> str:
    return clean(name)[:_LONGEST]
