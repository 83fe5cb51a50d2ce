"""What SNS signed is told from what it did not sign, in every Region, whatever was done to the message."""

import base64
import contextlib
import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import ACCOUNT_ID, NOW, QUICK, Json, body, envelope, event, notification, user_item, written
from inbox.spoiling import ANY_JSON, ANY_TEXT, any_spoiled
from signing import CERTIFICATE_URL, TOPIC, confirmation, rsa_key, signed, signed_text
from trayapp.inbox.read import read
from trayapp.inbox.signature import Claim, Forged, claim_of, envelope_of, is_signed, topic_of

PUBLIC = rsa_key().public_key()
HEX = "7506a1e35b36ef5a444dd1a8e7cc3ed8"


def notice(**changes: object) -> Json:
    """Give a notification that is not signed yet; a field set to ``None`` is left out."""
    whole = envelope(notification(user_item()), SigningCertURL=CERTIFICATE_URL, Timestamp=written(NOW)) | changes
    return {key: value for key, value in whole.items() if value is not None}


def claim(message: Json) -> Claim:
    found = envelope_of(json.dumps(message))
    assert found is not None
    return claim_of(found)


def why_forged(message: Json) -> str:
    with pytest.raises(Forged) as forged:
        claim(message)
    return str(forged.value)


UNICODE = "Zürich 東京 \U0001f512 \u202e \r\n\t\\n \" ' \x00"
KINDS = {
    "with a subject": notice(),
    "without a subject": notice(Subject=None),
    "with an empty subject": notice(Subject=""),
    "in every script": notice(Message=UNICODE, Subject=UNICODE),
    "of nothing": notice(Message=""),
    "that asks to confirm": confirmation(),
    "that says goodbye": confirmation("UnsubscribeConfirmation"),
}


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("message", KINDS.values(), ids=KINDS)
def test_what_was_signed_is_told_as_such(message: Json, version: str) -> None:
    found = claim(signed(message, version))
    assert found.text.decode() == signed_text(message)
    assert (found.topic, found.certificate, found.version, found.sent) == (TOPIC, CERTIFICATE_URL, version, NOW)
    assert found.signed_with(PUBLIC)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("message", KINDS.values(), ids=KINDS)
def test_another_key_did_not_sign_it(message: Json, version: str) -> None:
    assert not claim(signed(message, version, rsa_key("somebody"))).signed_with(PUBLIC)


@pytest.mark.parametrize(("said", "real"), [("1", "2"), ("2", "1")])
def test_a_signature_of_one_version_is_none_of_the_other(said: str, real: str) -> None:
    assert not claim(signed(notice(), real) | {"SignatureVersion": said}).signed_with(PUBLIC)


def test_what_is_not_signed_may_differ() -> None:
    message = signed(notice()) | {"UnsubscribeURL": "x", "ProcessedTimestamp": 1, "MessageAttributes": {}}
    assert claim(message).signed_with(PUBLIC)


def test_the_order_and_the_spaces_of_the_envelope_do_not_matter() -> None:
    message = dict(reversed(signed(notice()).items()))
    found = envelope_of(json.dumps(message, indent=3, ensure_ascii=False))
    assert found is not None
    assert claim_of(found).signed_with(PUBLIC)


def test_a_subject_that_is_null_is_as_good_as_none() -> None:
    assert claim(signed(notice(Subject=None)) | {"Subject": None}).signed_with(PUBLIC)


def refused(message: Json) -> bool:
    found = envelope_of(json.dumps(message))
    if found is None:
        return True
    try:
        return not claim_of(found).signed_with(PUBLIC)
    except Forged:
        return True


SIGNED = [(message, field) for message in KINDS.values() for field in message if f"{field}\n" in signed_text(message)]


@given(st.sampled_from(SIGNED), st.sampled_from(["1", "2"]), ANY_TEXT | ANY_JSON)
@settings(QUICK, max_examples=400)
def test_any_change_of_a_signed_field_is_refused(target: tuple[Json, str], version: str, value: object) -> None:
    message, field = target
    changed = signed(message, version) | {field: value}
    same = value == message[field] or (field == "Subject" and value is None and "Subject" not in message)
    assert refused(changed) or same


