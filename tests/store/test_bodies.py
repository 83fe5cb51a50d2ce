"""The raw messages that incidents came from: each once, whole unless it is too long, and no longer than they."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from builders import NOW, body, finding, judged, notification, numbered, user_item
from signing import CERTIFICATE_URL
from trayapp.core.finding import Lane, Trust
from trayapp.core.judged import Judged
from trayapp.core.severity import Severity
from trayapp.store import Body, Store
from trayapp.store.bodies import LARGEST, pack
from trayapp.store.overflow import Overflow
from trayapp.store.unverified import Unsettled, Unverified

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alerts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def kept(store: Store) -> int:
    return int(store._connection.execute("SELECT count(*) FROM body").fetchone()[0])


def texts(store: Store, number: int = 1) -> list[str]:
    return [each.body for each in store.bodies(number)]


def test_a_message_is_given_back_as_it_came(store: Store) -> None:
    text = body(notification(user_item(resourceName="利用者 — Åsa")))
    store.commit("work", [judged(finding(), source=text)], NOW)
    assert store.bodies(1) == [Body(NOW, text)]
    assert len(store._connection.execute("SELECT packed FROM body").fetchone()[0]) < len(text) / 2


def test_a_message_of_several_findings_is_kept_once(store: Store) -> None:
    store.commit("work", [judged(numbered(1), numbered(2), source="{both}")], NOW)
    assert (texts(store, 1), texts(store, 2), kept(store)) == (["{both}"], ["{both}"], 1)


def test_each_lane_has_a_message_of_its_own(store: Store) -> None:
    store.commit("work", [judged(finding(), source="{config}")], NOW)
    store.commit("work", [judged(finding(lane=Lane.CLOUDTRAIL), source="{call}")], LATER)
    assert store.bodies(1) == [Body(NOW, "{config}"), Body(LATER, "{call}")]


def test_what_comes_again_is_not_kept_again_however_often_and_in_whatever_words(store: Store) -> None:
    for number in range(20):
        store.commit("work", [judged(finding(), source=f"{{telling {number}}}")], NOW)
    assert (texts(store), kept(store)) == (["{telling 0}"], 1)


def test_a_message_that_brings_something_new_when_it_comes_again_is_kept_once(store: Store) -> None:
    store.commit("work", [judged(numbered(1), source="{same}")], NOW)
    store.commit("work", [judged(numbered(1), numbered(2), source="{same}")], LATER)
    assert (store.bodies(2), kept(store)) == ([Body(NOW, "{same}")], 1)


def test_a_message_without_findings_is_not_kept(store: Store) -> None:
    store.commit("work", [Judged("text", source="")], NOW)
    assert kept(store) == 0


def test_what_was_found_by_looking_has_no_message(store: Store) -> None:
    store.note("work", [finding()], NOW)
    assert (store.bodies(1), store.bodies(2), store.bodies(2**63)) == ([], [], [])


def test_of_a_message_that_is_too_long_even_compressed_the_beginning_is_kept(store: Store) -> None:
    text = "".join(Random(1).choices([chr(number) for number in range(0x3041, 0x3041 + 4096)], k=200_000))
    store.commit("work", [judged(finding(), source=text)], NOW)
    [cut] = store.bodies(1)
    assert not cut.whole
    assert text.startswith(cut.body)
    assert len(cut.body) > 30_000
    (size,) = store._connection.execute("SELECT length(packed) FROM body").fetchone()
    assert LARGEST * 0.8 < size <= LARGEST


def test_the_longest_ordinary_message_is_kept_whole() -> None:
    text = json.dumps([user_item(resourceId=f"AIDA{number:017}") for number in range(1200)])
    assert len(text) > 1_000_000
    assert pack(text)[1]


def test_what_no_encoding_can_say_is_no_obstacle(store: Store) -> None:
    store.commit("work", [judged(finding(), source="{\ud800 \0}")], NOW)
    assert texts(store) == ["{? \0}"]


def test_it_is_kept_for_as_long_as_any_incident_came_from_it(store: Store) -> None:
    two = judged(numbered(1, severity=Severity.LOW), numbered(2), source="{both}")
    store.commit("work", [two, judged(numbered(3, severity=Severity.LOW), source="{gone}")], NOW)
    assert store.prune(NOW + timedelta(days=1)) == 2
    assert (texts(store, 2), kept(store)) == (["{both}"], 1)
    store.discard([2])
    assert kept(store) == 0


def test_what_was_shown_from_memory_has_its_message_once_that_comes_again(store: Store) -> None:
    memory = Overflow()
    message = judged(finding(), source="{it}")
    memory.commit("work", [message], NOW)
    memory.pour(store)
    assert texts(store) == []
    store.commit("work", [message], LATER)
    assert texts(store) == ["{it}"]
    memory.close()


def hold(store: Store, text: str, name: str = "helpdesk2") -> Unverified:
    """Commit an unverified message, as the intake does."""
    told = finding(trust=Trust.UNVERIFIED, subject=replace(finding().subject, name=name))
    store.commit("work", [judged(told, source=text, body=text, certificate=CERTIFICATE_URL)], NOW)
    return Unverified("work", CERTIFICATE_URL, text, NOW)


def test_a_proved_message_takes_the_place_of_a_forged_one(path: Path, store: Store) -> None:
    forged, genuine = hold(store, "{forged}", "eve"), hold(store, "{genuine}")
    assert texts(store) == ["{forged}"]
    with Unsettled(path) as unsettled:
        unsettled.prove(genuine)
        assert texts(store) == ["{genuine}"]
        unsettled.denounce(forged, "no")
    assert (texts(store), kept(store)) == (["{genuine}"], 1)


def test_a_message_that_was_believed_from_the_start_takes_the_place_of_one_that_was_not(store: Store) -> None:
    hold(store, "{who knows}", "eve")
    store.commit("work", [judged(finding(), source="{genuine}")], NOW)
    assert (texts(store), kept(store)) == (["{genuine}"], 1)


def test_after_a_forgery_what_others_said_stands_with_their_message_else_the_forgery_itself(
    path: Path, store: Store
) -> None:
    first, second = hold(store, "{first}", "eve"), hold(store, "{second}", "mallory")
    with Unsettled(path) as unsettled:
        unsettled.denounce(first, "no")
        assert texts(store) == ["{second}"]
        unsettled.denounce(second, "no")
    assert texts(store) == ["{second}"]
