"""Amazon SNS's signatures: what was signed, by whom it must have been, and whether it was.

Rules: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html. Names of the
certificates in each Region: ``SnsHostProvider`` of the AWS SDK for Java 2, module ``sns-message-manager``.

Only the outermost envelope counts: it is the one that says who put the message into our queue.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from trayapp.core.language import mark
from trayapp.core.regions import is_region
from trayapp.inbox.envelope import parse
from trayapp.inbox.jsonlike import JsonObject
from trayapp.inbox.reading import Unreadable
from trayapp.inbox.times import instant

_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED = {
    "Notification": _NOTIFICATION,
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}
"""What is signed of each type of message, in the order in which it is."""

_HASHES: dict[str, type[hashes.SHA1 | hashes.SHA256]] = {"1": hashes.SHA1, "2": hashes.SHA256}

_SIGNATURE_KEYS = ("Signature", "SignatureVersion", "SigningCertURL", "SigningCertUrl")
"""Lambda, and what is made of what it was given, spells the last one in its own way."""

_ARN = re.compile(r"arn:(?P<partition>[a-z-]{3,20}):sns:(?P<region>[a-z0-9-]{5,40}):[0-9]{12}:[A-Za-z0-9_.-]{1,300}")

# The ``partitions`` file of botocore; a Region that none of the others claims is of the first.
_PARTITIONS = (
    ("aws", re.compile(r".+"), "amazonaws.com"),
    ("aws-cn", re.compile(r"cn-.+"), "amazonaws.com.cn"),
    ("aws-us-gov", re.compile(r"us-gov-.+"), "amazonaws.com"),
    ("aws-eusc", re.compile(r"eusc-.+"), "amazonaws.eu"),
    ("aws-iso", re.compile(r"us-iso-.+"), "c2s.ic.gov"),
    ("aws-iso-b", re.compile(r"us-isob-.+"), "sc2s.sgov.gov"),
    ("aws-iso-e", re.compile(r"eu-isoe-.+"), "cloud.adc-e.uk"),
    ("aws-iso-f", re.compile(r"us-isof-.+"), "csp.hci.ic.gov"),
)
_GOVCLOUD = "aws-us-gov"
_GOVCLOUD_SIGNER = "us-gov-west-1"


class Forged(Exception):  # noqa: N818 - it is a finding about a message, not a fault of ours
    """The envelope cannot be one that SNS has made; the text says why, a clause that quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What an envelope claims about itself, still to be proved.

    Attributes:
        topic: The ARN of the topic that it says it was published to.
        certificate: The address of the certificate that it says it was signed with. It is one of SNS's own, of the
            topic's Region: no other address of a message is ever asked for anything.
        names: The names that such a certificate may be issued to; it has to have one of them.
        sent: When it says it was published; ``None`` if it does not say so in a way that can be read.
        text: What was signed.
        signature: The signature.
        version: ``1`` for SHA-1, ``2`` for SHA-256.
    """

    topic: str
    certificate: str
    names: frozenset[str]
    sent: datetime | None
    text: bytes
    signature: bytes
    version: str

    def signed_with(self, key: RSAPublicKey) -> bool:
        """Tell whether the signature is that of a key's owner, over this very text."""
        try:
            key.verify(self.signature, self.text, PKCS1v15(), _HASHES[self.version]())
        except InvalidSignature:
            return False
        return True


def envelope_of(body: str) -> JsonObject | None:
    """Give the envelope of SNS that a body is.

    It is parsed exactly as it is parsed for reading, so that what is verified is what is read.

    Returns:
        The envelope; ``None`` for what came without one, and for what cannot be read anyway.
    """
    try:
        message = parse(body)
    except Unreadable:
        return None
    if message is None:
        return None
    notifies = "Message" in message and (message.get("Type") == "Notification" or "TopicArn" in message)
    return message if notifies or _fields(message) else None


