r"""The ``.desktop`` files of the freedesktop.org systems, as far as a start of a program needs them.

https://specifications.freedesktop.org/desktop-entry-spec/latest/: values escape a line end, a tab and a backslash; on
top of that, ``Exec`` has quoting rules of its own, and ``%`` begins a field code.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from trayapp.core.language import say

GROUP = "Desktop Entry"

_SPACE = " \t\r"
_ESCAPES = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
_PLAIN = re.compile(r"[A-Za-z0-9_./:=@+,-]+")
_QUOTED = re.compile(r'(["`$\\])')
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"(?=\s|$)|([^\s"]+)(?=\s|$)')
_FIELD_CODE = re.compile("%(.)")


def parse(text: str) -> dict[str, str]:
    """Read the entries of a file's main group, unescaped; localised ones keep their language in the key.

    What is not a group, an entry, a comment or an empty line is passed over, as desktops do.
    """
    found: dict[str, str] = {}
    group = ""
    for line in text.split("\n"):
        if line.startswith("[") and line.rstrip().endswith("]"):
            group = line.strip()[1:-1]
            continue
        key, is_entry, value = line.partition("=")
        if group == GROUP and is_entry and not line.startswith("#"):
            found[key.strip()] = re.sub(r"\\(.)", lambda each: _ESCAPES.get(each[1], each[0]), value.strip(_SPACE))
    return found


def write(entries: Mapping[str, str]) -> str:
    """Give the text of a file with these entries, given unescaped."""
    return "\n".join((f"[{GROUP}]", *(f"{key}={_escape(value)}" for key, value in entries.items()), ""))


def join_exec(command: Sequence[str]) -> str:
    """Write a command as the value of ``Exec``, before the escaping of values."""
    return " ".join(_quote(word.replace("%", "%%")) for word in command)


def split_exec(value: str) -> tuple[str, ...]:
    """Read the value of ``Exec`` as a command, its field codes left out.

    Raises:
        ValueError: It is no command.
    """
    return tuple(_words(value))


def _words(value: str) -> Iterator[str]:
    place, end = 0, len(value.rstrip())
    while place < end:
        if value[place].isspace():
            place += 1
            continue
        found = _WORD.match(value, place)
        if found is None:
            raise ValueError(say("a quotation mark is where none can be"))
        quoted, bare = found.groups()
        word = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else bare
        expanded = _FIELD_CODE.sub(lambda code: "%" if code[1] == "%" else "", word)
        if expanded or not word:
            yield expanded
        place = found.end()


def _quote(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else '"{}"'.format(_QUOTED.sub(r"\\\1", word))


def _escape(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    # Spaces at the ends would be taken for the file's own.
    inner = escaped.strip(" ")
    before, _, after = escaped.partition(inner) if inner else (escaped, "", "")
    return before.replace(" ", r"\s") + inner + after.replace(" ", r"\s")
