"""A key never shows its secret, however clumsily it is handled."""

import dataclasses
import logging
import pickle
import traceback
from collections.abc import Callable

import pytest

from trayapp.aws.key_store import MemoryKeyStore
from trayapp.aws.keys import AccessKey
from trayapp.aws.queue import SqsQueue
from trayapp.aws.session import Endpoint

ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEY = AccessKey(ID, SECRET)
ENDPOINT = Endpoint("eu-west-1", KEY)

WAYS: dict[str, Callable[[], str]] = {
    "repr": lambda: repr(KEY),
    "str": lambda: str(KEY),
    "format": lambda: f"{KEY} {KEY!s} {KEY!r} {KEY!a} {KEY:}",
    "percent": lambda: "%s %r" % (KEY, KEY),  # noqa: UP031 - one of the ways
    "in a container": lambda: f"{[KEY]} { ({'key': KEY}) } {(KEY,)}",
    "in an endpoint": lambda: f"{ENDPOINT} {ENDPOINT!r}",
    "in a replaced endpoint": lambda: repr(dataclasses.replace(ENDPOINT, region="us-east-1")),
    "in a store": lambda: repr(MemoryKeyStore({"acme": KEY})),
    "in a queue": lambda: repr(SqsQueue(ENDPOINT, "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox")),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_printing_a_key_tells_its_secret(way: str) -> None:
    assert SECRET not in WAYS[way]()


def test_a_key_is_called_by_the_end_of_its_id() -> None:
    assert str(KEY) == "…XAMPLE"


def test_a_traceback_past_a_key_does_not_tell_its_secret() -> None:
    def fail(key: AccessKey, endpoint: Endpoint) -> None:
        raise RuntimeError(f"{key} at {endpoint}")

    try:
        fail(KEY, ENDPOINT)
    except RuntimeError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        text = "".join(told.format())
    assert "key =" in text
    assert SECRET not in text


def test_a_log_line_about_a_key_does_not_tell_its_secret(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("%s %r %s", KEY, ENDPOINT, {"key": KEY})
    assert SECRET not in caplog.text


def test_what_goes_wrong_in_pickling_a_key_does_not_tell_its_secret() -> None:
    with pytest.raises((AttributeError, pickle.PicklingError)) as caught:
        pickle.dumps((KEY, lambda: KEY))
    assert SECRET not in str(caught.value)


def test_a_key_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError) as caught:
        KEY.secret = SECRET + "!"  # type: ignore[misc]  # that it is refused is what is tried
    assert SECRET not in str(caught.value)


def test_two_keys_that_differ_in_their_secret_differ() -> None:
    assert AccessKey(ID, SECRET) == KEY
    assert AccessKey(ID, SECRET + "!") != KEY


def test_a_key_comes_back_from_its_stored_form() -> None:
    assert AccessKey.from_json(KEY.to_json()) == KEY


@pytest.mark.parametrize(
    "stored",
    [
        "",
        SECRET,
        f'"{SECRET}"',
        f'["{SECRET}"]',
        f'{{"secret_access_key": "{SECRET}"}}',
        f'{{"access_key_id": "{ID}"}}',
        f'{{"access_key_id": "{ID}", "secret_access_key": "{SECRET}"',
        f'{{"access_key_id": null, "secret_access_key": "{SECRET}"}}',
        f'{{"access_key_id": "{ID}", "secret_access_key": ["{SECRET}"]}}',
        f'{{"access_key_id": "{ID}", "secret_access_key": ""}}',
        "null",
        "7",
    ],
)
def test_what_is_no_stored_key_is_refused_without_being_quoted(stored: str) -> None:
    with pytest.raises(ValueError, match="not a key that trayapp stored") as caught:
        AccessKey.from_json(stored)
    told = traceback.TracebackException.from_exception(caught.value)
    assert SECRET not in "".join(told.format())
    assert caught.value.__context__ is None
