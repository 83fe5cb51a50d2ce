"""How things stand."""

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO, cast

import click
from wcwidth import wcswidth

from trayapp.cli.common import NOT_WATCHING, Refused, ask_tray, clock, echo_json, opened, settings
from trayapp.cli.marks import fit, marks
from trayapp.cli.terminal import cell
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Outcome
from trayapp.core.clock import Clock
from trayapp.core.guard import Watch
from trayapp.core.language import mark, say, say_count
from trayapp.core.records import CheckRecord, StatusRecord, WatchRecord, status_record
from trayapp.core.situation import Situation
from trayapp.core.text import name
from trayapp.settings import Paths, Settings

_BETWEEN = "   "
_LABEL = 24
"""Characters of a label that a line gives room to."""

_CHECKS = {
    Check.IDENTITY.value: mark("identity"),
    Check.RECORDER.value: mark("recorder"),
    Check.RECORDED_TYPES.value: mark("recorded types"),
    Check.DELIVERY_CHANNEL.value: mark("delivery channel"),
    Check.SUBSCRIPTION.value: mark("subscription"),
    Check.QUEUE_POLICY.value: mark("queue policy"),
    Check.CONSUMERS.value: mark("consumers"),
    Check.TRAIL.value: mark("CloudTrail"),
    Check.HEARTBEAT.value: mark("heartbeat"),
    Check.SIGNATURES.value: mark("signatures"),
}
_OUTCOMES = {
    Outcome.NOTICE.value: mark("as it was set up"),
    Outcome.NOT_GRANTED.value: mark("this key may not ask"),
    Outcome.UNANSWERED.value: mark("it could not be asked"),
    Outcome.FAILED.value: mark("failed"),
}
"""What is said of a check that says nothing of itself."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one object; the README names its fields.")
def status(as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Tell how things stand. Exit code 3 when not everything is being watched."""
    paths = Paths.platform()
    known = settings(paths)
    answer = ask_tray(paths, "status")
    if answer is not None and "status" not in answer:
        raise Refused(say("trayapp is running but does not say how things stand. Its log may say why; start it again."))
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
    width = max((wcswidth(_label(watch)) for watch in accounts), default=0)
    for watch in accounts:
        first, *more = _watch_lines(watch, moment, stream)
        yield f"{cell(_label(watch), width, stream)}   {first}"
        yield from (f"{'':{width}}   {line}" for line in more)
    if not accounts:
        problem = PROBLEMS[Cause.NO_ACCOUNT]
        yield say("Not watching: {problem}. {way_out}", problem=say(problem.what), way_out=say(problem.way_out))
    if record["paused_until"]:
        yield say("Notifications are paused until {moment}.", moment=_time(record["paused_until"], moment))
    if count := record["to_review"]:
        yield say("{count} to review. See: trayapp alerts --to-review", count=count)
    else:
        yield say("Nothing to review.")
    if kept := record["quarantined"]:
        yield say_count(
            "{count} message is kept aside, unread. See: trayapp quarantine list",
            "{count} messages are kept aside, unread. See: trayapp quarantine list",
            kept,
        )
    if waiting := record.get("unverified"):
        yield say_count(
            "{count} message has been shown unverified; the certificate is asked for again.",
            "{count} messages have been shown unverified; the certificate is asked for again.",
            waiting,
        )
    if record["existing"]:
        yield say("{count} resources existed before the watching began.", count=record["existing"])


def _watch_lines(watch: WatchRecord, moment: Clock, stream: TextIO) -> Iterator[str]:
    told = [say("at {server}, not AWS", server=watch["endpoint"])] if watch["endpoint"] else []
    if watch["watching"]:
        told.append(say("watching"))
        if watch["last_answer"]:
            told.append(say("last answer {ago}", ago=_fresh(watch["last_answer"], moment)))
        if watch["checked"]:
            told.append(say("checked {ago}", ago=_fresh(watch["checked"], moment)))
        yield _BETWEEN.join(told)
    else:
        if watch["cause"] == Cause.NOT_RUNNING.value:
            told.append(say("not watching"))
        else:
            told.append(say("not watching since {moment}", moment=_time(watch["since"], moment)))
        yield _BETWEEN.join([*told, watch["sentence"] or ""])
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
    called = say(_CHECKS[check["check"]])
    problem = say(PROBLEMS[Cause(check["cause"])].what) if check["cause"] else ""
    found = check["sentence"] or problem or say(_OUTCOMES[check["outcome"]])
    if check["region"]:
        return say("{check} ({region}): {found}", check=called, region=check["region"], found=found)
    return say("{check}: {found}", check=called, found=found)


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
