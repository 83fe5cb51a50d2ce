"""What happened, sorted by what can be done about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from trayapp.core.facts import Actor, ActorKind
from trayapp.core.finding import Certainty, Finding, Theme, Trust
from trayapp.core.incidents import Incident
from trayapp.core.lapses import REHEARSAL
from trayapp.core.regions import AWS, Partition, is_region, partition_of
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER
from trayapp.core.tellings import distinct

_ROOT_SIGNALS = frozenset({"root-login", "root-recovery", "root-key"})
_LOCKS_OUT = frozenset({"iam-user-gone", "watch-key", "root-recovery", TAKEOVER})
_RULES = frozenset({"iam-user-admin", "iam-role-admin", "iam-group-admin"})
_WITHOUT_ROOT = frozenset({"aws-cn", "aws-us-gov"})
"""The partitions in whose console nobody can sign in as root.
https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html,
https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html"""

_OFF = frozenset({"CloseAccount", "LeaveOrganization"})


@dataclass(frozen=True, slots=True)
class Scene:
    """What happened.

    Attributes:
        account_id: The account's number; may be empty.
        partition: Whose console shows it; ``None`` for one whose console is not public knowledge.
        done: What was done, each happening once, the earliest first.
        tried: What was tried, and AWS refused.
        heavy: Something of it is critical, or it is critical together.
        forged: None of it is AWS's.
    """

    account_id: str
    partition: Partition | None
    done: tuple[Finding, ...]
    tried: tuple[Finding, ...]
    heavy: bool
    forged: bool

    @property
    def all(self) -> tuple[Finding, ...]:
        """What was done, and what was tried."""
        return (*self.done, *self.tried)

    def of(self, *signals: str) -> tuple[Finding, ...]:
        """Give what was done that matched any of these signals."""
        return tuple(finding for finding in self.done if finding.signal in signals)

    def has(self, *signals: str) -> bool:
        """Tell whether something was done that matched any of these signals."""
        return bool(self.of(*signals))

    @property
    def has_root(self) -> bool:
        """Whether somebody can sign in to this console as root."""
        return self.partition is None or self.partition.name not in _WITHOUT_ROOT

    @property
    def callers(self) -> tuple[Actor, ...]:
        """Who did it and who tried, each once; services of AWS and AWS itself are left out."""
        judged = (finding.actor for finding in self.all if finding.certainty is not Certainty.AWS_SAYS)
        return tuple(dict.fromkeys(actor for actor in judged if actor and actor.kind is not ActorKind.SERVICE))

    @property
    def own_callers(self) -> tuple[Actor, ...]:
        """The callers that are this account's own."""
        return tuple(each for each in self.callers if each.account_id in ("", self.account_id) or not self.account_id)

    @property
    def root_touched(self) -> bool:
        """Whether root was used, or somebody tried."""
        used = any(finding.signal in _ROOT_SIGNALS for finding in self.all)
        return used or any(actor.kind is ActorKind.ROOT for actor in self.own_callers)

    @property
    def locks_out(self) -> bool:
        """Whether its owner may not get in any more."""
        ended = any(each.details.get("action") in {"DeleteLoginProfile", *_OFF} for each in self.done)
        return ended or any(each.signal in _LOCKS_OUT for each in self.done)

    @property
    def ruled(self) -> bool:
        """Whether somebody else may do everything by now, so that none of the owner's users is safe to work with."""
        by_root = any(finding.signal in _ROOT_SIGNALS for finding in self.done)
        return self.locks_out or by_root or (self.heavy and any(each.signal in _RULES for each in self.done))

    @property
    def real(self) -> bool:
        """Whether something happened: it is neither forged nor the test alert that its owner asked for."""
        return not self.forged and any(finding.signal != REHEARSAL for finding in self.all)

    @property
    def computes(self) -> bool:
        """Whether something was started that costs money by the hour."""
        return any(each.theme is Theme.COMPUTE for each in self.done)


def scene_of(incident: Incident, related: Sequence[Incident]) -> Scene:
    """Sort out an incident and those that belong to the same affair."""
    forged = incident.trust is Trust.FORGED
    # What nobody at AWS has said need not have happened, and is nothing to act upon.
    incidents = () if forged else (incident, *related)
    findings = distinct(
        finding for each in incidents for finding in (*each.findings, *each.steps) if finding.trust is not Trust.FORGED
    )
    return Scene(
        account_id=next((each.account_id for each in (*findings, *incident.findings) if each.account_id), ""),
        partition=_partition(findings or incident.findings),
        done=tuple(finding for finding in findings if finding.certainty is not Certainty.REFUSED),
        tried=tuple(finding for finding in findings if finding.certainty is Certainty.REFUSED),
        heavy=any(each.severity is Severity.CRITICAL for each in incidents),
        forged=forged,
    )


def _partition(findings: Iterable[Finding]) -> Partition | None:
    """Tell whose console it is: by a Region, which AWS names, else by an ARN; the public one where nothing says."""
    found = tuple(findings)
    region = next((each.region for each in found if is_region(each.region)), "")
    if region:
        return partition_of("", region)
    return next((partition_of(arn, "") for arn in _arns(found)), AWS)


def _arns(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield from (
            arn for arn in (finding.subject.arn, finding.actor.arn if finding.actor else "") if arn[:4] == "arn:"
        )
