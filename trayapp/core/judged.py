"""One message, understood and judged: what the store commits."""

from dataclasses import dataclass
from datetime import datetime

from trayapp.core.finding import Finding


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one message.

    Attributes:
        kind: The kind of message, by which it is counted.
        findings: What its owner must hear of.
        existing: The fingerprints of what was there before we watched.
        seen: What the message shows accounts to have, each as the account's number and ``region:<code>`` (of machines)
            or ``type:<AWS Config's type name>``, or ``name:<user's id>:<user's name>``.
        body: The whole body, kept when it could not be read.
        unreadable: Why it could not be read; empty when it could.
        certificate: Of a message that is not verified yet, the address of the certificate that it waits for; the body
            is kept until then.
        heartbeat: When it was sent, if it is the heartbeat; aware.
        source: The whole body of a message with findings, kept beside them for their owner to look at.
    """

    kind: str
    findings: tuple[Finding, ...] = ()
    existing: tuple[str, ...] = ()
    seen: tuple[tuple[str, str], ...] = ()
    body: str = ""
    unreadable: str = ""
    certificate: str = ""
    heartbeat: datetime | None = None
    source: str = ""
