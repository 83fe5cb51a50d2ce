"""The order of findings, and the second telling of a happening, which is told once."""

from collections.abc import Iterable
from datetime import datetime

from trayapp.core.finding import Certainty, Finding, Lane

_USER_GONE = "iam-user-gone"


def moment(finding: Finding, received: datetime) -> datetime:
    """Give the time that counts for joining: when it happened, else when we heard of it."""
    return finding.happened or received


def order(finding: Finding) -> tuple[float, str, str]:
    """Give what findings are sorted by, so that the same findings always come in the same order."""
    return (finding.happened.timestamp() if finding.happened else float("inf"), finding.fingerprint, finding.lane.value)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings into the order of time, the same for the same findings."""
    return sorted(findings, key=order)


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out the second telling of the same happening; of two, the one that knows who did it stays.

    Where AWS Config tells of users deleted whose names nobody knows, each stands for one of the calls that deleted
    users and have no second telling of their own.
    """
    found: dict[str, Finding] = {}
    nameless: list[Finding] = []
    calls: dict[str, Finding] = {}
    # CloudTrail's comes first: it knows the actor, which AWS Config never does.
    for finding in sorted(findings, key=lambda each: (each.lane is not Lane.CLOUDTRAIL, *order(each))):
        if is_unnamed(finding):
            nameless.append(finding)
            continue
        by_name = _by_name(finding)
        same = by_name if by_name in found else finding.fingerprint
        if is_deleting_call(finding):
            calls[same] = finding
        elif same in found:
            calls.pop(same, None)
        found.setdefault(same, finding)
    found.update((finding.fingerprint, finding) for finding in nameless[len(calls) :])
    return tuple(in_order(found.values()))


def is_unnamed(finding: Finding) -> bool:
    """Tell whether it is AWS Config's telling of a user deleted, with nothing but the id."""
    return finding.signal == _USER_GONE and finding.lane is Lane.CONFIG and not finding.subject.name


def is_deleting_call(finding: Finding) -> bool:
    """Tell whether it is CloudTrail's telling of a user deleted, which knows nothing but the name."""
    done = finding.certainty is not Certainty.REFUSED
    return finding.signal == _USER_GONE and finding.lane is Lane.CLOUDTRAIL and done


def _by_name(finding: Finding) -> str:
    """Give the fingerprint by which a call would tell the same, where AWS Config's message had the id alone."""
    subject = finding.subject
    parts = finding.fingerprint.split(":")
    return ":".join(subject.name if subject.name and part == subject.id else part for part in parts)
