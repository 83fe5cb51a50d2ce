"""The owner's rules: how heavy a signal is to him, what he does not want to be told of, and when it is to be quiet.

Whoever has got into an account chooses the names of stacks and the tags of whatever he makes, and acts under the name
of the user whose key he stole. So a rule that goes by these must not become the place where he hides:

- The guard's own alerts, and what trayapp finds by itself, are never muted and never made lighter.
- What is critical is muted only by a rule that names its signal in full and goes by no stack, tag or actor.
- What is about identities is muted by no rule that goes by a stack or a tag, and by one that goes by an actor only if
  it names the signal in full as well.
- Root, and an identity of another account, are never an actor that a rule knows by name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from fnmatch import fnmatchcase

from trayapp.core.facts import ActorKind
from trayapp.core.finding import Finding, Lane, Theme
from trayapp.core.severity import Severity

TAG = "tag:"
"""What the names of those details begin with that are tags: the tag ``env`` is the detail ``tag:env``."""

EVERY_DAY = frozenset(range(7))
_STACK = "stack:"


@dataclass(frozen=True, slots=True)
class Mute:
    """One rule that mutes; all that it gives must match.

    Stack, actor, tag and signal are patterns of the shell (``*``, ``?``, ``[…]``), upper and lower case apart.

    Attributes:
        stack: The name or the ARN of a CloudFormation stack.
        actor: The name of a user, role or service, or an access key id.
        tag: A tag's key, or key and value: ``env``, ``env=dev``.
        signal: A signal's id.
        account: The twelve digits of an account.
        until: The day up to whose end it holds, or the moment at which it ends, without a zone in the reader's local
            time; ``None`` for always.
        reason: Why, for its owner.
    """

    stack: str = ""
    actor: str = ""
    tag: str = ""
    signal: str = ""
    account: str = ""
    until: date | None = None
    reason: str = ""

    @property
    def says(self) -> str:
        """The rule in words: ``muted by your rule: stack web-*, until 2026-12-31 (nightly deploys)``."""
        patterns = ", ".join(f"{key} {pattern}" for key, pattern in self._given())
        reason = f" ({self.reason})" if self.reason else ""
        return f"muted by your rule: {patterns}, {self._until_in_words()}{reason}"

    def over(self, now: datetime) -> bool:
        """Tell whether it has ended; ``now`` is aware, in the reader's local time."""
        if self.until is None:
            return False
        if not isinstance(self.until, datetime):
            return now.date() > self.until
        return (now if self.until.tzinfo else now.replace(tzinfo=None)) >= self.until

    def matches(self, finding: Finding) -> bool:
        """Tell whether everything it gives matches; a rule that gives nothing matches nothing."""
        given = dict(self._given())
        return bool(given) and all(_MATCHES[key](finding, pattern) for key, pattern in given.items())

    def may_mute(self, finding: Finding) -> bool:
        """Tell whether it may hide such a finding at all (see the head of this module)."""
        named = self.signal == finding.signal
        if finding.severity is Severity.CRITICAL:
            return named and not (self.stack or self.tag or self.actor)
        if finding.theme is Theme.IDENTITY:
            return not (self.stack or self.tag) and (named or not self.actor)
        return True

    def hides(self, finding: Finding) -> bool:
        """Tell whether it mutes a finding, as long as it holds: it matches and may."""
        return not is_guards_own(finding) and self.may_mute(finding) and self.matches(finding)

    def _given(self) -> Iterator[tuple[str, str]]:
        return ((key, pattern) for key in _MATCHES if (pattern := getattr(self, key)))

    def _until_in_words(self) -> str:
        if self.until is None:
            return "forever"
        if isinstance(self.until, datetime):
            return f"until {self.until.isoformat(sep=' ', timespec='minutes')}"
        return f"until {self.until.isoformat()}"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours of the day in which nothing is told aloud but what is critical.

    Attributes:
        begin: When they begin, local time.
        end: When they end; on the next day unless it is later than ``begin``. The moment itself is quiet no more.
        days: The weekdays on which they begin, Monday being 0: a night belongs to the day of its evening.
    """

    begin: time
    end: time
    days: frozenset[int] = EVERY_DAY

    def until(self, now: datetime) -> datetime | None:
        """Give when the quiet of this moment ends, ``None`` when it is not quiet.

        Args:
            now: The moment, aware, in the reader's local time; the answer has the same zone.
        """
        clock = now.replace(tzinfo=None)
        for day in (clock.date(), clock.date() - timedelta(days=1)):
            begin, end = datetime.combine(day, self.begin), datetime.combine(day, self.end)
            if end <= begin:
                end += timedelta(days=1)
            if day.weekday() in self.days and begin <= clock < end:
                return end.replace(tzinfo=now.tzinfo)
        return None


class ReviewOnOpen(Enum):
    """Which alerts count as reviewed once their page in the console was opened. The values stand in the settings."""

    ALL = "all"
    NOT_CRITICAL = "not-critical"
    """What is critical stays lit until its owner has decided."""
    NEVER = "never"

    def covers(self, severity: Severity) -> bool:
        """Tell whether opening an alert of this severity reviews it."""
        return self is ReviewOnOpen.ALL or (self is ReviewOnOpen.NOT_CRITICAL and severity < Severity.CRITICAL)


@dataclass(frozen=True, slots=True)
class Policy:
    """All of an owner's rules.

    Attributes:
        severities: How heavy a signal is, whatever the catalogue says, by the signal's id.
        watched_types: The only types of things to be told of, by AWS Config's names; ``None`` for all. What is
            critical is told whatever its type, and so is what AWS itself says.
        mutes: What mutes; of several rules that match the first is named.
        quiet_hours: When it is to be quiet, ``None`` for never.
        review_on_open: Which alerts count as reviewed once they were opened.
        keep: How long what is reviewed stays in the history.
    """

    severities: Mapping[str, Severity] = field(default_factory=dict)
    watched_types: frozenset[str] | None = None
    mutes: tuple[Mute, ...] = ()
    quiet_hours: QuietHours | None = None
    review_on_open: ReviewOnOpen = ReviewOnOpen.NOT_CRITICAL
    keep: timedelta = timedelta(days=365)

    def apply(self, finding: Finding, now: datetime) -> Finding:
        """Give the finding as its owner wants it: its severity his, and muted where one of his rules says so.

        Args:
            finding: The finding, as the catalogue made it.
            now: The moment, aware, in the reader's local time.
        """
        wanted = self.severities.get(finding.signal, finding.severity)
        if is_guards_own(finding):
            return replace(finding, severity=max(wanted, finding.severity))
        weighed = replace(finding, severity=wanted)
        return replace(weighed, muted=self._rule_against(weighed, now) or finding.muted)

    def quiet_until(self, now: datetime) -> datetime | None:
        """Give when the quiet hours of this moment end, ``None`` outside of them; ``now`` is aware, in local time."""
        return self.quiet_hours.until(now) if self.quiet_hours else None

    def quiet(self, now: datetime) -> bool:
        """Tell whether it is to be quiet; ``now`` is aware, in the reader's local time."""
        return self.quiet_until(now) is not None

    def _rule_against(self, finding: Finding, now: datetime) -> str:
        for mute in self.mutes:
            if not mute.over(now) and mute.hides(finding):
                return mute.says
        heard = finding.severity is Severity.CRITICAL or finding.lane is Lane.AWS or self.watched_types is None
        if heard or finding.subject.resource_type in (self.watched_types or ()):
            return ""
        return f"muted by your rule: {finding.subject.resource_type} is not among the watched types"


