"""Alerts, and reviewing them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import click

from trayapp.cli.common import Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.cli.parameters import AlertNumber, Coming, Length
from trayapp.core.incidents import Decision
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
    labels = {account.name: account.called for account in settings(paths).accounts}
    with opened(paths) as store:
        found = store.to_review() if to_review else store.incidents()
    rows = [alert_record(alert, labels.get(alert.watch, alert.watch), clock()) for alert in found]
    if as_json:
        echo_json(rows)
        return
    if not rows:
        click.echo("Nothing to review." if to_review else "There has been no alert yet.")
    for row in rows:
        click.echo(_row(row))


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, type=AlertNumber())
@click.option("--all", "every", is_flag=True, help="Mark all of them.")
@click.option("--mine", is_flag=True, help="That was me.")
@click.option("--not-mine", is_flag=True, help="That was not me: it stays to review until it is dealt with.")
@click.option("--note", default="", metavar="TEXT", help="What to keep beside it.")
def review(*, ids: tuple[int, ...], every: bool, mine: bool, not_mine: bool, note: str) -> None:
    """Mark alerts as reviewed: by their numbers, or all of them.

    With --mine or --not-mine also say whether it was you. What is said last counts; trayapp undo takes it back.
    """
    if bool(ids) == every:
        raise click.UsageError("Give the numbers of alerts (see: trayapp alerts), or --all.")
    if mine and not_mine:
        raise click.UsageError("Choose one of --mine and --not-mine.")
    if every and (mine or not_mine or note):
        raise click.UsageError("--mine, --not-mine and --note are said of alerts by their numbers.")
    if len(note) > NOTE:
        raise click.UsageError(f"--note takes {NOTE} characters at most.")
    decision = Decision.NOT_MINE if not_mine else Decision.MINE if mine else None
    with _deciding(ids) as store:
        now = clock().now
        if every:
            marked = store.review_all(now)
        elif decision or note:
            marked = [
                number for each in ids for number in store.decide([each], decision or _said(store, each), now, note)
            ]
        else:
            marked = store.review(ids, now)
    many, are = _many(marked)
    if (decision or note) and not marked:
        click.echo("Nothing changes by that: it was said before.")
    elif decision is Decision.NOT_MINE:
        click.echo(f"{many} {are} not yours and {'stays' if len(marked) == 1 else 'stay'} to review.")
        click.echo(f"What to do now, step by step: trayapp respond {marked[0]}")
    else:
        click.echo(f"{many} {are} {'yours and ' if mine else ''}reviewed now.")


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True, type=AlertNumber())
@click.option("--for", "length", type=Length(), help="How long: 30m, 1h, 2d.")
@click.option("--until", type=Coming(), help="Until when: 18:00, tomorrow, monday 9:00, 2026-11-23.")
def snooze(ids: tuple[int, ...], length: timedelta | None, until: datetime | None) -> None:
    """Put alerts off until a time.

    What becomes heavier meanwhile, or has a new critical part, is put off no longer.
    """
    if (length is None) == (until is None):
        raise click.UsageError("Give one of --for and --until.")
    moment = clock()
    # Compared before it is added: the calendar ends somewhere.
    if (length or timedelta()) > LONGEST_SNOOZE or (until or moment.now) > moment.now + LONGEST_SNOOZE:
        raise click.UsageError(f"An alert can be put off for {LONGEST_SNOOZE.days} days at most.")
    end = until or moment.now + (length or timedelta())
    with _deciding(ids) as store:
        snoozed = store.snooze(ids, end, moment.now)
    if not snoozed:
        raise Refused("There is nothing to put off: it is reviewed.")
    many, are = _many(snoozed)
    click.echo(f"{many} {are} put off until {moment.moment(end)}.")


@click.command()
@click.argument("number", metavar="ID", type=AlertNumber())
def undo(number: int) -> None:
    """Take back what was last said of the alert ID.

    That it is reviewed, yours, not yours, or put off. Again takes back what was said before that.
    """
    with _deciding([number]) as store:
        undone = store.undo(number)
    if not undone:
        raise Refused(f"Nothing was said of alert {number} that could be taken back.")
    click.echo(f"What was last said of alert {number} is taken back.")


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
            raise Refused(f"There is no alert {', '.join(map(str, unknown))}. See: trayapp alerts")
        yield store
    ask_tray(paths, "changed")


def _said(store: Store, number: int) -> Decision:
    """Give what was said of an alert, where only a note is written beside it; one to review is looked at by that."""
    alert = store.incident(number)
    return alert.decision if alert and alert.reviewed and alert.decision else Decision.SEEN


def _many(numbers: Sequence[int]) -> tuple[str, str]:
    return ("1 alert", "is") if len(numbers) == 1 else (f"{len(numbers)} alerts", "are")


def _row(row: AlertRecord) -> str:
    head = f"{row['id']:>5}  {_state(row):9}  {row['severity']:8}  {row['title']}"
    return "\n".join([head, f"{'':7}{row['text']}", f"{'':7}{row['url'] or ''}"]).rstrip()


def _state(row: AlertRecord) -> str:
    if row["reviewed"]:
        return "reviewed"
    if row["muted"]:
        return "muted"
    return "noted" if row["severity"] == Severity.LOW.word else "to review"
