"""CloudWatch's alarms, of which those about the bill say something.

Shapes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html as SNS delivers them,
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html as events. The metric:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html.
"""

import re
from collections.abc import Iterator

from trayapp.core.arns import region_of
from trayapp.core.facts import Judge, Verdict
from trayapp.core.regions import GLOBAL
from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, account, first_string, mapping, objects, string
from trayapp.inbox.reading import Reading
from trayapp.inbox.times import instant

_THE_BILL = "EstimatedCharges"
_ON = "ALARM"
_DATAPOINT = re.compile(r"datapoints? [\[(](?P<first>[0-9]{1,15}(?:\.[0-9]{1,15})?)")
"""In an alarm's reason: ``1 datapoint [21.37 (22/11/26 10:00:00)] was greater than the threshold (10.0)``."""


def read(message: JsonObject, event: Event) -> Reading | None:
    """Read an alarm's change of state; ``None`` for what is none. It is a verdict if the bill's alarm went on."""
    if "AlarmName" in message:
        name, state, arn = string(message, "AlarmName"), string(message, "NewStateValue"), string(message, "AlarmArn")
        reason, changed = string(message, "NewStateReason"), "StateChangeTime"
        state_place, metrics = message, list(_metrics(mapping(message, "Trigger")))
    elif "alarmName" in message and isinstance(message.get("state"), dict):
        state_place = mapping(message, "state")
        name, state, arn = string(message, "alarmName"), string(state_place, "value"), ""
        reason, changed = string(state_place, "reason"), "timestamp"
        metrics = list(_metrics(mapping(message, "configuration")))
    else:
        return None
    bill = next((metric for metric in metrics if _THE_BILL in (metric.get("MetricName"), metric.get("name"))), None)
    if bill is None or state != _ON:
        return Reading(kinds.CLOUDWATCH_ALARM)
    verdict = Verdict(
        judge=Judge.BILLING_ALARM,
        account_id=first_string(account(message, "AWSAccountId"), event.account_id),
        region=first_string(region_of(arn), event.region, GLOBAL),
        # An alarm goes on again and again; each time is another happening, by SNS and by EventBridge the same one.
        verdict_id=f"{name}@{string(state_place, changed)}",
        kind=_THE_BILL,
        weight=0.0,
        text=reason or name,
        happened=instant(state_place, changed) or event.happened,
        resource_type="AWS::CloudWatch::Alarm",
        resource_id=name,
        amount=_amount(reason, bill),
    )
    return Reading(kinds.CLOUDWATCH_ALARM, (verdict,))


def _metrics(watched: JsonObject) -> Iterator[JsonObject]:
    """Give every metric that an alarm watches: its only one, and those that it computes with."""
    yield watched
    for each in objects(watched, "Metrics"):
        yield mapping(mapping(each, "MetricStat"), "Metric")
    for each in objects(watched, "metrics"):
        yield mapping(mapping(each, "metricStat"), "metric")


def _amount(reason: str, bill: JsonObject) -> str:
    datapoint = _DATAPOINT.search(reason)
    currencies = [string(each, "value") for each in objects(bill, "Dimensions") if each.get("name") == "Currency"]
    currency = first_string(*currencies, string(mapping(bill, "dimensions"), "Currency"))
    return f"{datapoint['first']} {currency}".strip() if datapoint else ""
