"""A certificate authority of the tests' own, and envelopes signed with what it issues, as Amazon SNS signs them.

What is signed is written down here a second time, out of the SNS guide, so that it is not the program that says whether
the program is right.
"""

import base64
import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from builders import ACCOUNT_ID, NOW, Json, Value, envelope, written

TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:config-topic"
CERTIFICATE_URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"
ISSUER_URL = "http://crt.r2m01.amazontrust.com/r2m01.cer"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@functools.cache
def rsa_key(owner: str = "sns") -> rsa.RSAPrivateKey:
    """Give somebody's key, of the kind that SNS signs with; each is made once, since that takes time."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Authority:
    """Issues certificates.

    Attributes:
        certificate: Its own.
        key: Its key.
    """

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def root(cls, name: str = "Root of the tests", **changes: Value) -> "Authority":
        """Make one that answers for itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls(_certificate(name, key, name, key, authority=True, **changes), key)

    def below(self, name: str = "Issuer of the tests", **changes: Value) -> "Authority":
        """Make one that this one answers for."""
        key = ec.generate_private_key(ec.SECP256R1())
        return Authority(self._issue(name, key, **{"authority": True, **changes}), key)

    def signer(self, *names: str, key: Key | None = None, **changes: Value) -> "Signer":
        """Issue a certificate to sign messages with; of SNS's usual name unless told otherwise."""
        names = names or ("sns.amazonaws.com",)
        key = key or rsa_key()
        return Signer(self._issue(names[0], key, names=names, **changes), key)

    def _issue(self, name: str, key: Key, **changes: Value) -> x509.Certificate:
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        return _certificate(name, key, str(issuer), self.key, **changes)

    def bundle(self, path: Path) -> Path:
        """Write its certificate where a bundle of trusted roots is expected."""
        path.write_bytes(pem(self.certificate))
        return path


@dataclass(frozen=True)
class Signer:
    """Signs messages.

    Attributes:
        certificate: Its certificate.
        key: The certificate's key.
    """

    certificate: x509.Certificate
    key: Key

    def sign(self, message: Json, version: str = "2") -> Json:
        """Give an envelope with its signature."""
        assert isinstance(self.key, rsa.RSAPrivateKey)
        return signed(message, version, self.key)

    def body(self, message: object = "hello", version: str = "2", **changes: Value) -> str:
        """Give the body of a signed message, as it stands in the queue; a field set to ``None`` is left out."""
        whole = envelope(message, SigningCertURL=CERTIFICATE_URL) | changes
        return json.dumps(self.sign({key: value for key, value in whole.items() if value is not None}, version))


def signed(message: Json, version: str = "2", key: rsa.RSAPrivateKey | None = None) -> Json:
    """Give an envelope with its signature, by a key that no certificate is needed for."""
    unsigned = {name: value for name, value in message.items() if name != "Signature"} | {"SignatureVersion": version}
    digest = hashes.SHA1() if version == "1" else hashes.SHA256()
    signature = (key or rsa_key()).sign(signed_text(unsigned).encode(), PKCS1v15(), digest)
    return unsigned | {"Signature": base64.b64encode(signature).decode()}


def signed_text(message: Json) -> str:
    """Give what SNS signs of a message."""
    if message["Type"] == "Notification":
        fields = ["Message", "MessageId", *(["Subject"] if "Subject" in message else []), "Timestamp"]
    else:
        fields = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token"]
    return "".join(f"{field}\n{message[field]}\n" for field in [*fields, "TopicArn", "Type"])


def confirmation(kind: str = "SubscriptionConfirmation", **changes: Value) -> Json:
    """Give a message in which SNS asks for, or tells of, a subscription."""
    return {
        "Type": kind,
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "Token": "2336412f37fb687f5d51e6e2425929f52e8e",
        "TopicArn": TOPIC,
        "Message": f"You have chosen to subscribe to the topic {TOPIC}.\nTo confirm, visit the SubscribeURL.",
        "SubscribeURL": f"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}",
        "Timestamp": written(NOW),
        "SigningCertURL": CERTIFICATE_URL,
    } | changes


def pem(*certificates: x509.Certificate) -> bytes:
    """Write certificates as SNS hands them out."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def der(certificate: x509.Certificate) -> bytes:
    """Write a certificate as Amazon's repository hands out those of its authorities."""
    return certificate.public_bytes(Encoding.DER)


def _certificate(
    name: str,
    key: Key,
    issuer_name: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool = False,
    constrained: bool = True,
    names: Iterable[str] = (),
    begins: datetime = NOW - timedelta(days=200),
    ends: datetime = NOW + timedelta(days=200),
    issuer_url: str = ISSUER_URL,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins.astimezone(UTC))
        .not_valid_after(ends.astimezone(UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(_key_usage(authority=authority), critical=True)
    )
    if constrained:
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if not authority:
        place = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(issuer_url)
        )
        builder = (
            builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityInformationAccess([place]), critical=False)
        )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=not authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
