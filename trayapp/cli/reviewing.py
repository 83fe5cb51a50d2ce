"""Alerts, reviewing them, and how things stand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

import click

from trayapp.cli.common import NOT_WATCHING, Refused, ask_tray, clock, echo_json, settings
from trayapp.core.causes import Cause
from trayapp.core.guard import Watch
from trayapp.core.records import AlertRecord, StatusRecord, alert_record, status_record
from trayapp.core.severity import Severity
from trayapp.core.situation import Situation
from trayapp.settings import Paths, Settings
from trayapp.store import Store, StoreError


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects; the README names their fields.")
@click.option("--to-review", is_flag=True, help="Leave out what is reviewed.")
def alerts(as_json: bool, to_review: bool) -> None:  # noqa: FBT001 - click passes them by name
    """List the alerts, newest first."""
    paths = Paths.platform()
    labels = {account.name: account.called for account in settings(paths).accounts}
    with _opened(paths) as store:
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
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Mark all of them.")
def review(ids: tuple[int, ...], every: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Mark alerts as reviewed: by their numbers, or all of them."""
    if bool(ids) == every:
        raise click.UsageError("Give the numbers of alerts (see: trayapp alerts), or --all.")
    paths = Paths.platform()
    with _opened(paths) as store:
        unknown = [alert_id for alert_id in ids if store.incident(alert_id) is None]
        if unknown:
            raise Refused(f"There is no alert {', '.join(map(str, unknown))}. See: trayapp alerts")
        now = clock().now
        marked = store.review_all(now) if every else store.review(ids, now)
    ask_tray(paths, "changed")
    click.echo("1 alert is reviewed now." if len(marked) == 1 else f"{len(marked)} alerts are reviewed now.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object; the README names its fields.")
def status(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Tell how things stand. Exit code 3 when not everything is being watched."""
    paths = Paths.platform()
    known = settings(paths)
    answer = ask_tray(paths, "status")
    if answer is not None and "status" not in answer:
        raise Refused("trayapp is running but does not say how things stand. Its log may say why; start it again.")
    record = cast("StatusRecord", answer["status"]) if answer else _without_tray(paths, known)
    if as_json:
        echo_json(record)
    else:
        for line in _status_lines(record):
            click.echo(line)
    if record["state"] == "not-watching":
        raise click.exceptions.Exit(NOT_WATCHING)


@contextmanager
def _opened(paths: Paths) -> Iterator[Store]:
    try:
        with Store(paths.store) as store:
            yield store
    except StoreError as error:
        raise Refused(error) from None


def _without_tray(paths: Paths, known: Settings) -> StatusRecord:
    moment = clock()
    with _opened(paths) as store:
        situation = Situation(
            watches=tuple(
                Watch(account.name, account.called, account.endpoint_host, Cause.NOT_RUNNING, moment.now)
                for account in known.accounts
            ),
            to_review=tuple(store.to_review()),
            quarantined=store.quarantined(),
            paused_until=_still(store.paused_until(), moment.now),
            began=moment.now,
        )
        record = status_record(situation, store.counts(), store.existing(), moment)
    # Nobody was there to see when the watching ended.
    return {**record, "since": None}


def _still(until: datetime | None, now: datetime) -> datetime | None:
    """Give the end of a pause that has not ended meanwhile."""
    return until if until is not None and until > now else None


def _row(row: AlertRecord) -> str:
    head = f"{row['id']:>5}  {_state(row):9}  {row['severity']:8}  {row['title']}"
    return "\n".join([head, f"{'':7}{row['text']}", f"{'':7}{row['url'] or ''}"]).rstrip()


def _state(row: AlertRecord) -> str:
    if row["reviewed"]:
        return "reviewed"
    if row["muted"]:
        return "muted"
    return "noted" if row["severity"] == Severity.LOW.word else "to review"


def _status_lines(record: StatusRecord) -> list[str]:
    ways_out = [f"  {each['label']}: {each['way_out']}" for each in record["accounts"] if each["way_out"]]
    existing = record["existing"]
    return [
        record["text"],
        *ways_out,
        *([f"  {existing} resources existed before the watching began."] if existing else []),
    ]
