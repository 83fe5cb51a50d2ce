"""Whether the filter of a subscription lets our messages through.

https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html. AWS Config, EventBridge and AWS
Budgets send no attributes, so that a filter on attributes mostly keeps everything out. A filter on the body is tried on
bodies like theirs; what it asks of fields that are not in those cannot be told.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from trayapp.aws.checks.maybe import Maybe, every, some

_Present = Callable[[Any], Maybe]


class _Unknown:
    """Stands for a field whose value, or whose being there, is not known."""


UNKNOWN = _Unknown()


def lets_through(policy: str, scope: str, body: Mapping[str, Any]) -> Maybe:
    """Tell whether a filter lets a message without attributes through.

    Args:
        policy: The filter, JSON text; empty for none.
        scope: ``MessageBody``, or else it is about attributes.
        body: What is known of the message's body: fields that are not here are not known.

    Raises:
        ValueError: The filter is not JSON.
    """
    if not policy:
        return True
    tests = json.loads(policy)
    if not isinstance(tests, dict):
        raise ValueError("the filter is no object of JSON")  # noqa: TRY004 - it is the text that is wrong
    return _object(tests, body) if scope == "MessageBody" else _object(tests, None)


def _object(tests: Mapping[str, Any], held: Mapping[str, Any] | None) -> Maybe:
    """Try an object of a filter on what a message has there, ``None`` for known to be nothing."""
    return every(
        some(_object(each, held) for each in test if isinstance(each, dict))
        if key == "$or" and isinstance(test, list)
        else _field(test, None if held is None else held.get(key, UNKNOWN))
        for key, test in tests.items()
    )


def _field(test: object, value: object) -> Maybe:
    if isinstance(test, dict):
        if isinstance(value, _Unknown):
            return None
        return _object(test, value if isinstance(value, Mapping) else None)
    conditions = test if isinstance(test, list) else [test]
    return some(_condition(each, value) for each in conditions)


def _condition(condition: object, value: object) -> Maybe:
    if isinstance(condition, dict) and "exists" in condition:
        return None if isinstance(value, _Unknown) else (value is not None) is bool(condition["exists"])
    if isinstance(value, _Unknown):
        return None
    if value is None:
        return False
    if not isinstance(condition, dict):
        return condition == value
    if not isinstance(value, str):
        return None
    return every(_operation(operator, wanted, value) for operator, wanted in condition.items())


def _operation(operator: str, wanted: object, value: str) -> Maybe:
    match operator, wanted:
        case "prefix", str():
            return value.startswith(wanted)
        case "suffix", str():
            return value.endswith(wanted)
        case "equals-ignore-case", str():
            return value.lower() == wanted.lower()
        case "anything-but", str() | list():
            return value not in (wanted if isinstance(wanted, list) else [wanted])
        case "anything-but", dict():
            told = every(_operation(inner, each, value) for inner, each in wanted.items())
            return None if told is None else not told
    return None
