"""Keeping quiet from now on what is like an alert: the rule is shown, and made once its owner agrees."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from trayapp.cli.common import Refused, ask_tray, clock, settings
from trayapp.cli.history import pages
from trayapp.cli.marks import fit
from trayapp.cli.parameters import End
from trayapp.cli.terminal import progress
from trayapp.core import rule_words
from trayapp.core.incidents import Incident
from trayapp.core.language import listed, say
from trayapp.core.offering import By, Offer, Trial, covering, offers, reason_of, refusal, tried_on
from trayapp.review.rule_lines import rule_lines
from trayapp.settings import Paths, SettingsError
from trayapp.settings.edit import add_mute
from trayapp.store import Store

_USUAL = timedelta(days=30)


def make_rule(store: Store, number: int, meant: tuple[By, str], end: End | None, note: str, *, ask: bool) -> None:
    """Show a rule that keeps quiet what is like an alert, and make it.

    Args:
        store: Knows the alert.
        number: The alert's number; it is there.
        meant: What the rule goes by, and of several tags which.
        end: When it ends, ``None`` for the usual.
        note: Why, for its owner.
        ask: Ask before it is made.

    Raises:
        Refused: There is no such rule to make, nobody can be asked, or it cannot be written.
        click.Abort: Its owner does not agree.
    """
    paths, moment = Paths.platform(), clock()
    incident = store.incident(number)
    if incident is None:
        raise Refused(say("There is no alert {number}. See: trayapp alerts", number=number))
    known = covering(settings(paths).policy.mutes, incident, moment.localise(moment.now))
    if known is not None:
        raise Refused(
            say(
                "There is such a rule already, and what is like this alert is {muted}.",
                muted=rule_words.muted(known.says),
            )
        )
    offer = _chosen(incident, *meant)
    until = end.until if end else moment.localise(moment.now + _USUAL).date()
    offer = replace(offer, rule=replace(offer.rule, until=until, reason=reason_of(note)))
    for line in _lines(offer, _tried(store, offer), paths.settings):
        click.echo(fit(line, sys.stdout))
    if ask:
        if not sys.stdin.isatty():
            raise Refused(say("No rule is made: say --yes where nobody can be asked."))
        click.confirm(say("Make this rule?"), abort=True)
    try:
        add_mute(paths.settings, offer.rule)
    except SettingsError as error:
        raise Refused(error) from None
    running = ask_tray(paths, "reload") is not None
    click.echo(say("The rule is made, and the running tray goes by it.") if running else say("The rule is made."))


def _chosen(incident: Incident, by: By, which: str) -> Offer:
    """Find the offer that is meant.

    Raises:
        Refused: There is none, or more than one.
    """
    reason = refusal(incident, by)
    if reason is not None:
        raise Refused(say("No rule can be made of that. {reason}", reason=say(reason.value)))
    found = [offer for offer in offers(incident) if offer.by is by]
    meant = [offer for offer in found if which in ("", offer.value, offer.value.partition("=")[0])]
    if len(meant) == 1:
        return meant[0]
    there_are = listed(fit(f"{by.value}:{offer.value}", sys.stderr) for offer in found)
    raise Refused(say("Say which tag the rule goes by: {tags}", tags=there_are))


def _tried(store: Store, offer: Offer) -> Trial:
    wanted = tried_on(clock().now)
    tried = Trial()
    with progress(store.count(wanted), say("Looking back")) as advance:
        for incident in pages(store, wanted):
            tried = tried.further(offer.rule, [incident])
            advance(1)
    return tried


def _lines(offer: Offer, tried: Trial, file: Path) -> Iterator[str]:
    yield rule_words.sentence(offer)
    yield rule_words.exception(offer)
    yield rule_words.ending(offer.rule.until)
    yield rule_words.trial(tried)
    yield ""
    yield say("These lines are to be added to {path}:", path=file)
    yield ""
    yield from (f"    {line}" for line in rule_lines(offer.rule))
    yield ""
