"""What the window asks for, with a real store behind."""

from datetime import timedelta

from review.seeding import started
from trayapp.core.history import Wanted
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.review.desk import PAGE, Desk
from trayapp.settings import Paths
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
    assert desk.undo_last(None) == [1]
    assert 1 in waiting(desk)


def test_the_last_decision_is_taken_back_first_and_without_any_the_one_about_the_incident(desk: Desk) -> None:
    desk.decide([1], Decision.SEEN)
    desk.decide([2], Decision.MINE)
    assert [desk.undo_last(3), desk.undo_last(3), desk.undo_last(3)] == [[2], [1], []]


def test_all_are_marked_but_those_that_were_not_their_owners_and_all_are_taken_back_together(desk: Desk) -> None:
    before = waiting(desk)
    desk.decide([1], Decision.NOT_MINE)
    marked = desk.decide_all()
    assert waiting(desk) == [1]
    assert set(marked) == set(before) - {1}
    assert set(desk.undo_last(None)) == set(marked)
    assert set(waiting(desk)) == set(before)


def test_nothing_is_marked_where_nothing_waits(desk: Desk) -> None:
    desk.decide_all()
    assert desk.decide_all() == []
    assert desk.waiting() == 0


def test_what_is_snoozed_is_not_counted_and_stands_last(desk: Desk) -> None:
    top, count = waiting(desk)[0], desk.waiting()
    desk.snooze(top, desk.clock().now + timedelta(hours=1))
    assert waiting(desk)[-1] == top
    assert desk.waiting() == count - 1
    assert desk.undo_last(None) == [top]
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
