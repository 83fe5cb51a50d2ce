"""Every trouble between here and the queue, made for real, is told apart from every other."""

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from aws.certificates import self_signed
from aws.servers import (
    HTML,
    JSON,
    Answer,
    AnsweringServer,
    BlackHole,
    HangingUpServer,
    ResettingServer,
    SilentServer,
    closed_port,
)
from desktop_bench.faults import REQUEST_ID
from trayapp.aws import failures, session
from trayapp.aws.failures import AwsFailure, answered_by_aws, failure_of
from trayapp.aws.keys import AccessKey
from trayapp.aws.queue import Message, SqsQueue
from trayapp.aws.session import Endpoint
from trayapp.aws.sign_in import SignInRefused, prove
from trayapp.core.causes import Cause

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"

MakeEndpoint = Callable[[str], Endpoint]


def refusal(code: str, message: str = "No.", status: int = 400, old_code: str = "") -> Answer:
    """Give an error as SQS writes it, with the old name of the error in a header where there is one."""
    headers = {**JSON, "x-amzn-query-error": f"{old_code};Sender"} if old_code else JSON
    return Answer(status, json.dumps({"__type": code, "message": message}).encode(), headers)


def xml(code: str, message: str, status: int = 403) -> Answer:
    """Give an error as the services write it whose protocol is XML, and as some emulators always do."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f'<?xml version="1.0"?>\n<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>'
    return Answer(status, body.encode(), {"Content-Type": "text/xml"})


def page(status: int, text: str = "<!DOCTYPE html><html><title>Hotel</title>Log in", encoding: str = "utf-8") -> Answer:
    return Answer(status, text.encode(encoding), HTML)


SQS = "com.amazonaws.sqs#"
CORAL = "com.amazon.coral.service#"

ANSWERS: dict[str, tuple[Answer | None, Cause]] = {
    "a queue that is missing": (refusal(f"{SQS}QueueDoesNotExist"), Cause.QUEUE_MISSING),
    "a queue that is missing, by its old name": (
        refusal(f"{SQS}QueueDoesNotExist", old_code="AWS.SimpleQueueService.NonExistentQueue"),
        Cause.QUEUE_MISSING,
    ),
    "an address that is no queue's": (refusal(f"{SQS}InvalidAddress"), Cause.QUEUE_MISSING),
    "no permission": (refusal(f"{CORAL}AccessDeniedException", status=403), Cause.NOT_PERMITTED),
    "no permission, by its old name": (
        refusal(f"{CORAL}AccessDeniedException", status=403, old_code="AccessDenied"),
        Cause.NOT_PERMITTED,
    ),
    "no permission, in XML": (xml("AccessDenied", "User may not &quot;receive&quot;"), Cause.NOT_PERMITTED),
    "a refusal without a reason": (Answer(403, b""), Cause.NOT_PERMITTED),
    "an unknown key": (refusal(f"{CORAL}UnrecognizedClientException"), Cause.KEY_REFUSED),
    "an unknown key, by its old name": (
        refusal(f"{CORAL}UnrecognizedClientException", status=403, old_code="InvalidClientTokenId"),
        Cause.KEY_REFUSED,
    ),
    "an unknown key, in XML": (xml("InvalidClientTokenId", "The token is invalid."), Cause.KEY_REFUSED),
    "a request without security": (refusal(f"{CORAL}InvalidSecurity", status=403), Cause.KEY_REFUSED),
    "an expired token": (refusal(f"{CORAL}ExpiredTokenException", status=403), Cause.KEY_REFUSED),
    "an expired token, by its old name": (refusal("ExpiredToken", status=403), Cause.KEY_REFUSED),
    "a wrong secret": (refusal(f"{CORAL}InvalidSignatureException", "It does not match."), Cause.SECRET_WRONG),
    "a wrong secret, in XML": (xml("SignatureDoesNotMatch", "It does not match."), Cause.SECRET_WRONG),
    "a clock that is slow": (
        refusal(
            "InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than 20260101T001500Z"
        ),
        Cause.CLOCK_WRONG,
    ),
    "a clock that is fast": (
        refusal(
            "SignatureDoesNotMatch", "Signature not yet current: 20260101T003000Z is still later than 20260101T000000Z"
        ),
        Cause.CLOCK_WRONG,
    ),
    "a clock that is slow, in XML": (xml("SignatureDoesNotMatch", "Signature expired: too old"), Cause.CLOCK_WRONG),
    "a request too old": (refusal("RequestExpired"), Cause.CLOCK_WRONG),
    "a request too far off": (refusal("RequestTimeTooSkewed", status=403), Cause.CLOCK_WRONG),
    "no permission to decrypt": (refusal(f"{SQS}KmsAccessDenied"), Cause.KMS_REFUSED),
    "no permission to decrypt, by its old name": (
        refusal(f"{SQS}KmsAccessDenied", old_code="KMS.AccessDeniedException"),
        Cause.KMS_REFUSED,
    ),
    "a KMS key that is off": (refusal(f"{SQS}KmsDisabled"), Cause.KMS_REFUSED),
    "throttling": (refusal("ThrottlingException"), Cause.THROTTLED),
    "throttling by SQS": (refusal(f"{SQS}RequestThrottled"), Cause.THROTTLED),
    "throttling by KMS": (refusal(f"{SQS}KmsThrottled"), Cause.THROTTLED),
    "throttling by SNS": (xml("ThrottledException", "Rate exceeded", 429), Cause.THROTTLED),
    "too much in flight": (refusal(f"{SQS}OverLimit", status=403), Cause.THROTTLED),
    "too many requests": (Answer(429, b"", {}), Cause.THROTTLED),
    "a failure of AWS": (refusal("InternalFailure", status=500), Cause.AWS_FAILING),
    "a failure of AWS without a word": (Answer(500, b"", {}), Cause.AWS_FAILING),
    "a balancer without a server": (page(503, "<html><body>503 Service Unavailable</body></html>"), Cause.AWS_FAILING),
    "a gateway without a server": (page(502), Cause.AWS_FAILING),
    "a refusal nobody has heard of": (refusal("SomethingNew"), Cause.AWS_FAILING),
    "a proxy that wants a login": (Answer(407, b"", {}), Cause.PROXY_FAILING),
    "a proxy that wants a login, with a page": (page(407), Cause.PROXY_FAILING),
    "a network that wants a login": (page(511), Cause.INTERCEPTED),
    "a filter that speaks JSON": (
        Answer(403, b'{"error": "blocked"}', {"Content-Type": "application/json"}),
        Cause.INTERCEPTED,
    ),
    "a filter that says nothing": (Answer(403, b"", {}), Cause.INTERCEPTED),
    "a page where nothing is": (page(404), Cause.INTERCEPTED),
    "a gateway that waited in vain": (page(504), Cause.AWS_FAILING),
    "a redirection without end": (Answer(307, b"", {"Location": "/"}), Cause.INTERCEPTED),
    "a login page": (page(200), Cause.INTERCEPTED),
    "a login page that is not in UTF-8": (page(200, "<html>Gäste", "latin-1"), Cause.INTERCEPTED),
    "a redirection to a login page": (Answer(302, b"", {"Location": "http://portal.example/"}), Cause.INTERCEPTED),
    "a page that forbids": (page(403), Cause.INTERCEPTED),
    "a page that forbids and is not in UTF-8": (page(403, "<html>gesperrt für Gäste", "latin-1"), Cause.INTERCEPTED),
    "a piece of a page": (page(403, "\n <h1>Blocked by policy</h1>"), Cause.INTERCEPTED),
    "an empty answer": (Answer(200, b"", {}), Cause.INTERCEPTED),
    "JSON of somebody else's": (Answer(200, b"[]", {"Content-Type": "application/json"}), Cause.INTERCEPTED),
    "an answer that breaks off": (Answer(body=b'{"Messages":[', missing=500), Cause.NO_ANSWER),
    "an answer that never begins": (Answer(body=b"", missing=500), Cause.NO_ANSWER),
    "a connection that is cut": (None, Cause.NO_ANSWER),
}


def receive(url: str, key: AccessKey) -> AwsFailure:
    """Poll the queue at an address, and give the failure that must come of it, with nothing in it that must not be."""
    queue = SqsQueue(Endpoint("eu-west-1", key, url), QUEUE_URL)
    with pytest.raises(AwsFailure) as caught:
        queue.receive()
    detail = str(caught.value)
    assert detail
    assert "<" not in detail
    assert "\n" not in detail
    assert key.secret not in detail
    assert caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize("what", ANSWERS)
def test_an_answer_that_is_not_the_one_hoped_for_has_its_own_cause(what: str, key: AccessKey) -> None:
    answer, cause = ANSWERS[what]
    with AnsweringServer(answer) as server:
        assert receive(server.url, key).cause is cause


def test_the_detail_tells_the_code_and_the_message(key: AccessKey) -> None:
    with AnsweringServer(xml("AccessDenied", "User may not &quot;receive&quot;")) as server:
        assert str(receive(server.url, key)) == 'AccessDenied: User may not "receive"'
    with AnsweringServer(refusal("AccessDeniedException", "because no policy\u202e allows it")) as server:
        assert str(receive(server.url, key)) == "AccessDeniedException: because no policy\ufffd allows it"


@pytest.mark.parametrize("what", ["a failure of AWS", "a login page that is not in UTF-8", "an answer that breaks off"])
def test_a_delete_fails_for_the_same_causes(what: str, key: AccessKey) -> None:
    answer, cause = ANSWERS[what]
    with AnsweringServer(answer) as server, pytest.raises(AwsFailure) as caught:
        SqsQueue(Endpoint("eu-west-1", key, server.url), QUEUE_URL).delete([Message("id", "receipt", "body")])
    assert caught.value.cause is cause


@pytest.mark.parametrize("what", ["a login page", "a page that forbids", "an empty answer", "an unknown key, in XML"])
def test_a_sign_in_is_refused_in_words(what: str, key: AccessKey) -> None:
    with AnsweringServer(ANSWERS[what][0]) as server, pytest.raises(SignInRefused) as caught:
        prove(Endpoint("eu-west-1", key, server.url), QUEUE_URL, "acme")
    assert "<" not in str(caught.value)
    assert key.secret not in str(caught.value)


def test_an_answer_without_messages_is_no_failure(endpoint_at: MakeEndpoint) -> None:
    with AnsweringServer(Answer()) as server:
        assert SqsQueue(endpoint_at(server.url), QUEUE_URL).receive() == []


def test_only_a_request_id_makes_an_answer_one_of_aws() -> None:
    answered_by_aws({"ResponseMetadata": {"RequestId": REQUEST_ID}})
    others: list[dict[str, Any]] = [
        {},
        {"ResponseMetadata": {}},
        {"ResponseMetadata": {"RequestId": ""}, "Messages": [{}]},
    ]
    for answer in others:
        with pytest.raises(AwsFailure) as caught:
            answered_by_aws(answer)
        assert caught.value.cause is Cause.INTERCEPTED


# ---- the clock


def dated(answer: Answer, seconds: float) -> Answer:
    """Give an answer of somebody whose clock is ahead of ours by so much."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
    return replace(answer, headers={**answer.headers, "Date": date})


