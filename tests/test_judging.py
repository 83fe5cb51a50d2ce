"""From bodies to what is committed: with what is known, by the owner's rules, and whatever happens in between."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from builders import NOW, judged, notification, user_item
from trayapp import judging
from trayapp.core.judged import Judged
from trayapp.core.policy import Policy
from trayapp.core.signals import Known
from trayapp.inbox import judge
from trayapp.judging import judge_all, known_before
from trayapp.store import Store

SECRET = "somebody's words"


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


def test_a_heartbeat_says_when_it_was_sent(store: Store) -> None:
    body = '{"detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-11-23T10:00:00Z", "detail": {}}'
    [beat] = judge_all([body], known_before(store, NOW), NOW, Policy())
    assert (beat.kind, str(beat.heartbeat)) == ("heartbeat", "2026-11-23 10:00:00+00:00")
    [plain] = judge_all(["hello"], known_before(store, NOW), NOW, Policy())
    assert plain.heartbeat is None
    assert judged().heartbeat is None
