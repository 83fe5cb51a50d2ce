"""The log: one rotating file in the platform's place, and warnings on standard error."""

import logging
import sys
from pathlib import Path

import click

from trayapp.cli.log_file import OwnFile
from trayapp.core.language import say
from trayapp.core.text import clean
from trayapp.doctor.redaction import redacted

LEVELS = ("debug", "info", "warning", "error")


class CarefulFormatter(logging.Formatter):
    """Writes a record without what has no place in a log, on lines that nobody but us begins.

    At the very end, where the message, its arguments, the exception and its traceback have become one text: a filter
    would see each before it is written out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record; every line but its first is indented."""
        return "\n  ".join(clean(line.replace("\t", "    ")) for line in redacted(super().format(record)).splitlines())


def start_log(path: Path, level: str) -> None:
    """Begin logging: everything of ``level`` and above into a rotating file, warnings also on standard error."""
    handlers: list[logging.Handler] = [_on_stderr(logging.WARNING)]
    try:
        file = OwnFile(path)
        file.setFormatter(CarefulFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(file)
    except OSError as error:
        click.echo(say("There is no log file: {error}", error=error), err=True)
    _begin(level, handlers)


def start_log_on_stderr(level: str) -> None:
    """Begin logging on standard error only."""
    _begin(level, [_on_stderr(logging.NOTSET)])


def _begin(level: str, handlers: list[logging.Handler]) -> None:
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    # botocore's own debug lines hold headers and bodies, which have no place in a log.
    for talkative in ("boto3", "botocore", "urllib3"):
        logging.getLogger(talkative).setLevel(logging.WARNING)


def _on_stderr(level: int) -> logging.Handler:
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(CarefulFormatter("trayapp: %(message)s"))
    return handler
