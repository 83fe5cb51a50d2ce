"""The lines of the list, and their order."""

from datetime import timedelta

from builders import NOW, before, clock, finding, incident, instance_finding, machine
from trayapp.core.incidents import Decision
from trayapp.core.severity import Severity
from trayapp.review.rows import in_review_order, is_settled, row


def test_a_line_says_what_how_heavy_where_and_when() -> None:
    line = row(incident(), "private", clock())
    assert line.title == "New user “helpdesk2”"
    assert line.beside == "High · private · 20:11, 3 min ago"
    assert not line.settled


def test_a_line_says_what_was_decided() -> None:
    decided = row(incident(reviewed=NOW, decision=Decision.MINE), "private", clock())
    assert decided.beside.endswith(" · that was me")
    assert decided.settled
    alarmed = row(incident(decision=Decision.NOT_MINE), "private", clock())
    assert alarmed.beside.endswith(" · not me")
    assert not alarmed.settled


def test_a_line_says_until_when_it_is_snoozed_and_nothing_once_that_is_over() -> None:
    assert row(incident(snoozed=NOW + timedelta(hours=1)), "p", clock()).beside.endswith("snoozed until 21:14")
    assert "snoozed" not in row(incident(snoozed=before(minutes=1)), "p", clock()).beside


def test_what_is_light_or_muted_is_settled_unless_its_owner_says_that_it_was_not_him() -> None:
    light = incident(1, finding(severity=Severity.LOW))
    muted = incident(1, finding(muted="a rule"))
    assert is_settled(light)
    assert is_settled(muted)
    assert not is_settled(incident(1, finding(muted="a rule"), decision=Decision.NOT_MINE))


def test_the_heaviest_comes_first_and_of_several_the_newest_and_what_is_snoozed_last() -> None:
    old = incident(1, finding(severity=Severity.HIGH, happened=before(hours=5)))
    new = incident(2, finding(severity=Severity.HIGH, happened=before(hours=1)))
    light = incident(3, instance_finding(happened=before(minutes=1)))
    heavy = incident(4, machine(1, severity=Severity.CRITICAL, happened=before(days=3)))
    snoozed = incident(5, finding(severity=Severity.CRITICAL), snoozed=NOW + timedelta(hours=1))
    ordered = in_review_order([old, snoozed, light, new, heavy], NOW)
    assert [each.id for each in ordered] == [4, 2, 1, 3, 5]