def is_guards_own(finding: Finding) -> bool:
    """Tell whether a finding is about the watching itself or was found by trayapp alone: no rule may hide these."""
    return finding.theme is Theme.GUARD or finding.lane is Lane.CLIENT


def stack_names(finding: Finding) -> frozenset[str]:
    """Give the names of the stacks that a finding's thing belongs to."""
    return frozenset(filter(None, map(_stack_name, _stacks(finding))))


def known_name(finding: Finding) -> str:
    """Give the name by which a rule knows who did it; empty where there is none that a rule may go by."""
    actor = finding.actor
    if actor is None or actor.kind is ActorKind.ROOT:
        return ""
    # In an account of his own anybody can call a role what he likes.
    at_home = actor.kind is ActorKind.SERVICE or (actor.account_id and actor.account_id == finding.account_id)
    return actor.name if at_home else ""


def tags(finding: Finding) -> dict[str, str]:
    """Give the tags of a finding's thing, each value by its key."""
    return {name.removeprefix(TAG): value for name, value in finding.details.items() if name.startswith(TAG)}


def _stacks(finding: Finding) -> frozenset[str]:
    """Give the stacks of a finding's thing as they are written there: names and ARNs."""
    arns = [link.removeprefix(_STACK) for link in finding.links if link.startswith(_STACK)]
    return frozenset({*arns, finding.details.get("stack", "")} - {""})


def _stack_name(stack: str) -> str:
    """Take the name out of ``arn:aws:cloudformation:eu-central-1:123456789012:stack/web/5b8f1f3e-…``."""
    before, _, path = stack.partition(":stack/")
    return path.partition("/")[0] or before


def _of_stack(finding: Finding, pattern: str) -> bool:
    return any(fnmatchcase(each, pattern) for each in _stacks(finding) | stack_names(finding))


def _by_actor(finding: Finding, pattern: str) -> bool:
    actor = finding.actor
    if actor is None or actor.kind is ActorKind.ROOT:
        return False
    return any(fnmatchcase(each, pattern) for each in {actor.key_id, known_name(finding)} - {""})


def _with_tag(finding: Finding, pattern: str) -> bool:
    key, valued, value = pattern.partition("=")
    return any(
        fnmatchcase(name, key) and (not valued or fnmatchcase(held, value)) for name, held in tags(finding).items()
    )


def _of_signal(finding: Finding, pattern: str) -> bool:
    return fnmatchcase(finding.signal, pattern)


def _of_account(finding: Finding, account: str) -> bool:
    return finding.account_id == account


_MATCHES = {"stack": _of_stack, "actor": _by_actor, "tag": _with_tag, "signal": _of_signal, "account": _of_account}
"""How each key of a rule is matched, in the order in which the rule is told."""
