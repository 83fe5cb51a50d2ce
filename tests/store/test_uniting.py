"""Incidents that turn out to be one: what was said of either is kept, and whatever is open in either stays open."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, Value, finding, judged
from trayapp.core.finding import Finding
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store import Store

LATER = NOW + timedelta(minutes=5)
TOMORROW, NEXT_WEEK = NOW + timedelta(days=1), NOW + timedelta(days=7)
SEEN, MINE, NOT_MINE = Decision.SEEN, Decision.MINE, Decision.NOT_MINE

Say = Callable[[Store], object]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        yield opened


def part(name: str, *events: int, **changes: Value) -> Finding:
    return finding(fingerprint=name, links=frozenset(f"event:{event}" for event in events), **changes)


def two(store: Store, first: Severity = Severity.HIGH, second: Severity = Severity.HIGH) -> None:
    """Commit two incidents that have nothing in common yet, and tell both."""
    store.commit("work", [judged(part("one", 1, severity=first), part("two", 2, severity=second))], NOW)
    for number in (1, 2):
        store.mark_shown(number, Severity.HIGH, NOW)


def united(store: Store) -> Incident:
    """Make them one by something that is no news by itself; give it."""
    store.commit("work", [judged(part("bridge", 1, 2, severity=Severity.LOW))], LATER)
    [incident] = store.incidents()
    return incident


def said(incident: Incident) -> tuple[object, ...]:
    return incident.reviewed, incident.decision, incident.note, incident.snoozed


def test_what_was_me_and_something_critical_nobody_has_looked_at_are_to_review_together(store: Store) -> None:
    critical = Severity.CRITICAL
    store.commit("work", [judged(part("one", 1, severity=critical), part("two", 2, severity=critical))], NOW)
    store.mark_shown(1, critical, NOW)
    store.decide([1], MINE, NOW, "my test of the alarm")
    store.commit("work", [judged(part("bridge", 1, 2, severity=critical))], LATER)
    [incident] = store.to_review()
    assert said(incident) == (None, None, "my test of the alarm", None)
    assert incident.unspoken


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (MINE, MINE, MINE),
        (MINE, SEEN, SEEN),
        (SEEN, SEEN, SEEN),
        (MINE, NOT_MINE, NOT_MINE),
        (NOT_MINE, SEEN, NOT_MINE),
        (MINE, None, None),
        (SEEN, None, None),
        (None, None, None),
        (None, NOT_MINE, NOT_MINE),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_only_what_was_said_of_both_was_said_of_the_whole_but_for_somebody_else(
    store: Store, first: Decision | None, second: Decision | None, whole: Decision | None, *, turned: bool
) -> None:
    two(store)
    for number, decision in enumerate((second, first) if turned else (first, second), 1):
        if decision:
            store.decide([number], decision, NOW)
    incident = united(store)
    assert incident.decision is whole
    assert (incident.reviewed is None) == (whole in (None, NOT_MINE))
    assert store.to_review() == ([] if incident.reviewed else [incident])


def test_what_nobody_must_look_at_does_not_take_a_decision_away(store: Store) -> None:
    two(store, Severity.LOW)
    store.decide([2], MINE, NOW)
    assert said(united(store)) == (NOW, MINE, "", None)


def test_all_notes_are_kept_and_none_stands_there_twice(store: Store) -> None:
    two(store)
    store.decide([1], MINE, NOW, "from the office")
    store.decide([2], NOT_MINE, NOW, "not from the office")
    assert united(store).note == "not from the office"
    store.commit("work", [judged(part("three", 3))], NOW)
    store.decide([3], MINE, NOW, "somebody's laptop")
    store.commit("work", [judged(part("bridge 2", 1, 3, severity=Severity.LOW))], LATER)
    [incident] = store.incidents()
    assert incident.note == "not from the office\nsomebody's laptop"


@pytest.mark.parametrize(
    ("say", "until"),
    [
        (lambda store: store.snooze([1, 2], TOMORROW, NOW), TOMORROW),
        (lambda store: (store.snooze([1], NEXT_WEEK, NOW), store.snooze([2], TOMORROW, NOW)), TOMORROW),
        (lambda store: store.snooze([1], TOMORROW, NOW), None),
        (lambda store: (store.snooze([1], TOMORROW, NOW), store.review([2], NOW)), TOMORROW),
        (lambda store: (store.snooze([1], TOMORROW, NOW), store.decide([2], NOT_MINE, NOW)), None),
    ],
)
def test_the_whole_is_silent_only_for_as_long_as_all_that_is_open_in_it(store: Store, say: Say, until: object) -> None:
    two(store)
    say(store)
    assert united(store).snoozed == until


def test_what_is_untold_is_told_though_it_joins_what_is_snoozed(store: Store) -> None:
    store.commit("work", [judged(part("one", 1), part("two", 2))], NOW)
    store.mark_shown(1, Severity.HIGH, NOW)
    store.snooze([1], TOMORROW, NOW)
    assert (united(store).snoozed, united(store).unspoken) == (None, True)


def test_steps_that_are_done_for_either_are_done(store: Store) -> None:
    two(store)
    store.tick(1, "root-password", NOW, done=True)
    store.tick(2, "root-password", NOW, done=True)
    store.tick(2, "sign-out", NOW, done=True)
    assert store.ticked(united(store).id) == {"root-password", "sign-out"}
    assert store.ticked(2) == frozenset()


def test_the_messages_of_both_are_those_of_the_whole(store: Store) -> None:
    for number in (1, 2):
        store.commit("work", [judged(part(f"part {number}", number), source=f"{{{number}}}")], NOW)
    store.commit("work", [judged(part("bridge", 1, 2), source="{3}")], LATER)
    assert [each.body for each in store.bodies(1)] == ["{1}", "{2}", "{3}"]


def test_what_was_said_of_either_is_taken_back_as_if_they_had_always_been_one(store: Store) -> None:
    two(store)
    store.decide([1], MINE, NOW, "one")
    store.decide([2], NOT_MINE, NOW + timedelta(seconds=1), "two")
    store.decide([1], SEEN, NOW + timedelta(seconds=2))
    store.decide([2], MINE, NOW + timedelta(seconds=3), "my own")
    steps = [said(united(store))]
    while store.undo(1):
        steps.append(said(store.incidents()[0]))
    assert steps == [
        (NOW + timedelta(seconds=3), SEEN, "one\nmy own", None),
        (None, NOT_MINE, "one\ntwo", None),
        (None, None, "one", None),
        (None, None, "", None),
    ]


def test_nothing_that_is_taken_back_hides_what_was_open_in_the_other(store: Store) -> None:
    two(store)
    store.review([1], NOW)
    store.decide([1], NOT_MINE, LATER)
    incident = united(store)
    while store.undo(incident.id):
        assert [each.id for each in store.to_review()] == [incident.id]
