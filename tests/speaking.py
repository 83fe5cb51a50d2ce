"""A language that shows what is said through it: each text stands between ⟦ and ⟧, and what escapes does not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from trayapp import languages
from trayapp.core.language import Language, speak


class Marked(NullTranslations):
    """Says every text as it is, between marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class MarkedApart(NullTranslations):
    """Says every text as it is, with marks that leave out what stands in the places of its names."""

    def gettext(self, message: str) -> str:
        return "".join(each if each.startswith("{") else f"⟦{each}⟧" for each in re.split(r"(\{[^}]*\})", message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def marked(*, apart: bool = False) -> Iterator[None]:
    """Speak the marked language for a block.

    Args:
        apart: Leave out of the marks what stands in the places of names, so that nothing escapes inside either.
    """
    speak(Language.ENGLISH, MarkedApart() if apart else Marked())
    try:
        yield
    finally:
        speak(Language.ENGLISH, NullTranslations())


@contextmanager
def japanese() -> Iterator[None]:
    """Speak Japanese for a block."""
    languages.use(Language.JAPANESE.value)
    try:
        yield
    finally:
        languages.use(Language.ENGLISH.value)


def escaped(text: str, *data: object) -> list[str]:
    """Give the words that were not said through the language, and are none of the data either.

    Args:
        text: What is shown, in the marked language.
        data: What it is about; the words of its ``repr`` are nobody's to translate.
    """
    outside, depth = [], 0
    for char in text:
        depth += {"⟦": 1, "⟧": -1}.get(char, 0)
        outside.append(" " if depth or char == "⟧" else char)
    known = {word.casefold() for each in data for word in re.findall(r"[^\W\d_]{2,}", repr(each))}
    return [word for word in re.findall(r"[^\W\d_]{2,}", "".join(outside)) if word.casefold() not in known]
