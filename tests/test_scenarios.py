"""Whole stories through the real intake, store, decider and teller: what rings, what grows quietly, what there is then.

``-s`` prints what became of each story.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from program import ACCOUNT, NOON, Program
from scenarios import (
    ASLEEP,
    DATED_AND_TOLD,
    STACK_TITLE,
    Arrival,
    again_and_in_disorder,
    evening,
    evening_inside_a_launch,
    everything,
    only,
    recorder_switched_on,
    scale_out,
    stack_launch,
    watched_for_long,
)
from trayapp.aws.patrol import Patrolled
from trayapp.aws.poller import Answered
from trayapp.aws.queue import BATCH
from trayapp.core import words
from trayapp.core.alert_notes import AWAY_KEY
from trayapp.core.incidents import Incident
from trayapp.core.notes import Note, Urgency
from trayapp.core.severity import Severity
from trayapp.core.takeovers import TAKEOVER
from trayapp.events import Watched

LOW, MEDIUM, HIGH, CRITICAL = Severity
EVENING_RINGS = [
    "New user “helpdesk2”",
    "“helpdesk2” is now an administrator",
    "User “alice” was deleted",
    "Security group “launch-wizard-1” in São Paulo is open to the whole internet",
    "8 × p5.48xlarge in São Paulo",
    "This looks like a takeover of private",
    "AWS Config was switched off in N. Virginia",
]
CRITICAL_SIGNALS = ["ec2-large", "iam-user-admin", "iam-user-gone", TAKEOVER, "watch-recorder"]


@contextmanager
def running(store_path: Path, *, known: bool = True) -> Iterator[Program]:
    """Run the program in an account that it has watched for some days, or has never heard of."""
    program = Program(store_path)
    thread = threading.Thread(target=program.decider.run)
    thread.start()
    try:
        program.events.put(Watched((ACCOUNT,)))
        program.events.put(Patrolled(ACCOUNT.name, ()))
        program.events.put(Answered(ACCOUNT.name))
        program.settle()
        if known:
            assert program.receive(watched_for_long(NOON)) == []
        yield program
    finally:
        program.intake.close()
        program.events.put(None)
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with running(tmp_path / "alerts.sqlite3") as program:
        yield program


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Program]:
    """The program in an account that it has never heard of."""
    with running(tmp_path / "fresh.sqlite3", known=False) as program:
        yield program


def titles(notes: Sequence[Note]) -> list[str]:
    return [note.title for note in notes]


def critical_signals(incidents: Sequence[Incident]) -> list[str]:
    return sorted(incident.main.signal for incident in incidents if incident.severity is CRITICAL)


def test_the_thirty_messages_of_a_stack_are_one_notification_that_grows(program: Program) -> None:
    messages = stack_launch(NOON)
    raised = program.receive(messages)
    program.report("a stack launch")

    assert len(messages) >= 30
    assert titles(raised) == [STACK_TITLE.format("1 instance")]
    [incident] = program.incidents()
    assert (incident.severity, len(incident.parts)) == (MEDIUM, 7)
    assert titles(list(program.screen.notes.values())) == [STACK_TITLE.format("2 instances")]
    assert {note.key for note in program.screen.replaced} == {f"alert:{incident.id}"}


def test_a_scale_out_half_an_hour_later_makes_it_grow_once_more(program: Program) -> None:
    program.receive(stack_launch(NOON))
    quiet = len(program.screen.replaced)
    raised = program.receive(scale_out(NOON))
    program.report("a scale-out, the launch not yet reviewed")

    assert raised == []
    assert titles(program.screen.replaced[quiet:]) == [STACK_TITLE.format("3 instances")]
    [incident] = program.incidents()
    assert incident.severity is MEDIUM


def test_a_scale_out_of_what_was_reviewed_rings_once(program: Program) -> None:
    program.receive(stack_launch(NOON))
    program.review_all()
    raised = program.receive(scale_out(NOON))
    program.report("a scale-out, the launch reviewed")

    assert titles(raised) == [STACK_TITLE.format("3 instances")]
    [incident] = program.incidents()
    assert incident.reviewed is None


def test_an_intruders_evening_rings_at_each_step_and_for_the_takeover(program: Program) -> None:
    raised = program.receive(evening(NOON))
    program.report("an intruder's evening")

    assert titles(raised) == EVENING_RINGS
    assert critical_signals(program.incidents()) == CRITICAL_SIGNALS
    assert all(incident.shown for incident in program.incidents())
    [takeover] = [incident for incident in program.incidents() if incident.main.signal == TAKEOVER]
    assert sum(step.signal == "iam-user-gone" for step in takeover.steps) == 2
    by_call = [note for note in raised if note.title not in (EVENING_RINGS[3], EVENING_RINGS[5])]
    assert all("by user “deploy”, key …AKED01, from 198.51.100.23" in note.body for note in by_call)


def test_each_step_of_an_evening_rings_with_its_first_message(program: Program) -> None:
    rang = {}
    for number, message in enumerate(messages := evening(NOON)):
        for note in program.receive([message]):
            rang[note.title] = number

    for step in ("CreateUser", "AttachUserPolicy", "DeleteUser", "RunInstances", "StopConfigurationRecorder"):
        [first, *_] = (number for number, message in enumerate(messages) if f'"eventName":"{step}"' in message.body)
        assert first in rang.values()
    assert rang["This looks like a takeover of private"] == rang["8 × p5.48xlarge in São Paulo"]


def test_the_second_lane_rings_nothing_whichever_it_is(program: Program) -> None:
    messages = evening(NOON)
    for story in (only("cloudtrail", messages), only("config", messages)):
        program.receive(story)
    program.report("an intruder's evening, one lane after the other")

    assert sorted(titles(program.screen.raised)) == sorted(EVENING_RINGS)


def test_the_other_lane_rings_nothing_that_the_first_has_told(program: Program) -> None:
    messages = evening(NOON)
    program.receive(only("config", messages))
    raised = program.receive(only("cloudtrail", messages))
    program.report("an intruder's evening, AWS Config first")

    # What AWS Config cannot tell.
    assert titles(raised) == [EVENING_RINGS[-1]]


def test_a_user_of_whom_only_the_id_is_reported_is_not_told_twice(program: Program) -> None:
    about_bob = [
        message for message in evening(NOON) if "bob" in message.body or "AIDAKGYZERYOM4YBIEYLO" in message.body
    ]
    raised = program.receive(about_bob)

    assert titles(raised) == ["User “bob” was deleted"]
    [incident] = program.incidents()
    assert (len(incident.findings), len(incident.parts)) == (2, 1)


@pytest.mark.parametrize("batch", range(1, BATCH + 1))
def test_a_user_whose_name_nobody_knows_rings_with_the_call_that_deleted_him(fresh: Program, batch: int) -> None:
    raised = fresh.receive(evening(NOON), batch)

    critical = [note for note in raised if note.urgency is Urgency.CRITICAL]
    assert len(critical) == len(CRITICAL_SIGNALS)
    assert critical_signals(fresh.incidents()) == CRITICAL_SIGNALS
    [gone] = [incident for incident in fresh.incidents() if incident.main.signal == "iam-user-gone"]
    assert {part.subject.name for part in gone.parts} == {"alice", "bob"}


def test_an_intruder_does_not_hide_in_a_stack_launch(program: Program) -> None:
    raised = program.receive(evening_inside_a_launch(NOON))
    program.report("an intruder inside a stack launch")

    assert sorted(titles(raised)) == sorted([*EVENING_RINGS, STACK_TITLE.format("1 instance")])
    [stack] = [incident for incident in program.incidents() if incident.severity is MEDIUM]
    assert len(stack.parts) == 7
    assert program.screen.notes[f"alert:{stack.id}"].title == STACK_TITLE.format("2 instances")
    assert critical_signals(program.incidents()) == CRITICAL_SIGNALS


def test_a_recorder_switched_on_over_five_hundred_resources_rings_for_the_one_new_user(fresh: Program) -> None:
    raised = fresh.receive(recorder_switched_on(NOON))
    fresh.report("a recorder switched on")

    assert titles(raised) == ["New user “helpdesk2”"]
    assert fresh.settle()["existing"] == 500 * len(DATED_AND_TOLD) / 20
    assert fresh.settle()["to_review"] == 1


@pytest.mark.parametrize("seed", range(6))
def test_five_times_in_any_order_is_the_same_as_once_in_order(tmp_path: Path, seed: int) -> None:
    messages = [*stack_launch(NOON), *evening(NOON + timedelta(minutes=10))]
    outcomes = []
    for name, told in (("order", messages), ("disorder", again_and_in_disorder(messages, 5, seed))):
        with running(tmp_path / f"{name}.sqlite3") as program:
            program.receive(told, 1 if name == "order" else BATCH)
            program.report(f"{name} {seed}")
            outcomes.append({outcome(incident) for incident in program.incidents()})
            keys = [note.key for note in program.screen.raised]
            assert len(keys) == len(set(keys))

    assert outcomes[0] == outcomes[1]


def outcome(incident: Incident) -> tuple[Severity, int, bool, frozenset[str]]:
    """Give what must not depend on the order of messages."""
    happenings = frozenset(f"{finding.fingerprint} {finding.lane.value}" for finding in incident.findings)
    return incident.severity, len(incident.parts), incident.shown is not None, happenings


def test_after_three_days_asleep_there_is_one_summary_and_whatever_is_critical(program: Program) -> None:
    gathered = [Arrival(message.body, NOON + ASLEEP) for message in everything(NOON)]
    raised = program.receive(gathered, BATCH)
    program.report("three days asleep")

    [summary] = [note for note in raised if note.key == AWAY_KEY]
    assert summary.title == "While you were away: 6 happenings"
    critical = [incident for incident in program.incidents() if incident.severity is CRITICAL]
    assert critical_signals(critical) == CRITICAL_SIGNALS
    assert {note.key for note in raised} == {AWAY_KEY, *(f"alert:{incident.id}" for incident in critical)}
    assert len(raised) == 1 + len(critical)
    assert all(incident.shown for incident in program.incidents() if incident.severity > LOW)
    [stack] = [incident for incident in program.incidents() if incident.severity is MEDIUM]
    assert words.title(stack, "private").startswith("Stack web: 2 instances, 1 load balancer, ")
