"""The clock may jump: order, identity and what is still to be shown do not hang on it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from builders import NOW, finding, judged, machine, numbered, takeover_steps, unreadable
from trayapp.core.finding import Lane
from trayapp.core.severity import Severity
from trayapp.store import Store

JUMPS = [timedelta(days=-1), timedelta(days=365), timedelta(days=-365 * 30), timedelta(hours=-1)]
TOKYO = ("123456789012", "region:ap-northeast-1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "alerts.sqlite3") as opened:
        yield opened


@pytest.fixture(params=JUMPS, ids=str)
def jumped(request: pytest.FixtureRequest) -> datetime:
    jump: timedelta = request.param
    return NOW + jump


def test_numbers_and_order_follow_the_coming_and_not_the_clock(store: Store, jumped: datetime) -> None:
    store.commit("work", [judged(numbered(1)), unreadable("{one")], NOW)
    store.commit("work", [judged(numbered(2)), unreadable("{two")], jumped)
    store.commit("work", [judged(numbered(3)), unreadable("{three")], NOW)
    assert [each.main.fingerprint for each in store.incidents()] == ["new:3", "new:2", "new:1"]
    assert [each.body for each in store.quarantine()] == ["{one", "{two", "{three"]


def test_what_comes_again_after_a_jump_is_no_news(store: Store, jumped: datetime) -> None:
    batch = [judged(numbered(1), machine(1), *takeover_steps()), judged(numbered(2, happened=None)), unreadable("{")]
    store.commit("work", batch, NOW)
    store.mark_all_shown({each.id: each.severity for each in store.to_review()}, NOW)
    store.review([1], NOW)
    before = (store.incidents(), store.quarantine())
    assert store.commit("work", batch, jumped) in ([], [each.id for each in before[0] if each.steps])
    assert (store.incidents(), store.quarantine()) == before


@pytest.mark.parametrize("lanes", [(Lane.CONFIG, Lane.CLOUDTRAIL), (Lane.CLOUDTRAIL, Lane.CONFIG)], ids=str)
@pytest.mark.parametrize("jump", JUMPS[:2], ids=str)
def test_the_other_lane_tells_the_same_also_where_it_comes_after_a_jump(
    store: Store, jump: timedelta, lanes: tuple[Lane, Lane]
) -> None:
    for lane, received in zip(lanes, (NOW, NOW + jump), strict=True):
        store.commit("work", [judged(finding(lane=lane, happened=None))], received)
    [incident] = store.incidents()
    assert len(incident.parts) == 1


def test_what_was_not_shown_before_a_jump_is_still_to_be_shown_after_it(store: Store, jumped: datetime) -> None:
    store.commit("work", [judged(numbered(1), numbered(2))], NOW)
    store.mark_shown(1, Severity.HIGH, jumped)
    assert [(each.id, each.unspoken) for each in store.to_review()] == [(2, True), (1, False)]
    store.mark_shown(1, Severity.HIGH, NOW)
    assert store.review([1], jumped) == [1]
    assert [each.id for each in store.to_review()] == [2]


def test_a_clock_that_was_ahead_does_not_make_a_region_unknown_for_as_long(store: Store) -> None:
    store.commit("work", [judged(seen=(TOKYO,))], NOW + timedelta(days=365))
    assert store.seen(NOW) == frozenset()
    store.commit("work", [judged(seen=(TOKYO,))], NOW)
    assert store.seen(NOW + timedelta(seconds=1)) == {TOKYO}
    store.commit("work", [judged(seen=(TOKYO,))], NOW + timedelta(days=1))
    assert store.seen(NOW + timedelta(seconds=1)) == {TOKYO}
