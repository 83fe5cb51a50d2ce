"""Whatever the bytes: no exception, no message that vanishes, no creation that is lost, no text that cannot be kept."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import QUICK, Json, body, event, instance_item, notification, oversized, user_item
from inbox.samples import BUDGET, called, finding_of_guardduty, health, record
from inbox.spoiling import ANY_JSON, ANY_TEXT, GONE, WHOLE, Path, any_spoiled, spoiled
from trayapp.core.facts import Actor, ApiCall, Change, ResourceChange, Verdict
from trayapp.inbox.read import read
from trayapp.inbox.reading import Reading


def texts(value: object) -> Iterator[str]:
    """Give every text inside a value of JSON, the keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def assert_accounted_for(message: str) -> Reading:
    """Read a message; it must be understood, or counted, or have a reason; and all of it can be kept."""
    reading = read(message)
    assert reading.kind
    assert (reading.kind == "unreadable") == bool(reading.unreadable)
    for text in (reading.kind, reading.unreadable):
        text.encode()
    for fact in reading.facts:
        json.dumps(asdict(fact), default=str, ensure_ascii=False, allow_nan=False).encode()
    return reading


@given(ANY_TEXT)
@settings(QUICK, max_examples=300)
def test_any_text_is_accounted_for(text: str) -> None:
    assert_accounted_for(text)


BEGINNINGS = [
    "{",
    "[",
    '"',
    '"{',
    '{"Type":',
    '{"Type": "Notification", "Message": ',
    '{"Records": [',
    "text {",
    "AWS Budget Notification",
    "AWS Budget Notification\nBudget Name: ",
]


@given(ANY_TEXT, st.sampled_from(BEGINNINGS))
@settings(QUICK, max_examples=300)
def test_any_text_that_begins_like_a_message_is_accounted_for(text: str, beginning: str) -> None:
    assert_accounted_for(beginning + text)


@given(ANY_JSON)
@settings(QUICK, max_examples=200)
def test_any_json_is_accounted_for_with_and_without_an_envelope(value: object) -> None:
    assert_accounted_for(json.dumps(value))
    assert_accounted_for(body(value))
    assert_accounted_for(json.dumps({"Records": value}))
    assert_accounted_for(json.dumps({"detail": value, "detail-type": "x"}))


@given(st.sampled_from(list(WHOLE.values())), st.data())
@settings(QUICK, max_examples=100)
def test_a_message_cut_anywhere_is_unreadable(whole: Json, data: st.DataObject) -> None:
    text = json.dumps(whole)
    assert assert_accounted_for(text[: data.draw(st.integers(1, len(text) - 1))]).unreadable


@given(any_spoiled())
@settings(QUICK, max_examples=600)
def test_a_message_with_anything_in_any_place_is_accounted_for(message: Json) -> None:
    assert_accounted_for(json.dumps(message))
    assert_accounted_for(body(message))
    assert_accounted_for(json.dumps({"Records": [message]}))


@given(st.lists(st.sampled_from(BUDGET.splitlines(keepends=True)) | ANY_TEXT), st.data())
@settings(QUICK, max_examples=200)
def test_a_budget_with_anything_between_its_lines_is_accounted_for(lines: list[str], data: st.DataObject) -> None:
    assert_accounted_for("AWS Budget Notification\n" + "".join(lines))
    assert_accounted_for(BUDGET[: data.draw(st.integers(0, len(BUDGET)))] + "".join(lines))


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
    assert isinstance(fact, ResourceChange)
    assert (fact.change, fact.resource_type, fact.resource_id) == (
        Change.CREATED,
        item["resourceType"],
        item["resourceId"],
    )


@given(spoiled(GONE, *IN_ITEM))
@settings(QUICK, max_examples=100)
def test_a_deletion_is_never_lost_while_it_says_what_was_deleted(message: Json) -> None:
    (fact,) = read(body(message)).facts
    assert isinstance(fact, ResourceChange)
    assert fact.change is Change.DELETED


