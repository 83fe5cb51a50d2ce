"""What was shown unverified is settled as soon as its certificate can be had, by a worker that else sleeps."""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from builders import NOW, finding, judged, numbered
from signing import CERTIFICATE_URL, TOPIC, Authority, pem
from trayapp import verifying
from trayapp.aws.certificates import Certificates
from trayapp.aws.download import DownloadFailed
from trayapp.core.finding import Finding, Trust
from trayapp.store import Store
from trayapp.store.unverified import count
from trayapp.verifier import LONGEST_ON_THE_WAY, Verifier
from trayapp.verifying import Settled, Verification, pause_after

PATIENCE = 20.0
BAD_SIGNATURE = "its signature does not fit what it says"


class Network:
    """What can be had; down until it is up. Every asking is noted."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.asked: SimpleQueue[str] = SimpleQueue()

    def get(self, url: str) -> bytes:
        self.asked.put(url)
        if url not in self.held:
            raise DownloadFailed("no connection")
        return self.held[url]


class Bench:
    """A worker and everything around it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "trayapp.db"
        self.root = Authority.root()
        bundle = self.root.bundle(folder / "roots.pem")
        self.signer = self.root.signer()
        self.network = Network()
        self.certificates = Certificates(folder / "certificates", self.network.get, lambda: [bundle])
        self.verifiers = {"work": Verifier(self.certificates.at_hand, [TOPIC])}
        self.settled: SimpleQueue[Settled] = SimpleQueue()
        self.now = NOW
        self.worker = self._new()

    def _new(self) -> Verification:
        return Verification(self.path, self.certificates, lambda: self.verifiers, self.settled.put, self._moment)

    def _moment(self) -> datetime:
        return self.now

    def again(self) -> None:
        """End the worker, and begin another, as at the next start of the program."""
        self.end()
        self.worker = self._new()
        self.worker.start()

    def end(self) -> None:
        self.worker.stop()
        if self.worker._thread.ident is not None:
            assert self.worker.join(PATIENCE)

    def up(self, url: str = CERTIFICATE_URL) -> None:
        self.network.held[url] = pem(self.signer.certificate)

    def hold(self, body: str, *findings: Finding, url: str = CERTIFICATE_URL, watch: str = "work") -> None:
        """Commit an unverified message, as the intake does."""
        marked = [replace(each, trust=Trust.UNVERIFIED) for each in findings]
        with Store(self.path) as store:
            store.commit(watch, [judged(*marked, body=body, certificate=url)], NOW)

    def trust(self, told: Finding) -> str:
        with closing(sqlite3.connect(self.path)) as connection:
            row = connection.execute(
                "SELECT document FROM finding WHERE fingerprint = ?", (told.fingerprint,)
            ).fetchone()
        return str(json.loads(row[0])["trust"])

    def waits(self) -> int:
        with closing(sqlite3.connect(self.path)) as connection:
            return count(connection)

    def next_settled(self) -> Settled:
        return self.settled.get(timeout=PATIENCE)

    def next_asked(self) -> str:
        return self.network.asked.get(timeout=PATIENCE)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.end()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_waits_from_before_is_settled_at_the_start(bench: Bench) -> None:
    bench.hold(bench.signer.body(), finding())
    bench.up()
    bench.worker.start()
    assert bench.next_settled() == Settled("work", incidents=(1,))
    assert (bench.trust(finding()), bench.waits()) == ("trusted", 0)


def test_what_is_committed_later_is_settled_when_it_is_told_of(bench: Bench) -> None:
    bench.up()
    bench.worker.start()
    bench.hold(bench.signer.body(), finding())
    bench.worker.waits()
    assert bench.next_settled() == Settled("work", incidents=(1,))


def test_a_certificate_is_fetched_once_for_all_that_wait_for_it(bench: Bench) -> None:
    for number in range(120):
        bench.hold(bench.signer.body(f"message {number}"), numbered(number))
    bench.up()
    bench.worker.start()
    until(lambda: bench.waits() == 0)
    incidents: set[int] = set()
    while len(incidents) < 120:
        incidents.update(bench.next_settled().incidents)
    assert bench.next_asked() == CERTIFICATE_URL
    assert bench.network.asked.empty()


def test_what_turns_out_forged_is_marked_told_and_put_into_quarantine(bench: Bench) -> None:
    forged = json.dumps(json.loads(bench.signer.body("honest")) | {"Message": "forged"})
    bench.hold(bench.signer.body("honest"), numbered(1))
    bench.hold(forged, numbered(2))
    bench.up()
    bench.worker.start()
    assert bench.next_settled() == Settled("work", incidents=(1, 2), forged=(BAD_SIGNATURE,))
    assert (bench.trust(numbered(1)), bench.trust(numbered(2))) == ("trusted", "forged")
    with Store(bench.path) as store:
        assert [(each.body, each.reason) for each in store.quarantine()] == [(forged, BAD_SIGNATURE)]


