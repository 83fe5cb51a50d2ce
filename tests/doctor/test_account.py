"""The steps to a queue, against an emulated AWS with all that can be wrong with it."""

import re
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
from desktop_bench.faults import Fault
from doctor.conftest import Ring
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.keys import AccessKey
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Checked
from trayapp.core.checks import Outcome as CheckOutcome
from trayapp.core.text import grouped_account
from trayapp.doctor.account import ACCOUNT_STEPS, AccountWalk, step_of
from trayapp.doctor.steps import Outcome, Step, walk_stages
from trayapp.doctor.surroundings import Surroundings
from trayapp.settings import Account

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulated AWS is the bench's")

Make = Callable[..., Surroundings]


def walked(account: Account, surroundings: Surroundings) -> dict[str, Step]:
    """Walk to an account's queue, and give the first step of each name."""
    steps: dict[str, Step] = {}
    for step in walk_stages(AccountWalk(account, surroundings).stages()):
        assert step.account == account.name
        steps.setdefault(step.step, step)
    return steps


def test_a_queue_that_is_well_is_walked_to(account: Account, ring: Ring, surroundings: Make) -> None:
    steps = walked(account, surroundings(ring))
    for name in ("key", "name", "connection", "clock", "identity", "queue"):
        assert steps[name].outcome is Outcome.WELL, steps[name]
    assert steps["clock"].sentence == "this computer's clock is right"
    assert "arn:aws:" in steps["identity"].sentence
    assert "about 0 messages wait" in steps["queue"].sentence
    assert ring.keys["private"].secret not in str(steps)
    assert ring.keys["private"].id not in str(steps)


def test_the_steps_are_those_that_are_promised(account: Account, surroundings: Make) -> None:
    assert tuple(stage.step for stage in AccountWalk(account, surroundings()).stages()) == ACCOUNT_STEPS


def test_a_queue_that_forgets_soon_says_so(
    cloud: Cloud, inbox: Inbox, account: Account, ring: Ring, surroundings: Make
) -> None:
    cloud.sqs.set_queue_attributes(QueueUrl=inbox.queue_url, Attributes={"MessageRetentionPeriod": "7200"})
    assert "only 2 h long" in walked(account, surroundings(ring))["queue"].sentence


def test_without_a_key_the_network_is_walked_all_the_same(account: Account, surroundings: Make) -> None:
    steps = walked(account, surroundings(Ring()))
    assert steps["key"].way_out == "Sign in with: trayapp login private"
    assert steps["clock"].outcome is Outcome.WELL
    assert {steps[name].outcome for name in ("identity", "queue", "checks")} == {Outcome.NOT_ASKED}


def test_a_locked_keyring_is_told(account: Account, ring: Ring, surroundings: Make) -> None:
    ring.problem = KeyStoreProblem(Cause.KEYRING_LOCKED, "The keyring is locked.")
    assert walked(account, surroundings(ring))["key"].sentence == PROBLEMS[Cause.KEYRING_LOCKED].what


def test_nobody_there_ends_the_walk_and_says_what_is_not_asked(
    account: Account, ring: Ring, surroundings: Make
) -> None:
    steps = walked(replace(account, endpoint_url=f"http://{closed_port()}"), surroundings(ring))
    assert steps["connection"].sentence == PROBLEMS[Cause.NO_NETWORK].what
    assert {steps[name].outcome for name in ("clock", "identity", "queue")} == {Outcome.NOT_ASKED}


def test_whoever_answers_in_the_place_of_aws_is_named(
    account: Account, ring: Ring, surroundings: Make, tmp_path: Path
) -> None:
    with AnsweringServer(Answer(), self_signed(tmp_path / "bundle.pem")) as server:
        steps = walked(replace(account, endpoint_url=server.url), surroundings(ring))
        assert server.requests[:-1] == []
        assert [request.line for request in server.requests] == ["GET / HTTP/1.1"]
    assert "a certificate issued by 127.0.0.1" in steps["connection"].sentence
    assert "another network" in steps["connection"].way_out


