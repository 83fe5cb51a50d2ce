"""Completing command lines in the shell."""

import click
from click.shell_completion import ShellComplete, get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which a shell completes command lines.

    It knows options, numbers of alerts, names of accounts, signals and Regions.

    \b
    Put it where the shell looks for it:
    bash: ~/.local/share/bash-completion/completions/trayapp
    zsh:  _trayapp in one of the folders of $fpath
    fish: ~/.config/fish/completions/trayapp.fish
    """  # noqa: D301 - click's mark is the character itself
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - the choice above names those that click has
    completer = found(ctx.find_root().command, {}, "trayapp", "_TRAYAPP_COMPLETE")
    # Bash's own way looks first which bash is here, but the script may be made for elsewhere: a package, a container.
    click.echo(ShellComplete.source(completer))
