"""Running the tray."""

import sys

import click

from trayapp.app import App
from trayapp.aws.key_store import OsKeyStore
from trayapp.cli.common import Refused, settings
from trayapp.cli.log import LEVELS, start_log
from trayapp.core.language import say
from trayapp.desktop.app_icon import app_icon
from trayapp.desktop.choose import choose
from trayapp.desktop.instance import AlreadyRunning, UnsafeFolder, claim
from trayapp.settings import Paths, load
from trayapp.store import StoreError


@click.command()
@click.option("--no-desktop", is_flag=True, help="Work in this terminal: alerts as lines, the state as a line.")
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True, help="How much is logged.")
def run(no_desktop: bool, log_level: str) -> None:  # noqa: FBT001 - click passes it by name
    """Watch, and show what is found, until told to quit."""
    paths = Paths.platform()
    settings(paths)  # a wrong file is told before anything is started
    start_log(paths.log, log_level)
    try:
        with claim(paths.runtime) as instance:
            app = App(
                store_path=paths.store,
                load=lambda: load(paths.settings),
                keys=OsKeyStore(),
                desktop=lambda emit: choose(emit, stream=sys.stdout, icon=app_icon(), desktop=not no_desktop),
            )
            instance.serve(app.answer)
            app.run()
    except AlreadyRunning as other:
        if other.pid:
            click.echo(say("trayapp is already running (process {pid}); nothing to start.", pid=other.pid))
        else:
            click.echo(say("trayapp is already running; nothing to start."))
    except (StoreError, UnsafeFolder) as error:
        raise Refused(error) from None
    except OSError as error:
        raise Refused(say("{error}. trayapp needs a folder of its own there to run.", error=error)) from None
