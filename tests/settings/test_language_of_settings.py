"""Nothing that is said of the settings escapes translation."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from settings.mistakes import IN_GENERAL, IN_RULES, QUEUE
from settings.test_editing import WHOLE
from speaking import escaped, japanese, marked
from trayapp.core.policy import Mute
from trayapp.core.severity import Severity
from trayapp.core.signals import CATALOGUE, Signal, types
from trayapp.core.wording import Words
from trayapp.review.settings_fields import BROWSER
from trayapp.review.settings_rules import sentence
from trayapp.review.settings_texts import OWN_NAMES, SettingsTexts
from trayapp.settings import Account, InvalidValue, Paths, Settings, SettingsError, load
from trayapp.settings.accounts import ACCOUNT_KEYS
from trayapp.settings.edit import add_mute, remove_account, write_account, write_values
from trayapp.settings.model import LANGUAGES, TOP_KEYS, check
from trayapp.settings.rules import DAYS

KEYS = (TOP_KEYS, ACCOUNT_KEYS, "stack actor tag signal account until forever reason from to days")
CODES = (LANGUAGES, DAYS, [each.word for each in Severity], [each.id for each in CATALOGUE], vars(types).values())
THEIRS = "arn:aws:sns:eu-central-1:123456789012:config, Port out of range, Invalid IPv6 URL, us-east-1"
"""What other libraries say, and the Region of the queue that is in another one."""


@pytest.mark.parametrize("text", [text for text, _ in (*IN_GENERAL, *IN_RULES)])
def test_nothing_that_is_said_of_a_wrong_value_escapes_translation(text: str) -> None:
    with marked(apart=True), pytest.raises(InvalidValue) as caught:
        check(tomllib.loads(text))

    assert "⟦" in str(caught.value)
    assert escaped(str(caught.value), text.split(), KEYS, CODES, THEIRS) == []


@pytest.mark.parametrize(
    ("content", "theirs"),
    [
        (b"a = ", "Invalid value (at end of document)"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b'language = "xx"', "xx auto en ja"),
    ],
)
def test_nothing_that_is_said_of_a_file_escapes_but_what_others_say(
    tmp_path: Path, content: bytes, theirs: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with marked(apart=True), pytest.raises(SettingsError) as caught:
        load(path)

    assert escaped(str(caught.value), path, theirs) == []


def test_nothing_that_is_said_of_a_change_that_cannot_be_made_escapes_translation(tmp_path: Path) -> None:
    path, below = tmp_path / "settings.toml", tmp_path / "settings.toml" / "deeper"
    tricky = WHOLE.replace("'Home'", "'''\n[accounts.work]\n[accounts.home]\n'''")
    path.write_text(tricky)
    account = Account("work", "eu-central-1", QUEUE)
    changes: list[Callable[[], None]] = [
        lambda: write_account(path, replace(account, region="nowhere")),
        lambda: remove_account(path, "work"),
        lambda: write_account(below, account),
        lambda: write_values(path, {("history_days",): 3}),
        lambda: add_mute(path, Mute(signal="watch-path", until=date(2026, 12, 31))),
    ]
    said = []
    with marked(apart=True):
        for change in changes:
            with pytest.raises((SettingsError, InvalidValue)) as caught:
                change()
            said.append(str(caught.value))

    theirs = ("Errno Not a directory", "nowhere login")
    assert [word for each in said for word in escaped(each, below, KEYS, CODES, theirs)] == []


def test_every_text_of_the_page_is_said_when_it_is_read() -> None:
    plain = [each for name, each in vars(SettingsTexts).items() if name.isupper() and isinstance(each, str)]
    with marked():
        said = [getattr(SettingsTexts, name) for name in vars(SettingsTexts) if name.isupper()]

    assert plain == []
    texts = [text for each in said for text in (each.values() if isinstance(each, dict) else [each])]
    assert all(text.startswith("⟦") for text in texts)
    assert len(texts) == len(list(SettingsTexts.every()))
    assert any(isinstance(each, Words) for each in vars(SettingsTexts).values())


def test_a_language_is_called_as_those_who_speak_it_call_it() -> None:
    assert set(OWN_NAMES) | {"auto"} == set(LANGUAGES)


@pytest.mark.parametrize("signal", CATALOGUE, ids=lambda each: each.id)
def test_a_signal_on_the_page_is_said_in_the_language(signal: Signal) -> None:
    with marked():
        assert sentence(signal).startswith("⟦")


def test_an_open_quotation_mark_is_said_in_the_language() -> None:
    with marked(), pytest.raises(InvalidValue, match=r"^⟦"):
        BROWSER.value('"firefox')


def test_without_a_mistake_nothing_is_said() -> None:
    with japanese():
        assert check({}) == Settings()
    assert Paths.inside(Path("a")).settings == Path("a/settings.toml")
