"""Reading the settings file, with errors that name the line."""

import io
import re
import tomllib
from pathlib import Path

from trayapp.core.language import say
from trayapp.settings.model import Settings, check
from trayapp.settings.problems import InvalidValue, Key, SettingsError

_HEADER = re.compile(r"\s*(?:\[(?P<name>[^\[\]]+)\]|\[\[(?P<listed>[^\[\]]+)\]\])\s*(?:#.*)?$")
LISTED = "[]"
"""Ends the path of a table that belongs to a list."""
_KEY = re.compile(r"\s*(?P<key>[\w.\"'-]+)\s*=")
_KEY_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s\"']+")


def load(path: Path) -> Settings:
    """Read and check the settings; a file that is not there says nothing.

    Raises:
        SettingsError: It cannot be read, or says something wrong.
    """
    return read(path)[0]


def read(path: Path) -> tuple[Settings, str]:
    """Read and check the settings, and give the file's text as well.

    Raises:
        SettingsError: It cannot be read, or says something wrong.
    """
    try:
        text = text_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            say("{path}: {error}. Make it readable UTF-8 text, or move it away.", path=path, error=error)
        ) from None
    try:
        return check(tomllib.loads(text)), text
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(say("{path}: this is not TOML: {error}. Mend that line.", path=path, error=error)) from None
    except InvalidValue as error:
        line = line_of(text, error.key)
        where = say("{path}, line {line}", path=path, line=line) if line else f"{path}"
        raise SettingsError(say("{where}: {problem}.", where=where, problem=error)) from None


def text_of(path: Path) -> str:
    """Give the file's text, its line ends as they are; a file that is not there has none.

    Raises:
        OSError: It cannot be read.
        UnicodeDecodeError: It is not UTF-8.
    """
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""


def lines_of(text: str) -> list[str]:
    """Give the lines of a text with their ends, as TOML has them: ``str.splitlines`` would part some values."""
    return io.StringIO(text, newline="\n").readlines()


def header_of(line: str) -> tuple[str, ...] | None:
    """Give the table that a line begins, as a path from the top; ``None`` for any other line.

    The path of a table that belongs to a list, ``[[mute]]``, ends in ``[]``.
    """
    header = _HEADER.match(line)
    if header is None:
        return None
    return _path(header["name"]) if header["name"] else (*_path(header["listed"]), LISTED)


def line_of(text: str, key: Key) -> int | None:
    """Find the line (from 1) that sets ``key``, or that of the nearest table around it; ``None`` if neither is seen.

    The parser gives no positions for values, so this reads the usual ways of writing: headers and bare keys.
    """
    table: Key = ()
    last_of: dict[Key, int] = {}
    found: dict[Key, int] = {}
    for number, line in enumerate(lines_of(text), 1):
        if header := header_of(line):
            table = _placed(header, last_of)
            found.setdefault(table, number)
            found.setdefault(tuple(part for part in table if isinstance(part, str)), number)
        elif assignment := _KEY.match(line):
            found.setdefault((*table, *_path(assignment["key"])), number)
    return next((found[key[:length]] for length in range(len(key), 0, -1) if key[:length] in found), None)


def _placed(header: tuple[str, ...], last_of: dict[Key, int]) -> Key:
    """Put the places in lists into a header's path; ``last_of`` knows the last place of each list so far."""
    path: Key = ()
    for part in header:
        if part == LISTED:
            last_of[path] = last_of.get(path, -1) + 1
            return (*path, last_of[path])
        if path in last_of:
            path = (*path, last_of[path])
        path = (*path, part)
    return path


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(dotted))
