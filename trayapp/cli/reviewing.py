"""Alerts, and reviewing them."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import click

from trayapp.cli.common import Refused, ask_tray, clock, opened, settings
from trayapp.cli.history import or_else, pages
from trayapp.cli.history_forms import json_lines
from trayapp.cli.parameters import AlertNumber, Coming, End, GoesBy, Length, RuleEnd, labels_of
from trayapp.cli.terminal import at_least, cell, severity_word
from trayapp.core.history import Wanted
from trayapp.core.incidents import Decision
from trayapp.core.language import listed, mark, say, say_count
from trayapp.core.offering import By
from trayapp.core.records import AlertRecord, alert_record
from trayapp.core.severity import Severity
from trayapp.settings import Paths
from trayapp.store import Store

NOTE = 1000
"""How many characters a note may have."""

LONGEST_SNOOZE = timedelta(days=30)
"""Nobody wants to put something off for longer; whoever does means to mute it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects; the README names their fields.")
@click.option("--to-review", is_flag=True, help="Leave out what is reviewed.")
def alerts(as_json: bool, to_review: bool) -> None:  # noqa: FBT001 - click passes them by name
    """List the alerts, newest first."""
    paths = Paths.platform()
    labels = labels_of(settings(paths))
    with opened(paths) as store:
        found = iter(store.to_review()) if to_review else pages(store, Wanted())
        rows = (alert_record(alert, labels.get(alert.watch, alert.watch), clock()) for alert in found)
        if as_json:
            lines = json_lines(rows)
        else:
            nothing = say("Nothing to review.") if to_review else say("There has been no alert yet.")
            lines = or_else(_lines(rows), nothing)
        for line in lines:
            click.echo(line)


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, type=AlertNumber())
@click.option("--all", "every", is_flag=True, help="Mark all of them.")
@click.option("--mine", is_flag=True, help="That was me.")
@click.option("--not-mine", is_flag=True, help="That was not me: it stays to review until it is dealt with.")
@click.option("--note", default="", metavar="TEXT", help="What to keep beside it.")
@click.option(
    "--always",
    type=GoesBy(),
    metavar="WHAT",
    help="With --mine: keep what is like it quiet from now on, by its stack, actor, tag or tag:KEY=VALUE.",
)
@click.option("--until", type=RuleEnd(), help="Until when that holds: 2026-12-31, 90d, forever; 30 days unless said.")
@click.option("--yes", is_flag=True, help="Make the rule without asking.")
def review(
    *,
    ids: tuple[int, ...],
    every: bool,
    mine: bool,
    not_mine: bool,
    note: str,
    always: tuple[By, str] | None,
    until: End | None,
    yes: bool,
) -> None:
    """Mark alerts as reviewed: by their numbers, or all of them.

    With --mine or --not-mine also say whether it was you. What is said last counts; trayapp undo takes it back.

    With --always a rule is added to the settings. It is shown before, with what it would have kept quiet, and made
    once you agree. Where nobody can be asked, it takes --yes; without it, or if you do not agree, nothing is changed
    at all and the exit code is 1. So it is where no such rule may be made. To hear of such alerts again, take the
    rule out of the settings; trayapp undo does not.
    """
    _check_meant(ids, every=every, mine=mine, not_mine=not_mine, note=note)
    if always and not (mine and len(ids) == 1):
        raise click.UsageError(say("--always takes --mine and the number of one alert."))
    if (until or yes) and not always:
        raise click.UsageError(say("--until and --yes belong to --always."))
    decision = Decision.NOT_MINE if not_mine else Decision.MINE if mine else None
    left = 0
    with _deciding(ids) as store:
        now = clock().now
        if always:
            from trayapp.cli.ruling import make_rule  # noqa: PLC0415 - few need it, and all others are quicker without

            make_rule(store, ids[0], always, until, note, ask=not yes)
        if every:
            marked = store.review_all(now)
            left = len(store.to_review())
        elif decision or note:
            marked = [
                number for each in ids for number in store.decide([each], decision or _said(store, each), now, note)
            ]
        else:
            marked = store.review(ids, now)
    for line in _outcome(marked, left, decision, changed=bool(decision or note)):
        click.echo(line)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True, type=AlertNumber())
