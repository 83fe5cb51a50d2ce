"""What the window asks for, with a real store behind."""

from datetime import UTC, datetime, timedelta

import pytest

from builders import STACK, instance_finding, judged, numbered
from review.seeding import started
from trayapp.core.history import Wanted, facets
from trayapp.core.incidents import Decision, Incident
from trayapp.core.offering import tried_on
from trayapp.core.policy import Mute
from trayapp.core.severity import Severity
from trayapp.review.desk import PAGE, Desk, Done, Reviewed
from trayapp.settings import Paths, SettingsError, load
from trayapp.store import Store


def waiting(desk: Desk) -> list[int]:
    return [each.id for each in desk.to_review()]


def test_the_heaviest_waits_on_top(desk: Desk) -> None:
    weights = [each.severity for each in desk.to_review()]
    assert weights[0] is Severity.CRITICAL
    assert weights == sorted(weights, reverse=True)
    assert desk.waiting() == len(weights)


def test_what_is_decided_is_on_the_disk_at_once_and_can_be_taken_back(desk: Desk, paths: Paths) -> None:
    assert desk.decide([1], Decision.MINE, "my deploy") == [1]
    with Store(paths.store) as other:
        found = other.incident(1)
    assert found is not None
    assert (found.decision, found.note) == (Decision.MINE, "my deploy")
    assert 1 not in waiting(desk)
    assert desk.undo_last(None) == Done([1])
    assert 1 in waiting(desk)


def test_the_last_decision_is_taken_back_first_and_without_any_the_one_about_the_incident(desk: Desk) -> None:
    desk.decide([1], Decision.SEEN)
    desk.decide([2], Decision.MINE)
    assert [desk.undo_last(3).incidents for _ in range(3)] == [[2], [1], []]


def test_all_are_marked_but_what_is_not_their_owners_or_put_off_and_all_are_taken_back_together(desk: Desk) -> None:
    before = waiting(desk)
    desk.decide([1], Decision.NOT_MINE)
    desk.snooze(2, desk.clock().now + timedelta(hours=1))
    done = desk.review_all()
    assert sorted(waiting(desk)) == [1, 2]
    assert set(done.marked) == set(before) - {1, 2}
    assert done.left == 2
    assert set(desk.undo_last(None).incidents) == set(done.marked)
    assert set(waiting(desk)) == set(before)


def test_nothing_is_marked_where_nothing_waits(desk: Desk) -> None:
    desk.review_all()
    assert desk.review_all() == Reviewed([], 0)
    assert desk.waiting() == 0


def test_what_is_snoozed_is_not_counted_and_stands_last(desk: Desk) -> None:
    top, count = waiting(desk)[0], desk.waiting()
    desk.snooze(top, desk.clock().now + timedelta(hours=1))
    assert waiting(desk)[-1] == top
    assert desk.waiting() == count - 1
    assert desk.undo_last(None) == Done([top])
    assert waiting(desk)[0] == top


def test_the_message_behind_an_incident_is_the_one_that_came(desk: Desk) -> None:
    (message,) = desk.messages(2)
    assert message.body == started()
    assert message.whole
    assert desk.messages(3) == []


def test_the_steps_are_kept_once_they_are_ticked(desk: Desk) -> None:
    incident = desk.incident(1)
    assert incident is not None
    first = desk.steps(incident)[0]
    desk.tick(incident, first.id, done=True)
    assert desk.ticked(incident) == {first.id}
    assert first.title in desk.support_text(incident)
    desk.tick(incident, first.id, done=False)
    assert desk.ticked(incident) == frozenset()


def test_the_history_is_read_in_pages(desk: Desk) -> None:
    first = desk.page(Wanted(), None)
    assert len(first) == min(desk.count(Wanted()), PAGE)
    assert [each.id for each in desk.page(Wanted(), first[0].id)] == [each.id for each in first[1:]]


def test_settings_that_cannot_be_read_are_no_reason_to_show_nothing(paths: Paths) -> None:
    paths.settings.parent.mkdir(parents=True, exist_ok=True)
    paths.settings.write_text("this is [not TOML")
    desk = Desk(paths)
    assert desk.accounts() == []
    desk.close()


def test_there_is_to_choose_what_the_history_has(desk: Desk, paths: Paths) -> None:
    with Store(paths.store) as store:
        expected = facets(store.incidents())
    assert desk.facets() == expected
    assert "sa-east-1" in expected.regions


def owned(desk: Desk, paths: Paths) -> tuple[Incident, Mute]:
    """Give an incident of a stack, and the rule that is offered for it."""
    machine = instance_finding(links=frozenset({STACK}), fingerprint="owned", happened=datetime.now(UTC))
    with Store(paths.store) as store:
        (number,) = store.commit("work", [judged(machine)], datetime.now(UTC))
    incident = desk.incident(number)
    assert incident is not None
    (offer,) = desk.offers(incident)
    return incident, offer.rule


def test_a_rule_and_the_decision_are_made_together_and_taken_back_together(desk: Desk, paths: Paths) -> None:
    incident, rule = owned(desk, paths)
    desk.make_rule(incident.id, rule, "mine")
    assert load(paths.settings).policy.mutes == (rule,)
    assert incident.id not in waiting(desk)
    assert desk.covering(incident) == rule
    assert desk.undo_last(None) == Done([incident.id], rule)
    assert load(paths.settings).policy.mutes == ()
    assert incident.id in waiting(desk)
    assert desk.covering(incident) is None


def test_where_the_settings_cannot_be_changed_nothing_is_decided_or_taken_back(desk: Desk, paths: Paths) -> None:
    incident, rule = owned(desk, paths)
    paths.settings.parent.mkdir(parents=True, exist_ok=True)
    paths.settings.write_text("nonsense = 1")
    with pytest.raises(SettingsError):
        desk.make_rule(incident.id, rule, "")
    assert incident.id in waiting(desk)
    paths.settings.unlink()
    desk.make_rule(incident.id, rule, "")
    paths.settings.write_text("nonsense = 1")
    with pytest.raises(SettingsError):
        desk.undo_last(None)
    assert incident.id not in waiting(desk)
    paths.settings.unlink()
    assert desk.undo_last(None) == Done([incident.id], rule)


def test_rules_are_tried_on_all_that_was_told_lately_a_little_at_a_time(desk: Desk, paths: Paths) -> None:
    with Store(paths.store) as store:
        for number in range(1000, 1150):
            store.commit("work", [judged(numbered(number, happened=datetime.now(UTC)))], datetime.now(UTC))
        told = store.count(tried_on(datetime.now(UTC)))
    *_, before, last = desk.trials([Mute(signal="iam-*"), Mute(signal="nothing")])
    assert last == before  # told once more that there is nothing else
    assert last[0].told == last[1].told == told
    assert last[0].quiet > 150
    assert last[1].quiet == 0
