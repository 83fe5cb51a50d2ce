"""Why an account is not being watched: the closed list of causes, each with its own sentence and its own way out."""

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why an account is not being watched. The values are stable: ``trayapp status --json`` prints them."""

    STARTING = "starting"
    CHECKING = "checking"
    NOT_RUNNING = "not-running"
    NO_ACCOUNT = "no-account"
    SIGNED_OUT = "signed-out"
    KEYRING_LOCKED = "keyring-locked"
    KEYRING_MISSING = "keyring-missing"
    NO_NETWORK = "no-network"
    NAME_NOT_FOUND = "name-not-found"
    NO_ANSWER = "no-answer"
    PROXY_FAILING = "proxy-failing"
    INTERCEPTED = "intercepted"
    TLS_REFUSED = "tls-refused"
    CLOCK_WRONG = "clock-wrong"
    KEY_REFUSED = "key-refused"
    KEY_REVOKED = "key-revoked"
    WRONG_ACCOUNT = "wrong-account"
    SECRET_WRONG = "secret-wrong"  # noqa: S105 - the name of a problem
    NOT_PERMITTED = "not-permitted"
    PERMISSION_LOST = "permission-lost"
    QUEUE_MISSING = "queue-missing"
    KMS_REFUSED = "kms-refused"
    THROTTLED = "throttled"
    AWS_FAILING = "aws-failing"
    UNCHECKED = "unchecked"
    RECORDER_OFF = "recorder-off"
    RECORDER_FAILING = "recorder-failing"
    CHANNEL_FAILING = "channel-failing"
    SUBSCRIPTION_GONE = "subscription-gone"
    SUBSCRIPTION_FILTERED = "subscription-filtered"
    QUEUE_SHUT = "queue-shut"
    QUEUE_OPEN = "queue-open"
    QUEUE_SHARED = "queue-shared"
    TRAIL_OFF = "trail-off"
    HEARTBEAT_MISSING = "heartbeat-missing"
    DISK_FULL = "disk-full"
    STORE_DAMAGED = "store-damaged"
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
    Cause.CHECKING: Problem("checking those who report", "Wait for the first round of checks.", passing=True),
    Cause.NOT_RUNNING: Problem("trayapp is not running", "Start it with: trayapp run"),
    Cause.NO_ACCOUNT: Problem("no account is set up", "Set one up with: trayapp login"),
    Cause.SIGNED_OUT: Problem("there is no key in the keyring", "Sign in with: trayapp login {account}"),
    Cause.KEYRING_LOCKED: Problem("the keyring is locked", "Unlock it; trayapp goes on by itself."),
    Cause.KEYRING_MISSING: Problem(
        "there is no keyring",
        "Install and start one (on Linux GNOME Keyring or KWallet), then run: trayapp login {account}",
    ),
    Cause.NO_NETWORK: Problem(
        "no connection to AWS",
        "Check the network. AWS keeps what happens for 14 days; nothing is lost.",
        passing=True,
    ),
    Cause.NAME_NOT_FOUND: Problem(
        "AWS's address is not found",
        "Check the network and its name server (DNS). AWS keeps what happens for 14 days; nothing is lost.",
        passing=True,
    ),
    Cause.NO_ANSWER: Problem(
        "AWS does not answer in time",
        "Check the network. AWS keeps what happens for 14 days; nothing is lost.",
        passing=True,
    ),
    Cause.PROXY_FAILING: Problem(
        "the proxy lets nothing through", "Check the proxy's address and sign-in.", passing=True
    ),
    Cause.INTERCEPTED: Problem(
        "a login page is in the way", "Open a browser and sign in to this network.", passing=True
    ),
    Cause.TLS_REFUSED: Problem(
        "the connection is not trusted",
        "Use another network, or name your company's CA bundle in AWS_CA_BUNDLE. Something on this network answers in "
        "AWS's place.",
    ),
    Cause.CLOCK_WRONG: Problem(
        "this computer's clock is wrong", "Set the clock; AWS refuses requests from another time."
    ),
    Cause.KEY_REFUSED: Problem(
        "AWS does not know this access key",
        "If it was good before and you did not delete it, sign in as the root user now. Else make a new key and run: "
        "trayapp login {account}",
    ),
    Cause.KEY_REVOKED: Problem(
        "its key no longer works",
        "If that was not you, sign in as the root user now: somebody may be locking you out. Else make a new key and "
        "run: trayapp login {account}",
    ),
    Cause.WRONG_ACCOUNT: Problem(
        "its key is of another account",
        "Look whether somebody has changed the settings, then run: trayapp login {account}",
    ),
    Cause.SECRET_WRONG: Problem("the secret key is wrong", "Run: trayapp login {account}"),
    Cause.NOT_PERMITTED: Problem(
        "this key may not read the queue",
        "Give its user the listener policy of the template (trayapp template), or run: trayapp login {account}",
    ),
    Cause.PERMISSION_LOST: Problem(
        "it may no longer read the queue",
        "If you did not change its permissions, sign in as the root user now: somebody may be locking you out. Else "
        "give its user the listener policy again (trayapp template).",
    ),
    Cause.QUEUE_MISSING: Problem(
        "the queue is not there",
        "If you did not delete it, look at the account now. Else check its address and Region: trayapp login {account}",
    ),
    Cause.KMS_REFUSED: Problem(
        "its key may not decrypt", "Allow kms:Decrypt on the queue's KMS key to the key's user."
    ),
    Cause.THROTTLED: Problem("AWS asks us to slow down", "Nothing to do; it retries.", passing=True),
    Cause.AWS_FAILING: Problem("AWS is not answering properly", "Nothing to do; it retries.", passing=True),
    Cause.UNCHECKED: Problem("AWS did not say how it stands", "Nothing to do; it asks again.", passing=True),
    Cause.RECORDER_OFF: Problem(
        "AWS Config does not record",
        "If you did not switch it off, somebody may be hiding: look at CloudTrail now. Else switch it on again in the "
        "console: AWS Config, Settings, Recorder.",
    ),
    Cause.RECORDER_FAILING: Problem(
        "AWS Config fails to record",
        "Look at AWS Config, Settings, in the console: mostly its role lacks a permission.",
    ),
    Cause.CHANNEL_FAILING: Problem(
        "AWS Config does not deliver",
        "Look at AWS Config, Settings, Delivery method, in the console: bucket and SNS topic must exist and let it in.",
    ),
    Cause.SUBSCRIPTION_GONE: Problem(
        "the topic no longer sends to us",
        "If you did not end the subscription, look at CloudTrail now. Else subscribe the queue to the topic again, or "
        "update the stack of the template.",
    ),
    Cause.SUBSCRIPTION_FILTERED: Problem(
        "a filter keeps messages away",
        "Remove the filter policy of the queue's subscription in SNS.",
    ),
    Cause.QUEUE_SHUT: Problem(
        "the queue keeps the topic out",
        "If you did not change the queue's policy, look at CloudTrail now. Else put the stack's policy back.",
    ),
    Cause.QUEUE_OPEN: Problem(
        "others may write into the queue",
        "Put the stack's policy of the queue back. Anybody whom the policy lets in can forge alerts, or bury true "
        "ones.",
    ),
    Cause.QUEUE_SHARED: Problem(
        "somebody else reads the queue",
        "Make a second stack for your other computer: each needs a queue of its own. If there is no other, see who "
        "uses the listener's key.",
    ),
    Cause.TRAIL_OFF: Problem(
        "CloudTrail does not log",
        "Sign in now if you did not switch it off; else switch logging on in the console: CloudTrail, Trails. Without "
        "it nobody hears of API calls and sign-ins.",
    ),
    Cause.HEARTBEAT_MISSING: Problem(
        "the heartbeat has stopped",
        "Look at the stack's schedule, topic and subscription; trayapp doctor walks the way. Something between AWS and "
        "the queue is cut, so alerts would not arrive either.",
    ),
    Cause.DISK_FULL: Problem(
        "the disk is full",
        "Free some space. Alerts are shown from memory meanwhile, and stay in the queue until they can be written.",
    ),
    Cause.STORE_DAMAGED: Problem(
        "the file of alerts is damaged",
        "It is set aside whole and a new one begun; what waited in it to be reviewed may be missing from the list.",
    ),
    Cause.STORE_FAILING: Problem(
        "alerts cannot be written",
        "Free some disk space. Nothing is taken out of the queue until it can be written.",
    ),
    Cause.INTERNAL: Problem("trayapp itself failed", "It retries. If it stays, report it with the log file."),
}

OF_THE_DISK = frozenset({Cause.DISK_FULL, Cause.STORE_DAMAGED, Cause.STORE_FAILING})
"""The causes that lie with this computer's disk."""

LOCKED_OUT = frozenset({Cause.KEY_REVOKED, Cause.PERMISSION_LOST})
"""The causes that being locked out of the account looks like: it worked, and is refused now."""
