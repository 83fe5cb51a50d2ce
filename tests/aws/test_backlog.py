"""What is on disk and could not be deleted is remembered, but not for ever."""

from trayapp.aws.backlog import MOST, Backlog
from trayapp.aws.queue import BATCH, Message


def message(number: int, receipt: str = "") -> Message:
    return Message(f"id-{number}", receipt or f"receipt-{number}", "a body")


def test_what_was_committed_is_known_until_it_is_deleted() -> None:
    backlog = Backlog()
    assert message(1) not in backlog
    backlog.add([message(1), message(2)])
    assert message(1, "another receipt") in backlog
    backlog.deleted([message(1), message(2)], {"id-2"})
    assert message(1) not in backlog
    assert message(2) in backlog


def test_it_is_deleted_by_the_receipt_it_has_now() -> None:
    backlog = Backlog()
    backlog.add([message(1, "old")])
    backlog.add([message(1, "new")])
    assert [each.receipt for each in backlog.due()] == ["new"]


def test_a_receipt_that_was_refused_is_not_tried_again() -> None:
    backlog = Backlog()
    backlog.add([message(1), message(2)])
    backlog.deleted([message(1), message(2)], {"id-1", "id-2"})
    assert backlog.due() == []
    backlog.add([message(1, "new")])
    assert [each.id for each in backlog.due()] == ["id-1"]


def test_one_call_deletes_no_more_than_a_batch() -> None:
    backlog = Backlog()
    backlog.add([message(number) for number in range(BATCH + 1)])
    assert len(backlog.due()) == BATCH


def test_bodies_are_not_kept() -> None:
    backlog = Backlog()
    backlog.add([message(1)])
    assert backlog.due()[0].body == ""


def test_the_oldest_are_forgotten_when_there_are_too_many() -> None:
    backlog = Backlog()
    backlog.add([message(number) for number in range(MOST + 1)])
    assert message(0) not in backlog
    assert message(1) in backlog


def test_nothing_is_known_after_it_was_told_to_forget() -> None:
    backlog = Backlog()
    backlog.add([message(1)])
    backlog.forget()
    assert message(1) not in backlog
    assert backlog.due() == []
