"""The owner's rules, as the settings write them.

    watched_types = ["AWS::IAM::User", "AWS::EC2::Instance"]   # tell of these alone; without the line, of all

    review_on_open = "not-critical"   # what opening an alert reviews: "all", "not-critical", "never"

    history_days = 365           # how long what is reviewed is kept

    [severity]                   # how heavy a signal is to me: low (kept, not told), medium, high, critical
    lb-new = "medium"

    [[mute]]                     # as many as wanted; each says what must match (all of it), and until when
    stack = "web-*"              # stack, actor, tag, signal, account
    until = 2026-12-31           # that day included; or a moment, 2026-12-31T18:00:00; or: forever = true
    reason = "nightly deploys"   # may be left out

    [quiet_hours]                # only what is critical is told aloud; all else waits for the morning
    from = "22:00"
    to = "07:00"
    days = ["mon", "tue"]        # the evenings on which they begin; without the line, all

What a rule can never hide stands in ``trayapp.core.policy``. A rule that could not do anything because of that is
refused here, so that nobody trusts in it.
"""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from fnmatch import fnmatchcase
from typing import Any

from trayapp.core.finding import Theme
from trayapp.core.language import listed, say
from trayapp.core.policy import EVERY_DAY, Mute, Policy, QuietHours, ReviewOnOpen
from trayapp.core.severity import Severity
from trayapp.core.signals import RaisedBy, Signal, types
from trayapp.core.signals.catalogue import BY_ID
from trayapp.core.text import clean
from trayapp.settings.accounts import ACCOUNT_ID
from trayapp.settings.problems import NO_SIGNAL, InvalidValue, Key, check_known, hint, quoted

RULES_KEYS = ("watched_types", "review_on_open", "history_days", "severity", "mute", "quiet_hours")
_MATCHING = ("stack", "actor", "tag", "signal", "account")
_MUTE_KEYS = (*_MATCHING, "until", "forever", "reason")
_QUIET_KEYS = ("from", "to", "days")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SEVERITIES = {severity.word: severity for severity in Severity}
_TYPES = sorted(each for each in vars(types).values() if isinstance(each, str) and each.startswith("AWS::"))
_USUAL = Policy()
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SHORTEST_HISTORY, _LONGEST_HISTORY = 30, 36500
"""Days. A queue keeps messages for 14, and one that comes again must still be known."""

_LONGEST = 200
"""How many characters a pattern or a reason may have: it stands in a line of the history."""


def check_rules(document: Mapping[str, Any]) -> Policy:
    """Check the rules in a document.

    Args:
        document: The whole document.

    Raises:
        InvalidValue: Something in them is wrong.
    """
    quiet_hours = document.get("quiet_hours")
    return Policy(
        severities=_severities(document.get("severity", {})),
        watched_types=_watched_types(document.get("watched_types")),
        mutes=_mutes(document.get("mute", [])),
        quiet_hours=None if quiet_hours is None else _quiet_hours(quiet_hours),
        review_on_open=_review_on_open(document.get("review_on_open")),
        keep=timedelta(days=_history_days(document.get("history_days", _USUAL.keep.days))),
    )


def _review_on_open(value: object) -> ReviewOnOpen:
    if value is None:
        return _USUAL.review_on_open
    words = [each.value for each in ReviewOnOpen]
    if not isinstance(value, str) or value not in words:
        raise InvalidValue(
            ("review_on_open",),
            say("{value} says nothing here; write one of {choices}", value=repr(value), choices=quoted(words)),
        )
    return ReviewOnOpen(value)


def _history_days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not _SHORTEST_HISTORY <= value <= _LONGEST_HISTORY:
        raise InvalidValue(
            ("history_days",),
            say(
                "history_days must be a number of days from {fewest} to {most}",
                fewest=_SHORTEST_HISTORY,
                most=_LONGEST_HISTORY,
            ),
        )
    return value


def _severities(values: object) -> dict[str, Severity]:
    if not isinstance(values, Mapping):
        raise InvalidValue(
            ("severity",), say('severity is a table: write [severity], then lines such as lb-new = "medium"')
        )
    check_known(values, BY_ID, ("severity",), NO_SIGNAL)
    return {name: _severity(BY_ID[name], value) for name, value in values.items()}


def _severity(signal: Signal, value: object) -> Severity:
    at = ("severity", signal.id)
    if not isinstance(value, str) or value not in _SEVERITIES:
        raise InvalidValue(
            at, say("{value} is no severity; write one of {choices}", value=repr(value), choices=quoted(_SEVERITIES))
        )
    severity = _SEVERITIES[value]
    if _is_guards_own(signal) and severity < signal.severity:
        raise InvalidValue(
            at,
            say(
                "{signal} is an alert of the guard's own and cannot be below {severity}",
                signal=signal.id,
                severity=signal.severity.word,
            ),
        )
    return severity


def _watched_types(value: object) -> frozenset[str] | None:
    at = ("watched_types",)
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise InvalidValue(
            at, say('watched_types must be a list of types, such as ["AWS::IAM::User"]; leave it out to watch all')
        )
    for each in value:
        if each not in _TYPES:
            raise InvalidValue(
                at, say("no signal is about the type {name}{hint}", name=repr(each), hint=hint(each, _TYPES))
            )
    return frozenset(value)


