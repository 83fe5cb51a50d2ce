"""The command line's root: it loads the one command that was asked for, so that none waits for another's packages."""

import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import click
from click.shell_completion import CompletionItem

import trayapp
from trayapp import languages
from trayapp.cli.speaking import HelpContext, in_our_language
from trayapp.core.language import mark, say
from trayapp.paths import Paths

_COMMANDS = {
    "alerts": ("trayapp.cli.reviewing", mark("List the alerts, newest first.")),
    "autostart": ("trayapp.cli.autostart", mark("Start trayapp whenever you log in, or no longer.")),
    "completion": ("trayapp.cli.completing", mark("Print the script by which a shell completes command lines.")),
    "demo": ("trayapp.cli.demonstrating", mark("Show what trayapp does, without AWS.")),
    "doctor": ("trayapp.cli.examining", mark("Say what is well on the way of an alert, and what is not.")),
    "explain": ("trayapp.cli.explaining", mark("Explain what message bodies mean to trayapp.")),
    "export": ("trayapp.cli.exporting", mark("Write all that is known of every alert into a new file.")),
    "history": ("trayapp.cli.history", mark("Look back at every alert there was, newest first.")),
    "login": ("trayapp.cli.accounts", mark("Sign in to an account, and keep its key in the keyring.")),
    "logout": ("trayapp.cli.accounts", mark("Remove the key of an account from the keyring.")),
    "man": ("trayapp.cli.man", mark("Print the manual page of trayapp and all its commands.")),
    "quarantine": ("trayapp.cli.quarantine", mark("Look at messages that were put aside.")),
    "quit": ("trayapp.cli.quitting", mark("End the running trayapp.")),
    "respond": ("trayapp.cli.responding", mark("Say what to do, step by step, if it was not you.")),
    "review": ("trayapp.cli.reviewing", mark("Mark alerts as reviewed: yours, or not yours.")),
    "run": ("trayapp.cli.running", mark("Watch, and show what is found, until told to quit.")),
    "settings": ("trayapp.cli.settings", mark("Check the settings file, and have the running trayapp go by it.")),
    "snooze": ("trayapp.cli.reviewing", mark("Put alerts off until a time.")),
    "status": ("trayapp.cli.status", mark("Tell how things stand.")),
    "template": ("trayapp.cli.setting_up", mark("Print the CloudFormation template.")),
    "undo": ("trayapp.cli.reviewing", mark("Take back what was last said of an alert.")),
    "window": ("trayapp.cli.window", mark("Open the window in which alerts are reviewed.")),
}
"""Where each command lives, and what it does in one line, so that nothing is loaded to list them."""


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for, and which speaks their user's language."""

    context_class = HelpContext

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        # Before anything else, for a wrong command line is told in the reader's language, too; the shell's completion
        # begins here as well.
        languages.speak_as_chosen(Paths.platform().settings)
        said = in_our_language(self)
        assert isinstance(said, _Commands)  # noqa: S101 - what is said of a group is a group of its kind
        return click.Group.make_context(said, info_name, args, parent, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = getattr(_imported(module), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return in_our_language(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        with formatter.section(say("Commands")):
            formatter.write_dl(list(_sentences()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        items = [CompletionItem(name, help=said) for name, said in _sentences() if name.startswith(incomplete)]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]


def _imported(module: str) -> ModuleType:
    """Import a module without looking for garbage meanwhile: there is none, and it takes a sixth of the time."""
    if module in sys.modules:
        return sys.modules[module]
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()  # what was imported stays, so that it need never be looked through
        gc.enable()


def _sentences() -> Iterator[tuple[str, str]]:
    return ((name, say(sentence)) for name, (_, sentence) in _COMMANDS.items())


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
