"""Whatever the bytes: no exception, no message that vanishes, no creation that is lost."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import (
    NOW,
    QUICK,
    Json,
    alert,
    body,
    clock,
    envelope,
    event,
    instance_item,
    notification,
    oversized,
    situation,
    user_item,
)
from trayapp.core import records, rules
from trayapp.core.alerts import Finding
from trayapp.core.facts import Change
from trayapp.core.judged import Judged
from trayapp.core.situation import alert_note
from trayapp.inbox import judge, read

Path = tuple[str | int, ...]

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY_NUMBER = st.integers() | st.integers(-(10**400), 10**400) | st.floats(allow_nan=False, allow_infinity=False)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | ANY_NUMBER | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=10,
)


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """Give the way to everything inside a value."""
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        yield (*at, key)
        yield from paths(child, (*at, key))


def changed(draw: st.DrawFn, original: Json, spared: tuple[Path, ...]) -> Json:
    """Delete or replace up to four things, at any depth, but none on the way to what is spared."""
    document = deepcopy(original)
    for _ in range(draw(st.integers(1, 4))):
        ways = [way for way in paths(document) if not any(kept[: len(way)] == way for kept in spared)]
        if not ways:
            break
        *parents, last = draw(st.sampled_from(ways))
        place: Any = document
        for key in parents:
            place = place[key]
        if draw(st.booleans()):
            del place[last]
        else:
            place[last] = draw(ANY_JSON)
    return document


@st.composite
def spoiled(draw: st.DrawFn, original: Json, *spared: Path) -> Json:
    return changed(draw, original, spared)


WHOLE = (
    notification(user_item()),
    notification(instance_item()),
    oversized(instance_item()),
    event(notification(instance_item())),
    envelope("") | {"Message": notification(user_item())},
)


def assert_accounted_for(message: str) -> Judged:
    """Read, judge and speak about a message; it must be understood, or counted, or kept whole."""
    reading, judged = read(message), judge(message, NOW)
    assert reading.kind == judged.kind != ""
    if reading.unreadable:
        assert (reading.kind, reading.facts, judged.body) == ("unreadable", (), message)
    else:
        assert judged.body == ""
    for found in judged.findings:
        told = alert(found=found)
        alert_note(told, situation(), clock())
        json.dumps(records.alert_record(told, "work", clock())).encode()
    return judged


@given(ANY_TEXT)
@settings(QUICK, max_examples=300)
def test_any_text_is_accounted_for(text: str) -> None:
    assert_accounted_for(text)


@given(ANY_TEXT, st.sampled_from(["{", "[", '{"Type":', '{"Type": "Notification", "Message": ', "text {"]))
@settings(QUICK, max_examples=200)
def test_any_text_that_begins_like_a_message_is_accounted_for(text: str, beginning: str) -> None:
    assert_accounted_for(beginning + text)


@given(ANY_JSON)
@settings(QUICK, max_examples=200)
def test_any_json_is_accounted_for_with_and_without_an_envelope(value: object) -> None:
    assert_accounted_for(json.dumps(value))
    assert_accounted_for(body(value))


@given(st.sampled_from(WHOLE), st.data())
@settings(QUICK, max_examples=60)
def test_a_notification_cut_anywhere_is_unreadable_and_kept(whole: Json, data: st.DataObject) -> None:
    text = json.dumps(whole)
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    assert assert_accounted_for(cut).unreadable


@given(st.sampled_from(WHOLE).flatmap(spoiled))
@settings(QUICK, max_examples=400)
def test_a_notification_with_anything_in_any_place_is_accounted_for(message: Json) -> None:
    assert_accounted_for(json.dumps(message))
    assert_accounted_for(body(message))


def identity(item: Path, change: Path) -> tuple[Path, ...]:
    return (*((*item, key) for key in ("resourceType", "resourceId")), change, (*item[:-1], "messageType"))


IN_ITEM = identity(("configurationItem",), ("configurationItemDiff", "changeType"))
BY_STATUS = identity(("configurationItem",), ("configurationItem", "configurationItemStatus"))
IN_SUMMARY = identity(("configurationItemSummary",), ("configurationItemSummary", "changeType"))
IN_EVENT = identity(("detail", "configurationItem"), ("detail", "configurationItemDiff", "changeType"))
NO_DIFFERENCE: Json = {"configurationItemDiff": None}


@pytest.mark.parametrize("item", [user_item(), instance_item()], ids=["user", "instance"])
@pytest.mark.parametrize("shape", ["item", "item without a difference", "summary", "event"])
@given(data=st.data())
@settings(QUICK, max_examples=50)
def test_a_creation_is_never_lost_while_it_says_what_was_created(shape: str, item: Json, data: st.DataObject) -> None:
    message = data.draw(
        {
            "item": spoiled(notification(item), *IN_ITEM),
            "item without a difference": spoiled(
                notification(item, **NO_DIFFERENCE), ("configurationItemDiff",), *BY_STATUS
            ),
            "summary": spoiled(oversized(item), *IN_SUMMARY),
            "event": spoiled(event(notification(item)), *IN_EVENT),
        }[shape]
    )
    (fact,) = read(body(message)).facts
    assert (fact.change, fact.resource_type, fact.resource_id) == (
        Change.CREATED,
        item["resourceType"],
        item["resourceId"],
    )
    assert isinstance(rules.judge(fact, NOW), Finding | rules.Existing)
