"""Ending the running tray."""

import time

import click

from trayapp.cli.common import ASK_SECONDS, Refused
from trayapp.core.language import say
from trayapp.desktop.instance import NoAnswer, NotRunning, ask
from trayapp.settings import Paths

_LOOK_SECONDS = 0.05
_NONE_RUNNING = 3


@click.command()
@click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    help="How long to wait for its end.",
)
def quit(wait: float) -> None:  # noqa: A001 - the command's name
    """End the running trayapp, and wait until it has ended.

    Nothing is lost: what AWS reports meanwhile waits in the queue.

    \b
    Exit codes: 0 it has ended
                1 it has not; standard error says why
                3 none was running
    """  # noqa: D301 - click's mark is the character itself
    runtime = Paths.platform().runtime
    try:
        ask(runtime, {"ask": "quit"}, ASK_SECONDS)
    except NotRunning:
        click.echo(say("trayapp is not running."))
        raise click.exceptions.Exit(_NONE_RUNNING) from None
    except NoAnswer as silence:
        raise Refused(say("trayapp is running but does not answer: {reason}", reason=silence)) from None
    deadline = time.monotonic() + wait
    while True:
        try:
            # It says that there is no such question, for as long as there is somebody to say it.
            ask(runtime, {"ask": "still there"}, ASK_SECONDS)
        except (NotRunning, NoAnswer):
            break
        if time.monotonic() > deadline:
            raise Refused(say("trayapp was asked to end, and still runs after {seconds:g} seconds.", seconds=wait))
        time.sleep(_LOOK_SECONDS)
    click.echo(say("trayapp has ended."))
