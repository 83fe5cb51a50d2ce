"""Steps are taken in turn; what stands on a failed one is left out and said, and nothing that throws ends the walk."""

from collections.abc import Callable, Iterator

import pytest

from trayapp.aws.failures import AwsFailure
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.doctor.steps import Ill, NotAsked, Outcome, Stage, Step, record, walk_stages


def raising(error: Exception) -> Callable[[], str]:
    def look() -> str:
        raise error

    return look


def walked(*stages: Stage) -> list[tuple[str, Outcome]]:
    return [(step.step, step.outcome) for step in walk_stages(stages)]


def test_a_step_without_what_it_needs_is_left_out_and_so_is_what_needs_it() -> None:
    steps = list(
        walk_stages(
            [
                Stage("keyring", raising(Ill("locked"))),
                Stage("key", lambda: "there", ("keyring",), "private"),
                Stage("identity", lambda: "me", ("key",), "private"),
                Stage("clock", lambda: "right", (), "private"),
            ]
        )
    )
    assert [step.outcome for step in steps] == [Outcome.ILL, Outcome.NOT_ASKED, Outcome.NOT_ASKED, Outcome.WELL]
    assert steps[1].sentence == "keyring has to be well first"
    assert steps[2].sentence == "key has to be well first"


def test_what_one_account_lacks_does_not_keep_another_from_its_steps() -> None:
    stages = [
        Stage("key", raising(Ill("none")), account="private"),
        Stage("key", lambda: "there", account="work"),
        Stage("identity", lambda: "me", ("key",), "private"),
        Stage("identity", lambda: "me", ("key",), "work"),
    ]
    assert [step.outcome for step in walk_stages(stages)][2:] == [Outcome.NOT_ASKED, Outcome.WELL]


def test_what_there_was_nothing_to_ask_of_is_no_failure() -> None:
    stages = [Stage("name", raising(NotAsked("a proxy looks it up"))), Stage("connection", lambda: "yes", ("name",))]
    assert walked(*stages) == [("name", Outcome.NOT_ASKED), ("connection", Outcome.WELL)]


def test_a_failure_of_aws_has_its_sentence_and_its_way_out() -> None:
    [step] = walk_stages([Stage("key", raising(AwsFailure(Cause.SIGNED_OUT, "no entry")), account="private")])
    assert (step.sentence, step.detail) == (PROBLEMS[Cause.SIGNED_OUT].what, "no entry")
    assert step.way_out == "Sign in with: trayapp login private"


def test_a_fault_of_ours_is_told_by_its_kind_alone_and_does_not_end_the_walk(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stages = [Stage("clock", raising(RuntimeError("AKIAIOSFODNN7EXAMPLE"))), Stage("next", lambda: "taken")]
    failed, following = walk_stages(stages)
    assert (failed.outcome, failed.detail, following.sentence) == (Outcome.ILL, "RuntimeError", "taken")
    assert "the step clock failed" in caplog.text


def test_a_step_that_finds_several_things_tells_each_and_fails_by_its_own_alone() -> None:
    def look() -> Iterator[Step]:
        yield Step("trayapp", Outcome.WELL, "it runs")
        yield Step("heartbeat", Outcome.ILL, "it has stopped")

    stages = [Stage("trayapp", look), Stage("alert", lambda: "shown", ("trayapp",))]
    assert walked(*stages) == [("trayapp", Outcome.WELL), ("heartbeat", Outcome.ILL), ("alert", Outcome.WELL)]


def test_every_step_is_given_as_it_is_taken() -> None:
    taken: list[str] = []

    def taking(step: str) -> Stage:
        def look() -> str:
            taken.append(step)
            return "well"

        return Stage(step, look)

    steps = walk_stages(taking(step) for step in ("one", "two"))
    assert next(steps).step == "one"
    assert taken == ["one"]


def test_a_record_has_no_empty_texts_and_nothing_that_steers_a_terminal() -> None:
    told = record(Step("dns", Outcome.WELL, "a\x1b[2Jb"))
    assert told == {
        "step": "dns",
        "account": None,
        "region": None,
        "outcome": "well",
        "sentence": "a�[2Jb",
        "way_out": None,
        "detail": None,
    }
