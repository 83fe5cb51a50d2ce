"""One small file is had whole, from the right server, in time; or not at all."""

import contextlib
import gc
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aws.certificates import self_signed
from aws.servers import HTML, Answer, AnsweringServer, SilentServer, closed_port
from trayapp.aws.download import DownloadFailed, download

CONTENT = b"-----BEGIN CERTIFICATE-----\n"


@pytest.fixture
def tls(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Give the certificate of a server that the surroundings trust."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    return self_signed(bundle)


def get(url: str, most_bytes: int = 1000, most_seconds: float = 10) -> bytes:
    return download(f"{url}/SimpleNotificationService-0.pem", most_bytes=most_bytes, most_seconds=most_seconds)


def why_not(url: str, most_bytes: int = 1000, most_seconds: float = 10) -> str:
    with pytest.raises(DownloadFailed) as failed:
        get(url, most_bytes, most_seconds)
    return str(failed.value)


def test_a_file_is_had_whole(tls: ssl.SSLContext) -> None:
    with AnsweringServer(Answer(body=CONTENT), tls) as server:
        assert get(server.url) == CONTENT
    (request,) = server.requests
    assert request.line == "GET /SimpleNotificationService-0.pem HTTP/1.1"
    assert not {"authorization", "cookie", "x-amz-date"} & {name.lower() for name in request.headers}


def test_a_file_over_plain_http_is_had_as_well() -> None:
    with AnsweringServer(Answer(body=CONTENT)) as server:
        assert get(server.url) == CONTENT


def test_a_file_of_the_very_size_allowed_is_had(tls: ssl.SSLContext) -> None:
    with AnsweringServer(Answer(body=b"x" * 1000), tls) as server:
        assert len(get(server.url)) == 1000


@pytest.mark.parametrize("size", [1001, 5_000_000])
def test_a_larger_one_is_not(tls: ssl.SSLContext, size: int) -> None:
    with AnsweringServer(Answer(body=b"x" * size), tls) as server:
        assert why_not(server.url) == "it is too large"


@pytest.mark.parametrize("status", [204, 206, 304, 400, 403, 404, 410, 429, 500, 503, 511])
def test_any_other_answer_is_none(tls: ssl.SSLContext, status: int) -> None:
    with AnsweringServer(Answer(status, CONTENT), tls) as server:
        assert str(status) in why_not(server.url)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_redirects_are_not_followed(tls: ssl.SSLContext, status: int) -> None:
    with AnsweringServer(Answer(body=CONTENT), tls) as elsewhere:
        redirect = Answer(status, b"", {"Location": f"{elsewhere.url}/SimpleNotificationService-0.pem"})
        with AnsweringServer(redirect, tls) as server:
            assert str(status) in why_not(server.url)
        assert not elsewhere.requests


def test_a_portals_page_is_handed_on_to_be_judged_by_its_content(tls: ssl.SSLContext) -> None:
    with AnsweringServer(Answer(body=b"<html>sign in</html>", headers=HTML), tls) as server:
        assert get(server.url) == b"<html>sign in</html>"


def test_a_server_that_nobody_answers_for_is_not_believed(bundle: Path) -> None:
    tls = self_signed(bundle)  # which the surroundings do not name
    with AnsweringServer(Answer(body=CONTENT), tls) as server:
        assert "CERTIFICATE_VERIFY_FAILED" in why_not(server.url)
        assert not server.requests


def test_a_server_of_another_name_is_not_believed(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with AnsweringServer(Answer(body=CONTENT), self_signed(bundle, "sns.us-east-1.amazonaws.com")) as server:
        assert why_not(server.url)
        assert not server.requests


def test_a_server_whose_certificate_is_out_of_date_is_not_believed(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    with AnsweringServer(Answer(body=CONTENT), self_signed(bundle, days_left=-1)) as server:
        assert why_not(server.url)
        assert not server.requests


def test_nobody_there_is_told() -> None:
    assert why_not(f"https://{closed_port()}")


def test_hanging_up_is_told(tls: ssl.SSLContext) -> None:
    with AnsweringServer(None, tls) as server:
        assert why_not(server.url)


@pytest.mark.parametrize("url", ["https://[", "https://:x", "nonsense", "https://"])
def test_what_is_no_address_is_told(url: str) -> None:
    assert why_not(url)


def test_the_proxy_of_the_surroundings_is_used(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    with AnsweringServer(Answer(403, b"")) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        assert why_not("https://sns.us-east-1.amazonaws.com")
    (request,) = proxy.requests
    assert request.line.startswith("CONNECT sns.us-east-1.amazonaws.com:443 ")


def test_a_name_that_is_not_looked_up_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        over.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    assert why_not("https://sns.us-east-1.amazonaws.com", most_seconds=0.3) == "it takes too long"
    assert time.monotonic() - began < 3
    over.set()


SILENCES = {
    "from the start": b"",
    "in the first line": b"HTTP/1.1 20",
    "in its headers": b"HTTP/1.1 200 OK\r\nContent-Le",
    "before its body": b"HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n",
    "in its body": b"HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n-----BEGIN",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n-----",
}


@pytest.mark.parametrize("beginning", SILENCES.values(), ids=SILENCES)
def test_a_server_that_falls_silent_is_given_up_in_time(tls: ssl.SSLContext, beginning: bytes) -> None:
    with SilentServer(tls, beginning) as server:
        began = time.monotonic()
        assert why_not(f"https://{server.address}", most_seconds=0.5) == "it takes too long"
        assert time.monotonic() - began < 3


def test_a_server_that_does_not_even_shake_hands_is_given_up_in_time() -> None:
    with SilentServer() as server:
        began = time.monotonic()
        assert why_not(f"https://{server.address}", most_seconds=0.5) == "it takes too long"
        assert time.monotonic() - began < 3


def test_a_proxy_that_never_answers_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with SilentServer() as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        began = time.monotonic()
        assert why_not("https://sns.us-east-1.amazonaws.com", most_seconds=0.5) == "it takes too long"
        assert time.monotonic() - began < 3


def test_no_connection_outlives_its_time_before_it_is_used(tls: ssl.SSLContext) -> None:
    with AnsweringServer(Answer(body=CONTENT), tls) as server:
        assert why_not(server.url, most_seconds=0) == "it takes too long"
        assert not server.requests


@contextlib.contextmanager
def dripping(tls: ssl.SSLContext, beginning: bytes) -> Iterator[str]:
    """Serve one byte every twentieth of a second, so that no single wait is ever long; ends with the block."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        with (
            contextlib.suppress(OSError),
            listener.accept()[0] as plain,
            tls.wrap_socket(plain, server_side=True) as peer,
        ):
            peer.recv(65536)
            peer.sendall(beginning)
            while not done.wait(0.05):
                peer.sendall(b"x")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        done.set()
        listener.close()
        thread.join(5)


DRIPS = {
    "headers": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "a body of known length": b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
    "a body without an end": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("beginning", DRIPS.values(), ids=DRIPS)
def test_a_slow_drip_is_given_up_in_time(tls: ssl.SSLContext, beginning: bytes) -> None:
    with dripping(tls, beginning) as url:
        began = time.monotonic()
        assert why_not(url, most_seconds=0.5) == "it takes too long"
        assert 0.4 < time.monotonic() - began < 3


def test_nothing_is_left_open(tls: ssl.SSLContext) -> None:
    open_files = Path("/proc/self/fd")
    if not open_files.is_dir():
        pytest.skip("this system does not list open files")
    with AnsweringServer(Answer(body=CONTENT), tls) as server, SilentServer(tls, b"HTTP/1.1 200") as silent:
        get(server.url)
        gc.collect()
        before = len(list(open_files.iterdir()))
        for _ in range(20):
            get(server.url)
        gc.collect()
        assert len(list(open_files.iterdir())) <= before + 2  # the server's own, of the latest connection
        assert why_not(f"https://{silent.address}", most_seconds=0.2)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
