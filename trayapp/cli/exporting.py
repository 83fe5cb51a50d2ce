"""Taking everything along."""

import json
from pathlib import Path
from typing import TypedDict

import click

import trayapp
from trayapp.cli.common import clock, opened, settings
from trayapp.cli.history import pages
from trayapp.cli.history_forms import HistoryRecord, history_record
from trayapp.cli.new_file import new_file
from trayapp.cli.parameters import labels_of
from trayapp.cli.terminal import progress
from trayapp.core.clock import Clock
from trayapp.core.history import Wanted
from trayapp.core.incidents import Incident
from trayapp.core.language import say, say_count
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
    with opened(paths) as store, new_file(file) as stream, progress(store.count(Wanted()), say("Exporting")) as advance:
        header = ExportHeader(trayapp_export=FORM, version=trayapp.__version__, exported=utc(moment.now) or "")
        stream.write(f"{json.dumps(header)}\n")
        count = 0
        for incident in pages(store, Wanted()):
            label = labels.get(incident.watch, incident.watch)
            stream.write(f"{json.dumps(_record(store, incident, label, moment, messages=not no_messages))}\n")
            count += 1
            advance(1)
    click.echo(say_count("{count} alert is exported.", "{count} alerts are exported.", count), err=True)


def _record(store: Store, incident: Incident, label: str, moment: Clock, *, messages: bool) -> ExportRecord:
    bodies = store.bodies(incident.id) if messages else []
    return ExportRecord(
        **history_record(incident, label, moment),
        messages=[
            MessageRecord(received=utc(each.received) or "", whole=each.whole, body=each.body) for each in bodies
        ],
        steps_done=sorted(store.ticked(incident.id)),
    )
