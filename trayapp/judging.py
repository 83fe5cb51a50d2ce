"""From message bodies to what the store commits, with what is known of the account and the owner's rules applied."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from trayapp.core.finding import Trust
from trayapp.core.judged import Judged
from trayapp.core.language import mark
from trayapp.core.policy import Policy
from trayapp.core.signals import Known
from trayapp.inbox import judge, kinds
from trayapp.store import Store, StoreError
from trayapp.verifier import Standing, Verdict, Verifier

log = logging.getLogger(__name__)

_SETTLED = timedelta(days=1)
"""What was first seen less than this ago may still be part of what is happening, or of a first inventory."""


def judge_all(
    bodies: Sequence[str],
    known: Known,
    received: datetime,
    policy: Policy,
    verifier: Verifier | None = None,
) -> list[Judged]:
    """Judge bodies as they stood in the queue.

    A fault of ours in judging one of them must neither lose it nor keep the others from their owner: it comes out as
    unreadable, and so is kept whole.

    Args:
        bodies: The bodies.
        known: What is known of the accounts from before.
        received: When they reached us, aware.
        policy: The owner's rules.
        verifier: Says which messages to believe; ``None`` where that is settled already.
    """
    local = received.astimezone()
    judged = [_judge(body, received, known, policy, local) for body in bodies]
    if verifier is None:
        return judged
    return [_believed(verifier.verdict(body, received), each, body) for body, each in zip(bodies, judged, strict=True)]


def known_before(store: Store, received: datetime, path: frozenset[str] = frozenset()) -> Known:
    """Give what is known of the accounts from before a moment.

    Args:
        store: Remembers it.
        received: The moment, aware.
        path: What brings us the messages, by address: the queue, its topics.

    Raises:
        StoreError: It cannot be read.
    """
    seen = store.seen(received - _SETTLED)
    return Known(
        names=_Names(store, received),
        regions=frozenset((account, what[7:]) for account, what in seen if what.startswith("region:")),
        types=frozenset((account, what[5:]) for account, what in seen if what.startswith("type:")),
        settled=frozenset(account for account, _ in seen),
        path=path,
    )


class _Names:
    """What users were called before a moment, looked up when it is asked for: hardly any message needs a name."""

    def __init__(self, store: Store, before: datetime) -> None:
        self._store, self._before = store, before

    def get(self, key: tuple[str, str], default: str, /) -> str:
        """Give what a user was called, by account id and the user's id."""
        try:
            return self._store.name(*key, self._before) or default
        except StoreError as error:
            # A name is worth less than the alert; what cannot be read can hardly be written, which says what is wrong.
            log.warning("%s", error)
            return default


def _believed(verdict: Verdict, judged: Judged, body: str) -> Judged:
    """Give what is to be kept of a message, by what is believed of it."""
    if verdict.standing is Standing.FORGED:
        return Judged(kinds.FORGED, body=body, unreadable=verdict.reason)
    if verdict.standing is not Standing.PENDING or judged.unreadable:
        return judged
    findings = tuple(replace(finding, trust=Trust.UNVERIFIED) for finding in judged.findings)
    # As a heartbeat it counts for nothing: whoever names a certificate that is not there could fake one for ever.
    return replace(judged, body=body, findings=findings, certificate=verdict.certificate, heartbeat=None)


def _judge(body: str, received: datetime, known: Known, policy: Policy, local: datetime) -> Judged:
    try:
        judged = judge(body, received, known)
        findings = tuple(policy.apply(finding, local) for finding in judged.findings)
        return replace(judged, findings=findings, source=body if findings else "")
    except Exception as fault:  # noqa: BLE001 - whichever it is, neither the message nor the queue may suffer
        # Not the exception's own text: it may hold a part of the message.
        what, (*_, frame) = type(fault).__name__, traceback.extract_tb(fault.__traceback__)
        log.error(  # noqa: TRY400 - same
            "a message is kept aside: judging it failed with %s at %s:%s", what, frame.name, frame.lineno
        )
        return Judged(kinds.UNREADABLE, body=body, unreadable=f"{mark('trayapp failed to judge it')} ({what})")
