"""That was not me: what to do now, step by step."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import click

from trayapp.cli.common import Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.cli.marks import fit, marks
from trayapp.cli.new_file import new_file
from trayapp.cli.parameters import AlertNumber, labels_of
from trayapp.cli.terminal import columns, show
from trayapp.cli.wrapping import wrapped
from trayapp.core import words
from trayapp.core.incidents import Incident
from trayapp.core.language import listed, mark, say, say_count
from trayapp.core.response import Stage, Step, around, done_steps, relatives, steps, support_text
from trayapp.core.response import mark as tick
from trayapp.core.text import clean
from trayapp.settings import Paths
from trayapp.store import Store

NEAR = 500
"""So many alerts of the days around are looked through for those of the same affair."""

_STDOUT = Path("-")
_HEADINGS = {
    Stage.STOP: mark("If that was not you: stop it, in this order"),
    Stage.SECURE: mark("Then keep the account yours, and have it watched"),
    Stage.LOOK: mark("When it has stopped: look what else there is, and have help"),
    Stage.AFTERWARDS: mark("Later"),
}
_INDENT = " " * 5


class StepRecord(TypedDict):
    """One step as ``trayapp respond --json`` prints it."""

    number: int
    stage: str
    step: str
    done: bool
    title: str
    why: str
    done_when: str
    url: str | None
    region: str
    source: str | None


class ResponseRecord(TypedDict):
    """What ``trayapp respond --json`` prints."""

    alert: int
    related: list[int]
    title: str
    steps: list[StepRecord]


@dataclass(frozen=True, slots=True)
class _Affair:
    """An alert, those that belong to it, what to do, and what of it is done."""

    incident: Incident
    related: tuple[Incident, ...]
    steps: tuple[Step, ...]
    done: frozenset[str]


@click.command()
@click.argument("number", metavar="ID", type=AlertNumber())
@click.option("--tick", "ticked", metavar="STEP", multiple=True, help="Note that this step is done: number or name.")
@click.option("--untick", "unticked", metavar="STEP", multiple=True, help="Note that this step is not done after all.")
@click.option(
    "--export",
    "export_to",
    metavar="[FILE]",
    type=click.Path(path_type=Path, allow_dash=True),
    is_flag=False,
    flag_value=_STDOUT,
    help="Write the text for AWS Support into a new FILE, or print it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print an object; the README names its fields.")
def respond(
    number: int,
    ticked: tuple[str, ...],
    unticked: tuple[str, ...],
    export_to: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Say what to do now if the alert ID was not you.

    What stops damage comes first. Each step names the page of the console to do it on, in the right Region; trayapp
    itself changes nothing in your account. Alerts of the same affair are taken together.
    """
    if export_to is not None and as_json:
        raise click.UsageError(say("Choose one of --export and --json."))
    paths = Paths.platform()
    labels = labels_of(settings(paths))
    with opened(paths) as store:
        affair = _affair(store, number)
        changes = [
            *((step, True) for step in _meant(affair, ticked)),
            *((step, False) for step in _meant(affair, unticked)),
        ]
        for step, done in changes:
            tick(store, affair.incident, affair.related, step.id, clock().now, done=done)
        affair = _affair(store, number)
    if changes:
        ask_tray(paths, "changed")
    label = labels.get(affair.incident.watch, affair.incident.watch)
    if export_to is not None:
        _export(export_to, support_text(affair.incident, affair.related, affair.done, clock(), label))
    elif as_json:
        echo_json(_record(affair, label))
    elif changes:
        for step, done in changes:
            said = say("Done: {step}", step=step.title) if done else say("Not done: {step}", step=step.title)
            click.echo(fit(said, sys.stdout))
        click.echo(_left(affair))
    else:
        show(fit(line, sys.stdout) for line in _lines(affair, label))


def _affair(store: Store, number: int) -> _Affair:
    incident = store.incident(number)
    if incident is None:
        raise Refused(say("There is no alert {number}. See: trayapp alerts", number=number))
    related = relatives(incident, store.search(around(incident), NEAR))
    return _Affair(incident, related, steps(incident, related), done_steps(store, incident, related))


def _meant(affair: _Affair, wanted: Sequence[str]) -> Iterator[Step]:
    """Find the steps that are meant, each by its number in the list or by its name.

    Raises:
        Refused: There is none.
    """
    for said in wanted:
        by_number = int(said) if said.isascii() and said.isdigit() and len(said) < 5 else 0  # noqa: PLR2004 - digits
        found = next(
            (step for place, step in enumerate(affair.steps, 1) if place == by_number or step.id == said), None
        )
        if found is None:
            raise Refused(
                say(
                    "There is no step {step}. See: trayapp respond {number}",
                    step=repr(clean(said)),
                    number=affair.incident.id,
                )
            )
        yield found


def _lines(affair: _Affair, label: str) -> Iterator[str]:
    sign, width = marks(sys.stdout).well, columns(sys.stdout)
    yield words.title(affair.incident, label)
    yield words.body(affair.incident, label, clock())
    others = listed(map(str, sorted(each.id for each in affair.related)))
    yield from [say("Taken together with alerts {numbers}.", numbers=others)] if others else []
    stage = None
    for place, step in enumerate(affair.steps, 1):
        if step.stage is not stage:
            stage = step.stage
            yield ""
            yield say(_HEADINGS[stage])
        yield ""
        yield f"{place:3}. {f'{sign} ' if step.id in affair.done else ''}{step.title}"
        if step.id not in affair.done:
            yield from _paragraph(step.why, width)
            yield from _paragraph(say("Done when: {sign}", sign=step.done_when), width)
            # An address that is broken into lines cannot be clicked.
            yield from [f"{_INDENT}{step.url}"] if step.url else []
    yield ""
    yield _left(affair)
    yield say("Tick off what is done: trayapp respond {number} --tick 1", number=affair.incident.id)
    yield say("The text for AWS Support: trayapp respond {number} --export", number=affair.incident.id)


def _paragraph(text: str, width: int | None) -> Iterator[str]:
    if width is None:
        yield f"{_INDENT}{text}"
        return
    room = max(width - len(_INDENT), len(_INDENT))
    yield from (f"{_INDENT}{line}" for line in wrapped(text, room, at_hyphens=False))


def _left(affair: _Affair) -> str:
    left = sum(step.id not in affair.done for step in affair.steps)
    if not left:
        return say("All steps are done.")
    return say_count("{count} of {all} steps is left.", "{count} of {all} steps are left.", left, all=len(affair.steps))


def _record(affair: _Affair, label: str) -> ResponseRecord:
    return ResponseRecord(
        alert=affair.incident.id,
        related=[each.id for each in affair.related],
        title=words.title(affair.incident, label),
        steps=[
            StepRecord(
                number=place,
                stage=step.stage.value,
                step=step.id,
                done=step.id in affair.done,
                title=step.title,
                why=step.why,
                done_when=step.done_when,
                url=step.url,
                region=step.region,
                source=step.source or None,
            )
            for place, step in enumerate(affair.steps, 1)
        ],
    )


def _export(path: Path, text: str) -> None:
    if path == _STDOUT:
        for line in text.splitlines():
            click.echo(fit(line, sys.stdout))
        return
    with new_file(path) as stream:
        stream.write(text)
    click.echo(say("The text is in {path}. Read it before you send it.", path=path), err=True)
