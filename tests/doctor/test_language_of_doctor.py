"""Nothing that the doctor finds, and no way out, escapes translation."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aws.certificates import self_signed
from aws.permissions import User, checked
from aws.servers import Answer, AnsweringServer, closed_port
from desktop_bench.cloud import Cloud, Inbox
from doctor.conftest import Program, Ring
from doctor.test_program import commit_test_alert, status
from speaking import escaped, marked
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked
from trayapp.core.checks import Outcome as CheckOutcome
from trayapp.desktop.instance import NoAnswer
from trayapp.doctor import computer, network
from trayapp.doctor.account import AccountWalk, step_of
from trayapp.doctor.desktop import show_test_note
from trayapp.doctor.program import ProgramWalk
from trayapp.doctor.steps import Stage, Step, walk_stages
from trayapp.doctor.surroundings import Surroundings
from trayapp.doctor.walk import Walk
from trayapp.settings import Account, Paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulated AWS is the bench's")

Make = Callable[..., Surroundings]

CODES = "settings store keyring network key name connection clock identity queue checks trayapp tray host notifications"
"""The names of the steps, which stand before what has to be well first."""
THEIRS = (
    "GB Secret Service sts moto missing wrong http TLSv AKIA arn aws iam user root work MB kB "
    "watching not ConnectionRefusedError Connection refused Errno"
)


def unsaid(*steps: Step, data: object = "") -> list[str]:
    """Give the words of steps that escaped; the details are mostly what others have said."""
    return [word for step in steps for text in (step.sentence, step.way_out) for word in escaped(text, *_known(data))]


def _known(data: object) -> tuple[object, ...]:
    return CODES.split(), THEIRS.split(), data


def walked(account: Account, surroundings: Surroundings) -> list[Step]:
    return list(walk_stages(AccountWalk(account, surroundings).stages()))


def test_a_queue_that_is_well_is_told_in_the_language(
    cloud: Cloud, inbox: Inbox, account: Account, ring: Ring, surroundings: Make
) -> None:
    with marked(apart=True):
        steps = walked(account, surroundings(ring))
        cloud.sqs.set_queue_attributes(QueueUrl=inbox.queue_url, Attributes={"MessageRetentionPeriod": "7200"})
        steps += walked(account, surroundings(ring))
        steps += walked(account, surroundings(Ring()))

    data = (account, str(ring.keys["private"]), inbox, cloud.account_id, "config trayapp user", vars(cloud))
    assert unsaid(*steps, data=data) == []


def test_whatever_is_wrong_on_the_way_is_told_in_the_language(
    cloud: Cloud, account: Account, ring: Ring, surroundings: Make, tmp_path: Path
) -> None:
    locked = Ring()
    locked.problem = KeyStoreProblem(Cause.KEYRING_LOCKED, "The keyring is locked.")
    visitor = Ring(private=User(cloud, "visitor", ["sts:GetCallerIdentity"]).new_key())
    ahead, behind = (
        replace(surroundings(ring), now=lambda minutes=minutes: datetime.now(UTC) + timedelta(minutes=minutes))  # type: ignore[misc] # mypy does not take defaults for the lambda's own
        for minutes in (7, -7)
    )
    with marked(apart=True):
        steps = walked(account, surroundings(locked))
        steps += walked(replace(account, endpoint_url=f"http://{closed_port()}"), surroundings(ring))
        steps += [*walked(account, ahead), *walked(account, behind)]
        steps += walked(replace(account, account_id="999999999999"), surroundings(ring))
        with checked(cloud):
            steps += walked(account, surroundings(visitor))
        with AnsweringServer(Answer(), self_signed(tmp_path / "bundle.pem")) as server:
            steps += walked(replace(account, endpoint_url=server.url), surroundings(ring))

    data = (account, [str(key) for key in (*ring.keys.values(), *visitor.keys.values())], vars(cloud), "visitor")
    assert unsaid(*steps, data=data) == []


def test_what_stands_in_between_is_told_in_the_language(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    there = network.Greeting("TLSv1.3", "Amazon", None)
    said = []
    with marked(apart=True):
        for proxy in ("", "http://proxy.example:3128"):
            for greeting in (there, replace(there, tls="", issuer="")):
                monkeypatch.setattr(network, "proxy_of", lambda _, proxy=proxy: proxy)
                monkeypatch.setattr(network, "greet", lambda _, greeting=greeting: greeting)
                walk = AccountWalk(
                    account, Surroundings(Paths.inside(Path()), Ring(), Program(), lambda: datetime.now(UTC))
                )
                said += [step for step in walk_stages(walk.stages()) if step.step in ("name", "connection", "clock")]

    assert unsaid(*said, data=(account, "proxy.example Amazon localhost")) == []
    assert len(said) == 12


def test_this_computer_is_told_of_in_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, surroundings: Make, paths: Paths
) -> None:
    missing, wrong = tmp_path / "missing", tmp_path / "wrong.toml"
    wrong.write_text("a = ")
    shut = Ring()
    shut.problem = KeyStoreProblem(Cause.KEYRING_MISSING, "There is none.")
    commit_test_alert(paths, shown=True)
    stages: list[Callable[[], str]] = [
        lambda: str(computer.read_settings(missing)),
        lambda: str(computer.read_settings(wrong)),
        lambda: computer.look_at_store(missing),
        lambda: computer.look_at_store(paths.store),
        lambda: computer.look_at_keyring(Ring()),
        lambda: computer.look_at_keyring(shut),
        computer.look_at_network_settings,
    ]
    with marked(apart=True):
        steps = list(walk_stages(Stage(f"step {number}", look) for number, look in enumerate(stages)))
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
        monkeypatch.setenv("AWS_CA_BUNDLE", str(wrong))
        steps += walk_stages([Stage("network", computer.look_at_network_settings)])
        monkeypatch.setenv("AWS_CA_BUNDLE", str(missing))
        steps += walk_stages([Stage("network", computer.look_at_network_settings)])
        monkeypatch.setattr(computer, "LEAST_FREE", 2**63)
        steps += walk_stages([Stage("store", lambda: computer.look_at_store(paths.store))])

    theirs = ("Secret Service AWS_CA_BUNDLE https proxy.example GB Invalid value at end of document", paths, tmp_path)
    assert unsaid(*steps, data=theirs) == []
    assert [step.sentence for step in steps if "⟦" not in step.sentence] == []


def test_the_running_program_is_told_of_in_the_language(surroundings: Make, program: Program, paths: Paths) -> None:
    with marked(apart=True):
        program.silence = NoAnswer("silence")
        steps = list(Walk(surroundings(notify=False)).steps())
        steps += Walk(surroundings()).steps()
        program.answers |= {"status": {"status": "nonsense"}}
        steps += walk_stages([Stage("trayapp", ProgramWalk(surroundings()).look)])
        program.answers |= {"status": status(), "test": {"error": "that cannot be asked"}}
        steps += Walk(surroundings()).steps()
        paused = status()
        paused["status"]["paused_until"] = "2026-11-23T12:00:00.000Z"
        program.answers["status"] = paused
        steps += Walk(surroundings()).steps()
        program.answers |= {"status": status(), "test": {"alert": commit_test_alert(paths, shown=True)}}
        program.answers |= {"changed": {"done": True}}
        steps += Walk(surroundings()).steps()

    theirs = "no heartbeat for h that cannot be asked session bus"
    assert unsaid(*steps, data=(paths, theirs)) == []


def test_a_test_note_that_nobody_sees_is_told_in_the_language() -> None:
    with marked(apart=True):
        [step] = walk_stages([Stage("notification", show_test_note)])

    assert unsaid(step) == []


@pytest.mark.parametrize("outcome", CheckOutcome)
def test_a_check_without_words_is_told_in_the_language(outcome: CheckOutcome) -> None:
    cause = None if outcome is CheckOutcome.PASSED else Cause.RECORDER_OFF
    with marked(apart=True):
        step = step_of(Checked(Check.RECORDER, outcome, "", cause), "private")

    assert unsaid(step) == []
    assert step.sentence.startswith("⟦")
