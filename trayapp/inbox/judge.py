"""A message body straight to what the store commits: read it, then let the rules speak about its facts."""

from datetime import datetime

from trayapp.core import rules
from trayapp.core.alerts import Finding
from trayapp.core.facts import ResourceChange
from trayapp.core.judged import Judged
from trayapp.core.rules import Existing
from trayapp.inbox.read import read


def judge(body: str, received: datetime) -> Judged:
    """Read and judge one body.

    Args:
        body: The body as it stood in the queue.
        received: When it reached us, aware.

    Returns:
        What became of it. Never raises.
    """
    reading = read(body)
    verdicts = [rules.judge(fact, received) for fact in reading.facts if isinstance(fact, ResourceChange)]
    return Judged(
        kind=reading.kind,
        findings=tuple(verdict for verdict in verdicts if isinstance(verdict, Finding)),
        existing=tuple(verdict for verdict in verdicts if isinstance(verdict, Existing)),
        body=body if reading.unreadable else "",
        unreadable=reading.unreadable,
    )
