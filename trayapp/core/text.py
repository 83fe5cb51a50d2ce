"""Text that others chose: names, ids and tags out of AWS.

Whoever holds the account chooses these, so they are data that must not bend the sentence around them: no control
or direction marks, no line breaks, no quotation marks of ours, no endless length.
"""

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# Cc control, Cf format (bidi marks, zero-width), Cs surrogate, Co private use, Cn unassigned, Zl/Zp line separators.
# https://www.unicode.org/reports/tr44/#General_Category_Values
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
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
    return f"“{name(text, limit)}”"


def grouped_account(account_id: str) -> str:
    """Group the twelve digits of an account number, ``2109-8765-4321``, as the console does."""
    safe = name(account_id, 16)
    if len(safe) == 12 and safe.isdigit():  # noqa: PLR2004 - an account number has twelve digits
        return f"{safe[:4]}-{safe[4:8]}-{safe[8:]}"
    return safe
