"""Calls that failed: which of them are worth telling."""

import re

from trayapp.core.facts import ApiCall
from trayapp.core.signals.model import Signal

_VERSIONED = re.compile(r"([A-Za-z]+?)[0-9]{8}(v[0-9]+)?")
"""AWS Lambda's events carry the version of its API: ``CreateFunction20150331``, ``UpdateFunctionCode20150331v2``."""

_HARMLESS = (
    # What is asked for is there already, or is not there at all: tools that repeat themselves do this all day.
    "alreadyexists",
    "duplicate",
    "nosuch",
    "notfound",
    "deleteconflict",
    # The form was wrong, so it could never have worked.
    "invalid",
    "malformed",
    "missing",
    "validation",
    # AWS had too much to do, or something else was under way.
    "concurrentmodification",
    "internal",
    "requestlimitexceeded",
    "temporarilyunmodifiable",
    "throttl",
    "toomanyrequests",
    "unavailable",
)
"""What error codes contain that say nothing of permission. Whatever is not known here is told rather than hidden."""


def plain_action(action: str) -> str:
    """Give an event's name without the version of the API."""
    versioned = _VERSIONED.fullmatch(action)
    return versioned[1] if versioned else action


def why_no_refusal(fact: ApiCall, signal: Signal) -> str:
    """Tell why a failed call is not told as an attempt; empty if it is."""
    if not signal.says.refused:
        return f"the call failed: {fact.error}"
    code = fact.error.casefold()
    if any(part in code for part in _HARMLESS):
        return f"the call failed, and not for want of permission: {fact.error}"
    return ""
