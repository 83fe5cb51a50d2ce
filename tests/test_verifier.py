"""What an account believes: its topics, SNS's signatures, and certificates that were valid at the time."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings

from builders import ACCOUNT_ID, NOW, QUICK, body, envelope, event, notification, user_item, written
from inbox.spoiling import ANY_TEXT, any_spoiled
from signing import CERTIFICATE_URL, TOPIC, Authority, Signer, confirmation, pem, rsa_key
from trayapp.aws.certificates import Certificates, SigningCertificate
from trayapp.verifier import Standing, Verdict, Verifier

OTHER_TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:another"
BARE = notification(user_item())
UNSIGNED = {key: value for key, value in envelope(BARE).items() if not key.startswith("Sign")}


class Desk:
    """A verifier, a signer that it believes, and what it has at hand."""

    def __init__(self, folder: Path) -> None:
        self.root = Authority.root()
        self.folder = folder
        self.bundle = self.root.bundle(folder / "roots.pem")
        self.signer = self.root.signer()
        self.at_hand: dict[str, SigningCertificate] = {}

    def has(self, *signers: Signer) -> None:
        """Put a signer's certificate at hand, by the very way that it has in earnest."""
        chain = pem(*(signer.certificate for signer in signers))
        certificates = Certificates(self.folder / "kept", lambda _: chain, lambda: [self.bundle])
        self.at_hand[CERTIFICATE_URL] = certificates.fetch(CERTIFICATE_URL)

    def verdict(self, text: str, *topics: str, enabled: bool = True) -> Verdict:
        return Verifier(self.at_hand.get, topics, enabled=enabled).verdict(text, NOW)

    def standing(self, text: str, *topics: str) -> Standing:
        return self.verdict(text, *topics).standing

    def why_forged(self, text: str, *topics: str) -> str:
        verdict = self.verdict(text, *topics)
        assert verdict.standing is Standing.FORGED
        return verdict.reason


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.has(desk.signer)
    return desk


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", ["A subject", None])
@pytest.mark.parametrize("topics", [(), (TOPIC,), (OTHER_TOPIC, TOPIC)])
def test_what_sns_signed_for_an_expected_topic_is_genuine(
    desk: Desk, version: str, subject: str | None, topics: tuple[str, ...]
) -> None:
    text = desk.signer.body(BARE, version, Subject=subject)
    assert desk.verdict(text, *topics) == Verdict(Standing.GENUINE)


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_confirmations_are_verified_as_well(desk: Desk, kind: str) -> None:
    message = desk.signer.sign(confirmation(kind))
    assert desk.standing(json.dumps(message), TOPIC) is Standing.GENUINE
    assert desk.why_forged(json.dumps(message | {"Token": "x"}), TOPIC)
    assert desk.why_forged(json.dumps(message), OTHER_TOPIC)


def test_without_the_certificate_it_waits_and_says_for_what(desk: Desk) -> None:
    desk.at_hand.clear()
    assert desk.verdict(desk.signer.body()) == Verdict(Standing.PENDING, certificate=CERTIFICATE_URL)


def test_what_can_be_seen_to_be_forged_does_not_wait(desk: Desk) -> None:
    desk.at_hand.clear()
    assert desk.why_forged(desk.signer.body(), OTHER_TOPIC)
    assert desk.why_forged(desk.signer.body(SigningCertURL="https://evil.example/x.pem"))


def test_another_topic_is_forged_even_if_sns_signed_it(desk: Desk) -> None:
    reason = desk.why_forged(desk.signer.body(TopicArn=OTHER_TOPIC), TOPIC)
    assert reason == "it names a topic that may not send to this queue"


def test_another_topic_is_not_made_an_expected_one_by_writing_so(desk: Desk) -> None:
    message = json.loads(desk.signer.body(TopicArn=OTHER_TOPIC)) | {"TopicArn": TOPIC}
    assert desk.why_forged(json.dumps(message), TOPIC) == "its signature does not fit what it says"


def test_a_changed_message_is_forged(desk: Desk) -> None:
    message = json.loads(desk.signer.body()) | {"Message": "hullo"}
    assert desk.why_forged(json.dumps(message)) == "its signature does not fit what it says"


def test_the_reason_quotes_nothing_of_the_message(desk: Desk) -> None:
    for field in ("Type", "TopicArn", "SigningCertURL", "SignatureVersion", "Signature", "Message"):
        message = json.loads(desk.signer.body()) | {field: "ESCAPE \x1b[2J"}
        assert "ESCAPE" not in desk.why_forged(json.dumps(message))


# Without a signature


def test_an_unsigned_envelope_is_forged_where_topics_are_expected(desk: Desk) -> None:
    assert desk.why_forged(json.dumps(UNSIGNED), TOPIC)


def test_an_unsigned_envelope_is_only_unsigned_where_none_are(desk: Desk) -> None:
    assert desk.standing(json.dumps(UNSIGNED)) is Standing.UNSIGNED


@pytest.mark.parametrize("kept", ["Signature", "SignatureVersion", "SigningCertURL"])
def test_a_signature_that_was_taken_off_by_halves_is_forged_everywhere(desk: Desk, kept: str) -> None:
    whole = json.loads(desk.signer.body(BARE))
    assert desk.why_forged(json.dumps(UNSIGNED | {kept: whole[kept]}))


@pytest.mark.parametrize("topics", [(), (TOPIC,)])
def test_what_came_without_an_envelope_has_nothing_to_verify(desk: Desk, topics: tuple[str, ...]) -> None:
    for text in (json.dumps(BARE), json.dumps(event(BARE)), "hello", "{", ""):
        assert desk.standing(text, *topics) is Standing.UNSIGNED


