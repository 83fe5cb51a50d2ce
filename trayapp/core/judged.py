"""One message, understood and judged: what the store commits."""

from dataclasses import dataclass

from trayapp.core.alerts import Finding
from trayapp.core.rules import Existing


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one message.

    Attributes:
        kind: The kind of message, by which it is counted.
        findings: What its owner must hear of.
        existing: What was there before we watched.
        body: The whole body, kept when it could not be read.
        unreadable: Why it could not be read; empty when it could.
    """

    kind: str
    findings: tuple[Finding, ...] = ()
    existing: tuple[Existing, ...] = ()
    body: str = ""
    unreadable: str = ""