WRONG_SIGNATURE = refusal("InvalidSignatureException", "It does not match.", status=403)


@pytest.mark.parametrize("seconds", [-7200, -360, 360, 7200])
def test_a_signature_is_not_blamed_on_the_secret_when_the_clock_is_wrong(seconds: float, key: AccessKey) -> None:
    with AnsweringServer(dated(WRONG_SIGNATURE, seconds)) as server:
        assert receive(server.url, key).cause is Cause.CLOCK_WRONG


@pytest.mark.parametrize("seconds", [-240, 0, 240])
def test_a_clock_that_is_right_enough_is_not_blamed(seconds: float, key: AccessKey) -> None:
    with AnsweringServer(dated(WRONG_SIGNATURE, seconds)) as server:
        assert receive(server.url, key).cause is Cause.SECRET_WRONG


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (refusal("UnrecognizedClientException"), Cause.KEY_REFUSED),
        (refusal("AccessDeniedException", status=403), Cause.NOT_PERMITTED),
        (refusal("InternalFailure", status=500), Cause.AWS_FAILING),
        (page(403), Cause.INTERCEPTED),
    ],
    ids=["an unknown key", "no permission", "a failure of AWS", "a page"],
)
def test_a_wrong_clock_does_not_hide_what_it_has_nothing_to_do_with(
    answer: Answer, cause: Cause, key: AccessKey
) -> None:
    with AnsweringServer(dated(answer, 7200)) as server:
        assert receive(server.url, key).cause is cause


