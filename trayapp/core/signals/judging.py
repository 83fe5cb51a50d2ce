"""Holding facts against the catalogue."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from trayapp.core.facts import ApiCall, Change, Fact, ResourceChange, Verdict
from trayapp.core.finding import Certainty, Finding, Lane
from trayapp.core.severity import Severity
from trayapp.core.signals import types
from trayapp.core.signals.catalogue import CATALOGUE
from trayapp.core.signals.linking import fingerprint, happened, links_of, standing_details
from trayapp.core.signals.looks import ANY, call_key
from trayapp.core.signals.model import (
    HOLDS,
    Considered,
    Context,
    Evidence,
    F,
    Judgement,
    Known,
    Look,
    Signal,
    Thing,
)
from trayapp.core.signals.refusals import plain_action, why_no_refusal

NEW_WITHIN = timedelta(hours=1)
"""Continuous recording tells of a new resource within minutes (142 s to 13 min in real messages); an hour is ample."""

NEW_WITHIN_DAILY = timedelta(hours=25)
"""With daily recording an item may be a whole day old, and late by an hour."""

_LANES: Mapping[type, Lane] = {ResourceChange: Lane.CONFIG, ApiCall: Lane.CLOUDTRAIL, Verdict: Lane.AWS}


@dataclass(frozen=True, slots=True)
class _Existing:
    """It matched, but was there before.

    Attributes:
        fingerprint: What it would have as a finding.
        subject_id: The thing's id.
        reason: Since when.
        birth: The look was for things that come to be.
    """

    fingerprint: str
    subject_id: str
    reason: str
    birth: bool


@dataclass(frozen=True, slots=True)
class _Outcome:
    signal: Signal
    looks_for: str
    result: Finding | _Existing | str


def judge(fact: Fact, received: datetime, known: Known) -> Judgement:
    """Judge one fact.

    Args:
        fact: The fact.
        received: When its message reached us, aware; stands in where the message does not say when AWS looked.
        known: What is known from before.

    Returns:
        The findings, at most one per signal and thing, and the fingerprints of what was there before.
    """
    outcomes = list(_outcomes(fact, received, known))
    findings = [outcome.result for outcome in outcomes if isinstance(outcome.result, Finding)]
    existing = [
        (outcome.signal, outcome.result)
        for outcome in outcomes
        if isinstance(outcome.result, _Existing) and outcome.result.birth
    ]
    return Judgement(
        tuple(finding for finding in findings if not _said_by_another(finding, findings)),
        tuple(
            dict.fromkeys(
                old.fingerprint
                for signal, old in existing
                if not any(
                    signal.id in other.instead_of and old.subject_id == another.subject_id
                    for other, another in existing
                )
            )
        ),
    )


def explain(fact: Fact, received: datetime, known: Known) -> tuple[Considered, ...]:
    """Tell how each signal took a fact that looks at such facts at all; arguments as of ``judge``."""
    outcomes = list(_outcomes(fact, received, known))
    told = judge(fact, received, known).findings
    by_signal: dict[str, list[_Outcome]] = {}
    for outcome in outcomes:
        by_signal.setdefault(outcome.signal.id, []).append(outcome)
    return tuple(_considered(of_signal, told) for of_signal in by_signal.values())


def _considered(outcomes: Sequence[_Outcome], told: Sequence[Finding]) -> Considered:
    signal = outcomes[0].signal
    found = [outcome for outcome in outcomes if isinstance(outcome.result, Finding)]
    looks_for = " — or ".join(dict.fromkeys(outcome.looks_for for outcome in (found or outcomes)))
    findings = [finding for finding in told if finding.signal == signal.id]
    if findings:
        severity = max(finding.severity for finding in findings)
        subjects = ", ".join(finding.subject.name or finding.subject.id for finding in findings)
        return Considered(
            signal.id, severity, looks_for, matched=True, reason=f"{findings[0].certainty.value}: {subjects}"
        )
    if found:
        instead = next((each.signal for each in told if signal.id in _ROWS[each.signal].instead_of), "another signal")
        return Considered(signal.id, signal.severity, looks_for, matched=False, reason=f"{instead} says it, and more")
    reasons = (
        outcome.result.reason if isinstance(outcome.result, _Existing) else str(outcome.result) for outcome in outcomes
    )
    return Considered(signal.id, signal.severity, looks_for, matched=False, reason="; ".join(dict.fromkeys(reasons)))


def _outcomes(fact: Fact, received: datetime, known: Known) -> Iterator[_Outcome]:
    context = Context(received, known)
    match fact:
        case ResourceChange():
            yield from _held(fact, _CONFIG.get(fact.resource_type, ()), context, _news)
        case ApiCall():
            call = replace(fact, action=plain_action(fact.action))
            looks = (*_CALLS.get(call_key(call.service, call.action), ()), *_CALLS[ANY])
            yield from _held(call, looks, context, _done)
        case Verdict():
            yield from _held(fact, _VERDICTS.get(fact.judge.value, ()), context, _said)
        case _:
            # That an instance changes its state is no signal: one that is started again looks like a new one, and what
            # is new comes by itself from AWS Config or CloudTrail.
            return


def _held(
    fact: F,
    pairs: Sequence[tuple[Signal, Look[F]]],
    context: Context,
    certain: Callable[[F, Signal, Context], Certainty | str],
) -> Iterator[_Outcome]:
    for signal, look in pairs:
        for thing in look.things(fact):
            yield _Outcome(signal, look.says, _result(fact, signal, look, thing, context, certain))


def _result(
    fact: F,
    signal: Signal,
    look: Look[F],
    thing: Thing,
    context: Context,
    certain: Callable[[F, Signal, Context], Certainty | str],
) -> Finding | _Existing | str:
    evidence = HOLDS
    for condition in look.conditions:
        found = condition.check(fact, thing, context)
        if isinstance(found, str):
            return found
        evidence = _joined(evidence, found)
    certainty = certain(fact, signal, context)
    mark = fingerprint(fact, signal, thing, evidence, refused=certainty is Certainty.REFUSED)
    if not isinstance(certainty, Certainty):
        old = isinstance(fact, ResourceChange)
        return _Existing(mark, thing.subject.id, certainty, look.birth) if old else certainty
    certainty = evidence.certainty if evidence.certainty and certainty is Certainty.NEW else certainty
    case = evidence.details.get("case") or _case(fact)
    return Finding(
        signal=signal.id,
        theme=signal.theme,
        severity=_severity(fact, signal, evidence, certainty, context),
        certainty=certainty,
        lane=_LANES[type(fact)],
        account_id=fact.account_id,
        region=fact.region,
        subject=thing.subject,
        fingerprint=mark,
        links=links_of(fact, thing, evidence),
        happened=happened(fact),
        actor=fact.actor if isinstance(fact, ApiCall) else None,
        address=fact.address if isinstance(fact, ApiCall) else "",
        agent=fact.agent if isinstance(fact, ApiCall) else "",
        details={**standing_details(fact, thing), **evidence.details, "case": case},
    )


def _joined(one: Evidence, other: Evidence) -> Evidence:
    if one is HOLDS:
        return other
    severities = [each for each in (one.severity, other.severity) if each is not None]
    return Evidence(
        {**one.details, **other.details},
        max(severities, default=None),
        other.certainty or one.certainty,
        one.key + other.key,
        one.links + other.links,
    )


def _severity(fact: Fact, signal: Signal, evidence: Evidence, certainty: Certainty, context: Context) -> Severity:
    severity = signal.severity if evidence.severity is None else evidence.severity
    if certainty is Certainty.REFUSED:
        # What did not happen is one step lighter, but who tries heavy things is never a small matter.
        return max(Severity(severity - 1), Severity.MEDIUM)
    timeless = isinstance(fact, ResourceChange) and fact.resource_type not in types.TIMED
    if certainty is Certainty.FIRST_SEEN and timeless and fact.account_id not in context.known.settled:
        # The first inventory of a recorder looks like this, with everything that was ever made.
        return Severity.LOW
    return severity


def _news(fact: ResourceChange, signal: Signal, context: Context) -> Certainty | str:  # noqa: ARG001 - a lane's form
    if fact.change is not Change.CREATED:
        return Certainty.NEW
    if fact.born is None:
        return Certainty.FIRST_SEEN
    age = (fact.captured or context.received) - fact.born
    if age <= (NEW_WITHIN_DAILY if fact.daily else NEW_WITHIN):
        return Certainty.NEW
    return f"it existed before: made {_long(age)} before AWS Config saw it"


def _done(fact: ApiCall, signal: Signal, context: Context) -> Certainty | str:  # noqa: ARG001 - a lane's form
    if not fact.error:
        return Certainty.NEW
    return why_no_refusal(fact, signal) or Certainty.REFUSED


def _said(fact: Verdict, signal: Signal, context: Context) -> Certainty | str:  # noqa: ARG001 - a lane's form
    return Certainty.AWS_SAYS


def _case(fact: Fact) -> str:
    match fact:
        case ResourceChange():
            return fact.change.value
        case ApiCall():
            return fact.action
        case _:
            return ""


def _said_by_another(finding: Finding, findings: Sequence[Finding]) -> bool:
    return any(
        finding.signal in _ROWS[other.signal].instead_of
        # What is told of the account as a whole is told of whatever is in it.
        and (other.subject == finding.subject or finding.subject.resource_type == types.ACCOUNT)
        for other in findings
    )


def _long(age: timedelta) -> str:
    if age >= timedelta(days=2):
        return f"{age.days:,} days"
    return f"{age.total_seconds() / 3600:.0f} h"


def _index(pairs: Sequence[tuple[Signal, Look[F]]]) -> dict[str, list[tuple[Signal, Look[F]]]]:
    found: dict[str, list[tuple[Signal, Look[F]]]] = {}
    for signal, look in pairs:
        for key in look.keys:
            found.setdefault(key, []).append((signal, look))
    return found


_ROWS = {signal.id: signal for signal in CATALOGUE}
_CONFIG = _index([(signal, look) for signal in CATALOGUE for look in signal.config])
_CALLS = _index([(signal, look) for signal in CATALOGUE for look in signal.calls])
_VERDICTS = _index([(signal, look) for signal in CATALOGUE for look in signal.verdicts])
