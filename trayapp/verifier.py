"""Whether a message is what it says it is: what one account believes.

Only messages in an envelope of SNS carry a signature. Of those that come without one, nothing can be proved here; that
nobody else can put them into the queue is the work of the queue's policy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from trayapp.aws.certificates import SigningCertificate
from trayapp.core.language import mark
from trayapp.inbox.signature import Claim, Forged, claim_of, envelope_of, is_signed, topic_of

LONGEST_ON_THE_WAY = timedelta(days=37)
"""How old a message can be that has just been received: 14 days at the most in a queue, after SNS has tried for up to
23 days to put it there (https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html)."""

_CLOCKS_APART = timedelta(minutes=15)
"""A queue answers only those whose clock is as near as this to AWS's."""


class Standing(Enum):
    """How a message stands."""

    GENUINE = auto()
    """SNS has signed it, for a topic that may send to the queue."""
    PENDING = auto()
    """Nothing speaks against it, but its certificate is not at hand yet."""
    FORGED = auto()
    """It is not what it says it is."""
    UNSIGNED = auto()
    """There is nothing to verify: it came without an envelope, or the account has nobody who could sign."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is believed of one message.

    Attributes:
        standing: How it stands.
        reason: Of a forged one, why; a clause that quotes nothing of the message.
        certificate: Of a pending one, the address of the certificate that it waits for.
    """

    standing: Standing
    reason: str = ""
    certificate: str = ""


_GENUINE = Verdict(Standing.GENUINE)
_UNSIGNED = Verdict(Standing.UNSIGNED)


class Verifier:
    """Verifies one account's messages; safe to use from several threads.

    Args:
        at_hand: Gives a certificate by its address if it is at hand; must not ask the network.
        topics: The ARNs of the topics that may send to the queue; where there are none, any may.
        enabled: Whether there is anything to verify; no AWS-compatible server can sign as AWS does.
    """

    def __init__(
        self,
        at_hand: Callable[[str], SigningCertificate | None],
        topics: Iterable[str] = (),
        *,
        enabled: bool = True,
    ) -> None:
        self._at_hand, self._topics, self._enabled = at_hand, frozenset(topics), enabled

    def verdict(self, body: str, received: datetime) -> Verdict:
        """Say what is believed of a message. Never raises, and never waits for the network.

        Args:
            body: The body as it stood in the queue.
            received: When it came, aware.
        """
        envelope = envelope_of(body) if self._enabled else None
        if envelope is None:
            return _UNSIGNED
        if self._topics and topic_of(envelope) not in self._topics:
            return Verdict(Standing.FORGED, mark("it names a topic that may not send to this queue"))
        if not self._topics and not is_signed(envelope):
            # No topic is expected, so it may be that the owner's own program passes messages on in its own way.
            return _UNSIGNED
        try:
            claim = claim_of(envelope)
        except Forged as reason:
            return Verdict(Standing.FORGED, str(reason))
        certificate = self._at_hand(claim.certificate)
        if certificate is None:
            return Verdict(Standing.PENDING, certificate=claim.certificate)
        objection = _objection(claim, certificate, received)
        return Verdict(Standing.FORGED, objection) if objection else _GENUINE


def _objection(claim: Claim, certificate: SigningCertificate, received: datetime) -> str:
    """Say what speaks against a claim whose certificate is at hand; nothing if it is proved."""
    if certificate.fault:
        return certificate.fault
    if certificate.names.isdisjoint(claim.names):
        return mark("its certificate was issued to another name than that of SNS")
    if certificate.key is None:
        return mark("its certificate has no key that SNS signs with")
    if not claim.signed_with(certificate.key):
        return mark("its signature does not fit what it says")
    if not certificate.begins <= _moment(claim, received) <= certificate.ends:
        return mark("its certificate was not valid when it was sent")
    return ""


def _moment(claim: Claim, received: datetime) -> datetime:
    """Give the moment of signing: as the message says, within what can be.

    Without the bounds, whoever came by the key of an old certificate could go on signing as of when it was valid.
    """
    sent = received if claim.sent is None else claim.sent
    return min(max(sent, received - LONGEST_ON_THE_WAY), received + _CLOCKS_APART)