def test_only_the_outermost_envelope_counts(desk: Desk) -> None:
    inner = json.loads(desk.signer.body(BARE, TopicArn=OTHER_TOPIC)) | {"Signature": "AAAA"}
    assert desk.standing(desk.signer.body(inner), TOPIC) is Standing.GENUINE
    genuine_inside = body(json.loads(desk.signer.body(BARE)))
    assert desk.why_forged(genuine_inside, TOPIC)


def test_where_nobody_can_sign_nothing_is_verified(desk: Desk) -> None:
    for text in (desk.signer.body(), body(BARE), json.dumps(UNSIGNED)):
        assert desk.verdict(text, TOPIC, enabled=False) == Verdict(Standing.UNSIGNED)


# The certificate


def test_an_authority_that_nobody_trusts_makes_it_forged(desk: Desk) -> None:
    posing = Authority.root("Root of the tests")
    signer = posing.signer()
    desk.has(signer, Signer(posing.certificate, rsa_key()))
    assert desk.why_forged(signer.body()) == "its certificate comes from an authority that is not trusted"


@pytest.mark.parametrize(
    "name",
    [
        "sns.amazonaws.com.evil.example",
        "evil.example",
        "s3.amazonaws.com",
        "sqs.us-east-1.amazonaws.com",
        "sns.eu-west-1.amazonaws.com",
        "sns-signing.af-south-1.amazonaws.com",
        "*.amazonaws.com",
        "amazonaws.com",
    ],
)
def test_a_certificate_of_another_name_makes_it_forged(desk: Desk, name: str) -> None:
    signer = desk.root.signer(name)
    desk.has(signer)
    assert desk.why_forged(signer.body()) == "its certificate was issued to another name than that of SNS"


@pytest.mark.parametrize("name", ["sns.us-east-1.amazonaws.com", "sns-signing.us-east-1.amazonaws.com"])
def test_a_certificate_of_the_regions_own_name_will_do(desk: Desk, name: str) -> None:
    signer = desk.root.signer(name, "other.example")
    desk.has(signer)
    assert desk.standing(signer.body()) is Standing.GENUINE


def test_a_certificate_with_another_kind_of_key_makes_it_forged(desk: Desk) -> None:
    desk.has(desk.root.signer(key=ec.generate_private_key(ec.SECP256R1())))
    assert "key" in desk.why_forged(desk.signer.body())


def test_another_certificate_of_sns_did_not_sign_it(desk: Desk) -> None:
    desk.has(desk.root.signer(key=rsa_key("another")))
    assert desk.why_forged(desk.signer.body()) == "its signature does not fit what it says"


# When it was valid


def valid(desk: Desk, begins: float, ends: float, sent: float) -> bool:
    """Tell whether a message is genuine; all in days from its receiving."""
    signer = desk.root.signer(begins=NOW + timedelta(days=begins), ends=NOW + timedelta(days=ends))
    desk.has(signer)
    standing = desk.standing(signer.body(Timestamp=written(NOW + timedelta(days=sent))))
    assert standing in (Standing.GENUINE, Standing.FORGED)
    return standing is Standing.GENUINE


def test_a_message_that_was_sent_while_the_certificate_was_valid_stays_genuine(desk: Desk) -> None:
    assert valid(desk, -300, -1, sent=-10)
    assert valid(desk, -300, -1, sent=-1)


def test_a_message_that_was_sent_after_its_end_or_before_its_beginning_is_forged(desk: Desk) -> None:
    assert not valid(desk, -300, -1, sent=-0.5)
    assert not valid(desk, -1, 300, sent=-2)


def test_the_key_of_an_old_certificate_is_of_no_use_however_the_message_is_dated(desk: Desk) -> None:
    assert not valid(desk, -500, -38, sent=-100)
    assert valid(desk, -500, -36, sent=-36.5)


def test_a_message_from_the_future_is_judged_as_of_now(desk: Desk) -> None:
    assert valid(desk, -10, 10, sent=0.005)
    assert valid(desk, -10, 10, sent=20)
    assert not valid(desk, 1, 10, sent=5)


def test_a_message_without_a_time_is_judged_as_of_its_receiving(desk: Desk) -> None:
    assert desk.standing(desk.signer.body(Timestamp="soon")) is Standing.GENUINE
    old = desk.root.signer(begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=1))
    desk.has(old)
    assert desk.why_forged(old.body(Timestamp="soon")) == "its certificate was not valid when it was sent"


# Whatever the bytes


@given(any_spoiled())
@settings(QUICK, max_examples=200)
def test_nothing_that_was_spoilt_is_genuine_and_nothing_stumbles(message: object) -> None:
    verifier = Verifier(lambda _: None, [TOPIC])
    for text in (json.dumps(message), json.dumps({"Type": "Notification", "Message": message})):
        assert verifier.verdict(text, NOW).standing is not Standing.GENUINE


@given(ANY_TEXT)
@settings(QUICK, max_examples=200)
def test_no_text_makes_it_stumble(text: str) -> None:
    assert Verifier(lambda _: None).verdict(text, NOW).standing is Standing.UNSIGNED


def test_it_takes_well_under_a_millisecond(desk: Desk) -> None:
    verifier = Verifier(desk.at_hand.get, [TOPIC])
    text = desk.signer.body("x" * 4096)
    assert verifier.verdict(text, NOW).standing is Standing.GENUINE
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(100):
            verifier.verdict(text, NOW)
        rounds.append((time.process_time() - began) / 100)
    assert min(rounds) < 0.001