def _mutes(values: object) -> tuple[Mute, ...]:
    if not isinstance(values, list):
        raise InvalidValue(("mute",), say("mute is a list of tables: write [[mute]], with two brackets on each side"))
    return tuple(_mute(("mute", place), value) for place, value in enumerate(values))


def _mute(at: Key, values: object) -> Mute:
    if not isinstance(values, Mapping):
        raise InvalidValue(at, say("each mute is a table: write [[mute]], then one setting a line"))
    check_known(values, _MUTE_KEYS, at)
    texts = {key: _line((*at, key), values[key]) for key in (*_MATCHING, "reason") if key in values}
    if not any(key in texts for key in _MATCHING):
        raise InvalidValue(at, say("this mute does not say what to mute; add one of {names}", names=listed(_MATCHING)))
    if "account" in texts and not ACCOUNT_ID.fullmatch(texts["account"]):
        raise InvalidValue((*at, "account"), say("account must be the twelve digits of an account"))
    mute = Mute(**texts, until=_until(at, values))
    if mute.signal:
        _check_signal(at, mute)
    return mute


def mute_values(mute: Mute) -> dict[str, str | bool | date]:
    """Give what the settings write of a mute, in the order in which they do."""
    texts: dict[str, str | bool | date] = {key: getattr(mute, key) for key in _MATCHING if getattr(mute, key)}
    end: dict[str, str | bool | date] = {"forever": True} if mute.until is None else {"until": mute.until}
    return {**texts, **end, **({"reason": mute.reason} if mute.reason else {})}


def _line(at: Key, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(at, say("{key} must be text in quotation marks", key=at[-1]))
    if len(value) > _LONGEST or clean(value) != value:
        raise InvalidValue(
            at, say("{key} must be one line of at most {count} ordinary characters", key=at[-1], count=_LONGEST)
        )
    return value


def _until(at: Key, values: Mapping[str, Any]) -> date | None:
    until, forever = values.get("until"), values.get("forever", False)
    if not isinstance(forever, bool):
        raise InvalidValue((*at, "forever"), say("{key} must be true or false, without quotation marks", key="forever"))
    if forever and until is not None:
        raise InvalidValue((*at, "forever"), say("until and forever exclude each other; keep one"))
    if forever:
        return None
    if until is None:
        raise InvalidValue(
            (*at, "until"), say("until is missing; add a day, such as until = 2026-12-31, or forever = true")
        )
    if not isinstance(until, date):
        raise InvalidValue((*at, "until"), say("until must be a day without quotation marks, such as 2026-12-31"))
    return until


def _check_signal(at: Key, mute: Mute) -> None:
    meant = [signal for name, signal in BY_ID.items() if fnmatchcase(name, mute.signal)]
    key = (*at, "signal")
    if not meant:
        raise InvalidValue(key, say(NO_SIGNAL, name=repr(mute.signal), hint=hint(mute.signal, BY_ID)))
    if all(_is_guards_own(signal) for signal in meant):
        raise InvalidValue(
            key, say("{signal} is an alert of the guard's own; those cannot be muted", signal=mute.signal)
        )
    if (mute.stack or mute.tag) and all(signal.theme is Theme.IDENTITY or _is_guards_own(signal) for signal in meant):
        chosen = "stack" if mute.stack else "tag"
        raise InvalidValue(
            (*at, chosen),
            say(
                "{signal} is not muted by a {key}, which an intruder can choose as he likes; mute by account or actor "
                "instead",
                signal=mute.signal,
                key=chosen,
            ),
        )


def _quiet_hours(values: object) -> QuietHours:
    at = ("quiet_hours",)
    if not isinstance(values, Mapping):
        raise InvalidValue(at, say('quiet_hours is a table: write [quiet_hours], then from = "22:00" and to = "07:00"'))
    check_known(values, _QUIET_KEYS, at)
    begin, end = (_time((*at, key), values.get(key), usual) for key, usual in (("from", "22:00"), ("to", "07:00")))
    if begin == end:
        raise InvalidValue((*at, "to"), say("from and to are the same; quiet hours must leave some of the day"))
    return QuietHours(begin, end, _days((*at, "days"), values.get("days")))


def _time(at: Key, value: object, usual: str) -> time:
    if value is None:
        raise InvalidValue(
            at, say("{key} is missing; add it, such as {example}", key=at[-1], example=f'{at[-1]} = "{usual}"')
        )
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not (parts := _TIME.fullmatch(value)):
        raise InvalidValue(at, say('{key} must be a time of the day from "00:00" to "23:59"', key=at[-1]))
    return time(int(parts[1]), int(parts[2]))


def _days(at: Key, value: object) -> frozenset[int]:
    if value is None:
        return EVERY_DAY
    if not isinstance(value, list) or not value or not all(isinstance(day, str) for day in value):
        raise InvalidValue(at, say('days must be a list of days, such as ["sat", "sun"]; leave it out for all'))
    for day in value:
        if day not in DAYS:
            raise InvalidValue(
                at, say("{value} is no day; write one of {choices}", value=repr(day), choices=quoted(DAYS))
            )
    return frozenset(DAYS.index(day) for day in value)


def _is_guards_own(signal: Signal) -> bool:
    """Tell of a signal what ``core.policy.is_guards_own`` tells of its findings."""
    return signal.theme is Theme.GUARD or signal.raised_by is RaisedBy.CLIENT
