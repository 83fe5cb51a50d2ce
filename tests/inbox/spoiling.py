"""Making valid messages invalid, anywhere and with anything."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from builders import Json, envelope, event, instance_item, notification, oversized, user_item
from inbox.samples import (
    S3_RECORD,
    S3_TEST,
    SERVICE_EVENT,
    SIGN_IN,
    abuse,
    alarm,
    alarm_event,
    anomaly,
    attack_sequence,
    called,
    deleted,
    finding_of_guardduty,
    health,
    heartbeat,
    instance_state,
    record,
    service_event,
    sign_in,
    was,
)

Path = tuple[str | int, ...]

ANY_TEXT = st.text(st.characters(exclude_categories=()))
ANY_NUMBER = st.integers() | st.integers(-(10**400), 10**400) | st.floats(allow_nan=False, allow_infinity=False)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | ANY_NUMBER | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=10,
)

GONE = notification(
    deleted(),
    "DELETE",
    configurationItemDiff={
        "changeType": "DELETE",
        "changedProperties": {
            "Configuration": was(user_item()["configuration"]),
            "ResourceName": was("helpdesk2"),
            "ARN": was("arn:aws:iam::123456789012:user/helpdesk2"),
            "Tags.0": was({"key": "Name", "value": "x"}),
            "SupplementaryConfiguration.Tags": was([{"key": "Name", "value": "x"}]),
        },
    },
)

WHOLE = {
    "a user": notification(user_item()),
    "an instance": notification(instance_item()),
    "what is gone": GONE,
    "an item too large": oversized(instance_item()),
    "a notification in an event": event(notification(instance_item())),
    "a notification in an envelope": envelope("") | {"Message": notification(user_item())},
    "a record": record(),
    "a call": called(record()),
    "a sign-in": called(sign_in("Failure"), SIGN_IN),
    "a service's own event": called(service_event(), SERVICE_EVENT),
    "a file of records": {"Records": [record(), sign_in()]},
    "what Lambda is given": {
        "Records": [{"Sns": envelope(notification(user_item()))}, {"body": "x", "receiptHandle": "y"}]
    },
    "an instance's state": instance_state(),
    "an event of health": health(),
    "abuse": abuse(),
    "a finding": finding_of_guardduty(),
    "a sequence": attack_sequence(),
    "an anomaly": anomaly(),
    "an alarm": alarm(),
    "an alarm's event": alarm_event(),
    "S3": {"Records": [S3_RECORD]},
    "S3's test": S3_TEST,
    "a heartbeat": heartbeat(),
}
"""A valid message of each kind that is JSON."""


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


@st.composite
def spoiled(draw: st.DrawFn, original: Json, *spared: Path) -> Json:
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


def any_spoiled() -> st.SearchStrategy[Json]:
    """Give a message of any kind, spoilt."""
    return st.sampled_from(list(WHOLE.values())).flatmap(spoiled)
