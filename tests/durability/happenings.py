"""Messages made of numbers: the same number is the same message, wherever it is made."""

from dataclasses import replace
from datetime import datetime

from builders import STACK, before, judged, machine, numbered, takeover_steps, unreadable
from trayapp.core.finding import Lane
from trayapp.core.judged import Judged

_KINDS = 10


def message(number: int) -> Judged:
    """Give a message of any kind: single users, machines of a stack, both lanes, takeovers, what cannot be read."""
    kinds = (_unreadable, _of_a_stack, _by_another_lane, _two_at_once, _of_a_takeover, _without_a_time)
    kind = number % _KINDS
    made = kinds[kind](number) if kind < len(kinds) else judged(numbered(number, happened=_when(number)))
    return replace(made, source=f"{{{number}" + "y" * (number % 5 * 1000)) if made.findings else made


def _unreadable(number: int) -> Judged:
    return unreadable(f"{{{number}" + "x" * (number % 7 * 1000))


def _of_a_stack(number: int) -> Judged:
    return judged(machine(number, links=frozenset({f"{STACK}-{number // 40}"})))


def _by_another_lane(number: int) -> Judged:
    return judged(numbered(number - 4, lane=Lane.CLOUDTRAIL), existing=(f"old:{number}",))


def _two_at_once(number: int) -> Judged:
    return judged(numbered(number), numbered(number + 1_000_000_000))


def _of_a_takeover(number: int) -> Judged:
    return judged(takeover_steps()[number // _KINDS % 3])


def _without_a_time(number: int) -> Judged:
    return judged(numbered(number, happened=None), seen=(("123456789012", f"region:{number}"),))


def _when(number: int) -> datetime:
    return before(minutes=number % 500)


def fingerprints(number: int) -> set[str]:
    """Give what has to be on disk once the message is committed."""
    return {finding.fingerprint for finding in message(number).findings}
