"""The sentences trayapp speaks about alerts, for a person who may read them at night on a small popup."""

from datetime import datetime

from trayapp.core.alerts import Alert, Certainty, Finding, Signal
from trayapp.core.clock import Clock
from trayapp.core.regions import GLOBAL, spoken
from trayapp.core.text import grouped_account, name, quoted


def title(finding: Finding) -> str:
    """Say what happened, in one line that is enough to decide whether to get up."""
    new = finding.certainty is Certainty.NEW
    match finding.signal:
        case Signal.IAM_USER_NEW:
            who = quoted(finding.resource_name or finding.resource_id)
            return f"New user {who}" if new else f"User {who}, seen for the first time"
        case Signal.EC2_NEW:
            what = f"instance {name(finding.size, 24)}".rstrip()
            where = "" if finding.region in ("", GLOBAL) else f" in {spoken(name(finding.region, 24))}"
            return f"New {what}{where}" if new else f"Instance{what[8:]}{where}, seen for the first time"


def body(alert: Alert, label: str, clock: Clock) -> str:
    """Say which account, which resource, by whom and when."""
    finding = alert.finding
    parts = [name(label), grouped_account(finding.account_id)]
    match finding.signal:
        case Signal.IAM_USER_NEW:
            parts += ["AWS Config does not say by whom", _made("made", alert, clock)]
        case Signal.EC2_NEW:
            parts += [_tag(finding.resource_name), name(finding.resource_id, 14), name(finding.region, 24)]
            parts.append(_made("started", alert, clock))
    return " · ".join(dict.fromkeys(part for part in parts if part))


def line(alert: Alert, label: str, clock: Clock) -> str:
    """Say title and account in one short line, for a menu or a list."""
    return f"{title(alert.finding)} · {name(label, 20)} · {clock.moment(alert.finding.happened or alert.created)}"


def _tag(text: str) -> str:
    return quoted(text, 24) if text else ""


def _made(verb: str, alert: Alert, clock: Clock) -> str:
    if alert.finding.happened is None:
        return f"AWS does not say since when; told {_when(alert.created, clock)}"
    return f"{verb} {_when(alert.finding.happened, clock)}"


def _when(then: datetime, clock: Clock) -> str:
    ago = clock.ago(then)
    return f"{clock.moment(then)}, {ago}" if ago else clock.moment(then)
