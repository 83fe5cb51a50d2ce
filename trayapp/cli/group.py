"""The command line's root: it loads the one command that was asked for, so that none waits for another's packages."""

import importlib

import click

import trayapp

_COMMANDS = {
    "alerts": "trayapp.cli.reviewing",
    "demo": "trayapp.cli.demonstrating",
    "doctor": "trayapp.cli.examining",
    "explain": "trayapp.cli.explaining",
    "login": "trayapp.cli.accounts",
    "logout": "trayapp.cli.accounts",
    "quarantine": "trayapp.cli.quarantine",
    "review": "trayapp.cli.reviewing",
    "run": "trayapp.cli.running",
    "status": "trayapp.cli.status",
    "template": "trayapp.cli.setting_up",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(trayapp.__version__, prog_name="trayapp")
def main() -> None:
    r"""A light in the tray that tells you within a second what happens in your AWS account.

    \b
    Exit codes: 0 done
                1 it could not be done; standard error says why and what to do
                2 the command line was wrong
                3 status: not everything is being watched
                  doctor: something is not well
    """
