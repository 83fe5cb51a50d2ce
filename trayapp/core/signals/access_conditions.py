"""The conditions of the rows about root and about signing in."""

from trayapp.core.facts import ActorKind, ApiCall
from trayapp.core.signals.model import HOLDS, Evidence, of_fact
from trayapp.core.signals.reading import text

_AWS_SERVICE = ".amazonaws.com"
_READING = ("Get", "List", "Describe", "Lookup", "Head", "Search", "Check", "View")


def _root_used(fact: ApiCall) -> Evidence | str:
    if fact.actor.kind is not ActorKind.ROOT:
        return "root did not call it"
    if fact.address.endswith(_AWS_SERVICE):
        # The CIS benchmark leaves these out likewise: the service does it by itself, under the account's name.
        return f"{fact.address} called it in root's name"
    if fact.action == "ConsoleLogin":
        mfa = text(fact.extra, "MFAUsed") or ("Yes" if fact.actor.mfa else "")
        return Evidence({"case": "ConsoleLogin without MFA" if mfa == "No" else "ConsoleLogin"})
    if fact.read_only or fact.action.startswith(_READING):
        return "it changes nothing"
    return Evidence({"case": "write"})


ROOT_USED = of_fact("root signs in, or changes something", _root_used)


def _no_mfa(fact: ApiCall) -> Evidence | str:
    if fact.actor.kind is not ActorKind.USER:
        return "it is no user's sign-in: roles and single sign-on ask for MFA elsewhere"
    if text(fact.response, "ConsoleLogin") not in ("Success", ""):
        return "the sign-in did not succeed"
    return HOLDS if text(fact.extra, "MFAUsed") == "No" else "MFA was used, or the record does not say"


NO_MFA = of_fact("a user signs in without MFA", _no_mfa)


def _as_root(fact: ApiCall) -> Evidence | str:
    # The events of recovery name root even where they leave the identity's type out.
    return HOLDS if fact.actor.kind not in (ActorKind.USER, ActorKind.ROLE) else "it is not about root"


ABOUT_ROOT = of_fact("it is about root", _as_root)
