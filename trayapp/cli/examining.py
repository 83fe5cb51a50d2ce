"""The doctor."""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from trayapp.aws.key_store import OsKeyStore
from trayapp.cli.common import ASK_SECONDS, NOT_WATCHING, Refused, echo_json
from trayapp.cli.log import start_log_on_stderr
from trayapp.cli.marks import Marks, fit, marks
from trayapp.core.language import say
from trayapp.desktop.instance import ask
from trayapp.doctor.report import Facts, report, save
from trayapp.doctor.steps import Outcome, Step, record
from trayapp.doctor.surroundings import Surroundings
from trayapp.doctor.walk import Walk
from trayapp.settings import Paths
from trayapp.store import Store, StoreError

_WIDTH = 26
"""Characters for the name of a step."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects; the README names their fields.")
@click.option("--no-notify", is_flag=True, help="Show nothing on the desktop: no test notification, no test alert.")
@click.option(
    "--report",
    "report_to",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Also write what was found into a new FILE, without names and numbers of yours, to attach to a bug.",
)
def doctor(as_json: bool, no_notify: bool, report_to: Path | None) -> None:  # noqa: FBT001 - click passes them by name
    """Walk the way of an alert step by step, and say what is well, what is not, and what to do about it.

    Exit code 3 when something is not well. It needs neither a running tray nor a desktop.
    """
    start_log_on_stderr("error")
    if report_to is not None and (report_to.exists() or report_to.is_symlink()):
        raise Refused(say("{path} is there already. Name a file that is not.", path=report_to))
    paths = Paths.platform()
    walk = Walk(Surroundings(paths, OsKeyStore(), lambda question: _asked(paths, question), _now, notify=not no_notify))
    steps: list[Step] = []
    for step in walk.steps():
        steps.append(step)
        if not as_json:
            _show(step)
    if as_json:
        echo_json([record(step) for step in steps])
    if report_to is not None:
        _write(report_to, report(Facts(steps, walk.settings, walk.status, _counts(paths), paths.log)))
    _conclude(steps, aloud=not as_json)


def _asked(paths: Paths, question: str) -> dict[str, Any]:
    return ask(paths.runtime, {"ask": question}, ASK_SECONDS)


def _show(step: Step) -> None:
    for line in step_lines(step, marks(sys.stdout)):
        click.echo(fit(line, sys.stdout))


def step_lines(step: Step, signs: Marks) -> Iterable[str]:
    """Tell a step in lines: what was found, and under it what to do and what was said in refusing."""
    sign = {Outcome.WELL: signs.well, Outcome.ILL: signs.ill, Outcome.NOT_ASKED: signs.not_asked}[step.outcome]
    called = f"{step.account}: {step.step}" if step.account else step.step
    region = f"{step.region}: " if step.region else ""
    yield f"{sign} {called:{_WIDTH}} {region}{step.sentence}"
    indent = " " * (len(sign) + _WIDTH + 2)
    if step.way_out:
        yield f"{indent}{step.way_out}"
    if step.detail:
        yield f"{indent}({step.detail})"


def _write(path: Path, text: str) -> None:
    try:
        save(path, text)
    except OSError as error:
        raise Refused(say("{path} cannot be written: {reason}.", path=path, reason=error.strerror)) from None
    click.echo(say("The report is in {path}. Read it before you publish it.", path=path), err=True)


def _counts(paths: Paths) -> dict[str, int]:
    if not paths.store.exists():
        return {}
    try:
        with Store(paths.store) as store:
            return store.counts()
    except StoreError:  # the walk has said so
        return {}


def _conclude(steps: Iterable[Step], *, aloud: bool) -> None:
    ill = sum(step.outcome is Outcome.ILL for step in steps)
    if aloud:
        click.echo(say("Not well: {count}.", count=ill) if ill else say("All that could be asked is well."))
    if ill:
        raise click.exceptions.Exit(NOT_WATCHING)


def _now() -> datetime:
    return datetime.now(UTC)
