"""What translators have written: whole, fitting the English, and speaking as the rest does."""

import importlib.util
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from trayapp.core.language import Language
from trayapp.languages import LOCALES

TRANSLATIONS = sorted(set(Language) - {Language.ENGLISH}, key=lambda each: each.value)

SAME_EVERYWHERE = {"ARN", "Id", "Telnet", "trayapp", "↑", "↓"}
"""Texts that are the same in every language, beside those made of nothing but names and marks."""


def _messages_script() -> ModuleType:
    path = Path(__file__).parents[1] / "packaging" / "messages.py"
    spec = importlib.util.spec_from_file_location("messages_script", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _catalog(language: Language) -> Catalog:
    with (LOCALES / language.value / "LC_MESSAGES" / "trayapp.po").open("rb") as file:
        return read_po(file, locale=language.value)


def _pairs(language: Language) -> Iterator[tuple[str, str]]:
    """Give every English text with what is said for it; of those that count, the text for many."""
    for message in _catalog(language):
        if message.id:
            yield _last(message.id), _last(message.string)


def _last(text: object) -> str:
    return str(text[-1] if isinstance(text, tuple | list) else text)


def _fields(text: str) -> set[str]:
    return {f"{field}:{form}" if form else field for _, field, form, _ in Formatter().parse(text) if field}


def _prose(text: str) -> str:
    """Leave out what is the same in every language: placeholders, codes, commands, names of files and of AWS."""
    return re.sub(r"\{[^}]*\}|https?://\S+|\b[A-Z][A-Za-z0-9]*(?:[A-Z][a-z0-9]*)+\b|\W|\d", " ", text).strip()


def test_every_text_of_the_program_is_translated_and_what_is_compiled_is_what_is_written() -> None:
    assert _messages_script().run(check=True) == 0


def test_the_check_finds_a_text_that_is_not_translated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = _messages_script()
    known = list(script.texts())
    monkeypatch.setattr(script, "texts", lambda: [*known, ("Never said before", "somewhere")])

    assert script.run(check=True) == 1
    assert "not translated: Never said before" in capsys.readouterr().err


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_has_the_placeholders_of_its_text(language: Language) -> None:
    wrong = [english for english, said in _pairs(language) if _braced(english) != _braced(said)]

    assert wrong == []


def _braced(text: str) -> set[str] | str:
    """Give the placeholders of a text, or say that it is no pattern."""
    try:
        return _fields(text)
    except ValueError:
        return "no pattern"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_ends_as_its_text_does(language: Language) -> None:
    """Sentences are strung together where they are said; a full stop too many or too few would show."""
    ends: dict[str, str | tuple[str, ...]] = {".": "。", ":": (":", "："), "?": ("?", "？"), "…": "…"}
    wrong = [
        (english, said)
        for english, said in _pairs(language)
        if not _is_command(english)
        and any(english.endswith(end) is not said.endswith(theirs) for end, theirs in ends.items())
    ]

    assert wrong == []


def _is_command(text: str) -> bool:
    return bool(re.search(r": trayapp [a-z]+\S*\.?$", text))


def test_japanese_is_written_in_japanese() -> None:
    def japanese(text: str) -> bool:
        return any(unicodedata.name(char, "").startswith(("CJK", "HIRAGANA", "KATAKANA")) for char in text)

    wrong = [
        english
        for english, said in _pairs(Language.JAPANESE)
        if _prose(english) and english not in SAME_EVERYWHERE and not japanese(said)
    ]

    assert wrong == []


def test_japanese_does_not_shout_and_quotes_in_its_own_way() -> None:
    wrong = [said for _, said in _pairs(Language.JAPANESE) if re.search(r"[!！“”]", re.sub(r"\{[^}]*\}", "", said))]

    assert wrong == []


def test_the_same_text_is_there_once() -> None:
    ids: list[object] = [message.id for message in _catalog(Language.JAPANESE) if isinstance(message, Message)]

    assert len(ids) == len(set(ids))
