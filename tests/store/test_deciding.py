"""What its owner says of an incident is kept, can be taken back, and never makes silent what joins later."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from builders import NOW, Value, before, judged, machine, numbered
from trayapp.core.incidents import Decision, Incident
from trayapp.core.severity import Severity
from trayapp.store import Store

LATER = NOW + timedelta(minutes=5)
TOMORROW = NOW + timedelta(days=1)
SEEN, MINE, NOT_MINE = Decision.SEEN, Decision.MINE, Decision.NOT_MINE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        opened.commit("work", [judged(numbered(1), numbered(2), numbered(3))], before(minutes=1))
        yield opened


def ids(store: Store) -> list[int]:
    return [incident.id for incident in store.to_review()]


def one(store: Store, number: int = 1) -> Incident:
    incident = store.incident(number)
    assert incident is not None
    return incident


def said(store: Store, number: int = 1) -> tuple[object, ...]:
    """Give how its owner stands to an incident."""
    incident = one(store, number)
    return incident.reviewed, incident.decision, incident.note, incident.snoozed


# Deciding


@pytest.mark.parametrize("decision", [SEEN, MINE])
def test_who_has_seen_it_or_did_it_himself_has_reviewed_it(store: Store, decision: Decision) -> None:
    assert store.decide([1, 3], decision, NOW, "the nightly run") == [1, 3]
    assert said(store) == (NOW, decision, "the nightly run", None)
    assert ids(store) == [2]


def test_what_was_somebody_else_stays_to_review_and_is_not_told_any_more(store: Store) -> None:
    assert store.decide([1], NOT_MINE, NOW) == [1]
    assert said(store) == (None, NOT_MINE, "", None)
    assert ids(store) == [3, 2, 1]
    assert (one(store).unspoken, one(store, 2).unspoken) == (False, True)


def test_a_decision_is_kept_over_closing_and_opening(path: Path, store: Store) -> None:
    store.decide([1], MINE, NOW, "ノート — note")
    store.snooze([2], TOMORROW, NOW)
    with Store(path) as again:
        assert again.incidents() == store.incidents()
        assert said(again) == (NOW, MINE, "ノート — note", None)
        assert one(again, 2).snoozed == TOMORROW


def test_a_second_decision_takes_the_place_of_the_first(store: Store) -> None:
    store.decide([1], MINE, NOW, "me")
    assert store.decide([1], NOT_MINE, LATER) == [1]
    assert said(store) == (None, NOT_MINE, "me", None)
    assert ids(store) == [3, 2, 1]
    assert store.decide([1], SEEN, LATER, "dealt with") == [1]
    assert said(store) == (LATER, SEEN, "dealt with", None)


def test_the_same_decision_again_changes_nothing_but_another_note_does(store: Store) -> None:
    store.decide([1], MINE, NOW, "me")
    assert store.decide([1], MINE, LATER) == []
    assert store.decide([1], MINE, LATER, "me") == []
    assert store.decide([1], MINE, LATER, "my colleague") == [1]
    assert said(store) == (NOW, MINE, "my colleague", None), "it was reviewed at the first time"


def test_looking_at_it_again_does_not_unsay_that_it_was_me(store: Store) -> None:
    store.decide([1], MINE, NOW)
    assert store.review([1], LATER) == []
    assert one(store).decision is MINE


def test_reviewing_everything_says_that_all_of_it_was_seen(store: Store) -> None:
    store.decide([1], MINE, NOW)
    assert store.review_all(LATER) == [2, 3]
    assert [one(store, number).decision for number in (1, 2, 3)] == [MINE, SEEN, SEEN]


def test_reviewing_everything_leaves_what_was_somebody_else_until_its_owner_says_of_it_that_it_is_dealt_with(
    store: Store,
) -> None:
    store.decide([2], NOT_MINE, NOW)
    assert store.review_all(LATER) == [1, 3]
    assert ([each.id for each in store.to_review()], one(store, 2).decision) == ([2], NOT_MINE)
    assert store.review([2], LATER) == [2]
    assert store.to_review() == []


def test_reviewing_everything_leaves_what_was_put_off_until_it_is_due(store: Store) -> None:
    store.snooze([2], LATER, NOW)
    assert store.review_all(NOW) == [1, 3]
    assert store.review_all(LATER) == [2]


def test_what_is_muted_or_light_is_to_review_once_its_owner_says_that_it_was_not_him(store: Store) -> None:
    store.commit("work", [judged(numbered(4, severity=Severity.LOW), numbered(5, muted="a rule"))], NOW)
    assert ids(store) == [3, 2, 1]
    store.decide([4, 5], NOT_MINE, NOW)
    assert ids(store) == [5, 4, 3, 2, 1]
    assert not one(store, 5).unspoken
    store.decide([4, 5], MINE, NOW)
    assert ids(store) == [3, 2, 1]


@pytest.mark.parametrize("numbers", [[], [0], [99], [-1, 2**63, 10**30]])
def test_of_what_is_not_there_nothing_can_be_said(store: Store, numbers: list[int]) -> None:
    assert store.decide(numbers, MINE, NOW) == []
    assert store.snooze(numbers, TOMORROW, NOW) == []
    assert [store.undo(number) for number in numbers] == [False] * len(numbers)
    assert [store.ticked(number) for number in numbers] == [frozenset()] * len(numbers)
    assert ids(store) == [3, 2, 1]


# Snoozing


def test_what_is_snoozed_is_still_to_review(store: Store) -> None:
    assert store.snooze([1, 2], TOMORROW, NOW) == [1, 2]
    assert store.snooze([1], TOMORROW, LATER) == []
    assert ids(store) == [3, 2, 1]
    assert [one(store, number).snoozed for number in (1, 2, 3)] == [TOMORROW, TOMORROW, None]


def test_what_is_reviewed_cannot_be_snoozed(store: Store) -> None:
    store.review([1], NOW)
    assert store.snooze([1], TOMORROW, NOW) == []


@pytest.mark.parametrize("decision", Decision)
def test_any_decision_ends_a_snooze(store: Store, decision: Decision) -> None:
    store.snooze([1], TOMORROW, NOW)
    store.decide([1], decision, LATER)
    assert one(store).snoozed is None


def snoozed(path: Path, *numbers: int, **changes: Value) -> Store:
    """Give a store with one incident of machines, told and snoozed until tomorrow."""
    store = Store(path.with_name("snoozed.sqlite3"))
    store.commit("work", [judged(*(machine(number, **changes) for number in numbers))], NOW)
    store.mark_shown(1, one(store).severity, NOW)
    store.snooze([1], TOMORROW, NOW)
    return store


def test_growth_that_weighs_no_more_leaves_a_snooze_alone(path: Path) -> None:
    with snoozed(path, 1) as store:
        store.commit("work", [judged(machine(2))], LATER)
        assert (one(store).snoozed, one(store).shown, len(one(store).parts)) == (TOMORROW, NOW, 2)


def test_growth_that_makes_it_heavier_ends_a_snooze_and_is_told(path: Path) -> None:
    with snoozed(path, 1) as store:
        store.commit("work", [judged(machine(2, severity=Severity.HIGH))], LATER)
        assert (one(store).snoozed, one(store).unspoken) == (None, True)


def test_machines_that_add_up_end_a_snooze(path: Path) -> None:
    with snoozed(path, *range(9)) as store:
        store.commit("work", [judged(machine(9))], LATER)
        assert (one(store).snoozed, one(store).unspoken) == (None, True)


def test_a_fresh_critical_finding_ends_a_snooze_of_what_was_critical_already(path: Path) -> None:
    with snoozed(path, 1, severity=Severity.CRITICAL) as store:
        store.commit("work", [judged(machine(2, severity=Severity.CRITICAL))], LATER)
        assert (one(store).snoozed, one(store).unspoken) == (None, True)


def test_growth_after_a_snooze_is_over_is_as_quiet_as_any(path: Path) -> None:
    with snoozed(path, 1, severity=Severity.CRITICAL) as store:
        store.commit("work", [judged(machine(2, severity=Severity.CRITICAL))], TOMORROW + timedelta(hours=1))
        assert (one(store).shown, one(store).told) == (NOW, Severity.CRITICAL)


def test_a_snooze_that_is_over_is_done_with_once_it_was_told_again(path: Path) -> None:
    with snoozed(path, 1) as store:
        store.mark_shown(1, Severity.MEDIUM, LATER)
        assert one(store).snoozed == TOMORROW
        store.mark_shown(1, Severity.MEDIUM, TOMORROW)
        assert one(store).snoozed is None


# Taking back


def test_what_was_said_is_taken_back_step_by_step(store: Store) -> None:
    store.mark_shown(1, Severity.HIGH, NOW)
    untouched = said(store)
    store.snooze([1], TOMORROW, NOW)
    store.decide([1], NOT_MINE, NOW, "who is this?")
    store.decide([1], MINE, LATER, "it was me")
    assert store.undo(1)
    assert said(store) == (None, NOT_MINE, "who is this?", None)
    assert store.undo(1)
    assert said(store) == (None, None, "", TOMORROW)
    assert store.undo(1)
    assert said(store) == untouched
    assert not store.undo(1)
    assert not one(store).unspoken


def test_what_was_reviewed_untold_is_not_told_when_that_is_taken_back(store: Store) -> None:
    store.review_all(NOW)
    assert store.undo(2)
    assert ids(store) == [2]
    assert (one(store, 2).unspoken, one(store, 2).shown) == (False, NOW)


def test_one_is_taken_back_and_not_the_others(store: Store) -> None:
    store.decide([1, 2], MINE, NOW)
    store.undo(1)
    assert ids(store) == [3, 1]


def test_another_process_can_take_it_back(path: Path, store: Store) -> None:
    store.decide([1], MINE, NOW)
    with Store(path) as another:
        assert another.undo(1)
    assert ids(store) == [3, 2, 1]


# Growing after a decision


def grown(path: Path, decision: Decision, **changes: Value) -> Store:
    """Give a store with an incident that was told and decided, and that something then has joined."""
    store = Store(path.with_name("grown.sqlite3"))
    store.commit("work", [judged(machine(1))], NOW)
    store.mark_shown(1, Severity.MEDIUM, NOW)
    store.review([1], NOW)
    store.decide([1], decision, NOW, "what I know")
    store.commit("work", [judged(machine(2, **changes))], LATER)
    return store


@pytest.mark.parametrize("decision", [SEEN, MINE])
def test_what_joins_after_a_decision_opens_it_again_and_only_the_note_is_left(path: Path, decision: Decision) -> None:
    with grown(path, decision) as store:
        assert said(store) == (None, None, "what I know", None)
        assert one(store).unspoken


def test_what_joins_what_was_somebody_else_is_somebody_elses(path: Path) -> None:
    with grown(path, NOT_MINE) as store:
        assert said(store) == (None, NOT_MINE, "what I know", None)
        assert not one(store).unspoken


@pytest.mark.parametrize("changes", [{"severity": Severity.LOW}, {"muted": "a rule"}])
def test_history_that_joins_leaves_a_decision_alone(path: Path, changes: dict[str, Value]) -> None:
    with grown(path, MINE, **changes) as store:
        assert said(store) == (NOW, MINE, "what I know", None)


@pytest.mark.parametrize("decision", Decision)
def test_whatever_is_taken_back_after_it_has_grown_it_stays_to_review(path: Path, decision: Decision) -> None:
    with grown(path, decision) as store:
        for _ in range(4):
            store.undo(1)
            assert ids(store) == [1]
        assert not store.undo(1)
        assert said(store) == (None, None, "", None)


def test_a_snooze_that_was_ended_by_growth_does_not_come_back(path: Path) -> None:
    with snoozed(path, 1) as store:
        store.decide([1], NOT_MINE, NOW)
        store.commit("work", [judged(machine(2, severity=Severity.HIGH))], LATER)
        store.undo(1)
        assert said(store) == (None, None, "", None)


# Steps that are done


def test_a_step_is_done_until_it_is_not(path: Path, store: Store) -> None:
    store.tick(1, "disable-key:AKIAEXAMPLE7XYZABC", NOW, done=True)
    store.tick(1, "disable-key:AKIAEXAMPLE7XYZABC", LATER, done=True)
    store.tick(1, "root-password", NOW, done=True)
    store.tick(2, "root-password", NOW, done=True)
    store.tick(2, "root-password", NOW, done=False)
    store.tick(2, "never done", NOW, done=False)
    with Store(path) as another:
        assert another.ticked(1) == {"disable-key:AKIAEXAMPLE7XYZABC", "root-password"}
        assert another.ticked(2) == frozenset()


def test_nothing_is_written_down_of_an_incident_that_is_not_there(store: Store) -> None:
    store.tick(99, "root-password", NOW, done=True)
    store.tick(2**63, "root-password", NOW, done=True)
    assert (store.ticked(99), store.ticked(2**63)) == (frozenset(), frozenset())


def test_what_waits_is_counted_as_it_is_listed_but_for_what_is_put_off(store: Store) -> None:
    assert store.waiting(NOW) == len(store.to_review()) == 3
    store.snooze([2], TOMORROW, NOW)
    assert store.waiting(NOW) == 2
    assert store.waiting(TOMORROW) == 3
    store.decide([1], Decision.NOT_MINE, NOW)
    store.decide([3], Decision.MINE, NOW)
    assert store.waiting(NOW) == 1
