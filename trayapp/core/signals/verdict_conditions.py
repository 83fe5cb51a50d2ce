"""The conditions of the rows about what AWS itself says."""

from trayapp.core.facts import Verdict
from trayapp.core.finding import Certainty
from trayapp.core.severity import Severity
from trayapp.core.signals.model import Evidence, of_fact

EXPOSED_KEY_CODES = {
    "AWS_RISK_CREDENTIALS_EXPOSED": "exposed",
    "AWS_RISK_CREDENTIALS_EXPOSURE_SUSPECTED": "suspected",
    "AWS_RISK_CREDENTIALS_COMPROMISED": "compromised",
    "AWS_RISK_CREDENTIALS_COMPROMISE_SUSPECTED": "suspected",
    "AWS_RISK_IAM_QUARANTINE": "quarantine",
}
"""The codes of AWS Health about keys, and how each is spoken.
https://github.com/aws-samples/notify-and-remediate-exposed-access-key"""

_CRITICAL_FROM, _HIGH_FROM, _MEDIUM_FROM = 9.0, 7.0, 4.0


def guardduty_severity(weight: float) -> Severity:
    """Give our level for GuardDuty's: critical 9.0 to 10.0, high 7.0 to 8.9, medium 4.0 to 6.9, low 1.0 to 3.9.

    https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html
    """
    if weight >= _CRITICAL_FROM:
        return Severity.CRITICAL
    if weight >= _HIGH_FROM:
        return Severity.HIGH
    return Severity.MEDIUM if weight >= _MEDIUM_FROM else Severity.LOW


def _key_exposed(fact: Verdict) -> Evidence | str:
    case = EXPOSED_KEY_CODES.get(fact.kind)
    if case is None:
        return f"AWS Health's {fact.kind or 'message'} is not about an exposed key"
    # Five codes may come for one key, as AWS grows surer; each is told.
    links = (f"key:{fact.key_id}",) if fact.key_id else ()
    return Evidence(
        {"case": case, "key": fact.key_id[-6:]}, certainty=Certainty.AWS_SAYS, key=(fact.kind, fact.key_id), links=links
    )


def _abuse(fact: Verdict) -> Evidence | str:
    return Evidence({"kind": fact.kind, "text": fact.text}, certainty=Certainty.AWS_SAYS)


def _guardduty(fact: Verdict) -> Evidence | str:
    links = (f"key:{fact.key_id}",) if fact.key_id else ()
    return Evidence(
        {"kind": fact.kind, "text": fact.text or fact.kind},
        guardduty_severity(fact.weight),
        Certainty.AWS_SAYS,
        links=links,
    )


def _cost(fact: Verdict) -> Evidence | str:
    details = {"amount": fact.amount, "text": fact.text, "case": fact.judge.value if fact.amount else ""}
    return Evidence(details, certainty=Certainty.AWS_SAYS)


KEY_EXPOSED = of_fact("it is about an exposed key", _key_exposed)
ABUSE = of_fact("any", _abuse)
GUARDDUTY = of_fact("as heavy as GuardDuty says", _guardduty)
COST = of_fact("any", _cost)
