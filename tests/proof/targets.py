"""What is fuzzed: each takes any bytes, and raises when something is wrong with what is made of them."""

import json
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from builders import ACCOUNT_ID, envelope, notification, user_item
from inbox.samples import BUDGET
from inbox.spoiling import WHOLE
from signing import (
    CERTIFICATE_URL,
    Authority,
    confirmation,
    der,
    pem,
    rsa_key,
    signed,
    signed_text,
)
from trayapp.aws.certificates import Certificates, Unavailable
from trayapp.core.signals import CATALOGUE
from trayapp.inbox import judge
from trayapp.inbox.signature import Forged, claim_of, envelope_of, is_signed, topic_of
from trayapp.settings import Settings, SettingsError, load
from trayapp.store import documents

RECEIVED = datetime(2026, 11, 23, 11, 14, 40, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes what comes from outside.

    Attributes:
        take: Hands it bytes, and a folder for a file; raises when it does anything but what it promises.
        seeds: Where to begin: what is valid.
        words: What is good to know of its language, for whoever makes things up.
        found: What has broken it once.
    """

    take: Callable[[bytes, Path], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    found: tuple[bytes, ...] = ()


def _take_message(data: bytes, _folder: Path) -> None:
    """A body of a message is understood, counted, or unreadable with a reason; whatever it is, it can be kept."""
    body = data.decode("utf-8", "replace")
    judged = judge(body, RECEIVED)
    if bool(judged.unreadable) != (judged.kind == "unreadable") or not judged.kind:
        raise AssertionError(f"of the kind {judged.kind!r}, and unreadable because of {judged.unreadable!r}")
    if judged.unreadable and judged.body != body:
        raise AssertionError("what could not be read is not kept whole")
    for finding in judged.findings:
        if documents.read(documents.write(finding)) != finding:
            raise AssertionError(f"{finding} comes back from the disk as another")
    for text in (judged.kind, judged.unreadable, *judged.existing, *(what for pair in judged.seen for what in pair)):
        text.encode()


def _take_signature(data: bytes, _folder: Path) -> None:
    """An envelope is no envelope, or forged for a reason, or claims to be signed; and only what was signed is."""
    found = envelope_of(data.decode("utf-8", "replace"))
    if found is None:
        return
    topic_of(found).encode("utf-8", "replace")
    is_signed(found)
    try:
        claim = claim_of(found)
    except Forged as reason:
        str(reason).encode()
        return
    if claim.signed_with(rsa_key().public_key()) and claim.text.decode() not in _SIGNED:
        raise AssertionError("what nobody has signed passes for signed")


def _take_certificate(data: bytes, folder: Path) -> None:
    """A file is a trusted certificate of ours, or an untrusted one, or none; what is made of ours is never trusted."""
    bundle = folder / "roots.pem"
    if not bundle.exists():
        _ROOT.bundle(bundle)
    try:
        found = Certificates(folder / "kept", lambda _: data, lambda: [bundle]).fetch(CERTIFICATE_URL)
    except Unavailable as reason:
        str(reason).encode()
        return
    if not found.fault and found.key != rsa_key().public_key():
        raise AssertionError("somebody else's certificate is trusted")


def _take_settings(data: bytes, folder: Path) -> None:
    """A settings file is taken, or refused with a text that can be shown."""
    path = folder / "settings.toml"
    path.write_bytes(data)
    try:
        taken = load(path)
    except SettingsError as error:
        if not str(error).strip():
            raise AssertionError("refused without a word") from error
        str(error).encode()
        return
    if not isinstance(taken, Settings):
        raise TypeError(f"{taken!r} is no settings")
    tomllib.loads(data.decode())


def _messages() -> Iterable[bytes]:
    for message in WHOLE.values():
        yield json.dumps(message).encode()
        yield json.dumps(envelope(json.dumps(message))).encode()
    yield BUDGET.encode()
    yield json.dumps(json.dumps(notification(user_item()))).encode()


def _words_of(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _words_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words_of(inner)
    elif isinstance(value, str):
        yield value


_ENVELOPES = (
    *(
        signed(envelope(json.dumps(message), SigningCertURL=CERTIFICATE_URL), version)
        for message in (notification(user_item()), {}, {"Message": "in a message"})
        for version in ("1", "2")
    ),
    signed(confirmation()),
    signed(confirmation("UnsubscribeConfirmation")),
)
_SIGNED = frozenset(signed_text(message) for message in _ENVELOPES)
_ROOT = Authority.root()
_ISSUER = _ROOT.below()
_LEAVES = (_ISSUER.signer().certificate, _ROOT.signer("sns.eu-west-1.amazonaws.com").certificate)
_LONGEST_WORD = 64
_ACCOUNT = f"""\
[accounts.work]
region = "eu-central-1"
queue_url = "https://sqs.eu-central-1.amazonaws.com/{ACCOUNT_ID}/trayapp"
label = "At work"
account_id = "{ACCOUNT_ID}"

[accounts.lab]
region = "eu-west-1"
queue_url = "http://127.0.0.1:4566/000000000000/trayapp"
endpoint_url = "http://127.0.0.1:4566"
"""
_RULES = f"""\
browser_command = ["firefox", "{{url}}"]
watched_types = ["AWS::IAM::User", "AWS::EC2::Instance"]

[severity]
lb-new = "medium"     # I never make any
ec2-new = "low"

[[mute]]
stack = "web-*"
until = 2026-12-31
reason = "our nightly deploys"

[[mute]]
signal = "ec2-*"
actor = "deploy"
tag = "env=dev"
account = "{ACCOUNT_ID}"
until = 2026-12-31T18:00:00

[[mute]]
signal = "lambda-change"
forever = true

[quiet_hours]
from = "22:00"
to = "07:00"
days = ["mon", "fri"]
"""
TARGETS = {
    "message": Target(
        _take_message,
        tuple(_messages()),
        tuple(
            sorted(
                {
                    word.encode()
                    for message in WHOLE.values()
                    for word in _words_of(message)
                    if 1 < len(word) <= _LONGEST_WORD
                }
            )
        ),
    ),
    "signature": Target(
        _take_signature,
        tuple(json.dumps(message).encode() for message in _ENVELOPES),
        tuple(
            sorted(
                {word.encode() for message in _ENVELOPES for word in _words_of(message) if len(word) <= _LONGEST_WORD}
            )
        ),
    ),
    "certificate": Target(
        _take_certificate,
        (
            *(pem(leaf) for leaf in _LEAVES),
            *(pem(leaf, _ISSUER.certificate, _ROOT.certificate) for leaf in _LEAVES),
            *(der(certificate) for certificate in (*_LEAVES, _ISSUER.certificate)),
        ),
        (b"-----BEGIN CERTIFICATE-----\n", b"-----END CERTIFICATE-----\n", b"\x30\x82", b"\x06\x03\x55\x1d\x11", b"\n"),
        # A name that is not UTF-8 is only found out when it is asked for.
        (der(_LEAVES[0]).replace(b"sns.amazonaws.com", b"sns\xa1amazonaws.com", 1),),
    ),
    "settings": Target(
        _take_settings,
        (_ACCOUNT.encode(), _RULES.encode(), (_RULES + _ACCOUNT).encode()),
        tuple(
            word.encode()
            for word in (
                *("browser_command", "watched_types", "accounts", "region", "queue_url", "endpoint_url", "label"),
                *("account_id", "severity", "mute", "quiet_hours", "from", "to", "days", "until", "forever", "true"),
                *("signal", "stack", "actor", "tag", "[[mute]]", "[accounts.", '"""', "'''", "2026-12-31", "inf"),
                *(signal.id for signal in CATALOGUE),
            )
        ),
    ),
}
"""Every target by its name."""