@given(st.sampled_from(SIGNED), st.data())
@settings(QUICK, max_examples=300)
def test_a_single_character_more_less_or_other_is_refused(target: tuple[Json, str], data: st.DataObject) -> None:
    message, field = target
    text = message[field]
    at = data.draw(st.integers(0, len(text)))
    until = at + data.draw(st.integers(0, 1))
    other = text[:at] + data.draw(st.text(max_size=1)) + text[until:]
    assert refused(signed(message) | {field: other}) == (other != text)


@pytest.mark.parametrize(("message", "field"), SIGNED)
def test_a_signed_field_that_is_left_out_is_refused(message: Json, field: str) -> None:
    assert refused({key: value for key, value in signed(message).items() if key != field})


def test_a_subject_that_is_put_in_is_refused() -> None:
    assert refused(signed(notice(Subject=None)) | {"Subject": "put in"})


def test_a_field_cannot_be_moved_into_its_neighbour() -> None:
    honest = notice(Message="a", MessageId="b")
    moved = signed(honest) | {"Message": "a\nMessageId\nb", "MessageId": "x"}
    assert refused(moved)


def test_a_confirmation_is_not_a_notification_of_the_same_words() -> None:
    assert refused(signed(confirmation()) | {"Type": "Notification"})
    assert refused(signed(confirmation()) | {"Type": "UnsubscribeConfirmation"})


# The signature itself


@given(st.binary(max_size=600))
@settings(QUICK, max_examples=100)
def test_no_other_bytes_are_the_signature(signature: bytes) -> None:
    assert refused(signed(notice()) | {"Signature": base64.b64encode(signature).decode()})


@pytest.mark.parametrize("signature", [None, "", 7, [], "not base64!", "c2lnbmF0dXJl\n", "ä", "====", "EXAMPLE"])
def test_what_is_no_signature_is_refused(signature: object) -> None:
    assert refused(signed(notice()) | {"Signature": signature})


@pytest.mark.parametrize("version", [None, "", "0", "3", 1, 2, "1 ", "01", ["1"], {}])
def test_versions_that_sns_does_not_have_are_refused(version: object) -> None:
    assert "version" in why_forged(signed(notice()) | {"SignatureVersion": version})


def test_whether_there_is_any_signature_is_told() -> None:
    bare = {key: value for key, value in notice().items() if key not in ("Signature", "SignatureVersion")}
    assert is_signed(bare)  # it still names a certificate
    del bare["SigningCertURL"]
    assert not is_signed(bare)
    assert is_signed(bare | {"SigningCertUrl": CERTIFICATE_URL})


# Whose certificate it may be


def at(region: str, domain: str, **changes: object) -> Json:
    partition = changes.pop("partition", "aws")
    return notice(
        TopicArn=f"arn:{partition}:sns:{region}:{ACCOUNT_ID}:config-topic",
        SigningCertURL=f"https://sns.{region}.{domain}/SimpleNotificationService-{HEX}.pem",
        **changes,
    )


PARTITIONS = json.loads(files("botocore").joinpath("data/partitions.json").read_text("utf-8"))["partitions"]
REGIONS = [
    (region, partition["outputs"]["dnsSuffix"], partition["id"])
    for partition in PARTITIONS
    for region in partition["regions"]
    if "global" not in region
]


@pytest.mark.parametrize(("region", "domain", "partition"), REGIONS)
def test_every_region_has_its_own_place_for_certificates(region: str, domain: str, partition: str) -> None:
    message = signed(at(region, domain, partition=partition))
    assert claim(message).certificate == message["SigningCertURL"]
    assert claim(message).signed_with(PUBLIC)
    for other, *_ in REGIONS:
        if other != region:
            elsewhere = message["SigningCertURL"].replace(f"sns.{region}.", f"sns.{other}.")
            assert "certificate" in why_forged(message | {"SigningCertURL": elsewhere})


