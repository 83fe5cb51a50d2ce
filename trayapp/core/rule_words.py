"""A rule that is offered, in words: what it would keep quiet, until when, and what it would have done."""

import re
from datetime import date, datetime

from trayapp.core.language import mark, say
from trayapp.core.offering import By, Offer, Trial
from trayapp.core.text import grouped_account, name, quoted

CRITICAL_STAYS = mark("What is critical is told all the same.")
IDENTITY_STAYS = mark("What is critical is told all the same, and so is whatever happens to users, roles and keys.")

_LONG = 200

_MUTED = re.compile(r"muted by your rule: (.*?), (?:forever|until ([0-9: +-]+))( \(.*\))?", re.DOTALL)
"""As ``Mute.says`` has it: what is kept in the store stays in English."""
_UNWATCHED = re.compile(r"muted by your rule: (\S+) is not among the watched types")

_SENTENCES = {
    # By what it goes, whether it names a signal, and whether it holds in one account alone.
    (By.STACK, False, True): mark("Keeps quiet whatever belongs to the stack {what} in account {account}."),
    (By.STACK, False, False): mark("Keeps quiet whatever belongs to the stack {what}."),
    (By.TAG, False, True): mark("Keeps quiet whatever has the tag {what} in account {account}."),
    (By.TAG, False, False): mark("Keeps quiet whatever has the tag {what}."),
    (By.ACTOR, True, True): mark("Keeps quiet the signal {signal} where {what} causes it in account {account}."),
    (By.ACTOR, True, False): mark("Keeps quiet the signal {signal} where {what} causes it."),
    (By.ACTOR, False, True): mark("Keeps quiet whatever {what} does in account {account}."),
    (By.ACTOR, False, False): mark("Keeps quiet whatever {what} does."),
}


def sentence(offer: Offer) -> str:
    """Say what a rule keeps quiet."""
    rule = offer.rule
    said = _SENTENCES[offer.by, bool(rule.signal), bool(rule.account)]
    account = grouped_account(rule.account)
    return say(said, what=quoted(offer.value, _LONG), signal=name(rule.signal), account=account)


def exception(offer: Offer) -> str:
    """Say what a rule does not keep quiet although it may look so."""
    return say(CRITICAL_STAYS if offer.rule.signal else IDENTITY_STAYS)


def ending(until: date | None) -> str:
    """Say until when a rule holds."""
    if until is None:
        return say("It holds for good.")
    if isinstance(until, datetime):
        return say("It holds until {until}.", until=f"{until:%Y-%m-%d %H:%M}")
    return say("It holds until the end of {day}.", day=until.isoformat())


def trial(tried: Trial) -> str:
    """Say what a rule would have done."""
    return say(
        "Of the alerts of the last 30 days it would have kept quiet: {quiet} of {told}.",
        quiet=tried.quiet,
        told=tried.told,
    )


def muted(kept: str) -> str:
    """Say by what something is muted.

    Args:
        kept: What is kept of it, which is in English; what was kept otherwise, stays as it is.
    """
    if unwatched := _UNWATCHED.fullmatch(kept):
        return say("muted by your rule: {type} is not among the watched types", type=unwatched[1])
    found = _MUTED.fullmatch(kept)
    if found is None:
        return kept
    rule, until, reason = found[1], found[2], found[3] or ""
    if until is None:
        return say("muted by your rule: {rule}, forever", rule=rule) + reason
    return say("muted by your rule: {rule}, until {until}", rule=rule, until=until) + reason