def is_signed(envelope: JsonObject) -> bool:
    """Tell whether an envelope carries any part of a signature."""
    return any(key in envelope for key in _SIGNATURE_KEYS)


def topic_of(envelope: JsonObject) -> str:
    """Give the ARN of the topic that an envelope names, unproved; empty if it names none."""
    topic = envelope.get("TopicArn")
    return topic if isinstance(topic, str) else ""


def claim_of(envelope: JsonObject) -> Claim:
    """Give what an envelope claims.

    Raises:
        Forged: SNS makes no such envelope.
    """
    topic = topic_of(envelope)
    region, partition, domain = _whence(topic)
    return Claim(
        topic=topic,
        certificate=_certificate(envelope, region, domain),
        names=_names(region, partition, domain),
        sent=instant(envelope, "Timestamp"),
        text=_text(envelope),
        signature=_signature(envelope),
        version=_version(envelope),
    )


def _whence(topic: str) -> tuple[str, str, str]:
    """Give a topic's Region, its partition and that partition's domain."""
    arn = _ARN.fullmatch(topic)
    if arn is None or not is_region(arn["region"]):
        raise Forged(mark("it does not name a topic as AWS does"))
    region = arn["region"]
    partition, domain = next((name, end) for name, owns, end in reversed(_PARTITIONS) if owns.fullmatch(region))
    if arn["partition"] != partition:
        raise Forged(mark("its topic's Region is of another partition than the topic"))
    return region, partition, domain


def _certificate(envelope: JsonObject, region: str, domain: str) -> str:
    """Give the address of the certificate, held against the only form that it has."""
    url = envelope.get("SigningCertURL", envelope.get("SigningCertUrl"))
    host = re.escape(f"sns.{region}.{domain}")
    path = r"/SimpleNotificationService-[0-9a-f]{1,128}\.pem"
    # As a whole and against plain text, so that there is nothing to take apart in two ways: no port, user or query.
    if not isinstance(url, str) or not re.fullmatch(rf"https://{host}{path}", url):
        raise Forged(mark("its certificate is not kept where SNS keeps those of the topic's Region"))
    return url


def _names(region: str, partition: str, domain: str) -> frozenset[str]:
    """Give the names under which SNS signs in a Region: that differs by the Region's age and by the partition."""
    names = {f"sns.{domain}", f"sns.{region}.{domain}", f"sns-signing.{region}.{domain}", f"sns-{region}.{domain}"}
    if partition == _GOVCLOUD:
        names.add(f"sns-{_GOVCLOUD_SIGNER}.{domain}")
    return frozenset(names)


def _text(envelope: JsonObject) -> bytes:
    """Give what is signed: each name and each value on lines of their own."""
    fields = _fields(envelope)
    if not fields:
        raise Forged(mark("it is of a type that SNS does not have"))
    lines: list[str] = []
    for name in fields:
        value = envelope.get(name)
        if value is None and name == "Subject":
            continue
        if not isinstance(value, str):
            raise Forged(mark("a part of what is signed is not text"))
        lines += (name, value)
    try:
        return "".join(f"{line}\n" for line in lines).encode()
    except UnicodeEncodeError:
        raise Forged(mark("it holds what no text can hold")) from None


def _fields(envelope: JsonObject) -> tuple[str, ...]:
    """Give the names of what is signed of an envelope; none for a type that SNS does not have."""
    kind = envelope.get("Type")
    return _SIGNED.get(kind, ()) if isinstance(kind, str) else ()


def _signature(envelope: JsonObject) -> bytes:
    value = envelope.get("Signature")
    if not isinstance(value, str) or not value:
        raise Forged(mark("it is not signed"))
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        raise Forged(mark("its signature is not written as one")) from None


def _version(envelope: JsonObject) -> str:
    version = envelope.get("SignatureVersion")
    if not isinstance(version, str) or version not in _HASHES:
        raise Forged(mark("its signature is of a version that SNS does not have"))
    return version
