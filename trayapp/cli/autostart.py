"""Starting with the owner's session."""

from typing import TypedDict

import click

from trayapp.cli.common import Refused, echo_json
from trayapp.core.language import say
from trayapp.core.text import name
from trayapp.desktop.autostart import Autostart, AutostartFailed, Standing, State
from trayapp.desktop.autostart import autostart as systems_switch

_EXIT_CODES = {Standing.ON: 0, Standing.OFF: 1, Standing.BROKEN: 3}
_LONGEST = 300
"""Characters of a path or a command in a line."""


class AutostartRecord(TypedDict):
    """The switch as ``trayapp autostart status --json`` prints it."""

    state: str
    place: str
    command: list[str]


@click.group()
def autostart() -> None:
    """Start trayapp whenever you log in, or no longer.

    The desktop's own way is used, so that its settings show the same switch. A start while trayapp runs already ends at
    once and changes nothing.
    """


@autostart.command("on")
def on() -> None:
    """Start this installation at every login from the next one on."""
    state = _switch(on=True)
    place = name(state.place, _LONGEST)
    click.echo(say("From the next login on trayapp starts by itself. {place} says so.", place=place))


@autostart.command("off")
def off() -> None:
    """Do not start at login any more; a running trayapp goes on."""
    _switch(on=False)
    click.echo(say("trayapp does not start at login. To start it now and then: trayapp run"))


@autostart.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one object; the README names its fields.")
def status(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Tell whether trayapp starts at login.

    \b
    Exit codes: 0 it does
                1 it does not, or standard error says why that cannot be told
                3 it is switched on, but the program that would be started is
                  not there any more
    """  # noqa: D301 - click's mark is the character itself
    try:
        state = systems_switch().status()
    except AutostartFailed as error:
        raise Refused(say("{sentence}.", sentence=error)) from None
    if as_json:
        echo_json(AutostartRecord(state=state.standing.value, place=state.place, command=list(state.command)))
    else:
        click.echo(_sentence(state))
    raise click.exceptions.Exit(_EXIT_CODES[state.standing])


def _sentence(state: State) -> str:
    command = name(" ".join(state.command), _LONGEST)
    match state.standing:
        case Standing.ON:
            return say("trayapp starts at login: {command}", command=command)
        case Standing.OFF:
            return say("trayapp does not start at login. To change that: trayapp autostart on")
        case Standing.BROKEN:
            return say(
                "trayapp is switched on, but what would be started is not there any more: {command}. To start this "
                "installation instead: trayapp autostart on",
                command=command,
            )


def _switch(*, on: bool) -> State:
    switch: Autostart = systems_switch()
    try:
        state = switch.switch(on=on)
    except AutostartFailed as error:
        raise Refused(say("{sentence}.", sentence=error)) from None
    if on and not state.on:
        raise Refused(_sentence(state))
    return state
