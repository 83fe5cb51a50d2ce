"""The letters of the keyboard on the controls."""

import sys

import pytest

from trayapp.review import keys

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="macOS underlines no letters")


@pytest.mark.parametrize(
    ("text", "said", "letter"),
    [
        ("That was me", "That was me", "m"),
        ("自分の操作です", "自分の操作です (M)", "M"),
        ("後で…", "後で (M)…", "M"),
        ("MFA を設定", "MFA を設定", "M"),
    ],
)
def test_the_letter_is_underlined_in_the_text_or_else_behind_it(text: str, said: str, letter: str) -> None:
    shown = keys.labelled(text, keys.MINE)
    assert shown["text"] == said
    assert said[shown["underline"]] == letter


def test_what_is_no_letter_with_alt_is_not_shown() -> None:
    assert keys.labelled("Undo", keys.UNDO) == {"text": "Undo", "underline": -1}
    assert keys.labelled("元に戻す", keys.UNDO) == {"text": "元に戻す", "underline": -1}
