"""What findings weigh together, and whether they are muted together."""

from collections.abc import Iterable

from trayapp.core.finding import Finding
from trayapp.core.severity import Severity
from trayapp.core.tellings import distinct

BURST_MACHINES = 10
BURST_VCPUS = 64
"""So many machines, or so much of them, in one incident are critical whatever each weighs by itself."""

_INSTANCE_SIGNALS = frozenset({"ec2-new", "ec2-large", "ec2-region"})


def weigh(findings: Iterable[Finding]) -> Severity:
    """Weigh findings together: as much as the heaviest, and critical where the machines add up."""
    heaviest, machines = Severity.LOW, dict[str, int]()
    for finding in findings:
        heaviest = max(heaviest, finding.severity)
        if finding.signal in _INSTANCE_SIGNALS:
            vcpus = finding.details.get("vcpus", "")
            # Each machine once, by the lane that knows more of it.
            known = int(vcpus) if vcpus.isdecimal() else 0
            machines[finding.subject.id] = max(machines.get(finding.subject.id, 0), known)
    burst = len(machines) >= BURST_MACHINES or sum(machines.values()) >= BURST_VCPUS
    return Severity.CRITICAL if burst else heaviest


def mute(findings: Iterable[Finding]) -> str:
    """Give the rule that mutes findings together; empty unless each happening is muted.

    What adds up to something critical out of harmless parts is never muted: no rule was made for that.
    """
    every = tuple(findings)
    critical = max((finding.severity for finding in every), default=Severity.LOW) is Severity.CRITICAL
    if every and not critical and weigh(every) is Severity.CRITICAL:
        return ""
    # The least of them, so that the empty text of one that is not muted comes before any rule.
    return min((part.muted for part in distinct(every)), default="")
