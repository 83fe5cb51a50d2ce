"""Keys, tokens, signatures, passwords and bodies are cut out of any text, however others write them into it."""

import json
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import QUICK, body, envelope, event, notification, user_item
from trayapp.doctor.redaction import redacted

BASE64 = string.ascii_letters + string.digits + "+/"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

secrets = st.text(BASE64, min_size=40, max_size=40).filter(
    lambda text: any(map(str.islower, text)) and any(map(str.isupper, text)) and any(map(str.isdigit, text))
)
tokens = st.text(BASE64, min_size=60, max_size=400)
key_ids = st.builds(
    str.__add__, st.sampled_from(["AKIA", "ASIA"]), st.text(string.ascii_uppercase + "234567", min_size=16, max_size=16)
)
prefixes = st.sampled_from(["", "private: ", "botocore.exceptions.ClientError: ", "Traceback:\n  ", "x=", '{"a": 1} '])


@given(
    prefixes,
    key_ids,
    st.sampled_from(["{}", "key {} refused", "id={}&x=1", "'{}'", "Credential={}/20261123/x", "a{}b"]),
)
@QUICK
def test_no_key_id_gets_through(prefix: str, key_id: str, form: str) -> None:
    assert key_id not in redacted(prefix + form.format(key_id))


@given(
    prefixes,
    secrets,
    st.sampled_from(
        [
            "{}",
            "secret_access_key={}",
            "aws_secret_access_key = {}",
            '"SecretAccessKey": "{}"',
            '\\"SecretAccessKey\\": \\"{}\\"',
            "{{'secret': '{}'}}",
            "AccessKey(id='x', secret='{}')",
            "the secret key is {}",
            "password: {}",
            "token={}&next=1",
        ]
    ),
)
@QUICK
def test_no_secret_gets_through(prefix: str, secret: str, form: str) -> None:
    assert secret not in redacted(prefix + form.format(secret))


@given(
    prefixes,
    tokens,
    st.sampled_from(
        [
            "X-Amz-Security-Token: {}",
            "X-Amz-Security-Token={}&X-Amz-Date=1",
            "'X-Amz-Security-Token': b'{}'",
            "X-Amz-Signature={}",
            "Signature={}",
            '"Signature": "{}"',
            '\\"Signature\\" : \\"{}\\"',
            "Authorization: Bearer {}",
            "'Authorization': b'AWS4-HMAC-SHA256 Credential=x/y, SignedHeaders=host, Signature={}'",
            "Proxy-Authorization: Basic {}",
            '"authorization" : "{}"',
            "session token: {}",
            '"SessionToken": "{}"',
            "ReceiptHandle: x, 'ReceiptHandle': '{}'",
            "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n{}",
        ]
    ),
)
@QUICK
def test_no_token_and_no_signature_gets_through(prefix: str, token: str, form: str) -> None:
    assert token not in redacted(prefix + form.format(token))


@pytest.mark.parametrize(
    "message",
    [
        body(notification(user_item(resourceName="helpdesk2"))),
        json.dumps(notification(user_item(resourceName="helpdesk2"))),
        json.dumps(notification(user_item(resourceName="helpdesk2")), indent=2),
        json.dumps(event({"userName": "helpdesk2"})),
        json.dumps(envelope("plain words about helpdesk2")),
        repr(notification(user_item(resourceName="helpdesk2"))),
        json.dumps({"Messages": [{"Body": body(notification(user_item(resourceName="helpdesk2")))}]}),
        json.dumps({"Body": "anything about helpdesk2"}),
    ],
)
def test_no_message_body_gets_through(message: str) -> None:
    said = redacted(f"an event could not be handled: {message}")
    assert "helpdesk2" not in said
    assert said.startswith("an event could not be handled: ")


def test_what_stands_around_a_body_stays() -> None:
    one = json.dumps(notification(user_item(resourceName="helpdesk2")), indent=1)
    said = redacted(f"first {one} then {one}\nTraceback")
    assert said == "first <message body left out> then <message body left out>\nTraceback"


def test_what_else_is_said_stays() -> None:
    for said in (
        "private: not-permitted (AccessDenied: not authorized to perform: sqs:ReceiveMessage), failure 1 in a row",
        "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.",
        "no-network (Could not connect to the endpoint URL: https://sqs.eu-west-1.amazonaws.com/)",
        "the key store said: KeyStoreProblem",
        "d670460b4b4aece5915caf5c68d12f560a9fe3e4",
        "Signed in as the listener; the access key is in the keyring",
        '  File "/usr/lib/python3/dist-packages/botocore/httpsession.py", line 509, in send',
    ):
        assert redacted(said) == said


def test_a_users_password_in_an_address_is_cut_out() -> None:
    assert redacted("via http://alice:hunter2@proxy:3128/x") == "via http://<left out>@proxy:3128/x"


@pytest.mark.parametrize(
    "unit", ["{", '\\"', '"Message"', "secret ", "token ", "a" * 39 + " ", "-----BEGIN ", "AKIA", "x-amz-"]
)
def test_no_text_takes_long(unit: str) -> None:
    began = time.monotonic()
    redacted(unit * (200_000 // len(unit)))
    assert time.monotonic() - began < 5
