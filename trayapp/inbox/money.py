"""What AWS says of money: Cost Anomaly Detection and AWS Budgets. Both speak of dollars alone.

Shapes: https://docs.aws.amazon.com/cost-management/latest/userguide/cad-eventbridge.html for the anomaly, which SNS
delivers without the event around it. AWS Budgets' text is documented nowhere; it is read as it really comes.
"""

import re

from trayapp.core.facts import Judge, Verdict
from trayapp.core.regions import GLOBAL, is_region
from trayapp.inbox import kinds
from trayapp.inbox.event import Event
from trayapp.inbox.jsonlike import JsonObject, account, encodable, first_string, mapping, number, objects, string
from trayapp.inbox.reading import Reading
from trayapp.inbox.times import instant

_LIKELY_MOST = 1e12

_BUDGET = re.compile(r"\s*AWS Budget Notification\b(?P<date>[^\r\n]{0,100})")
_ACCOUNT = re.compile(r"^AWS Account (?P<number>[0-9]{12})\s*$", re.MULTILINE)
_LINE = re.compile(r"^(?P<key>[A-Za-z ]{1,40}): *(?P<value>[^\r\n]{1,500})", re.MULTILINE)
_REQUEST = re.compile(r"^You requested that we alert you (?:[^.\r\n]|\.(?! )){1,500}\.", re.MULTILINE)


def read_anomaly(message: JsonObject, event: Event) -> Reading | None:
    """Read a cost anomaly; ``None`` for what is none."""
    if "anomalyId" not in message or not {"impact", "rootCauses"} & message.keys():
        return None
    impact = number(mapping(message, "impact"), "totalImpact")
    causes = list(objects(message, "rootCauses"))
    regions = {region for cause in causes if is_region(region := string(cause, "region"))}
    verdict = Verdict(
        judge=Judge.COST_ANOMALY,
        account_id=first_string(account(message, "accountId"), event.account_id),
        region=regions.pop() if len(regions) == 1 else GLOBAL,
        verdict_id=string(message, "anomalyId"),
        kind=string(message, "monitorType"),
        weight=0.0,
        text=first_string(string(message, "dimensionalValue"), *(string(cause, "service") for cause in causes)),
        happened=instant(message, "anomalyStartDate") or event.happened,
        amount=f"${impact:,.2f}" if 0 < impact < _LIKELY_MOST else "",
    )
    return Reading(kinds.COST_ANOMALY, (verdict,))


def read_budget(text: str, event: Event) -> Reading | None:
    """Read AWS Budgets' plain text; ``None`` for what is none.

    It has no id of its own: the same budget may cross the same threshold again in the next period, so its date is
    part of the one that it gets.
    """
    beginning = _BUDGET.match(text)
    if beginning is None:
        return None
    text = encodable(text)
    lines = {match["key"]: match["value"].strip() for match in reversed(list(_LINE.finditer(text)))}
    name, alert = lines.get("Budget Name", ""), lines.get("Alert Type", "")
    if not name:
        return None
    date = encodable(beginning["date"]).strip()
    number_of_account, request = _ACCOUNT.search(text), _REQUEST.search(text)
    verdict = Verdict(
        judge=Judge.BUDGET,
        account_id=number_of_account["number"] if number_of_account else event.account_id,
        region=GLOBAL,
        verdict_id="/".join((name, alert, lines.get("Alert Threshold", ""), date)),
        kind=alert,
        weight=0.0,
        text=request[0] if request else name,
        happened=event.happened,
        resource_type="AWS::Budgets::Budget",
        resource_id=name,
        amount=lines.get(f"{alert} Amount", ""),
    )
    return Reading(kinds.BUDGET, (verdict,))
