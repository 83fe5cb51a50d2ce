"""The rows about what AWS itself says."""

from trayapp.core.facts import Judge
from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import verdict_conditions as conditions
from trayapp.core.signals.looks import verdict
from trayapp.core.signals.model import SameBy, Signal, says

AWS_SAYS = (
    Signal(
        id="aws-key-exposed",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        verdicts=(verdict(Judge.HEALTH, conditions.KEY_EXPOSED),),
        same_by=SameBy.VERDICT,
        says=says(
            {
                "exposed": "AWS says access key …{key} is public",
                "suspected": "AWS suspects that access key …{key} is in wrong hands",
                "compromised": "AWS says access key …{key} is in wrong hands",
                "quarantine": "AWS has limited a user: access key …{key} is exposed",
            }
        ),
        source="https://github.com/aws-samples/notify-and-remediate-exposed-access-key",
    ),
    Signal(
        id="aws-abuse",
        theme=Theme.GUARD,
        severity=Severity.HIGH,
        verdicts=(verdict(Judge.ABUSE, conditions.ABUSE),),
        same_by=SameBy.VERDICT,
        says=says("AWS reports abuse coming from this account"),
        source="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html",
    ),
    Signal(
        id="aws-guardduty",
        theme=Theme.GUARD,
        # As GuardDuty says.
        severity=Severity.MEDIUM,
        verdicts=(verdict(Judge.GUARDDUTY, conditions.GUARDDUTY),),
        same_by=SameBy.VERDICT,
        says=says("GuardDuty says: {text}"),
        source="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html",
    ),
    Signal(
        id="aws-cost",
        theme=Theme.MONEY,
        severity=Severity.HIGH,
        verdicts=(verdict((Judge.COST_ANOMALY, Judge.BUDGET, Judge.BILLING_ALARM), conditions.COST),),
        same_by=SameBy.VERDICT,
        says=says(
            {
                Judge.COST_ANOMALY.value: "AWS says spending is unusual: {amount}",
                Judge.BUDGET.value: "A budget is used up: {amount}",
                Judge.BILLING_ALARM.value: "The bill has passed your limit: {amount}",
                "": "AWS warns of costs: {text}",
            }
        ),
        source="https://docs.aws.amazon.com/cost-management/latest/userguide/cad-sns.html",
    ),
)
"""The rows in which AWS judges by itself, or counts money."""
