"""A rule that is offered, in words: what it would keep quiet, until when, and what it would have done."""

from datetime import date, datetime

from trayapp.core.offering import By, Offer, Trial
from trayapp.core.text import grouped_account, name, quoted

CRITICAL_STAYS = "What is critical is told all the same."
IDENTITY_STAYS = "What is critical is told all the same, and so is whatever happens to users, roles and keys."

_LONG = 200


_SENTENCES = {
    # By what it goes, whether it names a signal, and whether it holds in one account alone.
    (By.STACK, False, True): "Keeps quiet whatever belongs to the stack {what} in account {account}.",
    (By.STACK, False, False): "Keeps quiet whatever belongs to the stack {what}.",
    (By.TAG, False, True): "Keeps quiet whatever has the tag {what} in account {account}.",
    (By.TAG, False, False): "Keeps quiet whatever has the tag {what}.",
    (By.ACTOR, True, True): "Keeps quiet the signal {signal} where {what} causes it in account {account}.",
    (By.ACTOR, True, False): "Keeps quiet the signal {signal} where {what} causes it.",
    (By.ACTOR, False, True): "Keeps quiet whatever {what} does in account {account}.",
    (By.ACTOR, False, False): "Keeps quiet whatever {what} does.",
}


def sentence(offer: Offer) -> str:
    """Say what a rule keeps quiet."""
    rule = offer.rule
    said = _SENTENCES[offer.by, bool(rule.signal), bool(rule.account)]
    return said.format(what=quoted(offer.value, _LONG), signal=name(rule.signal), account=grouped_account(rule.account))


def exception(offer: Offer) -> str:
    """Say what a rule does not keep quiet although it may look so."""
    return CRITICAL_STAYS if offer.rule.signal else IDENTITY_STAYS


def ending(until: date | None) -> str:
    """Say until when a rule holds."""
    if until is None:
        return "It holds for good."
    if isinstance(until, datetime):
        return f"It holds until {until:%Y-%m-%d %H:%M}."
    return f"It holds until the end of {until:%Y-%m-%d}."


def trial(tried: Trial) -> str:
    """Say what a rule would have done."""
    return f"Of the alerts of the last 30 days it would have kept quiet: {tried.quiet} of {tried.told}."
