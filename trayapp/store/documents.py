"""Findings as they lie on disk: JSON that any later version can read."""

import json
from typing import Any

from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Lane, Subject, Theme, Trust
from trayapp.core.language import say
from trayapp.core.severity import Severity
from trayapp.store.times import moment


def write(finding: Finding) -> str:
    """Write a finding."""
    subject, actor = finding.subject, finding.actor
    document = {
        "signal": finding.signal,
        "theme": finding.theme.value,
        "severity": finding.severity.word,
        "certainty": finding.certainty.value,
        "lane": finding.lane.value,
        "account_id": finding.account_id,
        "region": finding.region,
        "subject": {"type": subject.resource_type, "id": subject.id, "name": subject.name, "arn": subject.arn},
        "fingerprint": finding.fingerprint,
        "links": sorted(finding.links),
        "happened": finding.happened.isoformat() if finding.happened else None,
        "address": finding.address,
        "agent": finding.agent,
        "muted": finding.muted,
        "trust": finding.trust.value,
        "details": dict(finding.details),
        "actor": None
        if actor is None
        else {
            "kind": actor.kind.value,
            "name": actor.name,
            "session": actor.session,
            "key_id": actor.key_id,
            "arn": actor.arn,
            "account_id": actor.account_id,
            "mfa": actor.mfa,
        },
    }
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))


class Spoiled(Exception):  # noqa: N818 - named after what it reports
    """What lies on disk is nothing that was ever written: it is damaged."""


def read(text: str) -> Finding:
    """Read what ``write`` wrote.

    Raises:
        Spoiled: It did not write that.
    """
    try:
        return _finding(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Spoiled(say("{kind} in a finding", kind=type(error).__name__)) from error


def _finding(document: dict[str, Any]) -> Finding:
    subject = document["subject"]
    return Finding(
        signal=document["signal"],
        theme=Theme(document["theme"]),
        severity=Severity[document["severity"].upper()],
        certainty=Certainty(document["certainty"]),
        lane=Lane(document["lane"]),
        account_id=document["account_id"],
        region=document["region"],
        subject=Subject(subject["type"], subject["id"], subject["name"], subject["arn"]),
        fingerprint=document["fingerprint"],
        links=frozenset(document["links"]),
        happened=moment(document["happened"]) if document["happened"] else None,
        actor=_actor(document["actor"]),
        address=document["address"],
        agent=document["agent"],
        muted=document["muted"],
        trust=Trust(document.get("trust", Trust.TRUSTED.value)),  # documents of the first version have none
        details=document["details"],
    )


def _actor(document: dict[str, Any] | None) -> Actor | None:
    if document is None:
        return None
    return Actor(**{**document, "kind": ActorKind(document["kind"])})
