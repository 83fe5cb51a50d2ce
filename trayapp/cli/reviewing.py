"""Alerts, and reviewing them."""

import click

from trayapp.cli.common import Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.core.records import AlertRecord, alert_record
from trayapp.core.severity import Severity
from trayapp.settings import Paths


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
@click.argument("ids", metavar="[ID]...", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Mark all of them.")
def review(ids: tuple[int, ...], every: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Mark alerts as reviewed: by their numbers, or all of them."""
    if bool(ids) == every:
        raise click.UsageError("Give the numbers of alerts (see: trayapp alerts), or --all.")
    paths = Paths.platform()
    with opened(paths) as store:
        unknown = [alert_id for alert_id in ids if store.incident(alert_id) is None]
        if unknown:
            raise Refused(f"There is no alert {', '.join(map(str, unknown))}. See: trayapp alerts")
        now = clock().now
        marked = store.review_all(now) if every else store.review(ids, now)
    ask_tray(paths, "changed")
    click.echo("1 alert is reviewed now." if len(marked) == 1 else f"{len(marked)} alerts are reviewed now.")


def _row(row: AlertRecord) -> str:
    head = f"{row['id']:>5}  {_state(row):9}  {row['severity']:8}  {row['title']}"
    return "\n".join([head, f"{'':7}{row['text']}", f"{'':7}{row['url'] or ''}"]).rstrip()


def _state(row: AlertRecord) -> str:
    if row["reviewed"]:
        return "reviewed"
    if row["muted"]:
        return "muted"
    return "noted" if row["severity"] == Severity.LOW.word else "to review"