def shifted(surroundings: Surroundings, **shift: float) -> Surroundings:
    """Give surroundings whose clock is off."""
    return replace(surroundings, now=lambda: datetime.now(UTC) + timedelta(**shift))


@pytest.mark.parametrize(("minutes", "words"), [(7, "ahead"), (-7, "behind")])
def test_a_clock_that_is_off_is_told_by_how_much(
    account: Account, ring: Ring, surroundings: Make, minutes: int, words: str
) -> None:
    clock = walked(account, shifted(surroundings(ring), minutes=minutes))["clock"]
    assert (clock.outcome, clock.way_out) == (Outcome.ILL, PROBLEMS[Cause.CLOCK_WRONG].way_out)
    seconds = re.fullmatch(rf"this computer's clock is (\d+) s {words}", clock.sentence)
    assert seconds
    assert abs(int(seconds[1]) - 420) <= 2


def test_a_clock_that_aws_tolerates_is_well(account: Account, ring: Ring, surroundings: Make) -> None:
    clock = walked(account, shifted(surroundings(ring), minutes=2))["clock"]
    assert clock.outcome is Outcome.WELL
    assert "ahead" in clock.sentence


def test_a_login_page_is_seen(cloud: Cloud, account: Account, ring: Ring, surroundings: Make) -> None:
    cloud.inject(Fault.PORTAL, "GetCallerIdentity")
    assert walked(account, surroundings(ring))["identity"].sentence == PROBLEMS[Cause.INTERCEPTED].what


def test_a_key_of_another_account_is_told(cloud: Cloud, account: Account, ring: Ring, surroundings: Make) -> None:
    identity = walked(replace(account, account_id="999999999999"), surroundings(ring))["identity"]
    number = grouped_account(cloud.account_id)
    assert identity.sentence == PROBLEMS[Cause.WRONG_ACCOUNT].what
    assert identity.detail == f"{number}, not 9999-9999-9999"


def test_a_key_that_may_not_read_the_queue_is_told(cloud: Cloud, account: Account, surroundings: Make) -> None:
    key = User(cloud, "visitor", ["sts:GetCallerIdentity"]).new_key()
    with checked(cloud):
        steps = walked(account, surroundings(Ring(private=key)))
    assert steps["identity"].outcome is Outcome.WELL
    assert steps["queue"].sentence == PROBLEMS[Cause.NOT_PERMITTED].what
    assert "sqs:GetQueueAttributes" in steps["queue"].detail


def test_a_key_that_aws_does_not_know_is_told(cloud: Cloud, account: Account, surroundings: Make) -> None:
    with checked(cloud):
        steps = walked(account, surroundings(Ring(private=AccessKey("AKIAUNKNOWNTOANYBODY", "not-so-secret"))))
    assert steps["identity"].sentence == PROBLEMS[Cause.KEY_REFUSED].what
    assert steps["queue"].outcome is Outcome.NOT_ASKED


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (CheckOutcome.PASSED, Outcome.WELL),
        (CheckOutcome.NOTICE, Outcome.WELL),
        (CheckOutcome.NOT_GRANTED, Outcome.NOT_ASKED),
        (CheckOutcome.UNANSWERED, Outcome.ILL),
        (CheckOutcome.FAILED, Outcome.ILL),
    ],
)
def test_every_outcome_of_a_check_is_a_steps(outcome: CheckOutcome, step: Outcome) -> None:
    found = step_of(Checked(Check.RECORDER, outcome, "us-east-1", Cause.RECORDER_OFF, "it is off"), "private")
    assert (found.step, found.outcome, found.region, found.sentence) == ("recorder", step, "us-east-1", "it is off")


def test_a_check_without_words_has_those_of_its_cause() -> None:
    found = step_of(Checked(Check.TRAIL, CheckOutcome.FAILED, cause=Cause.TRAIL_OFF), "private")
    assert (found.sentence, found.way_out) == (PROBLEMS[Cause.TRAIL_OFF].what, PROBLEMS[Cause.TRAIL_OFF].way_out)
    assert step_of(Checked(Check.TRAIL, CheckOutcome.PASSED), "private").sentence == "passed"
