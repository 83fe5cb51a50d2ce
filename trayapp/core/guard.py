"""Whether we are watching, and if not: why, what it means, and what to do.

Green means "checked, and watching". Everything else is a cause from the closed list below, each with its own
sentence and its own way out.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum


class Cause(Enum):
    """Why an account is not being watched. The values are stable: ``trayapp status --json`` prints them."""

    STARTING = "starting"
    NOT_RUNNING = "not-running"
    NO_ACCOUNT = "no-account"
    SIGNED_OUT = "signed-out"
    KEYRING_LOCKED = "keyring-locked"
    KEYRING_MISSING = "keyring-missing"
    NO_NETWORK = "no-network"
    NO_ANSWER = "no-answer"
    PROXY_FAILING = "proxy-failing"
    INTERCEPTED = "intercepted"
    TLS_REFUSED = "tls-refused"
    CLOCK_WRONG = "clock-wrong"
    KEY_REFUSED = "key-refused"
    SECRET_WRONG = "secret-wrong"  # noqa: S105 - the name of a problem
    NOT_PERMITTED = "not-permitted"
    QUEUE_MISSING = "queue-missing"
    KMS_REFUSED = "kms-refused"
    THROTTLED = "throttled"
    AWS_FAILING = "aws-failing"
    STORE_FAILING = "store-failing"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a cause means to the owner.

    Attributes:
        what: What is the matter, a clause without a full stop.
        way_out: The next step, a sentence.
        passing: It may pass by itself within minutes, so that it is not worth a notification at once.
    """

    what: str
    way_out: str
    passing: bool = False


PROBLEMS = {
    Cause.STARTING: Problem("asking AWS for the first time", "Wait for the first answer.", passing=True),
    Cause.NOT_RUNNING: Problem("trayapp is not running", "Start it with: trayapp run"),
    Cause.NO_ACCOUNT: Problem("no account is set up", "Set one up with: trayapp login"),
    Cause.SIGNED_OUT: Problem("there is no key in the keyring", "Sign in with: trayapp login {account}"),
    Cause.KEYRING_LOCKED: Problem("the keyring is locked", "Unlock it; trayapp goes on by itself."),
    Cause.KEYRING_MISSING: Problem(
        "there is no keyring to read the key from",
        "Install and start one (on Linux GNOME Keyring or KWallet), then run: trayapp login {account}",
    ),
    Cause.NO_NETWORK: Problem(
        "no connection to AWS",
        "Check the network. AWS keeps what happens for 14 days; nothing is lost.",
        passing=True,
    ),
    Cause.NO_ANSWER: Problem(
        "AWS does not answer in time",
        "Check the network. AWS keeps what happens for 14 days; nothing is lost.",
        passing=True,
    ),
    Cause.PROXY_FAILING: Problem(
        "the proxy does not let us through", "Check the proxy's address and sign-in.", passing=True
    ),
    Cause.INTERCEPTED: Problem(
        "a login page is in the way", "Open a browser and sign in to this network.", passing=True
    ),
    Cause.TLS_REFUSED: Problem(
        "the connection to AWS cannot be trusted",
        "Something on this network answers in AWS's place. Use another network, or name your company's CA bundle "
        "in AWS_CA_BUNDLE.",
    ),
    Cause.CLOCK_WRONG: Problem(
        "this computer's clock is wrong", "Set the clock; AWS refuses requests from another time."
    ),
    Cause.KEY_REFUSED: Problem(
        "AWS does not know this access key",
        "It was deleted or switched off at AWS. If you did not do that, treat it as a takeover: sign in as root now. "
        "Else make a new key and run: trayapp login {account}",
    ),
    Cause.SECRET_WRONG: Problem("the secret key is wrong", "Run: trayapp login {account}"),
    Cause.NOT_PERMITTED: Problem(
        "this key may not read the queue",
        "Give its user the listener policy of the template (trayapp template), or run: trayapp login {account}",
    ),
    Cause.QUEUE_MISSING: Problem(
        "the queue is not there",
        "If you did not delete it, look at the account now. Else check its address and Region: trayapp login {account}",
    ),
    Cause.KMS_REFUSED: Problem(
        "this key may not decrypt the queue", "Allow kms:Decrypt on the queue's KMS key to the key's user."
    ),
    Cause.THROTTLED: Problem("AWS asks us to slow down", "Nothing to do; it retries.", passing=True),
    Cause.AWS_FAILING: Problem("AWS is not answering properly", "Nothing to do; it retries.", passing=True),
    Cause.STORE_FAILING: Problem(
        "alerts cannot be written to disk",
        "Free some disk space. Nothing is taken out of the queue until it can be written.",
    ),
    Cause.INTERNAL: Problem("trayapp itself failed", "It retries. If it stays, report it with the log file."),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """How it stands with watching one account.

    Attributes:
        account: The account's name in the settings.
        label: What its owner calls it.
        endpoint: The host of an AWS-compatible server, or empty for AWS itself.
        cause: Why it is not watched, ``None`` when it is.
        since: Since when that has been so, aware.
        detail: What was said in refusing, cleaned, for the log and the terminal; may be empty.
        last_answer: When the queue last answered, ``None`` if it never did.
        failures: Failures in a row.
    """

    account: str
    label: str
    endpoint: str
    cause: Cause | None
    since: datetime
    detail: str = ""
    last_answer: datetime | None = None
    failures: int = 0

    @property
    def watching(self) -> bool:
        """Whether the last question to the queue was answered."""
        return self.cause is None

    def answered(self, when: datetime) -> "Watch":
        """Give the watch after the queue has answered."""
        since = self.since if self.watching else when
        return replace(self, cause=None, since=since, detail="", last_answer=when, failures=0)

    def failed(self, cause: Cause, when: datetime, detail: str = "") -> "Watch":
        """Give the watch after a failure.

        A single failure of the passing kind does not turn the light off: a connection may be cut at any time, and
        the very next attempt tells whether that meant anything.
        """
        failures = self.failures + 1
        if self.watching and PROBLEMS[cause].passing and failures == 1:
            return replace(self, failures=failures)
        since = self.since if cause is self.cause else when
        if self.cause is not None and self.cause is not Cause.STARTING and PROBLEMS[cause].passing:
            since = self.since  # one outage may look different from try to try; it began when the first did
        return replace(self, cause=cause, since=since, detail=detail, failures=failures)


def problem_of(watch: Watch) -> Problem | None:
    """Look up what is the matter with a watch, its way out naming the account; ``None`` while it is well."""
    if watch.cause is None:
        return None
    problem = PROBLEMS[watch.cause]
    return replace(problem, way_out=problem.way_out.format(account=watch.account))
