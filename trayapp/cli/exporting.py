"""Taking everything along."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypedDict

import click

import trayapp
from trayapp.cli.common import Refused, clock, opened, settings
from trayapp.cli.history import pages
from trayapp.cli.history_forms import HistoryRecord, history_record
from trayapp.cli.parameters import labels_of
from trayapp.cli.terminal import progress
from trayapp.core.clock import Clock
from trayapp.core.history import Wanted
from trayapp.core.incidents import Incident
from trayapp.core.records import utc
from trayapp.settings import Paths
from trayapp.store import Store

FORM = 1
"""The number of the form; it changes when a reader of the last one could not read the next."""


class ExportHeader(TypedDict):
    """The first line of an export."""

    trayapp_export: int
    version: str
    exported: str


class MessageRecord(TypedDict):
    """One message of an exported incident; ``whole`` unless it was too long and this is its beginning."""

    received: str
    whole: bool
    body: str


class ExportRecord(HistoryRecord):
    """One incident in an export, a line each."""

    messages: list[MessageRecord]
    steps_done: list[str]


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--no-messages", is_flag=True, help="Leave out the messages as AWS sent them.")
def export(file: Path, no_messages: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Write all that is known of every alert into a new FILE.

    It takes JSON lines; - is standard output. The file is readable by you alone, and one that is there already is
    left as it is. The first line says what it is,
    every other is one alert, newest first: what `trayapp history --json` prints, and the messages it was made of.
    """
    paths, moment = Paths.platform(), clock()
    labels = labels_of(settings(paths))
    with opened(paths) as store, _target(file) as stream, progress(store.count(Wanted()), "Exporting") as advance:
        header = ExportHeader(trayapp_export=FORM, version=trayapp.__version__, exported=utc(moment.now) or "")
        stream.write(f"{json.dumps(header)}\n")
        count = 0
        for incident in pages(store, Wanted()):
            label = labels.get(incident.watch, incident.watch)
            stream.write(f"{json.dumps(_record(store, incident, label, moment, messages=not no_messages))}\n")
            count += 1
            advance(1)
    click.echo("1 alert is exported." if count == 1 else f"{count} alerts are exported.", err=True)


def _record(store: Store, incident: Incident, label: str, moment: Clock, *, messages: bool) -> ExportRecord:
    bodies = store.bodies(incident.id) if messages else []
    return ExportRecord(
        **history_record(incident, label, moment),
        messages=[
            MessageRecord(received=utc(each.received) or "", whole=each.whole, body=each.body) for each in bodies
        ],
        steps_done=sorted(store.ticked(incident.id)),
    )


@contextmanager
def _target(file: Path) -> Iterator[TextIO]:
    """Open what is written to; of a file that could not be written whole nothing stays.

    Raises:
        Refused: It is there already, or cannot be written.
    """
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise Refused(f"{file} is there already. Name a file that is not.") from None
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    try:
        with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
            yield stream
            stream.flush()
            os.fsync(descriptor)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise Refused(f"{file} cannot be written: {error.strerror}.") from None
    except BaseException:
        file.unlink(missing_ok=True)
        raise
