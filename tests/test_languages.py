"""The owner's choice rules, else the desktop speaks; and without a translation, English."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from trayapp import languages
from trayapp.core.language import Language, say, spoken

REVIEWED = "Nothing to review"


@pytest.fixture(autouse=True)
def _english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    languages.use("en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.ENGLISH),
        ({"LANG": "ja_JP.UTF-8"}, Language.JAPANESE),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, Language.ENGLISH),
        ({"LANG": "de_DE.UTF-8"}, Language.ENGLISH),
        ({"LANG": "en_GB", "LANGUAGE": "fr:ja:en"}, Language.JAPANESE),
        ({"LC_MESSAGES": "ja", "LANG": ""}, Language.JAPANESE),
    ],
)
def test_the_desktop_is_asked_in_the_order_in_which_gettext_asks(
    environment: dict[str, str], language: Language
) -> None:
    assert languages.of_the_desktop(environment) is language


def test_what_the_settings_say_rules_and_taking_it_back_lets_the_desktop_speak_again() -> None:
    languages.use("ja")
    assert (spoken(), say(REVIEWED)) == (Language.JAPANESE, "確認待ちはありません")
    assert os.environ["LANGUAGE"] == "ja"  # by this the command line's library speaks it as well
    languages.use("auto")
    assert (spoken(), say(REVIEWED)) == (Language.ENGLISH, REVIEWED)
    assert "LANGUAGE" not in os.environ


@pytest.mark.parametrize("text", ["language = 3", "language = ", 'language = "tlh"', ""])
def test_settings_that_are_wrong_leave_the_choice_to_the_desktop(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    languages.speak_as_chosen(file)
    assert spoken() is Language.ENGLISH


def test_a_language_whose_translation_is_missing_is_spoken_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "LOCALES", tmp_path)
    languages.use("ja")
    assert say(REVIEWED) == REVIEWED
