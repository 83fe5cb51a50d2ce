"""The conditions of the rows about the account and its bill."""

from trayapp.core.facts import ApiCall
from trayapp.core.severity import Severity
from trayapp.core.signals.model import Condition, Evidence, of_fact
from trayapp.core.signals.reading import text


def _budget_touched(fact: ApiCall) -> Evidence:
    return Evidence(severity=None if fact.action.startswith("Delete") else Severity.MEDIUM)


BUDGET_TOUCHED = of_fact("lighter when it is only changed", _budget_touched)


def _what_was_asked(*keys: str) -> Condition[ApiCall]:
    def check(fact: ApiCall) -> Evidence | str:
        return Evidence({"what": next((found for key in keys if (found := text(fact.request, key))), "")})

    return of_fact("whatever it is for", check)


QUOTA_ASKED = _what_was_asked("serviceCode")
SPEND_ASKED = _what_was_asked("emailIdentity", "emailAddress", "domain", "modelId")
ACCOUNT_ASKED = _what_was_asked("regionName", "alternateContactType")
