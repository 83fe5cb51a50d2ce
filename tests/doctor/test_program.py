"""The running program is asked whether it watches, and sends itself an alert that takes the way of every other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builders import NOW, clock, finding, judged, situation, watch
from doctor.conftest import Program
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Checked
from trayapp.core.checks import Outcome as CheckOutcome
from trayapp.core.records import status_record
from trayapp.core.severity import Severity
from trayapp.desktop.instance import NoAnswer
from trayapp.doctor import program as program_steps
from trayapp.doctor.program import ProgramWalk
from trayapp.doctor.steps import Outcome, Stage, Step, walk_stages
from trayapp.doctor.surroundings import Surroundings
from trayapp.doctor.walk import Walk
from trayapp.settings import Paths
from trayapp.store import Store

Make = Callable[..., Surroundings]


def looked(walk: ProgramWalk) -> list[Step]:
    return list(walk_stages([Stage("trayapp", walk.look)]))


def status(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - as a watch's fields have it
    checks = (
        Checked(Check.HEARTBEAT, CheckOutcome.FAILED, cause=Cause.HEARTBEAT_MISSING, sentence="no heartbeat for 3 h"),
        Checked(Check.RECORDER, CheckOutcome.PASSED, "eu-west-1"),
    )
    record = status_record(situation(watches=(watch(checks=checks, checked=NOW, **changes),)), {}, 0, clock())
    return {"status": record}


def test_without_a_running_program_the_way_to_start_it_is_told(surroundings: Make) -> None:
    [step] = looked(ProgramWalk(surroundings()))
    assert (step.sentence, step.way_out) == (PROBLEMS[Cause.NOT_RUNNING].what, "Start it with: trayapp run")


def test_a_program_that_is_stuck_is_told(surroundings: Make, program: Program) -> None:
    program.silence = NoAnswer("trayapp is running but does not answer.")
    [step] = looked(ProgramWalk(surroundings()))
    assert step.sentence == "trayapp is running but does not answer"
    program.answers["status"] = {"error": "no answer in time"}
    [step] = looked(ProgramWalk(surroundings()))
    assert "does not say how things stand" in step.sentence


def test_each_account_is_told_and_what_only_the_running_program_knows(surroundings: Make, program: Program) -> None:
    program.answers["status"] = status()
    walk = ProgramWalk(surroundings())
    runs, watching, heartbeat = looked(walk)
    assert (runs.outcome, runs.sentence) == (Outcome.WELL, "it runs and answers: not-watching")
    assert (watching.outcome, watching.account) == (Outcome.ILL, "work")
    assert PROBLEMS[Cause.HEARTBEAT_MISSING].what in watching.sentence
    assert (heartbeat.step, heartbeat.outcome, heartbeat.sentence) == (
        *("heartbeat", Outcome.ILL),
        "no heartbeat for 3 h",
    )
    assert walk.status is not None


def commit_test_alert(paths: Paths, *, shown: bool) -> int:
    with Store(paths.store) as store:
        [number] = store.commit("private", [judged(finding())], NOW)
        if shown:
            store.mark_shown(number, Severity.HIGH, NOW)
    return number


def test_a_test_alert_that_is_shown_is_reviewed_afterwards(surroundings: Make, program: Program, paths: Paths) -> None:
    program.answers |= {"test": {"alert": commit_test_alert(paths, shown=True)}, "changed": {"done": True}}
    assert ProgramWalk(surroundings()).send_test_alert() == "a test alert was kept, shown, and marked as reviewed"
    with Store(paths.store) as store:
        assert store.to_review() == []
    assert program.asked == ["test", "changed"]


def test_a_test_alert_that_nobody_shows_is_told_and_reviewed_all_the_same(
    surroundings: Make, program: Program, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_steps, "_SHOWN_SECONDS", 0.2)
    program.answers |= {"test": {"alert": commit_test_alert(paths, shown=False)}, "changed": {"done": True}}
    [step] = walk_stages([Stage("alert", ProgramWalk(surroundings()).send_test_alert)])
    assert (step.outcome, step.sentence) == (Outcome.ILL, "a test alert was kept, and no desktop has shown it")
    with Store(paths.store) as store:
        assert store.to_review() == []


def test_a_program_that_sends_no_test_alerts_is_not_ill(surroundings: Make, program: Program) -> None:
    program.answers["status"] = status()
    [step] = walk_stages([Stage("alert", ProgramWalk(surroundings()).send_test_alert)])
    assert step.outcome is Outcome.NOT_ASKED
    assert "that cannot be asked" in step.sentence


def test_a_pause_is_not_broken_for_a_test(surroundings: Make, program: Program) -> None:
    paused = status()
    paused["status"]["paused_until"] = "2026-11-23T12:00:00.000Z"
    program.answers["status"] = paused
    walk = ProgramWalk(surroundings())
    looked(walk)
    [step] = walk_stages([Stage("alert", walk.send_test_alert)])
    assert step.sentence.startswith("notifications are paused")
    assert program.asked == ["status"]


def test_the_walk_without_anything_says_of_every_step_why(surroundings: Make, program: Program) -> None:
    walk = Walk(surroundings(notify=False))
    steps = {step.step: step for step in walk.steps()}
    assert list(steps) == [
        *("settings", "store", "keyring", "network"),
        *("key", "name", "connection", "clock", "identity", "queue", "checks"),
        *("trayapp", "tray-host", "notifications", "alert", "notification"),
    ]
    assert steps["identity"].sentence == "settings has to be well first"
    assert steps["notification"].sentence == "nothing shall be shown (--no-notify)"
    assert (walk.settings.accounts, walk.status) == ((), None)
    assert all(step.sentence for step in steps.values())


def test_where_the_program_runs_it_shows_the_test_and_we_do_not(
    surroundings: Make, program: Program, paths: Paths, tmp_path: Path
) -> None:
    number = commit_test_alert(paths, shown=True)
    program.answers |= {"status": status(), "test": {"alert": number}, "changed": {"done": True}}
    steps = {step.step: step for step in Walk(surroundings()).steps()}
    assert steps["notification"].sentence == "the test alert was one"
    assert steps["alert"].outcome is Outcome.WELL
