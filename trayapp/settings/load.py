"""Reading the settings file, with errors that name the line."""

import re
import tomllib
from pathlib import Path

from trayapp.settings.model import InvalidValue, Settings, SettingsError, check

_HEADER = re.compile(r"\s*\[(?P<name>[^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"\s*(?P<key>[\w.\"'-]+)\s*=")
_KEY_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^.\s\"']+")


def load(path: Path) -> Settings:
    """Read and check the settings; a file that is not there says nothing.

    Raises:
        SettingsError: It cannot be read, or says something wrong.
    """
    try:
        text = text_of(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}. Make it readable UTF-8 text, or move it away.") from None
    try:
        return check(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: this is not TOML: {error}. Mend that line.") from None
    except InvalidValue as error:
        line = line_of(text, error.key)
        where = f"{path}, line {line}" if line else f"{path}"
        raise SettingsError(f"{where}: {error}.") from None


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


def header_of(line: str) -> tuple[str, ...] | None:
    """Give the table that a line begins, as a path from the top; ``None`` for any other line."""
    header = _HEADER.match(line)
    return _path(header["name"]) if header else None


def line_of(text: str, key: tuple[str, ...]) -> int | None:
    """Find the line (from 1) that sets ``key``, or that of the nearest table around it; ``None`` if neither is seen.

    The parser gives no positions for values, so this reads the usual ways of writing: headers and bare keys.
    """
    table: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := header_of(line):
            table = header
            found.setdefault(table, number)
        elif assignment := _KEY.match(line):
            found.setdefault((*table, *_path(assignment["key"])), number)
    return next((found[key[:length]] for length in range(len(key), 0, -1) if key[:length] in found), None)


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _KEY_PART.findall(dotted))