@pytest.mark.parametrize(("region", "domain", "partition"), REGIONS)
def test_a_topic_of_another_partition_than_its_region_is_refused(region: str, domain: str, partition: str) -> None:
    for other in PARTITIONS:
        if other["id"] != partition:
            assert "partition" in why_forged(signed(at(region, domain, partition=other["id"])))


# ``SnsHostProvider`` of the AWS SDK for Java 2 has these; what is issued for Cape Town has both of its own names.
@pytest.mark.parametrize(
    ("region", "domain", "partition", "name"),
    [
        ("us-east-1", "amazonaws.com", "aws", "sns.amazonaws.com"),
        ("ap-northeast-1", "amazonaws.com", "aws", "sns.amazonaws.com"),
        ("af-south-1", "amazonaws.com", "aws", "sns-signing.af-south-1.amazonaws.com"),
        ("af-south-1", "amazonaws.com", "aws", "sns.af-south-1.amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn", "aws-cn", "sns-cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "amazonaws.com", "aws-us-gov", "sns-us-gov-west-1.amazonaws.com"),
        ("us-gov-east-1", "amazonaws.com", "aws-us-gov", "sns-us-gov-west-1.amazonaws.com"),
        ("eusc-de-east-1", "amazonaws.eu", "aws-eusc", "sns-signing.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", "c2s.ic.gov", "aws-iso", "sns-us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", "sc2s.sgov.gov", "aws-iso-b", "sns-us-isob-east-1.sc2s.sgov.gov"),
        ("us-isof-south-1", "csp.hci.ic.gov", "aws-iso-f", "sns-signing.us-isof-south-1.csp.hci.ic.gov"),
        ("eu-isoe-west-1", "cloud.adc-e.uk", "aws-iso-e", "sns-signing.eu-isoe-west-1.cloud.adc-e.uk"),
    ],
)
def test_sns_signs_under_the_name_that_it_has_in_the_region(
    region: str, domain: str, partition: str, name: str
) -> None:
    assert name in claim(signed(at(region, domain, partition=partition))).names


def test_a_region_does_not_sign_for_another() -> None:
    names = claim(signed(at("eu-south-1", "amazonaws.com"))).names
    assert not {name for name in names if "af-south-1" in name or name.endswith((".cn", ".eu"))}


HOST = "sns.us-east-1.amazonaws.com"
FILE = f"/SimpleNotificationService-{HEX}.pem"
NASTY = [
    f"http://{HOST}{FILE}",
    f"HTTPS://{HOST}{FILE}",
    f"ftp://{HOST}{FILE}",
    f"file:///{HOST}{FILE}",
    f"//{HOST}{FILE}",
    f" https://{HOST}{FILE}",
    f"https://{HOST}{FILE} ",
    f"https://{HOST}{FILE}\n",
    f"https://{HOST}\n{FILE}",
    f"https://{HOST}\t{FILE}",
    f"https://{HOST}\x00{FILE}",
    f"https://{HOST}:443{FILE}",
    f"https://{HOST}:8443{FILE}",
    f"https://{HOST}:{FILE}",
    f"https://user@{HOST}{FILE}",
    f"https://user:pass@{HOST}{FILE}",
    f"https://@{HOST}{FILE}",
    f"https://{HOST}@evil.example{FILE}",
    f"https://evil.example/@{HOST}{FILE}",
    f"https://evil.example#{HOST}{FILE}",
    f"https://evil.example?{HOST}{FILE}",
    f"https://evil.example\\@{HOST}{FILE}",
    f"https://{HOST}.evil.example{FILE}",
    f"https://{HOST}.{FILE}",
    f"https://evil-{HOST}{FILE}",
    f"https://evil.{HOST}{FILE}",
    f"https://{HOST.upper()}{FILE}",
    f"https://sns.us-east-1.amazonaws.com.cn{FILE}",
    f"https://sns.us-east-1.amazonaws.eu{FILE}",
    f"https://sns.us-east-1.amazonaws.comevil.example{FILE}",
    f"https://sns.us-east-1xamazonaws.com{FILE}",
    f"https://snsXus-east-1.amazonaws.com{FILE}",
    f"https://sns.eu-west-1.amazonaws.com{FILE}",
    f"https://sns.amazonaws.com{FILE}",
    f"https://sns-fips.us-east-1.amazonaws.com{FILE}",
    f"https://s3.us-east-1.amazonaws.com{FILE}",
    f"https://sns.us-east-1.amazonaws.com.s3.amazonaws.com{FILE}",
    f"https://sns。us-east-1.amazonaws.com{FILE}",
    f"https://ѕns.us-east-1.amazonaws.com{FILE}",
    f"https://xn--ns-flb.us-east-1.amazonaws.com{FILE}",
    f"https://{HOST}{FILE}?x=1",
    f"https://{HOST}{FILE}?",
    f"https://{HOST}{FILE}#x",
    f"https://{HOST}{FILE}#",
    f"https://{HOST}{FILE};x",
    f"https://{HOST}{FILE}/",
    f"https://{HOST}{FILE}.exe",
    f"https://{HOST}/x{FILE}",
    f"https://{HOST}/{FILE}",
    f"https://{HOST}/..{FILE}",
    f"https://{HOST}/?Action=Publish&x={FILE}",
    f"https://{HOST}/SimpleNotificationService-.pem",
    f"https://{HOST}/SimpleNotificationService-../x.pem",
    f"https://{HOST}/SimpleNotificationService-%2e%2e.pem",
    f"https://{HOST}/SimpleNotificationService-0/1.pem",
    f"https://{HOST}/SimpleNotificationService-{HEX}.PEM",
    f"https://{HOST}/SimpleNotificationService-{HEX}",
    f"https://{HOST}/SimpleNotificationService-{'a' * 5000}.pem",
    "https://[::1]/SimpleNotificationService-0.pem",
    "https://127.0.0.1/SimpleNotificationService-0.pem",
    "https://",
    "",
    None,
    7,
    ["https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"],
]


@pytest.mark.parametrize("url", NASTY)
def test_a_certificate_kept_anywhere_else_is_refused(url: object) -> None:
    assert "certificate" in why_forged(signed(notice()) | {"SigningCertURL": url})


def test_the_other_spelling_does_not_get_around_that() -> None:
    other = signed(notice())
    other["SigningCertUrl"] = "https://evil.example/x.pem"
    assert claim(other).certificate == CERTIFICATE_URL
    del other["SigningCertURL"]
    assert "certificate" in why_forged(other)


@given(st.from_regex(r"\Ahttps://[^/]{0,60}/SimpleNotificationService-[0-9a-f]+\.pem\Z"))
@settings(QUICK, max_examples=300)
def test_no_other_host_is_ever_taken_for_sns(url: str) -> None:
    assert url.startswith(f"https://{HOST}/") or why_forged(signed(notice()) | {"SigningCertURL": url})


@pytest.mark.parametrize(
    "topic",
    [
        "",
        None,
        7,
        "config-topic",
        f"arn:aws:sqs:us-east-1:{ACCOUNT_ID}:config-topic",
        f"arn:aws:sns::{ACCOUNT_ID}:config-topic",
        f"arn:aws:sns:global:{ACCOUNT_ID}:config-topic",
        f"arn:aws:sns:evil.example/:{ACCOUNT_ID}:config-topic",
        f"arn:aws:sns:us-east-1.evil:{ACCOUNT_ID}:config-topic",
        f"arn:aws:sns:us-east-1\n:{ACCOUNT_ID}:config-topic",
        "arn:aws:sns:us-east-1:12345:config-topic",
        f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:",
        f"arn:aws:sns:us-east-1:{ACCOUNT_ID}:config-topic:0a1b2c3d",
        f"{TOPIC}\n",
        f" {TOPIC}",
    ],
)
def test_what_is_no_topic_is_refused(topic: object) -> None:
    assert why_forged(signed(notice()) | {"TopicArn": topic}) == "it does not name a topic as AWS does"


# What counts as an envelope


def test_what_came_without_an_envelope_has_nothing_to_verify() -> None:
    without: list[Json] = [notification(user_item()), event(notification(user_item())), {"Records": []}, {}]
    for bare in without:
        assert envelope_of(json.dumps(bare)) is None
    kinds: list[object] = [None, "Other", 7, [], {}]
    for kind in kinds:
        assert envelope_of(json.dumps({"Type": kind})) is None
    for text in ("hello", "", "{", "[1]", "null", '"', "AWS Budget Notification {x}"):
        assert envelope_of(text) is None


def test_only_the_outermost_envelope_counts() -> None:
    inner = signed(notice(TopicArn=f"arn:aws:sns:eu-west-1:{ACCOUNT_ID}:inner"))
    outer = envelope_of(body(inner))
    assert outer is not None
    assert topic_of(outer) == TOPIC
    for around in ({"Sns": inner}, {"Records": [{"Sns": inner}]}, {"receiptHandle": "x", "body": json.dumps(inner)}):
        assert envelope_of(json.dumps(around)) is None


@pytest.mark.parametrize("wrap", ["{}", "  {}", "Config says:\n{}", "{} bye", "quoted"])
def test_an_envelope_is_found_wherever_reading_finds_it(wrap: str) -> None:
    text = json.dumps(signed(notice()))
    wrapped = json.dumps(text) if wrap == "quoted" else wrap.replace("{}", text)
    assert read(wrapped).facts
    found = envelope_of(wrapped)
    assert found is not None
    assert claim_of(found).signed_with(PUBLIC)


def test_of_a_field_written_twice_the_same_one_is_read_and_verified() -> None:
    honest = json.dumps(signed(notice()))
    forged = honest.replace('"Message":', '"Message": "{}", "Message":', 1)
    found = envelope_of(forged)
    assert found is not None
    assert claim_of(found).signed_with(PUBLIC)
    assert read(forged).facts == read(honest).facts
    reversed_order = honest.removesuffix("}") + ', "Message": "{}"}'
    assert refused(json.loads(reversed_order))
    assert not read(reversed_order).facts


@pytest.mark.parametrize("marks", [{"Type": "Notification"}, {"TopicArn": TOPIC}])
def test_whatever_reading_takes_out_of_an_envelope_counts_as_one(marks: Json) -> None:
    text = json.dumps({"Message": json.dumps(notification(user_item())), **marks})
    assert read(text).facts
    assert envelope_of(text) is not None


@pytest.mark.parametrize("kind", [None, "", "Other", 7, [], {}])
def test_a_type_that_sns_does_not_have_is_refused(kind: object) -> None:
    assert refused(confirmation() | {"Type": kind})
    assert why_forged(signed(notice()) | {"Type": kind}) == "it is of a type that SNS does not have"


def test_a_message_that_is_no_text_is_refused() -> None:
    assert (
        why_forged(signed(notice()) | {"Message": notification(user_item())}) == "a part of what is signed is not text"
    )


def test_half_of_a_surrogate_pair_is_refused() -> None:
    assert why_forged(signed(notice()) | {"Message": "a\ud800b"}) == "it holds what no text can hold"


@pytest.mark.parametrize("when", ["", "yesterday", "0000-01-01", "2026-13-45T99:99:99Z"])
def test_a_time_that_cannot_be_read_is_none(when: str) -> None:
    assert claim(signed(notice(Timestamp=when))).sent is None


@given(any_spoiled() | ANY_JSON)
@settings(QUICK, max_examples=300)
def test_nothing_can_make_it_stumble(message: object) -> None:
    for text in (json.dumps(message), json.dumps({**notice(), "Message": message})):
        found = envelope_of(text)
        if found is not None:
            with contextlib.suppress(Forged):
                assert not claim_of(found).signed_with(PUBLIC)


@given(ANY_TEXT)
@settings(QUICK, max_examples=200)
def test_no_text_can_make_it_stumble(text: str) -> None:
    envelope_of(text)