@given(spoiled(called(record()), ("detail", "eventSource"), ("detail", "eventName"), ("detail-type",)))
@settings(QUICK, max_examples=100)
def test_a_call_is_never_lost_while_it_says_what_was_called(message: Json) -> None:
    facts = read(body(message)).facts
    assert [(fact.service, fact.action) for fact in facts if isinstance(fact, ApiCall)] == [("iam", "CreateUser")]


@pytest.mark.parametrize("message", [health(), finding_of_guardduty()], ids=["health", "finding"])
@given(data=st.data())
@settings(QUICK, max_examples=50)
def test_a_verdict_is_never_lost_while_it_says_what_it_is(message: Json, data: st.DataObject) -> None:
    spared = [("detail-type",), ("detail", "eventTypeCode"), ("detail", "type")]
    facts = read(body(data.draw(spoiled(message, *spared)))).facts
    assert facts
    assert all(isinstance(fact, Verdict) for fact in facts)


HALF = "a\ud800b"


def test_halves_of_surrogate_pairs_are_gone_from_the_inside_too() -> None:
    configuration = {"userName": HALF, HALF: [HALF, {HALF: HALF}]}
    difference = {"changeType": "UPDATE", "changedProperties": {HALF: {"previousValue": {HALF: HALF}}}}
    message = notification(
        user_item(configuration=configuration, tags={HALF: HALF}, relatedEvents=[HALF]),
        configurationItemDiff=difference,
    )
    (fact,) = assert_accounted_for(json.dumps(message)).facts
    assert isinstance(fact, ResourceChange)
    assert fact.configuration == {"userName": "a?b", "a?b": ["a?b", {"a?b": "a?b"}]}
    assert (fact.tags, fact.events) == ({"a?b": "a?b"}, ("a?b",))
    assert (fact.properties[0].path, fact.properties[0].before) == ("a?b", {"a?b": "a?b"})


def test_halves_of_surrogate_pairs_are_gone_from_calls_too() -> None:
    (fact,) = assert_accounted_for(
        json.dumps(record(requestParameters={HALF: HALF}, responseElements={HALF: [HALF]}, userAgent=HALF))
    ).facts
    assert isinstance(fact, ApiCall)
    assert (fact.request, fact.response, fact.agent) == ({"a?b": "a?b"}, {"a?b": ["a?b"]}, "a?b")
    assert all("\ud800" not in text for text in texts(asdict(fact)))


def test_what_is_nested_deeper_than_aws_ever_does_is_cut_off() -> None:
    deep: object = "end"
    for _ in range(300):
        deep = {"x": [deep]}
    (fact,) = assert_accounted_for(json.dumps(record(requestParameters={"deep": deep, "near": 1}))).facts
    assert isinstance(fact, ApiCall)
    assert fact.request["near"] == 1
    assert "end" not in list(texts(dict(fact.request)))


def test_a_number_beyond_all_numbers_is_none() -> None:
    text = json.dumps(record(requestParameters={"count": "HUGE", "list": ["HUGE"]})).replace('"HUGE"', "1e999")
    (fact,) = assert_accounted_for(text).facts
    assert isinstance(fact, ApiCall)
    assert fact.request == {"count": None, "list": [None]}


def test_of_a_key_written_twice_the_last_counts() -> None:
    text = json.dumps(record()).replace('"eventName": "CreateUser"', '"eventName": "x", "eventName": "DeleteUser"')
    (fact,) = assert_accounted_for(text).facts
    assert isinstance(fact, ApiCall)
    assert fact.action == "DeleteUser"


@pytest.mark.parametrize("wrong", [None, True, 7, 1.5, "text", [], ["x"], {}, {"x": "y"}])
def test_a_call_of_wrong_types_throughout_is_a_call_all_the_same(wrong: object) -> None:
    needed = ("eventSource", "eventName")
    message = {key: value if key in needed else wrong for key, value in record().items()}
    (fact,) = assert_accounted_for(json.dumps(message)).facts
    assert isinstance(fact, ApiCall)
    assert isinstance(fact.actor, Actor)
