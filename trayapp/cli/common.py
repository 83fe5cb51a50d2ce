"""What several commands share."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from trayapp.core.clock import Clock
from trayapp.desktop.instance import NoAnswer, NotRunning, ask
from trayapp.settings import Paths, Settings, SettingsError, load
from trayapp.store import Store, StoreError

NOT_WATCHING = 3
"""The exit code of ``status`` when not everything is being watched, and of ``doctor`` when something is not well."""

ASK_SECONDS = 3.0


class Refused(click.ClickException):
    """It could not be done; the text says why and what to do. Exit code 1."""

    def __init__(self, message: object) -> None:
        super().__init__(str(message))


def clock() -> Clock:
    """Give the present moment and this computer's time zone."""
    return Clock(datetime.now(UTC), datetime.astimezone)


def settings(paths: Paths) -> Settings:
    """Read the settings.

    Raises:
        Refused: They are wrong.
    """
    try:
        return load(paths.settings)
    except SettingsError as error:
        raise Refused(error) from None


@contextmanager
def opened(paths: Paths) -> Iterator[Store]:
    """Open the store for a block.

    Raises:
        Refused: It cannot be used.
    """
    try:
        with Store(paths.store) as store:
            yield store
    except StoreError as error:
        raise Refused(error) from None


def ask_tray(paths: Paths, question: str, **details: str) -> dict[str, Any] | None:
    """Ask the running tray; ``None`` if none is running or it does not answer."""
    try:
        return ask(paths.runtime, {"ask": question, **details}, ASK_SECONDS)
    except (NotRunning, NoAnswer):
        return None


def echo_json(value: object) -> None:
    """Print a value as JSON, in plain ASCII, so that no terminal's encoding can spoil it."""
    click.echo(json.dumps(value, indent=2))
