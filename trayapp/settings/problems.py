"""What can be wrong with the settings, and how it is said."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from trayapp.core.language import listed, mark, say

Key = tuple[str | int, ...]
"""Where a value stands, as a path from the top; a number (from 0) is a place in a list of tables."""

AT_THE_TOP = ("language", "browser_command", "watched_types", "review_on_open", "history_days")
"""The settings that are no tables. In TOML a line belongs to the table above it, so these come before all of them."""

NO_SETTING = mark("there is no setting {name}{hint}")
NO_SIGNAL = mark("there is no signal {name}{hint}")

_MANY = 12
"""More names than this nobody reads in an error."""


class SettingsError(Exception):
    """The settings are wrong; the text names the file, the line where known, and the way out."""


class InvalidValue(Exception):  # noqa: N818 - it is about a value, and becomes a SettingsError with a line
    """One value is wrong.

    Attributes:
        key: Which one.
    """

    def __init__(self, key: Key, message: str) -> None:
        super().__init__(message)
        self.key = key


def check_known(values: Mapping[str, Any], known: Iterable[str], at: Key, unknown: str = NO_SETTING) -> None:
    """Check that a table has no other keys than these.

    Args:
        values: The table.
        known: Its possible keys.
        at: Where it stands.
        unknown: Says of another ``{name}`` that there is none, with a ``{hint}``.

    Raises:
        InvalidValue: It has one; the message says which one may have been meant.
    """
    names = list(known)
    for key in values:
        if key in names:
            continue
        if at and key in AT_THE_TOP:
            raise InvalidValue(
                (*at, key), say("{key} is inside a table; move it up, before the first line in brackets", key=key)
            )
        raise InvalidValue((*at, key), say(unknown, name=repr(key), hint=hint(key, names)))


def hint(word: str, known: Iterable[str]) -> str:
    """Say which of the known words may have been meant, or else which are known; of many the nearest."""
    names = list(known)
    if near := get_close_matches(word, names, n=1):
        return say("; did you mean {name}?", name=near[0])
    if len(names) <= _MANY:
        return say("; known are {names}", names=listed(names))
    return say("; the nearest are {names}", names=listed(get_close_matches(word, names, n=3, cutoff=0.0)))


def quoted(words: Iterable[str]) -> str:
    """List words as they are to be written."""
    return listed(f'"{word}"' for word in words)