def test_a_certificate_that_is_not_to_be_trusted_makes_all_of_it_forged(bench: Bench) -> None:
    posing = Authority.root("Somebody else")
    bench.network.held[CERTIFICATE_URL] = pem(posing.signer().certificate, posing.certificate)
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    assert bench.next_settled().forged == ("its certificate comes from an authority that is not trusted",)
    assert bench.trust(finding()) == "forged"


def test_news_is_told_for_each_account(bench: Bench) -> None:
    bench.verifiers["home"] = Verifier(bench.certificates.at_hand, ["arn:aws:sns:us-east-1:123456789012:other"])
    bench.hold(bench.signer.body("one"), numbered(1))
    bench.hold(bench.signer.body("two"), numbered(2), watch="home")
    bench.up()
    bench.worker.start()
    told = {news.account: news for news in (bench.next_settled(), bench.next_settled())}
    assert told["work"] == Settled("work", incidents=(1,))
    assert told["home"].forged == ("it names a topic that may not send to this queue",)


# While it cannot be had


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause an hour, which only being woken ends."""
    monkeypatch.setattr(verifying, "pause_after", lambda _: 3600.0)


@pytest.mark.usefixtures("patient")
def test_a_network_that_is_down_settles_nothing(bench: Bench) -> None:
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    assert bench.next_asked() == CERTIFICATE_URL
    assert (bench.trust(finding()), bench.waits()) == ("unverified", 1)
    assert bench.settled.empty()


@pytest.mark.usefixtures("patient")
def test_another_network_ends_the_pause(bench: Bench) -> None:
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    bench.next_asked()
    bench.up()
    bench.worker.look()
    assert bench.next_settled() == Settled("work", incidents=(1,))


@pytest.mark.usefixtures("patient")
def test_more_messages_do_not_end_the_pause_but_other_certificates_are_had(bench: Bench) -> None:
    other = CERTIFICATE_URL.replace("-0", "-1")
    bench.hold(bench.signer.body("one"), numbered(1))
    bench.worker.start()
    assert bench.next_asked() == CERTIFICATE_URL
    bench.hold(bench.signer.body("two"), numbered(2))
    bench.hold(bench.signer.body("three", SigningCertURL=other), numbered(3), url=other)
    bench.up(other)
    bench.worker.waits()
    assert bench.next_settled() == Settled("work", incidents=(3,))
    assert bench.next_asked() == other
    assert bench.network.asked.empty()
    assert bench.waits() == 2


def test_it_tries_again_by_itself(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "pause_after", lambda _: 0.02)
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    for _ in range(3):
        bench.next_asked()
    bench.up()
    assert bench.next_settled() == Settled("work", incidents=(1,))


def test_the_pauses_grow_to_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(failures) for failures in range(1, 40)]
    assert pauses[:4] == [5, 10, 20, 40]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 900


@pytest.mark.usefixtures("patient")
def test_a_failure_is_told_once_in_the_log(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    bench.next_asked()
    until(lambda: bool(caplog.records))
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == f"{CERTIFICATE_URL} cannot be had yet: no connection"


@pytest.mark.usefixtures("patient")
def test_nobody_makes_us_ask_for_thousands(bench: Bench) -> None:
    for number in range(30):
        url = CERTIFICATE_URL.replace("-0", f"-{number:x}")
        bench.hold(bench.signer.body(str(number), SigningCertURL=url), numbered(number), url=url)
    bench.worker.start()
    asked = [bench.next_asked() for _ in range(30)]
    assert len(set(asked)) == 30
    bench.end()
    assert bench.network.asked.empty()


def test_nothing_is_asked_and_no_timer_runs_while_nothing_waits(bench: Bench) -> None:
    waited: SimpleQueue[float | None] = SimpleQueue()
    real = bench.worker._wake.wait

    def wait(timeout: float | None = None) -> bool:
        waited.put(timeout)
        return real(timeout)

    bench.worker._wake.wait = wait  # type: ignore[method-assign]
    bench.worker.start()
    assert waited.get(timeout=PATIENCE) is None
    bench.worker.waits()
    assert waited.get(timeout=PATIENCE) is None
    assert bench.network.asked.empty()


def test_what_is_no_longer_at_hand_when_it_is_needed_goes_on_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "pause_after", lambda _: 0.02)
    kept, asked = bench.verifiers, SimpleQueue[str]()
    bench.verifiers = {"work": Verifier(asked.put, [TOPIC])}  # which gives nothing
    bench.hold(bench.signer.body(), finding())
    bench.up()
    bench.worker.start()
    for _ in range(2):
        assert asked.get(timeout=PATIENCE) == CERTIFICATE_URL
    assert bench.waits() == 1
    bench.verifiers = kept
    assert bench.next_settled() == Settled("work", incidents=(1,))


# Giving up


def test_what_never_could_be_settled_is_given_up_but_keeps_its_mark(bench: Bench) -> None:
    bench.hold(bench.signer.body(), finding())
    bench.now = NOW + LONGEST_ON_THE_WAY + timedelta(days=3)
    bench.worker.start()
    until(lambda: bench.waits() == 0)
    assert bench.trust(finding()) == "unverified"
    assert bench.network.asked.empty()


@pytest.mark.parametrize("left", ["gone", "off"])
def test_what_nobody_verifies_any_more_is_let_go_with_its_mark(bench: Bench, left: str) -> None:
    bench.verifiers = {"work": Verifier(bench.certificates.at_hand, enabled=False)} if left == "off" else {}
    bench.hold(bench.signer.body(), finding())
    bench.up()
    bench.worker.start()
    until(lambda: bench.waits() == 0)
    assert bench.trust(finding()) == "unverified"
    assert bench.settled.empty()


# Stopping, and faults of ours


def test_it_stops_at_once_in_a_pause_and_in_its_sleep(bench: Bench) -> None:
    bench.worker.start()
    began = time.monotonic()
    bench.end()
    bench.hold(bench.signer.body(), finding())
    bench.again()
    bench.next_asked()
    bench.end()
    assert time.monotonic() - began < 3


def test_what_was_not_settled_when_it_stopped_is_settled_at_the_next_start(bench: Bench) -> None:
    bench.hold(bench.signer.body(), finding())
    bench.worker.start()
    bench.next_asked()
    bench.end()
    bench.up()
    bench.again()
    assert bench.next_settled() == Settled("work", incidents=(1,))


def test_it_stops_between_two_certificates(bench: Bench) -> None:
    for number in range(3):
        url = CERTIFICATE_URL.replace("-0", f"-{number}")
        bench.hold(bench.signer.body(str(number), SigningCertURL=url), numbered(number), url=url)
    real = bench.network.get

    def get(url: str) -> bytes:
        bench.worker.stop()
        return real(url)

    bench.certificates._get = get
    bench.worker.start()
    bench.next_asked()
    assert bench.worker.join(PATIENCE)
    assert bench.network.asked.empty()


def test_it_stops_between_two_messages_and_what_is_settled_is_told(bench: Bench) -> None:
    for number in range(3):
        bench.hold(bench.signer.body(str(number)), numbered(number))
    bench.up()

    class Stopping(dict[str, Verifier]):
        def get(self, name: str, *_: object) -> Verifier:
            bench.worker.stop()
            return self[name]

    bench.verifiers = Stopping(bench.verifiers)
    bench.worker.start()
    assert bench.worker.join(PATIENCE)
    assert len(bench.next_settled().incidents) == 1
    assert bench.waits() == 2


def test_a_store_that_cannot_be_opened_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(verifying, "pause_after", lambda _: 0.02)
    bench.path.symlink_to(bench.path.with_name("elsewhere"))
    bench.up()
    bench.worker.start()
    until(lambda: any("out of reach" in record.getMessage() for record in caplog.records))
    bench.path.unlink()
    bench.hold(bench.signer.body(), finding())
    assert bench.next_settled() == Settled("work", incidents=(1,))


def test_the_thread_outlives_faults_of_ours(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(verifying, "pause_after", lambda _: 0.02)
    verifiers, bench.verifiers = bench.verifiers, None  # type: ignore[assignment]  # which is the fault
    bench.hold(bench.signer.body(), finding())
    bench.up()
    bench.worker.start()
    until(lambda: any(record.getMessage() == "verifying failed" for record in caplog.records))
    bench.verifiers = verifiers
    assert bench.next_settled() == Settled("work", incidents=(1,))


def test_the_log_holds_nothing_of_the_message(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps(json.loads(bench.signer.body("honest")) | {"Message": "very-private"})
    bench.hold(body, finding())
    bench.up()
    bench.worker.start()
    bench.next_settled()
    assert "very-private" not in caplog.text
    assert json.loads(body)["Signature"][:20] not in caplog.text
