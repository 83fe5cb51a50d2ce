"""The command line's root: it loads the one command that was asked for, so that none waits for another's packages."""

import importlib
import os
from collections.abc import Mapping

import click
from click.shell_completion import CompletionItem

import trayapp

_COMMANDS = {
    "alerts": ("trayapp.cli.reviewing", "List the alerts, newest first."),
    "completion": ("trayapp.cli.completing", "Print the script by which a shell completes command lines."),
    "demo": ("trayapp.cli.demonstrating", "Show what trayapp does, without AWS."),
    "doctor": ("trayapp.cli.examining", "Say what is well on the way of an alert, and what is not."),
    "explain": ("trayapp.cli.explaining", "Explain what message bodies mean to trayapp."),
    "export": ("trayapp.cli.exporting", "Write all that is known of every alert into a new file."),
    "history": ("trayapp.cli.history", "Look back at every alert there was, newest first."),
    "login": ("trayapp.cli.accounts", "Sign in to an account, and keep its key in the keyring."),
    "logout": ("trayapp.cli.accounts", "Remove the key of an account from the keyring."),
    "man": ("trayapp.cli.man", "Print the manual page of trayapp and all its commands."),
    "quarantine": ("trayapp.cli.quarantine", "Look at messages that were put aside."),
    "respond": ("trayapp.cli.responding", "Say what to do, step by step, if it was not you."),
    "review": ("trayapp.cli.reviewing", "Mark alerts as reviewed: yours, or not yours."),
    "run": ("trayapp.cli.running", "Watch, and show what is found, until told to quit."),
    "snooze": ("trayapp.cli.reviewing", "Put alerts off until a time."),
    "status": ("trayapp.cli.status", "Tell how things stand."),
    "template": ("trayapp.cli.setting_up", "Print the CloudFormation template."),
    "undo": ("trayapp.cli.reviewing", "Take back what was last said of an alert."),
    "window": ("trayapp.cli.window", "Open the window in which alerts are reviewed."),
}
"""Where each command lives, and what it does in one line, so that nothing is loaded to list them."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in _COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        offered = [(name, sentence) for name, (_, sentence) in _COMMANDS.items() if name.startswith(incomplete)]
        items = [CompletionItem(name, help=sentence) for name, sentence in offered]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(trayapp.__version__, prog_name="trayapp")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A light in the tray that tells you within a second what happens in your AWS account.

    \b
    Exit codes: 0 done
                1 it could not be done; standard error says why and what to do
                2 the command line was wrong
                3 status: not everything is being watched
                  doctor: something is not well
    """  # noqa: D301 - click's mark is the character itself
    # Every command prints by this.
    ctx.color = colors_wanted(os.environ)


def colors_wanted(environment: Mapping[str, str]) -> bool | None:
    """Tell whether colours are wanted: ``False`` for never, ``None`` for wherever there is a terminal.

    ``NO_COLOR`` as https://no-color.org says.
    """
    return False if environment.get("NO_COLOR") or environment.get("TERM") == "dumb" else None
