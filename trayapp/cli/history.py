"""Looking back."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice

import click

from trayapp.cli.common import clock, opened, settings
from trayapp.cli.history_forms import ALERT_COLUMNS, DAY_COLUMNS, csv_lines, day_record, history_record, json_lines
from trayapp.cli.history_table import Table
from trayapp.cli.parameters import AccountName, Past, RegionCode, SignalId, account_names, labels_of
from trayapp.cli.terminal import columns, progress, show
from trayapp.cli.timeline import timeline
from trayapp.core.clock import Clock
from trayapp.core.history import Day, Wanted, began, per_day
from trayapp.core.incidents import Incident
from trayapp.core.language import say
from trayapp.core.severity import Severity
from trayapp.core.when import start_of_day
from trayapp.settings import Paths
from trayapp.store import Store

PAGE = 500
"""How many incidents are read at once: little enough that the first of them stand there at once."""

_DAYS = timedelta(days=29)
"""How many days before the last one a picture shows unless told otherwise."""

_LONGEST = timedelta(days=3660)
"""How long a picture may be."""

_WIDE = 100
"""The columns of a picture that goes to no terminal."""

_FILTERS = (
    click.option(
        "--severity",
        "severities",
        multiple=True,
        type=click.Choice([severity.word for severity in reversed(Severity)]),
        help="Only of this severity.",
    ),
    click.option("--account", "accounts", multiple=True, type=AccountName(), help="Only of this account."),
    click.option("--region", "regions", multiple=True, type=RegionCode(), help="Only with a part in this Region."),
    click.option("--signal", "signals", multiple=True, type=SignalId(), help="Only with a part of this signal."),
    click.option("--reviewed/--unreviewed", default=None, help="Only what is marked as reviewed, or what is not."),
    click.option("--muted/--not-muted", default=None, help="Only what a rule mutes, or what none does."),
    click.option("--since", type=Past(), help="Only what went on at this time or later."),
    click.option("--until", type=Past(end=True), help="Only what began before this time; a day is meant whole."),
    click.option(
        "--text",
        default="",
        metavar="WORDS",
        help="Only with each of these words in a name, id, address, actor or note.",
    ),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say which incidents are wanted."""
    return reduce(lambda decorated, option: option(decorated), reversed(_FILTERS), command)


@click.command()
@filtered
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many, the newest.")
@click.option("--days", is_flag=True, help="Draw how many there were on each day; of 30 days unless --since says more.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects; the README names their fields.")
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values; the README names the columns.")
def history(
    *,
    severities: tuple[str, ...],
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    signals: tuple[str, ...],
    reviewed: bool | None,
    muted: bool | None,
    since: datetime | None,
    until: datetime | None,
    text: str,
    limit: int | None,
    days: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Look back at every alert there was, newest first.

    Muted and low ones, too. A filter given several times takes any of its values; of several filters, each must fit.

    \b
    Times: 2026-11-23, 2026-11-23 18:00, 18:00, monday, yesterday 9:00,
           or how long ago: 2d, 12h, 30m. Yours unless they end with a zone.
    """  # noqa: D301 - click's mark is the character itself
    if as_json and as_csv:
        raise click.UsageError(say("Choose one of --json and --csv."))
    if days and limit:
        raise click.UsageError(say("--days counts all there are, and --limit would hide some."))
    if since and until and until <= since:
        raise click.UsageError(say("--until is not later than --since."))
    paths, moment = Paths.platform(), clock()
    known = settings(paths)
    wanted = Wanted(
        severities=frozenset(Severity[word.upper()] for word in severities),
        accounts=account_names(accounts, known),
        regions=frozenset(regions),
        signals=frozenset(signals),
        reviewed=reviewed,
        muted=muted,
        since=since,
        until=until,
        text=text,
    )
    labels = labels_of(known)
    with opened(paths) as store:
        if days:
            _print_days(_days(store, wanted, moment), as_json=as_json, as_csv=as_csv)
            return
        found = islice(pages(store, wanted), limit)
        if not (as_json or as_csv):
            table = Table(labels, moment, columns(sys.stdout), sys.stdout)
            nothing = say("There has been no alert yet.") if wanted == Wanted() else say("Nothing of that kind.")
            show(or_else(table.lines(found), nothing))
            return
        with progress(_many(store, wanted, limit), say("Writing")) as advance:
            known_as = ((each, labels.get(each.watch, each.watch)) for each in _advancing(found, advance))
            records = (history_record(each, label, moment) for each, label in known_as)
            if as_json:
                _print(json_lines(records))
            else:
                _print_csv(csv_lines(records, ALERT_COLUMNS))


def pages(store: Store, wanted: Wanted) -> Iterator[Incident]:
    """Give the wanted incidents, newest first, reading a page at a time.

    Raises:
        StoreError: They cannot be read.
    """
    after: int | None = None
    while page := store.search(wanted, PAGE, after):
        yield from page
        after = page[-1].id


def _many(store: Store, wanted: Wanted, limit: int | None) -> int:
    """Give how many incidents there will be to wait for; on a terminal one sees them come."""
    return 0 if sys.stdout.isatty() else min(store.count(wanted), limit or sys.maxsize)


def _days(store: Store, wanted: Wanted, moment: Clock) -> tuple[Day, ...]:
    """Count the wanted incidents by the day on which they began."""
    until = wanted.until or start_of_day(moment.localise(moment.now).date() + timedelta(days=1), moment)
    since = wanted.since or start_of_day(moment.localise(until - timedelta(microseconds=1)).date() - _DAYS, moment)
    if until - since > _LONGEST:
        raise click.UsageError(say("--days draws {days} days at most: say --since.", days=_LONGEST.days))
    if wanted == Wanted(since=wanted.since, until=wanted.until):
        return store.per_day(since, until, moment.localise)
    within = replace(wanted, since=since, until=until)
    with progress(store.count(within), say("Counting")) as advance:
        beginnings = ((began(each), each.severity) for each in _advancing(pages(store, within), advance))
        return per_day(beginnings, since, until, moment.localise)


def _advancing(incidents: Iterable[Incident], advance: Callable[[int], None]) -> Iterator[Incident]:
    for incident in incidents:
        yield incident
        advance(1)


def _print_days(days: Sequence[Day], *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        _print(json_lines(map(day_record, days)))
    elif as_csv:
        _print_csv(csv_lines(map(day_record, days), DAY_COLUMNS))
    else:
        show(timeline(days, columns(sys.stdout) or _WIDE, sys.stdout))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _print_csv(lines: Iterable[str]) -> None:
    """Print what ends its own lines, as RFC 4180 has them, on every system and in every locale the same."""
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


def or_else(lines: Iterator[str], nothing: str) -> Iterator[str]:
    """Give lines, or else a sentence."""
    first = next(lines, None)
    yield nothing if first is None else first
    yield from lines
