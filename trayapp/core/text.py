"""Text that others chose: names, ids and tags out of AWS.

Whoever holds the account chooses these, so they are data that must not bend the sentence around them: no control
or direction marks, no line breaks, no quotation marks of ours, no endless length.
"""

import re
import unicodedata

from trayapp.core.language import say

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# Cc control, Cf format (bidi marks, zero-width), Cs surrogate, Co private use, Cn unassigned, Zl/Zp line separators.
# https://www.unicode.org/reports/tr44/#General_Category_Values
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FULL_STOPS = ".。"
_END_OF_SENTENCE = re.compile(r"\. |。")
_PAUSE = re.compile(r"[:;,] |、")
_OUR_QUOTES = str.maketrans({"“": "'", "”": "'", "„": "'", "‟": "'", "「": "'", "」": "'"})


def clean(text: str) -> str:
    """Replace every character that could hide, reorder or break the text by U+FFFD."""
    return "".join(REPLACEMENT if unicodedata.category(char) in _UNSAFE else char for char in text)


def shorten(text: str, limit: int) -> str:
    """Cut the middle out of ``text`` so that at most ``limit`` characters remain, both ends readable."""
    if len(text) <= limit:
        return text
    head = (limit - 1 + 1) // 2
    tail = limit - 1 - head
    return text[:head] + ELLIPSIS + (text[-tail:] if tail else "")


def name(text: str, limit: int = 40) -> str:
    """Give a chosen name as it may stand inside a sentence, without quotation marks."""
    return shorten(clean(text).strip(), limit).translate(_OUR_QUOTES)


def quoted(text: str, limit: int = 40) -> str:
    """Give a chosen name in quotation marks that it cannot close itself."""
    return say("“{name}”", name=name(text, limit))


def width(text: str) -> int:
    """Count the columns that a text takes: two for each wide character, as most of Japanese is.

    As https://www.unicode.org/reports/tr11/ has it, and without what only wcwidth knows of emoji: these are our own
    sentences.
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def parted(title: str, columns: int) -> tuple[str, str]:
    """Part a title that is too wide for its line at one of its own pauses, never inside quotation marks.

    Args:
        title: The title.
        columns: How wide it may be.

    Returns:
        As much as fits, at least up to the first pause, and the rest; all and nothing where it fits whole, or has no
        pause.
    """
    if width(title) <= columns:
        return title, ""
    pauses = [pause for pause in _PAUSE.finditer(title) if not _quoting(title[: pause.start()])]
    if not pauses:
        return title, ""
    fitting = [pause for pause in pauses if width(title[: pause.start()]) <= columns]
    pause = fitting[-1] if fitting else pauses[0]
    return title[: pause.start()], title[pause.end() :]


def _quoting(head: str) -> bool:
    return sum(head.count(mark) for mark in "“「") > sum(head.count(mark) for mark in "”」")


def clause(sentence: str) -> str:
    """Give one of our own sentences without its full stop, as it stands beside others on one line."""
    return sentence.rstrip(_FULL_STOPS)


def first_sentence(text: str) -> str:
    """Give the first of our own sentences without its full stop."""
    return clause(_END_OF_SENTENCE.split(text, maxsplit=1)[0])


def grouped_account(account_id: str) -> str:
    """Group the twelve digits of an account number, ``2109-8765-4321``, as the console does."""
    safe = name(account_id, 16)
    if len(safe) == 12 and safe.isdigit():  # noqa: PLR2004 - an account number has twelve digits
        return f"{safe[:4]}-{safe[4:8]}-{safe[8:]}"
    return safe
