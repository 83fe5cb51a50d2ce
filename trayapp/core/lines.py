"""Breaking a text into lines, also one of a language that writes no spaces between words."""

import re
from collections.abc import Callable

# What may not end a line, and what may not begin one: https://www.w3.org/TR/jlreq/#line_breaking_rules
_OPENING = r"(\[“「『（【"
_CLOSING = r")\]”、。，．」』）】〉》・：；！？…ーっッゃゅょャュョァィゥェォぁぃぅぇぉ々,.:;!?"
_WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_UNIT = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}]|[^\s{_WIDE}{_OPENING}]+)?[{_CLOSING}]*[^\S\n]*")
"""What is never broken: a wide character or a word of narrow ones, with the marks that belong to it."""


def lines_of(paragraph: str, room: int, measure: Callable[[str], int]) -> list[str]:
    """Break a paragraph into lines; a word that is longer than a line stays whole.

    Args:
        paragraph: A text in one line.
        room: How much a line may take, in whatever ``measure`` counts.
        measure: Gives how much a text takes: pixels, columns.

    Returns:
        The lines, at least one, without spaces at their ends.
    """
    lines, line, taken = [], "", 0
    for unit in _UNIT.findall(paragraph):
        if line and taken + measure(unit.rstrip()) > room:
            lines.append(line.rstrip())
            line, taken = "", 0
        line, taken = line + unit, taken + measure(unit)
    return [*lines, line.rstrip()]