@click.option("--for", "length", type=Length(), help="How long: 30m, 1h, 2d.")
@click.option("--until", type=Coming(), help="Until when: 18:00, tomorrow, monday 9:00, 2026-11-23.")
def snooze(ids: tuple[int, ...], length: timedelta | None, until: datetime | None) -> None:
    """Put alerts off until a time.

    What becomes heavier meanwhile, or has a new critical part, is put off no longer.
    """
    if (length is None) == (until is None):
        raise click.UsageError(say("Give one of --for and --until."))
    moment = clock()
    # Compared before it is added: the calendar ends somewhere.
    if (length or timedelta()) > LONGEST_SNOOZE or (until or moment.now) > moment.now + LONGEST_SNOOZE:
        raise click.UsageError(say("An alert can be put off for {days} days at most.", days=LONGEST_SNOOZE.days))
    end = until or moment.now + (length or timedelta())
    with _deciding(ids) as store:
        snoozed = store.snooze(ids, end, moment.now)
    if not snoozed:
        raise Refused(say("There is nothing to put off: it is reviewed."))
    click.echo(
        say_count(
            "{count} alert is put off until {moment}.",
            "{count} alerts are put off until {moment}.",
            len(snoozed),
            moment=moment.moment(end),
        )
    )


@click.command()
@click.argument("number", metavar="ID", type=AlertNumber())
def undo(number: int) -> None:
    """Take back what was last said of the alert ID.

    That it is reviewed, yours, not yours, or put off. Again takes back what was said before that.
    """
    with _deciding([number]) as store:
        undone = store.undo(number)
    if not undone:
        raise Refused(say("Nothing was said of alert {number} that could be taken back.", number=number))
    click.echo(say("What was last said of alert {number} is taken back.", number=number))


@contextmanager
def _deciding(ids: Sequence[int]) -> Iterator[Store]:
    """Open the store to decide on alerts, and let the running tray know of it.

    Raises:
        Refused: One of them is not there, or the store cannot be used.
    """
    paths = Paths.platform()
    with opened(paths) as store:
        unknown = [alert_id for alert_id in ids if store.incident(alert_id) is None]
        if unknown:
            raise Refused(say("There is no alert {number}. See: trayapp alerts", number=listed(map(str, unknown))))
        yield store
    ask_tray(paths, "changed")


def _check_meant(ids: Sequence[int], *, every: bool, mine: bool, not_mine: bool, note: str) -> None:
    """Raise ``click.UsageError`` where what is said of alerts cannot be meant."""
    if bool(ids) == every:
        raise click.UsageError(say("Give the numbers of alerts (see: trayapp alerts), or --all."))
    if mine and not_mine:
        raise click.UsageError(say("Choose one of --mine and --not-mine."))
    if every and (mine or not_mine or note):
        raise click.UsageError(say("--mine, --not-mine and --note are said of alerts by their numbers."))
    if len(note) > NOTE:
        raise click.UsageError(say("--note takes {count} characters at most.", count=NOTE))


def _said(store: Store, number: int) -> Decision:
    """Give what was said of an alert, where only a note is written beside it; one to review is looked at by that."""
    alert = store.incident(number)
    return alert.decision if alert and alert.reviewed and alert.decision else Decision.SEEN


def _outcome(marked: Sequence[int], left: int, decision: Decision | None, *, changed: bool) -> Iterator[str]:
    """Say what became of alerts.

    Args:
        marked: Those for which anything changed.
        left: How many are to review all the same, where all were meant.
        decision: What was said of them.
        changed: Whether anything was said beside that they are reviewed.
    """
    many = len(marked)
    if changed and not marked:
        yield say("Nothing changes by that: it was said before.")
    elif decision is Decision.NOT_MINE:
        yield say_count(
            "{count} alert is not yours and stays to review.", "{count} alerts are not yours and stay to review.", many
        )
        yield say("What to do now, step by step: trayapp respond {number}", number=marked[0])
    elif decision is Decision.MINE:
        yield say_count("{count} alert is yours and reviewed now.", "{count} alerts are yours and reviewed now.", many)
    else:
        yield say_count("{count} alert is reviewed now.", "{count} alerts are reviewed now.", many)
    if left:
        yield say_count(
            "{count} is left: what is not yours, and what is put off. See: trayapp alerts --to-review",
            "{count} are left: what is not yours, and what is put off. See: trayapp alerts --to-review",
            left,
        )


_STATES = (mark("reviewed"), mark("muted"), mark("noted"), mark("to review"))


def _lines(rows: Iterable[AlertRecord]) -> Iterator[str]:
    widest_state = at_least(9, map(say, _STATES))
    severities = {severity.word: severity_word(severity) for severity in Severity}
    widest_severity = at_least(8, severities.values())
    for row in rows:
        state = cell(say(_state(row)), widest_state, sys.stdout)
        severity = cell(severities[row["severity"]], widest_severity, sys.stdout)
        head = f"{row['id']:>5}  {state}  {severity}  {row['title']}"
        yield "\n".join([head, f"{'':7}{row['text']}", f"{'':7}{row['url'] or ''}"]).rstrip()


def _state(row: AlertRecord) -> str:
    reviewed, muted, noted, to_review = _STATES
    if row["reviewed"]:
        return reviewed
    if row["muted"]:
        return muted
    return noted if row["severity"] == Severity.LOW.word else to_review
