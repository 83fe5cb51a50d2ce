"""A message body straight to what the store commits: read it, then hold its facts against the catalogue of signals."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from trayapp.core import signals
from trayapp.core.facts import EC2_INSTANCE, IAM_USER, ApiCall, Fact, ResourceChange
from trayapp.core.finding import Finding
from trayapp.core.judged import Judged
from trayapp.core.signals import Known
from trayapp.inbox import kinds
from trayapp.inbox.read import read

NOTHING_KNOWN = Known()


def judge(body: str, received: datetime, known: Known = NOTHING_KNOWN) -> Judged:
    """Read and judge one body.

    Args:
        body: The body as it stood in the queue.
        received: When it reached us, aware.
        known: What is known of the accounts from before.

    Returns:
        What became of it. Never raises.
    """
    reading = read(body)
    judgements = [signals.judge(fact, received, known) for fact in reading.facts]
    return Judged(
        kind=reading.kind,
        findings=tuple(_named(finding, known) for judgement in judgements for finding in judgement.findings),
        existing=tuple(fingerprint for judgement in judgements for fingerprint in judgement.existing),
        seen=tuple(dict.fromkeys(pair for fact in reading.facts for pair in _seen(fact))),
        body=body if reading.unreadable else "",
        unreadable=reading.unreadable,
        heartbeat=(reading.sent or received) if reading.kind == kinds.HEARTBEAT else None,
    )


def _named(finding: Finding, known: Known) -> Finding:
    """Call a thing by the name that we knew it by, where the message has only its id, as for many a deleted user."""
    subject = finding.subject
    if subject.name:
        return finding
    name = known.names.get((finding.account_id, subject.id), "")
    if not name:
        return finding
    # The call that deleted it knows only the name. The fingerprint stays: it must be the same at each telling.
    links = finding.links | {f"thing:{subject.resource_type}:{name}"}
    return replace(finding, subject=replace(subject, name=name), links=links)


def _seen(fact: Fact) -> Iterator[tuple[str, str]]:
    """Give what a fact shows its account to have."""
    match fact:
        case ResourceChange():
            yield fact.account_id, f"type:{fact.resource_type}"
            if fact.resource_type == IAM_USER and fact.resource_name:
                yield fact.account_id, f"name:{fact.resource_id}:{fact.resource_name}"
            if fact.resource_type == EC2_INSTANCE:
                yield fact.account_id, f"region:{fact.region}"
        case ApiCall(service="ec2", action="RunInstances", error=""):
            yield fact.account_id, f"region:{fact.region}"
        case _:
            pass
