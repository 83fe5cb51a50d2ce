"""Whether we are watching: what turns the light off and on, and what is said of it."""

import re
import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, QUICK, before, watch
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.guard import problem_of

PASSING = [cause for cause in Cause if PROBLEMS[cause].passing]
DEFINITE = [cause for cause in Cause if not PROBLEMS[cause].passing]
EARLIER = before(hours=2)


@pytest.mark.parametrize("cause", PASSING)
def test_a_single_passing_failure_does_not_turn_the_light_off(cause: Cause) -> None:
    after = watch(since=EARLIER).failed(cause, NOW, "cut off")
    assert after.watching
    assert (after.failures, after.since, after.detail) == (1, EARLIER, "")


@pytest.mark.parametrize("cause", PASSING)
def test_a_second_passing_failure_in_a_row_turns_it_off(cause: Cause) -> None:
    after = watch().failed(Cause.NO_NETWORK, before(minutes=1)).failed(cause, NOW, "cut off")
    assert (after.cause, after.since, after.detail, after.failures) == (cause, NOW, "cut off", 2)


def test_an_answer_in_between_starts_the_count_anew() -> None:
    after = watch().failed(Cause.NO_ANSWER, NOW).answered(NOW).failed(Cause.NO_ANSWER, NOW)
    assert after.watching


@pytest.mark.parametrize("cause", DEFINITE)
def test_a_definite_failure_turns_the_light_off_at_once(cause: Cause) -> None:
    after = watch().failed(cause, NOW, "refused")
    assert (after.cause, after.since, after.detail) == (cause, NOW, "refused")
    assert not after.watching


def test_the_first_failure_after_the_start_counts() -> None:
    starting = watch(cause=Cause.STARTING, last_answer=None)
    after = starting.failed(Cause.NO_NETWORK, NOW)
    assert (after.cause, after.since) == (Cause.NO_NETWORK, NOW)


def test_one_outage_has_one_beginning_however_it_looks_from_try_to_try() -> None:
    after = watch(cause=Cause.NO_NETWORK, since=EARLIER)
    for cause in (Cause.NO_ANSWER, Cause.NO_NETWORK, Cause.INTERCEPTED, Cause.AWS_FAILING):
        after = after.failed(cause, NOW)
        assert (after.cause, after.since) == (cause, EARLIER)


def test_the_same_definite_cause_keeps_its_beginning() -> None:
    after = watch(cause=Cause.KEY_REFUSED, since=EARLIER).failed(Cause.KEY_REFUSED, NOW)
    assert after.since == EARLIER


def test_a_definite_cause_after_another_has_a_beginning_of_its_own() -> None:
    after = watch(cause=Cause.NO_NETWORK, since=EARLIER).failed(Cause.KEY_REFUSED, NOW)
    assert after.since == NOW


def test_an_answer_ends_it() -> None:
    ill = watch(cause=Cause.KEY_REFUSED, since=EARLIER, detail="refused", failures=7, last_answer=None)
    well = ill.answered(NOW)
    assert well.watching
    assert (well.since, well.detail, well.last_answer, well.failures) == (NOW, "", NOW, 0)


def test_a_further_answer_leaves_the_beginning_of_the_watch_alone() -> None:
    well = watch(since=EARLIER).answered(NOW)
    assert (well.since, well.last_answer) == (EARLIER, NOW)


@given(st.lists(st.sampled_from([None, *Cause]), min_size=1, max_size=12), st.sampled_from([None, *Cause]))
@QUICK
def test_whatever_happens_in_whatever_order(happenings: list[Cause | None], at_first: Cause | None) -> None:
    state, when = watch(cause=at_first, since=EARLIER), EARLIER
    for number, cause in enumerate(happenings):
        previous, when = state, when + timedelta(seconds=1)
        state = state.answered(when) if cause is None else state.failed(cause, when)
        assert previous.since <= state.since <= when
        if cause is None:
            assert (state.cause, state.failures, state.last_answer) == (None, 0, when)
        else:
            excused = previous.watching and cause in PASSING and previous.failures == 0
            assert state.cause is (None if excused else cause)
            assert state.last_answer == previous.last_answer
            assert state.failures == previous.failures + 1
        if state.watching and previous.watching:
            assert state.since == previous.since, f"step {number}"


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_said_plainly_and_has_a_way_out(cause: Cause) -> None:
    problem = problem_of(watch("work", cause))
    assert problem is not None
    assert problem.what
    assert problem.what[-1] not in ".!?"
    assert problem.way_out[0] in string.ascii_uppercase
    assert re.search(r"(\.|: trayapp [a-z]+( work)?)$", problem.way_out), "a sentence, or a command to copy"
    said = f"{problem.what} {problem.way_out}"
    assert not set(said) & set("{}!"), said
    assert not re.search(r"\b(error|exception|invalid|failure|failed to|null|timeout)\b", said, re.IGNORECASE)
    assert len(problem.what) <= 60, "it stands in the title of a notification"


def test_the_way_out_names_the_account() -> None:
    problem = problem_of(watch("private", Cause.SECRET_WRONG))
    assert problem is not None
    assert problem.way_out == "Run: trayapp login private"


def test_all_well_is_no_problem() -> None:
    assert problem_of(watch()) is None


def test_the_names_of_the_causes_are_an_interface() -> None:
    assert {cause.value for cause in Cause} >= {
        "starting",
        "not-running",
        "no-account",
        "signed-out",
        "keyring-locked",
        "keyring-missing",
        "no-network",
        "no-answer",
        "proxy-failing",
        "intercepted",
        "tls-refused",
        "clock-wrong",
        "key-refused",
        "secret-wrong",
        "not-permitted",
        "queue-missing",
        "kms-refused",
        "throttled",
        "aws-failing",
        "store-failing",
        "internal",
    }
    assert set(PROBLEMS) == set(Cause)
