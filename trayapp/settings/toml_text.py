"""Changing a TOML text where it stands: what is not meant keeps its every character. No file, no meaning.

There are ways of writing TOML that no editing library leaves whole (keys with dots over several lines), and comments
that it counts to the wrong table. So a change is made in the smallest part of the text that holds it, and whoever
changes a text reads the outcome to see whether it says what was meant.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import tomlkit

from trayapp.settings.load import LISTED, header_of, lines_of

Value = str | bool | int | date | Sequence[str]
"""What one setting may hold."""


def with_values(text: str, table: tuple[str, ...], values: Mapping[str, Value | None]) -> str:
    """Set values of one table; the table is made where there is none.

    Args:
        text: The whole text.
        table: The table's path, empty for what stands above all tables.
        values: What its keys shall hold; ``None`` takes a key out. A value that stands there already keeps its way of
            writing.
    """
    return _in_lines_of_unix(text, lambda plain: _with_values(plain, table, values))


def without(text: str, path: tuple[str, ...]) -> str:
    """Take out a table with all that it says; the comments above and below it stay."""

    def change(plain: str) -> str:
        before, own, after = _parted(plain, path)
        if own:
            return before + after
        document = tomlkit.parse(plain)
        inner: Any = document
        for part in path[:-1]:
            inner = inner.get(part, {})
        inner.pop(path[-1], None)
        return tomlkit.dumps(document)

    return _in_lines_of_unix(text, change)


def with_entry(text: str, name: str, values: Mapping[str, Value]) -> str:
    """Add a table to the end of a list of tables, ``[[name]]``, behind the last one or else at the end of the text."""

    def change(plain: str) -> str:
        parts = _entries(plain, name)
        document = tomlkit.parse(plain)
        if not parts and name in document:
            inline = tomlkit.inline_table()
            inline.update(values)
            document[name].append(inline)
            return tomlkit.dumps(document)
        lines = lines_of(plain)
        place = parts[-1][1] if parts else len(lines)
        before, after = "".join(lines[:place]), "".join(lines[place:])
        gap = ("" if not before or before.endswith("\n") else "\n") + ("\n" if before.strip() else "")
        table = tomlkit.table()
        table.update(values)
        return f"{before}{gap}[[{name}]]\n{table.as_string()}{after}"

    return _in_lines_of_unix(text, change)


def without_entry(text: str, name: str, place: int) -> str:
    """Take a table out of a list of tables; the comments above and below it stay.

    Args:
        text: The whole text.
        name: The list's name.
        place: Which of its tables, from 0.
    """

    def change(plain: str) -> str:
        parts = _entries(plain, name)
        if not parts:
            document = tomlkit.parse(plain)
            del document[name][place]
            return tomlkit.dumps(document)
        lines = lines_of(plain)
        start, end = parts[place]
        if start and not lines[start - 1].strip() and (end == len(lines) or not lines[end].strip()):
            start -= 1  # of the two empty lines around it one stays
        return "".join(lines[:start] + lines[end:])

    return _in_lines_of_unix(text, change)


def _with_values(text: str, path: tuple[str, ...], values: Mapping[str, Value | None]) -> str:
    before, own, after = _parted(text, path) if path else _top(text)
    # With a table of its own nothing else needs to be understood; without one it may be written in another way.
    document = tomlkit.parse(before + own)
    table: Any = document
    for depth, part in enumerate(path):
        table = table.setdefault(part, tomlkit.table(is_super_table=depth < len(path) - 1))
    for key, value in values.items():
        wanted = list(value) if isinstance(value, tuple) else value
        if wanted is None:
            table.pop(key, None)
        elif key not in table or table[key] != wanted:
            table[key] = wanted
    changed = tomlkit.dumps(document)
    if not path and after.lstrip(" \t") and changed:
        changed = changed.rstrip("\n") + "\n"
        if not before + own and not after.startswith("\n"):
            changed += "\n"
    return changed + after


def _top(text: str) -> tuple[str, str, str]:
    """Part the text behind what stands above all tables; comments that touch the first table belong to that."""
    lines = lines_of(text)
    end = next((number for number, line in enumerate(lines) if header_of(line)), len(lines))
    if end < len(lines):
        while end and lines[end - 1].lstrip().startswith("#"):
            end -= 1
        while end and not lines[end - 1].strip():
            end -= 1
    return "", "".join(lines[:end]), "".join(lines[end:])


def _parted(text: str, path: tuple[str, ...]) -> tuple[str, str, str]:
    """Part the text into what stands before a table, the table's own lines, and what stands after.

    Where no line begins the table, all of the text stands before it.
    """
    lines = lines_of(text)
    start, end = next(iter(_tables(lines, path)), (len(lines), len(lines)))
    return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])


def _entries(text: str, name: str) -> list[tuple[int, int]]:
    return _tables(lines_of(text), (name, LISTED))


def _tables(lines: Sequence[str], path: tuple[str, ...]) -> list[tuple[int, int]]:
    """Give the first and the last line but one of each table of that path.

    Comments below the last setting speak of what comes next, so they do not belong to it; tomlkit would count them in.
    """
    headers = [number for number, line in enumerate(lines) if header_of(line)]
    found = []
    for start, end in pairwise([*headers, len(lines)]):
        if header_of(lines[start]) == path:
            last = end
            while last > start and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
                last -= 1
            found.append((start, last))
    return found


def _in_lines_of_unix(text: str, change: Callable[[str], str]) -> str:
    """Change a text with the line ends of Windows as one with those of Unix, and give it its own back."""
    windows = "\r\n" in text and text.count("\r\n") == text.count("\n")
    if not windows:
        return change(text)
    return change(text.replace("\r\n", "\n")).replace("\n", "\r\n")
