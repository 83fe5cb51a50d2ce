"""Why did I (not) hear of this? Message bodies in, out what trayapp makes of them, asking neither AWS nor the store.

All that frames it is said in the reader's language. Why a signal did not match stays English, as the conditions write
it: it is a trace of the program, to be looked up in its sources and quoted in a report of a bug.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import click

from trayapp.cli.common import Refused, clock
from trayapp.cli.terminal import at_least, cell, severity_word
from trayapp.core import console, signals, words
from trayapp.core.clock import Clock
from trayapp.core.facts import ApiCall, Change, Fact, InstanceState, ResourceChange, Verdict
from trayapp.core.finding import Finding
from trayapp.core.incidents import Incident
from trayapp.core.language import mark, say, say_reason
from trayapp.core.severity import Severity
from trayapp.core.text import clean, name
from trayapp.core.ties import group
from trayapp.inbox import read

_LABEL = mark("your account")
_CHANGED = {
    Change.CREATED: mark("{thing} was created"),
    Change.UPDATED: mark("{thing} was updated"),
    Change.DELETED: mark("{thing} was deleted"),
}


class SignalRecord(TypedDict):
    """One signal that a message was held against."""

    id: str
    severity: str
    matched: bool
    reason: str


class Explanation(TypedDict):
    """What one message is to trayapp, as ``--json`` prints it."""

    input: str
    kind: str
    unreadable: str | None
    facts: list[str]
    signals: list[SignalRecord]
    considered: list[SignalRecord]
    incident: str | None
    severity: str | None
    title: str | None
    text: str | None
    url: str | None


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print one object a line; the README names its fields.")
def explain(files: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Explain what message bodies mean to trayapp: each FILE is one body, or JSON Lines; - is standard input.

    For each: what it is, the facts, the signals that matched and those that did not with the reason, and the words
    that would be shown. Neither AWS nor your alerts are touched.
    """
    moment = clock()
    for called, body in _bodies(files or (Path("-"),)):
        explained = _explain(called, body, moment)
        click.echo(json.dumps(explained) if as_json else _spoken(explained))


def _bodies(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for file in files:
        try:
            raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            raise Refused(say("{path} cannot be read: {reason}.", path=file, reason=error.strerror)) from None
        text = raw.decode("utf-8", "replace")
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(_is_object(line) for line in lines):
            yield from ((f"{file}:{number}", line) for number, line in enumerate(lines, 1))
        else:
            yield str(file), text


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _explain(called: str, body: str, moment: Clock) -> Explanation:
    reading = read(body)
    known = signals.Known()
    found: list[Finding] = []
    considered: list[SignalRecord] = []
    for fact in reading.facts:
        found += signals.judge(fact, moment.now, known).findings
        considered += [_signal(each) for each in signals.explain(fact, moment.now, known)]
    heaviest = _heaviest(found, moment)
    return Explanation(
        input=called,
        kind=reading.kind,
        unreadable=reading.unreadable or None,
        facts=[_fact(fact) for fact in reading.facts],
        signals=[each for each in considered if each["matched"]],
        considered=[each for each in considered if not each["matched"]],
        incident=_joins(heaviest.main) if heaviest else None,
        severity=heaviest.severity.word if heaviest else None,
        title=words.title(heaviest, say(_LABEL)) if heaviest else None,
        text=words.body(heaviest, say(_LABEL), moment) if heaviest else None,
        url=console.link_of(heaviest.main) if heaviest else None,
    )


def _signal(considered: signals.Considered) -> SignalRecord:
    return SignalRecord(
        id=considered.signal,
        severity=considered.severity.word,
        matched=considered.matched,
        reason=considered.reason,
    )


def _heaviest(found: list[Finding], moment: Clock) -> Incident | None:
    incidents = [
        Incident(0, "", members, moment.now, None, None, None)
        for members in group([(each, moment.now) for each in found])
    ]
    return max(incidents, key=lambda incident: incident.severity, default=None)


def _joins(finding: Finding) -> str:
    """Name what an incident of this finding would gather around: the strongest of what it shares."""
    order = ("stack", "group", "event", "key", "session", "thing")
    links = sorted(
        finding.links, key=lambda link: (order.index(kind) if (kind := link.partition(":")[0]) in order else 9, link)
    )
    return links[0] if links else finding.fingerprint


def _fact(fact: Fact) -> str:
    match fact:
        case ResourceChange():
            called = f" ({name(fact.resource_name)})" if fact.resource_name else ""
            return say(_CHANGED[fact.change], thing=f"{fact.resource_type} {name(fact.resource_id, 60)}{called}")
        case ApiCall():
            call, who = f"{fact.service}:{fact.action}", words.by_whom(fact.actor)
            called = say("{call} {by_whom}", call=call, by_whom=who) if who else call
            return say("{call}, refused: {error}", call=called, error=name(fact.error)) if fact.error else called
        case Verdict():
            kind, text = name(fact.kind, 80), name(fact.text, 120)
            return say("AWS ({judge}) says {kind}: {text}", judge=fact.judge.value, kind=kind, text=text)
        case InstanceState():
            return say("instance {id} is {state}", id=name(fact.instance_id), state=name(fact.state))


def _spoken(explained: Explanation) -> str:
    lines = [f"{explained['input']}: {explained['kind']}"]
    if explained["unreadable"]:
        reason = say_reason(explained["unreadable"])
        lines.append("  " + say("It cannot be read: {reason}. It would be kept aside whole.", reason=reason))
    words_before = [say("fact"), say("signal"), say("not"), say("incident"), say("says"), say("opens")]
    widest = at_least(9, words_before)
    fact, signal, without, incident, says, opens = (f"  {cell(each, widest, sys.stdout)} " for each in words_before)
    lines += [f"{fact}{each}" for each in explained["facts"]]
    lines += [f"{signal}{each['id']} ({_severity(each['severity'])})" for each in explained["signals"]]
    lines += [f"{without}{each['id']}: {each['reason']}" for each in explained["considered"]]
    if explained["title"]:
        lines += [f"{incident}{explained['incident']}", f"{says}{explained['title']}"]
        lines.append(f"{' ' * (widest + 3)}{explained['text']}")
        lines += [f"{opens}{explained['url']}"] if explained["url"] else []
    elif not explained["unreadable"]:
        lines.append("  " + say("It would be counted and not told."))
    # A body may come from anybody, and what it says must not steer the terminal.
    return "\n".join(map(clean, lines))


def _severity(word: str) -> str:
    return severity_word(Severity[word.upper()])
