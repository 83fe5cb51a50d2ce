"""The front door: one message body in, what it is and what it says out."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from trayapp.core.language import mark
from trayapp.inbox import alarm, cloudtrail, config, guardduty, health, instance_state, kinds, money, storage
from trayapp.inbox.envelope import confirmation, content, parse
from trayapp.inbox.event import Event, around
from trayapp.inbox.jsonlike import JsonObject, mapping, string
from trayapp.inbox.reading import Reading, Unreadable
from trayapp.inbox.times import instant

_MOST_ENVELOPES = 6
"""SNS in SQS in SNS, with an event in it that has its notification under a second ``detail``, is five."""

_NOTHING_AROUND = Event()
_NO_SHAPE = Reading(kinds.OTHER)
_SCHEDULED = "Scheduled Event"

_SHAPES: tuple[Callable[[JsonObject, Event], Reading | None], ...] = (
    config.read,
    storage.read,
    cloudtrail.read,
    instance_state.read,
    health.read,
    guardduty.read,
    money.read_anomaly,
    alarm.read,
)


def read(body: str) -> Reading:
    """Read one message body, in however many envelopes.

    Args:
        body: The body as it stood in the queue.

    Returns:
        Its reading. Never raises: what cannot be read comes back as unreadable, with the reason.
    """
    try:
        return _content(body, _MOST_ENVELOPES, _NOTHING_AROUND)
    except Unreadable as reason:
        return Reading(kinds.UNREADABLE, unreadable=str(reason))


def _content(held: JsonObject | str, envelopes: int, event: Event) -> Reading:
    if isinstance(held, dict):
        return _message(held, envelopes, event)
    if budget := money.read_budget(held, event):
        return budget
    message = parse(held)
    return Reading(kinds.TEXT) if message is None else _message(message, envelopes, event)


def _message(message: JsonObject, envelopes: int, event: Event) -> Reading:
    if not envelopes:
        raise Unreadable(mark("it is in too many envelopes"))
    if kind := confirmation(message):
        return Reading(kind)
    held = content(message)
    if held is not None:
        return _content(held, envelopes - 1, replace(event, happened=instant(message, "Timestamp") or event.happened))
    if reading := _by_shape(message, event):
        return reading
    if isinstance(message.get("Records"), list):
        return _records(message["Records"], envelopes - 1, event)
    if "detail" in message:
        return _event(message, envelopes - 1, event)
    return _NO_SHAPE


def _by_shape(message: JsonObject, event: Event) -> Reading | None:
    return next((reading for shape in _SHAPES if (reading := shape(message, event)) is not None), None)


def _event(message: JsonObject, envelopes: int, outer: Event) -> Reading:
    """Read an event of EventBridge, or a detail that came with nothing else around it."""
    event = around(message, outer)
    detail = mapping(message, "detail")
    inner = _message(detail, envelopes, event) if "detail" in detail else _by_shape(detail, event)
    if inner is not None and inner.kind != kinds.OTHER:
        return inner
    if string(message, "detail-type") == _SCHEDULED:
        return Reading(kinds.HEARTBEAT, sent=event.happened)
    return Reading(kinds.event(string(message, "detail-type"))) if "detail-type" in message else _NO_SHAPE


def _records(records: list[Any], envelopes: int, event: Event) -> Reading:
    """Read what holds many messages: a file of CloudTrail, or what Lambda is given of SNS, SQS and S3."""
    readings: list[Reading] = []
    reasons: list[str] = []
    for record in records:
        try:
            readings.append(_message(record, envelopes, event) if isinstance(record, dict) else _NO_SHAPE)
        except Unreadable as reason:
            reasons.append(str(reason))
    facts = tuple(fact for reading in readings for fact in reading.facts)
    reasons += [reading.unreadable for reading in readings if reading.unreadable]
    if reasons:
        why = f"of its {len(records)} records {len(reasons)} cannot be read: {reasons[0]}"
        return Reading(kinds.UNREADABLE, facts, why)
    found = {reading.kind for reading in readings}
    return Reading(found.pop() if len(found) == 1 and kinds.OTHER not in found else kinds.RECORDS, facts)