def test_a_refusal_that_nobody_has_heard_of_is_the_clocks_where_that_is_wrong(key: AccessKey) -> None:
    with AnsweringServer(dated(refusal("SomethingNew"), 7200)) as server:
        assert receive(server.url, key).cause is Cause.CLOCK_WRONG


def test_a_date_that_is_none_changes_nothing(key: AccessKey) -> None:
    with AnsweringServer(replace(WRONG_SIGNATURE, headers={**JSON, "Date": "yesterday"})) as server:
        assert receive(server.url, key).cause is Cause.SECRET_WRONG


def test_a_certificate_from_the_future_is_the_clocks(
    key: AccessKey, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = self_signed(bundle, days_old=-1)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with AnsweringServer(Answer(), tls) as server:
        assert receive(server.url, key).cause is Cause.CLOCK_WRONG


# ---- no answer at all


def test_a_closed_port_is_no_network(key: AccessKey) -> None:
    assert receive(f"http://{closed_port()}", key).cause is Cause.NO_NETWORK


def names_fail(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def fail(*_: object) -> None:
        raise socket.gaierror(code, "as the system says it")

    monkeypatch.setattr(socket, "getaddrinfo", fail)


def test_a_name_without_an_address_is_told_from_no_network(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    names_fail(monkeypatch, socket.EAI_NONAME)
    assert receive("https://sqs.nowhere.invalid", key).cause is Cause.NAME_NOT_FOUND


@pytest.mark.parametrize(("offline", "cause"), [(True, Cause.NO_NETWORK), (False, Cause.NAME_NOT_FOUND)])
def test_names_that_nobody_can_be_asked_for_are_no_network_only_without_a_way_out(
    cause: Cause, key: AccessKey, monkeypatch: pytest.MonkeyPatch, *, offline: bool
) -> None:
    names_fail(monkeypatch, socket.EAI_AGAIN)
    # Whether there is a way out is a matter of the machine: where there is one, it must not be needed for a test.
    ways = () if offline else ((socket.AF_INET, "127.0.0.1"),)
    monkeypatch.setattr(failures, "_ANYWHERE", ways)
    assert receive("https://sqs.nowhere.invalid", key).cause is cause


def test_a_connection_that_is_never_made_is_no_answer(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 0.3)
    with BlackHole() as hole:
        assert receive(f"http://{hole.address}", key).cause is Cause.NO_ANSWER


def test_a_connection_that_is_reset_is_no_answer(key: AccessKey) -> None:
    with ResettingServer() as server:
        assert receive(f"http://{server.address}", key).cause is Cause.NO_ANSWER
    with ResettingServer(beginning=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{") as server:
        assert receive(f"http://{server.address}", key).cause is Cause.NO_ANSWER


@pytest.mark.parametrize("rest", ["", "Content-Le", "Content-Length: ", "Content-Length: 2\r\n"])
def test_an_answer_that_breaks_off_in_its_headers_is_no_answer_and_not_an_empty_one(rest: str, key: AccessKey) -> None:
    headers = "".join(f"{name}: {text}\r\n" for name, text in JSON.items())
    with HangingUpServer(beginning=f"HTTP/1.1 200 OK\r\n{headers}{rest}".encode()) as server:
        assert receive(f"http://{server.address}", key).cause is Cause.NO_ANSWER


def test_a_handshake_that_is_cut_is_no_answer_and_not_mistrust(key: AccessKey) -> None:
    with HangingUpServer() as server:
        assert receive(f"https://{server.address}", key).cause is Cause.NO_ANSWER


def test_silence_is_no_answer(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LONG_POLL_SECONDS", -4)  # so that the answer has to come within a second
    with SilentServer() as server:
        assert receive(f"http://{server.address}", key).cause is Cause.NO_ANSWER


def test_silence_where_a_handshake_should_be_is_no_answer(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 0.5)
    with SilentServer() as server:
        assert receive(f"https://{server.address}", key).cause is Cause.NO_ANSWER


@pytest.mark.parametrize(
    ("host", "days_left", "trusted"),
    [("other.example", 5, True), ("127.0.0.1", -1, True), ("127.0.0.1", 5, False)],
    ids=["for another name", "expired", "of an unknown authority"],
)
def test_a_bad_certificate_is_told_from_no_network(
    host: str, days_left: int, *, trusted: bool, key: AccessKey, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = self_signed(bundle, host, days_left)
    if trusted:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with AnsweringServer(Answer(), tls) as server:
        assert receive(server.url, key).cause is Cause.TLS_REFUSED
        assert server.requests == []


def test_a_server_that_does_not_speak_tls_is_not_trusted(key: AccessKey) -> None:
    with AnsweringServer(Answer()) as server:
        assert receive(server.url.replace("http:", "https:"), key).cause is Cause.TLS_REFUSED


@pytest.mark.parametrize(
    ("answer", "cause"),
    [(page(407), Cause.PROXY_FAILING), (page(403), Cause.PROXY_FAILING), (None, Cause.NO_ANSWER)],
    ids=["wants a login", "forbids", "hangs up"],
)
def test_a_proxy_that_does_not_let_us_through_is_named_without_its_password(
    answer: Answer | None, cause: Cause, key: AccessKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AnsweringServer(answer) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//someone:opensesame@"))
        failure = receive("", key)
    assert failure.cause is cause
    assert "opensesame" not in str(failure)


def test_a_proxy_that_is_not_there_is_not_taken_for_aws(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://someone:opensesame@{closed_port()}")
    failure = receive("", key)
    assert failure.cause is Cause.PROXY_FAILING
    assert "opensesame" not in str(failure)


def test_a_proxy_whose_name_is_not_found_is_not_taken_for_aws(key: AccessKey, monkeypatch: pytest.MonkeyPatch) -> None:
    names_fail(monkeypatch, socket.EAI_NONAME)
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:opensesame@proxy.example:3128")
    failure = receive("", key)
    assert failure.cause is Cause.PROXY_FAILING
    assert "opensesame" not in str(failure)


def test_what_botocore_has_no_name_for_is_a_failure_of_ours() -> None:
    assert failure_of(BotoCoreError()).cause is Cause.INTERNAL
