"""Whether we are watching, and if not: why, and since when.

Green means "checked, and watching": the last question to the queue was answered in time, the key is that of the
account that its owner signed in to, and the last round of checks passed.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from trayapp.core.causes import PROBLEMS, Cause, Problem
from trayapp.core.checks import Checked
from trayapp.core.language import say


@dataclass(frozen=True, slots=True)
class Watch:
    """How it stands with watching one account.

    Attributes:
        account: The account's name in the settings.
        label: What its owner calls it.
        endpoint: The host of an AWS-compatible server, or empty for AWS itself.
        trouble: Why the queue gives nothing, ``None`` when it answers.
        since: Since when it has been watched, or not, for this cause; aware.
        detail: What was said in refusing, cleaned, for the log and the terminal; may be empty.
        last_answer: When the queue last answered, ``None`` if it never did.
        failures: Failures of the queue in a row.
        checks: How the last round of checks came out.
        checked: When that was, ``None`` before the first.
    """

    account: str
    label: str
    endpoint: str
    trouble: Cause | None
    since: datetime
    detail: str = ""
    last_answer: datetime | None = None
    failures: int = 0
    checks: tuple[Checked, ...] = ()
    checked: datetime | None = None

    @property
    def cause(self) -> Cause | None:
        """Why it is not watched, ``None`` when it is: the queue first, then the checks."""
        if self.trouble is not None:
            return self.trouble
        if self.checked is None:
            return Cause.CHECKING
        return min((check.cause for check in self.checks if check.cause), key=_weight, default=None)

    @property
    def causes(self) -> frozenset[Cause]:
        """Everything that keeps it from being watched at this moment."""
        known = {self.trouble, *(check.cause for check in self.checks)} - {None}
        return frozenset(cause for cause in (*known, self.cause) if cause)

    @property
    def watching(self) -> bool:
        """Whether the queue answers and the last round of checks passed."""
        return self.cause is None

    def answered(self, when: datetime) -> "Watch":
        """Give the watch after the queue has answered."""
        return self._since(replace(self, trouble=None, detail="", last_answer=when, failures=0), when)

    def failed(self, cause: Cause, when: datetime, detail: str = "") -> "Watch":
        """Give the watch after a failure of the queue.

        A single failure of the passing kind does not turn the light off: a connection may be cut at any time, and
        the very next attempt tells whether that meant anything.
        """
        failures = self.failures + 1
        if self.trouble is None and PROBLEMS[cause].passing and failures == 1:
            return replace(self, failures=failures)
        after = self._since(replace(self, trouble=cause, detail=detail, failures=failures), when)
        if self.trouble is not None and self.trouble is not Cause.STARTING and PROBLEMS[cause].passing:
            return replace(after, since=self.since)  # one outage may look different from try to try; it began earlier
        return after

    def after_checks(self, checks: tuple[Checked, ...], when: datetime) -> "Watch":
        """Give the watch after a round of checks."""
        return self._since(replace(self, checks=checks, checked=when), when)

    def _since(self, after: "Watch", when: datetime) -> "Watch":
        return replace(after, since=self.since if after.cause is self.cause else when)


def problem_of(watch: Watch) -> Problem | None:
    """Look up what is the matter with a watch, its way out naming the account; ``None`` while it is well."""
    cause = watch.cause
    if cause is None:
        return None
    problem = PROBLEMS[cause]
    return replace(problem, what=say(problem.what), way_out=say(problem.way_out, account=watch.account))


_WEIGHTS = {cause: weight for weight, cause in enumerate(Cause)}


def _weight(cause: Cause) -> tuple[bool, int]:
    """Put what passes by itself behind what does not, and both into the order of the list."""
    return PROBLEMS[cause].passing, _WEIGHTS[cause]
