"""The log: one rotating file in the platform's place, and warnings on standard error."""

import logging
import logging.handlers
import os
import sys
from pathlib import Path

import click

LEVELS = ("debug", "info", "warning", "error")


def start_log(path: Path, level: str) -> None:
    """Begin logging: everything of ``level`` and above into a rotating file, warnings also on standard error."""
    handlers: list[logging.Handler] = [_on_stderr(logging.WARNING)]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Owner-only from the first byte, and never through a link that somebody laid there.
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600))
        file = logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handlers.append(file)
    except OSError as error:
        click.echo(f"There is no log file: {error}", err=True)
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
    handler.setFormatter(logging.Formatter("trayapp: %(message)s"))
    return handler
