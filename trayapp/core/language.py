"""The language of everything a person reads: each text is written in English where it is used, and said through here.

The texts of the catalogues of signals, causes and steps are plain values, translated in the moment they are said, so
that a change of the language changes what is on screen. Which language it is, ``trayapp.languages`` decides.
"""

from collections.abc import Iterable
from enum import Enum
from gettext import NullTranslations


class Language(Enum):
    """The languages there are, by their codes (ISO 639-1)."""

    ENGLISH = "en"
    JAPANESE = "ja"


class _Spoken:
    """What is spoken in this process."""

    language = Language.ENGLISH
    texts = NullTranslations()


def speak(language: Language, texts: NullTranslations) -> None:
    """Say everything in a language from now on.

    Args:
        language: The language.
        texts: Its texts by the English ones.
    """
    _Spoken.language, _Spoken.texts = language, texts


def spoken() -> Language:
    """Give the language that is spoken."""
    return _Spoken.language


def mark(text: str) -> str:
    """Mark an English text that stands in a table and is said later, so that translators get to see it."""
    return text


def say(text: str, /, **parts: object) -> str:
    """Say a text.

    Args:
        text: In English, with a name in braces for each part; without parts braces mean nothing.
        parts: What stands in the names' places; it is not looked into for braces of its own.
    """
    said = _Spoken.texts.gettext(text) if text else ""
    return said.format(**parts) if parts else said


def say_count(one: str, many: str, number: int, /, **parts: object) -> str:
    """Say a text that counts something.

    Args:
        one: In English, for exactly one.
        many: For any other number; ``{count}`` stands for the number, its thousands grouped.
        number: How many.
        parts: What stands in the places of other names.
    """
    return _Spoken.texts.ngettext(one, many, number).format(count=f"{number:,}", **parts)


def listed(parts: Iterable[str]) -> str:
    """Put parts of a list one behind the other."""
    return say(", ").join(parts)


def say_reason(reason: str) -> str:
    """Say a stored reason: a marked clause, and what may follow it in parentheses, which stays as it is."""
    clause, between, detail = reason.partition(" (")
    return f"{say(clause)}{between}{detail}"
