"""A store with something of everything in it, for tests that look at the review window."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from builders import (
    NOW,
    actor,
    before,
    body,
    finding,
    instance_finding,
    instance_item,
    judged,
    machine,
    notification,
    numbered,
    takeover_steps,
    user_item,
)
from trayapp.core.finding import Finding
from trayapp.core.severity import Severity
from trayapp.store import Store

AGENT = "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 lang/python#3.13 exec-env/CloudShell"
ADDRESS = "198.51.100.23"

STARTED = {
    "changeType": "UPDATE",
    "changedProperties": {
        "Configuration.State.Name": {"previousValue": "stopped", "updatedValue": "running", "changeType": "UPDATE"},
        "Configuration.SecurityGroups.0": {
            "previousValue": None,
            "updatedValue": {"groupId": "sg-0a1b2c3d", "groupName": "open-to-all"},
            "changeType": "CREATE",
        },
        "Tags.0": {"previousValue": {"Owner": "alice"}, "updatedValue": None, "changeType": "DELETE"},
    },
}
"""What AWS Config writes of an instance that was started, put into another group, and lost a tag."""


def started() -> str:
    """Give the body of the message that tells of it."""
    return body(notification(instance_item(), "UPDATE", configurationItemDiff=STARTED))


def fill(path: Path, now: datetime, past: int = 30) -> None:
    """Fill a store with happenings that end at ``now``.

    Numbered in this order: a user made by somebody known; an instance with a message that has a difference; a stack;
    the steps of a takeover; then ``past`` single ones, one every eleven hours, of which some are reviewed.
    """
    made = finding(actor=actor(), address=ADDRESS, agent=AGENT)
    with Store(path) as store:

        def commit(*findings: Finding, source: str = "") -> list[int]:
            message = replace(judged(*_moved(findings, now)), source=source)
            return store.commit("work", [message], now)

        commit(made, source=body(notification(user_item())))
        commit(instance_finding(happened=before(minutes=1)), source=started())
        commit(*(machine(number, happened=before(hours=2)) for number in range(4)))
        commit(*takeover_steps())
        weights = (Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.CRITICAL)
        for number in range(past, 0, -1):
            weight = weights[number * 7 % 4]
            (one,) = commit(numbered(number, severity=weight, happened=before(hours=11 * number)))
            if number % 5 and weight is not Severity.LOW:
                store.review([one], now)


def _moved(findings: Iterable[Finding], now: datetime) -> list[Finding]:
    """Move happenings from the builders' now to another."""
    return [replace(each, happened=each.happened + (now - NOW) if each.happened else None) for each in findings]


if __name__ == "__main__":
    import sys

    fill(Path(sys.argv[1]), datetime.now(UTC))
