"""What a signature decides on the whole way from the queue to the screen."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import NOW, notification, user_item
from desktop_bench.waiting import wait_until
from program import ACCOUNT, Program
from signing import CERTIFICATE_URL, TOPIC, Authority, Signer, pem, rsa_key
from trayapp.aws.certificates import Certificates
from trayapp.aws.download import DownloadFailed
from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered
from trayapp.core.finding import Trust
from trayapp.core.incidents import Incident
from trayapp.events import Watched
from trayapp.intake import Intake
from trayapp.store import Store
from trayapp.verifier import Verifier
from trayapp.verifying import Verification

MESSAGE = notification(user_item())
TITLE = "New user “helpdesk2”"


class Signed(Program):
    """The program, and a network that has a certificate or has not."""

    def __init__(self, folder: Path, root: Authority) -> None:
        super().__init__(folder / "alerts.sqlite3")
        self.now = NOW
        self.held: bytes | None = None
        certificates = Certificates(folder / "kept", self._fetch, lambda: [root.bundle(folder / "roots.pem")])
        verifier = Verifier(certificates.at_hand, (TOPIC,))
        self.verification = Verification(
            self.store_path, certificates, lambda: {ACCOUNT.name: verifier}, self.events.put, lambda: self.now
        )
        self.intake = Intake(
            ACCOUNT.name,
            self.store_path,
            self.events.put,
            lambda: self.now,
            verifier=verifier,
            waits=self.verification.waits,
        )

    def _fetch(self, url: str) -> bytes:
        if self.held is None or url != CERTIFICATE_URL:
            raise DownloadFailed("there is no way there")
        return self.held

    def have(self, signer: Signer) -> None:
        """Let the certificate be had from now on, as after a change of the network."""
        self.held = pem(signer.certificate)
        self.verification.look()

    def only(self) -> Incident:
        self.settle()
        [incident] = self.incidents()
        return incident

    def await_trust(self, trust: Trust) -> Incident:
        wait_until(lambda: self.only().trust is trust, 10, f"it to be {trust.value}")
        return self.only()


def forger(signer: Signer) -> Signer:
    """Give somebody who names the certificate of another."""
    return Signer(signer.certificate, rsa_key("forger"))


@pytest.fixture
def root() -> Authority:
    return Authority.root()


@pytest.fixture
def program(tmp_path: Path, root: Authority) -> Iterator[Signed]:
    program = Signed(tmp_path, root)
    thread = threading.Thread(target=program.decider.run)
    thread.start()
    program.verification.start()
    for event in (Watched((ACCOUNT,)), Patrolled(ACCOUNT.name, ()), Answered(ACCOUNT.name)):
        program.events.put(event)
    try:
        yield program
    finally:
        program.intake.close()
        program.verification.stop()
        assert program.verification.join(5)
        program.events.put(None)
        thread.join(5)


def test_what_is_genuine_is_told_plainly(program: Signed, root: Authority) -> None:
    signer = root.signer()
    program.held = pem(signer.certificate)
    program.intake.commit([signer.body(MESSAGE)])
    incident = program.await_trust(Trust.TRUSTED)
    assert incident.shown
    assert program.screen.notes[f"alert:{incident.id}"].title == TITLE


def test_what_cannot_be_verified_yet_is_told_at_once_with_a_mark_that_goes_when_it_is_proved(
    program: Signed, root: Authority
) -> None:
    signer = root.signer()
    program.intake.commit([signer.body(MESSAGE)])
    incident = program.only()
    assert incident.trust is Trust.UNVERIFIED
    note = program.screen.notes[f"alert:{incident.id}"]
    assert (note.title, note.body.endswith(" · not verified yet")) == (TITLE, True)
    assert program.settle()["unverified"] == 1

    program.have(signer)
    program.await_trust(Trust.TRUSTED)
    wait_until(lambda: "verified" not in program.screen.notes[note.key].body, 5, "the mark to go")
    assert len(program.screen.raised) == 1
    assert program.settle()["unverified"] == 0


def test_what_turns_out_forged_is_marked_put_aside_and_told(program: Signed, root: Authority) -> None:
    signer = root.signer()
    program.intake.commit([forger(signer).body(MESSAGE)])
    assert program.only().trust is Trust.UNVERIFIED

    program.have(signer)
    incident = program.await_trust(Trust.FORGED)
    wait_until(lambda: f"forged:{ACCOUNT.name}" in program.screen.notes, 5, "it to be told")
    note = program.screen.notes[f"alert:{incident.id}"]
    assert note.title == f"Forged: {TITLE}"
    assert note.body.endswith(" · not signed by AWS")
    told = program.screen.notes[f"forged:{ACCOUNT.name}"]
    assert told.title == "A forged message was put aside"
    assert program.settle()["quarantined"] == 1


def test_what_is_forged_on_its_face_is_no_alert_but_put_aside_and_told(program: Signed, root: Authority) -> None:
    stranger = root.signer().body(MESSAGE, TopicArn=TOPIC.replace("config-topic", "another"))
    program.intake.commit([stranger, stranger.replace("Config", "Confog")])
    program.settle()
    assert program.incidents() == []
    assert program.screen.notes[f"forged:{ACCOUNT.name}"].title == "2 forged messages were put aside"
    assert program.settle()["counts"] == {"forged": 2}
    with Store(program.store_path) as store:
        assert stranger in [held.body for held in store.quarantine()]


def test_a_true_message_after_a_forged_one_of_the_same_rings_as_new(program: Signed, root: Authority) -> None:
    signer = root.signer()
    program.intake.commit([forger(signer).body(MESSAGE)])
    program.have(signer)
    program.await_trust(Trust.FORGED)
    program.review_all()

    program.intake.commit([signer.body(MESSAGE)])
    incident = program.await_trust(Trust.TRUSTED)
    assert incident.reviewed is None
    assert program.screen.raised[-1].title == TITLE
