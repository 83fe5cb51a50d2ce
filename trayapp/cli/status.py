"""How things stand."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO, cast

import click

from trayapp.cli.common import NOT_WATCHING, Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.cli.marks import fit, marks
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Outcome
from trayapp.core.clock import Clock
from trayapp.core.guard import Watch
from trayapp.core.records import CheckRecord, StatusRecord, WatchRecord, status_record
from trayapp.core.situation import Situation
from trayapp.core.text import name
from trayapp.settings import Paths, Settings

_LABEL = 24
"""Characters of a label that a line gives room to."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object; the README names its fields.")
def status(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Tell how things stand. Exit code 3 when not everything is being watched."""
    paths = Paths.platform()
    known = settings(paths)
    answer = ask_tray(paths, "status")
    if answer is not None and "status" not in answer:
        raise Refused("trayapp is running but does not say how things stand. Its log may say why; start it again.")
    record = cast("StatusRecord", answer["status"]) if answer else _without_tray(paths, known)
    if as_json:
        echo_json(record)
    else:
        for line in status_lines(record, clock(), sys.stdout):
            click.echo(fit(line, sys.stdout))
    if record["state"] == "not-watching":
        raise click.exceptions.Exit(NOT_WATCHING)


def status_lines(record: StatusRecord, moment: Clock, stream: TextIO) -> Iterator[str]:
    """Tell a status in lines: an account a block, those in trouble first, then what is to be done."""
    accounts = sorted(record["accounts"], key=lambda watch: watch["watching"])
    width = max((len(_label(watch)) for watch in accounts), default=0)
    for watch in accounts:
        first, *more = _watch_lines(watch, moment, stream)
        yield f"{_label(watch):{width}}   {first}"
        yield from (f"{'':{width}}   {line}" for line in more)
    if not accounts:
        problem = PROBLEMS[Cause.NO_ACCOUNT]
        yield f"Not watching: {problem.what}. {problem.way_out}"
    if record["paused_until"]:
        yield f"Notifications are paused until {_time(record['paused_until'], moment)}."
    yield (
        f"{record['to_review']} to review. See: trayapp alerts --to-review"
        if record["to_review"]
        else "Nothing to review."
    )
    if kept := record["quarantined"]:
        messages = "1 message is" if kept == 1 else f"{kept} messages are"
        yield f"{messages} kept aside, unread. See: trayapp quarantine list"
    if waiting := record.get("unverified"):
        messages = "1 message has" if waiting == 1 else f"{waiting} messages have"
        yield f"{messages} been shown unverified; the certificate is asked for again."
    if record["existing"]:
        yield f"{record['existing']} resources existed before the watching began."


def _watch_lines(watch: WatchRecord, moment: Clock, stream: TextIO) -> Iterator[str]:
    where = f"at {watch['endpoint']}, not AWS   " if watch["endpoint"] else ""
    if watch["watching"]:
        answered = f"   last answer {_fresh(watch['last_answer'], moment)}" if watch["last_answer"] else ""
        checked = f"   checked {_fresh(watch['checked'], moment)}" if watch["checked"] else ""
        yield f"{where}watching{answered}{checked}"
    else:
        since = "" if watch["cause"] == Cause.NOT_RUNNING.value else f" since {_time(watch['since'], moment)}"
        yield f"{where}not watching{since}   {watch['sentence']}"
        yield from (said for said in (watch["way_out"], watch["detail"] and f"({watch['detail']})") if said)
    signs = marks(stream)
    by_outcome = {
        Outcome.FAILED.value: signs.ill,
        Outcome.UNANSWERED.value: signs.ill,
        Outcome.NOTICE.value: signs.well,
        Outcome.NOT_GRANTED.value: signs.not_asked,
    }
    for check in watch["checks"]:
        if sign := by_outcome.get(check["outcome"]):
            yield f"{sign} {_spoken(check)}"


def _spoken(check: CheckRecord) -> str:
    region = f" ({check['region']})" if check["region"] else ""
    problem = PROBLEMS[Cause(check["cause"])].what if check["cause"] else ""
    return f"{check['check'].replace('-', ' ')}{region}: {check['sentence'] or problem or check['outcome']}"


def _label(watch: WatchRecord) -> str:
    return name(watch["label"], _LABEL)


def _time(written: str, moment: Clock) -> str:
    return moment.moment(datetime.fromisoformat(written))


def _fresh(written: str | None, moment: Clock) -> str:
    """Say how long ago something was, or else when."""
    if not written:
        return ""
    when = datetime.fromisoformat(written)
    return moment.ago(when) or moment.moment(when)


def _without_tray(paths: Paths, known: Settings) -> StatusRecord:
    moment = clock()
    with opened(paths) as store:
        situation = Situation(
            watches=tuple(
                Watch(account.name, account.called, account.endpoint_host, Cause.NOT_RUNNING, moment.now)
                for account in known.accounts
            ),
            to_review=tuple(store.to_review()),
            quarantined=store.quarantined(),
            paused_until=_still(store.paused_until(), moment.now),
            began=moment.now,
        )
        record = status_record(situation, store.counts(), store.existing(), moment)
    # Nobody was there to see when the watching ended.
    return {**record, "since": None}


def _still(until: datetime | None, now: datetime) -> datetime | None:
    """Give the end of a pause that has not ended meanwhile."""
    return until if until is not None and until > now else None
