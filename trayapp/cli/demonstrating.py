"""The demonstration."""

import sys

import click

from trayapp.cli.common import Refused, clock, echo_json
from trayapp.cli.log import LEVELS, start_log_on_stderr
from trayapp.core.records import alert_record
from trayapp.demo.cloud import DemoUnavailable
from trayapp.demo.play import LABEL, NotShown, play


@click.command()
@click.option("--once", is_flag=True, help="End by itself when every alert was shown.")
@click.option("--json", "as_json", is_flag=True, help="At the end print the alerts as `trayapp alerts --json` does.")
@click.option("--no-desktop", is_flag=True, help="Work in this terminal: alerts as lines, the state as a line.")
@click.option(
    "--log-level", type=click.Choice(LEVELS), default="warning", show_default=True, help="How much is logged."
)
def demo(once: bool, as_json: bool, no_desktop: bool, log_level: str) -> None:  # noqa: FBT001 - click passes it by name
    """Show what trayapp does, against an AWS inside this very process.

    It needs no AWS account, no keyring and no network, and leaves nothing behind: a stack is launched, then an
    intruder has an evening. With --once it takes seconds, without it runs until you quit it.
    """
    start_log_on_stderr(log_level)
    # With --json standard output holds that and nothing else.
    stream = sys.stderr if as_json else sys.stdout
    try:
        alerts = play(once=once, desktop=not no_desktop, stream=stream)
    except (DemoUnavailable, NotShown) as error:
        raise Refused(error) from None
    if as_json:
        echo_json([alert_record(alert, LABEL, clock()) for alert in alerts])
