"""Who answers, by which certificate, and what time it is there: found out without a key, and past every proxy."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aws.certificates import self_signed
from aws.servers import Answer, AnsweringServer, SilentServer, closed_port
from trayapp.aws.failures import AwsFailure
from trayapp.core.causes import Cause
from trayapp.doctor import network

DATED = Answer(404, b"", {"Date": "Mon, 23 Nov 2026 11:14:40 GMT"})


def test_a_server_tells_its_certificates_issuer_and_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "bundle.pem"
    with AnsweringServer(DATED, self_signed(bundle)) as server:
        monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
        greeting = network.greet(server.url)
    assert greeting == network.Greeting("TLSv1.3", "127.0.0.1", datetime(2026, 11, 23, 11, 14, 40, tzinfo=UTC))
    assert {name.lower() for name in server.requests[0].headers} & {"authorization", "x-amz-date"} == set()


def test_who_cannot_be_trusted_is_told_nothing_and_named(tmp_path: Path) -> None:
    with AnsweringServer(DATED, self_signed(tmp_path / "bundle.pem", "127.0.0.1")) as server:
        with pytest.raises(AwsFailure) as caught:
            network.greet(server.url)
        assert server.requests == []
        assert network.who_answers(server.url) == "127.0.0.1"
    assert caught.value.cause is Cause.TLS_REFUSED


def test_without_tls_there_is_no_issuer() -> None:
    with AnsweringServer(Answer(404, b"no", {"Date": "nonsense"})) as server:
        assert network.greet(server.url) == network.Greeting("", "", None)
        assert network.who_answers(server.url) == ""


def test_nobody_there_and_nobody_answering_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_ANSWER_SECONDS", 0.2)
    with pytest.raises(AwsFailure) as caught:
        network.greet(f"http://{closed_port()}")
    assert caught.value.cause is Cause.NO_NETWORK
    with SilentServer() as silent, pytest.raises(AwsFailure) as caught:
        network.greet(f"http://{silent.address}")
    assert caught.value.cause is Cause.NO_ANSWER


def test_a_name_that_nobody_has_is_said() -> None:
    assert network.addresses_of("http://127.0.0.1:80") == ["127.0.0.1"]
    with pytest.raises(AwsFailure) as caught:
        network.addresses_of("https://nobody.invalid")
    assert caught.value.cause is Cause.NAME_NOT_FOUND


def test_a_name_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = threading.Event()

    def wait(*_: object, **__: object) -> list[object]:
        answer.wait(5)
        return []

    monkeypatch.setattr(network, "_NAME_SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", wait)
    with pytest.raises(AwsFailure, match="no answer within"):
        network.addresses_of("https://sqs.eu-west-1.amazonaws.com")
    answer.set()


@pytest.mark.parametrize("proxy", ["http://alice:hunter2@proxy.example:3128", "alice:hunter2@proxy.example:3128"])
def test_a_proxy_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    assert network.proxy_of("https://sqs.eu-west-1.amazonaws.com") == "http://proxy.example:3128"
    assert network.proxy_of("https://localhost:4566") == ""
    monkeypatch.setenv("NO_PROXY", "amazonaws.com")
    assert network.proxy_of("https://sqs.eu-west-1.amazonaws.com") == ""
