"""The settings file."""

import click

from trayapp.cli import common
from trayapp.core.language import say
from trayapp.settings import Paths


@click.command()
@click.option("--path", is_flag=True, help="Only print where the file is.")
def settings(path: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Check the settings file, and have the running trayapp go by what it says now.

    To change it, use: trayapp window --page settings, or any editor.
    """
    paths = Paths.platform()
    if path:
        click.echo(paths.settings)
        return
    common.settings(paths)
    if paths.settings.exists():
        click.echo(say("{path}: nothing is wrong with it.", path=paths.settings))
    else:
        click.echo(say("{path}: there is no such file yet.", path=paths.settings))
    if common.ask_tray(paths, "reload") is not None:
        click.echo(say("The running trayapp goes by it now; a new length of the history waits for its next start."))
