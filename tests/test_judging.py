"""From bodies to what is committed: with what is known, by the owner's rules, and whatever happens in between."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from builders import ACCOUNT_ID, NOW, USER_ID, before, judged, notification, user_item
from trayapp import judging
from trayapp.core.judged import Judged
from trayapp.core.policy import Policy
from trayapp.core.signals import Known
from trayapp.inbox import judge
from trayapp.judging import judge_all, known_before
from trayapp.store import Store

SECRET = "somebody's words"
GONE = user_item(configurationItemStatus="ResourceDeleted", resourceName=None, ARN=None, configuration=None, tags={})


def made(called: str) -> str:
    return json.dumps(notification(user_item(resourceName=called)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.sqlite3") as one:
        yield one


def test_a_fault_of_ours_in_one_message_neither_loses_it_nor_holds_up_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(body: str, received: datetime, known: Known) -> Judged:
        if body == SECRET:
            raise KeyError(body)
        return judge(body, received, known)

    monkeypatch.setattr(judging, "judge", faulty)
    with caplog.at_level(logging.ERROR):
        first, second = judge_all([SECRET, "hello"], known_before(store, NOW), NOW, Policy())

    assert (first.kind, first.body, first.unreadable) == ("unreadable", SECRET, "trayapp failed to judge it (KeyError)")
    assert second.kind == "text"
    assert "KeyError at faulty" in caplog.text
    assert SECRET not in caplog.text


def test_the_body_is_kept_of_a_message_that_found_something_and_of_no_other(store: Store) -> None:
    telling = json.dumps(notification(user_item()))
    first, second = judge_all([telling, "hello"], known_before(store, NOW), NOW, Policy())
    assert (first.source, second.source) == (telling, "")


def test_a_deleted_user_is_called_as_it_was_called_last(store: Store) -> None:
    renamed = (("alice", 3), ("bob", 2), ("carol", 1))
    for called, days in renamed:
        store.commit("work", judge_all([made(called)], Known(), before(days=days), Policy()), before(days=days))
    gone = json.dumps(notification(GONE, "DELETE"))
    for when, called in ((NOW, "carol"), (before(days=1), "bob"), (before(days=3), "")):
        [found] = judge_all([gone], known_before(store, when), when, Policy())
        assert found.findings[0].subject.name == called, "what it is called later was not known then"


def test_what_is_read_for_a_batch_does_not_grow_with_the_users_that_were_ever_made(store: Store) -> None:
    gone, steps, work = json.dumps(notification(GONE, "DELETE")), count(), []
    # SQLite calls this at every step of its machine, and is to stop where it gives True.
    store._connection.set_progress_handler(lambda: next(steps) < 0, 1)
    for names in (10, 5_000):
        seen = [(ACCOUNT_ID, f"name:AIDA{number:017}:user{number}") for number in range(names)]
        store.commit("work", [judged(seen=((ACCOUNT_ID, "type:AWS::IAM::User"), *seen))], before(days=9))
        began = next(steps)
        known = known_before(store, NOW)
        [found] = judge_all([gone], known, NOW, Policy())
        work.append(next(steps) - began)
        assert (found.unreadable, *known.types) == ("", (ACCOUNT_ID, "AWS::IAM::User"))
    assert work[0] == work[1] > 1


def test_a_name_that_cannot_be_read_costs_nobody_the_alert(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "gone.sqlite3"
    with Store(path) as store:
        known = known_before(store, NOW)
    path.unlink()
    [found] = judge_all([json.dumps(notification(GONE, "DELETE"))], known, NOW, Policy())
    assert (found.unreadable, found.findings[0].subject.id) == ("", USER_ID)
    assert "closed" in caplog.text
    assert not path.exists(), "a store that was closed opens nothing"


def test_a_heartbeat_says_when_it_was_sent(store: Store) -> None:
    body = '{"detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-11-23T10:00:00Z", "detail": {}}'
    [beat] = judge_all([body], known_before(store, NOW), NOW, Policy())
    assert (beat.kind, str(beat.heartbeat)) == ("heartbeat", "2026-11-23 10:00:00+00:00")
    [plain] = judge_all(["hello"], known_before(store, NOW), NOW, Policy())
    assert plain.heartbeat is None
    assert judged().heartbeat is None
